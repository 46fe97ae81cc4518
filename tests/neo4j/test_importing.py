"""The files for the server's import tool: the graph that publishing makes, node for node."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase

from graph_service.cases import Case, Comment, Pinned
from graph_service.errors import StoreDamaged
from graph_service.identity import load_id_key
from graph_service.model import RejectedRow
from graph_service.settings import load_settings
from graph_service.store.neo4j.importing import BETWEEN, Import
from graph_service.store.neo4j.numbering import places
from graph_service.store.sqlite.engine import SqliteStore
from graph_service.store.sqlite.workbench import whole
from tests.neo4j.conftest import Program, Remote
from tests.store.writer import town
from tests.support.facts import KEY, put, put_facts
from tests.support.front import AS_OF, BOSS, BOSS_NUMBER, XINGHE, write_table, write_town
from tests.support.neo4j_server import PASSWORD, USER, Neo4jServer
from tests.support.rows import enterprise, person, stake

NODES = "MATCH (n) RETURN labels(n) AS kind, properties(n) AS said"
RELATIONS = """
MATCH (f)-[r]->(t)
RETURN [type(r), coalesce(f.n, f.hash), coalesce(t.n, t.sid, t.id)] AS kind, properties(r) AS said
"""
OWN = ("store", "stamp", "writer", "holder")  # of the mark: which store, and who wrote it last
HARD = '一"二\\三,四\r\n五;六 𠮷'
DAY = "2026-06-30T09:00:00+08:00"
CASES = (
    Case(
        "3f2a91c07d5be846", 1, HARD, "open", HARD, DAY, "张审", DAY, "李审",
        (Pinned(f"uscc:{XINGHE}", HARD, "Enterprise", (), DAY, ""),), (Comment(DAY, "", HARD),),
    ),
    Case("0" * 16, 1, "空", "closed", "", DAY, "", DAY, ""),
)  # fmt: skip
QUESTIONS = (
    ("cases", "list"),
    ("cases", "show", CASES[0].id),
    ("info",),
    ("search", "王伟"),
    ("search", "䶮"),
    ("show", f"uscc:{XINGHE}"),
    ("trace", BOSS, "--as-of", AS_OF),
    ("exposure", BOSS, "--as-of", AS_OF),
    ("flag-all", "--as-of", AS_OF),
    ("owners", f"uscc:{XINGHE}"),
    ("loads",),
    ("rejects", "list"),
)
AFTER = (("info",), ("show", f"uscc:{XINGHE}"), ("flag-all", "--as-of", AS_OF))
LONG = "长" * 4_300_000  # more than the tool's usual buffer takes


def graph(uri: str) -> Counter[str]:
    """Everything that stands on a server, with its types."""
    with GraphDatabase.driver(uri, auth=(USER, PASSWORD)) as driver, driver.session() as session:
        found = [
            repr((sorted(row["kind"]) if of is NODES else row["kind"], _plain(row["said"])))
            for of in (NODES, RELATIONS)
            for row in session.run(of)
        ]
    return Counter(found)


def _plain(said: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in said.items() if name not in OWN)


@pytest.fixture
def empty(remote: Remote, tmp_path: Path) -> Iterator[Neo4jServer]:
    """A server that has never been started."""
    server = Neo4jServer(tmp_path / "server")
    yield server
    server.stop()


def _filled(program: Program, folder: Path, local: str) -> None:
    files = write_town(folder)
    write_table(files, "guarantees", [{"guarantor": HARD, "debtor": "e1", "amount": HARD}])
    program("load", str(files), store=local)
    others = folder / "税务"
    others.mkdir()
    write_table(others, "enterprises", [
        enterprise("t1", '星河"科技\\,有限公司', uscc=XINGHE), enterprise("t2", ""),
    ])  # fmt: skip
    write_table(others, "shareholders", [stake("t1", "nobody", "33.3333%")])
    program("load", str(others), "--source", "税务局", store=local)
    store = SqliteStore.open(Path(local), load_id_key(load_settings()))
    put_facts(store, town(12))  # references that dangle, ties to itself, ids of every class
    put(store, "海关", {
        "enterprises": [enterprise("h1", "星河科技", uscc=XINGHE), enterprise("h2", HARD)],
        "persons": [person("hp", "王伟", id_number=BOSS_NUMBER)],
        "shareholders": [stake("h1", "hp", "60%"), stake("h2", "h1", "33.3333%")],
    })  # fmt: skip
    store.reject([
        RejectedRow(0, 1, "海关", "shareholders", "甲.csv", "", 7, "holder", "bad_value", LONG,
                    HARD, "", {"持有人": HARD}, ()),
    ])  # fmt: skip
    for case in CASES:
        assert store.keep_case(case.id, 0, case)
    store.close()


def test_the_imported_graph_is_the_published_one(
    program: Program, empty: Neo4jServer, tmp_path: Path
) -> None:
    local, files, backup = (str(tmp_path / name) for name in ("a.db", "导 入=,", "backup.db"))
    _filled(program, tmp_path, local)
    status, said = program("export", files, "--neo4j-import", store=local)
    assert (status, said["digest"]) == (0, program("info", store=local)[1]["digest"])
    folder = Path(files)
    assert sorted(path.name for path in folder.iterdir()) == said["files"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert program("backup", backup, store=local)[0] == 0
    assert program("restore", backup)[0] == 0

    assert "--multiline-fields=true" in said["command"]
    empty.shell(said["command"])
    empty.start()
    assert program("info", store=empty.uri) == program("info", store=local)
    assert graph(empty.uri) == graph(program.link.address)
    for question in QUESTIONS:
        assert program(*question, store=empty.uri) == program(*question, store=local), question

    more = str(write_table(tmp_path, "persons", [person("n1", "䶮二")]))
    for store in (local, empty.uri):
        assert program("load", more, "--source", "民政局", store=store)[0] == 0
        assert program("forget", "税务局", store=store)[0] == 0
        assert program("cases", "delete", CASES[1].id, store=store)[0] == 0
        assert program("cases", "comment", CASES[0].id, "䶮", store=store)[0] == 0
    for question in AFTER:
        assert program(*question, store=empty.uri) == program(*question, store=local), question
    kept = [program("cases", "show", CASES[0].id, store=store)[1] for store in (local, empty.uri)]
    assert [len(said["comments"]) for said in kept] == [2, 2]
    assert program("doctor", store=empty.uri)[1]["healthy"] is True


def test_an_import_that_lost_the_end_of_a_file_is_no_store(
    program: Program, empty: Neo4jServer, tmp_path: Path
) -> None:
    local, files = str(tmp_path / "a.db"), tmp_path / "out"
    program("load", str(write_town(tmp_path)), store=local)
    _, said = program("export", str(files), "--neo4j-import", store=local)
    for name in ("relations.csv", "entities.csv"):
        lines = (files / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (files / name).write_text("".join(lines[:-1]), encoding="utf-8")
    empty.shell(said["command"])
    empty.start()
    for words in (("info",), ("doctor",)):
        status, told = program(*words, store=empty.uri)
        assert status == 3, (words, told)
        assert f"{said['nodes'] - 1} 个节点、{said['relations'] - 1} 条关系" in str(told), told


def test_every_number_has_its_place_and_no_other_one() -> None:
    numbers = [-(1 << 63), -5, 0, 7, (1 << 63) - 1]
    with places() as made:
        made.end()
        with pytest.raises(StoreDamaged, match="does not hold"):
            made.of(0)
    with places() as made:
        for number in numbers:
            made.add(number)
        with pytest.raises(StoreDamaged, match="in order"):
            made.add(7)
        made.end()
        assert [made.of(number) for number in numbers] == [0, 1, 2, 3, 4]
        for other in (-6, 1, (1 << 63) - 2):
            with pytest.raises(StoreDamaged, match="does not hold"):
                made.of(other)


def test_a_text_that_the_files_cannot_carry_is_refused(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "a.db", KEY, create=True)
    put(store, "工商局", {"enterprises": [enterprise("1", "北京星河科技有限公司")]})
    changes = whole(store)
    bad = {**next(changes.entities()), "aliases": [f"星{BETWEEN}河"]}
    changes.entities = lambda: iter([bad])  # type: ignore[method-assign]
    with pytest.raises(StoreDamaged, match=r"U\+001F"):
        Import(changes, tmp_path, KEY.fingerprint, lambda *_: None).write("neo4j")
    changes.close()
    store.close()


def test_the_command_asks_for_no_more_than_the_files_need(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "a.db", KEY, create=True)
    put(store, "工商局", {"enterprises": [enterprise("1", "北京星河科技有限公司")]})
    folder = tmp_path / "files"
    folder.mkdir()
    changes = whole(store)
    made = Import(changes, folder, KEY.fingerprint, lambda *_: None).write("国家")
    changes.close()
    store.close()
    assert "--multiline-fields" not in made.command  # slower
    assert "--read-buffer-size" not in made.command
    assert " full 国家 " in made.command or " full '国家' " in made.command
    assert (made.nodes, made.relations) == (4, 0)  # party, load, mark and lock


def test_a_servers_store_is_no_source_and_nothing_is_left(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    status, said = program("export", str(folder), "--neo4j-import")
    assert (status, said["code"]) == (2, "bad_request")
    assert not folder.exists()
