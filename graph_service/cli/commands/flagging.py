"""exposure, flags, flag-all."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import pack, questions, written
from graph_service.cli.files import asked, check_ending, write_files
from graph_service.cli.lists import read_list
from graph_service.cli.render.flags import (
    print_all_flags,
    print_answers,
    print_counts,
    print_exposure,
    print_flags,
)
from graph_service.cli.render.whatif import print_whatif
from graph_service.cli.session import Session
from graph_service.cli.sheets import ending_of, write_answers, write_flags
from graph_service.errors import UsageError
from graph_service.web.questions.common import When, flag_all_parts, flags_of_list
from graph_service.web.questions.common import exposure as ask_exposure
from graph_service.web.questions.common import flag_all as ask_flag_all
from graph_service.web.questions.common import flags as ask_flags
from graph_service.web.questions.whatif import flags_what_if

out = option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    zh="写入文件（.json、.jsonl、.csv 或 .xlsx）",
    en="Write to a file: .json, .jsonl, .csv or .xlsx",
)


def _check_ending(out: Path | None) -> None:
    """Refuse a file that cannot be written before the question is asked."""
    if out is not None:
        ending_of(out)


@command(
    "exposure",
    "从一个失信主体向外：因它而被标记的全部主体，逐条附证据链。",
    "From a listed party outward: every party flagged because of it, each with its proof.",
    "credit-graph exposure pid:1f0c… --as-of 2026-01-01",
    "credit-graph exposure name:王伟 --pack control --look-back 3y --json",
    "credit-graph exposure name:王伟 --html 牵连图.html --out 报告.pdf",
)
@click.argument("party", metavar="ID")
@written
@pack
@questions
@click.pass_obj
def exposure_command(
    session: Session,
    party: str,
    html: Path | None,
    out: Path | None,
    pack: str,
    as_of: str | None,
    look_back: str | None,
) -> None:
    """Everything flagged because of a party."""
    check_ending(out)
    with session.opened() as store:
        answer = ask_exposure(store, session.settings(), party, When(as_of, look_back), pack)
    question = asked("exposure", answer["subject"], answer, look_back, pack=pack)
    write_files(session, answer, question, html=html, out=out)
    session.show(answer, print_exposure)


@command(
    "flags",
    "一个主体（或名单文件中每个主体）为何被标记；未被标记时说明查看了什么。"
    "名单中有行无法作答（查无此主体、名称不唯一）时退出状态为 1。",
    "Why a party, or each of a list, is flagged; when it is not, what was looked at."
    " Exit status 1 when rows of a list have no answer (unknown party, ambiguous name).",
    "credit-graph flags 91110000MA001ABC0X",
    "credit-graph flags 91110000MA001ABC0X --html 标记图.html --out 报告.docx",
    "credit-graph flags --file 名单.xlsx --out 结果.xlsx",
    "credit-graph flags 91110000MA001ABC0X --why-minimal",
    "credit-graph flags 91110000MA001ABC0X --without 8837b7cb48a747c5",
)
@click.argument("party", metavar="[ID]", required=False)
@option(
    "--without",
    multiple=True,
    metavar="RELATION",
    zh="假设这一关系不存在（步骤的 id，可重复）",
    en="As if this tie were absent: the id of a step; may be repeated",
)
@option(
    "--why-minimal",
    is_flag=True,
    zh="最少去掉哪些关系即消除标记",
    en="The fewest ties whose absence clears the flags",
)
@option(
    "--file",
    "listed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="LIST",
    zh="名单文件（csv/xlsx，列 id、uscc 或 name）",
    en="A list: csv or xlsx with id, uscc or name",
)
@written
@pack
@questions
@click.pass_obj
def flags_command(
    session: Session,
    party: str | None,
    without: tuple[str, ...],
    why_minimal: bool,
    listed: Path | None,
    html: Path | None,
    out: Path | None,
    pack: str,
    as_of: str | None,
    look_back: str | None,
) -> int:
    """Why a party is flagged; 1 when rows of a list have no answer."""
    if (party is None) == (listed is None):
        raise UsageError("give either an ID or --file", "credit-graph flags ID, or --file LIST.csv")
    when = When(as_of, look_back)
    if without or why_minimal:
        _what_if(session, party, when, pack, without, why_minimal, html or out)
        return 0
    if party is not None:
        _flags_of_one(session, party, when, pack, html, out)
        return 0
    if html is not None:
        raise UsageError("--html goes with one ID", "For a list use --out FILE.xlsx.")
    _check_ending(out)
    rows = [] if listed is None else read_list(listed)
    with session.opened() as store:
        answer = flags_of_list(store, session.settings(), rows, when, pack)
    if out is not None:
        write_answers(out, answer, session.lang)
        session.note(f"已写入 {out}", f"Written to {out}")
    session.show(answer, print_answers)
    return 1 if any(row.get("error") for row in answer["answers"]) else 0


def _what_if(
    session: Session,
    party: str | None,
    when: When,
    pack: str,
    without: tuple[str, ...],
    why_minimal: bool,
    written: Path | None,
) -> None:
    if party is None or written is not None:
        # A report or a picture of what is not so could be taken for what is.
        raise UsageError(
            "--without and --why-minimal go with one ID, and into no report",
            "Ask for one party, without --html and --out.",
        )
    with session.opened() as store:
        answer = flags_what_if(store, session.settings(), party, when, pack, without, why_minimal)
    session.show(answer, print_whatif)


def _flags_of_one(
    session: Session, party: str, when: When, pack: str, html: Path | None, out: Path | None
) -> None:
    check_ending(out)
    with session.opened() as store:
        answer = ask_flags(store, session.settings(), party, when, pack)
    question = asked("flags", answer["party"], answer, when.look_back, pack=pack)
    write_files(session, answer, question, html=html, out=out)
    session.show(answer, print_flags)


@command(
    "flag-all",
    "全库风险标记：每个有效失信记录的主体所牵出的全部标记。",
    "The flags of the whole population.",
    "credit-graph flag-all --out flags.xlsx",
    "credit-graph flag-all --pack linked --json > flags.json",
)
@out
@pack
@questions
@click.pass_obj
def flag_all_command(
    session: Session, out: Path | None, pack: str, as_of: str | None, look_back: str | None
) -> None:
    """Everything flagged."""
    _check_ending(out)
    when = When(as_of, look_back)
    with session.opened() as store:
        if out is None:
            session.show(ask_flag_all(store, session.settings(), when, pack), print_all_flags)
            return
        summary, found = flag_all_parts(store, session.settings(), when, pack)
    write_flags(out, found, session.lang)
    session.note(f"已写入 {out}", f"Written to {out}")
    session.show({**summary, "out": str(out)}, print_counts)
