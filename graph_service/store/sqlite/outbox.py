"""The outbox of a workbench: triggers that note, in the same transaction, what a write changed."""

from __future__ import annotations

import sqlite3

EVERYTHING = "*"
_INTO = "INSERT OR IGNORE INTO outbox VALUES"
_OUTBOX = (
    "CREATE TABLE IF NOT EXISTS outbox (kind TEXT, a INTEGER, b INTEGER, c INTEGER,"
    " PRIMARY KEY (kind, a, b, c)) WITHOUT ROWID"
)
_NOTES = {
    "party": "({kind}, {row}.n, 0, 0)",
    "node": "({kind}, {row}.n, 0, 0)",
    "stmt": "({kind}, {row}.sid, 0, 0)",
    "rec": "({kind}, {row}.sid, 0, 0), ('s', {row}.sid, 0, 0)",
    "rel": "({kind}, {row}.f, {row}.t, {row}.type), ('s', {row}.sid, 0, 0)",
    "load": "({kind}, {row}.id, 0, 0)",
    "reject": "({kind}, {row}.id, 0, 0)",
}
_KINDS = {
    "party": "'n'", "node": "'n'", "stmt": "'s'", "rec": "'r'", "rel": "'u'", "load": "'l'",
    "reject": "'q'",
}  # fmt: skip
_EVENTS = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}
# where a statement stands on the server depends on the parties that its ends mean
_MOVED = (
    "CREATE TRIGGER IF NOT EXISTS outbox_moved AFTER UPDATE OF canon ON node"
    " WHEN OLD.canon <> NEW.canon BEGIN"
    " INSERT OR IGNORE INTO outbox SELECT 's', sid, 0, 0 FROM stmt WHERE a = NEW.n;"
    " INSERT OR IGNORE INTO outbox SELECT 's', sid, 0, 0 FROM stmt WHERE b = NEW.n; END"
)


def make_outbox(c: sqlite3.Connection) -> None:
    """Make a store a workbench, if it is none yet."""
    c.execute(_OUTBOX)
    for table, note in _NOTES.items():
        for event, rows in _EVENTS.items():
            body = " ".join(f"{_INTO} {note.format(kind=_KINDS[table], row=row)};" for row in rows)
            c.execute(
                f"CREATE TRIGGER IF NOT EXISTS outbox_{table}_{event.lower()} AFTER {event}"
                f" ON {table} BEGIN {body} END"
            )
    c.execute(_MOVED)


def drop_triggers(c: sqlite3.Connection) -> None:
    """Note nothing for now: a first write changes everything."""
    for table in _NOTES:
        for event in _EVENTS:
            c.execute(f"DROP TRIGGER IF EXISTS outbox_{table}_{event.lower()}")
    c.execute("DROP TRIGGER IF EXISTS outbox_moved")
