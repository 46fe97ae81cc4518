"""Search results, dossiers and the store's counts for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from graph_service.cli.render.flags import gravest_first, print_flag
from graph_service.cli.render.screen import closing, heading, line, row, screen, table
from graph_service.cli.render.statutes import print_bars
from graph_service.cli.render.words import (
    Wire,
    clean,
    either,
    kind_word,
    list_word,
    party_line,
    record_span,
    relation_word,
    source_line,
    span,
    status_word,
    tie,
)
from graph_service.schema import COMMON, RELATIONS, TABLES

_LABELS = {
    column.name: column.zh[0]
    for name in ("persons", "enterprises")
    for column in (*TABLES[name].columns, *COMMON)
}


def print_search(answer: Wire, lang: str) -> None:
    """Parties found, best first."""
    console = screen()
    parties = answer["parties"]
    if parties:
        columns = (("名称", "类别", "编号", "得分"), ("name", "kind", "id", "score"))
        shown = table(*either(columns, lang))
        for party in parties:
            kind = kind_word(party["kind"], lang)
            row(shown, party["name"], kind, party["id"], f"{party['score']:.2f}")
        console.print(shown)
    else:
        line(console, either(("没有找到。", "Nothing found."), lang))
    closing(console, answer, lang)


def print_dossier(answer: Wire, lang: str) -> None:
    """Everything about one party."""
    console = screen()
    party = answer["party"]
    line(console, f"{party_line(party)} · {kind_word(party['kind'], lang)}", "bold")
    if party.get("aliases"):
        said = either(("又作 ", "also "), lang) + "、".join(map(clean, party["aliases"]))
        line(console, said, "dim", 2)
    for name, value in (answer.get("attributes") or {}).items():
        shown = _LABELS.get(name, name) if lang == "zh" else name
        line(console, f"{clean(shown)}: {_attribute(value)}", indent=2)
    _records(console, answer, "records", ("有效记录", "Records in force"), "red", lang)
    _records(console, answer, "upcoming_records", ("尚未生效记录", "Records to come"), "", lang)
    _records(console, answer, "ended_records", ("已失效记录", "Ended records"), "dim", lang)
    _records(console, answer, "honours", ("守信记录", "Honours"), "green", lang)
    _relations(console, answer["relations"], lang)
    if answer["flags"]:
        heading(console, either(("关联风险标记", "Flags"), lang))
        for flag in gravest_first(answer["flags"]):
            print_flag(console, flag, lang)
    if answer.get("barred"):
        heading(console, either(("禁止任职与投标", "Barred"), lang))
        print_bars(console, answer["barred"], lang)
    _conflicts(console, answer.get("conflicts") or (), lang)
    _sources(console, answer.get("sources") or (), lang)
    closing(console, answer, lang)


def _attribute(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(clean, value))
    return clean(value)


def _records(
    console: Console, answer: Wire, name: str, title: tuple[str, str], style: str, lang: str
) -> None:
    records = answer.get(name) or ()
    if not records:
        return
    heading(console, f"{either(title, lang)} ({len(records)})")
    for record in records:
        period = record_span(record, lang)
        facts = [clean(record.get(name)) for name in ("document_no", "authority", "reason")]
        status = status_word(record.get("status"), lang)
        parts = [list_word(record.get("list"), lang), *facts, status, period]
        line(console, " · ".join(part for part in parts if part), style, 2)
        for source in record.get("sources") or ():
            line(console, source_line(source, lang), "dim", 5)


def _relations(console: Console, steps: Sequence[Wire], lang: str) -> None:
    if not steps:
        return
    heading(console, f"{either(('关系', 'Relations'), lang)} ({len(steps)})")
    order = list(RELATIONS)
    for step in sorted(steps, key=lambda step: order.index(step["type"])):
        said = f"{clean(step['from']['name'])} —{tie(step, lang)}→ {clean(step['to']['name'])}"
        period = span(step.get("since"), step.get("until"), lang)
        line(console, f"{said}{'  ' + period if period else ''}", indent=2)
        for source in step.get("sources") or ():
            line(console, source_line(source, lang), "dim", 5)


def _conflicts(console: Console, conflicts: Sequence[Wire], lang: str) -> None:
    if not conflicts:
        return
    heading(console, f"{either(('来源不一致', 'Sources disagree'), lang)} ({len(conflicts)})")
    for conflict in conflicts:
        kind, _, about = str(conflict.get("about")).partition(" ")
        line(console, f"{relation_word(kind, lang)} {clean(about)}".rstrip(), "yellow", 2)
        for value in conflict.get("values") or ():
            said = value.get("value") if isinstance(value, Mapping) else value
            source = value.get("source") if isinstance(value, Mapping) else None
            where = source_line(source, lang) if isinstance(source, Mapping) else clean(source)
            line(console, f"{clean(said)}  {where}", "dim", 5)


def _sources(console: Console, sources: Sequence[Any], lang: str) -> None:
    if not sources:
        return
    heading(console, either(("来源", "Sources"), lang))
    for source in sources:
        said = source_line(source, lang) if isinstance(source, Mapping) else clean(source)
        line(console, said, "dim", 2)


def print_info(answer: Wire, lang: str) -> None:
    """Counts, sources and digest."""
    console = screen()
    _counts(console, ("主体", "Parties"), answer["parties"], lang, kind_word)
    _counts(console, ("关系", "Relations"), answer["relations"], lang, relation_word)
    _counts(console, ("记录", "Records"), answer["records"], lang, list_word)
    heading(console, either(("来源", "Sources"), lang))
    for source in answer["sources"]:
        line(console, clean(source), indent=2)
    heading(console, either(("摘要", "Digest"), lang))
    line(console, clean(answer["digest"]), indent=2)
    closing(console, answer, lang)


def _counts(console: Console, title: tuple[str, str], counts: Wire, lang: str, label: Any) -> None:
    heading(console, f"{either(title, lang)} ({sum(counts.values())})")
    for name, count in counts.items():
        line(console, f"{count:>10,}  {label(name, lang)}", indent=2)
