"""Shared by derivation: the columns of a statement, and marking what to derive again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from graph_service.store.derive import Stated

# party rows, SAME_AS and records are no relations
NOT_RELATIONS = "(0, 11, 14)"
STATED = (
    "s.sid, s.source, s.key, s.a, s.role, s.since, s.until, s.ended, s.low, s.high, s.rdate, s.vals"
)


def stated(names: dict[int, str], row: Sequence[Any]) -> Stated:
    """A row of ``STATED`` as the derivation rules take it."""
    return Stated(row[0], names[row[1]], *row[2:])


def mark_units(c: sqlite3.Connection, statements: str) -> None:
    """Mark the relation units of some statements (SQL that yields ``s``)."""
    c.execute(
        f"INSERT OR IGNORE INTO temp.du SELECT na.canon, nb.canon, s.type FROM {statements}"
        " CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE s.type NOT IN {NOT_RELATIONS}"
    )
