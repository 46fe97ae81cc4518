"""The made part of ``docs/cli.md``: every command with its arguments, options and examples."""

from __future__ import annotations

from collections.abc import Iterator

import click

from graph_service.cli.command import Command, Group, Option, Texts
from graph_service.cli.main import ENTRIES, PROGRAM, cli


def commands() -> Iterator[tuple[str, Command | Group]]:
    """Every command and sub-command by its full name, in the overview's order."""
    ctx = click.Context(cli, info_name=PROGRAM)
    for name in ENTRIES:
        found = cli.get_command(ctx, name)
        assert isinstance(found, Command | Group), name
        yield name, found
        if isinstance(found, Group):
            for inner, below in found.commands.items():
                assert isinstance(below, Command), inner
                yield f"{name} {inner}", below


def cli_page() -> str:
    """The reference of all commands."""
    return "\n\n".join(_section(name, found) for name, found in commands())


def _section(name: str, found: Command | Group) -> str:
    texts: Texts = found.texts
    parts = [f"### `{name}`", f"{texts.zh}\n{texts.en}", f"```\n{_usage(name, found)}\n```"]
    rows = [_option(p) for p in found.params if isinstance(p, Option)]
    if rows:
        parts.append("\n".join(["| option | meaning | 含义 |", "| --- | --- | --- |", *rows]))
    if found.examples:
        parts.append("```\n" + "\n".join(found.examples) + "\n```")
    return "\n\n".join(parts)


def _usage(name: str, found: Command | Group) -> str:
    arguments = [p for p in found.params if isinstance(p, click.Argument)]
    words = [p.metavar or (p.name or "").upper() for p in arguments]
    more = ["COMMAND"] if isinstance(found, Group) else []
    return " ".join([PROGRAM, name, *words, *more, "[OPTIONS]"])


def _option(option: Option) -> str:
    names = ", ".join(f"`{name}`" for name in option.opts)
    return f"| {names} | {_cell(option.texts.en)} | {_cell(option.texts.zh)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
