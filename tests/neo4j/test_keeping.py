"""Copy, backup, restore, doctor: a store moves between engines with an equal digest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph_service.errors import KeyMismatch, StoreDamaged, StoreMissing
from graph_service.identity import IdKey
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.sqlite.workbench import SqliteBenches
from tests.contract.asking import told
from tests.neo4j.conftest import Program, Remote
from tests.store.writer import town
from tests.support.facts import put, put_facts
from tests.support.front import XINGHE, write_table, write_town
from tests.support.rows import enterprise, person, post


def test_a_store_is_copied_both_ways_and_comes_back_from_a_backup(
    program: Program, tmp_path: Path
) -> None:
    files = str(write_town(tmp_path))
    assert program("load", files)[0] == 0
    digest = program("info")[1]["digest"]
    there = str(tmp_path / "copy.db")
    assert program("copy", program.link.address, there)[1]["equal"] is True
    backup = str(tmp_path / "backup.db")
    assert program("backup", backup)[1]["digest"] == digest
    assert program("info", store=backup)[1] == program("info")[1]
    assert program("loads", store=backup) == program("loads")

    status, refused = program("restore", backup)
    assert (status, refused["code"]) == (2, "not_overwritten")
    assert program("forget", "gs")[0] == 0
    assert program("info")[1]["digest"] == "0" * 64
    assert program("copy", there, program.link.address)[1] == {
        "from": there, "to": program.link.address, "digest": digest, "equal": True,
    }  # fmt: skip
    assert program("restore", backup, "--force") == (
        0, {"store": program.link.address, "digest": digest},
    )  # fmt: skip
    assert program("info") == program("info", store=backup)
    assert program("loads") == program("loads", store=backup)


def test_a_copy_takes_cases_and_rejected_rows_along_either_way(
    program: Program, tmp_path: Path
) -> None:
    files = str(write_town(tmp_path))
    write_table(
        Path(files), "contacts", [{"party": f"uscc:{XINGHE}", "kind": "phone", "value": ""}]
    )
    here, back = str(tmp_path / "a.db"), str(tmp_path / "b.db")
    assert program("load", files, store=here)[0] == 1
    words = ("cases", "new", '𠮷䶮"一案\r\n', "--note", "=1+1", "--party", f"uscc:{XINGHE}")
    status, made = program(*words, store=here)
    assert status == 0
    for of, to in ((here, program.link.address), (program.link.address, back)):
        assert program("copy", of, to)[1]["equal"] is True
        shown = [program("cases", "show", made["id"], store=store) for store in (of, to)]
        assert shown[0] == shown[1]
        for question in (("cases", "list"), ("rejects", "list"), ("flags", f"uscc:{XINGHE}")):
            assert program(*question, store=of) == program(*question, store=to)
        assert program("rejects", "list", store=to)[1]["total"] == 1


def test_the_graph_is_readable(remote: Remote) -> None:
    store = remote.store()
    put(store, "工商局", {
        "enterprises": [enterprise("1", "北京星河科技有限公司")],
        "persons": [person("p", "王伟")],
        "executives": [post("1", "p", "董事长", since="2020-02-29")],
    })  # fmt: skip
    [row] = remote.rows(
        "MATCH (p:Party:Person)-[r:EXECUTIVE_OF]->(e:Party:Enterprise)"
        " RETURN p.name, r.role, r.since, r.source, e.name"
    )
    assert list(row) == ["王伟", "chair", "2020-02-29", "工商局", "北京星河科技有限公司"]


def test_doctor_names_what_is_missing_and_who_writes_next_makes_it_again(remote: Remote) -> None:
    store = remote.store()
    put(store, "工商局", {"persons": [person("p", "王伟"), person("q", "𠮷田䶮")]})
    assert store.check() == []
    for lost in ("DROP INDEX cg_search", "DROP CONSTRAINT cg_entity"):
        store.server.put(lost, {})
    missing = ["constraint cg_entity is missing", "index cg_search is missing"]
    assert store.check() == missing
    assert remote.store("reader", create=False).check() == missing
    again = remote.store("writer")
    assert again.check() == []
    assert [found.party.id for found in again.find("𠮷").hits] == ["工商局:q"]


def test_another_programs_data_is_refused_and_left_alone(remote: Remote) -> None:
    store = remote.store()
    remote.rows("MATCH (n) DETACH DELETE n")
    store.server.put("CREATE (:Film {title: '大闹天宫'})", {})
    for create in (False, True):
        with pytest.raises(StoreDamaged, match="another program"):
            remote.store("other", create=create)
    assert [row[0] for row in store.server.ask("MATCH (n) RETURN n.title", {})] == ["大闹天宫"]


def test_an_empty_server_is_no_store_unless_asked(remote: Remote) -> None:
    with pytest.raises(StoreMissing):
        remote.store(create=False)


def test_another_id_key_is_refused(remote: Remote) -> None:
    remote.store()
    key = IdKey(b"another key of thirty-two bytes..")
    with pytest.raises(KeyMismatch, match="key"):
        Neo4jStore.open(remote.link, key, SqliteBenches(key), remote.folder)


def test_another_schema_version_is_refused(remote: Remote) -> None:
    store = remote.store()
    store.server.put("MATCH (m:CreditGraph) SET m.schema = 99", {})
    with pytest.raises(StoreDamaged, match="99"):
        remote.store(create=False)


def test_another_machine_makes_its_own_workbench(remote: Remote) -> None:
    here, there = remote.store("here"), remote.store("there")
    put_facts(here, town(30))
    put(there, "sw", {"persons": [person("q", "李强")]})
    put(here, "sw", {"enterprises": [enterprise("9", "天宇䶮业")]})
    before = told(here, "王")
    assert told(there, "王") == before
    there.backup(str(remote.folder / "copy.db"))
    rebuilt = remote.store("third")
    put(rebuilt, "sw", {"enterprises": [enterprise("9", "天宇䶮业")]})
    after = told(rebuilt, "王")
    assert after == before


def test_a_workbench_of_another_version_is_made_anew(remote: Remote) -> None:
    store = remote.store()
    put_facts(store, town(5))
    store.close()
    (path,) = (remote.folder / "here").glob("*.db")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 1")
    store = remote.store()
    put(store, "sw", {"persons": [person("q", "李强")]})
    assert store.info().parties == {"Enterprise": 5, "Person": 6}


def test_a_damaged_workbench_spoils_no_backup(remote: Remote) -> None:
    store = remote.store()
    put_facts(store, town(5))
    store.close()
    (path,) = (remote.folder / "here").glob("*.db")
    path.write_bytes(b"\0" * 9000)
    remote.store().backup(str(remote.folder / "copy.db"))
    with closing(sqlite3.connect(remote.folder / "copy.db")) as copy:
        assert copy.execute("SELECT v FROM meta WHERE k = 'digest'").fetchone()[0] == (
            remote.store().info().digest
        )


def test_a_changed_server_is_noticed_by_its_digest(remote: Remote) -> None:
    put_facts(remote.store(), town(5))
    remote.rows("MATCH ()-[r:EXECUTIVE_OF]->() WITH r LIMIT 1 DELETE r")
    with pytest.raises(StoreDamaged, match="digest"):
        put(remote.store("there"), "sw", {"persons": [person("q", "李强")]})


def test_a_workbench_is_private(remote: Remote) -> None:
    put_facts(remote.store(), town(5))
    folder = remote.folder / "here"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.glob("*.db")] == [0o600]
