"""Taking statements in: staging, and settling what replaces what within a source.

Within one source and natural key the later ``record_date`` wins, else the later load; identical
statements are one; different values inside one load are all kept.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from graph_service.identity import DesignatorClass
from graph_service.model import Batch, NodeRow
from graph_service.store.sqlite.quarantine import drop_withheld
from graph_service.store.sqlite.tables import (
    INDEXES,
    KIND_NUMBERS,
    STMT_COLUMNS,
    TABLE_NAMES,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
    create_index,
)
from graph_service.text import uscc

Say = Callable[[str, int, int], None]
_INSERT = (
    "INSERT INTO {} (source, tbl, key, a, b, type, role, since, until, ended, low, high, rdate,"
    " vals, file, row, part, load) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_NODE = (
    "INSERT INTO node (n, id, cls, kind, name, folded, scope, source, canon) VALUES"
    " (?,?,?,?,?,?,?,?,?) ON CONFLICT (n) DO UPDATE SET name = excluded.name"
    " WHERE excluded.name < name AND excluded.name <> ''"
)
_WORK_TABLES = (
    "tn (n INTEGER PRIMARY KEY)",  # nodes of changed statements
    "td (n INTEGER PRIMARY KEY)",  # of them: own rows changed, a statement lost, or undeclared
    "oldc (n INTEGER PRIMARY KEY, canon INTEGER, state INTEGER)",  # moved nodes, as they were
    "ts (sid INTEGER PRIMARY KEY)",  # statements to look at again
    "flip (sid INTEGER PRIMARY KEY, was INTEGER)",  # statements withheld or recovered
    "du (f, t, type, PRIMARY KEY (f, t, type)) WITHOUT ROWID",  # relation units to derive
    "dp (n INTEGER PRIMARY KEY)",  # parties to derive
    "cn (folded TEXT PRIMARY KEY) WITHOUT ROWID",  # names that changed
    "same (sid INTEGER PRIMARY KEY, file, row)",  # said again, and where
)
MODULUS = 1 << 256


def statement_hash(source: str, table: str, values: str, record_date: int) -> int:
    """The SHA-256 of one statement as a number: what the digest sums."""
    text = f"{source}\x1f{table}\x1f{values}\x1f{record_date}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


@dataclass(slots=True)
class Ingest:
    """One write in progress: its connection, its names for numbers, and what it changed so far."""

    c: sqlite3.Connection
    load: int
    fresh: bool
    say: Say
    digest: int = 0
    last_sid: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    said: Counter[int] = field(default_factory=Counter)
    stood: Counter[str] = field(default_factory=Counter)  # conflicts there before, by rule
    source_names: dict[int, str] = field(default_factory=dict)

    def number(self, table: str, cache: dict[str, int], name: str) -> int:
        """The number of a source's or file's name, made when it is new."""
        found = cache.get(name)
        if found is None:
            self.c.execute(f"INSERT OR IGNORE INTO {table} (name) VALUES (?)", (name,))
            row = self.c.execute(f"SELECT no FROM {table} WHERE name = ?", (name,)).fetchone()
            found = cache[name] = int(row[0])
            if table == "source":
                self.source_names[found] = name
        return found

    def add_digest(self, source: int, tbl: int, values: str, rdate: int, sign: int) -> None:
        """Let one statement enter (1) or leave (-1) the digest."""
        hashed = statement_hash(self.source_names[source], TABLE_NAMES[tbl], values, rdate)
        self.digest = (self.digest + sign * hashed) % MODULUS


def start(c: sqlite3.Connection, load: int, say: Say) -> Ingest:
    """Prepare a write: temporary tables, and no indexes while a first load grows the tables."""
    fresh = c.execute("SELECT 1 FROM stmt LIMIT 1").fetchone() is None
    ingest = Ingest(c, load, fresh, say)
    ingest.source_names = dict(c.execute("SELECT no, name FROM source"))
    ingest.last_sid = c.execute("SELECT coalesce(max(sid), 0) FROM stmt").fetchone()[0]
    ingest.digest = int(c.execute("SELECT v FROM meta WHERE k = 'digest'").fetchone()[0], 16)
    c.execute(f"CREATE TEMP TABLE stage ({STMT_COLUMNS})")
    for table in _WORK_TABLES:
        c.execute(f"CREATE TEMP TABLE {table}")
    if fresh:
        for name in INDEXES:
            c.execute(f"DROP INDEX IF EXISTS {name}")
        c.execute("DELETE FROM node")
        c.execute("DELETE FROM pname")
    return ingest


def stage(ingest: Ingest, batches: Iterable[Batch]) -> None:
    """Take all batches in; a first load goes straight to its place."""
    insert = _INSERT.format("stmt" if ingest.fresh else "temp.stage")
    taken = 0
    for batch in batches:
        ingest.c.executemany(_NODE, _node_rows(ingest, batch.nodes))
        ingest.c.executemany(insert, _statement_rows(ingest, batch))
        taken += len(batch.statements)
        ingest.say("read", taken, 0)


def _node_rows(ingest: Ingest, nodes: Iterable[NodeRow]) -> Iterator[tuple[object, ...]]:
    for node in nodes:
        source = ingest.number("source", ingest.sources, node.source) if node.source else 0
        folded = node.folded
        if node.cls == DesignatorClass.LOCAL:
            folded = _stored_id(node.text[len(node.source) + 1 :])
        kind = KIND_NUMBERS[node.kind] if node.cls != DesignatorClass.LOCAL else 0
        yield (
            node.node, node.text, node.cls, kind, node.name, folded, node.scope, source, node.node
        )  # fmt: skip


def _stored_id(local: str) -> str:
    """The stored id that a local id nobody declares may mean: another source's party, or a code."""
    if ":" in local:
        return local
    code = uscc(local) if len(local) == 18 else None
    return f"uscc:{code}" if code else ""


def _statement_rows(ingest: Ingest, batch: Batch) -> Iterator[tuple[object, ...]]:
    load, fresh = ingest.load, ingest.fresh
    total = 0
    for s in batch.statements:
        source = ingest.sources.get(s.source) or ingest.number("source", ingest.sources, s.source)
        file = ingest.files.get(s.file) or ingest.number("file", ingest.files, s.file)
        if fresh:
            ingest.said[source] += 1
            total += statement_hash(s.source, s.table, s.values, s.record_date)
        yield (
            source, TABLE_NUMBERS[s.table], s.key, s.a, s.b, TYPE_NUMBERS.get(s.type, 0),
            s.role, s.since, s.until, s.ended, s.share_low, s.share_high, s.record_date,
            s.values, file, s.row, s.part, load,
        )  # fmt: skip
    ingest.digest = (ingest.digest + total) % MODULUS


_Row = tuple[
    int, int, int, int, str, int, int, int
]  # sid, key, source, tbl, vals, rdate, file, row
_GROUP = itemgetter(1, 2, 3)


def settle(ingest: Ingest) -> None:
    """Decide, per source and natural key, what stays, what goes and what is new."""
    if ingest.fresh:
        _settle_fresh(ingest)
    else:
        _settle_staged(ingest)


def _settle_fresh(ingest: Ingest) -> None:
    c = ingest.c
    ingest.say("index", 0, 0)
    for name in ("stmt_key", "stmt_a", "stmt_b"):
        c.execute(create_index(name))
    keys = c.execute("SELECT key FROM stmt GROUP BY key HAVING count(*) > 1").fetchall()
    for (key,) in keys:
        rows = c.execute(
            "SELECT sid, key, source, tbl, vals, rdate, file, row FROM stmt WHERE key = ?", (key,)
        ).fetchall()
        for _, group in groupby(sorted(rows, key=_GROUP), key=_GROUP):
            new = list(group)
            kept = _kept(ingest, new)
            gone = {row[0] for row in new} - {row[0] for row in kept}
            for row in new:
                if row[0] in gone:
                    ingest.add_digest(row[2], row[3], row[4], row[5], -1)
                    ingest.said[row[2]] -= 1
            doomed = [(sid,) for sid in gone]
            for end in ("a", "b"):
                c.executemany(
                    f"INSERT OR IGNORE INTO temp.tn SELECT {end} FROM stmt"
                    f" WHERE sid = ? AND {end} <> 0",
                    doomed,
                )
            c.executemany("DELETE FROM stmt WHERE sid = ?", doomed)
    counts = c.execute("SELECT tbl, count(*) FROM stmt GROUP BY tbl").fetchall()
    ingest.created.update({TABLE_NAMES[tbl]: count for tbl, count in counts})


def _kept(ingest: Ingest, new: Sequence[_Row]) -> list[_Row]:
    """Of the rows of one key in one load: the latest, each value once."""
    if len(new) == 1:
        return [new[0]]
    latest = max(row[5] for row in new)
    files = {number: name for name, number in ingest.files.items()}
    first: dict[str, _Row] = {}
    for row in sorted(new, key=lambda row: (files.get(row[6], ""), row[7], row[0])):
        if row[5] != latest:
            continue
        if row[4] in first:
            ingest.warnings["duplicate_row"] += 1
        else:
            first[row[4]] = row
    return list(first.values())


def _settle_staged(ingest: Ingest) -> None:
    c = ingest.c
    c.execute("CREATE INDEX temp.stage_key ON stage (key, source, tbl)")
    rows = c.execute(
        "SELECT st.sid, st.key, st.source, st.tbl, st.vals, st.rdate, st.file, st.row,"
        " o.sid, o.vals, o.rdate FROM temp.stage st LEFT JOIN stmt o"
        " ON o.key = st.key AND o.source = st.source AND o.tbl = st.tbl"
        " ORDER BY st.key, st.source, st.tbl"
    )
    sorted_out = _Sorted(c)
    for (_, _, tbl), group in groupby(rows, key=_GROUP):
        _settle_key(ingest, TABLE_NAMES[tbl], list(group), sorted_out)
    sorted_out.flush()
    _count_unchanged(ingest)
    drop_withheld(c, "s.sid IN (SELECT sid FROM temp.same)")
    c.execute(
        "UPDATE stmt SET load = ?,"
        " file = coalesce((SELECT m.file FROM temp.same m WHERE m.sid = stmt.sid), file),"
        " row = coalesce((SELECT m.row FROM temp.same m WHERE m.sid = stmt.sid), row)"
        " WHERE sid IN (SELECT sid FROM temp.same)",
        (ingest.load,),
    )
    remove(ingest, [sid for (sid,) in c.execute("SELECT sid FROM temp.doomed ORDER BY sid")])
    _insert_staged(ingest)


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
    new: dict[int, _Row] = {row[0]: row[:8] for row in pairs}
    old: dict[int, tuple[str, int]] = {
        row[8]: (row[9], row[10]) for row in pairs if row[8] is not None
    }
    kept = _kept(ingest, list(new.values()))
    stale = _is_stale(kept[0][5], old)
    if old and (stale or {(row[4], row[5]) for row in kept} == set(old.values())):
        place = {row[4]: row[6:8] for row in kept}
        for sid, (values, _) in old.items():
            out.put("same", sid, *((None, None) if stale else place[values]))
        for sid in new:
            out.put("again", sid)
        return
    for sid in old:
        out.put("doomed", sid)
    for row in kept:
        out.put("entering", row[0])
    counter = ingest.updated if old else ingest.created
    counter[table] += len(kept)


def _is_stale(record_date: int, old: dict[int, tuple[str, int]]) -> bool:
    """Whether a row is of an earlier day than what its source has said since."""
    known = max((date for _, date in old.values()), default=0)
    return bool(record_date and known and record_date < known)


def _count_unchanged(ingest: Ingest) -> None:
    """Rows of which every statement was there before, by table."""
    rows = ingest.c.execute(
        # one line of a file may feed several rows of a table: each begins with its part 0
        "SELECT tbl, sum(rows) FROM (SELECT tbl, sum(part = 0) AS rows FROM temp.stage st"
        " LEFT JOIN temp.again g USING (sid) GROUP BY tbl, file, row"
        " HAVING count(g.sid) = count(*)) GROUP BY tbl"
    )
    ingest.unchanged.update({TABLE_NAMES[tbl]: count for tbl, count in rows})


def _insert_staged(ingest: Ingest) -> None:
    c = ingest.c
    for source, tbl, values, rdate in c.execute(
        "SELECT source, tbl, vals, rdate FROM temp.stage CROSS JOIN temp.entering USING (sid)"
    ):
        ingest.add_digest(source, tbl, values, rdate, 1)
        ingest.said[source] += 1
    columns = (
        "source, tbl, key, a, b, type, role, since, until, ended, low, high, rdate, vals, file,"
        " row, part, load"
    )
    before = ingest.last_sid  # numbers of statements that have just gone are not given again
    c.execute(
        f"INSERT INTO stmt (sid, {columns}) SELECT sid + ?, {columns} FROM temp.stage"
        " CROSS JOIN temp.entering USING (sid) ORDER BY sid",
        (before,),
    )
    c.execute("INSERT OR IGNORE INTO temp.ts SELECT sid FROM stmt WHERE sid > ?", (before,))
    for end in ("a", "b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.tn SELECT {end} FROM stmt WHERE sid > ? AND {end} <> 0",
            (before,),
        )
    for end in ("a", "b"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.td SELECT {end} FROM stmt"
            f" WHERE sid > ? AND type = 0 AND {end} <> 0",
            (before,),
        )


def remove(ingest: Ingest, sids: Sequence[int]) -> None:
    """Take statements away; what hung on them is marked for derivation."""
    c = ingest.c
    for at in range(0, len(sids), 500):
        part = json.dumps(sids[at : at + 500])
        chosen = "sid IN (SELECT value FROM json_each(?))"
        mark_units(c, chosen, (part,))
        drop_withheld(c, f"s.{chosen}", (part,))
        for marked in ("tn", "td"):
            for end in ("a", "b"):
                c.execute(
                    f"INSERT OR IGNORE INTO temp.{marked} SELECT {end} FROM stmt"
                    f" WHERE {end} <> 0 AND {chosen}",
                    (part,),
                )
        for source, tbl, values, rdate, state in c.execute(
            f"SELECT source, tbl, vals, rdate, state FROM stmt WHERE {chosen}", (part,)
        ):
            ingest.said[source] -= 1
            if state == 0:
                ingest.add_digest(source, tbl, values, rdate, -1)
        c.execute(f"DELETE FROM rec WHERE {chosen}", (part,))
        c.execute(f"DELETE FROM stmt WHERE {chosen}", (part,))


def mark_units(c: sqlite3.Connection, chosen: str, values: Sequence[object]) -> None:
    """Mark the relation units of the chosen statements, by the parties their ends mean now."""
    c.execute(
        "INSERT OR IGNORE INTO temp.du SELECT na.canon, nb.canon, s.type FROM stmt s"
        " CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE s.type NOT IN (0, 11, 14) AND s.{chosen}",
        values,
    )
