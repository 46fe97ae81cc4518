"""The outbox of a workbench: triggers that note, in the same transaction, what a write changed."""

from __future__ import annotations

import sqlite3

EVERYTHING = "*"
# Not "OR IGNORE": inside a trigger the conflict rule of the statement that fired it counts,
# and that of an upsert is to fail (sqlite.org/lang_createtrigger.html).
_INTO = (
    "INSERT INTO outbox SELECT {kind}, {a}, {b}, {c} WHERE NOT EXISTS (SELECT 1 FROM outbox"
    " WHERE kind = {kind} AND a = {a} AND b = {b} AND c = {c});"
)
_OUTBOX = (
    "CREATE TABLE IF NOT EXISTS outbox (kind TEXT, a INTEGER, b INTEGER, c INTEGER,"
    " PRIMARY KEY (kind, a, b, c)) WITHOUT ROWID"
)
# by table: the (kind, a, b, c) that a changed row is noted by
_NOTES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "party": (("'n'", "{row}.n", "0", "0"),),
    "node": (("'n'", "{row}.n", "0", "0"),),
    "stmt": (("'s'", "{row}.sid", "0", "0"),),
    "rec": (("'r'", "{row}.sid", "0", "0"), ("'s'", "{row}.sid", "0", "0")),
    "rel": (("'u'", "{row}.f", "{row}.t", "{row}.type"), ("'s'", "{row}.sid", "0", "0")),
    "load": (("'l'", "{row}.id", "0", "0"),),
    "reject": (("'q'", "{row}.id", "0", "0"),),
}
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
    for table, notes in _NOTES.items():
        for event, rows in _EVENTS.items():
            body = " ".join(_noted(note, row) for row in rows for note in notes)
            c.execute(
                f"CREATE TRIGGER IF NOT EXISTS outbox_{table}_{event.lower()} AFTER {event}"
                f" ON {table} BEGIN {body} END"
            )
    c.execute(_MOVED)


def _noted(note: tuple[str, str, str, str], row: str) -> str:
    kind, a, b, c = (part.format(row=row) for part in note)
    return _INTO.format(kind=kind, a=a, b=b, c=c)


def drop_triggers(c: sqlite3.Connection) -> None:
    """Note nothing for now: a first write changes everything."""
    for table in _NOTES:
        for event in _EVENTS:
            c.execute(f"DROP TRIGGER IF EXISTS outbox_{table}_{event.lower()}")
    c.execute("DROP TRIGGER IF EXISTS outbox_moved")
