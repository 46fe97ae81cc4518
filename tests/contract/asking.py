"""Questions in few words, and a store told whole, for comparing two of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, cast

from graph_service.days import Day, iso, parse_iso
from graph_service.model import Expansion, Party, Record, Relation, RelationFilter
from graph_service.store.port import Scan, Store
from tests.support.facts import Fact

NOW = "2026-01-01"


def day(text: str) -> Day:
    """The day of an ISO date."""
    return parse_iso(text)


def wanted(
    *types: str,
    as_of: str = NOW,
    back_to: str | None = None,
    min_share: str | None = None,
    sources: Iterable[str] | None = None,
    **more: Any,
) -> RelationFilter:
    """A relation filter from texts."""
    return RelationFilter(
        as_of=day(as_of),
        types=frozenset(types) if types else None,
        back_to=None if back_to is None else day(back_to),
        min_share=None if min_share is None else Decimal(min_share),
        sources=None if sources is None else frozenset(sources),
        **more,
    )


def around(store: Store, ids: str | Iterable[str], *types: str, **more: Any) -> Expansion:
    """Expand one party or several."""
    per_party = more.pop("per_party", None)
    frontier = [ids] if isinstance(ids, str) else ids
    return store.expand(frontier, wanted(*types, **more), per_party)


def ties(store: Store, ids: str | Iterable[str], *types: str, **more: Any) -> list[Relation]:
    """The relations around one party or several."""
    return list(around(store, ids, *types, **more).relations)


def ends(relations: Iterable[Relation]) -> list[tuple[str, str, str]]:
    """Relations as (type, from, to)."""
    return [(tie.type, tie.from_id, tie.to_id) for tie in relations]


def one(store: Store, id_: str) -> Party:
    """A party with its records; it must be known."""
    return store.parties([id_], records=True)[id_]


def scan_parties(store: Store) -> Iterator[Party]:
    """Every party."""
    return cast(Iterator[Party], store.scan(Scan("parties")))


def scan_relations(store: Store, only: RelationFilter | None = None) -> Iterator[Relation]:
    """Every relation, or those that pass a filter."""
    return cast(Iterator[Relation], store.scan(Scan("relations", relations=only)))


def scan_records(store: Store, in_force_on: str | None = None) -> Iterator[Record]:
    """Every record, or those in force on a day."""
    when = None if in_force_on is None else day(in_force_on)
    return cast(Iterator[Record], store.scan(Scan("records", in_force_on=when)))


def told(store: Store, *searches: str) -> dict[str, object]:
    """All that a store answers: what two equal stores must have in common."""
    parties = list(scan_parties(store))
    ids = [party.id for party in parties]
    info = store.info()
    return {
        "digest": info.digest,
        "counts": (dict(info.parties), dict(info.relations), dict(info.records), info.sources),
        "parties": parties,
        "with records": store.parties(ids, records=True),
        "relations": list(scan_relations(store)),
        "records": list(scan_records(store)),
        "around": store.expand(ids, wanted(back_to="1900-01-01")),
        "in force": list(scan_records(store, NOW)),
        "statements": list(store.statements()),
        "conflicts": store.conflicts(ids),
        "found": {text: store.find(text) for text in searches},
    }


def exported(store: Store) -> list[Fact]:
    """Every statement as the row that states it again, where it stood."""
    facts = []
    for line in store.statements():
        row = cast(dict[str, str], json.loads(line.values))
        row["record_date"] = iso(line.record_date or None) or ""
        facts.append(Fact(line.source, line.table, row, line.file, line.row))
    return facts
