"""The terminal: one console per answer, wide when it is a pipe, and the line about completeness."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from graph_service.cli.render.words import STATUSES, Wire, clean, either, missing_line, word

PIPE_WIDTH = 160


def screen() -> Console:
    """A console on stdout; markup, emoji and highlighting off, because texts are data."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=width)


def line(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print one line as it is, never broken by the console."""
    console.print(Text(" " * indent + text, style=style), soft_wrap=True)


def table(*columns: str) -> Table:
    """A light table with these headings."""
    made = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def row(made: Table, *cells: object, style: str = "") -> None:
    """Add a row of cleaned cells."""
    made.add_row(*(Text(clean(cell)) for cell in cells), style=style)


def heading(console: Console, text: str) -> None:
    """A heading with an empty line before it."""
    console.print()
    line(console, text, "bold")


def closing(console: Console, answer: Wire, lang: str) -> None:
    """As of when, from which data, and how complete the answer is."""
    found = answer.get("completeness") or {}
    status = found.get("status", "complete")
    parts = [
        either((f"截止日 {answer.get('as_of')}", f"as of {answer.get('as_of')}"), lang),
        either(
            (f"数据版本 {answer.get('data_version')}", f"data {answer.get('data_version')}"), lang
        ),
        either(("完整性：", "completeness: "), lang) + word(STATUSES, status, lang),
    ]
    console.print()
    line(console, " · ".join(parts), "dim" if status == "complete" else "bold yellow")
    for missing in found.get("missing") or ():
        line(console, f"· {missing_line(missing, lang)}", "yellow", 2)
