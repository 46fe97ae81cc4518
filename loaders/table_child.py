"""The child process that reads tables as text: limits first, then one file, frames out.

For lists that are asked about and never stored. Cells go out as text with their types forgotten
but for one thing: a number that a spreadsheet kept as floating point and that may have lost digits
comes in scientific notation, as everywhere (``loaders.cells``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph_service.errors import CreditGraphError
from loaders.cells import Cell, typed_text
from loaders.child import limit
from loaders.documents import read_document
from loaders.frames import get, put
from loaders.safety import refuse
from loaders.sheets import BOOK_SUFFIXES
from loaders.textfile import csv_rows, delimiter_of, encoding_of
from loaders.workbook import Workbook

MAX_ROWS = 200_000
MAX_CELLS = 5_000_000
_JSON = (".json", ".jsonl", ".ndjson")
_PORTION = 2_000


def main() -> int:
    """Read what the order says; exit status 0 when everything, also a refusal, was told."""
    out = sys.stdout.buffer
    order = get(sys.stdin.buffer)
    limit(order["memory_mb"], order["seconds"])
    path, name = Path(order["path"]), order["name"]
    try:
        for frame in _frames(path, name):
            put(out, frame)
        put(out, ("done",))
    except CreditGraphError as error:
        put(out, ("error", error.detail, error.hint))
    except MemoryError:
        hint = "CG_PARSER_MEMORY_MB sets the limit; or split the file."
        put(out, ("error", f"{name}: needs too much memory", hint))
    except OSError as error:
        put(out, ("error", f"{name}: {error.strerror or 'unreadable'}", ""))
    return 0


def _frames(path: Path, name: str) -> Iterator[tuple[Any, ...]]:
    bare = path.name.lower()
    if bare.endswith(_JSON):
        yield ("json", read_document(path, name))
        return
    seen = cells = 0
    for title, rows in _tables(path, name):
        yield ("sheet", title)
        portion: list[tuple[int, list[str]]] = []
        for number, row in rows:
            portion.append((number, [typed_text(cell, is_id=True).strip() for cell in row]))
            seen, cells = seen + 1, cells + len(row)
            if seen > MAX_ROWS or cells > MAX_CELLS:
                raise refuse(name, f"more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells")
            if len(portion) >= _PORTION:
                yield ("rows", portion)
                portion = []
        yield ("rows", portion)


def _tables(path: Path, name: str) -> Iterator[tuple[str, Iterator[tuple[int, list[Cell]]]]]:
    if path.name.lower().endswith(BOOK_SUFFIXES):
        book = Workbook(path, name)
        try:
            for title in book.sheets():
                yield title, book.rows(title)
        finally:
            book.close()
    else:
        encoding = encoding_of(path, name)
        yield "", csv_rows(path, name, encoding, delimiter_of(path, encoding))


if __name__ == "__main__":
    sys.exit(main())
