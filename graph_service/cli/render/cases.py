"""Cases for people."""

from __future__ import annotations

from graph_service.cases import STATUSES
from graph_service.cli.render.screen import heading, line, row, screen, table
from graph_service.cli.render.words import Wire, clean, either

_HEADINGS = (
    ("编号", "名称", "状态", "主体", "评注", "最近修改", "修改人"),
    ("id", "name", "status", "parties", "comments", "changed", "by"),
)


def print_cases(document: Wire, lang: str) -> None:
    """The list of cases."""
    console = screen()
    if not document["cases"]:
        line(console, either(("没有案件", "no cases"), lang), "dim")
        return
    shown = table(*either(_HEADINGS, lang))
    for one in document["cases"]:
        row(
            shown, one["id"], clean(one["name"]), either(STATUSES[one["status"]], lang),
            one["parties"], one["comments"], one["changed"], clean(one["changed_by"]),
        )  # fmt: skip
    console.print(shown)


def print_case(document: Wire, lang: str) -> None:
    """One case with all that stands in it."""
    console = screen()
    heading(console, clean(document["name"]))
    status = either(STATUSES[document["status"]], lang)
    version = either(("版本", "version"), lang)
    line(console, f"{document['id']} · {status} · {version} {document['version']}", "dim")
    for one in document["note"].splitlines():
        line(console, clean(one))
    for party in document["parties"]:
        gone = "" if party["known"] else either(("  数据中已无", "  no longer in the data"), lang)
        line(console, f"• {clean(party['name'])}  {clean(party['id'])}{gone}")
    for comment in document["comments"]:
        line(console, f"{comment['at']} {clean(comment['who'])}", "dim")
        for one in comment["text"].splitlines():
            line(console, f"  {clean(one)}")


def print_import(document: Wire, lang: str) -> None:
    """An imported case, and who of it is not here or is called otherwise."""
    print_case(document["case"], lang)
    console = screen()
    for one in document["not_found"]:
        said = either(("此处没有：", "not here: "), lang)
        line(console, f"{said}{clean(one['name'])}  {clean(one['id'])}", "yellow")
    for one in document["renamed"]:
        said = either(("此处名称不同：", "called otherwise here: "), lang)
        line(console, f"{said}{clean(one['name'])} → {clean(one['name_here'])}", "yellow")
