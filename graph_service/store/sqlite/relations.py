"""Deriving relations, unit by unit: all relations of one type between two parties."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from graph_service.identity import IdKey, local_text
from graph_service.store import derive
from graph_service.store.derive import OPEN, UNKNOWN_DAY, Derived, Precedence
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import (
    STATED,
    UNDIRECTED,
)
from graph_service.store.sqlite.marking import stated as stated_row
from graph_service.store.sqlite.newties import sort_new_ties, write_relations
from graph_service.store.sqlite.sorting import make_indexes
from graph_service.store.sqlite.tables import INDEXES, TYPE_NUMBERS

_STAKE = TYPE_NUMBERS["SHAREHOLDER_OF"]
_REL = (
    "INSERT INTO {} (f, t, type, role, since, until, ended, start, stop, low, high, key, sid,"
    " others) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_FETCH = 2_000


def derive_relations(ingest: Ingest, precedence: Precedence) -> int:
    """Derive the marked units (on a first load: all); how often sources disagree in them."""
    c = ingest.c
    ingest.say("relations", 0, 0)
    if ingest.fresh:
        make_indexes(c, [name for name in INDEXES if name.startswith("rel")])
        _find_many(c)
        c.execute("INSERT OR IGNORE INTO temp.du SELECT f, t, type FROM temp.many")
    else:
        sort_new_ties(ingest)
    _drop_marked(ingest)
    for type_, count in c.execute(
        "SELECT type, count(*) FROM temp.du CROSS JOIN unit USING (f, t, type)"
        " WHERE conflicts > 0 GROUP BY type"
    ):
        ingest.stood["share_conflict" if type_ == _STAKE else "label_conflict"] += count
    c.execute("DELETE FROM unit WHERE (f, t, type) IN (SELECT f, t, type FROM temp.du)")
    conflicts = _derive_units(ingest, precedence)
    if not ingest.fresh:
        write_relations(ingest)
    return conflicts


def _drop_marked(ingest: Ingest) -> None:
    c = ingest.c
    c.execute("CREATE TEMP TABLE gone_rel (rid INTEGER PRIMARY KEY, type)")
    for f, t, which in (("f", "t", ""), ("t", "f", f"WHERE u.type IN {UNDIRECTED}")):
        c.execute(
            "INSERT OR IGNORE INTO temp.gone_rel SELECT r.rid, r.type FROM temp.du u"
            f" CROSS JOIN rel r ON r.f = u.{f} AND r.t = u.{t} AND r.type = u.type {which}"
        )
    gone = c.execute("SELECT type, count(*) FROM temp.gone_rel GROUP BY type")
    ingest.relations.subtract(dict(gone.fetchall()))
    c.execute("DELETE FROM rel WHERE rid IN (SELECT rid FROM temp.gone_rel)")


def _find_many(c: sqlite3.Connection) -> None:
    """Units that need the rules: several stakes, or several statements of one tie."""
    c.execute("CREATE TEMP TABLE some (f, t, type, PRIMARY KEY (f, t, type)) WITHOUT ROWID")
    c.execute(
        "INSERT INTO temp.some SELECT f, t, type FROM rel GROUP BY f, t, type HAVING count(*) > 1"
    )
    c.execute("CREATE TEMP TABLE many (f, t, type)")
    c.execute(f"INSERT INTO temp.many SELECT * FROM temp.some WHERE type = {_STAKE}")
    c.execute(
        "INSERT INTO temp.many SELECT f, t, type FROM temp.some CROSS JOIN rel r USING (f, t, type)"
        f" WHERE type <> {_STAKE} GROUP BY f, t, type, r.role, r.since HAVING count(*) > 1"
    )
    _end_with_parties(c)


def _end_with_parties(c: sqlite3.Connection) -> None:
    """A deregistered end ends its relations: those alone in their unit here, as ``derive`` does it,
    the others by its rules."""
    c.execute("CREATE TEMP TABLE gone (rid INTEGER, day INTEGER)")
    for end in ("f", "t"):
        c.execute(
            "INSERT INTO temp.gone SELECT r.rid, p.dissolved FROM party p"
            f" CROSS JOIN rel r ON r.{end} = p.n WHERE p.dissolved <> 0"
        )
    c.execute(
        "INSERT INTO temp.many SELECT f, t, type FROM temp.gone CROSS JOIN rel USING (rid)"
        " CROSS JOIN temp.some USING (f, t, type)"
    )
    unknown = f"(g.day = {UNKNOWN_DAY} OR ended)"
    c.execute(
        f"UPDATE rel SET ended = iif(g.day = {UNKNOWN_DAY} AND until = {OPEN}, 1, ended),"
        f" stop = iif({unknown}, stop, min(stop, g.day)),"
        f" until = iif({unknown}, until, min(until, g.day))"
        " FROM (SELECT rid, coalesce(min(day) FILTER (WHERE day > 0), min(day)) AS day"
        " FROM temp.gone GROUP BY rid) g WHERE g.rid = rel.rid"
    )


def _derive_units(ingest: Ingest, precedence: Precedence) -> int:
    c = ingest.c
    put = _REL.format("rel" if ingest.fresh else "temp.made")
    conflicts = 0
    written: list[tuple[object, ...]] = []
    disagreeing: list[tuple[int, int, int, int]] = []
    gone = dict(c.execute("SELECT n, dissolved FROM party WHERE dissolved <> 0"))
    for (f, t, type_), group in groupby(_unit_rows(c), key=itemgetter(0, 1, 2)):
        rows = [stated_row(ingest.source_names, row[3:]) for row in group]
        end = _first_end(gone.get(f, 0), gone.get(t, 0))
        unit = derive.relations(rows, type_ == _STAKE, precedence, end)
        written.extend(_rel_row(f, t, type_, relation) for relation in unit.relations)
        ingest.relations[type_] += len(unit.relations)
        if unit.conflicts or not unit.relations:  # stated, and yet on no day: see newties
            conflicts += unit.conflicts
            disagreeing.append((f, t, type_, unit.conflicts))
            rule = "share_conflict" if type_ == _STAKE else "label_conflict"
            ingest.warnings[rule] += int(unit.conflicts > 0)
        if len(written) >= _FETCH:
            c.executemany(put, written)
            written.clear()
    c.executemany(put, written)
    c.executemany("INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?)", disagreeing)
    return conflicts


def _unit_rows(c: sqlite3.Connection) -> Iterator[tuple[int, ...]]:
    """Live statements of the marked units, by unit; undirected ones by (smaller, larger) id."""
    c.execute(
        "CREATE TEMP TABLE pick (f INTEGER, t INTEGER, type INTEGER, sid INTEGER PRIMARY KEY)"
    )
    for a, b in (("f", "t"), ("t", "f")):
        which = f"WHERE u.type IN {UNDIRECTED}" if a == "t" else ""
        c.execute(
            "INSERT OR IGNORE INTO temp.pick SELECT u.f, u.t, u.type, s.sid FROM temp.du u"
            f" CROSS JOIN node na ON (na.n = u.{a} OR (na.canon = u.{a} AND na.canon <> na.n))"
            f" AND +na.canon = u.{a}"
            f" CROSS JOIN node nb ON (nb.n = u.{b} OR (nb.canon = u.{b} AND nb.canon <> nb.n))"
            f" AND +nb.canon = u.{b}"
            " CROSS JOIN stmt s ON s.a = na.n AND s.type = u.type AND s.b = nb.n AND s.state = 0"
            f" {which}"
        )
    c.execute(
        "UPDATE temp.pick SET f = t, t = f WHERE type IN "
        f"{UNDIRECTED} AND (SELECT id FROM node WHERE n = f) > (SELECT id FROM node WHERE n = t)"
    )
    yield from c.execute(
        f"SELECT p.f, p.t, p.type, {STATED} FROM temp.pick p CROSS JOIN stmt s ON s.sid = p.sid"
        " ORDER BY p.f, p.t, p.type, s.sid"
    )


def _first_end(*days: int) -> int:
    """The first of the days on which ends were deregistered (0: none was)."""
    known = [day for day in days if day > 0]
    return min(known) if known else min(days)


def _rel_row(f: int, t: int, type_: int, made: Derived) -> tuple[object, ...]:
    shown = made.shown
    others = ",".join(map(str, made.others))
    return (
        f, t, type_, shown.role, shown.since, made.until, made.ended, made.start, made.end,
        shown.low, shown.high, made.key, shown.sid, others,
    )  # fmt: skip


def note_nominators(ingest: Ingest, key: IdKey) -> None:
    """Stakes held for another are met from the nominator too."""
    c = ingest.c
    scope = ""
    if not ingest.fresh:
        alone = f"SELECT sid FROM temp.alone WHERE type = {_STAKE}"
        scope = f" AND s.sid IN (SELECT sid FROM temp.pick UNION {alone})"
    rows = c.execute(
        "SELECT s.sid, s.source, s.vals, na.canon, nb.canon FROM stmt s"
        " CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE s.type = {_STAKE} AND instr(s.vals, '\"nominee_for\"') > 0{scope}"
    ).fetchall()
    for sid, source, vals, f, t in rows:
        text = json.loads(vals)["nominee_for"]
        if not text.startswith(("uscc:", "pid:")):
            text = local_text(ingest.source_names[source], text)
        found = c.execute("SELECT canon FROM node WHERE n = ?", (key.node(text),)).fetchone()
        if found is not None:
            c.execute(
                f"UPDATE rel SET nominator = ? WHERE f = ? AND t = ? AND type = {_STAKE}"
                " AND sid = ?",
                (found[0], f, t, sid),
            )


def count_over_full(c: sqlite3.Connection, everywhere: bool, day: int) -> int:
    """How many issuers are held above 100.1 % on a day (all, or those just derived)."""
    derived = "SELECT t FROM temp.du WHERE type = 2 UNION SELECT t FROM temp.alone WHERE type = 2"
    scope = "" if everywhere else f" AND t IN ({derived})"
    table = "rel NOT INDEXED" if everywhere else "rel"  # all of it: row after row, as they lie
    found = c.execute(
        f"SELECT count(*) FROM (SELECT t FROM {table} WHERE type = 2 AND ended = 0 AND low > 0"
        f" AND start <= ? AND stop > ?{scope} GROUP BY t HAVING total(low) > 1.001e18)",
        (day, day),
    ).fetchone()
    return int(found[0])
