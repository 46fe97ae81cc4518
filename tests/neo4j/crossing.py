"""Writes that cross a question: between any two of its calls to the server, whole or step by step.

The reader runs in the thread of the test, the writer in one of its own, which waits at each of its
calls until it may go on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from graph_service.model import FullOf, RejectedRow
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.server import Server, Writing
from tests.support.facts import TODAY, facts_of, put
from tests.support.facts import batches as batches_of
from tests.support.front import CLEAN, TABLES, TIANYU, XINGHE, YINHE
from tests.support.rows import Tables, enterprise, legal, person, post, sanction, stake

EARLY: Tables = {
    "enterprises": [
        enterprise("x1", "北京星河科技有限公司", uscc=XINGHE),
        enterprise("x2", "银河贸易有限公司", uscc=YINHE),
        enterprise("x3", "只在从前公司"),
        enterprise("x5", "星河控股有限公司"),
    ],
    "persons": [person("q1", "赵𠮷")],
    "shareholders": [stake("x1", "x5", "20%"), stake("x2", "x1", "5%"), stake("x3", "x1", "80%")],
    "legal_representatives": [legal("x3", "q1")],
}
LATE: Tables = {
    "enterprises": [
        enterprise("x1", "北京星河科技有限公司", uscc=XINGHE),
        enterprise("x2", "银河贸易有限公司", uscc=YINHE),
        enterprise("x4", "清白𠮷食品有限公司"),
        enterprise("x5", "星河控股有限公司", uscc=TIANYU),
        enterprise("x6", "清白𠮷食品有限公司", uscc=CLEAN),
    ],
    "persons": [person("q1", "赵𠮷"), person("q2", "钱䶮")],
    "shareholders": [stake("x1", "x5", "30%"), stake("x6", "x1", "55%"), stake("x5", "q1", "90%")],
    "executives": [post("x2", "q2", "董事长"), post("x6", "q1", "董事")],
    "sanctions": [sanction("q2", id="L1", listed="2025-01-01")],
}


def _tables(store: Neo4jStore, tables: Tables) -> None:
    """A source says these tables, and nothing else."""
    rows = batches_of(facts_of("sw", tables), 500)
    store.write(rows, store.loads("sw")[0].id, [FullOf("sw", TODAY.toordinal())])


def _reject(store: Neo4jStore) -> None:
    load = store.loads("sw")[0].id
    store.reject([
        RejectedRow(
            0, load, "sw", "shareholders", "补充.csv", "", 9, "share", "bad_share", "x", "", "",
            {"enterprise": "x1", "holder": "?"}, ("北京星河科技有限公司", XINGHE),
        )
    ])  # fmt: skip


def _unreject(store: Neo4jStore) -> None:
    store.drop_rejected([row.id for row in store.rejected()])


Step = Callable[[Neo4jStore], None]
# Each leads to the next state, the last back to the first.
STORY: tuple[Step, ...] = (
    lambda store: _tables(store, LATE),
    _reject,
    lambda store: _tables(store, EARLY),
    _unreject,
)


def begin(store: Neo4jStore) -> None:
    """The first state of the story."""
    put(store, "gs", TABLES)
    put(store, "sw", EARLY)


_ALL = 1_000_000  # calls; no write makes so many
_STREAM = Server.stream


@dataclass(slots=True)
class Crossing:
    """A reader's calls counted, a writer's held up. ``state``: of the story, as it stands."""

    writer: Neo4jStore
    state: int = 0
    calls: int = 0
    _plan: Callable[[int], None] | None = None
    _reader: int = field(default_factory=threading.get_ident)
    _hand: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _gate: threading.Semaphore | None = None
    _waits: threading.Event = field(default_factory=threading.Event)
    _running: Future[None] | None = None

    # -- what a call of the reader or the writer comes by ----------------------------------------

    def called(self) -> None:
        """A call has ended."""
        if threading.get_ident() != self._reader or self._plan is None:
            return  # the writer's, or of one of the threads that read ahead
        self.calls += 1
        plan, self._plan = self._plan, None  # what the writer is waited for is no reader's call
        plan(self.calls)
        self._plan = plan

    def calling(self, caller: Server | Writing) -> None:
        """A call is about to be made."""
        of_reader = isinstance(caller, Server) and caller is not self.writer.server
        if self._gate is None or of_reader:
            return
        self._waits.set()
        self._gate.acquire()

    # -- what crosses ----------------------------------------------------------------------------

    def read(self, question: Callable[[], Any], plan: Callable[[int], None]) -> Any:
        """Ask, with ``plan`` called after each call to the server, with its number."""
        self.calls, self._plan = 0, plan
        try:
            return question()
        finally:
            self._plan = None

    def after(self, writes: dict[int, int]) -> Callable[[int], None]:
        """The plan of so many whole writes after some calls."""
        return lambda call: self.whole(writes.get(call, 0))

    def beside(self, place: int) -> Callable[[int], None]:
        """The plan of a writer who makes one call after each of the reader's from one on."""
        return lambda call: self.step() if call >= place else None

    def whole(self, steps: int = 1) -> None:
        """Writes that begin and end here."""
        for _ in range(steps):
            self._hand.submit(STORY[self.state], self.writer).result(60)
            self.state = (self.state + 1) % len(STORY)

    def step(self) -> None:
        """Let the writer make one call, the first of a write where none is under way."""
        if self._running is None:
            self._gate = threading.Semaphore(0)
            self._waits.clear()
            self._running = self._hand.submit(STORY[self.state], self.writer)
            self._running.add_done_callback(lambda _: self._waits.set())
            self._waits.wait(60)
        assert self._gate is not None
        self._waits.clear()
        self._gate.release()
        self._waits.wait(60)
        if self._running.done():
            self._done()

    def end(self) -> None:
        """Let the write that is under way end."""
        if self._running is not None:
            assert self._gate is not None
            self._gate.release(_ALL)
            self._done()

    def _done(self) -> None:
        assert self._running is not None
        self._running.result(60)
        self._running, self._gate = None, None
        self.state = (self.state + 1) % len(STORY)

    def close(self) -> None:
        """End the writer's thread."""
        self.end()
        self._hand.shutdown()


@contextmanager
def crossing(writer: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crossing]:
    """Every call of the driver's passes by the crossing."""
    made = Crossing(writer)

    def passed(call: Callable[..., Any]) -> Callable[..., Any]:
        def passing(caller: Server | Writing, *words: Any, **more: Any) -> Any:
            made.calling(caller)
            try:
                return call(caller, *words, **more)
            finally:
                made.called()

        return passing

    monkeypatch.setattr(Server, "_asked", passed(Server._asked))
    monkeypatch.setattr(Server, "stream", passed(lambda *w: iter(list(_STREAM(*w)))))
    monkeypatch.setattr(Writing, "run", passed(Writing.run))
    monkeypatch.setattr(Writing, "commit", passed(Writing.commit))
    try:
        yield made
    finally:
        made.close()
