"""Export: every statement as a row of its canonical table; loaded again, an equal store."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from graph_service.days import iso
from graph_service.model import StoredStatement
from graph_service.schema import TABLES
from graph_service.store.port import Archive
from loaders.plans import guard
from loaders.specs import known_fields

_PROVENANCE = ("source", "record_date", "source_file", "source_row")
# Parts of a tender's row that its own row gives again.
_FURTHER = frozenset({"BUYS", "DESIGNS", "SUPERVISES"})


def export(store: Archive, directory: Path) -> dict[str, Any]:
    """Write canonical tables (CSV, UTF-8 with BOM) into ``directory``; gives files and rows.

    Withheld statements are written too: they are tried again wherever they are loaded. ``withheld``
    of the answer: their places (source, table, file, row), as the quarantine has them.
    """
    directory.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    withheld: set[tuple[str, str, str, int]] = set()
    with ExitStack() as files:
        writers: dict[str, Any] = {}
        for statement in _exported(store):
            table = statement.table
            if table not in writers:
                path = directory / f"{table}.csv"
                out = files.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
                writers[table] = csv.writer(out)
                writers[table].writerow(HEADERS[table])
            writers[table].writerow(exported_row(statement))
            rows[table] = rows.get(table, 0) + 1
            if not statement.live:
                withheld.add((statement.source, table, statement.file, statement.row))
    files_written = [f"{table}.csv" for table in sorted(rows)]
    return {
        "directory": str(directory), "files": files_written, "rows": rows, "withheld": withheld,
    }  # fmt: skip


def _exported(store: Archive) -> Iterator[StoredStatement]:
    return (
        statement
        for statement in store.statements()
        if not (statement.table == "tenders" and statement.type in _FURTHER)
    )


HEADERS = {
    table: [*(name for name in known_fields(table) if name not in _PROVENANCE), *_PROVENANCE]
    for table in TABLES
}


def exported_row(statement: StoredStatement) -> list[str]:
    """The cells of a statement, in the order of ``HEADERS``, guarded against spreadsheets."""
    values: dict[str, str] = json.loads(statement.values)
    values |= {
        "source": statement.source,
        "record_date": iso(statement.record_date or None) or "",
        "source_file": statement.file,
        "source_row": str(statement.row),
    }
    return [guard(values.get(name, "")) for name in HEADERS[statement.table]]
