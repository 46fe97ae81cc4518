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

from graph_service.identity import DesignatorClass
from graph_service.model import Batch, NodeRow
from graph_service.store.sqlite import newborn
from graph_service.store.sqlite.marking import mark_units
from graph_service.store.sqlite.own import NAMES_AN_END, Notes
from graph_service.store.sqlite.quarantine import drop_withheld
from graph_service.store.sqlite.singles import Singles
from graph_service.store.sqlite.sorting import make_indexes, sorting
from graph_service.store.sqlite.tables import (
    INDEXES,
    KIND_NUMBERS,
    RARE,
    STMT_COLUMNS,
    TABLE_NAMES,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
)
from graph_service.text import uscc

Say = Callable[[str, int, int], None]
COLUMNS = (
    "source, tbl, key, a, b, type, role, since, until, ended, low, high, rdate, vals, file, row,"
    " part, load"
)
_INSERT = f"INSERT INTO {{}} (sid, {COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_NODE = "(n, id, cls, kind, name, folded, scope, source, canon)"
_SMALLEST_NAME = (
    " ON CONFLICT (n) DO UPDATE SET name = excluded.name"
    " WHERE excluded.name < name AND excluded.name <> ''"
)
_PUT_NODE = f"INSERT INTO {{}} {_NODE} VALUES (?,?,?,?,?,?,?,?,?){_SMALLEST_NAME}"
_WORK_TABLES = (
    "tn (n INTEGER PRIMARY KEY)",  # nodes of changed statements
    "td (n INTEGER PRIMARY KEY)",  # of them: own rows changed, a statement lost, dangling local ids
    "touched (n INTEGER PRIMARY KEY, cls, declared)",  # of changed statements, as they were
    "oldc (n INTEGER PRIMARY KEY, canon INTEGER, state INTEGER)",  # moved nodes, as they were
    "ts (sid INTEGER PRIMARY KEY)",  # statements to look at again
    "flip (sid INTEGER PRIMARY KEY, was INTEGER)",  # statements withheld or recovered
    "du (f, t, type, PRIMARY KEY (f, t, type)) WITHOUT ROWID",  # relation units to derive
    "dp (n INTEGER PRIMARY KEY)",  # parties to derive
    "fate (n INTEGER PRIMARY KEY, canon, kind, state)",  # ends of the statements to look at
    "alone (sid INTEGER PRIMARY KEY, f, t, type)",  # new ties that nothing stood beside
    "cn (folded TEXT PRIMARY KEY) WITHOUT ROWID",  # names that changed
    "same (sid INTEGER PRIMARY KEY, file, row)",  # said again, and where
    "seen (n INTEGER PRIMARY KEY, id, cls, kind, name, folded, scope, source, canon)",
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
    relations: Counter[int] = field(default_factory=Counter)  # more or fewer than before, by type
    parties: Counter[int] = field(default_factory=Counter)  # the same, by kind
    stood: Counter[str] = field(default_factory=Counter)  # conflicts there before, by rule
    source_names: dict[int, str] = field(default_factory=dict)
    notes: Notes | None = None  # of a first load
    singles: Singles | None = None  # relations of a first load
    sound: bool = False  # no statement of a first load is withheld

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
    newborn.make_tables(c)
    if fresh:
        for name in INDEXES:
            if name not in RARE:
                c.execute(f"DROP INDEX IF EXISTS {name}")
        c.execute("DELETE FROM node")
        c.execute("DELETE FROM pname")
        ingest.notes = Notes(c)
        ingest.singles = Singles(c)
    else:
        # The indexes of a large table are met in the order of one of them: the others should stay.
        # SQLite sorts in as much memory as this again, and both must keep within 500 MB.
        c.execute("PRAGMA main.cache_size = -196608")
    return ingest


def stage(ingest: Ingest, batches: Iterable[Batch]) -> None:
    """Take all batches in; a first load goes straight to its place."""
    insert = _INSERT.format("stmt" if ingest.fresh else "temp.stage")
    put_node = _PUT_NODE.format("node" if ingest.fresh else "temp.seen")
    taken = 0
    for batch in batches:
        ingest.c.executemany(put_node, _node_rows(ingest, batch.nodes))
        ingest.c.executemany(insert, _statement_rows(ingest, batch, taken))
        if ingest.notes is None:
            newborn.note_rows(ingest.c, batch.statements, taken, ingest.sources)
        taken += len(batch.statements)
        _relate(ingest, batch, taken)
        ingest.say("read", taken, 0)
    if ingest.notes is not None:
        ingest.notes.end()


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


def _statement_rows(ingest: Ingest, batch: Batch, taken: int) -> Iterator[tuple[object, ...]]:
    """The rows of ``stmt``; of a first load their digest is summed, and what to note is noted."""
    load, notes = ingest.load, ingest.notes
    sources, files = _numbered(ingest, batch)
    total = 0
    for sid, statement in enumerate(batch.statements, taken + 1):
        # taken apart at once: this runs for every row of a load
        (
            said_by, table, key, a, b, relation, role, since, until, ended, low, high, rdate,
            values, file, row, part,
        ) = statement  # fmt: skip
        source, tbl, type_ = sources[said_by], TABLE_NUMBERS[table], TYPE_NUMBERS.get(relation, 0)
        if notes is not None:
            if not type_ or NAMES_AN_END in values:
                notes.take(sid, source, tbl, a, b, type_, values)
            total += statement_hash(said_by, table, values, rdate)
        yield (
            sid, source, tbl, key, a, b, type_, role, since, until, ended, low, high, rdate,
            values, files[file], row, part, load,
        )  # fmt: skip
    if notes is not None:
        ingest.digest = (ingest.digest + total) % MODULUS
        ingest.said.update(sources[one.source] for one in batch.statements)
        ingest.created.update(one.table for one in batch.statements)


def _relate(ingest: Ingest, batch: Batch, taken: int) -> None:
    """On a first load: make relations of the ties of a batch whose ends are known."""
    if ingest.singles is None or ingest.notes is None:
        return
    ingest.notes.write()
    types = Counter(one.type for one in batch.statements)
    ingest.singles.take(taken, types, ingest.notes.declared)


def _numbered(ingest: Ingest, batch: Batch) -> tuple[dict[str, int], dict[str, int]]:
    """The numbers of the sources and files of a batch."""
    for source in dict.fromkeys(one.source for one in batch.statements):
        ingest.number("source", ingest.sources, source)
    for file in dict.fromkeys(one.file for one in batch.statements):
        ingest.number("file", ingest.files, file)
    return ingest.sources, ingest.files


Row = tuple[int, int, int, int, str, int, int, int]  # sid, key, source, tbl, vals, rdate, file, row
_GROUP = itemgetter(1, 2, 3)


def settle_first(ingest: Ingest) -> None:
    """Of a first load: decide, per source and natural key, what stays and what goes."""
    c = ingest.c
    ingest.say("index", 0, 0)
    make_indexes(c, ("stmt_a", "stmt_b"))
    c.execute("CREATE TEMP TABLE twin (key INTEGER PRIMARY KEY)")  # keys that several rows state
    with sorting(c):
        c.execute("INSERT INTO temp.twin SELECT key FROM stmt GROUP BY key HAVING count(*) > 1")
    if c.execute("SELECT 1 FROM temp.twin LIMIT 1").fetchone() is None:
        return
    rows = c.execute(
        "SELECT sid, key, source, tbl, vals, rdate, file, row FROM stmt"
        " WHERE key IN (SELECT key FROM temp.twin) ORDER BY key, source, tbl"
    )
    for _, group in groupby(rows, key=_GROUP):
        new = list(group)
        staying = {row[0] for row in kept(ingest, new)}
        _drop(ingest, [row for row in new if row[0] not in staying])


def _drop(ingest: Ingest, rows: Sequence[Row]) -> None:
    """Take away rows of a first load that have given way to others of their key."""
    c = ingest.c
    for row in rows:
        ingest.add_digest(row[2], row[3], row[4], row[5], -1)
        ingest.said[row[2]] -= 1
        ingest.created[TABLE_NAMES[row[3]]] -= 1
    doomed = [(row[0],) for row in rows]
    for end in ("a", "b"):
        c.executemany(
            f"INSERT OR IGNORE INTO temp.tn SELECT {end} FROM stmt WHERE sid = ? AND {end} <> 0",
            doomed,
        )
    c.executemany("DELETE FROM stmt WHERE sid = ?", doomed)
    if ingest.notes is not None:
        ingest.notes.forget(doomed)
    if ingest.singles is not None:
        ingest.singles.forget(doomed)


def kept(ingest: Ingest, new: Sequence[Row]) -> list[Row]:
    """Of the rows of one key in one load: the latest, each value once."""
    if len(new) == 1:
        return [new[0]]
    latest = max(row[5] for row in new)
    files = {number: name for name, number in ingest.files.items()}
    first: dict[str, Row] = {}
    for row in sorted(new, key=lambda row: (files.get(row[6], ""), row[7], row[0])):
        if row[5] != latest:
            continue
        if row[4] in first:
            ingest.warnings["duplicate_row"] += 1
        else:
            first[row[4]] = row
    return list(first.values())


def remove(ingest: Ingest, sids: Sequence[int]) -> None:
    """Take statements away; what hung on them is marked for derivation."""
    c = ingest.c
    for at in range(0, len(sids), 500):
        part = json.dumps(sids[at : at + 500])
        chosen = "sid IN (SELECT value FROM json_each(?))"
        mark_units(c, "stmt s", f"s.{chosen}", (part,))
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
