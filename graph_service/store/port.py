"""The two ports behind which every engine stands: ``GraphStore`` for facts, ``Archive`` for papers.

Few methods, domain types only, synchronous. Path semantics live once, in ``queries``; engines can
only differ where a promise written here is broken, and each promise has its contract test
(``tests/contract``), run on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from graph_service.cases import Case, CaseHead
from graph_service.days import Day
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

Progress = Callable[[str, int, int], None]  # phase, done, total (0: not known)


@dataclass(frozen=True, slots=True)
class Scan:
    """What ``scan`` streams: ``parties``, ``relations`` or ``records``, filtered.

    ``relations`` binds a scan of relations; ``in_force_on`` a scan of records: those with label
    yes, no honour, in force on that day. Parties are enterprises and persons.
    """

    what: Literal["parties", "relations", "records"]
    relations: RelationFilter | None = None
    in_force_on: Day | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a question is about to ask of ``expand``: up to ``hops`` hops from some parties, each
    from all parties that the one before met, with one filter and cap; and ``parties`` of them."""

    ids: tuple[str, ...]
    only: RelationFilter
    per_party: int
    hops: int


class GraphStore(Protocol):
    """Facts: what was stated goes in, what follows from it comes out.

    Ids handed in may be stored ids, aliases, ``<source>:<local id>`` or keys; ids handed out are
    the ids that answers show. Unknown ids are left out, never an error. Every method raises
    ``StoreUnavailable``, ``StoreDamaged`` or another ``StoreError`` when the store cannot be asked;
    an empty answer means that there is nothing.
    """

    def write(self, batches: Iterable[Batch], load: int, full: Sequence[FullOf] = ()) -> Written:
        """Store the statements of one load, derive what follows, and say what changed.

        ``full`` is read when the last batch has been taken. Readers see all of it or none. Writing
        the same statements again changes nothing. The result does not depend on the order of
        statements or batches. Raises ``StoreBusy`` when another writer is at work.
        """
        ...

    def forget(self, source: str, keep_load: int | None = None) -> int:
        """Remove what ``source`` said (but for what load ``keep_load`` said); how many statements.

        What is left is exactly what the other sources state.
        """
        ...

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        """The known ones of ``ids``, by the id as given; with ``records``, theirs in id order."""
        ...

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> Found:
        """Parties by name, former name, code or pinyin initials, best first.

        Finds 王伟, 星河 inside 北京星河科技有限公司, rare characters and full-width forms; ranking
        is the same on every engine. An exact name comes before all others.
        """
        ...

    def expand(
        self, ids: Iterable[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        """The relations of a whole frontier, in one statement, in port order, each once.

        A party with more than ``per_party`` relations that pass the whole filter gives its first
        ``per_party`` in port order and is named in ``cut`` with its full count. A stake held for
        another carries the nominator's id as ``attributes["nominee_for"]`` and is met from the
        nominator too: it is a relation of three parties. Undirected types pass every direction.
        """
        ...

    def scan(self, what: Scan) -> Iterator[Party] | Iterator[Relation] | Iterator[Record]:
        """Stream the whole population in a fixed order, in bounded memory."""
        ...

    def info(self) -> StoreInfo:
        """Counts, sources, digest, and the loads that are not finished."""
        ...

    def reading(self, ahead: Ahead | None = None) -> AbstractContextManager[None]:
        """A scope in which every question of this thread sees one state of the store.

        An engine that cannot hold a state while a load ends raises ``StoreChanged`` instead: at one
        of the questions, or when the outermost scope ends, also in the place of another error. So
        what a scope gave is of one state once it has ended without it; asked again it is soon well.

        ``ahead`` is a hint that changes no answer: an engine that pays for every call may fetch
        all of it in one, when ``info`` is asked.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Archive(Protocol):
    """Papers beside the facts: the ledger, the quarantine, statements, conflicts and cases."""

    def begin_load(self, source: str, files: Sequence[LoadFile], who: str, started: str) -> int:
        """Open a line of the ledger, visible at once as ``running``; its load id.

        A running line of the same source and files that a dead process left is taken over.
        """
        ...

    def end_load(
        self, load: int, status: str, seconds: float, report: Mapping[str, object]
    ) -> None:
        """Close a line of the ledger with ``done`` or ``failed`` and its report."""
        ...

    def loads(self, source: str | None = None) -> list[LoadEntry]:
        """The ledger, newest first."""
        ...

    def reject(self, rows: Iterable[RejectedRow]) -> None:
        """Put rows into the quarantine (their ``id`` is given by the store)."""
        ...

    def quarantined(self) -> bool:
        """Whether any row is quarantined at all."""
        ...

    def rejected(
        self,
        source: str | None = None,
        load: int | None = None,
        rule: str | None = None,
        naming: Sequence[str] = (),
    ) -> list[RejectedRow]:
        """Rows still quarantined, in id order.

        ``naming``: those that name one of these texts or, where a text is a party's id, that party
        by any of its ids: a row says ``p1`` where the party is ``pid:…``.
        """
        ...

    def drop_rejected(self, ids: Sequence[int]) -> int:
        """Drop rows from the quarantine for good, with what they wait to state; how many."""
        ...

    def statements(
        self, parties: Sequence[str] | None = None, source: str | None = None
    ) -> Iterator[StoredStatement]:
        """Statements in (source, table, file, row) order: of some parties, a source, or all."""
        ...

    def conflicts(self, parties: Sequence[str]) -> list[Conflict]:
        """What sources disagree about, for these parties, in (party, about) order."""
        ...

    def cases(self) -> list[CaseHead]:
        """All cases, the one changed last first, then by id. They touch neither digest nor facts;
        backups carry them, and ``forget`` leaves them as they are."""
        ...

    def case(self, id: str) -> Case | None:
        """One case, or None."""
        ...

    def keep_case(self, id: str, was: int, case: Case | None) -> bool:
        """Put a case as it is given in the place of its version ``was`` (0: there is none yet), or
        remove that version with None. False, and nothing changes, when another version stands."""
        ...

    def backup(self, target: str) -> None:
        """A consistent copy of the whole store, also while a load runs."""
        ...


class Store(GraphStore, Archive, Protocol):
    """What every engine gives: both ports over one store."""
