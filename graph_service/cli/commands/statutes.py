"""barred, related, phoenix."""

from __future__ import annotations

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import as_of, questions
from graph_service.cli.render.statutes import print_barred, print_phoenix, print_related
from graph_service.cli.session import Session
from graph_service.web.questions.common import When
from graph_service.web.questions.statute import barred as ask_barred
from graph_service.web.questions.statute import phoenix as ask_phoenix
from graph_service.web.questions.statute import related as ask_related


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


@command(
    "related",
    "依法认定的关联方：逐一给出规则、条文、角色路径；交易所规则并回溯十二个月。",
    "Related parties by statute: rule, article, role path of each; the exchanges look back"
    " twelve months.",
    "credit-graph related 91110000MA001ABC0X",
    "credit-graph related 91110000MA001ABC0X --pack cas_36 --as-of 2019-12-31",
    "credit-graph related registry:P7 --pack sse --look-back 12m --json",
)
@click.argument("party", metavar="ID")
@option(
    "--pack",
    default="company_law_265",
    metavar="NAME|FILE",
    zh="法规：company_law_265、cas_36、sse、szse 或文件路径",
    en="Statute: company_law_265, cas_36, sse, szse, or a file",
)
@questions
@click.pass_obj
def related_command(
    session: Session, party: str, pack: str, as_of: str | None, look_back: str | None
) -> None:
    """Related parties."""
    with session.opened() as store:
        answer = ask_related(store, session.settings(), party, When(as_of, look_back), pack)
    session.show(answer, print_related)


@command(
    "phoenix",
    "疑似“换壳”：新企业承接已注销、吊销、关闭的失信企业的人员、地址、电话与行业；仅为线索，永不确定。",
    "Suspected phoenix companies: a new one that takes over people, address, phone and line of"
    " business of a listed one that was deregistered, revoked or closed; never certain.",
    "credit-graph phoenix 91110000MA001ABC0X",
    "credit-graph phoenix 91110000MA001ABC0X --least 4 --json",
)
@click.argument("party", metavar="ID")
@option(
    "--least",
    type=click.IntRange(2, 4),
    default=3,
    zh="四项特征中至少相符几项（默认 3）",
    en="How many of the four features must match; default 3",
)
@as_of
@click.pass_obj
def phoenix_command(session: Session, party: str, least: int, as_of: str | None) -> None:
    """Suspected phoenix companies."""
    with session.opened() as store:
        answer = ask_phoenix(store, session.settings(), party, When(as_of), least)
    session.show(answer, print_phoenix)
