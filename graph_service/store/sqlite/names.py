"""What names mean: an enterprise's name in the store, a person's name inside an enterprise."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from itertools import groupby
from operator import itemgetter

from graph_service.identity import DesignatorClass
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.joining import clusters_of, move, text_of
from graph_service.store.sqlite.tables import AMBIGUOUS, KIND_NUMBERS, LIVE, TYPE_NUMBERS

_PID = DesignatorClass.PID
_ENAME, _PNAME = DesignatorClass.ENTERPRISE_NAME, DesignatorClass.PERSON_NAME
_ENTERPRISE, _PERSON = KIND_NUMBERS["Enterprise"], KIND_NUMBERS["Person"]
_SAME_AS = TYPE_NUMBERS["SAME_AS"]
_TIES = "(1, 2, 3, 4, 5)"  # relations between a person and an enterprise


def enterprise_names(ingest: Ingest) -> None:
    """A name joins the one enterprise that bears it: in its own source, then in the store."""
    c = ingest.c
    clusters = clusters_of(c)
    for folded, group in groupby(_names_to_do(ingest), key=itemgetter(0)):
        nodes = list(group)
        borne = _bearers(c, folded)
        alone = _spokesman(c, [node for _, node, _, _ in nodes])
        moves = []
        for _, node, source, declared in nodes:
            target, state = _enterprise_of(borne, source, declared)
            home = target if target is not None else (node if state else alone)
            moves.append((node, clusters.get(node, home), state))
        move(c, moves)


def _names_to_do(ingest: Ingest) -> list[tuple[str, int, int, int]]:
    """(folded name, node, source, declared) of the enterprise names to resolve, by name."""
    c = ingest.c
    if not ingest.fresh:
        c.execute(
            "INSERT OR IGNORE INTO temp.cn SELECT n.folded FROM temp.touched t"
            f" CROSS JOIN node n ON n.n = t.n WHERE t.cls = {int(_ENAME)}"
        )
        c.execute(
            "INSERT OR IGNORE INTO temp.cn SELECT p.folded FROM temp.oldc o"
            " CROSS JOIN pname p ON p.n = o.n"
        )
    nodes = (
        "node x"
        if ingest.fresh
        else "temp.cn k CROSS JOIN node x ON x.folded = k.folded AND x.folded <> ''"
    )
    return c.execute(
        f"SELECT x.folded, x.n, x.source, x.declared FROM {nodes} WHERE x.cls = {int(_ENAME)}"
        # a name that no statement uses any more must not speak for others
        " AND EXISTS (SELECT 1 FROM stmt WHERE a = x.n OR b = x.n) ORDER BY x.folded"
    ).fetchall()


def _bearers(c: sqlite3.Connection, folded: str) -> list[tuple[int, int]]:
    """(party, source) of the enterprises that bear a name by their own row or code."""
    return c.execute(
        "SELECT DISTINCT n.canon, p.source FROM pname p CROSS JOIN node n ON n.n = p.n"
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
    return nodes[0] if len(nodes) == 1 else min(nodes, key=lambda node: text_of(c, node))


def person_names(ingest: Ingest) -> None:
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
        clusters = clusters_of(c) if any(_same_as_end(c, move[0]) for move in moves) else {}
        move(c, [(node, clusters.get(node, home), state) for node, home, state in moves])


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
            f"SELECT {columns} FROM node x CROSS JOIN node s ON s.n = x.scope"
            f" WHERE x.cls = {int(_PNAME)} ORDER BY s.canon"
        ).fetchall()
    if c.execute("SELECT 1 FROM node WHERE scope <> 0 LIMIT 1").fetchone() is None:
        return []  # nobody is known by name alone
    c.execute("CREATE TEMP TABLE te (n INTEGER PRIMARY KEY)")
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT n.canon FROM temp.tn t CROSS JOIN node n ON n.n = t.n"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT n.canon FROM temp.oldc o"
        " CROSS JOIN node n ON n.n = o.n"
    )
    c.execute("INSERT OR IGNORE INTO temp.te SELECT canon FROM temp.oldc")
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT nb.canon FROM temp.oldc o"
        " CROSS JOIN stmt s ON s.a = o.n"
        f" CROSS JOIN node nb ON nb.n = s.b WHERE s.type IN {_TIES}"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.te SELECT nb.canon FROM temp.td t"
        " CROSS JOIN node n ON n.n = t.n"
        f" CROSS JOIN stmt s ON s.a = n.n CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE n.kind = {_PERSON} AND s.type IN {_TIES}"
    )
    return c.execute(
        f"SELECT {columns} FROM temp.te CROSS JOIN node s"
        " ON (s.n = te.n OR (s.canon = te.n AND s.canon <> s.n))"
        f" CROSS JOIN node x ON x.scope = s.n AND x.scope <> 0"
        f" WHERE x.cls = {int(_PNAME)} AND {used} ORDER BY s.canon"
    ).fetchall()


_Candidate = tuple[int, int, int]  # party, class of the designator, source


def _tied_persons(
    c: sqlite3.Connection, enterprise: int, names: set[str]
) -> dict[str, list[_Candidate]]:
    """Persons with an id of their own who have a tie with an enterprise, by folded name."""
    rows = c.execute(
        "SELECT DISTINCT p.folded, na.canon, na.cls, s.source FROM node nb"
        f" CROSS JOIN stmt s ON s.b = nb.n AND s.type IN {_TIES} CROSS JOIN node na ON na.n = s.a"
        # a local id's name stands at itself, a code's or ID number's also at the local ids it joins
        " CROSS JOIN node m ON (m.n = na.n OR (m.link = na.n AND m.link <> 0))"
        " CROSS JOIN pname p ON p.n = m.n"
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
    """(party, state) of a bare name: two ID numbers, or local ids of one source, are two people."""
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
