"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from graph_service.cli.command import option

F = TypeVar("F", bound=Callable[..., Any])

as_of = option(
    "--as-of",
    metavar="D",
    zh="截止日 YYYY-MM-DD（默认今天）",
    en="The day asked for; default today",
)
look_back = option(
    "--look-back",
    metavar="3y",
    zh="回溯期：也看此期间内终止的关系（3y、12m、90d）",
    en="Also ties ended within this span: 3y, 12m, 90d",
)
pack = option(
    "--pack",
    default="default",
    metavar="NAME|FILE",
    zh="规则集：default、linked、control 或文件路径",
    en="Rule pack: default, linked, control, or a file",
)


def _file(flag: str, zh: str, en: str) -> Callable[[F], F]:
    kind = click.Path(path_type=Path, dir_okay=False)
    made: Callable[[F], F] = option(flag, type=kind, metavar="FILE", zh=zh, en=en)
    return made


_html = _file("--html", "另存为离线单文件网页图", "Also write the picture as one offline page")
_out = _file(
    "--out",
    "另存为文件，按扩展名：csv、docx、graphml、html、json、pdf、png、svg、xlsx",
    "Also write a file, by its ending: csv, docx, graphml, html, json, pdf, png, svg, xlsx",
)


def written(function: F) -> F:
    """The options of every question whose answer can be drawn or printed."""
    return _html(_out(function))


def questions(function: F) -> F:
    """The options of every question about ties."""
    return as_of(look_back(function))
