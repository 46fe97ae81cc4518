"""verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from graph_service.cli.command import command
from graph_service.cli.render.screen import closing, line, screen
from graph_service.cli.render.words import Wire, clean, either
from graph_service.cli.session import Session
from graph_service.errors import UsageError
from graph_service.web.verifying import block_of_answer
from graph_service.web.verifying import verify as ask_verify

_MOST = 200_000_000  # bytes of a file that is read whole


@command(
    "verify",
    "按报告中的问题重新查询，说明其结论现在是否仍然成立。\n"
    "退出状态：0 仍成立，1 已不成立。可用于报告（xlsx、pdf、docx、html、json）"
    "和 screen --json 的输出。",
    "Ask a report's question again and say whether its answer still stands.\n"
    "Exit status 0 when it does, 1 when it does not. Takes reports (xlsx, pdf, docx, html, json)"
    " and what screen --json printed.",
    "credit-graph verify 排查结果.xlsx",
    "credit-graph verify answer.json --json",
)
@click.argument(
    "report", metavar="REPORT", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.pass_obj
def verify_command(session: Session, report: Path) -> int:
    """Ask the question of a report again."""
    block = _block(report)
    with session.opened() as store:
        answer = ask_verify(store, session.settings(), block)
    session.show(answer, print_verified)
    return 0 if answer["stands"] else 1


def _block(path: Path) -> dict[str, Any]:
    from viz.report.block import read_block

    if path.suffix.lower() == ".json" and path.stat().st_size <= _MOST:
        try:
            found = json.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError):
            raise UsageError(f"{path.name} is no JSON") from None
        if isinstance(found, dict) and "bidders" in found:
            found.pop("export", None)  # what a report puts beside the answer
            return block_of_answer(found)
    return read_block(path)


_SAME = {
    "answer": ("整个答案", "the whole answer"),
    "data": ("数据", "the data"),
    "pack": ("规则集", "the rule pack"),
    "program": ("程序", "the program"),
}


def print_verified(answer: Wire, lang: str) -> None:
    """Whether it stands, what has changed since, and which verdicts differ."""
    console = screen()
    stands = bool(answer["stands"])
    said = ("结论仍然成立。", "The answer still stands.")
    gone = ("结论已不成立：请重新核查。", "The answer no longer stands: look anew.")
    line(console, either(said if stands else gone, lang), "bold green" if stands else "bold red")
    for name, words in _SAME.items():
        same = answer["same"][name]
        is_same = either(("与报告时相同", "as it was") if same else ("有变化", "changed"), lang)
        line(console, f"· {either(words, lang)}: {is_same}", indent=2)
    for change in answer["changes"]:
        line(
            console,
            f"● {change['about']}: {clean(change['was'])} → {clean(change['now'])}",
            indent=2,
        )
    closing(console, answer, lang)
