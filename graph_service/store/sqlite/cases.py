"""Cases in the embedded store: a table of their own, made when the first one is kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from graph_service.cases import Case, CaseHead
from graph_service.store.sqlite.database import Database
from graph_service.wire.cases import case_of_text, case_text

_TABLE = (
    "CREATE TABLE IF NOT EXISTS casefile (id TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    " name TEXT NOT NULL, status TEXT NOT NULL, changed TEXT NOT NULL, changed_by TEXT NOT NULL,"
    " parties INTEGER NOT NULL, comments INTEGER NOT NULL, content TEXT NOT NULL)"
)
_HEAD = "id, version, name, status, changed, changed_by, parties, comments"


class SqliteCases:
    """The part of ``Archive`` about cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self) -> list[CaseHead]:
        """See ``Archive.cases``."""
        with self._database.reading() as c:
            if not _made(c):
                return []
            rows = c.execute(f"SELECT {_HEAD} FROM casefile ORDER BY changed DESC, id")
            return [CaseHead(*row) for row in rows]

    def one(self, id: str) -> Case | None:
        """See ``Archive.case``."""
        with self._database.reading() as c:
            if not _made(c):
                return None
            row = c.execute("SELECT content FROM casefile WHERE id = ?", (id,)).fetchone()
        return None if row is None else case_of_text(row[0])

    def keep(self, id: str, was: int, case: Case | None) -> bool:
        """See ``Archive.keep_case``."""
        with self._database.transaction() as c:
            c.execute(_TABLE)
            row = c.execute("SELECT version FROM casefile WHERE id = ?", (id,)).fetchone()
            if (0 if row is None else row[0]) != was:
                return False
            c.execute("DELETE FROM casefile WHERE id = ?", (id,))
            if case is not None:
                _put(c, case)
        return True


def replace_cases(c: sqlite3.Connection, cases: Iterable[Case]) -> None:
    """Make these the only cases of a store."""
    c.execute(_TABLE)
    c.execute("DELETE FROM casefile")
    for case in cases:
        _put(c, case)


def _made(c: sqlite3.Connection) -> bool:
    found = c.execute("SELECT 1 FROM sqlite_master WHERE name = 'casefile'").fetchone()
    return found is not None


def _put(c: sqlite3.Connection, case: Case) -> None:
    head = case.head
    c.execute(
        "INSERT INTO casefile VALUES (?,?,?,?,?,?,?,?,?)",
        (
            case.id, case.version, case.name, case.status, case.changed, case.changed_by,
            head.parties, head.comments, case_text(case),
        ),
    )  # fmt: skip
