"""``Neo4jStore``: a Neo4j server behind both ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from graph_service.cases import Case, CaseHead
from graph_service.days import today
from graph_service.errors import NotOverwritten
from graph_service.identity import IdKey
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
from graph_service.store import showing
from graph_service.store.derive import Precedence
from graph_service.store.neo4j import opening
from graph_service.store.neo4j.cases import Cases
from graph_service.store.neo4j.papers import Papers
from graph_service.store.neo4j.reader import Reader
from graph_service.store.neo4j.server import Link, Server
from graph_service.store.neo4j.state import State
from graph_service.store.neo4j.writer import Writer
from graph_service.store.port import Ahead, Progress, Scan
from graph_service.store.workbench import Benches

T = TypeVar("T")


class Neo4jStore:
    """One server as a ``Store``: answers come from it, writes go through a workbench."""

    def __init__(
        self, server: Server, key: IdKey, writer: Writer, order: Sequence[str], name: str
    ) -> None:
        self.server = server
        self._reader = Reader(server, key)
        self._state = State(server, name, self._reader.near)
        self._papers = Papers(server)
        self._cases = Cases(server)
        self._writer = writer
        self._precedence = Precedence(order)

    @classmethod
    def open(
        cls,
        link: Link,
        key: IdKey,
        benches: Benches,
        folder: Path,
        *,
        create: bool = False,
        source_order: tuple[str, ...] = (),
    ) -> Neo4jStore:
        """The store on a server; ``folder`` keeps workbenches.

        Raises StoreMissing, StoreUnavailable, StoreDamaged or KeyMismatch.
        """
        server = Server(link)
        try:
            meta = opening.checked(server, key, create)
            writer = Writer(server, benches, folder, source_order)
            if meta.get("source_order", "") != ",".join(source_order):
                writer.settle()
        except BaseException:
            server.close()
            raise
        return cls(server, key, writer, source_order, meta["store"])

    @classmethod
    def restore(
        cls,
        link: Link,
        key: IdKey,
        benches: Benches,
        folder: Path,
        backup: Path,
        *,
        force: bool = False,
        source_order: tuple[str, ...] = (),
    ) -> None:
        """Put a backup in the place of what the server holds; NotOverwritten unless ``force``."""
        store = cls.open(link, key, benches, folder, create=True, source_order=source_order)
        try:
            info = store.info()
            if (info.sources or store.loads()) and not force:
                raise NotOverwritten(
                    "The server holds a store with data", "Choose another --store, or say --force."
                )
            store._writer.restore(backup)
        finally:
            store.close()

    # -- writing -------------------------------------------------------------------------------

    @property
    def progress(self) -> Progress | None:
        """Who is told how far a write is."""
        return self._writer.progress

    @progress.setter
    def progress(self, value: Progress | None) -> None:
        """Tell somebody else, or nobody."""
        self._writer.progress = value

    def write(self, batches: Iterable[Batch], load: int, full: Sequence[FullOf] = ()) -> Written:
        """See ``GraphStore.write``."""
        return self._writer.write(lambda store: store.write(batches, load, full), load)

    def forget(self, source: str, keep_load: int | None = None) -> int:
        """See ``GraphStore.forget``."""
        return self._writer.write(lambda store: store.forget(source, keep_load), 0)

    def begin_load(self, source: str, files: Sequence[LoadFile], who: str, started: str) -> int:
        """See ``Archive.begin_load``."""
        return self._writer.note(lambda store: store.begin_load(source, files, who, started))

    def end_load(
        self, load: int, status: str, seconds: float, report: Mapping[str, object]
    ) -> None:
        """See ``Archive.end_load``."""
        self._writer.note(
            lambda store: store.end_load(load, status, seconds, report), discard=status == "failed"
        )

    def reject(self, rows: Iterable[RejectedRow]) -> None:
        """See ``Archive.reject``."""
        self._writer.note(lambda store: store.reject(rows))

    def drop_rejected(self, ids: Sequence[int]) -> int:
        """See ``Archive.drop_rejected``."""
        return self._writer.note(lambda store: store.drop_rejected(ids))

    def keep_case(self, id: str, was: int, case: Case | None) -> bool:
        """See ``Archive.keep_case``."""
        return self._cases.keep(id, was, case)

    def backup(self, target: str) -> None:
        """See ``Archive.backup``: an embedded store with the server's statements and papers."""
        self._writer.backup(target)

    # -- reading -------------------------------------------------------------------------------

    def reading(self, ahead: Ahead | None = None) -> AbstractContextManager[None]:
        """See ``GraphStore.reading``. The server is read-committed: a scope cannot hold a state of
        it, but ends with StoreChanged when the state that it saw first changed meanwhile."""
        return self._state.reading(ahead)

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        """See ``GraphStore.parties``."""
        asked = list(ids)
        near = None if records else self._state.near()
        found = None if near is None else near.parties(asked)
        if found is not None:
            return found
        if asked and self._state.fresh:
            rows = self._state.first(lambda: self._reader.seen(asked))
        else:
            rows = self._reader.found(asked)
        return self._reader.parties(rows, records)

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> Found:
        """See ``GraphStore.find``."""
        self._state.begin()
        return self._reader.find(text, kinds, limit)

    def expand(
        self, ids: Iterable[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        """See ``GraphStore.expand``."""
        asked = list(ids)
        self._state.begin()
        near = self._state.near()
        found = None if near is None else near.expand(asked, only, per_party)
        return self._reader.expand(asked, only, per_party) if found is None else found

    def scan(self, what: Scan) -> Iterator[Party] | Iterator[Relation] | Iterator[Record]:
        """See ``GraphStore.scan``."""
        self._state.begin()
        return self._reader.scan(what, what.relations or RelationFilter(today()))

    def info(self) -> StoreInfo:
        """See ``GraphStore.info``."""
        return self._state.info()

    def loads(self, source: str | None = None) -> list[LoadEntry]:
        """See ``Archive.loads``."""
        self._state.begin()
        return self._papers.loads(source)

    def quarantined(self) -> bool:
        """See ``Archive.quarantined``."""
        self._state.begin()
        near = self._state.near()
        return near.any_rejected if near else self._papers.any_rejected()

    def rejected(
        self,
        source: str | None = None,
        load: int | None = None,
        rule: str | None = None,
        naming: Sequence[str] = (),
    ) -> list[RejectedRow]:
        """See ``Archive.rejected``."""
        self._state.begin()
        if naming:
            naming = [*naming, *self._papers.other_ids(self._reader.possible(naming))]
        return self._papers.rejected(source, load, rule, naming)

    def statements(
        self, parties: Sequence[str] | None = None, source: str | None = None
    ) -> Iterator[StoredStatement]:
        """See ``Archive.statements``; all of them are refused while they are half of a load's:
        StoreBusy."""
        self._state.begin()
        nodes = None
        if parties is None:
            self._state.whole()
        else:
            nodes = self._reader.nodes(parties)
        yield from self._papers.statements(nodes, source)

    def conflicts(self, parties: Sequence[str]) -> list[Conflict]:
        """See ``Archive.conflicts``."""
        self._state.begin()
        chosen = {row.node: row.id for row in self._reader.found(parties).values()}
        said = self._papers.statements(sorted(chosen), None)
        return showing.conflicts(said, set(chosen.values()), self._precedence)

    def cases(self) -> list[CaseHead]:
        """See ``Archive.cases``."""
        return self._cases.heads()

    def case(self, id: str) -> Case | None:
        """See ``Archive.case``."""
        return self._cases.one(id)

    # -- keeping -------------------------------------------------------------------------------

    def check(self) -> list[str]:
        """What is wrong with the server's store; empty when all is well."""
        return opening.problems(self.server)

    def close(self) -> None:
        """See ``GraphStore.close``."""
        self._writer.close()
        self.server.close()
