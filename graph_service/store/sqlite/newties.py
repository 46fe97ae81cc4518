"""Ties of a later load that nothing stood beside: relations straight from their statements.

Most ties of a later load are between two parties that had none of the kind. Such a tie is shown as
its statement says (``derive`` shows one statement alone like that), so nothing else that is stated
of the two needs to be read. All others are marked for the rules.
"""

from __future__ import annotations

import sqlite3

from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import (
    DIRECTED,
    NOT_RELATIONS,
    ORDERED,
    UNDIRECTED,
    UNTIL,
)

_COLUMNS = "f, t, type, role, since, until, ended, start, stop, low, high, key, sid, others"


def note_fates(c: sqlite3.Connection, last_sid: int) -> None:
    """What the ends of the statements to look at mean, in a table that the memory holds.

    ``canon`` is NULL where a node stands for itself. ``last_sid``: the ends of later statements are
    in ``temp.tn``.
    """
    known = "n.n, nullif(n.canon, n.n), n.kind, n.state"
    c.execute(f"INSERT INTO temp.fate SELECT {known} FROM temp.tn t CROSS JOIN node n ON n.n = t.n")
    for end in ("a", "b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.fate SELECT {known} FROM temp.ts x CROSS JOIN stmt s"
            f" ON s.sid = x.sid CROSS JOIN node n ON n.n = s.{end} WHERE x.sid <= ?",
            (last_sid,),
        )


def sort_new_ties(ingest: Ingest) -> None:
    """New ties that stand alone go to ``temp.alone``; the units of the others to ``temp.du``."""
    c = ingest.c
    c.execute("CREATE TEMP TABLE tie (f, t, type, sid)")
    c.execute(f"CREATE TEMP TABLE made ({_COLUMNS})")  # by the rules, of the others
    for (f, t, nodes), types in ((DIRECTED, f"NOT IN {UNDIRECTED}"), (ORDERED, f"IN {UNDIRECTED}")):
        c.execute(
            f"INSERT INTO temp.tie SELECT {f}, {t}, s.type, s.sid FROM stmt s"
            f" CROSS JOIN temp.fate na ON na.n = s.a CROSS JOIN temp.fate nb ON nb.n = s.b{nodes}"
            f" WHERE s.sid > ? AND s.state = 0 AND s.type NOT IN {NOT_RELATIONS}"
            f" AND s.type {types}",
            (ingest.last_sid,),
        )
    c.execute("CREATE TEMP TABLE closed (n INTEGER PRIMARY KEY)")
    c.execute("INSERT INTO temp.closed SELECT n FROM party WHERE dissolved <> 0")
    unit = "f = g.f AND t = g.t AND type = g.type"
    beside = (
        f"SELECT 1 FROM rel WHERE {unit}",
        f"SELECT 1 FROM unit WHERE {unit}",
        f"SELECT 1 FROM temp.du WHERE {unit}",
        "SELECT 1 FROM temp.du WHERE f = g.t AND t = g.f AND type = g.type"
        f" AND type IN {UNDIRECTED}",
        "SELECT 1 FROM temp.closed WHERE n IN (g.f, g.t)",
    )
    nothing = " AND ".join(f"NOT EXISTS ({one})" for one in beside)
    c.execute(
        "INSERT INTO temp.alone SELECT sid, f, t, type FROM (SELECT max(sid) AS sid, f, t, type"
        f" FROM temp.tie GROUP BY f, t, type HAVING count(*) = 1) g WHERE {nothing}"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.du SELECT f, t, type FROM temp.tie"
        " WHERE sid NOT IN (SELECT sid FROM temp.alone)"
    )


def write_relations(ingest: Ingest) -> None:
    """Write the relations of the ties that stand alone, and those that the rules made of others.

    Together and in the order of the widest index, so that each page of it is met once.
    """
    c = ingest.c
    c.execute(
        f"INSERT OR FAIL INTO rel ({_COLUMNS})"
        f" SELECT x.f, x.t, x.type, s.role, s.since, {UNTIL}, s.ended, s.since, {UNTIL}, s.low,"
        " s.high, s.key, s.sid, '' FROM temp.alone x CROSS JOIN stmt s ON s.sid = x.sid"
        f" UNION ALL SELECT {_COLUMNS} FROM temp.made ORDER BY 1, 2, 3"
    )
    made = c.execute("SELECT type, count(*) FROM temp.alone GROUP BY type")
    ingest.relations.update(dict(made.fetchall()))
