"""Hops: the relations of a whole frontier in one statement, and every relation in port order."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graph_service.days import Day
from graph_service.identity import IdKey
from graph_service.model import SHARE_SCALE, Expansion, Relation, RelationFilter, SourceRef
from graph_service.schema import BETWEEN_PARTIES
from graph_service.store import showing
from graph_service.store.sqlite.marking import UNDIRECTED
from graph_service.store.sqlite.reader import Names, all_nodes
from graph_service.store.sqlite.tables import TYPE_NUMBERS

_STAKE = TYPE_NUMBERS["SHAREHOLDER_OF"]
_SHOWN = (
    "r.rid, r.type, r.role, r.since, r.until, r.ended, r.start, r.stop, r.low, r.high, r.key,"
    " nf.id, nt.id, s.vals, s.source, s.file, s.row, r.others, r.nominator"
)
_JOINED = (
    "CROSS JOIN node nf ON nf.n = r.f CROSS JOIN node nt ON nt.n = r.t"
    " CROSS JOIN stmt s ON s.sid = r.sid"
)


def expand(
    c: sqlite3.Connection,
    key: IdKey,
    names: Names,
    ids: Iterable[str],
    only: RelationFilter,
    per_party: int | None,
) -> Expansion:
    """One hop from a whole frontier, in one statement."""
    test, values = _test(only)
    edges = _edges(only, test)
    values["ids"] = json.dumps(list(dict.fromkeys(all_nodes(key, ids))))
    if per_party is None:
        rows = c.execute(
            f"{edges} SELECT e.p, 0, {_SHOWN} FROM e CROSS JOIN rel r USING (rid) {_JOINED}", values
        )
    else:
        values["cap"] = min(per_party, showing.LARGEST)
        rows = c.execute(_capped(edges), values)
    return _expansion(c, names, rows, only)


def _edges(only: RelationFilter, test: str) -> str:
    """The frontier's (party, relation) pairs that pass the filter."""
    out = f"SELECT q.p, r.rid FROM q CROSS JOIN rel r ON r.f = q.p {test}"
    in_ = f"SELECT q.p, r.rid FROM q CROSS JOIN rel r ON r.t = q.p AND r.f <> r.t {test}"
    for_another = (
        "SELECT q.p, r.rid FROM q CROSS JOIN rel r ON r.nominator = q.p AND r.nominator <> 0"
        f" AND r.f <> q.p AND r.t <> q.p {test}"
    )
    undirected = f" AND r.type IN {UNDIRECTED}"
    branches = {
        "both": [out, in_, for_another],
        "out": [out, in_ + undirected, for_another],
        "in": [in_, out + f" AND (r.f = r.t OR r.type IN {UNDIRECTED})"],
    }[only.direction]
    asked = "SELECT DISTINCT n.canon AS p FROM json_each(:ids) j CROSS JOIN node n ON n.n = j.value"
    return f"WITH q AS MATERIALIZED ({asked}), e AS ({' UNION ALL '.join(branches)})"


def _capped(edges: str) -> str:
    """``edges`` as a query of what is shown: all of a party's relations, of a hub's the first."""
    return (
        edges.replace(", e AS (", ", e AS MATERIALIZED (", 1)
        + ", hub AS MATERIALIZED (SELECT p, count(*) AS k FROM e GROUP BY p HAVING k > :cap),"
        " kept AS (SELECT p, rid, 0 AS k FROM e WHERE p NOT IN (SELECT p FROM hub) UNION ALL"
        " SELECT p, rid, k FROM (SELECT e.p, e.rid, hub.k, row_number() OVER (PARTITION BY e.p"
        " ORDER BY y.name, nf.id, nt.id, r.since, r.role, printf('%016x', r.key)) AS place"
        " FROM hub JOIN e USING (p) JOIN rel r USING (rid) JOIN rtype y ON y.no = r.type"
        " JOIN node nf ON nf.n = r.f JOIN node nt ON nt.n = r.t) WHERE place <= :cap)"
        f" SELECT kept.p, kept.k, {_SHOWN} FROM kept CROSS JOIN rel r USING (rid) {_JOINED}"
    )


def _test(only: RelationFilter) -> tuple[str, dict[str, Any]]:
    """The filter as SQL over ``rel r`` and its values."""
    values: dict[str, Any] = {"day": only.as_of}
    wanted = BETWEEN_PARTIES if only.types is None else only.types
    types = sorted(TYPE_NUMBERS[name] for name in wanted if name in TYPE_NUMBERS)
    tests = [f"r.type IN ({', '.join(map(str, types))})"]
    holds = "(r.ended = 0 AND r.start <= :day AND r.stop > :day)"
    if only.back_to is not None:
        values["back"] = only.back_to
        holds = (
            f"({holds} OR r.ended = 1"
            " OR (r.until <= :day AND r.until > :back AND r.stop = r.until))"
        )
    tests.append(holds)
    if only.min_share is not None:
        values["share"] = int(only.min_share * SHARE_SCALE)
        unknown = "" if only.known_only else " OR r.low < 0"
        tests.append(f"(r.type <> {_STAKE} OR r.high >= :share{unknown})")
    if only.sources is not None:
        values["sources"] = json.dumps(sorted(only.sources))
        tests.append(
            "EXISTS (SELECT 1 FROM stmt z JOIN source o ON o.no = z.source"
            " WHERE z.sid IN (SELECT r.sid UNION ALL"
            " SELECT value FROM json_each('[' || r.others || ']'))"
            " AND o.name IN (SELECT value FROM json_each(:sources)))"
        )
    return "AND " + " AND ".join(tests), values


def _expansion(
    c: sqlite3.Connection,
    names: Names,
    rows: Iterable[Sequence[Any]],
    only: RelationFilter,
) -> Expansion:
    seen: dict[int, Relation] = {}
    cut: dict[int, int] = {}
    for row in rows:
        if row[1]:
            cut[row[0]] = row[1]
        if row[2] not in seen:
            seen[row[2]] = relation(c, names, row[2:], only.as_of)
    ids = {}
    if cut:
        ids = dict(
            c.execute(
                "SELECT n, id FROM node WHERE n IN (SELECT value FROM json_each(?))",
                (json.dumps(list(cut)),),
            )
        )
    relations = sorted(seen.values(), key=lambda found: found.order)
    return Expansion(tuple(relations), {ids[node]: count for node, count in sorted(cut.items())})


def relation(c: sqlite3.Connection, names: Names, row: Sequence[Any], day: Day) -> Relation:
    """A row of ``_SHOWN`` as a relation seen on a day."""
    (_, type_, role, since, until, ended, start, stop, low, high, key, from_id, to_id, vals,
     source, file, line, others, nominator) = row  # fmt: skip
    held_for = ""
    if nominator:
        held_for = c.execute("SELECT id FROM node WHERE n = ?", (nominator,)).fetchone()[0]
    sources: tuple[SourceRef, ...] = (names.ref(c, source, file, line),)
    if others:
        sources += _other_sources(c, names, others)
    made = showing.RelationRow(
        _TYPE_NAMES[type_], from_id, to_id, role, since, until, bool(ended), start, stop, low,
        high, f"{key & 0xFFFFFFFFFFFFFFFF:016x}", vals, held_for,
    )  # fmt: skip
    return showing.relation(made, sources, day)


_TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}


def _other_sources(c: sqlite3.Connection, names: Names, others: str) -> tuple[SourceRef, ...]:
    rows = c.execute(
        "SELECT source, file, row FROM stmt WHERE sid IN (SELECT value FROM json_each(?))",
        (f"[{others}]",),
    )
    return tuple(sorted(names.ref(c, *row) for row in rows.fetchall()))


def scan_relations(c: sqlite3.Connection, names: Names, only: RelationFilter) -> Iterator[Relation]:
    """Every relation that passes, in port order."""
    test, values = _test(only)
    for row in c.execute(
        f"SELECT {_SHOWN} FROM rel r {_JOINED} JOIN rtype y ON y.no = r.type WHERE 1 = 1 {test}"
        " ORDER BY y.name, nf.id, nt.id, r.since, r.role, printf('%016x', r.key)",
        values,
    ):
        yield relation(c, names, row, only.as_of)
