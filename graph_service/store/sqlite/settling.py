"""Settling a later load: which of its statements are new, said again, replaced or stale.

Nearly every statement of a later load is either new or said before word for word; those are told
apart in one pass over the index of statements' ends, in its own order. Only the others go, key by
key, through the rule itself (``ingest.kept``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from graph_service.store.sqlite.ingest import (
    COLUMNS,
    MODULUS,
    Ingest,
    Row,
    kept,
    remove,
    statement_hash,
)
from graph_service.store.sqlite.newborn import note_own, take_nodes
from graph_service.store.sqlite.quarantine import drop_withheld
from graph_service.store.sqlite.tables import TABLE_NAMES, TYPE_NUMBERS, UNDIRECTED

_GROUP = itemgetter(1, 2, 3)
_NEW = "m.pairs = 1 AND m.old IS NULL"
_SAME = "m.pairs = 1 AND m.same"
_RECORD = TYPE_NUMBERS["SUBJECT_OF"]
_EITHER_WAY = (*UNDIRECTED, TYPE_NUMBERS["SAME_AS"])
# Where statements ``o`` of the natural key of a staged ``st`` stand. The key of a tie is made of
# its type and both ends, of the undirected in either order, that of a party's own row of its id:
# the index of ends finds them. A record's key may be its id alone.
_WHERE_KNOWN = (
    (f"type NOT IN (0, {_RECORD})", "o.a = st.a AND o.type = st.type AND o.b = st.b"),
    (f"type IN {_EITHER_WAY} AND a <> b", "o.a = st.b AND o.type = st.type AND o.b = st.a"),
    ("type = 0", "o.a = st.a AND o.type = 0"),
    (f"type = {_RECORD}", f"o.type = {_RECORD}"),
)


def settle_later(ingest: Ingest) -> None:
    """Decide, per source and natural key, what stays, what goes and what is new; and do it."""
    c = ingest.c
    out = _Sorted(c)
    _sort_plain(ingest)
    for (_, _, tbl), group in groupby(_doubtful(c), key=_GROUP):
        _settle_key(ingest, TABLE_NAMES[tbl], list(group), out)
    out.flush()
    if c.execute("SELECT 1 FROM temp.again LIMIT 1").fetchone() is not None:
        _say_again(ingest)
    _insert_staged(ingest)
    remove(ingest, [sid for (sid,) in c.execute("SELECT sid FROM temp.doomed ORDER BY sid")])


def _sort_plain(ingest: Ingest) -> None:
    """Settle the keys that are stated once: not known before, or known with just this value."""
    c = ingest.c
    c.execute("CREATE INDEX temp.stage_key ON stage (key, source, tbl)")
    _pair_known(c)
    c.execute(
        "CREATE TEMP TABLE met AS SELECT st.key, st.source, st.tbl, max(st.sid) AS sid,"
        " max(p.old) AS old, count(*) AS pairs, max(coalesce(p.same, 0)) AS same"
        " FROM temp.stage st LEFT JOIN temp.pair p ON p.sid = st.sid"
        " GROUP BY st.key, st.source, st.tbl"
    )
    c.execute(f"INSERT INTO temp.entering SELECT sid FROM temp.met m WHERE {_NEW} ORDER BY sid")
    c.execute(f"INSERT INTO temp.again SELECT sid FROM temp.met m WHERE {_SAME} ORDER BY sid")
    c.execute(
        "INSERT INTO temp.same SELECT m.old, st.file, st.row FROM temp.met m CROSS JOIN"
        f" temp.stage st ON st.sid = m.sid WHERE {_SAME} ORDER BY m.old"
    )
    for tbl, count in c.execute(
        f"SELECT tbl, count(*) FROM temp.met m WHERE {_NEW} GROUP BY tbl"
    ).fetchall():
        ingest.created[TABLE_NAMES[tbl]] += count


def _pair_known(c: sqlite3.Connection) -> None:
    """Staged statements beside each that is known of their key, and whether it says the same."""
    c.execute(
        "CREATE TEMP TABLE pair (sid INTEGER, old INTEGER, same, PRIMARY KEY (sid, old))"
        " WITHOUT ROWID"
    )
    for which, where in _WHERE_KNOWN:
        c.execute(
            "INSERT INTO temp.pair SELECT st.sid, o.sid, (SELECT g.vals = o.vals AND"
            " g.rdate = o.rdate FROM temp.stage g WHERE g.sid = st.sid) FROM (SELECT sid, key,"
            f" source, tbl, a, b, type FROM temp.stage WHERE {which} ORDER BY a, type, b) st"
            f" CROSS JOIN stmt o ON {where} AND o.key = st.key AND o.source = st.source"
            " AND o.tbl = st.tbl"
        )


def _doubtful(c: sqlite3.Connection) -> sqlite3.Cursor:
    """Staged rows of all other keys, each beside each statement of its key that is known."""
    return c.execute(
        "SELECT st.sid, st.key, st.source, st.tbl, st.vals, st.rdate, st.file, st.row,"
        " o.sid, o.vals, o.rdate FROM temp.met m CROSS JOIN temp.stage st"
        " ON st.key = m.key AND st.source = m.source AND st.tbl = m.tbl"
        " LEFT JOIN temp.pair p ON p.sid = st.sid LEFT JOIN stmt o ON o.sid = p.old"
        f" WHERE NOT ({_NEW}) AND NOT ({_SAME}) ORDER BY st.key, st.source, st.tbl"
    )


class _Sorted:
    """What becomes of staged and stored statements, kept in tables: a load may be of any size."""

    def __init__(self, c: sqlite3.Connection) -> None:
        self.c = c
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        for name in ("again", "doomed", "entering"):
            c.execute(f"CREATE TEMP TABLE {name} (sid INTEGER PRIMARY KEY)")

    def put(self, table: str, *row: object) -> None:
        """Note a row for a table; written in chunks."""
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        if len(rows) >= 5_000:
            self._write(table)

    def flush(self) -> None:
        """Write what is still noted."""
        for table in list(self._rows):
            self._write(table)

    def _write(self, table: str) -> None:
        rows = self._rows.pop(table)
        marks = ", ".join("?" * len(rows[0]))
        self.c.executemany(f"INSERT OR IGNORE INTO temp.{table} VALUES ({marks})", rows)


def _settle_key(ingest: Ingest, table: str, pairs: Sequence[tuple[Any, ...]], out: _Sorted) -> None:
    new: dict[int, Row] = {row[0]: row[:8] for row in pairs}
    old: dict[int, tuple[str, int]] = {
        row[8]: (row[9], row[10]) for row in pairs if row[8] is not None
    }
    staying = kept(ingest, list(new.values()))
    stale = _is_stale(staying[0][5], old)
    if old and (stale or {(row[4], row[5]) for row in staying} == set(old.values())):
        place = {row[4]: row[6:8] for row in staying}
        for sid, (values, _) in old.items():
            out.put("same", sid, *((None, None) if stale else place[values]))
        for sid in new:
            out.put("again", sid)
        return
    for sid in old:
        out.put("doomed", sid)
    for row in staying:
        out.put("entering", row[0])
    counter = ingest.updated if old else ingest.created
    counter[table] += len(staying)


def _is_stale(record_date: int, old: dict[int, tuple[str, int]]) -> bool:
    """Whether a row is of an earlier day than what its source has said since."""
    known = max((date for _, date in old.values()), default=0)
    return bool(record_date and known and record_date < known)


def _say_again(ingest: Ingest) -> None:
    """What was said before is of this load from now on, where it was said last."""
    c = ingest.c
    rows = c.execute(
        # one line of a file may feed several rows of a table: each begins with its part 0
        "SELECT tbl, sum(rows) FROM (SELECT tbl, sum(part = 0) AS rows FROM temp.stage st"
        " LEFT JOIN temp.again g USING (sid) GROUP BY tbl, file, row"
        " HAVING count(g.sid) = count(*)) GROUP BY tbl"
    )
    ingest.unchanged.update({TABLE_NAMES[tbl]: count for tbl, count in rows})
    drop_withheld(c, "s.sid IN (SELECT sid FROM temp.same)")
    c.execute(
        "UPDATE stmt SET load = ?,"
        " file = coalesce((SELECT m.file FROM temp.same m WHERE m.sid = stmt.sid), file),"
        " row = coalesce((SELECT m.row FROM temp.same m WHERE m.sid = stmt.sid), row)"
        " WHERE sid IN (SELECT sid FROM temp.same)",
        (ingest.load,),
    )


def _insert_staged(ingest: Ingest) -> None:
    """Put what is new into its place: in the order of the widest index, the others fit in memory.

    Numbers go on after the largest there is; so what is replaced goes after this, not before: a
    number that has just gone must not be given again.
    """
    c = ingest.c
    take_nodes(c)
    total = 0
    names = ingest.source_names
    chosen = "temp.stage CROSS JOIN temp.entering USING (sid)"
    for source, tbl, values, rdate in c.execute(f"SELECT source, tbl, vals, rdate FROM {chosen}"):
        total += statement_hash(names[source], TABLE_NAMES[tbl], values, rdate)
    ingest.digest = (ingest.digest + total) % MODULUS
    ingest.said.update(dict(c.execute(f"SELECT source, count(*) FROM {chosen} GROUP BY source")))
    c.execute(
        f"INSERT OR FAIL INTO stmt ({COLUMNS}) SELECT {COLUMNS} FROM {chosen} ORDER BY a, type, b"
    )
    note_own(c, ingest.last_sid)
    new = "FROM stmt WHERE sid > ?"
    c.execute(f"INSERT OR IGNORE INTO temp.ts SELECT sid {new}", (ingest.last_sid,))
    for end in ("a", "b"):
        ends = f"SELECT {end} {new} AND {end} <> 0"
        c.execute(f"INSERT OR IGNORE INTO temp.tn {ends}", (ingest.last_sid,))
    # of a code or ID number that is new here nothing stood before: only who is called so is marked
    c.execute(f"INSERT OR IGNORE INTO temp.td SELECT a {new} AND type = 0", (ingest.last_sid,))
    c.execute(
        "INSERT OR IGNORE INTO temp.td SELECT b FROM stmt WHERE sid > ? AND type = 0 AND b <> 0"
        " AND b NOT IN (SELECT n FROM temp.seen)",
        (ingest.last_sid,),
    )
