"""Answers about statutes for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.chains import chain, print_proof
from graph_service.cli.render.screen import closing, heading, line, screen
from graph_service.cli.render.words import Wire, clean, either, party_line, source_line, tie

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
