"""Readers through twenty faults of the line: the right answer or an error, and nothing is left."""

from __future__ import annotations

import gc
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import OverBudget, StoreError
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.server import Link
from graph_service.store.port import Store
from tests.contract.asking import around
from tests.neo4j.conftest import Remote
from tests.support.facts import put
from tests.support.proof import times
from tests.support.rows import enterprise, person, post
from tests.support.tcp_proxy import Proxy

FAULTS = times(20, 200)
LONG = times(1, 5)  # of them silences that outlast every deadline
READERS = 8
HANG = 60.0  # seconds for what must come about
SLACK = 4.0  # seconds that a busy machine may add to a deadline


def deadline(link: Link) -> float:
    """Seconds that one statement may take: twice a connection, its time, and the session's end."""
    once = 2 * link.connect_seconds + link.seconds + link.grace_seconds + link.connect_seconds
    return 2 * once + SLACK


def sockets() -> int:
    """Sockets that this process holds open, where the system tells."""
    held = Path("/proc/self/fd")
    if not held.is_dir():
        return 0
    names = [os.readlink(path) for path in held.iterdir() if path.is_symlink()]
    return sum(name.startswith("socket:") for name in names)


class Timed:
    """How long the statements of a store took, the longest, with those that have not ended."""

    def __init__(self, store: Neo4jStore, patch: pytest.MonkeyPatch) -> None:
        self.longest = 0.0
        self._begun: dict[int, float] = {}
        self._ask = store.server.ask
        patch.setattr(store.server, "ask", self._timed)

    def _timed(self, *words: Any) -> Any:
        self._begun[threading.get_ident()] = time.monotonic()
        try:
            return self._ask(*words)
        finally:
            self.look()
            del self._begun[threading.get_ident()]

    def look(self) -> None:
        """Count those that are under way."""
        now = time.monotonic()
        self.longest = max([self.longest, *(now - begun for begun in [*self._begun.values()])])


class Reader(threading.Thread):
    """Asks until told to stop, and notes every answer that is neither right nor an error."""

    def __init__(self, store: Store, stop: threading.Event) -> None:
        super().__init__(daemon=True)  # one that hangs must not keep the test from saying so
        self._store = store
        self._stopped = stop
        self.right = self.refused = 0
        self.wrong: list[object] = []

    def run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._ask()
            except (StoreError, OverBudget):  # "could not ask", or not in time
                self.refused += 1
            except BaseException as error:  # "there is none" too
                self.wrong.append(error)

    def _ask(self) -> None:
        store = self._store
        with store.reading():
            counts = store.info().parties
            found = [hit.party.name for hit in store.find("䶮").hits]
            ties = len(around(store, "gs:p").relations)
        if (counts, found, ties) != ({"Enterprise": 1, "Person": 1}, ["星河䶮业"], 1):
            self.wrong.append((counts, found, ties))
        else:
            self.right += 1


def befall(line: Proxy, rng: random.Random) -> None:
    """One fault, some time of it, and all is well again for a while."""
    fault = rng.choice((line.cut, line.silence, line.refuse))
    fault()
    time.sleep(rng.uniform(0.0, 0.4))
    if fault == line.silence:
        line.cut()  # what was swallowed never comes
    line.listen()
    time.sleep(rng.uniform(0.05, 0.3))


def silent(line: Proxy, seconds: float) -> None:
    """A silence that only a deadline ends: nothing is cut, and what was swallowed never comes."""
    line.silence()
    time.sleep(seconds)
    line.listen()


def until(true: Callable[[], bool]) -> bool:
    """Whether something comes about in time."""
    ends = time.monotonic() + HANG
    while not true() and time.monotonic() < ends:
        time.sleep(0.05)
    return true()


# A line that is cut between its handshake and its first message leaves the driver a connection that
# is half made: it is freed, with these words, when Python collects it.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <function Bolt.__del__:pytest.PytestUnraisableExceptionWarning",
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning",
)
def test_readers_through_twenty_faults_are_never_told_that_there_is_nothing(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(remote.store(), "gs", {
        "enterprises": [enterprise("e", "星河䶮业")], "persons": [person("p", "王伟")],
        "executives": [post("e", "p")],
    })  # fmt: skip
    gc.collect()
    threads, held = threading.active_count(), sockets()
    with Proxy(int(remote.link.address.rpartition(":")[2])) as line:
        link = replace(
            remote.link, address=f"bolt://127.0.0.1:{line.port}", seconds=0.5, grace_seconds=0.3,
            connect_seconds=0.5,
        )  # fmt: skip
        store = remote.store("elsewhere", link=link)
        timed = Timed(store, monkeypatch)
        stop = threading.Event()
        readers = [Reader(store, stop) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        rng = random.Random(20)
        for number in range(FAULTS):
            if number % (FAULTS // LONG) == FAULTS // LONG // 2:
                silent(line, deadline(link) + 1)
                timed.look()
            else:
                befall(line, rng)
        calm = sum(reader.right for reader in readers)
        assert until(lambda: sum(reader.right for reader in readers) >= calm + READERS)
        stop.set()
        for reader in readers:
            reader.join(HANG)
        assert [reader.wrong for reader in readers] == [[]] * READERS
        assert not any(reader.is_alive() for reader in readers)
        assert timed.longest < deadline(link)
        assert sum(reader.refused for reader in readers) > LONG * READERS
        store.close()
        assert until(lambda: line.lines == 0)
    gc.collect()
    assert until(lambda: threading.active_count() <= threads)
    assert until(lambda: sockets() <= held)
