"""Killed at any moment and run again, a load ends as if it had run once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_service.store.sqlite.engine import SqliteStore
from tests.contract.asking import told
from tests.store.writer import load, town
from tests.support.facts import KEY, put_facts
from tests.support.proof import times

SIZE = 400
KILLS = times(5, 60)
SEARCHES = ("公司", "王", "第7")


def started(path: Path) -> subprocess.Popen[str]:
    """A real process that loads the town."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(path), str(SIZE)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a store answers after a load that nobody disturbed."""
    store = SqliteStore.open(tmp_path_factory.mktemp("whole") / "s.db", KEY, create=True)
    put_facts(store, town(SIZE), size=100)
    found = told(store, *SEARCHES)
    store.close()
    return found


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an undisturbed load takes from its first word to its last."""
    child = started(tmp_path_factory.mktemp("timed") / "s.db")
    assert child.stdout is not None
    assert child.stdout.readline() == "opened\n"
    begun = time.monotonic()
    child.communicate(timeout=120)
    assert child.returncode == 0
    return time.monotonic() - begun


@pytest.mark.parametrize("before", ["nothing", "half", "all"])
@pytest.mark.parametrize("kill", range(KILLS))
def test_killed_and_run_again_is_as_if_run_once(
    tmp_path: Path, whole: dict[str, object], seconds: float, kill: int, before: str
) -> None:
    """``before``: what an earlier load has left in the store, so that increments are killed too."""
    path = tmp_path / "s.db"
    if before != "nothing":
        store = SqliteStore.open(path, KEY, create=True)
        facts = town(SIZE)
        put_facts(store, facts[::2] if before == "half" else facts, size=100)
        store.close()
    chance = random.Random(f"{kill} {before}")
    child = started(path)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(chance.uniform(0, seconds))
    child.kill()
    child.communicate(timeout=120)
    load(path, SIZE)
    store = SqliteStore.open(path, KEY, create=False)
    assert told(store, *SEARCHES) == whole
    assert store.check() == []
    assert store.info().unfinished == ()
    assert [line.status for line in store.loads()].count("running") == 0
    store.close()
