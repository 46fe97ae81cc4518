"""The papers of the embedded engine: ledger, quarantine, statements, conflicts, backup."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_service.cases import Case, CaseHead
from graph_service.errors import NotOverwritten
from graph_service.model import (
    Conflict,
    LoadEntry,
    LoadFile,
    RejectedRow,
    StoredStatement,
    Withheld,
)
from graph_service.store import showing
from graph_service.store.derive import Precedence
from graph_service.store.sqlite.cases import SqliteCases
from graph_service.store.sqlite.database import Database, busy, translated
from graph_service.store.sqlite.quarantine import discard_withheld, drop_rejects
from graph_service.store.sqlite.reader import nodes_of
from graph_service.store.sqlite.tables import TABLE_NAMES, TYPE_NUMBERS
from graph_service.text import fold

_TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}
_NO_LONGER = ("引用的主体已不唯一或已不存在", "The reference no longer resolves")
_REJECT = "id, load, source, tbl, file, sheet, row, col, rule, value, hint_zh, hint_en, columns"


class SqliteArchive:
    """The ``Archive`` half of the engine."""

    def __init__(self, database: Database, precedence: Precedence) -> None:
        self.database = database
        self._precedence = precedence
        self._cases = SqliteCases(database)

    # -- ledger --------------------------------------------------------------------------------

    def begin_load(self, source: str, files: Sequence[LoadFile], who: str, started: str) -> int:
        """See ``Archive.begin_load``; raises StoreBusy while another process loads."""
        listed = json.dumps([(file.path, file.sha256, file.size) for file in files])
        here = (os.getpid(), socket.gethostname())
        with self.database.transaction() as c:
            for number, pid, host in c.execute(
                "SELECT id, pid, host FROM load WHERE status = 'running'"
            ).fetchall():
                if host == here[1] and pid != here[0] and _alive(pid):
                    raise busy()
                same = "source = ? AND id = ?"
                taken = c.execute(
                    f"SELECT files FROM load WHERE {same}", (source, number)
                ).fetchone()
                if taken is None:
                    continue
                if taken[0] == listed:
                    c.execute(
                        "UPDATE load SET started = ?, who = ?, pid = ?, host = ? WHERE id = ?",
                        (started, who, *here, number),
                    )
                    return int(number)
                c.execute("UPDATE load SET status = 'failed' WHERE id = ?", (number,))
            cursor = c.execute(
                "INSERT INTO load (source, status, started, seconds, who, files, report, pid, host)"
                " VALUES (?, 'running', ?, 0, ?, ?, '{}', ?, ?)",
                (source, started, who, listed, *here),
            )
            return int(cursor.lastrowid or 0)

    def end_load(
        self, load: int, status: str, seconds: float, report: Mapping[str, object]
    ) -> None:
        """See ``Archive.end_load``."""
        with self.database.transaction() as c:
            c.execute(
                "UPDATE load SET status = ?, seconds = ?, report = ? WHERE id = ?",
                (status, seconds, json.dumps(report, ensure_ascii=False), load),
            )

    def loads(self, source: str | None = None) -> list[LoadEntry]:
        """See ``Archive.loads``."""
        where = "" if source is None else " WHERE source = ?"
        with self.database.reading() as c:
            rows = c.execute(
                "SELECT id, source, status, started, seconds, who, files, report FROM load"
                f"{where} ORDER BY id DESC",
                () if source is None else (source,),
            ).fetchall()
        return [
            LoadEntry(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                row[5],
                tuple(LoadFile(*file) for file in json.loads(row[6])),
                json.loads(row[7]),
            )
            for row in rows
        ]

    # -- quarantine ----------------------------------------------------------------------------

    def reject(self, rows: Iterable[RejectedRow]) -> None:
        """See ``Archive.reject``; the same row refused again for the same reason stands once."""
        with self.database.transaction() as c:
            for row in rows:
                drop_rejects(
                    c,
                    "source = ? AND tbl = ? AND file = ? AND row = ? AND sheet IN ('', ?)"
                    " AND col = ? AND rule = ? AND value = ?",
                    (
                        row.source,
                        row.table,
                        row.file,
                        row.row,
                        row.sheet,
                        row.column,
                        row.rule,
                        row.value,
                    ),
                )
                _insert_reject(c, row)

    def quarantined(self) -> bool:
        """See ``Archive.quarantined``."""
        with self.database.reading() as c:
            return c.execute("SELECT 1 FROM reject LIMIT 1").fetchone() is not None

    def rejected(
        self,
        source: str | None = None,
        load: int | None = None,
        rule: str | None = None,
        naming: Sequence[str] = (),
    ) -> list[RejectedRow]:
        """See ``Archive.rejected``."""
        tests, values = ["1 = 1"], []
        for column, value in (("source", source), ("load", load), ("rule", rule)):
            if value is not None:
                tests.append(f"{column} = ?")
                values.append(min(value, showing.LARGEST) if isinstance(value, int) else value)
        if naming:
            tests.append(
                "id IN (SELECT reject FROM reject_name WHERE name IN"
                " (SELECT value FROM json_each(?)))"
            )
        with self.database.reading() as c:
            if naming:
                values.append(json.dumps(list({*naming, *self._other_ids(c, naming)})))
            rows = c.execute(
                f"SELECT {_REJECT} FROM reject WHERE {' AND '.join(tests)} ORDER BY id", values
            ).fetchall()
            return [_rejected(c, row) for row in rows]

    def _other_ids(self, c: sqlite3.Connection, ids: Sequence[str]) -> Iterator[str]:
        """Every other id by which a source may name these parties (``gs:p1`` of a ``pid:…``)."""
        chosen = json.dumps(list(set(nodes_of(c, self.database.key, ids).values())))
        rows = c.execute(
            "SELECT m.id FROM json_each(?) q CROSS JOIN node m"
            " ON m.canon = q.value AND m.canon <> m.n",
            (chosen,),
        )
        return (id for (id,) in rows)

    def drop_rejected(self, ids: Sequence[int]) -> int:
        """See ``Archive.drop_rejected``."""
        with self.database.transaction() as c:
            chosen = json.dumps(list(ids))
            discard_withheld(c, chosen)
            return drop_rejects(c, "id IN (SELECT value FROM json_each(?))", (chosen,))

    def _keep_withheld(
        self, c: sqlite3.Connection, rows: Sequence[tuple[Withheld, int]], load: int
    ) -> None:
        """Rows of earlier loads that this one unsettled go back into the quarantine."""
        for row, came_with in rows:
            if came_with == load:
                continue
            _insert_reject(
                c,
                RejectedRow(
                    0, came_with, row.source, row.table, row.file, "", row.row, row.column,
                    row.rule, row.value, *_NO_LONGER,
                    {}, tuple({row.value, fold(row.value)} - {""}),
                ),
            )  # fmt: skip

    def _forget_papers(self, c: sqlite3.Connection, source: str) -> None:
        drop_rejects(c, "source = ?", (source,))

    # -- statements ----------------------------------------------------------------------------

    def statements(
        self, parties: Sequence[str] | None = None, source: str | None = None
    ) -> Iterator[StoredStatement]:
        """See ``Archive.statements``."""
        with self.database.reading() as c:
            tests, values = ["1 = 1"], []
            if parties is not None:
                nodes = list(nodes_of(c, self.database.key, parties).values())
                members = (
                    "SELECT n FROM node WHERE n IN (SELECT value FROM json_each(?1)) UNION"
                    " SELECT n FROM node WHERE canon <> n AND canon IN"
                    " (SELECT value FROM json_each(?1))"
                )
                tests.append(
                    f"s.sid IN (SELECT sid FROM stmt WHERE a IN ({members}) UNION"
                    f" SELECT sid FROM stmt WHERE b IN ({members}))"
                )
                values.append(json.dumps(nodes))
            if source is not None:
                tests.append(f"o.name = ?{len(values) + 1}")
                values.append(source)
            rows = c.execute(_STATEMENTS.format(" AND ".join(tests)), values)
            for row in rows:
                yield StoredStatement(
                    row[0], TABLE_NAMES[row[1]], row[2], row[3], row[4] or "",
                    _TYPE_NAMES.get(row[5], ""), row[6], row[7], row[8], row[9],
                    row[10] == 0, bool(row[11]),
                )  # fmt: skip

    def conflicts(self, parties: Sequence[str]) -> list[Conflict]:
        """See ``Archive.conflicts``: derived from the statements, as the derivation sees them."""
        with self.database.reading() as c:
            chosen = json.dumps(list(nodes_of(c, self.database.key, parties).values()))
            wanted = {
                text
                for (text,) in c.execute(
                    "SELECT id FROM node WHERE n IN (SELECT value FROM json_each(?))", (chosen,)
                )
            }
        return showing.conflicts(self.statements(parties), wanted, self._precedence)

    def cases(self) -> list[CaseHead]:
        """See ``Archive.cases``."""
        return self._cases.heads()

    def case(self, id: str) -> Case | None:
        """See ``Archive.case``."""
        return self._cases.one(id)

    def keep_case(self, id: str, was: int, case: Case | None) -> bool:
        """See ``Archive.keep_case``; raises StoreBusy while a load writes."""
        return self._cases.keep(id, was, case)

    def backup(self, target: str) -> None:
        """See ``Archive.backup``: SQLite's own online copy, into a file that must not exist.

        A load that was not written yet stands there as failed, since none of it is there.
        """
        path = Path(target)
        if path.exists():
            raise NotOverwritten(f"{path.name} exists", "Name a new file for the backup.")
        with translated(), self.database.reading() as c:
            c.execute("SELECT 1 FROM meta").fetchone()
            out = sqlite3.connect(path, isolation_level=None)
            try:
                c.backup(out)
                out.execute(_CLOSE_UNWRITTEN, (json.dumps({"error": _BACKED_UP}),))
                out.execute("PRAGMA journal_mode = DELETE")
            finally:
                out.close()


_BACKED_UP = "backup_before_written"
# A load is written in one piece: one that runs while a backup is made has left nothing there.
_CLOSE_UNWRITTEN = (
    "UPDATE load SET status = 'failed', report = ? WHERE status = 'running'"
    " AND NOT EXISTS (SELECT 1 FROM stmt s WHERE s.load = load.id)"
)
_STATEMENTS = (
    "SELECT o.name, s.tbl, s.key, coalesce(ca.id, na.id), coalesce(cb.id, nb.id), s.type, s.vals,"
    " s.rdate, f.name, s.row, s.state, EXISTS (SELECT 1 FROM rel r WHERE r.f = na.canon"
    " AND r.t = nb.canon AND r.sid = s.sid) OR EXISTS (SELECT 1 FROM rec x WHERE x.sid = s.sid)"
    " FROM stmt s JOIN source o ON o.no = s.source JOIN file f ON f.no = s.file"
    " JOIN node na ON na.n = s.a LEFT JOIN node ca ON ca.n = na.canon"
    " LEFT JOIN node nb ON nb.n = s.b LEFT JOIN node cb ON cb.n = nb.canon"
    " WHERE {} ORDER BY o.name, s.tbl, f.name, s.row, s.part, s.sid"
)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _insert_reject(c: sqlite3.Connection, row: RejectedRow) -> None:
    cursor = c.execute(
        "INSERT INTO reject (load, source, tbl, file, sheet, row, col, rule, value, hint_zh,"
        " hint_en, columns) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            row.load, row.source, row.table, row.file, row.sheet, row.row, row.column, row.rule,
            row.value, row.hint_zh, row.hint_en, json.dumps(dict(row.columns), ensure_ascii=False),
        ),
    )  # fmt: skip
    c.executemany(
        "INSERT OR IGNORE INTO reject_name VALUES (?, ?)",
        [(name, cursor.lastrowid) for name in row.names if name],
    )


def _rejected(c: sqlite3.Connection, row: Sequence[Any]) -> RejectedRow:
    found = c.execute("SELECT name FROM reject_name WHERE reject = ? ORDER BY name", (row[0],))
    names = tuple(name for (name,) in found)
    return RejectedRow(*(*row[:12], json.loads(row[12]), names))
