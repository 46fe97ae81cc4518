"""diff."""

from __future__ import annotations

import json
from pathlib import Path

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import pack
from graph_service.cli.files import whole_file
from graph_service.cli.render.diff import print_diff
from graph_service.cli.session import Session
from graph_service.errors import UsageError
from graph_service.web.questions.diff import LIMIT, diff_lines
from graph_service.web.questions.diff import diff as ask_diff


@command(
    "diff",
    "两日之间的变化：记录、关系、股东、控制人、标记，何者出现、终止或改变，因哪一行。",
    "What changed between two days: records, ties, owners, controllers, flags; what appeared, ended"
    " or changed, and because of which row.",
    "credit-graph diff --from 2025-01-01 --to 2026-01-01 91110000MA001ABC0X",
    "credit-graph diff --from 2025-12-31 --to 2026-01-31 --out changes.jsonl",
)
@click.argument("party", metavar="[ID]", required=False)
@option("--from", "start", metavar="D1", required=True, zh="较早的一日", en="The earlier day")
@option("--to", "end", metavar="D2", zh="较晚的一日（默认今天）", en="The later day; default today")
@option(
    "--limit",
    type=click.IntRange(1),
    default=LIMIT,
    zh="最多列出几项（全部计数）",
    en="List at most so many; all are counted",
)
@option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.jsonl",
    zh="全库变化逐行写入文件",
    en="Write the whole population's changes, one a line",
)
@pack
@click.pass_obj
def diff_command(
    session: Session,
    party: str | None,
    start: str,
    end: str | None,
    limit: int,
    out: Path | None,
    pack: str,
) -> None:
    """Compare two days."""
    if out is not None:
        _write(session, party, start, end, out, pack)
        return
    with session.opened() as store:
        answer = ask_diff(store, session.settings(), start, end, party, pack, limit)
    session.show(answer, print_diff)


def _write(
    session: Session, party: str | None, start: str, end: str | None, out: Path, pack: str
) -> None:
    if party is not None or out.suffix != ".jsonl":
        raise UsageError("--out takes FILE.jsonl, and no ID", "For one party redirect --json.")
    count = 0
    with session.opened() as store, whole_file(out) as scratch:  # no mixture of two states is left
        with scratch.open("w", encoding="utf-8") as file:
            for line in diff_lines(store, session.settings(), start, end, pack):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
    session.note(f"已写入 {out}：{count} 项", f"Written to {out}: {count}")
    session.show({"out": str(out), "changes": count}, lambda *_: None)
