"""Readers through twenty faults of the line: the right answer or an error, and nothing is left."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import replace

from graph_service.errors import CreditGraphError
from graph_service.store.port import Store
from tests.contract.asking import around
from tests.neo4j.conftest import Remote
from tests.support.facts import put
from tests.support.proof import times
from tests.support.rows import enterprise, person, post
from tests.support.tcp_proxy import Proxy

FAULTS = times(20, 200)
READERS = 8
HANG = 60.0  # seconds; each call has limits that are a small part of it


class Reader(threading.Thread):
    """Asks until told to stop, and notes every answer that is neither right nor an error."""

    def __init__(self, store: Store, stop: threading.Event) -> None:
        super().__init__()
        self._store = store
        self._stopped = stop
        self.right = self.refused = 0
        self.wrong: list[object] = []
        self.longest = 0.0

    def run(self) -> None:
        while not self._stopped.is_set():
            begun = time.monotonic()
            try:
                self._ask()
            except CreditGraphError:  # "could not ask", or not in time
                self.refused += 1
            except BaseException as error:
                self.wrong.append(error)
            self.longest = max(self.longest, time.monotonic() - begun)

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


def test_readers_through_twenty_faults_are_never_told_that_there_is_nothing(
    remote: Remote,
) -> None:
    put(remote.store(), "gs", {
        "enterprises": [enterprise("e", "星河䶮业")], "persons": [person("p", "王伟")],
        "executives": [post("e", "p")],
    })  # fmt: skip
    threads = threading.active_count()
    with Proxy(int(remote.link.address.rpartition(":")[2])) as line:
        link = replace(
            remote.link, address=f"bolt://127.0.0.1:{line.port}", seconds=2.0, grace_seconds=1.0,
            connect_seconds=1.0,
        )  # fmt: skip
        store = remote.store("elsewhere", link=link)
        stop = threading.Event()
        readers = [Reader(store, stop) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        rng = random.Random(20)
        for _ in range(FAULTS):
            befall(line, rng)
        calm = sum(reader.right for reader in readers)
        until = time.monotonic() + HANG
        while sum(reader.right for reader in readers) < calm + READERS and time.monotonic() < until:
            time.sleep(0.05)
        stop.set()
        for reader in readers:
            reader.join(HANG)
        assert [reader.wrong for reader in readers] == [[]] * READERS
        assert not any(reader.is_alive() for reader in readers)
        assert max(reader.longest for reader in readers) < HANG
        assert sum(reader.refused for reader in readers) > 0
        store.close()
        while line.lines and time.monotonic() < until:
            time.sleep(0.05)
        assert line.lines == 0
    while threading.active_count() > threads and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= threads
