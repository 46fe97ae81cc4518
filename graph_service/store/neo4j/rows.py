"""Rows of the server as domain types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.identity import node_of_key
from graph_service.model import (
    SHARE_SCALE,
    LoadEntry,
    LoadFile,
    Record,
    RejectedRow,
    Relation,
    RelationFilter,
    SourceRef,
)
from graph_service.schema import BETWEEN_PARTIES, RELATION_TYPES
from graph_service.store import showing
from graph_service.store.workbench import Said

_UNDIRECTED = [relation.name for relation in RELATION_TYPES if not relation.directed]
_LARGEST = (1 << 63) - 1


def clean(text: str) -> str:
    """A text that can be sent: a lone surrogate is no character."""
    return text.encode("utf-8", "replace").decode()


def text_hash(text: str) -> int:
    """What names are looked up by: an index takes no text of any length."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def party_row(row: Sequence[Any]) -> showing.PartyRow:
    """(asked, n, id, kind, name, known, attributes, aliases, …) as a party."""
    return showing.PartyRow(
        row[1], row[2], row[3], row[4], row[5], row[6], tuple(row[7] or ())
    )  # fmt: skip


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
        "share": None if share is None else min(share, _LARGEST),
        "known_only": only.known_only,
        "sources": None if only.sources is None else sorted(map(clean, only.sources)),
    }


def relation(row: Sequence[Any], day: int) -> tuple[tuple[Any, ...], Relation]:
    """A row of an expansion or scan as (port order, relation)."""
    (_, type_, from_id, to_id, role, since, until, ended, start, stop, low, high, id_, values,
     nominator, source, said, others) = row  # fmt: skip
    made = showing.RelationRow(
        type_, from_id, to_id, role or "", start if since is None else since,
        stop if until is None else until, bool(ended), start, stop, -1 if low is None else low,
        -1 if high is None else high, node_of_key(id_) or 0, values, nominator or "",
    )  # fmt: skip
    sources: tuple[SourceRef, ...] = (Said.of(said).ref(source),)
    if others:
        sources += tuple(SourceRef(*ref) for ref in json.loads(others))
    shown = showing.relation(made, sources, day)
    return (*shown.order, start), shown


def record(subject: str, row: Mapping[str, Any]) -> Record:
    """A record node as a record."""
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
    """A quarantined row."""
    return RejectedRow(
        row["id"], row["load"], row["source"], row["tbl"], row["file"], row["sheet"], row["row"],
        row["col"], row["rule"], row["value"], row["hint_zh"], row["hint_en"],
        json.loads(row["columns"]), tuple(row["names"]),
    )  # fmt: skip
