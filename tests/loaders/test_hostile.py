"""Hostile files end as a clear refusal that names them; the process that asks lives on."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from graph_service.errors import InputRefused
from tests.loaders.support import Parsed, write_csv

Make = Callable[[Path], None]
_SHEET = "xl/worksheets/sheet1.xml"


def _honest(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name"])
    sheet.append(["E1", "甲"])
    book.save(path)


def _with_sheet(path: Path, xml: bytes) -> None:
    """An honest workbook whose first sheet is replaced."""
    honest = path.with_suffix(".tmp")
    _honest(honest)
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member, xml if member.filename == _SHEET else old.read(member))


def _zip_bomb(path: Path) -> None:
    _with_sheet(path, b"<worksheet><sheetData>" + b" " * (80 << 20) + b"</sheetData></worksheet>")


def _billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    _with_sheet(
        path,
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'
        "<worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>".encode(),
    )


def _hidden_doctype(path: Path) -> None:
    _with_sheet(path, b"<?xml version='1.0'?><!--" + b" " * (80 << 10) + b"--><!DOCTYPE x []><x/>")


def _utf16(path: Path) -> None:
    _with_sheet(path, "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x []><x/>".encode("utf-16"))


def _last_cell(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name"])
    sheet.append(["E1", "甲"])
    sheet["XFD1048576"] = "x"
    book.save(path)


def _truncated_book(path: Path) -> None:
    _honest(path)
    path.write_bytes(path.read_bytes()[:-200])


def _no_book(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0 old format")


def _broken_xml(path: Path) -> None:
    _with_sheet(path, b"<worksheet><sheetData><row><c t='s'><v>99999</v></c></row>")


def _nul(path: Path) -> None:
    path.write_bytes(b"id,name\nE1,\0\n")


def _long_line(path: Path) -> None:
    with path.open("wb") as out:
        out.write(b"id,name\nE1,")
        for _ in range(20):
            out.write(b"x" * (1 << 20))


def _short_open_quote(path: Path) -> None:
    """It would swallow the company below it without a word."""
    path.write_text('id,name\nE1,"星河公司\nE2,月河公司\n')


def _open_quote(path: Path) -> None:
    path.write_text('id,name\nE1,"甲\n' + "E2,乙\n" * 300_000)


def _no_encoding(path: Path) -> None:
    path.write_bytes(b"id,name\nE1,\xff\xff\n")


def _many_columns(path: Path) -> None:
    path.write_text("id,name\n" + "," * 5_000 + "\n")


def _gz_bomb(path: Path) -> None:
    path.write_bytes(gzip.compress(b"id,name\n" + b"E1,x\n" * (16 << 20)))


def _truncated_gz(path: Path) -> None:
    path.write_bytes(gzip.compress(b"id,name\nE1,x\n" * 1_000)[:-20])


def _deep_json(path: Path) -> None:
    path.write_text('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}\n")


def _long_number(path: Path) -> None:
    path.write_text('{"id": "E1", "name": ' + "9" * 10_000 + "}\n")


def _surrogate(path: Path) -> None:
    path.write_text('{"id": "E1", "name": "\\ud800"}\n')


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("enterprises.xlsx", _zip_bomb),
        ("enterprises.xlsx", _billion_laughs),
        ("enterprises.xlsx", _hidden_doctype),
        ("enterprises.xlsx", _utf16),
        ("enterprises.xlsx", _last_cell),
        ("enterprises.xlsx", _truncated_book),
        ("enterprises.xlsx", _no_book),
        ("enterprises.xlsx", _broken_xml),
        ("enterprises.csv", _nul),
        ("enterprises.csv", _long_line),
        ("enterprises.csv", _open_quote),
        ("enterprises.csv", _short_open_quote),
        ("enterprises.csv", _no_encoding),
        ("enterprises.csv", _many_columns),
        ("enterprises.csv.gz", _gz_bomb),
        ("enterprises.csv.gz", _truncated_gz),
        ("enterprises.jsonl", _deep_json),
        ("enterprises.jsonl", _long_number),
        ("enterprises.jsonl", _surrogate),
    ],
)
def test_a_hostile_file_is_refused_by_name(tmp_path: Path, name: str, make: Make) -> None:
    make(tmp_path / name)
    with pytest.raises(InputRefused) as refused:
        Parsed([tmp_path / name])
    assert refused.value.detail.startswith(name)
    assert len(refused.value.detail) > len(name) + 5


def test_too_much_memory_ends_only_the_child(tmp_path: Path) -> None:
    path = tmp_path / "enterprises.jsonl"
    path.write_text('{"id": "E1", "name": "' + "x" * (7 << 20) + '"}\n')
    rows = path.read_text() * 20
    path.write_text(rows)
    with pytest.raises(InputRefused) as refused:
        Parsed([path], parser_memory_mb=128)
    assert "enterprises.jsonl" in refused.value.detail


def test_too_much_processor_time_ends_only_the_child(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "enterprises.csv",
        [["id", "name"], *([f"E{n}", f"示例{n}公司"] for n in range(200_000))],
    )
    with pytest.raises(InputRefused, match="processor time"):
        Parsed([path], parser_seconds=1)


@pytest.mark.parametrize("name", ["企业.xls", "企业.xlsx", "enterprises.csv"])
def test_an_old_excel_file_is_told_from_a_damaged_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(InputRefused, match="old Excel file") as refused:
        Parsed([tmp_path / name])
    assert ".xlsx" in refused.value.hint
