"""Mapping files: any layout by data, checked before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_service.errors import MappingError
from loaders.extract import _Shown, check_pattern, extractor
from loaders.mapping import read_mapping
from tests.loaders.support import Parsed, write_csv


def _mapping(folder: Path, text: str) -> Path:
    path = folder / "mapping.yaml"
    path.write_text(text, "utf-8")
    return path


def _parsed(folder: Path, rows: list[list[str]], text: str, name: str = "a.csv") -> Parsed:
    return Parsed([write_csv(folder / name, rows)], _mapping(folder, text))


def test_the_contracts_own_example(tmp_path: Path) -> None:
    write_csv(tmp_path / "basic_info.csv", [["code", "full_name", "credit_code"],
                                            ["001", "星河", "坏码"], ["002", "-", ""]],
              "gb18030")  # fmt: skip
    write_csv(tmp_path / "directors.csv", [["code", "name", "post"], ["001", "张三", "dsz/jl"]])
    (tmp_path / "holders.txt").write_text("001\t张三\t60\n")
    write_csv(
        tmp_path / "parties.csv",
        [
            ["record_id", "type", "full_name", "native_name", "first", "last", "role"],
            ["1", "PERSON", "", "", "Wang", "Wei", ""],
            ["2", "individual", "", "王伟", "", "", ""],
            ["3", "ORG", "X", "", "", "", "Owns 60.5% of 001"],
            ["4", "PERSON", "", "", "王", "伟", ""],
        ],
    )
    text = r"""
source: registry-2019
nulls: ["", "-", "\\N"]
on_bad: {bad_uscc: warn}
tables:
  - file: basic_info.csv
    kind: enterprises
    columns: {id: code, name: full_name, uscc: credit_code}
  - file: directors.csv
    kind: executives
    columns: {enterprise: code, person_name: name, role: post}
    values: {role: {dsz: 董事长, jl: 总经理}}
    split: {role: "/"}
  - file: holders.txt
    header: [code, holder, pct]
    delimiter: "\t"
    kind: shareholders
    columns: {enterprise: code, holder_name: holder, share: pct}
    units: {share: percent}
    constants: {holder_kind: enterprise}
  - file: parties.csv
    kind: persons
    where: {type: [PERSON, individual]}
    columns: {id: record_id}
    coalesce: {name: [full_name, native_name]}
    concat: {name: [first, last]}
"""
    text = text.replace('"\\t"', '"\t"')
    parsed = Parsed([tmp_path], _mapping(tmp_path, text))
    assert parsed.rules == ["missing_required"]
    assert parsed.counts["unmatched"] == 1
    assert parsed.counts["warnings"] == {"bad_uscc": 1}
    assert {one.source for one in parsed.statements} == {"registry-2019"}
    assert [row["role"] for row in parsed.rows("executives")] == ["chair", "general_manager"]
    assert list(parsed.rows("shareholders")) == [
        {"enterprise": "001", "holder_kind": "enterprise", "holder_name": "张三", "share": "0.6"}
    ]
    assert [row["name"] for row in parsed.rows("persons")] == ["Wang Wei", "王伟", "王伟"]
    assert [one.row for one in parsed.statements if one.table == "shareholders"] == [1]


_ROWS = [["编码", "名称", "份额"], ["E1", "甲", "35"]]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{file: a.csv, kind: enterprizes, columns: {id: 编码}}", ["enterprizes", "enterprises"]),
        ("{file: a.csv, kind: enterprises, columns: {nmae: 名称}}", ["nmae", "name"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编号, name: 名称}}",
         ["a.csv", "编号", "id", "编码"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编码}}", ["needs name"]),
        ("{file: a.csv, kind: shareholders, columns: {enterprise: 编码}}", ["holder"]),
        ("{file: a.csv, kind: enterprises, colums: {id: 编码}}", ["colums", "columns"]),
        ("{kind: enterprises, columns: {id: 编码}}", ["file is missing"]),
        ("{file: a.csv, kind: enterprises}", ["no columns"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编码, name: 名称}, header_row: 99}",
         ["row 99"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编码, name: 名称}, encoding: gb9}",
         ["gb9"]),
        ("{file: a.csv, kind: shareholders, columns: {enterprise: 编码, holder_name: 名称,"
         " share: 份额}, units: {share: permille}}", ["permille", "percent"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编码, name: 名称},"
         " where: {颜色: [红]}}", ["颜色"]),
        ("{file: a.csv, kind: executives, columns: {enterprise: 编码, person_name: 名称,"
         " role: 份额}, values: {role: {dsz: 董事长}}}", ["a.csv", "role", "35"]),
        ("{file: a.csv, kind: enterprises, columns: {id: 编码, name: 名称},"
         " extract: {region: {from: 名称, pattern: '(a+)+b'}}}", ["repeats a group"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_before_anything_is_written(
    tmp_path: Path, entry: str, words: list[str]
) -> None:
    with pytest.raises(MappingError) as refused:
        _parsed(tmp_path, _ROWS, f"source: s\ntables:\n  - {entry}\n")
    told = refused.value.detail + refused.value.hint
    assert [word for word in words if word not in told] == []


@pytest.mark.parametrize(
    "text",
    [
        "tables: [",
        "tables: 3",
        "- a",
        "tables: []",
        "source: x\nids: both\ntables: [{file: a, kind: persons, columns: {id: a, name: b}}]",
        "on_bad: {bad_name: warn}\ntables: [{file: a, kind: persons, columns: {id: a, name: b}}]",
        "a: &x [1]\nb: *x",
        "\x00",
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MappingError):
        read_mapping(_mapping(tmp_path, text))


def test_the_nearest_column_is_named(tmp_path: Path) -> None:
    text = "tables:\n  - {file: a.csv, kind: enterprises, columns: {id: 编码, name: 名}}\n"
    with pytest.raises(MappingError) as refused:
        _parsed(tmp_path, _ROWS, text)
    assert "名称" in refused.value.hint


def test_a_value_the_catalogue_knows_needs_no_rule(tmp_path: Path) -> None:
    rows = [["e", "p", "r"], ["E1", "张三", "董事"], ["E1", "李四", "jl"]]
    text = (
        "tables:\n  - {file: a.csv, kind: executives,"
        " columns: {enterprise: e, person_name: p, role: r}, values: {role: {jl: 总经理}}}\n"
    )
    found = [row["role"] for row in _parsed(tmp_path, rows, text).rows("executives")]
    assert found == ["director", "general_manager"]


def test_texts_of_a_mapping_stay_texts(tmp_path: Path) -> None:
    rows = [["e", "no"], ["007", "yes"]]
    text = (
        "tables:\n  - {file: a.csv, kind: sanctions, columns: {subject: e},"
        " where: {no: [yes]}, constants: {list: 失信被执行人, id: 007, label: no}}\n"
    )
    (row,) = _parsed(tmp_path, rows, text).rows("sanctions")
    assert (row["id"], row["label"]) == ("007", "no")


def test_a_split_cell_gives_several_statements_of_one_row(tmp_path: Path) -> None:
    rows = [["e", "h"], ["E1", "张三|李四"], ["E1", "王五|"]]
    text = (
        "tables:\n  - {file: a.csv, kind: shareholders, split: {holder_name: '|'},"
        " columns: {enterprise: e, holder_name: h}, constants: {holder_kind: person}}\n"
    )
    parsed = _parsed(tmp_path, rows, text)
    assert parsed.counts["read"] == {"shareholders": 2}
    assert [(one.row, one.part) for one in parsed.statements] == [(2, 0), (2, 1), (3, 0)]


def test_a_share_out_of_free_text(tmp_path: Path) -> None:
    rows = [["e", "h", "role"], ["E1", "P1", "Owns 60.5% of it"], ["E1", "P2", "Director"]]
    text = (
        "tables:\n  - {file: a.csv, kind: shareholders, columns: {enterprise: e, holder: h},"
        " extract: {share: {from: role, pattern: 'Owns ([0-9.]+%)'}}}\n"
    )
    found = [row.get("share") for row in _parsed(tmp_path, rows, text).rows("shareholders")]
    assert found == ["0.605", None]


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+", "(a|b)*", r"(a)\1", "(?=a)(b)", "(?<!a)(b)", "a+a+(d)", "(a", "ab"),
        *(
            "(?P<x>a)",
            "(a){2,}",
            "(x)" * 200,
            "(.*)(.*)x",
            "(.+)公司[^;]*;",
            r"(\w+)\s*\w+x",
            "[a-z]+.*(b)",
        ),
        *(r"(\d+)(?:,|[0-9]*)\d+x", "[^中]*[中-龥]?(.*)。", "(a{0,9}a{0,9}a{0,9}a{0,9}a{0,9})b"),
    ],
)
def test_patterns_that_may_run_away_are_refused(pattern: str) -> None:
    assert check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"Owns ([0-9.]+%)", "Owns 60%", "60%"),
        (r"持股(\d+%)?", "持股", ""),
        ("a+b+c+(d)", "aabccd", "d"),
        ("(.+)公司.*", "星河公司。", "星河"),
        (r"([0-9]+)\s*%\s*$", "占 35 % ", "35"),
        (r"(?:占|持股)?([^0-9]*)[0-9]{1,3}(?:\.[0-9]+)?", "持股约35.5", "约"),
        (r"[(+*]([^)]+)", "x(甲公司)", "甲公司"),
        (r"(?:Linked To|关联): ([^;.]+)", "Linked To: X.", "X"),
    ],
)
def test_patterns_that_may_be_used(pattern: str, text: str, found: str) -> None:
    assert check_pattern(pattern) == ""
    assert extractor(pattern)(text) == found


def test_a_pattern_looks_at_the_beginning_of_a_long_cell() -> None:
    assert extractor("(䶮)")("长" * 1_999 + "䶮") == "䶮"
    assert extractor("(䶮)")("长" * 2_000 + "䶮") == ""


@pytest.mark.parametrize(
    "single", ["[^;.]", r"[\d,]", r"\w", r"[^\s\d]", "[一-龥·]", "x", "[^x]", ".", r"[\]a-c]", "䶮"]
)
def test_what_a_repeated_character_may_be(single: str) -> None:
    shown = _Shown(f"({single}+)")
    ((item, follow),) = shown.repetitions()
    taken = shown.characters(item[1][2])
    assert set(taken or ()) == {char for char in shown.sorts if re.fullmatch(single, char)}
    assert follow == frozenset()


def test_sheets_of_a_workbook_by_name(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for title, rows in {"甲": [["题"], ["c", "n"], ["E1", "星"]], "乙": [["c"], ["E9"]]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    text = (
        "tables:\n  - {file: '*.xlsx', sheet: 甲, header_row: 2, kind: enterprises,"
        " columns: {id: c, name: n}}\n"
    )
    parsed = Parsed([tmp_path / "a.xlsx"], _mapping(tmp_path, text))
    assert list(parsed.rows("enterprises")) == [{"id": "E1", "name": "星"}]
    with pytest.raises(MappingError, match="丙"):
        Parsed([tmp_path / "a.xlsx"], _mapping(tmp_path, text.replace("甲", "丙")))


def test_beside_mapped_files_only_canonical_names_are_trusted(tmp_path: Path) -> None:
    write_csv(tmp_path / "basic.csv", [["code", "who"], ["7", "星河公司"]])
    write_csv(tmp_path / "失信名单.csv", [["subject", "subject_kind", "list"],
                                      ["7", "enterprise", "失信被执行人"]])  # fmt: skip
    write_csv(tmp_path / "other.csv", [["id", "name"], ["8", "王伟"]])
    text = """
ids: per_kind
tables:
  - {file: basic.csv, kind: enterprises, columns: {id: code, name: who}}
"""
    paths = [tmp_path / name for name in ("basic.csv", "失信名单.csv", "other.csv")]
    parsed = Parsed(paths, _mapping(tmp_path, text))
    assert parsed.rules == []
    assert parsed.counts["read"] == {"enterprises": 1, "sanctions": 1}
    assert parsed.counts["unknown"] == ["other.csv"]
    said = {node.node: node.text for batch in parsed.batches for node in batch.nodes}
    record = next(one for one in parsed.statements if one.table == "sanctions")
    assert said[record.a].endswith(":enterprise:7")  # `ids: per_kind` is of the whole source


@pytest.mark.parametrize(
    ("top", "own", "cell", "day"),
    [
        ("dates: dmy", "", "03/04/2020", "2020-04-03"),
        ("dates: mdy", "", "03/04/2020", "2020-03-04"),
        ("dates: mdy", ", dates: dmy", "3.4.2020 10:30", "2020-04-03"),
        ("dates: dmy", "", "０３-０４-２０２０", "2020-04-03"),
        ("dates: dmy", "", "2020年4月3日", "2020-04-03"),  # a day that says its order keeps it
        ("dates: dmy", "", "长期", None),
    ],
)
def test_days_whose_order_the_mapping_tells(
    tmp_path: Path, top: str, own: str, cell: str, day: str | None
) -> None:
    rows = [["e", "p", "d"], ["E1", "王伟", cell]]
    text = (
        f"{top}\ntables:\n  - {{file: a.csv, kind: executives{own},"
        " columns: {enterprise: e, person_name: p, since: d}, constants: {role: 董事}}\n"
    )
    (found,) = _parsed(tmp_path, rows, text).rows("executives")
    assert found.get("since") == day


@pytest.mark.parametrize("cell", ["13/13/2020", "03/04-2020", "03/04/20", "03/04/20201"])
def test_days_that_no_order_makes_a_day(tmp_path: Path, cell: str) -> None:
    text = (
        "dates: dmy\ntables:\n  - {file: a.csv, kind: persons,"
        " columns: {id: i, name: n, birth_date: b}}\n"
    )
    rows = [["i", "n", "b"], ["P1", "䶮𠮷", cell]]
    assert _parsed(tmp_path, rows, text).rules == ["bad_date"]


def test_another_order_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="dates"):
        read_mapping(_mapping(tmp_path, "dates: ymd\ntables: [{file: a.csv, kind: persons}]\n"))


def test_files_that_are_not_there_are_known(tmp_path: Path) -> None:
    entry = "kind: persons, columns: {id: i, name: n}}"
    told = read_mapping(
        _mapping(tmp_path, f"tables: [{{file: 甲*.csv, {entry}, {{file: 乙.csv, {entry}]\n")
    )
    assert told.absent(["部门/甲1.csv"]) == ["乙.csv"]
    assert told.absent(["乙.csv.gz"]) == ["甲*.csv"]
    assert told.absent([]) == ["乙.csv", "甲*.csv"]
