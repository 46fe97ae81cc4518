"""A store as if some ties were absent: a thin view that keeps every promise of the port's reading.

Writing through it is refused: it is for questions alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager

from graph_service.cases import Case, CaseHead
from graph_service.errors import StoreError
from graph_service.model import (
    Batch,
    Conflict,
    Expansion,
    Found,
    FullOf,
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
from graph_service.store.port import Ahead, Scan, Store
from queries.stakes import owner


class Without:
    """``store`` without the relations ``absent``; see ``graph_service.store.port`` for methods."""

    def __init__(self, store: Store, absent: Iterable[Relation]) -> None:
        self._store = store
        gone = tuple(absent)
        self._gone = frozenset(r.id for r in gone)
        self._ends = frozenset(end for r in gone for end in (r.from_id, owner(r), r.to_id))

    # --- facts ------------------------------------------------------------------------------------

    def expand(
        self, ids: Iterable[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        """As the store's. A party at an end of an absent tie is asked alone and whole, so that its
        first ``per_party`` and its count are those of what is left."""
        if per_party is None:
            found = self._store.expand(ids, only)
            return Expansion(tuple(self._left(found.relations)), found.cut)
        given = list(ids)
        known = self._store.parties(given)
        names = {known[id].id if id in known else id for id in given}
        touched = sorted(names & self._ends)
        relations: dict[str, Relation] = {}
        cut: dict[str, int] = {}
        if names - self._ends:
            found = self._store.expand(sorted(names - self._ends), only, per_party)
            relations.update((r.id, r) for r in found.relations)
            cut.update(found.cut)
        for id in touched:
            left = list(self._left(self._store.expand([id], only).relations))
            if len(left) > per_party:
                cut[id] = len(left)
            relations.update((r.id, r) for r in left[:per_party])
        return Expansion(tuple(sorted(relations.values(), key=lambda r: r.order)), cut)

    def scan(self, what: Scan) -> Iterator[Party] | Iterator[Relation] | Iterator[Record]:
        """As the store's."""
        if what.what != "relations":
            return self._store.scan(what)
        return self._left(r for r in self._store.scan(what) if isinstance(r, Relation))

    def _left(self, relations: Iterable[Relation]) -> Iterator[Relation]:
        return (r for r in relations if r.id not in self._gone)

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        """As the store's."""
        return self._store.parties(ids, records)

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> Found:
        """As the store's."""
        return self._store.find(text, kinds, limit)

    def info(self) -> StoreInfo:
        """The store's: the data are the same, only the question is another."""
        return self._store.info()

    def reading(self, ahead: Ahead | None = None) -> AbstractContextManager[None]:
        """As the store's."""
        return self._store.reading(ahead)

    def close(self) -> None:
        """Nothing: the store is another's to close."""

    def write(self, batches: Iterable[Batch], load: int, full: Sequence[FullOf] = ()) -> Written:
        """Refused."""
        raise _refused()

    def forget(self, source: str, keep_load: int | None = None) -> int:
        """Refused."""
        raise _refused()

    # --- papers -----------------------------------------------------------------------------------

    def loads(self, source: str | None = None) -> list[LoadEntry]:
        """As the store's."""
        return self._store.loads(source)

    def quarantined(self) -> bool:
        """As the store's."""
        return self._store.quarantined()

    def rejected(
        self,
        source: str | None = None,
        load: int | None = None,
        rule: str | None = None,
        naming: Sequence[str] = (),
    ) -> list[RejectedRow]:
        """As the store's."""
        return self._store.rejected(source, load, rule, naming)

    def statements(
        self, parties: Sequence[str] | None = None, source: str | None = None
    ) -> Iterator[StoredStatement]:
        """As the store's: what was stated stays stated."""
        return self._store.statements(parties, source)

    def conflicts(self, parties: Sequence[str]) -> list[Conflict]:
        """As the store's."""
        return self._store.conflicts(parties)

    def cases(self) -> list[CaseHead]:
        """As the store's."""
        return self._store.cases()

    def case(self, id: str) -> Case | None:
        """As the store's."""
        return self._store.case(id)

    def keep_case(self, id: str, was: int, case: Case | None) -> bool:
        """Refused."""
        raise _refused()

    def begin_load(self, source: str, files: Sequence[LoadFile], who: str, started: str) -> int:
        """Refused."""
        raise _refused()

    def end_load(
        self, load: int, status: str, seconds: float, report: Mapping[str, object]
    ) -> None:
        """Refused."""
        raise _refused()

    def reject(self, rows: Iterable[RejectedRow]) -> None:
        """Refused."""
        raise _refused()

    def drop_rejected(self, ids: Sequence[int]) -> int:
        """Refused."""
        raise _refused()

    def backup(self, target: str) -> None:
        """Refused."""
        raise _refused()


def _refused() -> StoreError:
    return StoreError("a view without some ties is for questions alone")
