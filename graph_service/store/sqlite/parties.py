"""Deriving parties: shown names and attributes, search keys, and who was deregistered when."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from graph_service.store import derive
from graph_service.store.derive import Precedence
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import STATED, mark_units
from graph_service.store.sqlite.marking import stated as stated_row
from graph_service.store.sqlite.newborn import write_plain
from graph_service.store.sqlite.own import found_by, shown
from graph_service.store.sqlite.sorting import sorting
from graph_service.store.sqlite.tables import FOUND, TABLE_NUMBERS

_PARTY_TABLES = f"({TABLE_NUMBERS['enterprises']}, {TABLE_NUMBERS['persons']})"
_FETCH = 2_000
_PLAIN = "FROM temp.own NOT INDEXED WHERE home NOT IN (SELECT n FROM temp.odd)"


def derive_parties(ingest: Ingest, precedence: Precedence) -> int:
    """Derive the marked parties (on a first load: all); how many of their fields conflict."""
    c = ingest.c
    if ingest.fresh:
        _mark_unspoken(ingest)
        _write_plain(c)
        _keep_others(c)
    else:
        ingest.parties.update(write_plain(c))
        _keep_live_parties(ingest)
    rows = c.execute(
        # members of each party with their own rows: by party, own rows first
        "SELECT m.canon, m.n, m.id, m.cls, m.kind, m.name, m.link, s.sid,"
        " coalesce(json_extract(s.vals, '$.name'), ''), s.vals FROM temp.live d CROSS JOIN node m"
        " ON (m.n = d.n OR (m.canon = d.n AND m.canon <> m.n)) LEFT JOIN stmt s ON s.a = m.n"
        f" AND s.type = 0 AND s.state = 0 AND s.tbl IN {_PARTY_TABLES}"
        " WHERE m.state = 0 AND m.canon = d.n ORDER BY m.canon, m.n, s.sid"
    )
    writer = _PartyWriter(ingest, precedence)
    for node, group in groupby(rows, key=itemgetter(0)):
        writer.add(node, list(group))
    writer.flush()
    if ingest.fresh:
        ingest.say("search", 0, 0)
        _index_plain(c)
    else:
        _mark_dissolved(c)
    return writer.conflicts


def _mark_unspoken(ingest: Ingest) -> None:
    """On a first load: nodes that only withheld rows mention are no parties."""
    c = ingest.c
    c.execute("CREATE TEMP TABLE unspoken (n INTEGER PRIMARY KEY)")
    for end in () if ingest.sound else ("a", "b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.unspoken SELECT n.canon FROM stmt w CROSS JOIN node n"
            f" ON n.n = w.{end} WHERE w.state <> 0"
        )
    c.execute(
        "INSERT OR IGNORE INTO temp.unspoken SELECT n.canon FROM temp.tn t"
        " CROSS JOIN node n ON n.n = t.n"
    )
    member = "SELECT m.n FROM node m WHERE m.n = u.n OR (m.canon = u.n AND m.canon <> m.n)"
    c.execute(
        "DELETE FROM temp.unspoken AS u WHERE EXISTS ("
        f" SELECT 1 FROM stmt s WHERE s.a IN ({member}) AND s.state = 0 UNION ALL"
        f" SELECT 1 FROM stmt s WHERE s.b IN ({member}) AND s.state = 0)"
    )


def _write_plain(c: sqlite3.Connection) -> None:
    """On a first load: parties with one row of their own and nothing that moved, in bulk."""
    c.execute("CREATE TEMP TABLE odd (n INTEGER PRIMARY KEY)")
    c.execute(
        "CREATE TEMP TABLE moved AS SELECT n, canon, link FROM node WHERE state <> 0"
        " OR cls IN (0, 1, 2) AND canon <> iif(link <> 0, link, n)"
        " OR cls IN (1, 2) AND kind NOT IN (1, 2)"
    )
    for of in ("n", "canon", "link"):
        c.execute(f"INSERT OR IGNORE INTO temp.odd SELECT {of} FROM temp.moved")
    for of in ("m.n", "m.canon", "s.b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.odd SELECT {of} FROM temp.twice t CROSS JOIN node m"
            " ON m.n = t.n CROSS JOIN stmt s ON s.a = t.n AND s.type = 0"
        )
    with sorting(c):
        c.execute("CREATE INDEX temp.own_home ON own (home)")
    c.execute(
        "INSERT OR IGNORE INTO temp.odd SELECT home FROM temp.own GROUP BY home HAVING count(*) > 1"
    )
    with sorting(c):
        c.executemany(  # first in order, then with their nodes, so met one after the other
            "INSERT INTO party SELECT n, id, kind, ?2, 1, ?3, ?4, '', '', 0, ?5, ?6 FROM node"
            " WHERE n = ?1",
            c.execute(f"SELECT home, name, dissolved, sid, kept, i {_PLAIN} ORDER BY home"),
        )


def _index_plain(c: sqlite3.Connection) -> None:
    """On a first load: let the same parties be found."""
    with sorting(c):
        c.execute(f"INSERT INTO search (rowid, t, i) SELECT home, t, i {_PLAIN} ORDER BY home")


def _keep_others(c: sqlite3.Connection) -> None:
    """On a first load: the parties that are left."""
    c.execute("CREATE TEMP TABLE live (n INTEGER PRIMARY KEY)")
    c.execute(
        "INSERT INTO temp.live SELECT n FROM node m WHERE canon = n AND state = 0"
        " AND n NOT IN (SELECT n FROM temp.unspoken) AND (n IN (SELECT n FROM temp.odd)"
        " OR NOT EXISTS (SELECT 1 FROM temp.own o WHERE o.home = m.n))"
    )


def _keep_live_parties(ingest: Ingest) -> None:
    """Of the marked nodes, those that some live statement still speaks of; the others go."""
    c = ingest.c
    c.execute("CREATE TEMP TABLE live (n INTEGER PRIMARY KEY)")
    member = "SELECT m.n FROM node m WHERE m.n = d.n OR (m.canon = d.n AND m.canon <> m.n)"
    c.execute(
        "INSERT INTO temp.live SELECT d.n FROM temp.dp d CROSS JOIN node p ON p.n = d.n"
        " WHERE p.canon = d.n AND EXISTS ("
        f" SELECT 1 FROM stmt s WHERE s.a IN ({member}) AND s.state = 0 UNION ALL"
        f" SELECT 1 FROM stmt s WHERE s.b IN ({member}) AND s.state = 0)"
    )
    c.execute("CREATE TEMP TABLE was (n INTEGER PRIMARY KEY, kind, dissolved, conflicts)")
    c.execute(
        "INSERT INTO temp.was SELECT p.n, p.kind, p.dissolved, p.conflicts FROM temp.dp d"
        " CROSS JOIN party p ON p.n = d.n"
    )
    known = c.execute("SELECT kind, count(*), sum(conflicts) FROM temp.was GROUP BY kind")
    for kind, count, conflicts in known.fetchall():
        ingest.parties[kind] -= count
        ingest.stood["label_conflict"] += conflicts
    found = c.execute(
        "SELECT p.n, p.name, p.t, p.i FROM temp.was w CROSS JOIN party p ON p.n = w.n"
        f" WHERE p.kind IN {FOUND}"
    )
    c.executemany(
        "INSERT INTO search (search, rowid, t, i) VALUES ('delete', ?, ?, ?)",
        ((n, found_by(name, kept), initials) for n, name, kept, initials in found),
    )
    c.execute("DELETE FROM party WHERE n IN (SELECT n FROM temp.was)")


class _PartyWriter:
    """Turns the members of parties into rows of ``party`` and ``search``, in chunks."""

    def __init__(self, ingest: Ingest, precedence: Precedence) -> None:
        self.c = ingest.c
        self.counts = ingest.parties
        self.names = ingest.source_names
        self.warnings = ingest.warnings
        self.precedence = precedence
        self.conflicts = 0
        self._parties: list[tuple[object, ...]] = []
        self._search: list[tuple[object, ...]] = []

    def add(self, node: int, rows: Sequence[tuple[object, ...]]) -> None:
        head = rows[0]
        if head[1] != node:
            found = [row for row in rows if row[1] == node]
            if not found:
                return
            head = found[0]
        kind = int(head[4])  # type: ignore[call-overload]
        own = [row for row in rows if row[7] is not None]
        sid, attrs = own[0][7] if len(own) == 1 else 0, ""
        if sid:
            name, values, conflicts = str(own[0][8]), str(own[0][9]), 0
        else:
            name, attrs, conflicts = self._merged(node, head, [row[7] for row in own])
            values = attrs
        aliases = _aliases(node, rows) if len(rows) > 1 else ""
        made = shown(name, values)
        self._parties.append(
            (node, head[2], kind, name, int(bool(own)), made.dissolved, sid, attrs, aliases,
             conflicts, made.kept, made.initials)
        )  # fmt: skip
        self.counts[kind] += 1
        if kind in FOUND:
            self._search.append((node, made.tokens, made.initials))
        if len(self._parties) >= _FETCH:
            self.flush()

    def _merged(
        self, node: int, head: tuple[object, ...], own: Sequence[object]
    ) -> tuple[str, str, int]:
        """(name, attributes, conflicts) of a party that several rows of its own state, or none."""
        if not own:
            return self._implied_name(node, head), "", 0
        rows = [
            self.c.execute(f"SELECT {STATED} FROM stmt s WHERE s.sid = ?", (sid,)).fetchone()
            for sid in own
        ]
        made = derive.party([stated_row(self.names, row) for row in rows], self.precedence)
        self.conflicts += len(made.conflicts)
        self.warnings["label_conflict"] += len(made.conflicts)
        return made.name, _json(made.attributes), len(made.conflicts)

    def _implied_name(self, node: int, head: tuple[object, ...]) -> str:
        found = self.c.execute(
            "SELECT s.vals, s.source, s.rdate, s.a = ?1 FROM stmt s"
            " WHERE (s.a = ?1 OR s.b = ?1) AND s.state = 0 AND s.type <> 0",
            (node,),
        )
        named = []
        for vals, source, rdate, at_a in found:
            values = json.loads(vals)
            fields = (
                ("person_name", "holder_name", "controller_name", "subject_name", "name")
                if at_a
                else ("enterprise_name",)
            )
            name = next((values[field] for field in fields if values.get(field)), "")
            if name:
                named.append((self.precedence.rank(self.names[source], rdate), name))
        return min(named)[1] if named else str(head[5] or head[2])

    def flush(self) -> None:
        self.c.executemany("INSERT INTO party VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", self._parties)
        self.c.executemany("INSERT INTO search (rowid, t, i) VALUES (?, ?, ?)", self._search)
        self._parties.clear()
        self._search.clear()


def _aliases(node: int, rows: Sequence[tuple[object, ...]]) -> str:
    """Other ids that a reviewed ``SAME_AS`` joined: ids of their own, not names or local ids."""
    found = {str(row[2]) for row in rows if row[1] != node and row[3] in (0, 1, 2) and row[6] == 0}
    return _json(sorted(found))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _mark_dissolved(c: sqlite3.Connection) -> None:
    """A party that was deregistered, or is no longer, has all its units derived again."""
    for end in ("a", "b"):
        mark_units(
            c,
            "temp.dp d LEFT JOIN temp.was w ON w.n = d.n LEFT JOIN party p ON p.n = d.n"
            " CROSS JOIN node m ON (m.n = d.n OR (m.canon = d.n AND m.canon <> m.n))"
            f" CROSS JOIN stmt s ON s.{end} = m.n"
            " AND coalesce(p.dissolved, 0) <> coalesce(w.dissolved, 0)",
        )
