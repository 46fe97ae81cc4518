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
from graph_service.store.port import Archive
from loaders.plans import guard
from loaders.specs import known_fields

_PROVENANCE = ("source", "record_date", "source_file", "source_row")
# Parts of a tender's row that its own row gives again.
_FURTHER = frozenset({"BUYS", "DESIGNS", "SUPERVISES"})


def export(store: Archive, directory: Path) -> dict[str, Any]:
    """Write canonical tables (CSV, UTF-8 with BOM) into ``directory``; gives files and rows.

    Withheld statements are written too: they are tried again wherever they are loaded.
    """
    directory.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    with ExitStack() as files:
        writers: dict[str, Any] = {}
        for statement in _exported(store):
            table = statement.table
            if table not in writers:
                path = directory / f"{table}.csv"
                out = files.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
                writers[table] = csv.writer(out)
                writers[table].writerow(_header(table))
            writers[table].writerow(_row(statement))
            rows[table] = rows.get(table, 0) + 1
    return {"directory": str(directory), "files": [f"{t}.csv" for t in sorted(rows)], "rows": rows}


def _exported(store: Archive) -> Iterator[StoredStatement]:
    return (
        statement
        for statement in store.statements()
        if not (statement.table == "tenders" and statement.type in _FURTHER)
    )


def _header(table: str) -> list[str]:
    own = [name for name in known_fields(table) if name not in _PROVENANCE]
    return [*own, *_PROVENANCE]


def _row(statement: StoredStatement) -> list[str]:
    values: dict[str, str] = json.loads(statement.values)
    provenance = (
        statement.source,
        iso(statement.record_date or None) or "",
        statement.file,
        str(statement.row),
    )
    own = [values.get(name, "") for name in _header(statement.table)[: -len(_PROVENANCE)]]
    return [guard(text) for text in (*own, *provenance)]
