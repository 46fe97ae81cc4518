"""Lists that are read and sheets that are written: any encoding in, no live formula out."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from graph_service.cli.lists import read_list
from graph_service.cli.sheets import write_answers, write_flags
from graph_service.errors import CreditGraphError, UsageError
from tests.cli.conftest import Run
from tests.cli.test_render import party, step
from tests.support.front import AS_OF, BOSS, CLEAN, XINGHE

LIVE = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_in_any_encoding_with_title_rows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        f"审查名单,,\n单位名称,备注,统一社会信用代码\n䶮业𠮷公司,x,\n,,\n,,{XINGHE}\n", encoding
    )
    assert read_list(path) == [(3, "name:䶮业𠮷公司"), (5, XINGHE)]


def test_a_row_that_names_nobody_is_answered_too(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text("name\tnote\n\tx\n")
    assert read_list(path) == [(2, "")]


def test_a_workbook_keeps_codes_as_text_and_refuses_damaged_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ID", "名称"])
    sheet.append([XINGHE, "甲"])
    sheet.append([911101050000000000.0, "乙"])
    book.save(tmp_path / "l.xlsx")
    (first, second) = read_list(tmp_path / "l.xlsx")
    assert first == (2, XINGHE)
    assert "E" in second[1].upper()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01", b"PK\x03\x04"])
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("l.csv", "l.xlsx"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(CreditGraphError):
            read_list(tmp_path / name)


def _flag(name: str) -> dict[str, Any]:
    record = {"list": "失信被执行人", "document_no": name, "listed": AS_OF, "valid_until": None}
    return {
        "party": party(name),
        "listed": party("乙"),
        "grade": "held",
        "severity": "low",
        "rule": "held",
        "pack": "default",
        "article": name,
        "record": record,
        "path": [step("乙", name, sources=[{"source": "s", "file": name, "row": 1}])],
        "evidence": [],
        "share": 0.25,
        "statement": {"zh": name, "en": name},
        "certain": True,
    }


def test_no_cell_of_a_csv_is_live(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    write_flags(path, [_flag(live) for live in LIVE], "zh")
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    assert rows[0][0] == "被标记主体编号"
    assert len(rows) == len(LIVE) + 1
    assert not any(cell.startswith(LIVE) for row in rows for cell in row)
    assert rows[1][1] == "'=1+1"


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    write_flags(path, [_flag("=1+1\x0b䶮"), _flag("\ufffe")], "en")
    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert sheet.cell(2, 2).value == "=1+1\ufffd䶮"
    assert sheet.cell(2, 2).data_type == "s"


def test_a_list_out_says_of_each_row_what_came_of_it(asked: Run) -> None:
    Path("l.csv").write_text(f"id\n{CLEAN}\n{XINGHE}\nnobody\n")
    for ending in ("xlsx", "csv", "jsonl", "json"):
        told = asked("flags", "--file", "l.csv", "--as-of", AS_OF, "--out", f"o.{ending}")
        assert told.status == 1  # one row has no answer
    lines = [json.loads(line) for line in Path("o.jsonl").read_text("utf-8").splitlines()]
    assert [line["row"] for line in lines] == [2, 3, 4]
    assert json.loads(Path("o.json").read_text("utf-8")) == lines
    with Path("o.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    assert [row[0] for row in rows] == ["行", "2", "3", "3", "4"]
    assert [row[1] for row in rows[1:]] == ["未发现标记", "有标记", "有标记", "查无此主体"]
    assert all(len(row) == len(rows[0]) for row in rows)
    sheet = load_workbook("o.xlsx").worksheets[0]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == rows


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_flags_that_lie_in_a_folder_are_never_loaded_as_records(asked: Run, lang: str) -> None:
    Path("out").mkdir()
    Path("l.csv").write_text(f"id\n{XINGHE}\n")
    for ending in ("csv", "xlsx", "jsonl"):
        asked("flag-all", "--lang", lang, "--as-of", AS_OF, "--out", f"out/f.{ending}")
        asked("flags", "--file", "l.csv", "--lang", lang, "--out", f"out/l.{ending}")
    told = asked("load", "out", "--store", "new.db", "--json")
    assert told.json["rows"] == {}
    assert asked("info", "--store", "new.db", "--json").json["records"] == {}


def test_another_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    for name in ("f.pdf", "f"):
        with pytest.raises(UsageError):
            write_flags(tmp_path / name, [], "zh")
        with pytest.raises(UsageError):
            write_answers(tmp_path / name, {"answers": []}, "zh")
    assert list(tmp_path.iterdir()) == []


def test_a_list_may_name_persons_by_source_and_id(asked: Run) -> None:
    Path("l.csv").write_text(f"编号\n{BOSS}\n")
    answers = asked("flags", "--file", "l.csv", "--as-of", AS_OF, "--json").json["answers"]
    assert answers[0]["party"]["name"] == "王伟"
