"""Reading: parties, hops, searches and scans, as domain types."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from graph_service.days import Day
from graph_service.identity import IdKey, key_of, node_of_key
from graph_service.model import (
    SHARE_SCALE,
    Expansion,
    Found,
    Hit,
    Party,
    Record,
    Relation,
    RelationFilter,
    SourceRef,
)
from graph_service.schema import BETWEEN_PARTIES
from graph_service.store import rank
from graph_service.store.derive import OPEN, split_names
from graph_service.store.sqlite.tables import KIND_NAMES, KIND_NUMBERS, TYPE_NUMBERS
from graph_service.text import fold, uscc

_STAKE = TYPE_NUMBERS["SHAREHOLDER_OF"]
_UNDIRECTED = "(9, 10, 12)"
_SHOWN = (
    "r.rid, r.type, r.role, r.since, r.until, r.ended, r.start, r.stop, r.low, r.high, r.key,"
    " nf.id, nt.id, s.vals, s.source, s.file, s.row, r.others, r.nominator"
)
_JOINED = "JOIN node nf ON nf.n = r.f JOIN node nt ON nt.n = r.t JOIN stmt s ON s.sid = r.sid"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_ATTRIBUTES = frozenset(
    {"enterprise", "enterprise_name", "person", "person_name", "person_pid", "holder",
     "holder_name", "holder_pid", "controller", "controller_name", "controller_pid", "share",
     "since", "until", "ended", "id_mask", "holder_kind", "person_kind", "controller_kind"}
)  # fmt: skip


class Names:
    """Names of sources and files by number, remembered; new numbers are looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], str] = {}

    def get(self, c: sqlite3.Connection, table: str, number: int) -> str:
        """The name of a ``source`` or ``file``."""
        found = self._known.get((table, number))
        if found is None:
            row = c.execute(f"SELECT name FROM {table} WHERE no = ?", (number,)).fetchone()
            found = self._known[table, number] = str(row[0]) if row else ""
        return found

    def ref(self, c: sqlite3.Connection, source: int, file: int, row: int) -> SourceRef:
        """Where a statement stands."""
        return SourceRef(self.get(c, "source", source), self.get(c, "file", file), row)


def nodes_of(c: sqlite3.Connection, key: IdKey, ids: Iterable[str]) -> dict[str, int]:
    """The party's node for each known id: stored id, alias, local id, code or key."""
    wanted: dict[int, list[str]] = {}
    for text in ids:
        for node in _possible_nodes(key, text):
            wanted.setdefault(node, []).append(text)
    rows = c.execute(
        "SELECT q.value, n.canon FROM json_each(?) q JOIN node n ON n.n = q.value"
        " JOIN party p ON p.n = n.canon",
        (json.dumps(list(wanted)),),
    )
    return {text: canon for node, canon in rows for text in wanted[node]}


def _possible_nodes(key: IdKey, text: str) -> Iterator[int]:
    yield key.node(text)
    by_key = node_of_key(text)
    if by_key is not None:
        yield by_key
    if len(text) == 18 and (code := uscc(text)):
        yield key.node(f"uscc:{code}")


def parties(
    c: sqlite3.Connection, key: IdKey, names: Names, ids: Iterable[str], records: bool
) -> dict[str, Party]:
    """The known parties by the id as given."""
    found = nodes_of(c, key, ids)
    by_node = _load(c, names, set(found.values()), records)
    return {text: by_node[node] for text, node in found.items()}


def _load(
    c: sqlite3.Connection, names: Names, nodes: Iterable[int], records: bool
) -> dict[int, Party]:
    chosen = json.dumps(list(nodes))
    held = _records(c, names, chosen) if records else {}
    refs = _sources(c, names, chosen) if records else {}
    rows = c.execute(
        "SELECT p.n, p.id, p.kind, p.name, p.known, p.attrs, p.aliases FROM json_each(?) q"
        " JOIN party p ON p.n = q.value",
        (chosen,),
    )
    return {row[0]: _party(row, held.get(row[0], ()), refs.get(row[0], ())) for row in rows}


def _sources(c: sqlite3.Connection, names: Names, chosen: str) -> dict[int, tuple[SourceRef, ...]]:
    """Where the parties' own rows stand."""
    rows = c.execute(
        "SELECT q.value, s.source, s.file, s.row FROM json_each(?) q CROSS JOIN node m"
        " ON (m.n = q.value OR (m.canon = q.value AND m.canon <> m.n))"
        " JOIN stmt s ON s.a = m.n AND s.type = 0 AND s.state = 0 WHERE m.canon = q.value",
        (chosen,),
    ).fetchall()
    found: dict[int, set[SourceRef]] = {}
    for node, *place in rows:
        found.setdefault(node, set()).add(names.ref(c, *place))
    return {node: tuple(sorted(refs)) for node, refs in found.items()}


def _party(
    row: Sequence[Any], records: tuple[Record, ...] = (), sources: tuple[SourceRef, ...] = ()
) -> Party:
    node, id_, kind, name, known, attributes, aliases = row
    return Party(
        id_,
        KIND_NAMES[kind],
        name,
        key_of(node),
        tuple(json.loads(aliases)) if aliases else (),
        json.loads(attributes) if attributes else {},
        bool(known),
        records,
        sources,
    )


_RECORD = (
    "SELECT c.n, c.id, c.honour, c.list, c.label, c.decided, c.listed, c.valid_until, c.status,"
    " c.until, s.vals, s.source, s.file, s.row, n.id FROM {} JOIN stmt s ON s.sid = c.sid"
    " JOIN node n ON n.n = c.n"
)


def _records(c: sqlite3.Connection, names: Names, chosen: str) -> dict[int, tuple[Record, ...]]:
    rows = c.execute(
        _RECORD.format("json_each(?) q JOIN rec c ON c.n = q.value") + " ORDER BY c.id", (chosen,)
    )
    found: dict[int, list[Record]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(_record(c, names, row))
    return {
        node: tuple(sorted(records, key=lambda record: (record.id, not record.label)))
        for node, records in found.items()
    }


def _record(c: sqlite3.Connection, names: Names, row: Sequence[Any]) -> Record:
    values: dict[str, str] = json.loads(row[10])
    fine = values.get("fine_amount")
    personally = values.get("personally_responsible")
    return Record(
        id=row[1],
        subject=row[14],
        honour=bool(row[2]),
        list=row[3],
        label=bool(row[4]),
        document_no=values.get("document_no"),
        authority=values.get("authority"),
        basis=values.get("basis"),
        reason=values.get("reason"),
        measures=values.get("measures"),
        penalty_kind=values.get("penalty_kind"),
        fine=Decimal(fine.split(" ")[0]) if fine else None,
        personally_responsible=None if personally is None else personally == "yes",
        disclosure=values.get("disclosure"),
        decided=row[5] or None,
        listed=row[6] or None,
        valid_until=row[7] or None,
        status=row[8] or None,
        until=row[9] or None,
        sources=(names.ref(c, row[11], row[12], row[13]),),
    )


# -- hops --------------------------------------------------------------------------------------


def expand(
    c: sqlite3.Connection,
    key: IdKey,
    names: Names,
    ids: Iterable[str],
    only: RelationFilter,
    per_party: int | None,
) -> Expansion:
    """One hop from a whole frontier, in one statement."""
    nodes = nodes_of(c, key, ids)
    if not nodes:
        return Expansion((), {})
    test, values = _test(only)
    edges = _edges(only, test)
    values["q"] = json.dumps(list(set(nodes.values())))
    if per_party is None:
        rows = c.execute(
            f"{edges} SELECT e.p, 0, {_SHOWN} FROM e JOIN rel r USING (rid) {_JOINED}", values
        )
    else:
        values["cap"] = per_party
        rows = c.execute(_capped(edges), values)
    return _expansion(c, names, rows, only, per_party, nodes)


def _edges(only: RelationFilter, test: str) -> str:
    """The frontier's (party, relation) pairs that pass the filter."""
    out = f"SELECT q.value AS p, r.rid FROM json_each(:q) q JOIN rel r ON r.f = q.value {test}"
    in_ = (
        "SELECT q.value AS p, r.rid FROM json_each(:q) q JOIN rel r ON r.t = q.value AND"
        f" r.f <> r.t {test}"
    )
    for_another = (
        "SELECT q.value AS p, r.rid FROM json_each(:q) q JOIN rel r ON r.nominator = q.value"
        f" AND r.nominator <> 0 AND r.f <> q.value AND r.t <> q.value {test}"
    )
    undirected = f" AND r.type IN {_UNDIRECTED}"
    branches = {
        "both": [out, in_, for_another],
        "out": [out, in_ + undirected, for_another],
        "in": [in_, out + f" AND (r.f = r.t OR r.type IN {_UNDIRECTED})"],
    }[only.direction]
    return f"WITH e AS ({' UNION ALL '.join(branches)})"


def _capped(edges: str) -> str:
    return (
        edges.replace("WITH e AS (", "WITH e AS MATERIALIZED (", 1)
        + ", c AS MATERIALIZED (SELECT p, count(*) AS k FROM e GROUP BY p), kept AS ("
        " SELECT e.p, e.rid, 0 AS k FROM e JOIN c USING (p) WHERE c.k <= :cap UNION ALL"
        " SELECT p, rid, k FROM (SELECT e.p, e.rid, c.k, row_number() OVER (PARTITION BY e.p"
        " ORDER BY y.name, nf.id, nt.id, r.since, r.role, printf('%016x', r.key)) AS place"
        " FROM c JOIN e USING (p) JOIN rel r USING (rid) JOIN rtype y ON y.no = r.type"
        " JOIN node nf ON nf.n = r.f JOIN node nt ON nt.n = r.t WHERE c.k > :cap)"
        " WHERE place <= :cap)"
        f" SELECT kept.p, kept.k, {_SHOWN} FROM kept JOIN rel r USING (rid) {_JOINED}"
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
            " WHERE (z.sid = r.sid OR instr(',' || r.others || ',', ',' || z.sid || ','))"
            " AND z.sid IN (SELECT r.sid UNION ALL SELECT value FROM json_each('[' || r.others || ']'))"
            " AND o.name IN (SELECT value FROM json_each(:sources)))"
        )
    return "AND " + " AND ".join(tests), values


def _expansion(
    c: sqlite3.Connection,
    names: Names,
    rows: Iterable[Sequence[Any]],
    only: RelationFilter,
    per_party: int | None,
    nodes: Mapping[str, int],
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
    del per_party, nodes
    relations = sorted(seen.values(), key=lambda found: found.order)
    return Expansion(tuple(relations), {ids[node]: count for node, count in sorted(cut.items())})


def relation(c: sqlite3.Connection, names: Names, row: Sequence[Any], day: Day) -> Relation:
    """A row of ``_SHOWN`` as a relation seen on a day."""
    (_, type_, role, since, until, ended, start, stop, low, high, key, from_id, to_id, vals,
     source, file, line, others, nominator) = row  # fmt: skip
    values: dict[str, str] = json.loads(vals)
    share, share_min, share_max = _share(values.get("share"), low, high)
    attributes = {field: values[field] for field in values if field not in _NOT_ATTRIBUTES}
    if nominator:
        found = c.execute("SELECT id FROM node WHERE n = ?", (nominator,)).fetchone()
        attributes["nominee_for"] = found[0]
    sources: tuple[SourceRef, ...] = (names.ref(c, source, file, line),)
    if others:
        sources += _other_sources(c, names, others)
    return Relation(
        f"{key & 0xFFFFFFFFFFFFFFFF:016x}",
        _TYPE_NAMES[type_],
        from_id,
        to_id,
        role or None,
        values.get("title") or (values.get("role") if not role else None),
        share,
        share_min,
        share_max,
        _exact(values.get("votes")),
        since or None,
        None if until >= OPEN else until,
        bool(ended),
        bool(ended) or not start <= day < stop,
        attributes,
        sources,
    )


_TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}


def _other_sources(c: sqlite3.Connection, names: Names, others: str) -> tuple[SourceRef, ...]:
    rows = c.execute(
        "SELECT source, file, row FROM stmt WHERE sid IN (SELECT value FROM json_each(?))",
        (f"[{others}]",),
    )
    return tuple(sorted(names.ref(c, *row) for row in rows.fetchall()))


def _share(
    text: str | None, low: int, high: int
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(share, lower, upper) of a stake; all None when nothing is known."""
    if low < 0:
        return None, None, None
    bounds = [Decimal(number) for number in _NUMBER.findall(text or "")]
    if len(bounds) == 1:
        return bounds[0], bounds[0], bounds[0]
    if len(bounds) == 2 and bounds[0] != bounds[1]:
        return None, bounds[0], bounds[1]
    exact = bounds[0] if bounds else Decimal(low).scaleb(-18)
    return exact, exact, exact


def _exact(text: str | None) -> Decimal | None:
    if not text or not text[0].isdigit() or "-" in text:
        return None
    return Decimal(text)


# -- search ------------------------------------------------------------------------------------


def find(c: sqlite3.Connection, key: IdKey, text: str, kinds: Sequence[str], limit: int) -> Found:
    """Candidates by exact id, exact name, phrase and initials; ranked in one way for all engines."""
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate is no character
    wanted = [KIND_NUMBERS[kind] for kind in kinds if kind in KIND_NUMBERS] or [1, 2]
    exact = set(nodes_of(c, key, [text.strip()]).values()) if text.strip() else set()
    folded = fold(text)
    if folded:
        exact.update(
            node for (node,) in c.execute("SELECT n FROM party WHERE folded = ?", (folded,))
        )
    candidates, truncated = _candidates(c, text)
    rows = c.execute(
        "SELECT p.n, p.id, p.kind, p.name, p.known, p.attrs, p.aliases FROM json_each(?) q"
        " JOIN party p ON p.n = q.value",
        (json.dumps(list(exact | candidates)),),
    )
    hits = [_hit(text, _party(row), row[0] in exact) for row in rows if row[2] in wanted]
    hits.sort(key=lambda hit: (-hit.score, hit.party.id))
    return Found(tuple(hits[:limit]), truncated)


def _hit(text: str, party: Party, exact: bool) -> Hit:
    score, matched = rank.score(text, [party.name, *split_names(party.attributes)])
    return Hit(party, 1.0 if exact and score < 1.0 else score, matched or party.name)


def _candidates(c: sqlite3.Connection, text: str) -> tuple[set[int], bool]:
    words = rank.tokens(text)[:40]
    if not words:
        return set(), False
    queries = ['t : "' + " ".join(words) + '"']
    if rank.is_initials(text):
        queries.append(f't : "{words[0]}" * OR i : "{words[0]}" *')
    found: set[int] = set()
    truncated = False
    for query in queries:
        rows = c.execute(
            "SELECT rowid FROM search WHERE search MATCH ? LIMIT ?",
            (query, rank.CANDIDATES + 1),
        ).fetchall()
        truncated = truncated or len(rows) > rank.CANDIDATES
        found.update(node for (node,) in rows[: rank.CANDIDATES])
    return found, truncated


# -- scans -------------------------------------------------------------------------------------


def scan_parties(c: sqlite3.Connection) -> Iterator[Party]:
    """Every enterprise and person, by id."""
    for row in c.execute(
        "SELECT n, id, kind, name, known, attrs, aliases FROM party WHERE kind IN (1, 2)"
        " ORDER BY id"
    ):
        yield _party(row)


def scan_relations(c: sqlite3.Connection, names: Names, only: RelationFilter) -> Iterator[Relation]:
    """Every relation that passes, in port order."""
    test, values = _test(only)
    for row in c.execute(
        f"SELECT {_SHOWN} FROM rel r {_JOINED} JOIN rtype y ON y.no = r.type WHERE 1 = 1 {test}"
        " ORDER BY y.name, nf.id, nt.id, r.since, r.role, printf('%016x', r.key)",
        values,
    ):
        yield relation(c, names, row, only.as_of)


def scan_records(c: sqlite3.Connection, names: Names, day: Day | None) -> Iterator[Record]:
    """Every record, or those that list their subject on a day, by subject and id."""
    query = _RECORD.format("rec c")
    values: tuple[int, ...] = ()
    if day is not None:
        query += (
            " WHERE c.honour = 0 AND c.label = 1 AND iif(c.listed, c.listed, c.decided) <= ?1"
            " AND (c.valid_until = 0 OR c.valid_until >= ?1)"
            " AND (c.status NOT IN ('revoked', 'repaired', 'removed') OR c.until > ?1)"
        )
        values = (day,)
    for row in c.execute(query + " ORDER BY n.id, c.id, c.label DESC", values):
        yield _record(c, names, row)
