"""Publishing what a write changed: in one transaction when it is little, else in batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any, LiteralString

from graph_service.errors import StoreDamaged
from graph_service.store.neo4j import rows, writing
from graph_service.store.workbench import Changes, Row

AT_ONCE = 20_000  # changes that one transaction takes
_BATCH = 5_000
_ENTITY = (  # as MAKE_ENTITIES numbers them
    "n", "id", "name", "folded", "known", "kind", "attributes", "aliases", "cls", "scope",
    "node_name", "node_folded", "node_source", "t", "i", "uscc", "sources", "values", "said",
    "name_hash",
)  # fmt: skip
_ENTITY_FIELDS = frozenset(_ENTITY)
_DESIGNATOR = (  # as MAKE_DESIGNATORS numbers them
    "n", "id", "cls", "kind", "scope", "node_name", "node_folded", "node_source", "canon",
    "canon_id",
)  # fmt: skip
_DESIGNATOR_FIELDS = frozenset(_DESIGNATOR)

Params = dict[str, Any]
Run = Callable[[LiteralString, Params], object]
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """How statements reach the server: what may be repeated, and what may not; ``workers`` batches
    at once (1: in the order in which they are given, by the caller's own thread)."""

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
        self._pool: ThreadPoolExecutor | None = None
        self._running: deque[tuple[Future[object], int]] = deque()

    def publish(self) -> None:
        """Put what stands, remove what does not; repeatable from any point.

        What a statement says is put at its new place before it goes from its old one, so that a
        server left half-way by a machine that never comes back has lost nothing.
        """
        workers = self._ways.workers
        with ThreadPoolExecutor(workers) if workers > 1 else nullcontext() as self._pool:
            if self._changes.everything:
                self._make()
            else:
                self._replace()
            self._put(writing.PUT_LOADS, self._changes.loads())
            self._send(writing.PUT_REJECTS, self._ways.put, self._rejects())
            self._wait()

    def _make(self) -> None:
        """Parties first, for what hangs on them needs them; all else goes in any order."""
        changes = self._changes
        self._made(writing.MAKE_ENTITIES, map(_made_entity, changes.entities()))
        self._wait()
        self._made(writing.MAKE_DESIGNATORS, map(_made_designator, changes.designators()))
        self._made(writing.MAKE_RELATIONS, map(list, changes.relations()))
        self._made(writing.MAKE_RECORDS, changes.records())
        self._made(writing.MAKE_STATEMENTS, changes.statements())

    def _made(self, cypher: LiteralString, lines: Iterable[Any]) -> None:
        self._send(cypher, self._ways.make, ({"rows": batch} for batch in _batches(lines)))

    def _replace(self) -> None:
        changes = self._changes
        entities, designators, records, homeless = (set[int]() for _ in range(4))
        self._put(writing.PUT_ENTITIES, _noted(map(_entity, changes.entities()), "n", entities))
        self._put(writing.PUT_DESIGNATORS, _noted(changes.designators(), "n", designators))
        self._put(writing.PUT_STATEMENTS, _noted(changes.statements(), "sid", homeless))
        self._wait()
        self._send(writing.PUT_UNITS, self._ways.put, self._units())
        self._put(writing.PUT_RECORDS, _noted(changes.records(), "sid", records))
        self._wait()
        self._put(writing.GONE_RECORDS, (n for n in changes.record_ids() if n not in records))
        nodes = list(changes.nodes())
        self._put(writing.GONE_ENTITIES, (n for n in nodes if n not in entities))
        self._put(writing.GONE_DESIGNATORS, (n for n in nodes if n not in designators))
        gone = (sid for sid in changes.statement_ids() if sid not in homeless)
        self._put(writing.GONE_STATEMENTS, gone)
        self._wait()

    def _units(self) -> Iterator[Params]:
        """Changed units with their relations, which replace what stands; both come in the units'
        order."""
        relations = map(list, self._changes.relations())
        ahead = next(relations, None)
        for units in _batches(self._changes.units()):
            chosen = set(map(tuple, units))
            made: list[list[Any]] = []
            while ahead is not None and tuple(ahead[:3]) in chosen:
                made.append(ahead)
                ahead = next(relations, None)
            yield {"rows": units, "made": made}

    def _rejects(self) -> Iterator[Params]:
        rejects = {row["id"]: _reject(row) for row in self._changes.rejects()}
        for ids in _batches(self._changes.reject_ids()):
            yield {"rows": ids, "made": [rejects[id_] for id_ in ids if id_ in rejects]}

    def _put(self, cypher: LiteralString, lines: Iterable[Any]) -> None:
        self._send(cypher, self._ways.put, ({"rows": batch} for batch in _batches(lines)))

    def _send(self, cypher: LiteralString, run: Run, batches: Iterable[Params]) -> None:
        """Several batches at once: while the server writes some, the next is made ready. What must
        come after them waits for them first."""
        for params in batches:
            size = len(params["rows"])
            if self._pool is None:
                run(cypher, params)
                self._told(size)
                continue
            self._running.append((self._pool.submit(run, cypher, params), size))
            if len(self._running) > self._ways.workers:
                self._finish()

    def _wait(self) -> None:
        """Until the server has written all that was sent."""
        while self._running:
            self._finish()

    def _finish(self) -> None:
        batch, size = self._running.popleft()
        batch.result()
        self._told(size)

    def _told(self, size: int) -> None:
        self._done += size
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


def _made_entity(row: Row) -> list[Any]:
    return _placed(_entity(row), _ENTITY, _ENTITY_FIELDS)


def _made_designator(row: Row) -> list[Any]:
    return _placed(row, _DESIGNATOR, _DESIGNATOR_FIELDS)


def _placed(row: Row, fields: tuple[str, ...], known: frozenset[str]) -> list[Any]:
    """By place, not by name: twenty names for each of a million rows are half of the way."""
    if not known.issuperset(row):
        raise StoreDamaged(
            f"A new store has no place for {sorted(set(row) - known)}",
            "This is an error of the program: please report it.",
        )
    return list(map(row.get, fields))


def _reject(row: Row) -> Row:
    return {"shown": row, "hashes": [rows.text_hash(name) for name in row["names"]]}


def wipe(run: Run, limit: int = _BATCH) -> None:
    """Remove everything but the store's own mark."""
    while True:
        found: Any = run(writing.WIPE, {"limit": limit})
        if not found[0][0]:
            return
