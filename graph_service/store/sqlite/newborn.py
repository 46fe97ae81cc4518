"""Parties of a later load that were not there before, and that one row declares: nearly all new.

Nothing stood about them, so nothing that stood has to be read to know what they are. What follows
from their row alone is made while the parser makes the next rows; their nodes go in as they end up,
and their parties are written in bulk. Everybody else goes through the rules, and so do those of
them whom something else of the load joins.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

from graph_service.identity import DesignatorClass
from graph_service.model import Statement
from graph_service.schema import PARTY_TABLES
from graph_service.store.fields import field_of
from graph_service.store.sqlite.own import shown
from graph_service.store.sqlite.tables import KIND_NUMBERS, TYPE_NUMBERS

_KINDS = {"enterprises": KIND_NUMBERS["Enterprise"], "persons": KIND_NUMBERS["Person"]}
_WORK_TABLES = (
    # their rows by staged number; link: the code a local id stands for; home: the party if no
    # confirmed SAME_AS moves it; own: the row as a statement
    "born (sid INTEGER PRIMARY KEY, n INTEGER, home INTEGER, kind, link, source, name, folded,"
    " dissolved, t, i, kept, own)",
    "plain (n INTEGER PRIMARY KEY, sid)",  # parties to write in bulk
)
# Marked nodes that are not of them: what stands about those has to be read.
OTHERS = "(SELECT n FROM temp.td WHERE n NOT IN (SELECT n FROM temp.born))"


def make_tables(c: sqlite3.Connection) -> None:
    """The temporary tables of this module, empty."""
    for table in _WORK_TABLES:
        c.execute(f"CREATE TEMP TABLE {table}")
    c.execute("CREATE INDEX temp.born_n ON born (n)")


def note_rows(
    c: sqlite3.Connection, statements: Sequence[Statement], taken: int, sources: dict[str, int]
) -> None:
    """Note the rows that declare a node the store does not know; ``taken``: staged before these."""
    rows = [
        (sid, s)
        for sid, s in enumerate(statements, taken + 1)
        if s.table in PARTY_TABLES and s.type not in TYPE_NUMBERS
    ]
    if not rows:
        return
    known = c.execute(
        "SELECT value FROM json_each(?) WHERE value IN (SELECT n FROM node)",
        (json.dumps([s.a for _, s in rows]),),
    )
    there = {node for (node,) in known}
    c.executemany(
        "INSERT INTO temp.born VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0)",
        [
            (sid, s.a, s.b or s.a, _KINDS[s.table], s.b, sources[s.source],
             *shown(field_of(s.values, "name") or "", s.values))
            for sid, s in rows
            if s.a not in there
        ],
    )  # fmt: skip


def take_nodes(c: sqlite3.Connection) -> None:
    """Put the nodes of a settled load into their place; ``temp.seen`` keeps the new ones.

    From a sorted table, so that the pages of the large one are met in their order. OR FAIL, here
    and in other large statements of a later load: what fails takes back the whole transaction
    anyway. By default SQLite keeps a copy of every page it changes, to take back that statement.
    """
    c.execute("DELETE FROM temp.born WHERE sid NOT IN (SELECT sid FROM temp.entering)")
    c.execute(
        "DELETE FROM temp.born WHERE n IN (SELECT n FROM temp.born GROUP BY n HAVING count(*) > 1)"
    )
    c.execute(
        "UPDATE OR FAIL node SET name = s.name FROM temp.seen s WHERE node.n = s.n"
        " AND s.name < node.name AND s.name <> ''"
    )
    c.execute("DELETE FROM temp.seen WHERE +n IN (SELECT n FROM node)")
    c.execute(
        "INSERT OR FAIL INTO node (n, id, cls, kind, name, folded, scope, source, declared, link,"
        " canon) SELECT s.n, s.id, s.cls, coalesce(o.kind, s.kind), s.name, s.folded, s.scope,"
        " s.source, o.n IS NOT NULL, coalesce(o.link, 0),"
        f" iif(s.cls = {int(DesignatorClass.LOCAL)}, coalesce(o.home, s.n), s.n)"
        " FROM temp.seen s LEFT JOIN temp.born o ON o.n = s.n ORDER BY s.n"
    )
    c.execute("INSERT OR IGNORE INTO temp.cn SELECT folded FROM temp.born WHERE name <> ''")
    c.execute(
        "INSERT OR FAIL INTO pname SELECT folded, n, source FROM temp.born WHERE name <> ''"
        " ORDER BY folded, n"
    )


def note_own(c: sqlite3.Connection, last_sid: int) -> None:
    """Note which statements their rows have become; ``last_sid``: they are after this one."""
    c.execute(
        "UPDATE temp.born SET own = s.sid FROM stmt s"
        " WHERE s.sid > ? AND s.type = 0 AND s.a = born.n",
        (last_sid,),
    )


def write_plain(c: sqlite3.Connection) -> Counter[int]:
    """Write the parties that are still what their one row says; how many, by kind.

    They need no more derivation: they are marked no longer.
    """
    c.execute(
        "INSERT INTO temp.plain SELECT b.n, b.sid FROM"
        " (SELECT home AS n, n AS own, kind, max(sid) AS sid FROM temp.born"
        "  GROUP BY home HAVING count(*) = 1) b"
        " CROSS JOIN temp.seen x ON x.n = b.n CROSS JOIN node p ON p.n = b.n"
        " CROSS JOIN node m ON m.n = b.own"
        " WHERE p.canon = p.n AND p.state = 0 AND m.canon = p.n AND m.state = 0"
        " AND m.kind = b.kind AND p.kind IN (1, 2) AND p.declared = (b.own = b.n)"
        " AND NOT EXISTS (SELECT 1 FROM node o"
        "  WHERE o.canon = b.n AND o.canon <> o.n AND o.n <> b.own)"
    )
    plain = "temp.plain x CROSS JOIN temp.born b ON b.sid = x.sid"
    c.execute(
        "INSERT OR FAIL INTO party SELECT p.n, p.id, p.kind, b.name, 1, b.dissolved, b.own, '', '',"
        f" 0, b.kept, b.i FROM {plain} CROSS JOIN node p ON p.n = x.n ORDER BY x.n"
    )
    c.execute(f"INSERT INTO search (rowid, t, i) SELECT x.n, b.t, b.i FROM {plain} ORDER BY x.n")
    c.execute("DELETE FROM temp.dp WHERE n IN (SELECT n FROM temp.plain)")
    kinds = c.execute(
        "SELECT p.kind, count(*) FROM temp.plain x CROSS JOIN node p ON p.n = x.n GROUP BY p.kind"
    )
    return Counter(dict(kinds.fetchall()))
