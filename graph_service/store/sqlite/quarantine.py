"""Taking rows out of the quarantine when they go, move or resolve."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from graph_service.store.sqlite.tables import TABLE_NAMES


def drop_withheld(c: sqlite3.Connection, chosen: str, values: Sequence[object] = ()) -> None:
    """Take withheld rows out of the quarantine: they go, or stand somewhere else from now on."""
    places = c.execute(
        "SELECT o.name, s.tbl, f.name, s.row FROM stmt s CROSS JOIN source o ON o.no = s.source"
        f" CROSS JOIN file f ON f.no = s.file WHERE s.state <> 0 AND {chosen}",
        values,
    ).fetchall()
    for source, tbl, file, row in places:
        drop_rejects(
            c,
            "source = ? AND tbl = ? AND file = ? AND row = ?",
            (source, TABLE_NAMES[tbl], file, row),
        )


def drop_rejects(c: sqlite3.Connection, where: str, values: Sequence[object]) -> int:
    """Drop rows of the quarantine, with the names they are found by; how many."""
    c.execute(
        f"DELETE FROM reject_name WHERE reject IN (SELECT id FROM reject WHERE {where})", values
    )
    return c.execute(f"DELETE FROM reject WHERE {where}", values).rowcount
