"""Writing what follows from the statements: parties, relations, records, search keys.

A first load derives everything in bulk; a later one only the parties and the relation units (all
relations of one type between two parties) that its statements touch. The rules themselves stand in
``graph_service.store.derive``; the bulk path writes units of one statement directly and hands all
others to those rules.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from graph_service.codes import code_of
from graph_service.days import parse_iso
from graph_service.identity import IdKey, local_text
from graph_service.store import derive, rank
from graph_service.store.derive import (
    OPEN,
    UNKNOWN_DAY,
    Derived,
    Precedence,
    Stated,
    split_names,
)
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.tables import (
    INDEXES,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
    create_index,
)
from graph_service.text import fold

_PARTY_TABLES = f"({TABLE_NUMBERS['enterprises']}, {TABLE_NUMBERS['persons']})"
_RECORD_TABLES = f"({TABLE_NUMBERS['sanctions']}, {TABLE_NUMBERS['honours']})"
_STAKE = TYPE_NUMBERS["SHAREHOLDER_OF"]
_NOT_RELATIONS = "(0, 11, 14)"  # party rows, SAME_AS and records are no relations
_UNDIRECTED = "(9, 10, 12)"
_STATED = (
    "s.sid, s.source, s.key, s.a, s.role, s.since, s.until, s.ended, s.low, s.high, s.rdate, s.vals"
)
_REL = (
    "INSERT INTO rel (f, t, type, role, since, until, ended, start, stop, low, high, key, sid,"
    " others) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_FETCH = 2_000


def derive_all(ingest: Ingest, key: IdKey, precedence: Precedence) -> int:
    """Derive what changed; how many conflicts stand in what was derived."""
    _mark(ingest)
    ingest.say("derive", 0, 0)
    conflicts = _parties(ingest, precedence)
    conflicts += _relations(ingest, precedence)
    _nominators(ingest, key)
    conflicts += _records(ingest, precedence)
    return conflicts


def _mark(ingest: Ingest) -> None:
    """Which parties and units to derive: before and after what moved."""
    if ingest.fresh:
        return
    c = ingest.c
    for canon in ("SELECT canon FROM temp.oldc", "SELECT n FROM temp.oldc"):
        c.execute(f"INSERT OR IGNORE INTO temp.dp {canon}")
    for moved in ("oldc", "tn"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.dp SELECT n.canon FROM temp.{moved} x"
            " JOIN node n ON n.n = x.n"
        )
    c.execute(
        "INSERT OR IGNORE INTO temp.du SELECT coalesce(oa.canon, na.canon),"
        " coalesce(ob.canon, nb.canon), s.type FROM temp.ts x JOIN stmt s ON s.sid = x.sid"
        " JOIN node na ON na.n = s.a JOIN node nb ON nb.n = s.b"
        " LEFT JOIN temp.oldc oa ON oa.n = s.a LEFT JOIN temp.oldc ob ON ob.n = s.b"
        f" WHERE s.type NOT IN {_NOT_RELATIONS}"
    )
    _mark_units(c, "temp.ts x JOIN stmt s ON s.sid = x.sid")
    c.execute(
        "INSERT OR IGNORE INTO temp.dp SELECT n.canon FROM temp.ts x JOIN stmt s ON s.sid = x.sid"
        " JOIN node n ON n.n = s.a OR n.n = s.b"
    )


def _mark_units(c: sqlite3.Connection, statements: str) -> None:
    c.execute(
        f"INSERT OR IGNORE INTO temp.du SELECT na.canon, nb.canon, s.type FROM {statements}"
        " JOIN node na ON na.n = s.a JOIN node nb ON nb.n = s.b"
        f" WHERE s.type NOT IN {_NOT_RELATIONS}"
    )


# -- parties -----------------------------------------------------------------------------------


def _parties(ingest: Ingest, precedence: Precedence) -> int:
    c = ingest.c
    if ingest.fresh:
        _mark_unspoken(ingest)
        spoken = "m.canon NOT IN (SELECT n FROM temp.unspoken)"
        rows = c.execute(_party_query("node m", f"m.state = 0 AND {spoken}"))
    else:
        _keep_live_parties(c)
        rows = c.execute(
            _party_query(
                "temp.live d CROSS JOIN node m ON (m.n = d.n OR (m.canon = d.n AND m.canon <> m.n))",
                "m.state = 0 AND m.canon = d.n",
            )
        )
    writer = _PartyWriter(ingest, precedence)
    for node, group in groupby(rows, key=itemgetter(0)):
        writer.add(node, list(group))
    writer.flush()
    _refresh_search(ingest)
    if not ingest.fresh:
        _mark_dissolved(c)
    elif (search := c.execute("SELECT 1 FROM sname LIMIT 1").fetchone()) is not None:
        del search
        ingest.say("search", 0, 0)
        c.execute("INSERT INTO search (search) VALUES ('rebuild')")
    return writer.conflicts


def _party_query(nodes: str, where: str) -> str:
    """Members of each party with their own rows: by party, own rows first."""
    return (
        f"SELECT m.canon, m.n, m.id, m.cls, m.kind, m.name, m.link, m.declared, {_STATED}"
        f" FROM {nodes} LEFT JOIN stmt s ON s.a = m.n AND s.type = 0 AND s.state = 0"
        f" AND s.tbl IN {_PARTY_TABLES} WHERE {where} ORDER BY m.canon, m.n, s.sid"
    )


def _mark_unspoken(ingest: Ingest) -> None:
    """On a first load: nodes that only withheld rows mention are no parties."""
    c = ingest.c
    c.execute("CREATE TEMP TABLE unspoken (n INTEGER PRIMARY KEY)")
    for end in ("a", "b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.unspoken SELECT n.canon FROM stmt w JOIN node n"
            f" ON n.n = w.{end} WHERE w.state <> 0"
        )
    c.execute(
        "INSERT OR IGNORE INTO temp.unspoken SELECT n.canon FROM temp.tn t JOIN node n ON n.n = t.n"
    )
    member = "SELECT m.n FROM node m WHERE m.n = u.n OR (m.canon = u.n AND m.canon <> m.n)"
    c.execute(
        "DELETE FROM temp.unspoken AS u WHERE EXISTS ("
        f" SELECT 1 FROM stmt s WHERE s.a IN ({member}) AND s.state = 0 UNION ALL"
        f" SELECT 1 FROM stmt s WHERE s.b IN ({member}) AND s.state = 0)"
    )


def _keep_live_parties(c: sqlite3.Connection) -> None:
    """Of the marked nodes, those that some live statement still speaks of; the others go."""
    c.execute("CREATE TEMP TABLE live (n INTEGER PRIMARY KEY)")
    member = "SELECT m.n FROM node m WHERE m.n = d.n OR (m.canon = d.n AND m.canon <> m.n)"
    c.execute(
        "INSERT INTO temp.live SELECT d.n FROM temp.dp d JOIN node p ON p.n = d.n"
        " WHERE p.canon = d.n AND EXISTS ("
        f" SELECT 1 FROM stmt s WHERE s.a IN ({member}) AND s.state = 0 UNION ALL"
        f" SELECT 1 FROM stmt s WHERE s.b IN ({member}) AND s.state = 0)"
    )
    c.execute("CREATE TEMP TABLE was (n INTEGER PRIMARY KEY, dissolved INTEGER)")
    c.execute(
        "INSERT INTO temp.was SELECT d.n, coalesce(p.dissolved, 0) FROM temp.dp d"
        " LEFT JOIN party p ON p.n = d.n"
    )
    c.execute(
        "INSERT INTO search (search, rowid, t, i) SELECT 'delete', n, t, i FROM sname"
        " WHERE n IN (SELECT n FROM temp.dp)"
    )
    c.execute("DELETE FROM sname WHERE n IN (SELECT n FROM temp.dp)")
    c.execute("DELETE FROM party WHERE n IN (SELECT n FROM temp.dp)")


class _PartyWriter:
    """Turns the members of parties into rows of ``party`` and ``sname``, in chunks."""

    def __init__(self, ingest: Ingest, precedence: Precedence) -> None:
        self.c = ingest.c
        self.names = ingest.source_names
        self.warnings = ingest.warnings
        self.precedence = precedence
        self.conflicts = 0
        self._parties: list[tuple[object, ...]] = []
        self._search: list[tuple[object, ...]] = []

    def add(self, node: int, rows: Sequence[tuple[object, ...]]) -> None:
        head = next((row for row in rows if row[1] == node), None)
        if head is None:
            return
        kind = int(head[4])  # type: ignore[call-overload]
        stated = [_stated(self.names, row[8:]) for row in rows if row[8] is not None]
        made = derive.party(stated, self.precedence) if stated else None
        name = made.name if made else self._implied_name(node, head)
        attributes = made.attributes if made else {}
        if str(head[2]).startswith("uscc:"):
            attributes.setdefault("uscc", str(head[2])[5:])
        conflicts = len(made.conflicts) if made else 0
        self.conflicts += conflicts
        self.warnings["label_conflict"] += conflicts
        self._parties.append(
            (
                node, head[2], kind, name, fold(name), int(bool(stated)),
                _dissolved(attributes), _json(attributes), _json(_aliases(node, rows)), conflicts,
            )
        )  # fmt: skip
        if kind in (1, 2):
            names = [name, *split_names(attributes)]
            self._search.append((node, rank.search_key(names), rank.initials_key(names)))
        if len(self._parties) >= _FETCH:
            self.flush()

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
        self.c.executemany("INSERT INTO party VALUES (?,?,?,?,?,?,?,?,?,?)", self._parties)
        self.c.executemany("INSERT INTO sname VALUES (?, ?, ?)", self._search)
        self._parties.clear()
        self._search.clear()


def _stated(names: dict[int, str], row: Sequence[object]) -> Stated:
    return Stated(row[0], names[row[1]], *row[2:])  # type: ignore[arg-type,index]


def _aliases(node: int, rows: Sequence[tuple[object, ...]]) -> list[str]:
    """Other ids that a reviewed ``SAME_AS`` joined: ids of their own, not names or local ids."""
    found = {str(row[2]) for row in rows if row[1] != node and row[3] in (0, 1, 2) and row[6] == 0}
    return sorted(found)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _dissolved(attributes: dict[str, str]) -> int:
    """The day deregistration ended a party's ties: 0 none, ``UNKNOWN_DAY`` on an unknown day."""
    status = attributes.get("status", "")
    cancelled = code_of("statuses", status) == "cancelled" if status else False
    if not cancelled and (status or "dissolved" not in attributes):
        return 0
    day = attributes.get("dissolved") or attributes.get("status_date")
    try:
        return parse_iso(day) if day else UNKNOWN_DAY
    except ValueError:
        return UNKNOWN_DAY


def _refresh_search(ingest: Ingest) -> None:
    if not ingest.fresh:
        ingest.c.execute(
            "INSERT INTO search (rowid, t, i) SELECT n, t, i FROM sname"
            " WHERE n IN (SELECT n FROM temp.dp)"
        )


def _mark_dissolved(c: sqlite3.Connection) -> None:
    """A party that was deregistered, or is no longer, has all its units derived again."""
    for end in ("a", "b"):
        _mark_units(
            c,
            "temp.was w LEFT JOIN party p ON p.n = w.n"
            " JOIN node m ON (m.n = w.n OR (m.canon = w.n AND m.canon <> m.n))"
            f" JOIN stmt s ON s.{end} = m.n"
            " AND coalesce(p.dissolved, 0) <> w.dissolved",
        )


# -- relations ---------------------------------------------------------------------------------


def _relations(ingest: Ingest, precedence: Precedence) -> int:
    c = ingest.c
    ingest.say("relations", 0, 0)
    if ingest.fresh:
        _single_relations(c)
        c.execute("INSERT OR IGNORE INTO temp.du SELECT f, t, type FROM temp.many")
    c.execute(
        "DELETE FROM rel WHERE rid IN (SELECT r.rid FROM temp.du u CROSS JOIN rel r"
        " ON r.f = u.f AND r.t = u.t AND r.type = u.type)"
    )
    c.execute(
        "DELETE FROM rel WHERE rid IN (SELECT r.rid FROM temp.du u CROSS JOIN rel r"
        f" ON r.f = u.t AND r.t = u.f AND r.type = u.type WHERE u.type IN {_UNDIRECTED})"
    )
    c.execute("DELETE FROM unit WHERE (f, t, type) IN (SELECT f, t, type FROM temp.du)")
    return _derive_units(ingest, precedence)


def _single_relations(c: sqlite3.Connection) -> None:
    """Bulk: every live statement as a relation of its own, then find the units of several."""
    c.execute("CREATE TEMP TABLE gone (n INTEGER PRIMARY KEY, day INTEGER)")
    c.execute("INSERT INTO temp.gone SELECT n, dissolved FROM party WHERE dissolved <> 0")
    c.execute(
        "INSERT INTO rel (f, t, type, role, since, until, ended, start, stop, low, high, key, sid)"
        " SELECT na.canon, nb.canon, s.type, s.role, s.since,"
        f" iif(s.until = 0, {OPEN}, s.until), s.ended, s.since,"
        f" iif(s.until = 0, {OPEN}, s.until), s.low, s.high, s.key, s.sid"
        " FROM stmt s JOIN node na ON na.n = s.a JOIN node nb ON nb.n = s.b"
        f" WHERE s.state = 0 AND s.type NOT IN {_NOT_RELATIONS}"
    )
    for name in INDEXES:
        if name.startswith("rel"):
            c.execute(create_index(name))
    c.execute("CREATE TEMP TABLE many (f, t, type)")
    c.execute(
        "INSERT INTO temp.many SELECT f, t, type FROM rel GROUP BY f, t, type HAVING count(*) > 1"
    )
    c.execute(f"INSERT INTO temp.many SELECT f, t, type FROM rel WHERE type IN {_UNDIRECTED}")
    for end in ("f", "t"):
        c.execute(
            f"INSERT INTO temp.many SELECT r.f, r.t, r.type FROM temp.gone g"
            f" CROSS JOIN rel r ON r.{end} = g.n"
        )


def _derive_units(ingest: Ingest, precedence: Precedence) -> int:
    c = ingest.c
    conflicts = 0
    written: list[tuple[object, ...]] = []
    disagreeing: list[tuple[int, int, int, int]] = []
    for (f, t, type_), group in groupby(_unit_rows(c), key=itemgetter(0, 1, 2)):
        rows = [_stated(ingest.source_names, row[3:]) for row in group]
        unit = derive.relations(rows, type_ == _STAKE, precedence, _end_of(c, f, t))
        written.extend(_rel_row(f, t, type_, relation) for relation in unit.relations)
        if unit.conflicts:
            conflicts += unit.conflicts
            disagreeing.append((f, t, type_, unit.conflicts))
            rule = "share_conflict" if type_ == _STAKE else "label_conflict"
            ingest.warnings[rule] += 1
        if len(written) >= _FETCH:
            c.executemany(_REL, written)
            written.clear()
    c.executemany(_REL, written)
    c.executemany("INSERT OR REPLACE INTO unit VALUES (?, ?, ?, ?)", disagreeing)
    return conflicts


def _unit_rows(c: sqlite3.Connection) -> Iterator[tuple[int, ...]]:
    """Live statements of the marked units, by unit; undirected ones by (smaller, larger) id."""
    c.execute(
        "CREATE TEMP TABLE pick (f INTEGER, t INTEGER, type INTEGER, sid INTEGER PRIMARY KEY)"
    )
    for f, t in (("na", "nb"), ("nb", "na")):
        swapped = f"AND u.type IN {_UNDIRECTED}" if f == "nb" else ""
        c.execute(
            f"INSERT OR IGNORE INTO temp.pick SELECT {f}.canon, {t}.canon, s.type, s.sid"
            f" FROM temp.du u CROSS JOIN node {f}"
            f" ON ({f}.n = u.f OR ({f}.canon = u.f AND {f}.canon <> {f}.n))"
            f" CROSS JOIN stmt s ON s.{f[1]} = {f}.n AND s.type = u.type AND s.state = 0"
            f" JOIN node {t} ON {t}.n = s.{t[1]} WHERE {f}.canon = u.f AND {t}.canon = u.t"
            f" {swapped}"
        )
    c.execute(
        "UPDATE temp.pick SET f = t, t = f WHERE type IN "
        f"{_UNDIRECTED} AND (SELECT id FROM node WHERE n = f) > (SELECT id FROM node WHERE n = t)"
    )
    yield from c.execute(
        f"SELECT p.f, p.t, p.type, {_STATED} FROM temp.pick p JOIN stmt s ON s.sid = p.sid"
        " ORDER BY p.f, p.t, p.type, s.sid"
    )


def _end_of(c: sqlite3.Connection, f: int, t: int) -> int:
    days = [
        day
        for (day,) in c.execute(
            "SELECT dissolved FROM party WHERE n IN (?, ?) AND dissolved <> 0", (f, t)
        )
    ]
    known = [day for day in days if day != UNKNOWN_DAY]
    return min(known) if known else (UNKNOWN_DAY if days else 0)


def _rel_row(f: int, t: int, type_: int, made: Derived) -> tuple[object, ...]:
    shown = made.shown
    others = ",".join(map(str, made.others))
    return (
        f, t, type_, shown.role, shown.since, made.until, made.ended, made.start, made.end,
        shown.low, shown.high, made.key, shown.sid, others,
    )  # fmt: skip


def _nominators(ingest: Ingest, key: IdKey) -> None:
    """Stakes held for another are met from the nominator too."""
    c = ingest.c
    scope = "" if ingest.fresh else " AND s.sid IN (SELECT sid FROM temp.pick)"
    rows = c.execute(
        "SELECT s.sid, s.source, s.vals FROM stmt s"
        f" WHERE s.type = {_STAKE} AND instr(s.vals, '\"nominee_for\"') > 0{scope}"
    ).fetchall()
    for sid, source, vals in rows:
        text = json.loads(vals)["nominee_for"]
        if not text.startswith(("uscc:", "pid:")):
            text = local_text(ingest.source_names[source], text)
        found = c.execute("SELECT canon FROM node WHERE n = ?", (key.node(text),)).fetchone()
        if found is not None:
            c.execute("UPDATE rel SET nominator = ? WHERE sid = ?", (found[0], sid))


# -- records -----------------------------------------------------------------------------------


def _records(ingest: Ingest, precedence: Precedence) -> int:
    c = ingest.c
    scope = f"s.tbl IN {_RECORD_TABLES} AND s.type = 14 AND s.state = 0"
    if ingest.fresh:
        source = "stmt s JOIN node n ON n.n = s.a"
        c.execute(create_index("rec_n"))
        c.execute("CREATE TEMP TABLE subjects (n INTEGER PRIMARY KEY)")
        c.execute(f"INSERT OR IGNORE INTO temp.subjects SELECT n.canon FROM {source} WHERE {scope}")
    else:
        c.execute("CREATE TEMP TABLE subjects AS SELECT n FROM temp.dp")
        c.execute("DELETE FROM rec WHERE n IN (SELECT n FROM temp.subjects)")
    rows = c.execute(
        f"SELECT m.canon, s.tbl, m.id, {_STATED} FROM temp.subjects j CROSS JOIN node m"
        " ON (m.n = j.n OR (m.canon = j.n AND m.canon <> m.n))"
        f" JOIN stmt s ON s.a = m.n WHERE {scope} AND m.canon = j.n ORDER BY m.canon, s.sid"
    )
    disagreements = 0
    for node, group in groupby(rows.fetchall(), key=itemgetter(0)):
        disagreements += _subject(ingest, node, list(group))
    del precedence
    for name in INDEXES:
        if ingest.fresh and name.startswith(("party", "stmt_held")):
            c.execute(create_index(name))
    return disagreements


def _subject(ingest: Ingest, node: int, rows: Sequence[tuple[object, ...]]) -> int:
    """Write a subject's records (one per source, key and label); on how many lists labels differ."""
    shown: dict[tuple[str, int, bool], tuple[Stated, dict[str, str], object, str]] = {}
    labels: dict[str, set[bool]] = {}
    for row in rows:
        stated = _stated(ingest.source_names, row[3:])
        values: dict[str, str] = json.loads(stated.values)
        yes = values.get("label") != "no"
        labels.setdefault(values["list"], set()).add(yes)
        held = shown.get((stated.source, stated.key, yes))
        if held is None or _record_weight(stated, values) > _record_weight(held[0], held[1]):
            shown[stated.source, stated.key, yes] = (stated, values, row[1], str(row[2]))
    ingest.c.executemany(
        "INSERT OR REPLACE INTO rec VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [_record_row(node, *found) for found in shown.values()],
    )
    differing = sum(len(found) > 1 for found in labels.values())
    ingest.warnings["label_conflict"] += differing
    return differing


def _record_weight(stated: Stated, values: dict[str, str]) -> tuple[int, int, str, str]:
    """Open before ended, then the later end, then the larger value."""
    return (
        0 if values.get("status") in ("revoked", "repaired", "removed", "expired") else 1,
        stated.until or OPEN,
        values.get("valid_until", "9999"),
        stated.values,
    )


def _record_row(
    node: int, stated: Stated, values: dict[str, str], table: object, subject: str
) -> tuple[object, ...]:
    document = values.get("document_no")
    own = f"{document}:{subject}" if document else f"{subject}:{values['list']}"
    tail = values.get("id") or own
    return (
        stated.sid, node, local_text(stated.source, tail),
        int(table == TABLE_NUMBERS["honours"]), values["list"], int(values.get("label") != "no"),
        _day(values, "decided"), _day(values, "listed"), _day(values, "valid_until"),
        values.get("status", ""), stated.until,
    )  # fmt: skip


def _day(values: dict[str, str], field: str) -> int:
    return parse_iso(values[field]) if values.get(field) else 0


def warn_over_full(c: sqlite3.Connection, issuers: Iterable[int] | None, day: int) -> int:
    """How many issuers are held above 100.1 % on a day (all, or some of them)."""
    scope = "" if issuers is None else " AND t IN (SELECT t FROM temp.du WHERE type = 2)"
    found = c.execute(
        "SELECT count(*) FROM (SELECT t FROM rel WHERE type = 2 AND ended = 0 AND low > 0"
        f" AND start <= ? AND stop > ?{scope} GROUP BY t HAVING total(low) > 1.001e18)",
        (day, day),
    ).fetchone()
    return int(found[0])
