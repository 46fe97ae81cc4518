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


_TABLES = ", ".join(f"({number}, '{name}')" for number, name in TABLE_NAMES.items())


def discard_withheld(c: sqlite3.Connection, ids: str) -> None:
    """Delete the withheld statements of quarantined rows (JSON list of their ids).

    A row that was dropped, or corrected to say something else, must not come true when somebody
    declares what it referred to. Withheld statements are in no answer and not in the digest.
    """
    rows = c.execute(
        f"WITH named (no, name) AS (VALUES {_TABLES}) SELECT s.sid, s.source FROM stmt s"
        " CROSS JOIN source o ON o.no = s.source CROSS JOIN file f ON f.no = s.file"
        " CROSS JOIN named t ON t.no = s.tbl CROSS JOIN reject r ON r.source = o.name"
        " AND r.tbl = t.name AND r.file = f.name AND r.row = s.row AND r.load = s.load"
        " WHERE s.state <> 0 AND r.id IN (SELECT value FROM json_each(?))",
        (ids,),
    ).fetchall()
    c.executemany("UPDATE source SET said = said - 1 WHERE no = ?", [(no,) for _, no in rows])
    c.executemany("DELETE FROM stmt WHERE sid = ?", [(sid,) for sid, _ in rows])


def drop_rejects(c: sqlite3.Connection, where: str, values: Sequence[object]) -> int:
    """Drop rows of the quarantine, with the names they are found by; how many."""
    c.execute(
        f"DELETE FROM reject_name WHERE reject IN (SELECT id FROM reject WHERE {where})", values
    )
    return c.execute(f"DELETE FROM reject WHERE {where}", values).rowcount
