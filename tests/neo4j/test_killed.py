"""Client or server killed at any moment of a load, and run again: as if it had run once."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from graph_service.errors import StoreError
from graph_service.store.neo4j.server import Writing
from graph_service.store.port import Store
from graph_service.store.sqlite.engine import SqliteStore
from tests.contract.asking import told
from tests.neo4j.conftest import Remote
from tests.store.writer import town
from tests.support.facts import KEY, batches, facts_of, put, put_facts
from tests.support.numbers import citizen, uscc
from tests.support.proof import times
from tests.support.rows import Tables, enterprise, person, post, sanction

SIZE = 60
KILLS = times(2, 30)
BEFORE: Tables = {  # the town's load changes how these are told
    "enterprises": [enterprise("e1", "税务局所记第1公司", uscc=uscc(1))],
    "persons": [person("p1", "王1", id_number=citizen(1))],
    "executives": [post(uscc(1), "p1", "监事")],
    "sanctions": [sanction("p1", id="S1")],
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an embedded store answers after the load that nobody disturbed."""
    store = SqliteStore.open(tmp_path_factory.mktemp("whole") / "s.db", KEY, create=True)
    put(store, "sw", BEFORE)
    put_facts(store, town(SIZE), size=100)
    found = told(store, "公司")
    store.close()
    return found


def started(remote: Remote, at_once: int) -> subprocess.Popen[str]:
    """A real process that loads the town."""
    link = remote.link
    return subprocess.Popen(
        [sys.executable, "-m", "tests.neo4j.writer", link.address, link.user, link.password,
         str(remote.folder / "here"), str(SIZE), str(at_once)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("at_once", [20_000, 10], ids=["one transaction", "batches"])
@pytest.mark.parametrize("machine", ["here", "there"])
@pytest.mark.parametrize("kill", range(KILLS))
def test_a_killed_load_run_again_is_as_if_run_once(
    remote: Remote, whole: dict[str, object], kill: int, at_once: int, machine: str
) -> None:
    put(remote.store(), "sw", BEFORE)
    said = list(remote.store().statements(source="sw"))
    lines = random.Random(kill).randrange(1, 14)
    child = started(remote, at_once)
    assert child.stdout is not None
    for _ in range(lines):
        if not child.stdout.readline():
            break
    child.kill()
    child.communicate(timeout=60)
    store = remote.store(machine)
    assert list(store.statements(source="sw")) == said  # what was acknowledged before is there
    info = store.info()
    if info.digest != whole["digest"]:
        assert info.unfinished or info.sources == ("sw",)
    put_facts(store, town(SIZE), size=100)
    assert told(store, "公司") == whole
    assert store.info().unfinished == ()
    assert [entry.status for entry in store.loads()].count("done") >= 1


def test_a_write_that_the_server_refused_is_forgotten_or_finished(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a failed load leaves in the workbench does not come to the server by itself."""
    store = remote.store()
    put_facts(store, town(10))
    before = told(store, "公司")
    commit = Writing.commit

    def refused(self: Writing) -> None:
        raise StoreError("the disk burns")

    load = store.begin_load("gs", [], "测试员", "2026-01-01T08:00:00+08:00")
    monkeypatch.setattr(Writing, "commit", refused)
    with pytest.raises(StoreError, match="burns"):
        put_rows(store, load)
    monkeypatch.setattr(Writing, "commit", commit)
    store.end_load(load, "failed", 0.1, {})
    assert told(store, "公司") == before
    put(store, "sw", {"persons": [person("q", "李强")]})
    assert store.info().parties["Person"] == 11


def put_rows(store: Store, load: int) -> None:
    """Write one more person as part of a load."""
    facts = facts_of("gs", {"persons": [person("q", "李强")]})
    store.write(batches(facts, 10), load)
