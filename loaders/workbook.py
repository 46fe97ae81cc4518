"""Excel workbooks: every sheet, typed cells, merged cells filled; hostile ones refused."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from graph_service.errors import InputRefused
from loaders.cells import Cell
from loaders.safety import check_workbook, refuse

MAX_COLUMNS = 2_000
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_MAX_MERGES = 100_000
_CHUNK = 1 << 20

Merge = tuple[int, int, int, int]  # first column, first row, last column, last row; from 1


class Workbook:
    """An open workbook; close it when done."""

    def __init__(self, path: Path, name: str) -> None:
        from openpyxl import load_workbook

        check_workbook(path, name)
        self._path, self._name = path, name
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # unknown extensions concern the look only
                self._book: Any = load_workbook(path, read_only=True, data_only=True)
        except MemoryError:
            raise
        except Exception as error:  # the library raises whatever the XML trips
            raise refuse(name, f"not a readable workbook ({type(error).__name__})") from None

    def sheets(self) -> list[str]:
        """The names of the sheets that hold cells, in their order."""
        return [sheet.title for sheet in self._book.worksheets]

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """Row number in the sheet and cells of each row; raises InputRefused where it breaks."""
        page = self._book[sheet]
        page.reset_dimensions()  # a stated size may be wrong, or monstrous
        merges = _Merges(self._merges(page))
        number = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for number, row in enumerate(page.iter_rows(), 1):
                    cells = [_value(cell) for cell in row]
                    while cells and cells[-1] is None:
                        cells.pop()
                    if len(cells) > MAX_COLUMNS:
                        raise refuse(
                            self._name, f"sheet {sheet}: row {number} has {len(cells)} columns"
                        )
                    yield number, merges.fill(number, cells)
        except (MemoryError, InputRefused):
            raise
        except Exception as error:
            raise refuse(
                self._name, f"sheet {sheet}, after row {number}: {type(error).__name__}"
            ) from None

    def _merges(self, page: Any) -> list[Merge]:
        """The merged ranges; the streaming reader does not give them."""
        found: list[Merge] = []
        with zipfile.ZipFile(self._path) as archive:
            member = str(page._worksheet_path).lstrip("/")
            tail = b""
            with archive.open(member) as part:
                while chunk := part.read(_CHUNK):
                    text = tail + chunk
                    last = 0
                    for match in _MERGE.finditer(text):
                        left, top, right, bottom = match.groups()
                        found.append((_column(left), int(top), _column(right), int(bottom)))
                        last = match.end()
                    if len(found) > _MAX_MERGES:
                        raise refuse(self._name, f"more than {_MAX_MERGES} merged ranges")
                    tail = text[max(last, len(text) - 200) :]
        return found

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()


class _Merges:
    """Merged ranges met while rows stream by: their first cell fills the others."""

    def __init__(self, ranges: list[Merge]) -> None:
        self._waiting = sorted(ranges, key=lambda merge: merge[1], reverse=True)
        self._open: list[tuple[Merge, Cell]] = []

    def fill(self, number: int, cells: list[Cell]) -> list[Cell]:
        """The cells with merged ones filled."""
        while self._waiting and self._waiting[-1][1] <= number:
            merge = self._waiting.pop()
            value = cells[merge[0] - 1] if merge[0] <= len(cells) else None
            if value is not None and merge[1] == number:
                self._open.append((merge, value))
        if not self._open:
            return cells
        self._open = [(merge, value) for merge, value in self._open if merge[3] >= number]
        if not any(cell is not None for cell in cells) and not self._continues(number):
            return cells
        for (left, _, right, _), value in self._open:
            right = min(right, MAX_COLUMNS)
            cells.extend([None] * (right - len(cells)))
            cells[left - 1 : right] = [value] * (right - left + 1)
        return cells

    def _continues(self, number: int) -> bool:
        return any(merge[1] == number for merge, _ in self._open)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _value(cell: Any) -> Cell:
    """A cell's value; a per cent cell as the per cent that is seen, an error as nothing."""
    value = cell.value
    if value is None or isinstance(value, str):
        return None if value == "" or getattr(cell, "data_type", "") == "e" else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if "%" in str(cell.number_format):
            return f"{(Decimal(repr(value)) * 100).normalize():f}%"
        return value
    return value if isinstance(value, bool) or hasattr(value, "isoformat") else str(value)
