"""Reading: parties, hops, searches and scans, as domain types."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graph_service.days import Day
from graph_service.identity import IdKey
from graph_service.model import (
    Found,
    Party,
    Record,
    SourceRef,
)
from graph_service.store import rank, showing
from graph_service.store.sqlite.own import found_by
from graph_service.store.sqlite.tables import ATTRIBUTES, FOUND, KIND_NAMES, KIND_NUMBERS
from graph_service.text import fold

_PARTY = f"p.n, p.id, p.kind, p.name, p.known, {ATTRIBUTES}, p.aliases"


class Names:
    """Names of sources and files by number, remembered; new numbers are looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], str] = {}
        self._places: dict[tuple[int, int], tuple[str, str]] = {}

    def get(self, c: sqlite3.Connection, table: str, number: int) -> str:
        """The name of a ``source`` or ``file``."""
        found = self._known.get((table, number))
        if found is None:
            row = c.execute(f"SELECT name FROM {table} WHERE no = ?", (number,)).fetchone()
            found = self._known[table, number] = str(row[0]) if row else ""
        return found

    def ref(self, c: sqlite3.Connection, source: int, file: int, row: int) -> SourceRef:
        """Where a statement stands."""
        place = self._places.get((source, file))
        if place is None:
            place = self._places[source, file] = (
                self.get(c, "source", source),
                self.get(c, "file", file),
            )
        return SourceRef(*place, row)


def nodes_of(c: sqlite3.Connection, key: IdKey, ids: Iterable[str]) -> dict[str, int]:
    """The party's node for each known id: stored id, alias, local id, code or key."""
    wanted = _wanted(key, ids)
    rows = c.execute(
        "SELECT q.value, n.canon FROM json_each(?) q JOIN node n ON n.n = q.value"
        " JOIN party p ON p.n = n.canon",
        (json.dumps(list(wanted)),),
    )
    return {text: canon for node, canon in rows for text in wanted[node]}


def _wanted(key: IdKey, ids: Iterable[str]) -> dict[int, list[str]]:
    """The ids that may mean a node, by node."""
    wanted: dict[int, list[str]] = {}
    for text in ids:
        for node in showing.possible_nodes(key, text):
            wanted.setdefault(node, []).append(text)
    return wanted


def all_nodes(key: IdKey, ids: Iterable[str]) -> Iterator[int]:
    """Every node that one of some ids may mean."""
    for text in ids:
        yield from showing.possible_nodes(key, text)


def parties(
    c: sqlite3.Connection, key: IdKey, names: Names, ids: Iterable[str], records: bool
) -> dict[str, Party]:
    """The known parties by the id as given."""
    wanted = _wanted(key, ids)
    rows = c.execute(
        f"SELECT {_PARTY}, q.value FROM json_each(?) q"
        " CROSS JOIN node n ON n.n = q.value CROSS JOIN party p ON p.n = n.canon",
        (json.dumps(list(wanted)),),
    ).fetchall()
    held: dict[int, tuple[Record, ...]] = {}
    refs: dict[int, tuple[SourceRef, ...]] = {}
    if records:
        chosen = json.dumps(list({row[0] for row in rows}))
        held, refs = _records(c, names, chosen), _sources(c, names, chosen)
    made: dict[int, Party] = {}
    for row in rows:
        if row[0] not in made:
            made[row[0]] = _party(row[:7], held.get(row[0], ()), refs.get(row[0], ()))
    return {text: made[row[0]] for row in rows for text in wanted[row[7]]}


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


def _party_row(row: Sequence[Any]) -> showing.PartyRow:
    node, id_, kind, name, known, attributes, aliases = row
    also = tuple(json.loads(aliases)) if aliases else ()
    return showing.PartyRow(node, id_, KIND_NAMES[kind], name, bool(known), attributes, also)


def _party(
    row: Sequence[Any], records: tuple[Record, ...] = (), sources: tuple[SourceRef, ...] = ()
) -> Party:
    return showing.party(_party_row(row), records, sources)


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
    made = showing.RecordRow(
        row[1], row[14], bool(row[2]), row[3], bool(row[4]), row[5], row[6], row[7], row[8],
        row[9], row[10],
    )  # fmt: skip
    return showing.record(made, names.ref(c, row[11], row[12], row[13]))


# -- search ------------------------------------------------------------------------------------


def find(c: sqlite3.Connection, key: IdKey, text: str, kinds: Sequence[str], limit: int) -> Found:
    """Candidates by exact id, exact name, phrase and initials; ranked alike on every engine."""
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate is no character
    asked = {KIND_NUMBERS[kind] for kind in kinds if kind in KIND_NUMBERS}
    wanted = asked.intersection(FOUND) if asked else FOUND
    exact = set(nodes_of(c, key, [text.strip()]).values()) if text.strip() else set()
    folded = fold(text)
    if folded:
        exact.update(_so_called(c, folded))
    candidates, truncated = _candidates(c, text)
    phrase = " ".join(rank.tokens(text)[: showing.WORDS])
    rows = c.execute(
        f"SELECT {_PARTY}, p.t, p.i FROM json_each(?) q CROSS JOIN party p ON p.n = q.value",
        (json.dumps(list(exact | candidates)),),
    )
    hits = [
        showing.hit(_party_row(row[:7]), folded, fold(row[3]), row[8], row[0] in exact)
        for row in rows
        if row[2] in wanted
        # candidates were asked for without their legal form; a prefix is no phrase
        and (row[0] in exact or phrase in found_by(row[3], row[7]) or rank.is_initials(text))
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.party.id))
    return Found(tuple(hits[:limit]), truncated)


def _so_called(c: sqlite3.Connection, folded: str) -> set[int]:
    """Parties whose shown name is just this when folded: some designator of theirs bears it."""
    rows = c.execute(
        "SELECT p.n, p.name FROM (SELECT n FROM pname WHERE folded = ?1 UNION"
        " SELECT n FROM node WHERE folded = ?1 AND folded <> '') x"
        " CROSS JOIN node d ON d.n = x.n CROSS JOIN party p ON p.n = d.canon",
        (folded,),
    )
    return {node for node, name in rows if fold(name) == folded}


def _candidates(c: sqlite3.Connection, text: str) -> tuple[set[int], bool]:
    words = rank.tokens(rank.core(fold(text)))[: showing.WORDS]
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
    for row in c.execute(f"SELECT {_PARTY} FROM party p WHERE p.kind IN (1, 2) ORDER BY p.id"):
        yield _party(row)


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
