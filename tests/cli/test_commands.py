"""What each command does to a store, and with which status it ends."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.settings import Settings
from graph_service.store.open import open_store
from graph_service.store.port import Store
from tests.cli.conftest import Run
from tests.support.front import AS_OF, BOSS, BROKEN, CLEAN, TABLES, XINGHE, write_table, write_town


def test_load_twice_forget_and_load_again(run: Run, tmp_path: Path) -> None:
    town = str(write_town(tmp_path))
    first = run("load", town, "--json")
    assert first.status == 0
    report = first.json
    assert report["source"] == "gs"
    assert report["rows"]["persons"]["accepted"] == len(TABLES["persons"])
    again = run("load", town, "--json").json
    assert all(t["unchanged"] == t["accepted"] == t["read"] for t in again["rows"].values())
    before = run("info", "--json").json["digest"]
    assert run("forget", "gs", "--json").json["forgotten"] > 0
    assert run("info", "--json").json["parties"] == {}
    run("load", town)
    assert run("info", "--json").json["digest"] == before
    loads = run("loads", "--json").json
    assert [load["status"] for load in loads["loads"]] == ["done"] * len(loads["loads"])
    assert loads["loads"][0]["files"][0]["sha256"]
    assert loads["sources"][0]["days_ago"] == 0


def test_a_refused_row_ends_with_status_1_and_can_be_corrected(run: Run, tmp_path: Path) -> None:
    write_table(write_town(tmp_path), "shareholders", TABLES["shareholders"] + BROKEN)
    loaded = run("load", "gs", "--rejects", "拒收.csv", "--json")
    assert loaded.status == 1
    assert loaded.json["rejected_by_rule"] == {"dangling_reference": 1}
    assert "dangling_reference" in Path("拒收.csv").read_text("utf-8-sig")
    listed = run("rejects", "list", "--rule", "dangling_reference", "--json").json
    assert (listed["total"], listed["rows"][0]["row"]) == (1, 5)
    assert "拒收" in run("load", "gs").out
    assert run("rejects", "export", "导出.csv", "--json").json["rows"] == 1
    assert run("rejects", "retry").status == 1
    corrected = Path("导出.csv").read_text("utf-8-sig").replace("e9", "e3")
    Path("改正.csv").write_text(corrected, "utf-8-sig")
    fixed = run("load", "改正.csv", "--json")
    assert fixed.status == 0, fixed
    assert run("rejects", "list", "--json").json["total"] == 0


def test_quarantined_rows_are_dropped_by_number_or_filter(run: Run, tmp_path: Path) -> None:
    write_table(write_town(tmp_path), "shareholders", BROKEN * 2)
    run("load", "gs")
    rows = run("rejects", "list", "--json").json["rows"]
    assert run("rejects", "drop", str(rows[0]["id"]), "--json").json == {"dropped": 1}
    assert run("rejects", "drop", "--source", "gs", "--json").json == {"dropped": len(rows) - 1}
    assert run("rejects", "drop").status == 2
    assert run("rejects", "drop", "1", "--source", "gs").status == 2


def test_dropping_a_row_that_does_not_stand_is_wrong_use(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path, "enterprises", [{"id": "E1", "uscc": "91", "name": "甲"}])
    assert run("load", "enterprises.csv").status == 1
    refused = run("rejects", "drop", "1", "99", "--json")
    assert (refused.status, refused.json["code"]) == (2, "bad_request")
    assert "99" in refused.json["detail"]
    assert run("rejects", "list", "--json").json["total"] == 1


def test_a_dry_run_checks_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    town = write_town(tmp_path)
    assert run("load", str(town), "--dry-run", "--json").json["rows"]["persons"]
    assert list(tmp_path.glob("*.db")) == []
    write_table(town, "persons", [{"id": "", "name": ""}, {"id": "p", "name": ""}])
    assert run("load", str(town), "--dry-run").status == 1


def test_export_copy_backup_and_restore_keep_the_digest(
    asked: Run, town: tuple[Settings, Store]
) -> None:
    digest = town[1].info().digest
    assert asked("export", "out", "--json").json["digest"] == digest
    assert asked("load", "out", "--store", "again.db").status == 0
    assert asked("info", "--store", "again.db", "--json").json["digest"] == digest
    copied = asked("copy", town[0].store, "sqlite:///copy.db", "--json")
    assert (copied.status, copied.json["digest"], copied.json["equal"]) == (0, digest, True)
    assert asked("backup", "b.db", "--json").json["digest"] == digest
    restored = asked("--store", "r.db", "restore", "b.db", "--json")
    assert (restored.status, restored.json["digest"]) == (0, digest)


def test_nothing_is_overwritten_silently(asked: Run) -> None:
    for file in ("b.db", "r.db"):
        Path(file).write_bytes(b"precious")
    Path("out").mkdir()
    Path("out/mine.csv").write_text("precious")
    for arguments in (
        ("backup", "b.db"),
        ("export", "out"),
        ("--store", "r.db", "restore", "b.db"),
    ):
        refused = asked(*arguments, "--json")
        assert (refused.status, refused.json["code"]) == (2, "not_overwritten")
    assert Path("b.db").read_bytes() == b"precious"
    assert asked("backup", "b.db", "--force").status == 0
    assert asked("--store", "r.db", "restore", "b.db", "--force").status == 0
    assert asked("--store", "r.db", "health").status == 0


def test_a_copy_into_a_store_with_other_data_says_so(
    asked: Run, town: tuple[Settings, Store], tmp_path: Path
) -> None:
    write_table(tmp_path, "enterprises", [{"id": "z", "name": "他源公司"}])
    asked("load", "enterprises.csv", "--source", "他源", "--store", "t.db")
    copied = asked("copy", town[0].store, "t.db", "--json")
    assert (copied.status, copied.json["equal"]) == (1, False)


def test_whom_a_load_may_yet_bring_is_not_simply_unknown(
    run: Run, town: tuple[Settings, Store]
) -> None:
    with closing(open_store(replace(town[0], store="t.db"), create=True)) as store:
        load = store.begin_load("sw", [], "测试员", "2026-01-01T08:00:00+08:00")
        refused = run("--store", "t.db", "flags", XINGHE, "--json", "--lang", "en")
        assert (refused.status, refused.json["code"]) == (2, "unknown_party")
        assert refused.json["unfinished"] == [load]
        assert "not finished" in refused.json["detail"]
        store.end_load(load, "failed", 0.1, {})
        assert "unfinished" not in run("--store", "t.db", "flags", XINGHE, "--json").json


def test_a_copy_takes_rejected_rows_along_and_stays_as_incomplete(run: Run, tmp_path: Path) -> None:
    """Of whom a rejected row names, no store may say that it knows everything."""
    stakes = [
        {"enterprise": "e", "holder": "p", "share": "二成"},
        {"enterprise": "e", "holder": "gone", "share": "0.3"},
    ]
    write_table(tmp_path, "enterprises", [{"id": "e", "name": "星河䶮业有限公司"}])
    write_table(tmp_path, "persons", [{"id": "p", "name": "王伟"}, {"id": "q", "name": ""}])
    write_table(tmp_path, "shareholders", stakes)
    assert run("load", str(tmp_path), "--source", "工商局").status == 1
    told = []
    for to in ("credit-graph.db", "b.db", "b.db"):
        assert run("copy", "credit-graph.db", to, "--json").json["equal"] is True
        rows = run("--store", to, "rejects", "list", "--json").json["rows"]
        told.append(
            (
                sorted((r["table"], r["row"], r["column"], r["rule"], r["value"]) for r in rows),
                run("--store", to, "flags", "工商局:e", "--json").json,
            )
        )
    assert [rule for *_, rule, _ in told[0][0]] == [
        "missing_required", "bad_share", "dangling_reference",
    ]  # fmt: skip
    assert told[0][1]["completeness"]["status"] == "insufficient_data"
    assert told == [told[0]] * 3


@pytest.mark.parametrize(
    "arguments",
    [
        "info",
        "loads",
        "health",
        "doctor",
        "flag-all",
        "search x",
        "show x",
        "trace x",
        "exposure x",
        "flags x",
        "paths x y",
        "owners x",
        "holdings x",
        "controllers x",
        "controlled x",
        "beneficial-owners x",
        "close-links x",
        "rejects list",
        "rejects retry",
        "rejects drop 1",
        "rejects export f.csv",
        "forget x",
        "export d",
        "backup f.db",
        "copy a.db b.db",
    ],
)
def test_without_a_store_the_status_is_3_and_none_is_made(run: Run, arguments: str) -> None:
    ended = run(*arguments.split(), "--json")
    assert ended.status == 3
    if arguments != "doctor":
        assert ended.json["code"] == "store_missing"
    assert list(Path().glob("*.db")) == []


def test_a_foreign_file_is_no_store(run: Run) -> None:
    Path("credit-graph.db").write_text("a diary\n" * 100)
    for command in ("info", "health", "load"):
        arguments = ("load", "t.csv") if command == "load" else (command,)
        Path("t.csv").write_text("id,name\n1,甲公司\n")
        ended = run(*arguments, "--json")
        assert (ended.status, ended.json["code"]) == (3, "store_damaged")


def test_another_key_is_told_and_doctor_names_it(
    asked: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("other.key").write_bytes(b"another key of many bytes")
    monkeypatch.setenv("CG_ID_KEY_FILE", "other.key")
    assert asked("info", "--json").json["code"] == "key_mismatch"
    told = asked("doctor", "--json")
    assert (told.status, told.json["healthy"]) == (3, False)


def test_doctor_sees_keys_that_others_can_read(asked: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked("doctor", "--json").json["healthy"]
    assert asked("key", "new", "--file", "keys", "--label", "监管处").out.startswith("cg_")
    monkeypatch.setenv("CG_API_KEYS", "keys")
    assert asked("doctor").status == 0
    Path("keys").chmod(0o644)
    told = asked("doctor")
    assert (told.status, "chmod 600" in told.out) == (1, True)


def test_a_list_is_answered_row_by_row(asked: Run) -> None:
    write_table(
        Path(),
        "名单",
        [
            {"名称": "清白𠮷食品有限公司", "id": "", "统一社会信用代码": ""},
            {"名称": "随便", "id": "", "统一社会信用代码": XINGHE},
            {"名称": "", "id": BOSS, "统一社会信用代码": ""},
            {"名称": "查无此人", "id": "", "统一社会信用代码": ""},
            {"名称": "张敏", "id": "", "统一社会信用代码": ""},
        ],
    )
    answers = asked("flags", "--file", "名单.csv", "--as-of", AS_OF, "--json").json["answers"]
    assert [answer["row"] for answer in answers] == [2, 3, 4, 5, 6]
    assert [len(answer["flags"]) for answer in answers] == [0, 2, 1, 0, 0]
    assert [answer.get("error") for answer in answers] == [
        None,
        None,
        None,
        "unknown_party",
        "ambiguous_name",
    ]
    single = asked("flags", XINGHE, "--as-of", AS_OF, "--json").json
    assert answers[1]["flags"] == single["flags"]
    assert "北京星河科技有限公司" in asked("flags", "--file", "名单.csv").out


def test_a_row_without_an_answer_is_told_by_its_text_and_by_the_status(asked: Run) -> None:
    Path("名单.csv").write_text(
        "名称,家数\n清白𠮷食品有限公司,1\n查无此人,1\n合计,2\n说明：截至年底,\n"
    )
    ended = asked("flags", "--file", "名单.csv", "--as-of", AS_OF)
    assert ended.status == 1
    assert "查无此人 · " in ended.out
    answers = asked("flags", "--file", "名单.csv", "--as-of", AS_OF, "--json").json["answers"]
    assert [answer["row"] for answer in answers] == [2, 3]
    Path("名单.csv").write_text("名称\n清白𠮷食品有限公司\n")
    assert asked("flags", "--file", "名单.csv", "--as-of", AS_OF).status == 0


def test_a_list_without_a_known_column_is_refused(asked: Run) -> None:
    Path("l.csv").write_text("甲,乙\n1,2\n")
    assert asked("flags", "--file", "l.csv").status == 2
    assert asked("flags", "--file", "l.csv", CLEAN).status == 2
    assert asked("flags").status == 2


def test_the_flags_of_all_go_into_files(asked: Run) -> None:
    every = asked("flag-all", "--as-of", AS_OF, "--json").json
    assert sum(every["counts"].values()) == len(every["flags"]) == 5
    told = asked("flag-all", "--as-of", AS_OF, "--out", "f.jsonl", "--json").json
    assert told["counts"] == every["counts"]
    lines = Path("f.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == every["flags"]
    assert asked("flag-all", "--out", "f.pdf", "--json").status == 2
    assert not Path("f.pdf").exists()


def test_a_pack_of_ones_own_is_taken_from_a_path(asked: Run) -> None:
    Path("bad.yaml").write_text("name: [")
    for pack in ("bad.yaml", "nowhere.yaml", "defualt"):
        told = asked("exposure", BOSS, "--pack", pack, "--json")
        assert (told.status, told.json["code"]) == (2, "bad_pack")
    for pack in ("linked", "control", "aggregate_50", "close_links"):
        assert asked("exposure", BOSS, "--pack", pack, "--json").json["pack"] == pack


def test_full_ends_what_is_no_longer_said(run: Run, tmp_path: Path) -> None:
    town = write_town(tmp_path)
    run("load", "gs")
    write_table(town, "shareholders", TABLES["shareholders"][:1])
    report = run("load", "gs", "--full", "--data-date", "2026-01-01", "--json").json
    assert report["ended"]
    assert run("load", "gs", "--data-date", "2026-01-01").status == 2
    assert run("load", "gs", "--full", "--data-date", "jetzt").status == 2
    assert run("load", "gs", "--full", "--data-date", "9026-01-01").status == 2


def test_the_demo_answers_the_main_question_and_can_be_run_again(run: Run) -> None:
    first = run("--store", "demo.db", "demo")
    assert first.status == 0
    assert "法定代表人" in first.out
    assert "make serve" in first.out
    again = run("demo", "--json", "--store", "demo.db").json
    tables = [table for load in again["loads"] for table in load["rows"].values()]
    assert all(table["unchanged"] == table["accepted"] for table in tables)
    assert len(again["exposure"]["flags"]) > 3


def test_the_demo_does_not_mix_into_other_data(asked: Run) -> None:
    refused = asked("demo", "--json")
    assert (refused.status, refused.json["code"]) == (2, "not_overwritten")
    assert asked("info", "--json").json["sources"] == ["gs"]
