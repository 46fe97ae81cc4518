"""Publishing what a write changed: in one transaction when it is little, else in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, LiteralString

from graph_service.store.neo4j import rows, writing
from graph_service.store.workbench import Changes, Row

AT_ONCE = 20_000  # changes that one transaction takes
_BATCH = 5_000

Run = Callable[[LiteralString, dict[str, Any]], object]
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """How statements reach the server: what may be repeated, and what may not; ``workers`` of the
    latter at once (1: in the order in which they are given)."""

    put: Run
    make: Run
    workers: int = 1


class Publication:
    """One way from a workbench's outbox to the server."""

    def __init__(self, changes: Changes, ways: Ways, say: Say) -> None:
        self._changes = changes
        self._ways = ways
        self._say = say
        self._done = 0

    def publish(self) -> None:
        """Put what stands, remove what does not; repeatable from any point."""
        changes = self._changes
        if not changes.everything:
            self._put(writing.GONE_UNITS, changes.units())
            self._put(writing.GONE_RECORDS, changes.record_ids())
        self._nodes()
        self._make(writing.MAKE_RELATIONS, map(list, changes.relations()))
        self._make(writing.MAKE_RECORDS, changes.records())
        if not changes.everything:
            self._put(writing.GONE_STATEMENTS, changes.statement_ids())
            self._put(writing.GONE_REJECTS, changes.reject_ids())
        self._put(writing.PUT_STATEMENTS, changes.statements())
        self._put(writing.PUT_LOADS, changes.loads())
        self._make(writing.MAKE_REJECTS, map(_reject, changes.rejects()))

    def _nodes(self) -> None:
        changes = self._changes
        if changes.everything:
            self._make(writing.MAKE_ENTITIES, map(_entity, changes.entities()))
            self._put(writing.PUT_DESIGNATORS, changes.designators())
            return
        entities, designators = set[int](), set[int]()
        self._put(writing.PUT_ENTITIES, _noted(map(_entity, changes.entities()), entities))
        self._put(writing.PUT_DESIGNATORS, _noted(changes.designators(), designators))
        nodes = list(changes.nodes())
        self._put(writing.GONE_ENTITIES, (n for n in nodes if n not in entities))
        self._put(writing.GONE_DESIGNATORS, (n for n in nodes if n not in designators))

    def _put(self, cypher: LiteralString, lines: Iterable[Any]) -> None:
        for batch in _batches(lines):
            self._ways.put(cypher, {"rows": batch})
            self._told(batch)

    def _make(self, cypher: LiteralString, lines: Iterable[Any]) -> None:
        """Several batches at once: while the server writes one, the next is made ready."""
        if self._ways.workers == 1:
            for batch in _batches(lines):
                self._ways.make(cypher, {"rows": batch})
                self._told(batch)
            return
        with ThreadPoolExecutor(self._ways.workers) as pool:
            running: deque[tuple[Future[object], list[Any]]] = deque()
            for batch in _batches(lines):
                running.append((pool.submit(self._ways.make, cypher, {"rows": batch}), batch))
                while len(running) > self._ways.workers:
                    self._finish(running.popleft())
            while running:
                self._finish(running.popleft())

    def _finish(self, started: tuple[Future[object], list[Any]]) -> None:
        started[0].result()
        self._told(started[1])

    def _told(self, batch: list[Any]) -> None:
        self._done += len(batch)
        self._say("publish", self._done, 0)


def _batches(lines: Iterable[Any]) -> Iterator[list[Any]]:
    stream = iter(lines)
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _noted(lines: Iterable[Row], seen: set[int]) -> Iterator[Row]:
    for line in lines:
        seen.add(line["n"])
        yield line


def _entity(row: Row) -> Row:
    return {**row, "name_hash": rows.text_hash(row["folded"])} if row["folded"] else row


def _reject(row: Row) -> Row:
    return {"shown": row, "hashes": [rows.text_hash(name) for name in row["names"]]}


def wipe(run: Run, limit: int = _BATCH) -> None:
    """Remove everything but the store's own mark."""
    while True:
        found: Any = run(writing.WIPE, {"limit": limit})
        if not found[0][0]:
            return
