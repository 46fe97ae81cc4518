"""Sheets of a workbook number their rows each on its own: none is taken for another's."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import Workbook

from graph_service.places import apart, in_sheet, told
from graph_service.store.port import Store
from tests.loaders.conftest import Load


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two months in one workbook; row 3 of each names somebody whom nobody declares."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "企业"
    for row in (["编号", "企业名称"], ["E1", "䶮公司"], ["E2", "𠮷公司"]):
        sheet.append(row)
    for month, known in (("一月", "E1"), ("二月#1", "E2")):
        sheet = made.create_sheet(month)
        for row in (
            ["主体编号", "名单", "列入日期"],
            [known, "失信被执行人", "2025-01-01"],
            [f"X{month[0]}", "失信被执行人", "2025-02-01"],
            ["E1", "失信被执行人", "2025-13-01"],
        ):
            sheet.append(row)
    folder = tmp_path / "法院"
    folder.mkdir()
    made.save(folder / "月报.xlsx")
    return folder


def _standing(store: Store) -> list[tuple[str, str, int, str, str]]:
    return sorted(
        (row.rule, row.sheet, row.row, row.value, row.columns["subject"])
        for row in store.rejected()
    )


REFUSED = [
    ("bad_date", "一月", 4, "2025-13-01", "E1"),
    ("bad_date", "二月#1", 4, "2025-13-01", "E1"),
    ("dangling_reference", "一月", 3, "X一", "X一"),
    ("dangling_reference", "二月#1", 3, "X二", "X二"),
]


def test_every_refused_row_stands_with_its_own_columns(
    book: Path, loading: Load, store: Store
) -> None:
    for _ in range(2):
        report = loading(book)
        assert report["rows"]["sanctions"]["rejected"] == 4
        assert _standing(store) == REFUSED


def test_the_corrected_file_clears_the_rows_of_both_sheets(
    book: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    rejects = tmp_path / "拒收.csv"
    loading(book, rejects=rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["file"], row["sheet"]) for row in rows} == {
        ("月报.xlsx", "一月"),
        ("月报.xlsx", "二月#1"),
    }
    for row in rows:
        row["subject"] = "E2"
        row["listed"] = "2025-03-01"
    with rejects.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert loading(rejects)["rows"]["sanctions"]["rejected"] == 0
    assert store.rejected() == []


def test_rows_that_are_tried_again_stand_once_in_their_sheets(
    book: Path, loading: Load, store: Store, tmp_path: Path
) -> None:
    rejects = tmp_path / "拒收.csv"
    loading(book, rejects=rejects)
    assert loading(rejects)["rows"]["sanctions"]["rejected"] == 4
    assert _standing(store) == REFUSED


def test_a_statement_names_its_sheet(book: Path, loading: Load, store: Store) -> None:
    loading(book)
    places = {(s.file, s.row) for s in store.statements() if s.table == "sanctions"}
    assert places == {(f"月报.xlsx#{month}", row) for month in ("一月", "二月#1") for row in (2, 3)}


def test_a_place_comes_apart_as_it_was_put_together() -> None:
    assert apart(in_sheet("甲/名录.XLSX.gz", "股东 #2")) == ("甲/名录.XLSX.gz", "股东 #2")
    assert apart(in_sheet("a#b.csv", "")) == ("a#b.csv", "")
    assert in_sheet("a.json", "tenders") == "a.json"
    assert told("甲局", "名录.xlsx#股东", 3) == {
        "source": "甲局", "file": "名录.xlsx", "row": 3, "sheet": "股东",
    }  # fmt: skip
    assert told("甲局", "a#b.csv", 3) == {"source": "甲局", "file": "a#b.csv", "row": 3}
