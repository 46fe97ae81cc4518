"""Shared by derivation: the columns of a statement, and marking what to derive again."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from graph_service.store.derive import OPEN, Stated
from graph_service.store.sqlite import tables

NOT_RELATIONS = str(tables.NO_RELATION)  # as SQL
UNDIRECTED = str(tables.UNDIRECTED)
# a statement ``s`` as a relation: its last day, and its ends by what they mean (``na`` and ``nb``
# are rows of ``temp.fate``); of what has no direction, the party with the smaller id comes first
UNTIL = f"iif(s.until = 0, {OPEN}, s.until)"
DIRECTED = ("coalesce(na.canon, na.n)", "coalesce(nb.canon, nb.n)", "")
ORDERED = (
    "iif(fa.id <= fb.id, fa.n, fb.n)",
    "iif(fa.id <= fb.id, fb.n, fa.n)",
    " CROSS JOIN node fa ON fa.n = coalesce(na.canon, na.n)"
    " CROSS JOIN node fb ON fb.n = coalesce(nb.canon, nb.n)",
)
STATED = (
    "s.sid, s.source, s.key, s.a, s.role, s.since, s.until, s.ended, s.low, s.high, s.rdate, s.vals"
)


def stated(names: dict[int, str], row: Sequence[Any]) -> Stated:
    """A row of ``STATED`` as the derivation rules take it."""
    return Stated(row[0], names[row[1]], *row[2:])


def mark_units(
    c: sqlite3.Connection, statements: str, which: str = "", values: Sequence[object] = ()
) -> None:
    """Mark the relation units of some statements, by the parties that their ends mean now.

    ``statements``: SQL that yields ``s``; ``which``: a further condition, with its ``values``.
    """
    c.execute(
        f"INSERT OR IGNORE INTO temp.du SELECT na.canon, nb.canon, s.type FROM {statements}"
        " CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE s.type NOT IN {NOT_RELATIONS}{which and f' AND {which}'}",
        values,
    )
