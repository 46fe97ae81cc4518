"""Rows of the server as domain types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.model import (
    SHARE_SCALE,
    LoadEntry,
    LoadFile,
    Record,
    RejectedRow,
    RelationFilter,
    SourceRef,
)
from graph_service.schema import BETWEEN_PARTIES, RELATION_TYPES
from graph_service.store import showing
from graph_service.store.neo4j.faults import torn
from graph_service.store.showing import RelationRow
from graph_service.store.workbench import Said

_UNDIRECTED = [relation.name for relation in RELATION_TYPES if not relation.directed]
_UNCAPPED = (1 << 31) - 1  # a list is cut by no larger number
BETWEEN = "\x1f"  # between the parts of a text: JSON and numbers hold no control character


def clean(text: str) -> str:
    """A text that can be sent: a lone surrogate is no character."""
    return text.encode("utf-8", "replace").decode()


def text_hash(text: str) -> int:
    """What names are looked up by: an index takes no text of any length."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def cap(per_party: int | None) -> int:
    """How many relations of one party are told at most; None: all of them."""
    return _UNCAPPED if per_party is None else min(per_party, _UNCAPPED)


def party_row(row: Sequence[Any]) -> showing.PartyRow:
    """(asked, n, id, kind, name, known, attributes, aliases, …) as a party; raises StoreChanged."""
    _, n, id_, kind, name, known, attributes, aliases = row[:8]
    if n is None or id_ is None or kind is None:
        raise torn()
    return showing.PartyRow(n, id_, kind, name, known, attributes, tuple(aliases or ()))


def filter_params(only: RelationFilter) -> dict[str, Any]:
    """A relation filter as parameters."""
    share = None if only.min_share is None else int(only.min_share * SHARE_SCALE)
    return {
        "types": sorted(BETWEEN_PARTIES if only.types is None else only.types),
        "undirected": _UNDIRECTED,
        "out": only.direction != "in",
        "in": only.direction != "out",
        "day": only.as_of,
        "back": only.back_to,
        "share": None if share is None else min(share, showing.LARGEST),
        "known_only": only.known_only,
        "sources": None if only.sources is None else sorted(map(clean, only.sources)),
    }


Told = tuple[RelationRow, tuple[SourceRef, ...]]  # a relation, and where its statements stand


def told(
    type_: str,
    from_id: str | None,
    to_id: str | None,
    role: str | None,
    nominator: str | None,
    source: str | None,
    start: int | None,
    stop: int | None,
    since: int | None,
    until: int | None,
    ended: int | None,
    low: int | None,
    high: int | None,
    id_: str | None,
    values: str | None,
    said: str | None,
    others: str | None,
) -> Told:
    """A relation as the server tells it, in ``RelationLine``'s words. Raises StoreChanged."""
    if from_id is None or to_id is None or source is None or start is None or stop is None:
        raise torn()
    if ended is None or id_ is None or values is None or said is None:
        raise torn()
    made = RelationRow(
        type_, from_id, to_id, role or "", start if since is None else since,
        stop if until is None else until, ended == 1, start, stop, -1 if low is None else low,
        -1 if high is None else high, id_, values, nominator or "",
    )  # fmt: skip
    sources: tuple[SourceRef, ...] = (Said.place(said, source),)
    if others:
        sources += tuple(SourceRef(*ref) for ref in json.loads(others))
    return made, sources


def port_order(row: RelationRow) -> tuple[Any, ...]:
    """What relations are in order by: port order, then the first day."""
    return (row.type, row.from_id, row.to_id, row.since, row.role, row.id, row.start)


def told_again(row: Sequence[Any]) -> Told:
    """What JSON made of a relation that the server told."""
    made, sources = row
    return RelationRow(*made), tuple(SourceRef(*ref) for ref in sources)


def record(subject: str, row: Mapping[str, Any]) -> Record:
    """A record node as a record; raises StoreChanged."""
    if "id" not in row or "said" not in row:
        raise torn()
    made = showing.RecordRow(
        row["id"], subject, row["honour"], row["list"], row["label"], row["decided_day"],
        row["listed_day"], row["valid_until_day"], row.get("status", ""), row["until_day"],
        row["values"],
    )  # fmt: skip
    return showing.record(made, Said.of(row["said"]).ref(row["source"]))


def load_entry(row: Mapping[str, Any]) -> LoadEntry:
    """A line of the ledger."""
    return LoadEntry(
        row["id"], row["source"], row["status"], row["started"], row["seconds"], row["who"],
        tuple(LoadFile(*file) for file in json.loads(row["files"])), json.loads(row["report"]),
    )  # fmt: skip


def rejected_row(row: Mapping[str, Any]) -> RejectedRow:
    """A quarantined row; raises StoreChanged."""
    if "id" not in row or "names" not in row:
        raise torn()
    return RejectedRow(
        row["id"], row["load"], row["source"], row["tbl"], row["file"], row["sheet"], row["row"],
        row["col"], row["rule"], row["value"], row["hint_zh"], row["hint_en"],
        json.loads(row["columns"]), tuple(row["names"]),
    )  # fmt: skip
