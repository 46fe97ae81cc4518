"""What the program is measured against, written by hand over the store's own tables: sqlite3 only.

The walk returns what ``queries.walk.trace`` returns, as plain rows: the benchmark asserts that
they are equal before it compares times.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

# (id, type, from, to, role, since, until, ended, low, high, values, source, file, row)
RelationRow = tuple[Any, ...]
# (id, kind, name, depth)
PartyRow = tuple[str, int, str, int]

_HOLDS = "r.ended = 0 AND r.start <= :day AND r.stop > :day"
_COLUMNS = "r.rid, r.f, r.t, r.type, r.role, r.since, r.until, r.ended, r.low, r.high, r.key"


def connect(path: Path) -> sqlite3.Connection:
    """A reading connection with the settings that the store's own connections have."""
    c = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    c.execute("PRAGMA cache_size = -65536")
    c.execute("PRAGMA mmap_size = 1073741824")
    c.execute("PRAGMA query_only = 1")
    return c


def walk(
    c: sqlite3.Connection, start: int, day: int, types: Collection[int], depth: int, per_party: int
) -> tuple[list[PartyRow], list[RelationRow]]:
    """Everything within ``depth`` hops of a party's node; hubs give their first ``per_party``."""
    c.execute("BEGIN")
    depths = {start: 0}
    edges: dict[int, tuple[Any, ...]] = {}
    frontier = [start]
    for level in range(depth):
        if not frontier:
            break
        kept = _hop(c, frontier, day, types, per_party)
        met = {end for edge in kept for end in edge[1:3]} - depths.keys()
        depths.update(dict.fromkeys(met, level + 1))
        edges.update((edge[0], edge) for edge in kept)
        frontier = list(met)
    found = _parties(c, depths), _relations(c, edges)
    c.execute("COMMIT")
    return found


def _hop(
    c: sqlite3.Connection, frontier: Sequence[int], day: int, types: Collection[int], cap: int
) -> list[tuple[Any, ...]]:
    test = f"r.type IN ({','.join(map(str, types))}) AND {_HOLDS}"
    rows = c.execute(
        f"SELECT q.value, {_COLUMNS} FROM json_each(:q) q JOIN rel r ON r.f = q.value AND {test}"
        f" UNION ALL SELECT q.value, {_COLUMNS} FROM json_each(:q) q"
        f" JOIN rel r ON r.t = q.value AND r.f <> r.t AND {test}",
        {"q": json.dumps(frontier), "day": day},
    ).fetchall()
    degrees = Counter(row[0] for row in rows)
    hubs = {node for node, degree in degrees.items() if degree > cap}
    kept = [row[1:] for row in rows if row[0] not in hubs]
    for hub in hubs:
        kept += _first_of(c, hub, test, day, cap)
    return kept


def _first_of(
    c: sqlite3.Connection, hub: int, test: str, day: int, cap: int
) -> list[tuple[Any, ...]]:
    return c.execute(
        f"SELECT {_COLUMNS} FROM rel r JOIN rtype y ON y.no = r.type JOIN node a ON a.n = r.f"
        f" JOIN node b ON b.n = r.t WHERE (r.f = :hub OR r.t = :hub) AND {test}"
        " ORDER BY y.name, a.id, b.id, r.since, r.role, printf('%016x', r.key) LIMIT :cap",
        {"hub": hub, "day": day, "cap": cap},
    ).fetchall()


def _parties(c: sqlite3.Connection, depths: dict[int, int]) -> list[PartyRow]:
    rows = c.execute(
        "SELECT p.n, p.id, p.kind, p.name FROM json_each(?) q JOIN party p ON p.n = q.value",
        (json.dumps(list(depths)),),
    )
    found = [(id, kind, name, depths[node]) for node, id, kind, name in rows]
    return sorted(found, key=lambda party: (party[3], party[0]))


def _relations(c: sqlite3.Connection, edges: dict[int, tuple[Any, ...]]) -> list[RelationRow]:
    rows = c.execute(
        f"SELECT {_COLUMNS}, y.name, a.id, b.id, s.vals, o.name, f.name, s.row"
        " FROM json_each(?) q JOIN rel r ON r.rid = q.value JOIN rtype y ON y.no = r.type"
        " JOIN node a ON a.n = r.f JOIN node b ON b.n = r.t JOIN stmt s ON s.sid = r.sid"
        " JOIN source o ON o.no = s.source JOIN file f ON f.no = s.file",
        (json.dumps(list(edges)),),
    )
    found = [
        (f"{key & 0xFFFFFFFFFFFFFFFF:016x}", type_, start, end, role, since, until, ended, low,
         high, values, source, file, row)
        for _, _, _, _, role, since, until, ended, low, high, key, type_, start, end, values,
        source, file, row in rows
    ]  # fmt: skip
    found.sort(key=lambda r: (r[1], r[2], r[3], r[5], r[4], r[0]))
    return found


def raw_load(files: Iterable[Path], target: Path) -> int:
    """The rows of CSV files into bare tables, no check, no index, one transaction; how many."""
    c = sqlite3.connect(target, isolation_level=None)
    c.execute("PRAGMA journal_mode = WAL")
    c.execute("PRAGMA synchronous = NORMAL")
    c.execute("BEGIN")
    total = 0
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            rows = csv.reader(text)
            columns = next(rows)
            c.execute(f'CREATE TABLE "{file.stem}" ({", ".join(columns)})')
            places = ", ".join("?" * len(columns))
            total += c.executemany(f'INSERT INTO "{file.stem}" VALUES ({places})', rows).rowcount
    c.execute("COMMIT")
    c.close()
    return total
