"""search, show, trace, paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graph_service.cli.command import command, option
from graph_service.cli.commands.options import as_of, pack, questions, written
from graph_service.cli.files import asked, check_ending, write_files
from graph_service.cli.render.parties import print_dossier, print_search
from graph_service.cli.render.walks import print_paths, print_trace
from graph_service.cli.session import Session
from graph_service.web.questions.common import When
from graph_service.web.questions.common import search as ask_search
from graph_service.web.questions.common import show as ask_show
from graph_service.web.questions.common import trace as ask_trace
from graph_service.web.questions.owning import paths_and_links

KINDS = ("Enterprise", "Person", "Contact", "Tender")


@command(
    "search",
    "按名称、曾用名、统一社会信用代码、编号或拼音首字母查找主体。",
    "Find parties by name, former name, USCC, id or pinyin initials.",
    "credit-graph search 星河科技",
    "credit-graph search xhkj --kind Enterprise --limit 5 --json",
)
@click.argument("text")
@option("--kind", type=click.Choice(KINDS), zh="主体类别", en="Kind of party")
@option("--limit", type=click.IntRange(1, 1000), default=20, zh="最多几个", en="At most so many")
@as_of
@click.pass_obj
def search_command(
    session: Session, text: str, kind: str | None, limit: int, as_of: str | None
) -> None:
    """Find parties."""
    with session.opened() as store:
        answer = ask_search(store, session.settings(), text, When(as_of), kind, limit)
    session.show(answer, print_search)


@command(
    "show",
    "主体档案：属性、有效与已失效记录、关系、标记、来源冲突。",
    "The dossier: attributes, records in force and ended, relations, flags, conflicts.",
    "credit-graph show 91110000MA001ABC0X",
    "credit-graph show name:星河科技有限公司 --as-of 2024-06-30",
)
@click.argument("party", metavar="ID")
@pack
@questions
@click.pass_obj
def show_command(
    session: Session, party: str, pack: str, as_of: str | None, look_back: str | None
) -> None:
    """Show a dossier."""
    with session.opened() as store:
        answer = ask_show(store, session.settings(), party, When(as_of, look_back), pack)
    session.show(answer, print_dossier)


@command(
    "trace",
    "关联追溯：从一个主体出发逐层展开关系。比例不详的持股可通过 --min-share，除非 --known-only。",
    "Walk from a party. An unknown share passes --min-share unless --known-only.",
    "credit-graph trace uscc:91110000MA001ABC0X --depth 2",
    "credit-graph trace registry:P7 --types SHAREHOLDER_OF,CONTROLS --min-share 25%",
    "credit-graph trace registry:P7 --html 关系图.html --out 关系图.pdf",
)
@click.argument("party", metavar="ID")
@option("--depth", type=click.IntRange(0, 20), zh="层数（默认 3）", en="Hops; default 3")
@option("--types", metavar="A,B", zh="只走这些关系", en="Only these relation types")
@option(
    "--min-share", metavar="X", zh="最低持股比例，如 0.25 或 25%", en="Smallest share: 0.25, 25%"
)
@option("--known-only", is_flag=True, zh="不走比例不详的持股", en="Not along unknown shares")
@option(
    "--per-party", type=click.IntRange(1), zh="单主体展开上限", en="Most relations of one party"
)
@written
@questions
@click.pass_obj
def trace_command(
    session: Session,
    party: str,
    depth: int | None,
    types: str | None,
    min_share: str | None,
    known_only: bool,
    per_party: int | None,
    html: Path | None,
    out: Path | None,
    as_of: str | None,
    look_back: str | None,
) -> None:
    """Walk."""
    check_ending(out)
    walk: dict[str, Any] = {
        "depth": depth,
        "types": types,
        "min_share": min_share,
        "known_only": known_only,
        "per_party": per_party,
    }
    with session.opened() as store:
        answer = ask_trace(
            store,
            session.settings(),
            party,
            When(as_of, look_back),
            **walk,
        )
    question = asked("trace", answer["root"], answer, look_back, **walk)
    write_files(session, answer, question, html=html, out=out)
    session.show(answer, print_trace)


@command(
    "paths",
    "两主体间的关联路径：默认给出 K 步内全部最短路径。",
    "Ties between two parties: by default all shortest paths within K steps.",
    "credit-graph paths registry:P7 91110000MA001ABC0X --k 4",
    "credit-graph paths A B --all --avoid GUARANTEES --require registry:E3",
    "credit-graph paths A B --close-links 20% --aggregate 50%",
)
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@option(
    "--k",
    type=click.IntRange(0, 20),
    default=6,
    zh="最多几步（默认 6）",
    en="Most steps; default 6",
)
@option("--all", "all_simple", is_flag=True, zh="全部简单路径", en="All simple paths")
@option("--types", metavar="A,B", zh="只走这些关系", en="Only these relation types")
@option(
    "--avoid", multiple=True, metavar="ID", zh="避开的主体或关系", en="A party or type to avoid"
)
@option(
    "--require", multiple=True, metavar="ID", zh="必经的主体或关系", en="A party or type to meet"
)
@option(
    "--close-links",
    metavar="0.2",
    zh="另答两者是否紧密关联：门槛，达到即算",
    en="Also whether they are closely linked, from this share",
)
@option(
    "--aggregate",
    metavar="0.5",
    zh="另答一方连同其如此持有者是否合计持有另一方：门槛，达到即算",
    en="Also whether one, with what it so holds, holds the other, from this share",
)
@written
@questions
@click.pass_obj
def paths_command(
    session: Session,
    start: str,
    end: str,
    k: int,
    all_simple: bool,
    types: str | None,
    avoid: tuple[str, ...],
    require: tuple[str, ...],
    close_links: str | None,
    aggregate: str | None,
    html: Path | None,
    out: Path | None,
    as_of: str | None,
    look_back: str | None,
) -> None:
    """Find ties."""
    check_ending(out)
    search: dict[str, Any] = {"types": types, "avoid": avoid, "require": require}
    search |= {"close_links": close_links, "aggregate": aggregate}
    with session.opened() as store:
        answer = paths_and_links(
            store,
            session.settings(),
            start,
            end,
            When(as_of, look_back),
            k=k,
            all_simple=all_simple,
            **search,
        )
    given = {"to": answer["to"]["id"], "k": k, "all": all_simple, **search}
    question = asked("paths", answer["from"], answer, look_back, **given)
    write_files(session, answer, question, html=html, out=out)
    session.show(answer, print_paths)
