"""An embedded store as the workbench of a graph server."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_service.cases import Case
from graph_service.identity import DesignatorClass, IdKey
from graph_service.store.derive import Precedence
from graph_service.store.port import Store
from graph_service.store.sqlite import derivation, ingest, resolver
from graph_service.store.sqlite.cases import replace_cases
from graph_service.store.sqlite.changes import SqliteChanges, facts_of
from graph_service.store.sqlite.database import translated
from graph_service.store.sqlite.engine import SqliteStore, counts
from graph_service.store.sqlite.ingest import Ingest, statement_hash
from graph_service.store.sqlite.outbox import EVERYTHING, drop_triggers, make_outbox
from graph_service.store.sqlite.own import NAMES_AN_END
from graph_service.store.sqlite.sorting import make_indexes
from graph_service.store.sqlite.tables import (
    KIND_NUMBERS,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
)
from graph_service.store.workbench import Facts, Mark, Row, Said

_NODE = (
    "INSERT INTO node (n, id, cls, kind, name, folded, scope, source, canon)"
    " VALUES (?,?,?,?,?,?,?,?,?)"
)
_STATEMENT = (
    "INSERT OR IGNORE INTO stmt (sid, source, tbl, key, a, b, type, role, since, until, ended, low,"
    " high, rdate, vals, file, row, part, load) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_LOAD = (
    "INSERT INTO load (id, source, status, started, seconds, who, files, report, pid, host)"
    " VALUES (:id, :source, :status, :started, :seconds, :who, :files, :report, :pid, :host)"
)
_REJECT = (
    "INSERT INTO reject (id, load, source, tbl, file, sheet, row, col, rule, value, hint_zh,"
    " hint_en, columns) VALUES (:id, :load, :source, :tbl, :file, :sheet, :row, :col, :rule,"
    " :value, :hint_zh, :hint_en, :columns)"
)


_ALL_OF_IT = (
    "INSERT OR IGNORE INTO outbox SELECT 'n', n, 0, 0 FROM node",
    "INSERT OR IGNORE INTO outbox SELECT 's', sid, 0, 0 FROM stmt",
    "INSERT OR IGNORE INTO outbox SELECT 'u', f, t, type FROM rel",
    "INSERT OR IGNORE INTO outbox SELECT 'r', sid, 0, 0 FROM rec",
    "INSERT OR IGNORE INTO outbox SELECT 'l', id, 0, 0 FROM load",
    "INSERT OR IGNORE INTO outbox SELECT 'q', id, 0, 0 FROM reject",
)


@dataclass(frozen=True, slots=True)
class SqliteBenches:
    """See ``Benches``: embedded stores made with one ID key."""

    key: IdKey

    def open(self, path: Path, source_order: Sequence[str]) -> SqliteWorkbench:
        """See ``Benches.open``."""
        order = tuple(source_order)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # as private as the server
        store = SqliteStore.open(path, self.key, create=True, source_order=order)
        with store.database.reading() as c:
            made = c.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbox'").fetchone()
        if made is None:
            with store.database.transaction() as c:
                make_outbox(c)
        return SqliteWorkbench(store, order)


def whole(store: SqliteStore) -> SqliteChanges:
    """All that an embedded store holds, as it would be published; loads go on meanwhile."""
    with translated():
        return SqliteChanges(store.database.connect(write=False), whole=True)


class SqliteWorkbench:
    """See ``Workbench``."""

    def __init__(self, store: SqliteStore, source_order: tuple[str, ...]) -> None:
        self._store = store
        self._order = source_order
        self._database = store.database

    @property
    def store(self) -> Store:
        """See ``Workbench.store``."""
        return self._store

    def mark(self) -> Mark | None:
        """See ``Workbench.mark``."""
        with self._database.reading() as c:
            row = c.execute("SELECT v FROM meta WHERE k = 'mark'").fetchone()
        return None if row is None else Mark(*json.loads(row[0]))

    def pending(self) -> bool:
        """See ``Workbench.pending``."""
        with self._database.reading() as c:
            return c.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is not None

    def prepare(self) -> bool:
        """See ``Workbench.prepare``."""
        with self._database.transaction() as c:
            if c.execute("SELECT 1 FROM stmt LIMIT 1").fetchone() is not None:
                return False
            _everything(c)
            drop_triggers(c)
            return True

    def unprepare(self) -> None:
        """See ``Workbench.unprepare``."""
        with self._database.transaction() as c:
            c.execute("DELETE FROM outbox")
            make_outbox(c)

    def differ(self) -> None:
        """See ``Workbench.differ``."""
        with self._database.transaction() as c:
            _everything(c)

    def doubt(self, units: Iterable[Sequence[Any]], records: Iterable[int]) -> None:
        """See ``Workbench.doubt``."""
        with self._database.transaction() as c:
            for statement in _ALL_OF_IT:
                c.execute(statement)
            c.executemany(
                "INSERT OR IGNORE INTO outbox VALUES ('u', ?, ?, ?)",
                ((f, t, TYPE_NUMBERS[name]) for f, t, name in units),
            )
            c.executemany(
                "INSERT OR IGNORE INTO outbox VALUES ('r', ?, 0, 0)", ((sid,) for sid in records)
            )

    def backup(self, target: str, cases: Sequence[Case]) -> None:
        """See ``Workbench.backup``."""
        self._store.backup(target)
        with translated():
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                drop_triggers(copy)
                copy.execute("DROP TABLE outbox")
                copy.execute("DELETE FROM meta WHERE k = 'mark'")
                replace_cases(copy, cases)
            finally:
                copy.close()

    def changes(self) -> SqliteChanges:
        """See ``Workbench.changes``."""
        with translated():
            return SqliteChanges(self._database.connect(write=False))

    def settled(self, mark: Mark) -> None:
        """See ``Workbench.settled``."""
        with self._database.transaction() as c:
            c.execute("DELETE FROM outbox")
            make_outbox(c)
            _keep_mark(c, mark)

    def close(self) -> None:
        """See ``Workbench.close``."""
        self._store.close()

    def rebuild(
        self,
        mark: Mark,
        nodes: Iterable[Row],
        statements: Iterable[Row],
        loads: Iterable[Row],
        rejects: Iterable[Row],
    ) -> Facts:
        """See ``Workbench.rebuild``."""
        with self._database.transaction() as c:
            drop_triggers(c)
            work = ingest.start(c, 0, _silent)
            c.executemany(_NODE, (_node_row(work, node) for node in nodes))
            c.executemany(_STATEMENT, (_statement_row(work, row) for row in statements))
            _note(work)
            make_indexes(c, ("stmt_a", "stmt_b"))
            resolver.resolve(work, self._database.key)
            derivation.derive_all(work, self._database.key, Precedence(self._order))
            _count(work)
            c.executemany(_LOAD, loads)
            _put_rejects(c, rejects)
            c.execute("DELETE FROM outbox")
            make_outbox(c)
            _keep_mark(c, mark)
            return facts_of(c)


def _silent(phase: str, done: int, total: int) -> None:
    return None


def _everything(c: sqlite3.Connection) -> None:
    c.execute("INSERT OR IGNORE INTO outbox VALUES (?, 0, 0, 0)", (EVERYTHING,))


def _keep_mark(c: sqlite3.Connection, mark: Mark) -> None:
    text = json.dumps([mark.store, mark.stamp])
    c.execute("INSERT OR REPLACE INTO meta VALUES ('mark', ?)", (text,))


def _node_row(work: Ingest, row: Row) -> tuple[object, ...]:
    name = row["node_source"]
    source = work.number("source", work.sources, name) if name else 0
    kind = 0 if row["cls"] == DesignatorClass.LOCAL else KIND_NUMBERS[row["kind"]]
    return (
        row["n"], row["id"], row["cls"], kind, row["node_name"] or "",
        row["node_folded"] or "", row["scope"] or 0, source, row["n"],
    )  # fmt: skip


def _statement_row(work: Ingest, row: Row) -> tuple[object, ...]:
    said = Said.of(row["said"])
    source = work.number("source", work.sources, row["source"])
    file = work.number("file", work.files, said.file)
    return (
        said.sid, source, TABLE_NUMBERS[said.table], said.key, said.a, said.b, said.type,
        said.role, said.since, said.until, said.ended, said.low, said.high, said.record_date,
        row["values"], file, said.row, said.part, said.load,
    )  # fmt: skip


def _note(work: Ingest) -> None:
    """What a first load notes of its statements."""
    if work.notes is not None:
        rows = work.c.execute(
            "SELECT sid, source, tbl, a, b, type, vals FROM stmt"
            " WHERE type = 0 OR instr(vals, ?) > 0",
            (NAMES_AN_END,),
        )
        for row in rows:
            work.notes.take(*row)
        work.notes.end()


def _count(work: Ingest) -> None:
    """Digest, counts and what each source has said, of statements put in as they stand."""
    c = work.c
    total = 0
    for source, tbl, values, rdate in _live(c):
        total += statement_hash(source, tbl, values, rdate)
    digest = total % ingest.MODULUS
    c.execute("UPDATE meta SET v = ? WHERE k = 'digest'", (f"{digest:064x}",))
    c.execute("UPDATE source SET said = (SELECT count(*) FROM stmt WHERE stmt.source = source.no)")
    c.execute("INSERT OR REPLACE INTO meta VALUES ('counts', ?)", (json.dumps(counts(c)),))


def _live(c: sqlite3.Connection) -> Iterator[tuple[str, str, str, int]]:
    names = {number: name for name, number in TABLE_NUMBERS.items()}
    rows = c.execute(
        "SELECT so.name, s.tbl, s.vals, s.rdate FROM stmt s CROSS JOIN source so"
        " ON so.no = s.source WHERE s.state = 0"
    )
    return ((source, names[tbl], values, rdate) for source, tbl, values, rdate in rows)


def _put_rejects(c: sqlite3.Connection, rejects: Iterable[Row]) -> None:
    for row in rejects:
        c.execute(_REJECT, row)
        c.executemany(
            "INSERT INTO reject_name VALUES (?, ?)", [(name, row["id"]) for name in row["names"]]
        )
