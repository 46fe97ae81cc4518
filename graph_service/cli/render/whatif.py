"""Flags as if ties were absent, for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.chains import print_steps
from graph_service.cli.render.flags import print_flag, print_flags
from graph_service.cli.render.screen import heading, line, screen
from graph_service.cli.render.words import Wire, either

_METHODS = {
    "smallest": ("最小的一组，没有更少的", "the smallest set: no fewer will do"),
    "inclusion_minimal": (
        "缺一不可的一组，未证明最少",
        "no tie of it can be spared; not proved to be the fewest",
    ),
}


def print_whatif(answer: Wire, lang: str) -> None:
    """The flags, then what was left out and what that changes, then the ties that matter."""
    print_flags(answer, lang)
    console = screen()
    if "without" in answer:
        heading(console, either(("假设不存在的关系", "As if absent"), lang))
        print_steps(console, answer["without"], lang, 2)
        _flags(console, answer["cleared"], ("因此消失的标记", "Flags that are gone"), lang)
        _flags(console, answer["appeared"], ("因此出现的标记", "Flags that appear"), lang)
    if "minimal" in answer:
        _minimal(console, answer["minimal"], lang)


def _flags(console: Console, flags: Sequence[Wire], title: tuple[str, str], lang: str) -> None:
    if flags:
        heading(console, either(title, lang))
    for flag in flags:
        print_flag(console, flag, lang)


def _minimal(console: Console, minimal: Wire, lang: str) -> None:
    heading(console, either(("去掉即消除标记的关系", "Ties whose absence clears the flags"), lang))
    if minimal["ties"]:
        print_steps(console, minimal["ties"], lang, 2)
        count = either((f"共消除 {minimal['clears']} 项", f"clears {minimal['clears']}"), lang)
        line(console, f"{either(_METHODS[minimal['method']], lang)} · {count}", "dim", 2)
    else:
        said = ("没有因他人记录而起的标记。", "No flag of another's making.")
        line(console, either(said, lang), indent=2)
    if minimal["stays"]:
        said = ("其自身的记录与任何关系无关。", "Its own record rests on no tie.")
        line(console, either(said, lang), indent=2)
