"""barred."""

from __future__ import annotations

import click

from graph_service.cli.command import command
from graph_service.cli.commands.options import as_of
from graph_service.cli.render.statutes import print_barred
from graph_service.cli.session import Session
from graph_service.web.questions import When
from graph_service.web.questions_statute import barred as ask_barred


@command(
    "barred",
    "禁止任职与禁止投标：依《公司法》第一百七十八条等，谁、因何、到何日；企业并列出被禁止任职的董监高。",
    "Barred from office or tenders: by which article, for what, until when; also an enterprise's"
    " barred officers.",
    "credit-graph barred registry:P7",
    "credit-graph barred 91110000MA001ABC0X --as-of 2025-06-30 --json",
)
@click.argument("party", metavar="ID")
@as_of
@click.pass_obj
def barred_command(session: Session, party: str, as_of: str | None) -> None:
    """From what a party is barred."""
    with session.opened() as store:
        answer = ask_barred(store, session.settings(), party, When(as_of))
    session.show(answer, print_barred)
