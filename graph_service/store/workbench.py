"""What a graph server's engine needs of its workbench: an embedded store that mirrors the server.

The rules that derive parties, relations and records from statements live once, in the embedded
engine. An engine on a server writes there first, reads what changed from the *outbox*, and
publishes it. Publishing an id means: read what stands now, put it or remove it; so it can be
repeated after any crash.

Rows are plain mappings of texts, integers, booleans and lists of texts, as they stand on the
server; what is absent is left out. Days are ordinals, shares are in units of 1e-18.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from graph_service.cases import Case
from graph_service.model import SourceRef
from graph_service.store.port import Store

Row = dict[str, Any]


class Said(NamedTuple):
    """A statement without its source and values, as the compact text ``said`` holds it.

    ``type`` is the relation type's number, 0 for a party row; ``state`` 0 when it is live, else why
    it is withheld; the rest is as in ``graph_service.model.Statement``.
    """

    sid: int
    table: str
    key: int
    a: int
    b: int
    type: int
    role: str
    since: int
    until: int
    ended: int
    low: int
    high: int
    record_date: int
    file: str
    row: int
    part: int
    load: int
    state: int
    column: str

    @classmethod
    def of(cls, text: str) -> Said:
        """The statement of a ``said`` text."""
        return cls(*json.loads(text))

    def ref(self, source: str) -> SourceRef:
        """Where it stands."""
        return SourceRef(source, self.file, self.row)

    @classmethod
    def place(cls, text: str, source: str) -> SourceRef:
        """Where the statement of a ``said`` text stands, without reading the rest where nothing is
        escaped and the column is empty, as of every live one."""
        if not text.endswith(',""]') or "\\" in text:
            return cls.of(text).ref(source)
        before, row, _, _, _, _ = text.rsplit(",", 5)
        return SourceRef(source, before[before.rindex('"', 0, -1) + 1 : -1], int(row))


class RelationLine(NamedTuple):
    """A relation as it stands on a server; what is None is not kept there.

    ``since_day``/``until_day``: the days it shows, where they are not those on which it is current
    (``start``, ``stop``). ``others``: JSON of the places of statements that agree.
    """

    f: int
    t: int
    type: str
    id: str
    role: str | None
    since: str | None
    until: str | None
    share: float | None
    source: str
    values: str
    said: str
    start: int
    stop: int
    ended: int
    since_day: int | None
    until_day: int | None
    low: int | None
    high: int | None
    others: str | None
    other_sources: list[str] | None
    nominator: int | None
    nominee_for: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """Which state of which server a workbench equals: the store's id and its count of writes."""

    store: str
    stamp: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the workbench says of itself: digest, counts as JSON, order of sources, statements."""

    digest: str
    counts: str
    source_order: str
    statements: int


class Changes(Protocol):
    """What differs between a workbench and its server, read in one state of the workbench.

    ``everything``: all of it does, and each iterator gives all there is.
    """

    everything: bool
    size: int

    def entities(self) -> Iterator[Row]:
        """Parties, contacts and tenders as they stand, with their own rows; ascending by number."""
        ...

    def designators(self) -> Iterator[Row]:
        """Names that are no entity of their own, with the entity they mean."""
        ...

    def nodes(self) -> Iterator[int]:
        """Every node of which one of the two speaks; what they do not give is gone."""
        ...

    def relations(self) -> Iterator[RelationLine]:
        """The relations of changed units, in the units' order."""
        ...

    def units(self) -> Iterator[list[Any]]:
        """Changed units as [from, to, type], in one order: their relations are replaced."""
        ...

    def records(self) -> Iterator[Row]:
        """Records as they stand."""
        ...

    def record_ids(self) -> Iterator[int]:
        """Statement ids of the records that changed or are gone."""
        ...

    def statements(self) -> Iterator[Row]:
        """Statements that stand nowhere else: withheld, not shown, or of several parties."""
        ...

    def statement_ids(self) -> Iterator[int]:
        """Ids of the statements that changed or are gone."""
        ...

    def loads(self) -> Iterator[Row]:
        """Lines of the ledger."""
        ...

    def rejects(self) -> Iterator[Row]:
        """Quarantined rows."""
        ...

    def reject_ids(self) -> Iterator[int]:
        """Numbers of the quarantined rows that changed or are gone."""
        ...

    def facts(self) -> Facts:
        """Digest and counts of this state."""
        ...

    def close(self) -> None:
        """End the reading."""
        ...


class Workbench(Protocol):
    """An embedded store that mirrors a server, and keeps what still differs in its outbox."""

    @property
    def store(self) -> Store:
        """The embedded store itself."""
        ...

    def mark(self) -> Mark | None:
        """Which server's state it is built on; None for a new one."""
        ...

    def pending(self) -> bool:
        """Whether something differs from the server."""
        ...

    def prepare(self) -> bool:
        """Get ready for a write; True when it is a first one, after which everything differs."""
        ...

    def unprepare(self) -> None:
        """After a first write that failed: nothing differs."""
        ...

    def differ(self) -> None:
        """Note that everything differs from the server."""
        ...

    def doubt(self, units: Iterable[Sequence[Any]], records: Iterable[int]) -> None:
        """Note everything here, and these [from, to, type] and records of the server, one by one:
        each is put right where it stands, and nothing is removed that holds."""
        ...

    def changes(self) -> Changes:
        """What differs."""
        ...

    def backup(self, target: str, cases: Sequence[Case]) -> None:
        """A copy as an ordinary embedded store with these cases, into a file that must not
        exist."""
        ...

    def settled(self, mark: Mark) -> None:
        """Everything is published, and the server's state is ``mark``."""
        ...

    def rebuild(
        self,
        mark: Mark,
        nodes: Iterable[Row],
        statements: Iterable[Row],
        loads: Iterable[Row],
        rejects: Iterable[Row],
    ) -> Facts:
        """Fill a new workbench with a server's statements and papers, and derive the rest."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Benches(Protocol):
    """Makes workbenches."""

    def open(self, path: Path, source_order: Sequence[str]) -> Workbench:
        """The workbench at a path, made when there is none; raises StoreError."""
        ...
