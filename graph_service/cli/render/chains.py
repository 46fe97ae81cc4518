"""Evidence paths as chains: 甲 —法定代表人→ 乙 —持股60%→ 丙, and the rows that state each step."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.screen import line
from graph_service.cli.render.words import (
    Wire,
    chain,
    clean,
    either,
    nodes_of,
    source_line,
    span,
    tie,
)

__all__ = ["chain", "nodes_of", "print_proof", "print_steps"]


def print_proof(console: Console, steps: Sequence[Wire], lang: str, indent: int) -> None:
    """Under a chain: its steps with their rows; of a single step the rows alone."""
    if len(steps) == 1 and not steps[0].get("parallel"):
        for source in steps[0].get("sources") or ():
            line(console, source_line(source, lang), "dim", indent)
    else:
        print_steps(console, steps, lang, indent)


def print_steps(console: Console, steps: Sequence[Wire], lang: str, indent: int = 4) -> None:
    """Under a path: each step on a line, under it the rows that state it."""
    for number, step in enumerate(steps, 1):
        period = span(step.get("since"), step.get("until"), lang)
        said = f"{clean(step['from']['name'])} —{tie(step, lang)}→ {clean(step['to']['name'])}"
        line(console, f"{number}. {said}{'  ' + period if period else ''}", indent=indent)
        for source in step.get("sources") or ():
            line(console, source_line(source, lang), "dim", indent + 3)
        for twin in step.get("parallel") or ():
            also = either(("另有 ", "also "), lang) + tie(twin, lang)
            where = "; ".join(source_line(source, lang) for source in twin.get("sources") or ())
            line(console, f"{also}  {where}", "dim", indent + 3)
