"""The rejects file: safe in Excel, corrected and loaded as it is; retry and drop; export."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.settings import Settings
from graph_service.store.port import Store
from loaders.export import export
from loaders.load import load, retry
from loaders.plans import guard, unguard
from loaders.quarantine import drop_rejects, export_rejects
from loaders.rejected import PLACE
from loaders.rules import REJECTING, RULES, hint
from tests.loaders.conftest import Load, opened
from tests.loaders.support import ID_NUMBER, KEY, USCC, write_csv


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    return write_csv(path, [list(rows[0]), *(list(row.values()) for row in rows)], "utf-8-sig")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A folder whose rows fail in several ways."""
    made = tmp_path / "甲局"
    made.mkdir()
    write_csv(made / "企业.csv", [["企业编号", "统一社会信用代码", "企业名称"],
                                ["E1", "", "星河有限公司"], ["E2", USCC[:17] + "1", "=1+1"]],
              "gb18030")  # fmt: skip
    write_csv(made / "股东.csv", [["企业编号", "股东名称", "股东证件号码", "持股比例"],
                                ["E1", "张三", ID_NUMBER, "35"],
                                ["E9", "张三", ID_NUMBER, "0.5"]])  # fmt: skip
    return made


def test_the_rejects_file(faulty: Path, loading: Load, tmp_path: Path) -> None:
    path = tmp_path / "拒收.csv"
    loading(faulty, rejects=path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = _read(path)
    assert tuple(rows[0])[: len(PLACE)] == PLACE
    found = {(row["table"], row["file"], row["row"], row["column"], row["rule"]) for row in rows}
    assert found == {
        ("enterprises", "企业.csv", "3", "uscc", "bad_uscc"),
        ("shareholders", "股东.csv", "2", "share", "bad_share"),
        ("shareholders", "股东.csv", "3", "enterprise", "dangling_reference"),
    }
    by_rule = {row["rule"]: row for row in rows}
    assert by_rule["bad_uscc"]["name"] == "'=1+1"
    assert by_rule["bad_share"]["value"] == "35"
    assert by_rule["bad_share"]["holder_id_number"] == "1****************X"
    assert by_rule["bad_share"]["hint_zh"] == hint("bad_share")[0]


def test_the_corrected_file_loads_as_it_is(
    faulty: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "拒收.csv"
    loading(faulty, rejects=path)
    rows = _read(path)
    for row in rows:
        row["uscc"] = row["uscc"] and USCC
        row["share"] = row["share"] and "35%"
        row["enterprise"] = row["enterprise"] and "E1"
    report = loading(_write(tmp_path / "已改.csv", rows))
    assert report["rows"]["shareholders"]["accepted"] == 2
    assert store.rejected() == []
    parties = store.parties([f"pid:{KEY.id_hash(ID_NUMBER)}", f"uscc:{USCC}"])
    assert [party.name for party in parties.values()] == ["张三", "=1+1"]
    # corrected, both rows of 股东.csv say the same: it is kept once, and nothing waits any more
    stakes = [(one.file, one.row) for one in store.statements() if one.table == "shareholders"]
    assert stakes == [("股东.csv", 2)]
    assert set(store.info().sources) == {"甲局"}


def test_the_quarantine_names_whom_its_rows_name(faulty: Path, loading: Load, store: Store) -> None:
    loading(faulty)
    for text in ("张三", f"pid:{KEY.id_hash(ID_NUMBER)}", "甲局:E1"):
        assert "bad_share" in [row.rule for row in store.rejected(naming=[text])]
    assert store.rejected(naming=["李四"]) == []


def test_retry_as_they_stand_refuses_them_again(faulty: Path, loading: Load, store: Store) -> None:
    loading(faulty)
    before = [(row.table, row.file, row.row, row.rule, row.columns) for row in store.rejected()]
    report = retry(store, Settings(), key=KEY)
    assert report["retried"] == 3
    assert sum(counts["rejected"] for counts in report["rows"].values()) == 3
    after = [(row.table, row.file, row.row, row.rule, row.columns) for row in store.rejected()]
    assert sorted(map(repr, after)) == sorted(map(repr, before))


def test_a_refused_number_is_no_starred_one_when_it_is_retried(
    loading: Load, store: Store, tmp_path: Path
) -> None:
    header = ["enterprise", "person_name", "person_id_number", "role"]
    write_csv(tmp_path / "enterprises.csv", [["id", "name"], ["E1", "星河公司"]])
    write_csv(tmp_path / "executives.csv", [header, ["E1", "李四", "110105194912310021", "董事"]])
    loading(tmp_path)
    report = retry(store, Settings(), key=KEY)
    assert report["rejected_by_rule"] == {"bad_id_number": 1}
    assert [row.rule for row in store.rejected()] == ["bad_id_number"]


def test_a_masked_row_joins_when_it_is_retried(
    faulty: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    loading(faulty)
    late = write_csv(tmp_path / "企业.csv", [["企业编号", "企业名称"], ["E9", "迟到公司"]])
    loading(late, source="乙局")
    assert not [one for one in store.statements() if one.table == "shareholders" and one.live]
    loading(late, source="甲局")
    held = [one for one in store.statements() if one.table == "shareholders" and one.live]
    assert [one.a for one in held] == [f"pid:{KEY.id_hash(ID_NUMBER)}"]


def test_nothing_to_retry(store: Store) -> None:
    assert retry(store, Settings(), key=KEY) == {"rows": {}, "retried": 0}


def test_export_and_drop(faulty: Path, loading: Load, store: Store, tmp_path: Path) -> None:
    loading(faulty)
    assert export_rejects(store, tmp_path / "a.csv", rule="bad_share") == 1
    assert [row["rule"] for row in _read(tmp_path / "a.csv")] == ["bad_share"]
    assert drop_rejects(store, rule="bad_share") == 1
    assert drop_rejects(store, [row.id for row in store.rejected()][:1]) == 1
    assert drop_rejects(store, source="别局") == 0
    assert len(store.rejected()) == 1


@given(st.text())
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert guard(text)[:1] not in set("=+-@\t\r")
    assert unguard(guard(text)) == text


def test_every_rule_has_a_hint_in_both_languages() -> None:
    for name, rule in RULES.items():
        assert hint(name) == (rule.zh, rule.en)
        assert rule.zh
        assert rule.en
    assert {"bad_uscc", "dangling_reference", "missing_required"} <= REJECTING
    assert hint("no such rule") == ("", "")


def test_what_is_exported_loads_into_an_equal_store(
    faulty: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    write_csv(
        faulty / "主要人员.csv",
        [["企业编号", "姓名", "证件号码", "职务", "起始日期", "更新日期"],
         ["E1", "䶮𠮷", "", "董事长/总经理", "2020年1月1日", "2026-01-01"],
         ["E1", "=王伟", ID_NUMBER, "监事", "", ""]],
    )  # fmt: skip
    write_csv(
        faulty / "招标项目.csv", [["项目编号", "标段", "采购人"], ["T1", "1", "示例市财政局"]]
    )
    write_csv(faulty / "失信.csv", [["主体名称", "名单", "文书号", "列入日期"],
                                  ["张三", "失信被执行人", "(2020)京01", "2020.1.1"]])  # fmt: skip
    loading(faulty)
    made = export(store, tmp_path / "导出")
    assert set(made["files"]) == {
        *("enterprises.csv", "executives.csv", "sanctions.csv", "shareholders.csv", "tenders.csv")
    }
    again = opened(tmp_path / "again.db")
    load(again, Settings(), [tmp_path / "导出"], key=KEY)
    assert again.info() == store.info()
    places = {(s.source, s.table, s.file, s.row, s.values) for s in store.statements()}
    assert {(s.source, s.table, s.file, s.row, s.values) for s in again.statements()} == places
    again.close()


def test_a_reference_that_was_corrected_does_not_come_true_later(
    loading: Load, store: Store, tmp_path: Path
) -> None:
    made = tmp_path / "甲局"
    made.mkdir()
    write_csv(made / "企业.csv", [["编号", "企业名称"], ["E1", "星河"], ["E2", "银河"]])
    holders = made / "股东.csv"
    write_csv(holders, [["企业编号", "股东编号", "持股比例"], ["E1", "E9", "40%"]])
    path = tmp_path / "拒收.csv"
    loading(made, rejects=path)
    rows = _read(path)
    rows[0]["holder"] = "E2"
    loading(_write(tmp_path / "已改.csv", rows))
    more = write_csv(tmp_path / "企业.csv", [["编号", "企业名称"], ["E9", "无关䶮公司"]])
    report = loading(more, source="甲局")
    assert report["rows"].keys() == {"enterprises"}
    stakes = [one.values for one in store.statements() if one.table == "shareholders"]
    assert ['"holder":"E2"' in values for values in stakes] == [True]


def test_corrected_rows_keep_what_the_mapping_said_of_their_ids(
    loading: Load, store: Store, tmp_path: Path
) -> None:
    made = tmp_path / "甲局"
    made.mkdir()
    write_csv(made / "e.csv", [["id", "name"], ["1", "星河公司"], ["2", "月河公司"]])
    write_csv(made / "p.csv", [["id", "name"], ["1", "王䶮"]])
    write_csv(made / "s.csv", [["e", "h", "k", "share"], ["2", "1", "person", "三成"]])
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "ids: per_kind\ntables:\n"
        "  - {file: e.csv, kind: enterprises, columns: {id: id, name: name}}\n"
        "  - {file: p.csv, kind: persons, columns: {id: id, name: name}}\n"
        "  - {file: s.csv, kind: shareholders,"
        " columns: {enterprise: e, holder: h, holder_kind: k, share: share}}\n",
        "utf-8",
    )
    path = tmp_path / "拒收.csv"
    loading(made, mapping=mapping, rejects=path)
    retry(store, Settings(), key=KEY)
    assert [row.rule for row in store.rejected()] == ["bad_share"]
    rows = _read(path)
    rows[0]["share"] = "30%"
    loading(_write(tmp_path / "已改.csv", rows))
    (stake,) = (one for one in store.statements() if one.table == "shareholders")
    assert ("person:1" in stake.values, "enterprise:2" in stake.values) == (True, True)
    assert store.rejected() == []
