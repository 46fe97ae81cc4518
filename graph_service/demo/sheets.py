"""Writers of the kinds of file that departments really send."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = Sequence[object]


def write_csv(path: Path, header: Row, rows: Iterable[Row], encoding: str = "utf-8-sig") -> None:
    """A CSV with CRLF line ends, as Excel saves it; ``None`` is an empty cell."""
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)


def write_book(
    path: Path, titles: Sequence[str], header: Row, rows: Sequence[Row], merge: int = 0
) -> None:
    """A workbook with merged title rows above the header and a 合计 row below the data.

    In the first 300 rows the first ``merge`` columns are merged over rows that repeat them,
    as clerks do until they tire of it.
    """
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    sheet = book.create_sheet("名录")
    width = len(header)
    for number, title in enumerate(titles, 1):
        sheet.append([title])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    sheet.append(list(header))
    first = len(titles) + 2
    for row in rows:
        sheet.append(list(row))
    sheet.append(["合计", *[None] * (width - 2), len(rows)])
    for start, end in _blocks(rows[:300], merge):
        for column in range(1, merge + 1):
            sheet.merge_cells(
                start_row=first + start,
                end_row=first + end,
                start_column=column,
                end_column=column,
            )
    book.save(path)


def _blocks(rows: Sequence[Row], merge: int) -> list[tuple[int, int]]:
    """First and last index of each run of rows that agree in their first ``merge`` cells."""
    if not merge:
        return []
    blocks: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(rows) + 1):
        if index == len(rows) or rows[index][:merge] != rows[start][:merge]:
            if index - start > 1:
                blocks.append((start, index - 1))
            start = index
    return blocks
