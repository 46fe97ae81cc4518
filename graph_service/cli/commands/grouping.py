"""rings, groups."""

from __future__ import annotations

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import as_of
from graph_service.cli.render.groups import print_groups, print_rings
from graph_service.cli.session import Session
from graph_service.web.questions.common import When
from graph_service.web.questions.groups import LIMIT
from graph_service.web.questions.groups import groups as ask_groups
from graph_service.web.questions.groups import rings as ask_rings

of = option("--of", metavar="ID", zh="只看这一主体所在的", en="Only those that this party is in")
limit = option(
    "--limit",
    type=click.IntRange(1),
    default=LIMIT,
    zh="最多几个（从大到小）",
    en="At most so many, the largest first",
)


@command(
    "rings",
    "循环持股：互相持股成环的企业（强连通分量）与自持股，各附一条最短的环。",
    "Rings of shareholding: strongly connected components and self-holdings, each with a shortest"
    " cycle.",
    "credit-graph rings",
    "credit-graph rings --of 91110000MA001ABC0X --as-of 2024-06-30 --json",
)
@of
@limit
@as_of
@click.pass_obj
def rings_command(session: Session, of: str | None, limit: int, as_of: str | None) -> None:
    """Find rings."""
    with session.opened() as store:
        answer = ask_rings(store, session.settings(), When(as_of), of, limit)
    session.show(answer, print_rings)


@command(
    "groups",
    "企业集团：控制树及其顶端，成员附最近的控制人与合计持股。",
    "Groups: control trees with their tops, each member with its nearest controllers.",
    "credit-graph groups --min-size 5",
    "credit-graph groups --of 91110000MA001ABC0X --json",
)
@of
@limit
@option(
    "--min-size",
    type=click.IntRange(2),
    default=2,
    zh="最小成员数（含顶端）",
    en="Smallest size, tops included",
)
@as_of
@click.pass_obj
def groups_command(
    session: Session, of: str | None, limit: int, min_size: int, as_of: str | None
) -> None:
    """Find groups."""
    with session.opened() as store:
        answer = ask_groups(store, session.settings(), When(as_of), of, limit, min_size)
    session.show(answer, print_groups)
