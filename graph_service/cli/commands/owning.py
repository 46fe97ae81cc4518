"""owners, holdings, controllers, controlled, beneficial-owners, close-links."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import questions, written
from graph_service.cli.files import asked as question_of
from graph_service.cli.files import check_ending, write_files
from graph_service.cli.render.owning import (
    print_beneficial,
    print_close_links,
    print_control,
    print_stakes,
)
from graph_service.cli.session import Session
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions import owning as asked
from graph_service.web.questions.common import When
from graph_service.web.questions.owning import METHODS, ControlOptions
from graph_service.words import Wire

F = TypeVar("F", bound=Callable[..., Any])

_method = option(
    "--method",
    type=click.Choice(METHODS),
    default="baldone",
    zh="穿透算法：baldone（默认，不经过股东自身的循环）、brioschi（全部循环）、simple（简单路径之和）",
    en="Look-through: baldone (default; no loop through the owner), brioschi (every loop), simple"
    " (the sum over chains that pass no party twice)",
)


def _control(function: F) -> F:
    """The options of what counts as control."""
    for decorate in (
        option(
            "--threshold",
            metavar="0.5",
            zh="控制门槛，默认 0.5，须超过",
            en="The threshold of control, passed; default 0.5",
        ),
        option(
            "--at-least", is_flag=True, zh="达到门槛即算控制", en="Reaching the threshold is enough"
        ),
        option("--votes", is_flag=True, zh="有表决权数据时按表决权", en="By votes where stated"),
        option(
            "--group",
            multiple=True,
            metavar="ID",
            zh="与这些主体合并为一个控制人（家庭、一致行动人），可多次",
            en="Together with these as one controller (family, concert parties); may repeat",
        ),
        option(
            "--exclude-treasury",
            is_flag=True,
            zh="公司自持的股份没有表决权",
            en="A company's own shares carry no vote",
        ),
    ):
        function = decorate(function)
    return function


def _write(
    session: Session,
    name: str,
    answer: Wire,
    look_back: str | None,
    html: Path | None,
    out: Path | None,
    **options: Any,
) -> None:
    question = question_of(name, answer["party"], answer, look_back, **options)
    write_files(session, answer, question, html=html, out=out)


@command(
    "owners",
    "谁拥有它：直接持股、穿透持股、控制，并给出贡献最大的路径。",
    "Who owns it: direct and look-through shares, control, and the chains that contribute most.",
    "credit-graph owners 91110000MA001ABC0X",
    "credit-graph owners 91110000MA001ABC0X --method simple --json",
    "credit-graph owners 91110000MA001ABC0X --html 股权图.html --out 股权穿透.xlsx",
)
@click.argument("party", metavar="ID")
@written
@questions
@_method
@option(
    "--all-inside",
    is_flag=True,
    zh="大型交叉持股内部的股东全部计算（默认前 50 名）",
    en="Figures of every owner inside a large component of cross-holdings (default: the first 50)",
)
@click.pass_obj
def owners_command(
    session: Session,
    party: str,
    as_of: str | None,
    look_back: str | None,
    method: Any,
    all_inside: bool,
    html: Path | None,
    out: Path | None,
) -> None:
    """Ownership, upward."""
    check_ending(out)
    with session.opened() as store:
        when = When(as_of, look_back)
        answer = asked.owners(
            store, session.settings(), party, when, method=method, all_inside=all_inside
        )
    more = {"method": method, "all_inside": all_inside}
    _write(session, "owners", answer, look_back, html, out, **more)
    session.show(answer, print_stakes)


@command(
    "holdings",
    "它拥有谁：直接持股、穿透持股、控制，并给出贡献最大的路径。",
    "What it owns: direct and look-through shares, control, and the chains that contribute most.",
    "credit-graph holdings registry:P7 --as-of 2024-01-01",
)
@click.argument("party", metavar="ID")
@written
@questions
@_method
@click.pass_obj
def holdings_command(
    session: Session,
    party: str,
    as_of: str | None,
    look_back: str | None,
    method: Any,
    html: Path | None,
    out: Path | None,
) -> None:
    """Ownership, downward."""
    check_ending(out)
    with session.opened() as store:
        when = When(as_of, look_back)
        answer = asked.holdings(store, session.settings(), party, when, method=method)
    _write(session, "holdings", answer, look_back, html, out, method=method)
    session.show(answer, print_stakes)


def _about_control(
    session: Session,
    name: str,
    question: Callable[[Store, Settings, str, When, ControlOptions], Wire],
    party: str,
    *,
    as_of: str | None,
    look_back: str | None,
    html: Path | None,
    out: Path | None,
    **options: Any,
) -> None:
    """Ask about control in one direction, write what is wanted, show it."""
    check_ending(out)
    with session.opened() as store:
        when, chosen = When(as_of, look_back), ControlOptions(**options)
        answer = question(store, session.settings(), party, when, chosen)
    _write(session, name, answer, look_back, html, out, **options)
    session.show(answer, print_control)


@command(
    "controllers",
    "谁控制它：持股合计超过一半（逐层闭包）或已申报的实际控制人。",
    "Who controls it: more than half by closure, or a declared controller.",
    "credit-graph controllers 91110000MA001ABC0X",
    "credit-graph controllers 91110000MA001ABC0X --threshold 30% --at-least --votes",
)
@click.argument("party", metavar="ID")
@written
@questions
@_control
@click.pass_obj
def controllers_command(session: Session, /, party: str, **given: Any) -> None:
    """Control, upward."""
    _about_control(session, "controllers", asked.controllers, party, **given)


@command(
    "controlled",
    "它控制谁：持股合计超过一半（逐层闭包）或已申报的控制。",
    "What it controls: more than half by closure, or declared.",
    "credit-graph controlled registry:P7",
    "credit-graph controlled registry:P7 --group registry:P8 --exclude-treasury",
)
@click.argument("party", metavar="ID")
@written
@questions
@_control
@click.pass_obj
def controlled_command(session: Session, /, party: str, **given: Any) -> None:
    """Control, downward."""
    _about_control(session, "controlled", asked.controlled, party, **given)


@command(
    "beneficial-owners",
    "受益所有人：依《受益所有人信息管理办法》逐人检验，说明谁符合哪一条、谁为何不符合。",
    "Beneficial owners: every natural person tested; who meets which test, and why others do not.",
    "credit-graph beneficial-owners 91110000MA001ABC0X",
    "credit-graph beneficial-owners 91110000MA001ABC0X --rule 10% --json",
)
@click.argument("party", metavar="ID")
@written
@questions
@option(
    "--rule",
    default="cn_25",
    metavar="cn_25|any|fatf_25|PERCENT",
    zh="标准：cn_25（默认）、any（任何持股）、fatf_25，或 10% 这样的门槛",
    en="The rule: cn_25 (default), any (any share), fatf_25, or a threshold like 10%",
)
@click.pass_obj
def beneficial_owners_command(
    session: Session,
    party: str,
    as_of: str | None,
    look_back: str | None,
    rule: str,
    html: Path | None,
    out: Path | None,
) -> None:
    """Beneficial owners."""
    check_ending(out)
    with session.opened() as store:
        answer = asked.beneficial(store, session.settings(), party, When(as_of, look_back), rule)
    _write(session, "beneficial-owners", answer, look_back, html, out, rule=rule)
    session.show(answer, print_beneficial)


@command(
    "close-links",
    "紧密关联：一方持有另一方两成以上（简单路径之和），或第三方同时持有双方。",
    "Close links: one holds a fifth of the other (sum over simple chains), or a third of both.",
    "credit-graph close-links 91110000MA001ABC0X",
    "credit-graph close-links 91110000MA001ABC0X --threshold 25%",
)
@click.argument("party", metavar="ID")
@written
@questions
@option(
    "--threshold", metavar="0.2", zh="门槛，默认 0.2，达到即算", en="From this share; default 0.2"
)
@click.pass_obj
def close_links_command(
    session: Session,
    party: str,
    as_of: str | None,
    look_back: str | None,
    threshold: str | None,
    html: Path | None,
    out: Path | None,
) -> None:
    """Close links."""
    check_ending(out)
    with session.opened() as store:
        when = When(as_of, look_back)
        answer = asked.close_links(store, session.settings(), party, when, threshold)
    _write(session, "close-links", answer, look_back, html, out, threshold=threshold)
    session.show(answer, print_close_links)
