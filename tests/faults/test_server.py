"""What a server can do to its clients: each fault has its words, and none reads as "nothing"."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import LiteralString

import pytest
from neo4j.exceptions import ServiceUnavailable

from graph_service.errors import OverBudget, StoreBusy, StoreChanged, StoreError, StoreUnavailable
from graph_service.settings import Settings, load_settings
from graph_service.store.neo4j.server import Link, Server, Writing
from graph_service.store.sqlite.engine import SqliteStore
from tests.api.client import client_of
from tests.contract.asking import around, told
from tests.neo4j.conftest import Remote
from tests.store.writer import town
from tests.support import neo4j_pool
from tests.support.facts import KEY, put, put_facts
from tests.support.neo4j_server import Neo4jServer
from tests.support.rows import enterprise, person

_ENDLESS: LiteralString = """
UNWIND range(1, 10000000000) AS x WITH x WHERE x < 0 RETURN count(x)
"""


def impatient(link: Link) -> Link:
    """The same server, waited for as short as a test likes it."""
    return replace(link, seconds=1.0, grace_seconds=1.0, connect_seconds=1.0, step_seconds=2.0)


def process_of(remote: Remote) -> Neo4jServer:
    """The process of the server under test, to be treated badly."""
    found = neo4j_pool.process_of(remote.link)
    if found is None:
        pytest.skip("Neo4j: this server is not ours to kill")
    return found


def settings_of(remote: Remote, folder: Path) -> Settings:
    """A service's settings for the server."""
    return load_settings(
        {},
        store=remote.link.address,
        store_user=remote.link.user,
        store_password=remote.link.password,
        workbench_dir=folder / "service",
    )


@contextmanager
def hung(server: Neo4jServer) -> Iterator[None]:
    """The server accepts what it is sent and says nothing."""
    server.signal(signal.SIGSTOP)
    while Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.05)
    try:
        yield
    finally:
        server.signal(signal.SIGCONT)


def test_a_hung_server_is_unavailable_and_then_well_again(remote: Remote) -> None:
    server = process_of(remote)
    store = remote.store()
    put(store, "gs", {"persons": [person("p", "王伟")]})
    before = told(store, "王")
    with hung(server):
        store.server.link = impatient(remote.link)
        for ask in (
            store.info,
            store.loads,
            lambda: store.find("王"),
            lambda: around(store, "gs:p"),
        ):
            with pytest.raises(StoreUnavailable) as caught:
                ask()
            assert caught.value.hint
        with pytest.raises(StoreUnavailable):
            list(store.statements())
        with pytest.raises(StoreError):
            put(store, "gs", {"persons": [person("q", "李强")]})
    store.server.link = remote.link
    assert told(store, "王") == before
    put(store, "gs", {"persons": [person("q", "李强")]})
    assert len(store.find("李").hits) == 1


def test_a_server_killed_during_a_load_loses_nothing_that_was_acknowledged(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a service that was started without it answers once it is there."""
    server = process_of(remote)
    store = remote.store()
    put(store, "sw", {"enterprises": [enterprise("1", "星河䶮业")]})
    kept = told(store)

    def strike(number: int) -> None:
        if number == 1:
            server.kill()

    monkeypatch.setattr("graph_service.store.open.load_id_key", lambda _: KEY)
    with ExitStack() as stack:
        try:
            with pytest.raises(StoreUnavailable):
                put_facts(store, town(20), size=20, between=strike)
            for ask in (store.info, lambda: around(store, "sw:1"), lambda: store.parties(["sw:1"])):
                with pytest.raises(StoreUnavailable):
                    ask()
            client = stack.enter_context(client_of(settings_of(remote, tmp_path)))
            assert client.get("/healthz").status_code == 200
            for address in ("/readyz", "/v1/info", "/v1/parties/sw:1"):
                answer = client.get(address)
                assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        finally:
            server.start()
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/parties/sw:1").json()["party"]["name"] == "星河䶮业"
    assert told(store) == kept
    assert store.info().unfinished == (2,)
    put_facts(store, town(20))
    assert store.info().unfinished == ()
    local = SqliteStore.open(remote.folder / "local.db", KEY, create=True)
    put(local, "sw", {"enterprises": [enterprise("1", "星河䶮业")]})
    put_facts(local, town(20))
    assert told(store, "公司") == told(local, "公司")
    local.close()


@pytest.mark.parametrize(
    ("change", "word"),
    [({"password": "错误的口令"}, "password"), ({"database": "nowhere"}, "database")],
)
def test_wrong_credentials_and_names_say_which_setting(
    remote: Remote, change: dict[str, str], word: str
) -> None:
    with pytest.raises(StoreUnavailable, match=word) as caught:
        remote.store(link=replace(remote.link, **change))  # type: ignore[arg-type]
    assert "CG_STORE_" in caught.value.hint
    assert remote.link.password not in str(caught.value) + caught.value.hint


def test_a_question_that_is_too_slow_is_over_budget_and_the_server_well(remote: Remote) -> None:
    """The second one begins just after the server looked for slow ones, and it looks seldom."""
    store = remote.store()
    put(store, "gs", {"persons": [person("p", "王伟")]})
    store.server.link = replace(remote.link, seconds=0.3)
    for _ in range(2):
        with pytest.raises(OverBudget):
            store.server.ask(_ENDLESS, {})
    store.server.link = remote.link
    assert len(store.find("王").hits) == 1


def test_a_peer_that_accepts_and_says_nothing_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        link = Link(f"bolt://127.0.0.1:{silent.getsockname()[1]}", "neo4j", "x")
        server = Server(impatient(link))
        with pytest.raises(StoreUnavailable):
            server.ask("RETURN 1", {})
        server.close()


def test_a_question_cannot_write(remote: Remote) -> None:
    store = remote.store()
    with pytest.raises(StoreError):
        store.server.ask("CREATE (:Film)", {})
    assert store.server.ask("MATCH (f:Film) RETURN f", {}) == []


def test_a_server_of_another_version_is_told_as_such(remote: Remote) -> None:
    """What an older server makes of a statement that it cannot read."""
    with pytest.raises(StoreError, match="another version") as caught:
        remote.store().server.ask("CALL (x) { RETURN 1 }}", {})
    assert "5.26" in caught.value.hint


def test_a_second_writer_is_told_to_wait(remote: Remote) -> None:
    first, second = remote.store("here"), remote.store("there")

    def meanwhile(number: int) -> None:
        if number == 1:
            with pytest.raises(StoreBusy, match="Another load"):
                put(second, "sw", {"persons": [person("p", "王伟")]})
            assert second.info().sources == ()

    put(first, "gs", {"persons": [person("q", "李强")]}, between=meanwhile)
    put(second, "sw", {"persons": [person("p", "王伟")]})
    assert first.info().sources == ("gs", "sw")


def test_a_dead_writer_holds_no_lock(remote: Remote) -> None:
    remote.store()
    link = remote.link
    holder = (
        "import sys, time\n"
        "from graph_service.store.neo4j import writing\n"
        "from graph_service.store.neo4j.server import Link, Server\n"
        "with Server(Link(*sys.argv[1:])).transaction() as held:\n"
        "    held.run(writing.LOCK, {'holder': 'x'})\n"
        "    print('held', flush=True)\n"
        "    time.sleep(600)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", holder, link.address, link.user, link.password],
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(StoreBusy):
        put(remote.store(), "gs", {"persons": [person("p", "王伟")]})
    child.kill()
    child.communicate()
    put(remote.store(), "gs", {"persons": [person("p", "王伟")]})
    assert remote.store().info().sources == ("gs",)


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_lost_answer_to_a_commit_doubles_nothing(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The server has committed, its answer never came: ledger, statements, digest or the ledger
    again."""
    commit, count = Writing.commit, iter(range(100))

    def lost(self: Writing) -> None:
        commit(self)
        if next(count) == at:
            raise ServiceUnavailable("the line went dead")

    local = SqliteStore.open(remote.folder.with_suffix(".db"), KEY, create=True)
    put_facts(local, town(10))
    store = remote.store()
    monkeypatch.setattr(Writing, "commit", lost)
    put_facts(store, town(10))
    assert told(store, "公司") == told(local, "公司")
    assert [(line.id, line.status) for line in store.loads()] == [(1, "done")]
    local.close()


def test_readers_see_whole_loads_only_or_are_told(remote: Remote) -> None:
    """A scope that a load crosses ends with an error; what others see is before or after it."""
    store = remote.store()
    put(store, "gs", {"persons": [person("p", "王伟")]})
    scope = store.reading()
    scope.__enter__()
    store.info()
    put(store, "gs", {"persons": [person("q", "李强")]})
    with pytest.raises(StoreChanged, match="ended while"):
        scope.__exit__(None, None, None)
    with store.reading():
        assert store.info().parties == {"Person": 2}


def test_concurrent_readers_meet_no_half_of_a_load(remote: Remote) -> None:
    """Every load adds a person and the statement that it is whole: no reader sees one alone, unless
    he is told of a load that is not finished."""
    store = remote.store()
    put(store, "gs", {"persons": [person("p0", "王零")]})
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with store.reading():
                    info = store.info()
                    count = info.parties["Person"]
                    seen = len(store.find("王", limit=100).hits)
            except StoreChanged:
                continue
            if count != seen and not info.unfinished:
                wrong.append((count, seen))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 6):
        put(store, "gs", {"persons": [person(f"p{number}", f"王{number}")]})
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert store.info().parties["Person"] == 6


def test_a_small_write_is_announced_while_its_facts_are_committed(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server shows a commit bit by bit: what is seen in between is named as not finished."""
    store, other = remote.store(), remote.store()
    put(store, "gs", {"persons": [person("p", "王伟")]})
    put(store, "sw", {"persons": [person("q", "李强")]})
    commit, seen = Writing.commit, list[tuple[int, tuple[int, ...]]]()

    def look() -> None:
        with other.reading():
            unfinished = other.info().unfinished
            seen.append((len(other.find("李").hits), unfinished))

    def watched(self: Writing) -> None:
        look()
        commit(self)
        look()

    monkeypatch.setattr(Writing, "commit", watched)
    store.forget("sw")
    assert seen == [(1, (0,)), (0, (0,)), (0, (0,)), (0, ())]
