"""Answers about statutes for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.chains import chain, print_proof
from graph_service.cli.render.screen import closing, heading, line, screen
from graph_service.cli.render.words import (
    Wire,
    clean,
    either,
    missing_line,
    party_line,
    percent,
    source_line,
    tie,
)

SCOPES = {
    "directors": ("不得任董事、监事、高级管理人员", "director, supervisor, senior manager"),
    "legal_representatives": ("不得任法定代表人", "legal representative"),
    "government_procurement": ("不得参加政府采购", "government procurement"),
    "tenders": ("不得参加招标投标", "tenders"),
}


def print_barred(answer: Wire, lang: str) -> None:
    """From what a party is barred, each bar with its article and its ground."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    if answer["bars"]:
        print_bars(console, answer["bars"], lang)
    else:
        line(console, either(("未发现禁止情形。", "No bar found."), lang), indent=2)
    if answer["offices"]:
        heading(console, either(("现任职务", "Posts held all the same"), lang))
        for step in answer["offices"]:
            line(console, f"{tie(step, lang)} → {party_line(step['to'])}", indent=2)
    if answer["officers"]:
        heading(console, either(("被禁止任职的人员", "Barred officers"), lang))
    for officer in answer["officers"]:
        posts = "、".join(tie(step, lang) for step in officer["posts"])
        line(console, f"{party_line(officer['party'])}  {posts}", indent=2)
        print_bars(console, officer["bars"], lang, 4)
    said = "；".join(clean(item[lang]) for item in answer["not_examined"])
    line(console, either(("未审查：", "Not examined: "), lang) + said, "dim", 2)
    closing(console, answer, lang)


def print_bars(console: Console, bars: Sequence[Wire], lang: str, indent: int = 2) -> None:
    """Bars, each on a line, under it why, by which article and from which rows."""
    for bar in bars:
        scope = either(SCOPES.get(bar["scope"], (bar["scope"],) * 2), lang)
        doubt = "" if bar["certain"] else either(("（待核实）", " (to be verified)"), lang)
        until = clean(bar["until"]) or either(("未载明", "not stated"), lang)
        line(console, f"■ {scope}{doubt}  {either(('至', 'until'), lang)} {until}", "bold", indent)
        line(console, clean(bar["why"][lang]), indent=indent + 2)
        line(
            console, clean(bar["article"] if lang == "zh" else bar["article_en"]), "dim", indent + 2
        )
        if bar["path"]:
            line(console, chain(bar["path"], lang, bar["party"]["id"]), indent=indent + 2)
            print_proof(console, bar["path"], lang, indent + 4)
        for source in (bar["record"] or {}).get("sources") or ():
            line(console, source_line(source, lang), "dim", indent + 4)


def print_related(answer: Wire, lang: str) -> None:
    """Related parties, rule by rule, each with its role path."""
    console = screen()
    line(console, f"{party_line(answer['party'])} · {clean(answer['title'][lang])}", "bold")
    if not answer["related"]:
        line(console, either(("未发现关联方。", "No related party found."), lang), indent=2)
    shown = ""
    for found in answer["related"]:
        title = clean(found["title"][lang])
        if found["inverse"]:
            title = either(("对方视角：", "seen from the other: "), lang) + title
        if title != shown:
            shown = title
            mark = "" if found["verified"] else " †"
            article = clean(found["article"] if lang == "zh" else found["article_en"])
            heading(console, f"{title}  {article}{mark}")
        _print_related_party(console, found, answer["party"]["id"], lang)
    if any(not found["verified"] for found in answer["related"]):
        said = ("† 条文未经再次核对原文。", "† the article's text was not read again.")
        line(console, either(said, lang), "dim")
    for warning in answer["warnings"]:
        line(console, f"· {missing_line(warning, lang)}", "yellow", 2)
    for item in answer["not_examined"]:
        line(console, either(("未审查：", "Not examined: "), lang) + clean(item[lang]), "dim", 2)
    closing(console, answer, lang)


def _print_related_party(console: Console, found: Wire, start: str, lang: str) -> None:
    notes = [percent(found["share"])] if found["share"] is not None else []
    if not found["certain"]:
        notes.append(either(("待核实", "to be verified"), lang))
    if found["former"]:
        until = clean(found["as_of"])
        notes.append(either((f"截至{until}", f"until {until}"), lang))
    line(console, f"● {party_line(found['party'])}  {'  '.join(notes)}".rstrip(), indent=2)
    line(console, chain(found["path"], lang, start), indent=4)
    print_proof(console, found["path"], lang, 6)


_FEATURES = {
    "officers": ("人员", "people"),
    "address": ("地址", "address"),
    "phone": ("电话", "phone"),
    "industry": ("行业", "line of business"),
}


def print_phoenix(answer: Wire, lang: str) -> None:
    """Suspected phoenix companies with the features that match."""
    console = screen()
    line(console, party_line(answer["party"]), "bold")
    if not answer["phoenixes"]:
        line(console, either(("未发现线索。", "Nothing suspected."), lang), indent=2)
    for found in answer["phoenixes"]:
        ends = f"{party_line(found['old'])} → {party_line(found['new'])}"
        line(console, f"○ {either(('疑似换壳', 'suspected phoenix'), lang)}  {ends}", "cyan", 2)
        days = (
            f"前者 {clean(found['ended'])} 终止，后者 {clean(found['founded'])} 成立",
            f"the former ended on {clean(found['ended'])}, the latter was founded on"
            f" {clean(found['founded'])}",
        )
        line(console, either(days, lang), indent=4)
        for feature in found["features"]:
            kind = either(_FEATURES[feature["kind"]], lang)
            line(console, f"· {kind}: {clean(feature['value'])}", indent=4)
            print_proof(console, feature["path"], lang, 6)
    closing(console, answer, lang)
