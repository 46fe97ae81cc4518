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
        """Put what stands, remove what does not; repeatable from any point.

        What a statement says is put at its new place before it goes from its old one, so that a
        server left half-way by a machine that never comes back has lost nothing.
        """
        changes = self._changes
        if changes.everything:
            self._make(writing.MAKE_ENTITIES, map(_entity, changes.entities()))
            self._put(writing.PUT_DESIGNATORS, changes.designators())
            self._put(writing.PUT_STATEMENTS, changes.statements())
            self._make(writing.MAKE_RELATIONS, map(list, changes.relations()))
            self._put(writing.PUT_RECORDS, changes.records())
        else:
            self._replace()
        self._put(writing.PUT_LOADS, changes.loads())
        rejects = {row["id"]: _reject(row) for row in changes.rejects()}
        for ids in _batches(changes.reject_ids()):
            made = [rejects[id_] for id_ in ids if id_ in rejects]
            self._ways.put(writing.PUT_REJECTS, {"rows": ids, "made": made})

    def _replace(self) -> None:
        changes = self._changes
        entities, designators, records, homeless = (set[int]() for _ in range(4))
        self._put(writing.PUT_ENTITIES, _noted(map(_entity, changes.entities()), "n", entities))
        self._put(writing.PUT_DESIGNATORS, _noted(changes.designators(), "n", designators))
        self._put(writing.PUT_STATEMENTS, _noted(changes.statements(), "sid", homeless))
        self._units()
        self._put(writing.PUT_RECORDS, _noted(changes.records(), "sid", records))
        self._put(writing.GONE_RECORDS, (n for n in changes.record_ids() if n not in records))
        nodes = list(changes.nodes())
        self._put(writing.GONE_ENTITIES, (n for n in nodes if n not in entities))
        self._put(writing.GONE_DESIGNATORS, (n for n in nodes if n not in designators))
        gone = (sid for sid in changes.statement_ids() if sid not in homeless)
        self._put(writing.GONE_STATEMENTS, gone)

    def _units(self) -> None:
        """Replace the relations of changed units; both come in the units' order."""
        relations = map(list, self._changes.relations())
        ahead = next(relations, None)
        for units in _batches(self._changes.units()):
            chosen = set(map(tuple, units))
            made: list[list[Any]] = []
            while ahead is not None and tuple(ahead[:3]) in chosen:
                made.append(ahead)
                ahead = next(relations, None)
            self._ways.put(writing.PUT_UNITS, {"rows": units, "made": made})
            self._told(units)

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


def _noted(lines: Iterable[Row], field: str, seen: set[int]) -> Iterator[Row]:
    for line in lines:
        seen.add(line[field])
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
