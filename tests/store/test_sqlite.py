"""The embedded engine's own promises: which files it opens, one writer at a time, clear words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from graph_service.errors import (
    KeyMismatch,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreUnavailable,
)
from graph_service.identity import IdKey
from graph_service.model import LoadFile
from graph_service.store.sqlite.engine import SqliteStore
from tests.contract.asking import told
from tests.store.writer import town
from tests.support.facts import KEY, STARTED, put, put_facts
from tests.support.rows import enterprise, person, post

ROWS = {
    "enterprises": [enterprise("1", "星河")],
    "persons": [person("p", "王伟")],
    "executives": [post("1", "p")],
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store with some rows, closed."""
    path = tmp_path / "信用 图谱.db"
    store = SqliteStore.open(path, KEY, create=True)
    put(store, "gs", ROWS)
    store.close()
    return path


def opened(path: Path, key: IdKey = KEY) -> SqliteStore:
    return SqliteStore.open(path, key, create=False)


def test_a_missing_store_is_not_made_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.db"
    with pytest.raises(StoreMissing, match=r"nowhere\.db"):
        opened(path)
    assert list(tmp_path.iterdir()) == []


def test_a_store_in_a_missing_folder_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="folder"):
        SqliteStore.open(tmp_path / "no" / "store.db", KEY, create=True)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        opened(tmp_path)


@pytest.mark.parametrize("create", [False, True])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("企业名称,统一社会信用代码\n" * 50)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a credit-graph store"):
        SqliteStore.open(path, KEY, create=create)
    assert path.read_bytes() == before


@pytest.mark.parametrize("create", [False, True])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (k, v)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="another program"):
        SqliteStore.open(path, KEY, create=create)
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", [0, 99])
def test_another_schema_version_is_refused_with_both_numbers(place: Path, version: int) -> None:
    connection = sqlite3.connect(place)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(StoreDamaged, match=str(version)) as caught:
        opened(place)
    assert caught.value.hint


@pytest.mark.parametrize("length", [17, 100, 4096, 20_000])
def test_a_truncated_store_is_damaged(place: Path, length: int) -> None:
    place.write_bytes(place.read_bytes()[:length])
    with pytest.raises(StoreDamaged):
        told(opened(place), "星河")


@pytest.mark.parametrize("at", [0, 8, 16, 100, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_flipped_bytes_are_damage_or_change_nothing(place: Path, at: float) -> None:
    """SQLite keeps no checksums: what cannot be seen must at least be no foreign error."""
    store = opened(place)
    whole = told(store, "星河")
    store.close()
    content = bytearray(place.read_bytes())
    start = int(at * len(content)) if isinstance(at, float) else at
    for offset in range(start, min(start + 600, len(content))):
        content[offset] ^= 0xFF
    place.write_bytes(bytes(content))
    with suppress(StoreError):
        damaged = opened(place)
        found = damaged.check(), told(damaged, "星河")
        damaged.close()
        assert found[0] or found[1] == whole


def test_an_empty_file_is_no_store_yet(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(StoreMissing):
        opened(path)
    store = SqliteStore.open(path, KEY, create=True)
    assert store.info().digest == "0" * 64
    store.close()


def test_opening_a_store_to_create_it_keeps_what_is_there(place: Path) -> None:
    store = SqliteStore.open(place, KEY, create=True)
    assert sum(store.info().parties.values()) == 2
    store.close()


def test_another_id_key_is_refused(place: Path) -> None:
    with pytest.raises(KeyMismatch, match="key") as caught:
        opened(place, IdKey(b"another key of thirty-two bytes.."))
    assert "CG_ID_KEY_FILE" in caught.value.hint
    assert KEY.secret.hex() not in str(caught.value) + caught.value.hint


def test_the_secret_is_not_in_the_file(place: Path) -> None:
    assert KEY.secret not in place.read_bytes()
    assert KEY.fingerprint.encode() in place.read_bytes()


def test_a_second_writer_is_told_to_wait(place: Path) -> None:
    first, second = opened(place), opened(place)

    def meanwhile(number: int) -> None:
        if number == 1:
            with pytest.raises(StoreBusy, match="Another load") as caught:
                put(second, "sw", ROWS)
            assert caught.value.hint

    put(first, "gs", {"persons": [person("q", "李强")]}, between=meanwhile)
    put(second, "sw", ROWS)
    assert first.info().sources == ("gs", "sw")
    first.close()
    second.close()


def test_a_second_process_is_told_to_wait_and_readers_are_not(place: Path) -> None:
    command = [sys.executable, "-m", "tests.store.writer", str(place), "5"]
    store = opened(place)
    load = store.begin_load("gs", [LoadFile("a.csv", "0" * 64, 1)], "测试员", STARTED)
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode != 0
    assert "StoreBusy" in run.stderr
    store.end_load(load, "failed", 0.1, {})
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.split()[-1] == store.info().digest
    store.close()


def test_a_closed_store_leaves_one_file(place: Path) -> None:
    store = opened(place)
    put_facts(store, town(20))
    told(store)
    store.close()
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_a_store_finds_nothing_wrong_with_itself(place: Path) -> None:
    store = opened(place)
    put_facts(store, town(50))
    store.forget("gs")
    put_facts(store, town(30))
    assert store.check() == []
    store.close()
