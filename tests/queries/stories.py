"""Small worlds told in a few words, for tests about one rule at a time."""

from __future__ import annotations

from decimal import Decimal

from graph_service.days import Day, Span, parse_iso
from graph_service.model import Party, Record, Relation, SourceRef
from queries.ask import Ask
from tests.support.memory import MemoryStore

DAY = parse_iso("2026-03-01")
NOW = Ask(as_of=DAY)
LAST_THREE_YEARS = Ask(as_of=DAY, look_back=Span(3, "y"))


def day(text: str) -> Day:
    """The day of an ISO date."""
    return parse_iso(text)


def record(subject: str, list_: str = "失信被执行人", id: str = "", **more: object) -> Record:
    """A sanction record in force since 2024."""
    fields = {"honour": False, "listed": day("2024-01-01"), **more}
    where = (SourceRef("信用中国", "黑名单.csv", 2),)
    return Record(id or f"名单:{subject}", subject, list=list_, sources=where, **fields)  # type: ignore[arg-type]


def person(id: str, name: str = "张三", *records: Record) -> Party:
    """A person."""
    return Party(id, "Person", name, f"{abs(hash(id)) % 10**16:016d}", records=records)


def firm(id: str, name: str = "", *records: Record, **attributes: str) -> Party:
    """An enterprise."""
    key = f"{abs(hash(id)) % 10**16:016d}"
    return Party(id, "Enterprise", name or f"{id}有限公司", key, (), attributes, records=records)


def contact(id: str) -> Party:
    """A contact."""
    return Party(id, "Contact", "电话", f"{abs(hash(id)) % 10**16:016d}")


def tie(type_: str, start: str, end: str, **more: object) -> Relation:
    """A relation of a type between two ids."""
    where = (SourceRef("市场监管", "关系.csv", 3),)
    more.setdefault("id", f"{type_}:{start}:{end}:{more.get('role', '')}:{more.get('since', '')}")
    return Relation(type=type_, from_id=start, to_id=end, sources=where, **more)  # type: ignore[arg-type]


def stake(holder: str, issuer: str, low: str = "", high: str = "", **more: object) -> Relation:
    """A shareholding: exact, a range, or unknown."""
    least = Decimal(low) if low else None
    most = Decimal(high) if high else least
    exact = least if least == most else None
    return tie(
        "SHAREHOLDER_OF",
        holder,
        issuer,
        share=exact,
        share_min=least,
        share_max=most,
        **more,
    )


def world(parties: list[Party], *relations: Relation) -> MemoryStore:
    """A store that holds these."""
    return MemoryStore(parties, relations)
