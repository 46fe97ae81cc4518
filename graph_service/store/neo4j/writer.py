"""Writing: under the server's lock, into the workbench, and what changed to the server."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString, TypeVar

from graph_service.errors import StoreBusy, StoreDamaged, StoreError
from graph_service.store.neo4j import opening, publish, reading, writing
from graph_service.store.neo4j.cases import Cases
from graph_service.store.neo4j.faults import passes, unsure
from graph_service.store.neo4j.papers import every_statement
from graph_service.store.neo4j.publish import Publication, Ways, wipe
from graph_service.store.neo4j.server import Server, TooLate, Writing, pauses
from graph_service.store.neo4j.sweep import sweep
from graph_service.store.port import Progress, Store
from graph_service.store.workbench import Benches, Changes, Mark, Row, Workbench

T = TypeVar("T")
_NODE = ("n", "id", "cls", "kind", "scope", "node_name", "node_folded", "node_source")
_WORKERS = 2  # batches that the server writes at once
_WAIT = 2.0  # seconds that a second writer waits for the first


class Writer:
    """The one way to write; holds the workbench between two writes."""

    def __init__(
        self, server: Server, benches: Benches, folder: Path, source_order: Sequence[str]
    ) -> None:
        self._server = server
        self._cases = Cases(server)
        self._benches = benches
        self._folder = folder
        self._order = tuple(source_order)
        self._one = threading.Lock()
        self._bench: Workbench | None = None
        self._inode = 0
        self._name = secrets.token_hex(8)
        self.progress: Progress | None = None

    def write(self, work: Callable[[Store], T], load: int) -> T:
        """Run a write of statements and publish it."""
        return self._done(lambda bench: self._first(bench, work), load)

    def _first(self, bench: Workbench, work: Callable[[Store], T]) -> T:
        """Run a write; a first one notes nothing step by step, for everything differs after it."""
        behind = bench.pending()
        first = bench.prepare()
        self._tell(bench.store)
        try:
            return work(bench.store)
        except BaseException:
            if first and not behind:
                bench.unprepare()
            raise

    def note(self, work: Callable[[Store], T], *, discard: bool = False) -> T:
        """Run a write of papers and publish it; ``discard``: forget a write of statements that
        failed before the server had any of it."""
        return self._done(lambda bench: work(bench.store), 0, discard)

    def _done(self, work: Callable[[Workbench], T], load: int, discard: bool = False) -> T:
        worked: list[T] = []
        try:
            with self._locked() as (transaction, meta):
                bench = self._equal(meta, discard)
                worked.append(work(bench))
                self._publish(bench, meta, transaction, load)
        except StoreError as error:
            if not worked or not isinstance(error.__cause__, Exception):
                raise
            if not passes(error.__cause__):
                raise
            self._again(load)
        return worked[0]

    def _again(self, load: int) -> None:
        """Publish what the workbench holds and the server refused, or whose answer was lost."""
        for pause in pauses(self._server.link.retry_seconds, first=0.2):
            time.sleep(pause)
            try:
                with self._locked() as (transaction, meta):
                    self._publish(self._equal(meta), meta, transaction, load)
                return
            except StoreError as error:
                last = error
        raise last

    def settle(self) -> None:
        """Bring workbench and server together, also under another order of sources."""
        with self._locked() as (transaction, meta):
            bench = self._equal(meta)
            self._publish(bench, meta, transaction, 0)

    def backup(self, target: str) -> None:
        """Copy the workbench as it was after the last write that ended."""
        meta = self._meta()
        bench = self._kept(self._path(meta))
        if bench is not None and bench.mark() == _mark(meta) and not bench.pending():
            bench.backup(target, self._cases.every())
            return
        with self._locked() as (transaction, meta):
            bench = self._equal(meta)
            self._publish(bench, meta, transaction, 0)
        bench.backup(target, self._cases.every())

    def restore(self, backup: Path) -> None:
        """Take a backup as the workbench, and publish all of it, its cases too."""
        with self._locked() as (transaction, meta):
            path = self._path(meta)
            scratch = self._scratch(path)
            shutil.copyfile(backup, scratch)
            bench = self._benches.open(scratch, self._order)
            bench.settled(_mark(meta))
            bench.differ()
            bench.close()
            self._replace(scratch, path)
            restored = self._opened(path)
            self._publish(restored, meta, transaction, 0)
        kept = (restored.store.case(head.id) for head in restored.store.cases())
        self._cases.replace(case for case in kept if case is not None)

    def close(self) -> None:
        """Let go of the workbench."""
        if self._bench is not None:
            self._bench.close()
            self._bench = None

    # -- the lock ------------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[tuple[Writing, opening.Meta]]:
        """The server's lock, held by an open transaction: it ends when this process does."""
        if not self._one.acquire(timeout=_WAIT):
            raise busy()
        try:
            with self._server.transaction() as transaction:
                try:
                    transaction.run(writing.LOCK, {"holder": self._name}, _WAIT)
                except TooLate:
                    self._meta()  # raises when it is the server that does not answer
                    raise busy() from None
                yield transaction, self._meta()
        finally:
            self._one.release()

    def _meta(self) -> opening.Meta:
        meta = opening.found(self._server)
        if meta is None:
            raise StoreDamaged("The store on this server is gone", "credit-graph restore FILE")
        return meta

    # -- the workbench -------------------------------------------------------------------------

    def _path(self, meta: opening.Meta) -> Path:
        name = hashlib.sha256(f"{self._server.link.address}\0{meta['store']}".encode()).hexdigest()
        return self._folder / f"{name[:24]}.db"

    def _opened(self, path: Path) -> Workbench:
        """The workbench at a path; opened anew when another process has put another there."""
        with suppress(FileNotFoundError):
            if self._bench is not None and path.stat().st_ino == self._inode:
                return self._bench
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._bench = self._benches.open(path, self._order)
        self._inode = path.stat().st_ino
        return self._bench

    def _equal(self, meta: opening.Meta, discard: bool = False) -> Workbench:
        """The workbench, equal to the server or ahead of it by its own outbox."""
        path = self._path(meta)
        bench = self._kept(path)
        if bench is None or not self._is_ours(bench, meta):
            return self._rebuilt(path, meta)
        if discard and bench.pending() and not meta["publishing"]:
            return self._rebuilt(path, meta)
        return bench

    def _kept(self, path: Path) -> Workbench | None:
        """The workbench at a path; None where there is none, or one that is damaged or of another
        version: the server holds the truth."""
        if path.exists():
            with suppress(StoreDamaged):
                return self._opened(path)
        return None

    def _is_ours(self, bench: Workbench, meta: opening.Meta) -> bool:
        mark = bench.mark()
        if mark is None or mark.store != meta["store"]:
            return False
        ours: bool = self._signature() == (meta["publishing"] or meta["writer"])
        if meta["publishing"]:
            return ours
        return mark == _mark(meta) or (ours and mark.stamp + 1 == meta["stamp"])

    def _signature(self) -> str:
        """Who publishes: this workbench, whichever process uses it."""
        return f"{os.uname().nodename}:{self._inode}"

    def _rebuilt(self, path: Path, meta: opening.Meta) -> Workbench:
        """A new workbench with what the server holds, put in the place of the old one."""
        scratch = self._scratch(path)
        bench = self._benches.open(scratch, self._order)
        try:
            facts = bench.rebuild(
                _mark(meta), self._nodes(), self._statements(),
                self._rows(reading.ALL_LOADS), self._rows(reading.ALL_REJECTED),
            )  # fmt: skip
            if meta["publishing"]:
                # another machine's write did not end: its half is put right where it stands
                bench.doubt(
                    self._server.stream(reading.ALL_UNITS, {}),
                    (sid for (sid,) in self._server.stream(reading.ALL_RECORDS, {})),
                )
        finally:
            bench.close()
        if facts.digest != meta["digest"] and not meta["publishing"]:
            _remove(scratch)
            raise StoreDamaged(
                "The server's statements do not have the digest that it keeps",
                "Restore the last backup: credit-graph restore FILE --force",
            )
        self._replace(scratch, path)
        return self._opened(path)

    def _scratch(self, path: Path) -> Path:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        _remove(scratch)
        return scratch

    def _replace(self, scratch: Path, path: Path) -> None:
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        os.replace(scratch, path)

    def _rows(self, cypher: LiteralString) -> Iterator[Row]:
        return (dict(row[0]) for row in self._server.stream(cypher, {}))

    def _nodes(self) -> Iterator[Row]:
        for row in sweep(self._server, reading.ALL_NODES, {}):
            yield dict(zip(_NODE, row, strict=True))

    def _statements(self) -> Iterator[Row]:
        for source, values, said, _, _ in every_statement(self._server, None):
            yield {"source": source, "values": values, "said": said}

    def _tell(self, store: Store) -> None:
        if self.progress is not None and hasattr(store, "progress"):
            store.progress = self.progress

    # -- publishing ----------------------------------------------------------------------------

    def _publish(
        self, bench: Workbench, meta: opening.Meta, transaction: Writing, load: int
    ) -> None:
        """Bring the outbox to the server; the last step is one commit with digest and stamp.

        All else is committed before it and announced: a server lets readers see a commit bit by
        bit, so that one that held facts and digest could be seen with half of the first and all of
        the second.
        """
        changes = bench.changes()
        try:
            facts = changes.facts()
            if not changes.size and meta["source_order"] == facts.source_order:
                return
            if changes.size > publish.AT_ONCE:
                self._announce(load, parts=True)
                self._send(changes, Ways(self._server.put, self._server.make, _WORKERS))
            else:
                with self._server.transaction() as own:
                    self._send(changes, Ways(own.run, own.run))
                    self._commit(own, meta, load)
            after = {
                "digest": facts.digest, "counts": facts.counts, "stamp": meta["stamp"] + 1,
                "source_order": facts.source_order, "writer": self._signature(), "publishing": "",
                "publishing_load": None, "publishing_parts": None,
            }  # fmt: skip
            transaction.run(writing.META, {"meta": after})
        finally:
            changes.close()
        transaction.commit()
        meta.update(after)
        bench.settled(_mark(meta))

    def _send(self, changes: Changes, ways: Ways) -> None:
        if changes.everything:
            wipe(ways.put)
        Publication(changes, ways, self._say).publish()

    def _commit(self, own: Writing, meta: opening.Meta, load: int) -> None:
        """Commit what is announced; what the server refused is announced no more."""
        self._announce(load, parts=False)
        try:
            own.commit()
        except Exception as error:
            if not unsure(error):
                with suppress(StoreError):
                    self._server.put(writing.META, {"meta": {"publishing": meta["publishing"]}})
            raise

    def _announce(self, load: int, *, parts: bool) -> None:
        """Say to readers that what they see is half of something: ``parts`` of it for as long as it
        takes, or one commit, for whose end they wait."""
        meta = {
            "publishing": self._signature(), "publishing_load": load, "publishing_parts": parts,
        }  # fmt: skip
        self._server.put(writing.META, {"meta": meta})

    def _say(self, phase: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(phase, done, total)


def _mark(meta: opening.Meta) -> Mark:
    return Mark(meta["store"], meta["stamp"])


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def busy() -> StoreBusy:
    """The error for a second writer."""
    return StoreBusy(
        "Another load is writing to this store", "Wait until it has ended, then run this again."
    )
