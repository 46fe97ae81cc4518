"""Stakes and control for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.chains import chain, print_steps
from graph_service.cli.render.screen import closing, heading, line, row, screen, table
from graph_service.cli.render.words import (
    Wire,
    bounds,
    clean,
    either,
    missing_line,
    party_line,
    percent,
    word,
)

_WITH_CHAINS = 10
_RULES = {
    "equity": ("股权、股份或合伙权益", "equity"),
    "votes_or_income": ("收益或表决权", "votes or income"),
    "control": ("实际控制", "control"),
    "state": ("国有主体法定代表人", "state-owned"),
    "management": ("日常经营管理", "management"),
}
_VERDICTS = {"certain": ("控制", "yes"), "possible": ("可能控制", "possible"), "no": ("否", "no")}


def print_stakes(answer: Wire, lang: str) -> None:
    """Owners or holdings as a table."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    stakes = answer.get("holdings", answer.get("owners")) or []
    columns = (
        ("主体", "直接", "穿透", "控制", "合计"),
        ("party", "direct", "integrated", "control", "joint"),
    )
    shown = table(*either(columns, lang))
    for stake in stakes:
        row(
            shown,
            party_line(stake["party"]),
            bounds(stake.get("direct_min"), stake.get("direct_max"), lang),
            _integrated(stake, lang),
            word(_VERDICTS, stake.get("verdict"), lang),
            percent(stake.get("control_share")),
        )
    if stakes:
        console.print(shown)
    else:
        line(console, either(("没有持股记录。", "No stake known."), lang), indent=2)
    _print_chains(console, answer, stakes[:_WITH_CHAINS], lang)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def _print_chains(console: Console, answer: Wire, stakes: Sequence[Wire], lang: str) -> None:
    """The chains behind the largest look-through shares, and how much of each they explain."""
    indirect = [s for s in stakes if any(p["length"] > 1 for p in s.get("paths") or ())]
    if not indirect:
        return
    heading(console, either(("主要路径", "Main chains"), lang))
    up = "owners" in answer
    for stake in indirect:
        part = stake.get("explained")
        said = "" if part is None else either(("，解释", ", explaining "), lang) + percent(part)
        line(console, f"{party_line(stake['party'])}{said}", indent=2)
        start = stake["party"]["id"] if up else answer["party"]["id"]
        for path in stake["paths"]:
            line(console, chain(path["steps"], lang, start), "dim", 4)


def _integrated(stake: Wire, lang: str) -> str:
    low, high = stake.get("integrated_min"), stake.get("integrated_max")
    return "—" if low is None and high is None else bounds(low, high, lang)


def print_beneficial(answer: Wire, lang: str) -> None:
    """Beneficial owners, each with the reason and the chains; then why others are none."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    line(console, clean(answer["files_why"][lang]), "dim", 2)
    if not answer["owners"]:
        said = ("没有找到受益所有人。", "No beneficial owner found.")
        line(console, either(said, lang), indent=2)
    for owner in answer["owners"]:
        share = percent(owner.get("share"))
        rule = word(_RULES, owner["rule"], lang)
        line(console, f"● {party_line(owner['party'])}  {rule}  {share}".rstrip(), indent=2)
        line(console, clean(owner["statement"][lang]), indent=4)
        for path in owner["paths"]:
            start = path["steps"][0]["from"]["id"] if path["steps"] else owner["party"]["id"]
            line(console, chain(path["steps"], lang, start), "dim", 4)
    if answer["not"]:
        heading(console, either(("不是受益所有人", "Not beneficial owners"), lang))
    for miss in answer["not"]:
        line(console, f"· {clean(miss['statement'][lang])}", indent=2)
    _print_possible(console, answer["possible"], lang)
    for stop in answer["stops"]:
        line(console, f"■ {party_line(stop['party'])}  {clean(stop['statement'][lang])}", indent=2)
    if answer["exempt"]:
        line(console, clean(answer["exempt_why"][lang]), "yellow", 2)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def _print_possible(console: Console, possible: Sequence[Wire], lang: str) -> None:
    """Who may be an owner, and the single stakes that would settle whether."""
    if possible:
        heading(console, either(("可能是受益所有人", "Possibly beneficial owners"), lang))
    for one in possible:
        line(console, f"○ {party_line(one['party'])}", indent=2)
        for step in one["settled_by"]:
            said = either(("查明即可定论：", "would settle it: "), lang)
            ends = f"{step['from']['name']} → {step['to']['name']}"
            line(console, clean(f"{said}{ends}"), "dim", 4)


_VIA = {"owns": ("持有", "owns"), "owned": ("被持有", "owned by")}


def print_close_links(answer: Wire, lang: str) -> None:
    """Close links, one line per way."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    if not answer["links"]:
        line(console, either(("没有紧密关联。", "No close link."), lang), indent=2)
    for link in answer["links"]:
        via = link["via"]
        if isinstance(via, str):
            said = word(_VIA, via, lang)
        else:
            said = either(("第三方", "third party"), lang) + f" {party_line(via)}"
        share = percent(link["share"])
        line(console, f"● {party_line(link['party'])}  {said}  {share}", indent=2)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def print_control(answer: Wire, lang: str) -> None:
    """Controllers or controlled parties, each with its chain."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    up = "controllers" in answer
    found = answer["controllers"] if up else answer["controlled"]
    if not found:
        line(console, either(("没有发现控制关系。", "No control found."), lang), indent=2)
    for item in found:
        share = percent(item.get("share")) or either(("申报控制", "declared"), lang)
        for member in item.get("group") or ():
            share += f"  + {party_line(member)}" if member["id"] != item["party"]["id"] else ""
        line(console, f"● {party_line(item['party'])}  {share}", indent=2)
        start = item["party"]["id"] if up else answer["party"]["id"]
        if item.get("path"):
            line(console, chain(item["path"], lang, start), indent=4)
            print_steps(console, item["path"], lang, 6)
    _warn(console, answer, lang)
    closing(console, answer, lang)


def _warn(console: Console, answer: Wire, lang: str) -> None:
    warnings = answer.get("warnings") or ()
    if not warnings:
        return
    heading(console, either(("提示", "Warnings"), lang))
    for warning in warnings:
        line(console, f"· {missing_line(warning, lang)}", "yellow", 2)
