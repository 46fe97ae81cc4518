"""Files as departments send them: encodings, delimiters, workbooks, JSON Lines, gz."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.loaders.support import ID_NUMBER, USCC, Parsed, write_csv

FIRMS = [["id", "name"], ["E1", "䶮𠮷科技"], ["E2", "星河“科技”"]]
NAMES = ["䶮𠮷科技", "星河“科技”"]


def _names(parsed: Parsed) -> list[str]:
    return [row["name"] for row in parsed.rows("enterprises")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert _names(Parsed([write_csv(tmp_path / "enterprises.csv", FIRMS, encoding)])) == NAMES


def test_another_encoding_when_the_mapping_says_so(tmp_path: Path) -> None:
    rows = [["id", "name"], ["E1", "臺北銀行"]]
    path = write_csv(tmp_path / "enterprises.csv", rows, "big5")
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "source: s\nencoding: big5\ntables:\n"
        "  - {file: enterprises.csv, kind: enterprises, columns: {id: id, name: name}}\n"
    )
    assert _names(Parsed([path], mapping)) == ["臺北銀行"]


@pytest.mark.parametrize(
    ("name", "delimiter"), [("a.tsv", "\t"), ("a.csv", "|"), ("a.csv", ";"), ("a.txt", "\t")]
)
def test_delimiters(tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / "enterprises" / name
    path.parent.mkdir()
    path.write_text("\n".join(delimiter.join(["统一社会信用代码", "企业名称"]) for _ in range(1)))
    path.write_text(
        f"企业名称{delimiter}统一社会信用代码{delimiter}成立日期\n甲,公司{delimiter}{USCC}{delimiter}2020-1-1\n"
    )
    assert _names(Parsed([path])) == ["甲,公司"]


def test_mixed_line_ends_blank_rows_and_an_end_of_file_mark(tmp_path: Path) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_bytes('id,name\r\nE1,甲\nE2,"乙\r\n丙"\r\r\n,,\n合计,2\n\x1a'.encode())
    parsed = Parsed([path])
    assert _names(parsed) == ["甲", "乙\r\n丙"]
    assert parsed.counts["read"] == {"enterprises": 2}
    assert parsed.counts["skipped"] == {"enterprises": 4}
    assert [s.row for s in parsed.statements] == [2, 3]


def test_ragged_rows(tmp_path: Path) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_text("id,name,region\nE1,甲\nE2,乙,京,,\nE3,丙,京,多\n")
    parsed = Parsed([path])
    assert _names(parsed) == ["甲", "乙"]
    assert parsed.rules == ["ragged_row"]


def test_title_rows_above_the_header(tmp_path: Path) -> None:
    path = tmp_path / "企业.csv"
    path.write_text("示例市企业名录,,\n单位：某局,,\n编号,企业名称*,注册资本(万元)\nE1,甲,100\n")
    (row,) = Parsed([path]).rows("enterprises")
    assert row == {"id": "E1", "name": "甲", "capital": "1000000"}


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "shareholders.jsonl.gz"
    lines: list[dict[str, Any]] = [
        {"enterprise": "E1", "holder": 123456789012345679, "share": 0.35, "x": {"a": 1}},
        {"holder": "P1", "enterprise": "E1", "share": "5%", "since": None},
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_bytes(gzip.compress(text.encode()))
    parsed = Parsed([path])
    assert [(r["holder"], r["share"]) for r in parsed.rows("shareholders")] == [
        ("123456789012345679", "0.35"),
        ("P1", "0.05"),
    ]
    assert parsed.counts["ignored"] == {"shareholders.jsonl.gz": ["x"]}


def _book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = Workbook()
    del book[book.sheetnames[0]]
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_sheet_with_cell_types_respected(tmp_path: Path) -> None:
    path = _book(
        tmp_path / "资料.xlsx",
        {
            "企业": [
                ["编号", "企业名称", "成立日期", "注册资本(万元)", "行政区划"],
                [601058, "甲", datetime(2020, 1, 31), 12.5, 110000],
                ["007", "乙", date(2020, 1, 31), "3000元", None],
                ["E3", "丙", 43861, None, None],
            ],
            "股东": [
                ["企业编号", "股东编号", "持股比例(%)"],
                [601058, "007", 35],
                [601058, "E3", "0.5"],
            ],
            "说明": [["本表由某局提供"]],
        },
    )
    parsed = Parsed([path])
    assert list(parsed.rows("enterprises")) == [
        {"id": "601058", "name": "甲", "established": "2020-01-31", "capital": "125000",
         "region": "110000"},
        {"id": "007", "name": "乙", "established": "2020-01-31", "capital": "3000"},
        {"id": "E3", "name": "丙", "established": "2020-01-31"},
    ]  # fmt: skip
    assert [row["share"] for row in parsed.rows("shareholders")] == ["0.35", "0.005"]


def test_a_number_in_an_id_column_is_refused_when_it_may_have_lost_digits(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["id", "name", "id_number"],
        ["P1", "甲", 110105194912310028],
        ["P2", "乙", 1.10105194912310e17],
        [3.5, "丙", None],
        [4, "丁", None],
    ]
    parsed = Parsed([_book(tmp_path / "persons.xlsx", {"persons": rows})])
    assert parsed.rules == ["float_id"] * 3
    assert [row["id"] for row in parsed.rows("persons")] == ["4"]
    assert "110105" not in repr(parsed.refused)


def test_a_float_that_a_spreadsheet_wrote_into_a_csv_is_refused_too(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "persons.csv", [["id", "name", "id_number"],
                                               ["P1", "甲", "1.10105E+17"]])  # fmt: skip
    assert Parsed([path]).rules == ["float_id"]


def test_a_per_cent_cell_means_what_is_seen(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "股东"
    sheet.append(["企业编号", "股东编号", "持股比例(%)"])
    sheet.append(["E1", "E2", 0.35])
    sheet["C2"].number_format = "0.00%"
    path = tmp_path / "a.xlsx"
    book.save(path)
    (row,) = Parsed([path]).rows("shareholders")
    assert row["share"] == "0.35"


def test_merged_cells_are_filled_and_totals_skipped(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "主要人员"
    for row in (
        ["某市名录", None, None],
        ["企业编号", "姓名", "职务"],
        ["E1", "张三", "董事长"],
        [None, "李四", "董事"],
        [None, "王五", "监事"],
        ["E2", "赵六", "董事"],
        ["合 计", None, 4],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A5")
    path = tmp_path / "a.xlsx"
    book.save(path)
    parsed = Parsed([path])
    assert [(r["enterprise"], r["person_name"]) for r in parsed.rows("executives")] == [
        ("E1", "张三"),
        ("E1", "李四"),
        ("E1", "王五"),
        ("E2", "赵六"),
    ]
    assert parsed.counts["skipped"] == {"executives": 1}
    assert [s.row for s in parsed.statements] == [3, 4, 5, 6]


def test_texts_that_were_forced_on_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text(f'id,name,id_number\n"=""007""",张三,\'{ID_NUMBER}\n\'8,=甲,\n')
    parsed = Parsed([path])
    assert parsed.rules == []
    assert [(row["id"], row["name"]) for row in parsed.rows("persons")] == [
        ("007", "张三"),
        ("8", "=甲"),
    ]


def test_what_nothing_knows_is_named(tmp_path: Path) -> None:
    write_csv(tmp_path / "enterprises.csv", [["id", "name", "颜色"], ["E1", "甲", "红"]])
    write_csv(tmp_path / "杂项.csv", [["a", "b"], ["1", "2"]])
    parsed = Parsed([tmp_path])
    assert parsed.counts["ignored"] == {"enterprises.csv": ["颜色"]}
    assert parsed.counts["unknown"] == ["杂项.csv"]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_quoted_cell_may_end_the_file(tmp_path: Path, end: str) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_bytes(f'id,name\nE1,"两行的\n名称"{end}'.encode())
    parsed = Parsed([path])
    assert [row["id"] for row in parsed.rows("enterprises")] == ["E1"]
    assert parsed.counts["read"] == {"enterprises": 1}
