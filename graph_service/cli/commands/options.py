"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

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


def questions(function: F) -> F:
    """The options of every question about ties."""
    return as_of(look_back(function))
