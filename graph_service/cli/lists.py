"""A user's plain list of parties: CSV or XLSX with a column ``id``, ``uscc`` or ``name``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from graph_service.errors import UsageError
from graph_service.schema import TABLES
from graph_service.text import fold
from loaders.cells import Cell, typed_text
from loaders.idle import is_idle
from loaders.textfile import csv_rows, delimiter_of, encoding_of
from loaders.workbook import Workbook

_SEARCHED = 15  # rows in which the header may stand
_MOST_ROWS = 1_000_000
_WORDS = {
    "id": ("id", "编号", "主体编号", "企业编号", "人员编号", "key", "键"),
    "uscc": TABLES["enterprises"].columns[1].headers,
    "name": ("name", "名称", "姓名", "主体名称", "企业名称", "公司名称", "单位名称", "机构名称"),
}
_FIELDS = {fold(word): field for field, words in _WORDS.items() for word in words}
Row = tuple[int, list[str]]


def read_list(path: Path) -> list[tuple[int, str]]:
    """The rows as (row number, what names the party); a row's id comes before its code and name.

    Rows of totals and notes are no parties. Raises UsageError when no such column is there,
    InputRefused when the file cannot be read.
    """
    rows = _workbook_rows(path) if path.suffix.lower() == ".xlsx" else _text_rows(path)
    columns: dict[str, int] = {}
    header: list[str] = []
    found: list[tuple[int, str]] = []
    for place, (number, cells) in enumerate(rows):
        if not columns:
            columns, header = _columns(cells), cells
            if not columns and place >= _SEARCHED:
                break
        elif not is_idle(cells, header) and (text := _named(cells, columns)) is not None:
            found.append((number, text))
            if len(found) > _MOST_ROWS:
                raise UsageError(f"more than {_MOST_ROWS:,} rows", "Split the list.")
    if not columns:
        raise UsageError(
            f"{path.name} has no column id, uscc or name", "Name a column id, uscc or name."
        )
    return found


def _columns(cells: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = _FIELDS.get(fold(cell))
        if field is not None:
            columns.setdefault(field, place)
    return columns


def _named(cells: Sequence[str], columns: dict[str, int]) -> str | None:
    """What names the party of a row; None for a blank row, empty where only other cells are."""
    if not any(cell.strip() for cell in cells):
        return None
    for field in ("id", "uscc", "name"):
        place = columns.get(field)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        if text:
            return f"name:{text}" if field == "name" else text
    return ""


def _text_rows(path: Path) -> Iterator[Row]:
    encoding = encoding_of(path, path.name)
    delimiter = delimiter_of(path, encoding)
    for number, cells in csv_rows(path, path.name, encoding, delimiter):
        yield number, [_text(cell) for cell in cells]


def _workbook_rows(path: Path) -> Iterator[Row]:
    book = Workbook(path, path.name)
    try:
        for number, cells in book.rows(book.sheets()[0]):
            yield number, [_text(cell) for cell in cells]
    finally:
        book.close()


def _text(cell: Cell) -> str:
    return typed_text(cell, is_id=True)
