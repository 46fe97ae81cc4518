"""owners, holdings, controllers, controlled."""

from __future__ import annotations

from collections.abc import Callable

import click

from graph_service.cli.command import command
from graph_service.cli.commands.options import questions
from graph_service.cli.render.owning import print_control, print_stakes
from graph_service.cli.session import Session
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.questions import Json, When
from graph_service.web.questions import controlled as ask_controlled
from graph_service.web.questions import controllers as ask_controllers
from graph_service.web.questions import holdings as ask_holdings
from graph_service.web.questions import owners as ask_owners

Question = Callable[[Store, Settings, str, When], Json]


def _ask(session: Session, question: Question, party: str, when: When) -> Json:
    with session.opened() as store:
        return question(store, session.settings(), party, when)


@command(
    "owners",
    "谁持有它：直接持股与控制。",
    "Who holds it: direct stakes and control.",
    "credit-graph owners 91110000MA001ABC0X",
)
@click.argument("party", metavar="ID")
@questions
@click.pass_obj
def owners_command(session: Session, party: str, as_of: str | None, look_back: str | None) -> None:
    """Ownership, upward."""
    session.show(_ask(session, ask_owners, party, When(as_of, look_back)), print_stakes)


@command(
    "holdings",
    "它持有谁：直接持股与控制。",
    "What it holds: direct stakes and control.",
    "credit-graph holdings registry:P7 --as-of 2024-01-01",
)
@click.argument("party", metavar="ID")
@questions
@click.pass_obj
def holdings_command(
    session: Session, party: str, as_of: str | None, look_back: str | None
) -> None:
    """Ownership, downward."""
    session.show(_ask(session, ask_holdings, party, When(as_of, look_back)), print_stakes)


@command(
    "controllers",
    "谁控制它：持股合计超过一半（逐层闭包）或已申报的实际控制人。",
    "Who controls it: more than half by closure, or a declared controller.",
    "credit-graph controllers 91110000MA001ABC0X",
)
@click.argument("party", metavar="ID")
@questions
@click.pass_obj
def controllers_command(
    session: Session, party: str, as_of: str | None, look_back: str | None
) -> None:
    """Control, upward."""
    session.show(_ask(session, ask_controllers, party, When(as_of, look_back)), print_control)


@command(
    "controlled",
    "它控制谁：持股合计超过一半（逐层闭包）或已申报的控制。",
    "What it controls: more than half by closure, or declared.",
    "credit-graph controlled registry:P7",
)
@click.argument("party", metavar="ID")
@questions
@click.pass_obj
def controlled_command(
    session: Session, party: str, as_of: str | None, look_back: str | None
) -> None:
    """Control, downward."""
    session.show(_ask(session, ask_controlled, party, When(as_of, look_back)), print_control)
