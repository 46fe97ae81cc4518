"""A store over plain lists, honest to the port's reading half: a double for tests of questions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from graph_service.cases import Case, CaseHead
from graph_service.days import Day
from graph_service.model import (
    Batch,
    Conflict,
    Expansion,
    Found,
    FullOf,
    Hit,
    LoadEntry,
    LoadFile,
    Party,
    Record,
    RejectedRow,
    Relation,
    RelationFilter,
    StoredStatement,
    StoreInfo,
    Written,
)
from graph_service.schema import RELATIONS
from graph_service.store.port import Ahead, Scan
from graph_service.text import fold

_PARTY_KINDS = frozenset({"Party", "Person", "Enterprise"})


class MemoryStore:
    """Parties (with their records), relations, quarantined rows and conflicts, as given."""

    def __init__(
        self,
        parties: Iterable[Party],
        relations: Iterable[Relation] = (),
        *,
        quarantine: Iterable[RejectedRow] = (),
        disagreements: Iterable[Conflict] = (),
        unfinished: tuple[int, ...] = (),
    ) -> None:
        self._parties = {party.id: party for party in parties}
        self._names = {
            name: party
            for party in self._parties.values()
            for name in (party.id, party.key, *party.aliases)
            if name
        }
        self._relations = sorted(relations, key=lambda r: r.order)
        self._quarantine = list(quarantine)
        self._conflicts = list(disagreements)
        self._unfinished = unfinished
        self._touching: dict[str, list[Relation]] = {}
        for r in self._relations:
            for end in _ends(r):
                self._touching.setdefault(end, []).append(r)
        self.expands = 0

    def write(self, batches: Iterable[Batch], load: int, full: Sequence[FullOf] = ()) -> Written:
        raise NotImplementedError

    def forget(self, source: str, keep_load: int | None = None) -> int:
        raise NotImplementedError

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        found = {id: self._names[id] for id in ids if id in self._names}
        if records:
            return found
        return {id: party._replace(records=()) for id, party in found.items()}

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> Found:
        wanted = fold(text)
        hits = [
            Hit(party, 1.0 if fold(party.name) == wanted else 0.5, "name")
            for party in self._parties.values()
            if wanted in fold(party.name) and (not kinds or party.kind in kinds)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.party.id))
        return Found(tuple(hits[:limit]), len(hits) > limit)

    def expand(
        self, ids: Iterable[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        self.expands += 1
        given: dict[str, Relation] = {}
        cut: dict[str, int] = {}
        for id in {self._names[id].id for id in ids if id in self._names}:
            passing = [r for r in self._touching.get(id, ()) if _goes(r, id, only)]
            shown = [held for r in passing if (held := _at(r, only)) is not None]
            if per_party is not None and len(shown) > per_party:
                cut[id] = len(shown)
                shown = shown[:per_party]
            given.update((r.id, r) for r in shown)
        return Expansion(tuple(sorted(given.values(), key=lambda r: r.order)), cut)

    def scan(self, what: Scan) -> Iterator[Party] | Iterator[Relation] | Iterator[Record]:
        if what.what == "parties":
            return iter(sorted(self._parties.values(), key=lambda party: party.id))
        if what.what == "relations":
            only = what.relations
            if only is None:
                return iter(self._relations)
            passing = (
                r for r in self._relations if _goes(r, r.from_id, replace(only, direction="both"))
            )
            return iter([held for r in passing if (held := _at(r, only)) is not None])
        records = [r for party in self._parties.values() for r in party.records]
        if what.in_force_on is not None:
            day = what.in_force_on
            records = [r for r in records if r.label and not r.honour and _in_force(r, day)]
        return iter(sorted(records, key=lambda r: r.id))

    def info(self) -> StoreInfo:
        counts: dict[str, int] = {}
        for party in self._parties.values():
            counts[party.kind] = counts.get(party.kind, 0) + 1
        types: dict[str, int] = {}
        for r in self._relations:
            types[r.type] = types.get(r.type, 0) + 1
        digest = hashlib.sha256(
            repr([sorted(self._parties), [r.id for r in self._relations]]).encode()
        ).hexdigest()
        return StoreInfo(counts, types, {}, ("测试",), digest, self._unfinished)

    def reading(self, ahead: Ahead | None = None) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        return None

    def begin_load(self, source: str, files: Sequence[LoadFile], who: str, started: str) -> int:
        raise NotImplementedError

    def end_load(
        self, load: int, status: str, seconds: float, report: Mapping[str, object]
    ) -> None:
        raise NotImplementedError

    def loads(self, source: str | None = None) -> list[LoadEntry]:
        return []

    def reject(self, rows: Iterable[RejectedRow]) -> None:
        self._quarantine.extend(rows)

    def quarantined(self) -> bool:
        return bool(self._quarantine)

    def rejected(
        self,
        source: str | None = None,
        load: int | None = None,
        rule: str | None = None,
        naming: Sequence[str] = (),
    ) -> list[RejectedRow]:
        return [
            row
            for row in self._quarantine
            if source in (None, row.source)
            and load in (None, row.load)
            and rule in (None, row.rule)
            and (not naming or not set(naming).isdisjoint(row.names))
        ]

    def drop_rejected(self, ids: Sequence[int]) -> int:
        raise NotImplementedError

    def statements(
        self, parties: Sequence[str] | None = None, source: str | None = None
    ) -> Iterator[StoredStatement]:
        return iter(())

    def conflicts(self, parties: Sequence[str]) -> list[Conflict]:
        return [conflict for conflict in self._conflicts if conflict.party in parties]

    def cases(self) -> list[CaseHead]:
        return []

    def case(self, id: str) -> Case | None:
        return None

    def keep_case(self, id: str, was: int, case: Case | None) -> bool:
        raise NotImplementedError

    def backup(self, target: str) -> None:
        raise NotImplementedError


def _ends(r: Relation) -> set[str]:
    ends = {r.from_id, r.to_id}
    if nominator := r.attributes.get("nominee_for"):
        ends.add(nominator)
    return ends


def _goes(r: Relation, id: str, only: RelationFilter) -> bool:
    type_ = RELATIONS[r.type]
    if only.types is None:
        if not {type_.start, type_.end} <= _PARTY_KINDS:
            return False
    elif r.type not in only.types:
        return False
    if only.sources is not None and not {ref.source for ref in r.sources} & only.sources:
        return False
    if only.direction == "both" or not type_.directed:
        return True
    if only.direction == "in":
        return r.to_id == id
    return id in _ends(r) - {r.to_id} or r.from_id == id


def _at(r: Relation, only: RelationFilter) -> Relation | None:
    """The relation as it stands on the day asked for, or None when it does not pass."""
    if r.type == "SHAREHOLDER_OF" and only.min_share is not None:
        if r.share_max is None:
            if only.known_only:
                return None
        elif r.share_max < only.min_share:
            return None
    day = only.as_of
    if (r.since or 0) > day:
        return None
    if not r.ended and (r.until is None or day < r.until):
        return r
    if only.back_to is None:
        return None
    if r.until is None:
        return r._replace(former=True) if r.ended else None
    return r._replace(former=True) if only.back_to < r.until <= day else None


def _in_force(record: Record, day: Day) -> bool:
    over = record.status in ("revoked", "repaired", "removed")
    if over and (record.until is None or record.until <= day):
        return False
    if (record.listed or record.decided or 0) > day:
        return False
    return record.valid_until is None or day <= record.valid_until
