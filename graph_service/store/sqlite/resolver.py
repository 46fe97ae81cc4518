"""Which party each designator means: derived anew, when a load ends, for everything it touched.

Steps, each on the outcome of the one before: declarations and codes of local ids; confirmed
``SAME_AS``; enterprise names; person names inside an enterprise; which statements are withheld.
A first load resolves everything, a later one only what its statements can change.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from graph_service.identity import DesignatorClass, IdKey
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.tables import (
    AMBIGUOUS,
    DANGLING,
    INDEXES,
    KIND_NUMBERS,
    LIVE,
    TABLE_NAMES,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
    WRONG_KIND,
    create_index,
)
from graph_service.text import fold

_LOCAL, _CODE, _PID = DesignatorClass.LOCAL, DesignatorClass.CODE, DesignatorClass.PID
_ENAME, _PNAME = DesignatorClass.ENTERPRISE_NAME, DesignatorClass.PERSON_NAME
_ENTERPRISE, _PERSON = KIND_NUMBERS["Enterprise"], KIND_NUMBERS["Person"]
_PARTY_TABLES = (TABLE_NUMBERS["enterprises"], TABLE_NUMBERS["persons"])
_SAME_AS = TYPE_NUMBERS["SAME_AS"]
_TIES = "(1, 2, 3, 4, 5)"  # relations between a person and an enterprise
_FETCH = 5_000
_NAMES_OF_A = ("person_name", "holder_name", "controller_name", "subject_name", "name")
_NAMES_OF_B = ("enterprise_name",)


def resolve(ingest: Ingest, key: IdKey) -> None:
    """Bring ``node`` and the state of statements in line with what is stated."""
    c = ingest.c
    if ingest.fresh:
        for name in INDEXES:
            if name.startswith(("node", "pname")):
                c.execute(create_index(name))
    ingest.say("resolve", 0, 0)
    _declare(ingest, key)
    _join_same(ingest)
    _enterprise_names(ingest)
    _person_names(ingest)
    _withhold(ingest)


def _move(c: sqlite3.Connection, moves: Iterable[tuple[int, int, int]]) -> None:
    """Give nodes (node, canon, state); what they were is kept for derivation."""
    for node, canon, state in moves:
        was = c.execute("SELECT canon, state FROM node WHERE n = ?", (node,)).fetchone()
        if was is None or was == (canon, state):
            continue
        c.execute("INSERT OR IGNORE INTO temp.oldc VALUES (?, ?, ?)", (node, *was))
        c.execute("UPDATE node SET canon = ?, state = ? WHERE n = ?", (canon, state, node))


# -- declarations ------------------------------------------------------------------------------


def _declare(ingest: Ingest, key: IdKey) -> None:
    c = ingest.c
    if ingest.fresh:
        rows = c.execute(_party_rows("stmt s JOIN node n ON n.n = s.a"))
    else:
        c.execute(
            "INSERT OR IGNORE INTO temp.tn SELECT x.n FROM temp.tn t JOIN node y ON y.n = t.n"
            " JOIN node x ON x.folded = y.id AND x.cls = 0"
        )
        _forget_names(c)
        rows = c.execute(_party_rows("temp.tn t JOIN node n ON n.n = t.n JOIN stmt s ON s.a = n.n"))
    declared = _declared(ingest, rows)
    if not ingest.fresh:
        _undeclared(ingest, declared)
    _implied_names(ingest)
    _fallbacks(ingest, key)


def _party_rows(tables: str) -> str:
    first, second = _PARTY_TABLES
    return (
        "SELECT n.n, s.sid, s.source, s.tbl, s.b, s.rdate, s.vals, n.cls, n.kind, n.link,"
        f" n.declared FROM {tables} WHERE s.tbl IN ({first}, {second}) AND s.type = 0 ORDER BY n.n"
    )


def _forget_names(c: sqlite3.Connection) -> None:
    """Names of touched nodes are written anew; parties of the same name are looked at again."""
    c.execute(
        "INSERT OR IGNORE INTO temp.cn SELECT p.folded FROM temp.tn t JOIN pname p ON p.n = t.n"
    )
    c.execute("DELETE FROM pname WHERE n IN (SELECT n FROM temp.tn)")


def _declared(ingest: Ingest, rows: Iterable[tuple[int, ...]]) -> set[int]:
    """Set kind, link and names of declared nodes; the nodes seen (kept only on later loads)."""
    c = ingest.c
    seen: set[int] = set()
    names: list[tuple[str, int, int]] = []
    changes: list[tuple[int, int, int]] = []
    for node, group in groupby(rows, key=itemgetter(0)):
        stated = list(group)
        kind, link = _kind_and_link(stated)
        names.extend(_names(node, stated, kind))
        if not ingest.fresh:
            seen.add(node)
        if (kind, link, 1) != (stated[0][8], stated[0][9], stated[0][10]):
            changes.append((kind, link, node))
        if len(changes) >= _FETCH or len(names) >= _FETCH:
            _write_declared(ingest, changes, names)
    _write_declared(ingest, changes, names)
    del c
    return seen


def _write_declared(
    ingest: Ingest, changes: list[tuple[int, int, int]], names: list[tuple[str, int, int]]
) -> None:
    c = ingest.c
    if not ingest.fresh:
        c.executemany(
            "INSERT OR IGNORE INTO temp.oldc SELECT n, canon, state FROM node WHERE n = ?",
            [(node,) for _, _, node in changes],
        )
        c.executemany("INSERT OR IGNORE INTO temp.cn VALUES (?)", [(name,) for name, _, _ in names])
    c.executemany("UPDATE node SET kind = ?, link = ?, declared = 1 WHERE n = ?", changes)
    c.executemany("INSERT OR IGNORE INTO pname VALUES (?, ?, ?)", names)
    changes.clear()
    names.clear()


def _kind_and_link(stated: list[tuple[int, ...]]) -> tuple[int, int]:
    """An id used for an enterprise and a person is the enterprise's."""
    enterprise = [row for row in stated if row[3] == _PARTY_TABLES[0]]
    chosen = enterprise or stated
    if len(chosen) == 1:
        link = chosen[0][4]
    else:
        link = max((row[5], str(row[6]), row[4]) for row in chosen)[2]
    return (_ENTERPRISE if enterprise else _PERSON), link


def _names(node: int, stated: list[tuple[int, ...]], kind: int) -> Iterator[tuple[str, int, int]]:
    table = _PARTY_TABLES[0] if kind == _ENTERPRISE else _PARTY_TABLES[1]
    for row in stated:
        if row[3] == table:
            name = json.loads(str(row[6])).get("name", "")
            if name:
                yield fold(name), node, row[2]


def _undeclared(ingest: Ingest, declared: set[int]) -> None:
    """Nodes that were declared and are no longer."""
    c = ingest.c
    lost = [
        (node,)
        for (node,) in c.execute(
            "SELECT n.n FROM temp.tn t JOIN node n ON n.n = t.n WHERE n.declared = 1"
        )
        if node not in declared
    ]
    c.executemany(
        "INSERT OR IGNORE INTO temp.oldc SELECT n, canon, state FROM node WHERE n = ?", lost
    )
    c.executemany("UPDATE node SET declared = 0, link = 0 WHERE n = ?", lost)
    c.executemany(f"UPDATE node SET kind = 0 WHERE n = ? AND cls = {int(_LOCAL)}", lost)


def _implied_names(ingest: Ingest) -> None:
    """Names that other rows give to a code or an ID number nobody declares."""
    c = ingest.c
    scope = "" if ingest.fresh else "n.n IN (SELECT n FROM temp.tn) AND "
    for end, fields in (("a", _NAMES_OF_A), ("b", _NAMES_OF_B)):
        rows = c.execute(
            "SELECT n.n, s.source, s.vals FROM node n JOIN stmt s"
            f" ON s.{end} = n.n AND s.type <> 0"
            f" WHERE {scope} n.cls IN ({int(_CODE)}, {int(_PID)}) AND n.declared = 0"
        )
        found = (
            (fold(name), node, source)
            for node, source, vals in rows
            for name in [_first_name(vals, fields)]
            if name
        )
        for chunk in _chunks(found):
            c.executemany("INSERT OR IGNORE INTO pname VALUES (?, ?, ?)", chunk)
            if not ingest.fresh:
                c.executemany(
                    "INSERT OR IGNORE INTO temp.cn VALUES (?)", [(name,) for name, _, _ in chunk]
                )


def _first_name(vals: str, fields: tuple[str, ...]) -> str:
    values: dict[str, str] = json.loads(vals)
    return next((values[field] for field in fields if values.get(field)), "")


def _chunks(rows: Iterable[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    chunk: list[tuple[str, int, int]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) >= _FETCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _fallbacks(ingest: Ingest, key: IdKey) -> None:
    """References nobody declares: another source's stored id, or dangling."""
    c = ingest.c
    scope = "" if ingest.fresh else "AND n IN (SELECT n FROM temp.tn)"
    rows = c.execute(
        f"SELECT n, folded FROM node WHERE cls = {int(_LOCAL)} AND declared = 0 {scope}"
    ).fetchall()
    for node, stored_id in rows:
        target = _stored(c, key, stored_id) if stored_id else None
        link, kind = target or (0, 0)
        c.execute(
            "INSERT OR IGNORE INTO temp.oldc SELECT n, canon, state FROM node WHERE n = ?"
            " AND (link, kind) IS NOT (?, ?)",
            (node, link, kind),
        )
        c.execute("UPDATE node SET link = ?, kind = ? WHERE n = ?", (link, kind, node))


def _stored(c: sqlite3.Connection, key: IdKey, stored_id: str) -> tuple[int, int] | None:
    row = c.execute(
        "SELECT n, link, kind, declared, cls FROM node WHERE n = ?", (key.node(stored_id),)
    ).fetchone()
    if row is None or (row[4] == _LOCAL and not row[3]):
        return None
    return (row[1] or row[0]), row[2]


# -- confirmed SAME_AS -------------------------------------------------------------------------


def _join_same(ingest: Ingest) -> None:
    c = ingest.c
    clusters = _clusters(c)
    members = {
        node
        for (node,) in c.execute(
            "SELECT n FROM node WHERE canon <> n AND link = 0"
            f" AND cls IN ({int(_LOCAL)}, {int(_CODE)}, {int(_PID)})"
        )
    }
    members |= set(clusters)
    moves = [(node, clusters.get(node, node), LIVE) for node in members]
    _move(c, [move for move in moves if not _is_name(c, move[0])])
    _follow_links(ingest, members, clusters)


def _clusters(c: sqlite3.Connection) -> dict[int, int]:
    """The node that stands for each node some confirmed ``SAME_AS`` joins: the smallest id's."""
    parent: dict[int, int] = {}

    def top(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    rows = c.execute(
        "SELECT coalesce(nullif(na.link, 0), na.n), coalesce(nullif(nb.link, 0), nb.n), na.kind,"
        " nb.kind FROM stmt s JOIN node na ON na.n = s.a JOIN node nb ON nb.n = s.b"
        f" WHERE s.type = {_SAME_AS} AND (na.cls <> {int(_LOCAL)} OR na.declared OR na.link)"
        f" AND (nb.cls <> {int(_LOCAL)} OR nb.declared OR nb.link)"
    )
    for a, b, kind_a, kind_b in rows:
        if kind_a == kind_b:
            parent[top(a)] = top(b)
    groups: dict[int, list[int]] = defaultdict(list)
    for node in list(parent):
        groups[top(node)].append(node)
    found: dict[int, int] = {}
    for nodes in groups.values():
        ids = {_text(c, node): node for node in nodes}
        first = ids[min(ids)]
        found.update(dict.fromkeys(nodes, first))
    return found


def _text(c: sqlite3.Connection, node: int) -> str:
    return str(c.execute("SELECT id FROM node WHERE n = ?", (node,)).fetchone()[0])


def _is_name(c: sqlite3.Connection, node: int) -> bool:
    row = c.execute("SELECT cls FROM node WHERE n = ?", (node,)).fetchone()
    return row is not None and row[0] in (_ENAME, _PNAME)


def _follow_links(ingest: Ingest, members: set[int], clusters: dict[int, int]) -> None:
    """Local ids go where their code went; undeclared ones dangle."""
    c = ingest.c
    if ingest.fresh:
        rows = c.execute(
            f"SELECT n, link, declared FROM node WHERE cls = {int(_LOCAL)}"
            " AND (link <> 0 OR declared = 0)"
        ).fetchall()
    else:
        for node in members:
            c.execute("INSERT OR IGNORE INTO temp.tn SELECT n FROM node WHERE link = ?", (node,))
        rows = c.execute(
            "SELECT n.n, n.link, n.declared FROM temp.tn t JOIN node n ON n.n = t.n"
            f" WHERE n.cls = {int(_LOCAL)}"
        ).fetchall()
    moves = []
    for node, link, declared in rows:
        state = LIVE if declared or link else DANGLING
        home = link or node
        moves.append((node, clusters.get(home, home), state))
    _move(c, moves)


# -- names -------------------------------------------------------------------------------------


def _enterprise_names(ingest: Ingest) -> None:
    """A name joins the one enterprise that bears it: in its own source, then in the store."""
    c = ingest.c
    clusters = _clusters(c)
    for folded, group in groupby(_names_to_do(ingest), key=itemgetter(0)):
        nodes = list(group)
        borne = _bearers(c, folded)
        alone = _spokesman(c, [node for _, node, _, _ in nodes])
        moves = []
        for _, node, source, declared in nodes:
            target, state = _enterprise_of(borne, source, declared)
            home = target if target is not None else (node if state else alone)
            moves.append((node, clusters.get(node, home), state))
        _move(c, moves)


def _names_to_do(ingest: Ingest) -> list[tuple[str, int, int, int]]:
    """(folded name, node, source, declared) of the enterprise names to resolve, by name."""
    c = ingest.c
    if not ingest.fresh:
        c.execute(
            "INSERT OR IGNORE INTO temp.cn SELECT n.folded FROM temp.tn t JOIN node n ON n.n = t.n"
            f" WHERE n.cls = {int(_ENAME)}"
        )
        c.execute(
            "INSERT OR IGNORE INTO temp.cn SELECT p.folded FROM temp.oldc o"
            " JOIN pname p ON p.n = o.n"
        )
    scope = "" if ingest.fresh else "AND folded IN (SELECT folded FROM temp.cn)"
    return c.execute(
        "SELECT folded, n, source, declared FROM node"
        f" WHERE cls = {int(_ENAME)} {scope}"
        # a name that no statement uses any more must not speak for others
        " AND EXISTS (SELECT 1 FROM stmt WHERE a = node.n OR b = node.n) ORDER BY folded"
    ).fetchall()


def _bearers(c: sqlite3.Connection, folded: str) -> list[tuple[int, int]]:
    """(party, source) of the enterprises that bear a name by their own row or code."""
    return c.execute(
        "SELECT DISTINCT n.canon, p.source FROM pname p JOIN node n ON n.n = p.n"
        f" WHERE p.folded = ? AND n.kind = {_ENTERPRISE} AND n.cls <> {int(_ENAME)}"
        f" AND n.state = {LIVE}",
        (folded,),
    ).fetchall()


def _enterprise_of(
    borne: list[tuple[int, int]], source: int, declared: int
) -> tuple[int | None, int]:
    """(party, state) for a name used in a source; no party: it is a party of its own."""
    own = {party for party, where in borne if where == source}
    every = {party for party, _ in borne}
    for found in (own, every):
        if len(found) == 1:
            return next(iter(found)), LIVE
        if len(found) > 1:
            return None, (LIVE if declared else AMBIGUOUS)
    return None, LIVE


def _spokesman(c: sqlite3.Connection, nodes: list[int]) -> int:
    """Of designators that mean one unnamed-elsewhere party, the one with the smallest text."""
    return nodes[0] if len(nodes) == 1 else min(nodes, key=lambda node: _text(c, node))


def _person_names(ingest: Ingest) -> None:
    """Inside one enterprise equal names are one person."""
    c = ingest.c
    for enterprise, group in groupby(_persons_to_do(ingest), key=itemgetter(0)):
        nodes = list(group)
        tied = _tied_persons(c, enterprise, {folded for _, _, folded, _ in nodes})
        by_name: dict[str, list[int]] = defaultdict(list)
        for _, node, folded, _ in nodes:
            by_name[folded].append(node)
        moves = []
        for _, node, folded, source in nodes:
            candidates = tied.get(folded, [])
            target, state = _person_of(candidates, source)
            home = target
            if home is None:
                home = node if state else _spokesman(c, by_name[folded])
            moves.append((node, home, state))
        clusters = _clusters(c) if any(_same_as_end(c, move[0]) for move in moves) else {}
        _move(c, [(node, clusters.get(node, home), state) for node, home, state in moves])


def _same_as_end(c: sqlite3.Connection, node: int) -> bool:
    found = c.execute(
        f"SELECT 1 FROM stmt WHERE type = {_SAME_AS} AND (a = ? OR b = ?) LIMIT 1", (node, node)
    ).fetchone()
    return found is not None


def _persons_to_do(ingest: Ingest) -> list[tuple[int, int, str, int]]:
    """(enterprise, node, folded name, source) of the persons' names to resolve, by enterprise."""
    c = ingest.c
    columns = "s.canon, x.n, x.folded, x.source"
    used = "EXISTS (SELECT 1 FROM stmt WHERE a = x.n OR b = x.n)"
    if ingest.fresh:
        return c.execute(
            f"SELECT {columns} FROM node x JOIN node s ON s.n = x.scope"
            f" WHERE x.cls = {int(_PNAME)} ORDER BY s.canon"
        ).fetchall()
    c.execute("CREATE TEMP TABLE te (n INTEGER PRIMARY KEY)")
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT n.canon FROM temp.tn t JOIN node n ON n.n = t.n"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT n.canon FROM temp.oldc o JOIN node n ON n.n = o.n"
    )
    c.execute("INSERT OR IGNORE INTO temp.te SELECT canon FROM temp.oldc")
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT nb.canon FROM temp.oldc o JOIN stmt s ON s.a = o.n"
        f" JOIN node nb ON nb.n = s.b WHERE s.type IN {_TIES}"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT nb.canon FROM temp.tn t JOIN node n ON n.n = t.n"
        f" JOIN stmt s ON s.a = n.n JOIN node nb ON nb.n = s.b"
        f" WHERE n.kind = {_PERSON} AND s.type IN {_TIES}"
    )
    return c.execute(
        f"SELECT {columns} FROM temp.te CROSS JOIN node s"
        " ON (s.n = te.n OR (s.canon = te.n AND s.canon <> s.n))"
        f" JOIN node x ON x.scope = s.n WHERE x.cls = {int(_PNAME)} AND {used} ORDER BY s.canon"
    ).fetchall()


_Candidate = tuple[int, int, int]  # party, class of the designator, source


def _tied_persons(
    c: sqlite3.Connection, enterprise: int, names: set[str]
) -> dict[str, list[_Candidate]]:
    """Persons with an id of their own who have a tie with an enterprise, by folded name."""
    rows = c.execute(
        "SELECT DISTINCT p.folded, na.canon, na.cls, s.source FROM node nb"
        f" JOIN stmt s ON s.b = nb.n AND s.type IN {_TIES} JOIN node na ON na.n = s.a"
        # a local id's name stands at itself, a code's or ID number's also at the local ids it joins
        " JOIN node m ON (m.n = na.n OR (m.link = na.n AND m.link <> 0))"
        " JOIN pname p ON p.n = m.n"
        f" WHERE (nb.n = ?1 OR (nb.canon = ?1 AND nb.canon <> nb.n)) AND na.kind = {_PERSON}"
        f" AND na.cls <> {int(_PNAME)} AND na.state = {LIVE}",
        (enterprise,),
    )
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for folded, party, cls, source in rows:
        if folded in names:
            found[folded].append((party, cls, source))
    return found


def _person_of(candidates: list[_Candidate], source: int) -> tuple[int | None, int]:
    """(party, state) of a bare name: two ID numbers or two local ids of one source are two people."""
    parties = {party for party, _, _ in candidates}
    if len(parties) <= 1:
        return next(iter(parties), None), LIVE
    if len({party for party, cls, _ in candidates if cls == _PID}) > 1:
        return None, AMBIGUOUS
    by_source: dict[int, set[int]] = defaultdict(set)
    for party, _, where in candidates:
        by_source[where].add(party)
    if any(len(found) > 1 for found in by_source.values()):
        return None, AMBIGUOUS
    numbered = {party for party, cls, _ in candidates if cls == _PID}
    own = by_source.get(source) or numbered or parties
    return min(own), LIVE


# -- withheld statements -----------------------------------------------------------------------


def _withhold(ingest: Ingest) -> None:
    """Statements whose references do not resolve, or mean the wrong kind, are withheld."""
    c = ingest.c
    if not ingest.fresh:
        for end in ("a", "b"):
            c.execute(
                "INSERT OR IGNORE INTO temp.ts SELECT s.sid FROM temp.oldc o"
                f" JOIN stmt s ON s.{end} = o.n"
            )
    flips = _state_flips(ingest)
    for sid, state, column, was, source, tbl, vals, rdate in flips:
        if (was == LIVE) != (state == LIVE):
            ingest.add_digest(source, tbl, vals, rdate, 1 if state == LIVE else -1)
        c.execute("UPDATE stmt SET state = ?, col = ? WHERE sid = ?", (state, column, sid))
        c.execute("INSERT OR IGNORE INTO temp.flip VALUES (?, ?)", (sid, was))
        if state != LIVE:
            c.execute("DELETE FROM rec WHERE sid = ?", (sid,))


def _state_flips(ingest: Ingest) -> list[tuple[int, int, str, int, int, int, str, int]]:
    c = ingest.c
    c.execute("CREATE TEMP TABLE flip (sid INTEGER PRIMARY KEY, was INTEGER)")
    scope = "stmt s" if ingest.fresh else "temp.ts t JOIN stmt s ON s.sid = t.sid"
    rows = c.execute(
        "SELECT s.sid, s.state, s.tbl, s.type, na.state, na.kind, coalesce(nb.state, 0),"
        f" coalesce(nb.kind, 0), s.source, s.vals, s.rdate, s.col FROM {scope}"
        " JOIN node na ON na.n = s.a LEFT JOIN node nb ON nb.n = s.b AND s.type <> 0"
        " WHERE s.state <> 0 OR na.state <> 0 OR coalesce(nb.state, 0) <> 0" + _kind_conditions()
    )
    found = []
    for sid, was, tbl, type_, a_state, a_kind, b_state, b_kind, source, vals, rdate, col in rows:
        state, column = _state(TABLE_NAMES[tbl], type_, a_state, a_kind, b_state, b_kind)
        if (state, column) != (was, col):
            found.append((sid, state, column, was, source, tbl, vals, rdate))
    return found


# What may stand at the ends, by relation number: (kinds at a, kinds at b); 0 is "any party".
_ENDS = {
    1: (0, _ENTERPRISE),
    2: (0, _ENTERPRISE),
    3: (_PERSON, _ENTERPRISE),
    4: (_PERSON, _ENTERPRISE),
    5: (0, _ENTERPRISE),
    6: (_ENTERPRISE, _ENTERPRISE),
    7: (_ENTERPRISE, _ENTERPRISE),
    9: (_PERSON, _PERSON),
    16: (_PERSON, KIND_NUMBERS["Tender"]),
}


def _kind_conditions() -> str:
    tests = [
        f" OR (s.type = {type_} AND ((na.kind <> {a} AND {a} <> 0) OR (nb.kind <> {b} AND {b} <> 0)))"
        for type_, (a, b) in _ENDS.items()
    ]
    persons = f" OR (s.tbl = {_PARTY_TABLES[1]} AND s.type = 0 AND na.kind <> {_PERSON})"
    same = f" OR (s.type = {_SAME_AS} AND na.kind <> nb.kind)"
    return "".join(tests) + persons + same


def _state(
    table: str, type_: int, a_state: int, a_kind: int, b_state: int, b_kind: int
) -> tuple[int, str]:
    first, second = _columns(table)
    if a_state:
        return a_state, first
    if b_state:
        return b_state, second
    want_a, want_b = _ENDS.get(type_, (0, 0))
    if table == "persons" and type_ == 0 and a_kind != _PERSON:
        return WRONG_KIND, "id"
    if type_ == _SAME_AS and a_kind != b_kind:
        return WRONG_KIND, second
    if want_a and a_kind != want_a:
        return WRONG_KIND, first
    if want_b and b_kind != want_b:
        return WRONG_KIND, second
    return LIVE, ""


_COLUMNS = {
    "legal_representatives": ("person", "enterprise"),
    "shareholders": ("holder", "enterprise"),
    "executives": ("person", "enterprise"),
    "employments": ("person", "enterprise"),
    "controllers": ("controller", "enterprise"),
    "branches": ("branch", "enterprise"),
    "successors": ("successor", "predecessor"),
    "guarantees": ("guarantor", "debtor"),
    "relatives": ("person", "relative"),
    "concerts": ("party", "other"),
    "same_as": ("party", "same"),
    "contacts": ("party", "value"),
    "sanctions": ("subject", "subject"),
    "honours": ("subject", "subject"),
    "bids": ("bidder", "tender"),
    "reviewers": ("person", "tender"),
    "tenders": ("buyer", "id"),
}


def _columns(table: str) -> tuple[str, str]:
    """The columns that name the ends ``a`` and ``b`` of a table's statements."""
    return _COLUMNS.get(table, ("id", "id"))
