"""screen."""

from __future__ import annotations

import json
from pathlib import Path

import click

from graph_service.bids import REGIMES
from graph_service.cli.command import command, option
from graph_service.cli.commands.options import pack, questions, written
from graph_service.cli.files import check_ending, write_files
from graph_service.cli.progress import meter, reporting
from graph_service.cli.render.screening import print_screening
from graph_service.cli.session import Session
from graph_service.identity import load_id_key
from graph_service.web.questions.common import When
from graph_service.web.screening import Options
from graph_service.web.screening import screen as ask_screen
from graph_service.wire.ocds import ocds_flags
from loaders.bidder_list import read_bidders


@command(
    "screen",
    "排查一个项目的投标人：逐家核查，同一标段两两核查，按条文给出结论和证据链（供人工复核）。\n"
    "名单为 xlsx、csv 或 json，列如：投标人、统一社会信用代码、标段、报价、代理人、保证金账户。",
    "Screen the bidders of a tender: each one, every pair of one lot, the verdict by article with"
    " its proof, for human review.\nThe list is xlsx, csv or json, with columns such as bidder,"
    " uscc, lot, price, agent, deposit_account.",
    "credit-graph screen 投标人名单.xlsx --out 排查结果.xlsx",
    "credit-graph screen 投标人名单.xlsx --html 关系图.html --out 报告.pdf",
    "credit-graph screen bidders.csv --regime bidding_law --look-back 3y --json",
    "credit-graph screen bidders.csv --tender 采购办:ZB-2026-001 --all-pairs",
)
@click.argument(
    "listed", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@option(
    "--tender",
    metavar="ID",
    zh="已加载的项目编号：采用其采购人、评审人员、适用法律",
    en="A loaded tender: its buyer, reviewers and regime count",
)
@option(
    "--regime",
    type=click.Choice(REGIMES),
    zh="适用法律：招标投标法或政府采购法；未知时取较重的结论",
    en="The law that applies; when unknown the graver verdict is given",
)
@option(
    "--all-pairs",
    is_flag=True,
    zh="列出全部投标人对，包括未发现关联的",
    en="List every pair, also those without a tie",
)
@written
@option(
    "--ocds",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    zh="另存为 OCDS 风格的红旗标记",
    en="Write the flags in the manner of OCDS red flags",
)
@pack
@questions
@click.pass_obj
def screen_command(
    session: Session,
    listed: Path,
    tender: str | None,
    regime: str | None,
    all_pairs: bool,
    html: Path | None,
    out: Path | None,
    ocds: Path | None,
    pack: str,
    as_of: str | None,
    look_back: str | None,
) -> None:
    """Screen a list of bidders."""
    check_ending(out)
    settings = session.settings()
    bidders = read_bidders(listed, settings, load_id_key(settings))
    options = Options(tender, regime, all_pairs, pack)
    shown = meter(session.lang, session.json)
    try:
        with session.opened() as store:
            when = When(as_of, look_back)
            answer = ask_screen(store, settings, bidders, when, options, reporting(shown))
    finally:
        if shown is not None:
            shown.close()
    question = {"command": "screen", **answer["question"]}
    write_files(session, answer, question, html=html, out=out)
    if ocds is not None:
        text = json.dumps(ocds_flags(answer), ensure_ascii=False, indent=1)
        ocds.write_text(text + "\n", encoding="utf-8")
        session.note(f"已写入 {ocds}", f"Written to {ocds}")
    session.show(answer, print_screening)
