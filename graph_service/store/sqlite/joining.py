"""Moving designators to parties: confirmed ``SAME_AS``, and local ids that follow their codes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from graph_service.identity import DesignatorClass
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.newborn import OTHERS
from graph_service.store.sqlite.tables import DANGLING, LIVE, TYPE_NUMBERS

_LOCAL, _CODE, _PID = DesignatorClass.LOCAL, DesignatorClass.CODE, DesignatorClass.PID
_ENAME, _PNAME = DesignatorClass.ENTERPRISE_NAME, DesignatorClass.PERSON_NAME
_SAME_AS = TYPE_NUMBERS["SAME_AS"]


def move(c: sqlite3.Connection, moves: Iterable[tuple[int, int, int]]) -> None:
    """Give nodes (node, canon, state); what they were is kept for derivation."""
    for node, canon, state in moves:
        was = c.execute("SELECT canon, state FROM node WHERE n = ?", (node,)).fetchone()
        if was is None or was == (canon, state):
            continue
        c.execute("INSERT OR IGNORE INTO temp.oldc VALUES (?, ?, ?)", (node, *was))
        c.execute("UPDATE node SET canon = ?, state = ? WHERE n = ?", (canon, state, node))


def join_same(ingest: Ingest) -> None:
    """Join what confirmed ``SAME_AS`` joins, and let local ids follow their codes."""
    c = ingest.c
    clusters = clusters_of(c)
    members = {
        node
        for (node,) in c.execute(
            f"SELECT DISTINCT m.n FROM {OTHERS} t CROSS JOIN node n ON n.n = t.n"
            " CROSS JOIN node m ON (m.canon = n.canon AND m.canon <> m.n)"
            f" WHERE m.link = 0 AND m.cls IN ({int(_LOCAL)}, {int(_CODE)}, {int(_PID)})"
        )
    }
    members |= set(clusters)
    moves = [(node, clusters.get(node, node), LIVE) for node in members]
    move(c, [step for step in moves if not _is_name(c, step[0])])
    _follow_links(ingest, members, clusters)


def clusters_of(c: sqlite3.Connection) -> dict[int, int]:
    """The node that stands for each node some confirmed ``SAME_AS`` joins: the smallest id's."""
    parent: dict[int, int] = {}

    def top(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    rows = c.execute(
        "SELECT coalesce(nullif(na.link, 0), na.n), coalesce(nullif(nb.link, 0), nb.n), na.kind,"
        " nb.kind FROM stmt s CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
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
        ids = {text_of(c, node): node for node in nodes}
        first = ids[min(ids)]
        found.update(dict.fromkeys(nodes, first))
    return found


def text_of(c: sqlite3.Connection, node: int) -> str:
    """The designator of a node."""
    return str(c.execute("SELECT id FROM node WHERE n = ?", (node,)).fetchone()[0])


def _is_name(c: sqlite3.Connection, node: int) -> bool:
    row = c.execute("SELECT cls FROM node WHERE n = ?", (node,)).fetchone()
    return row is not None and row[0] in (_ENAME, _PNAME)


def _follow_links(ingest: Ingest, members: set[int], clusters: dict[int, int]) -> None:
    """Local ids go where their code went; undeclared ones dangle."""
    c = ingest.c
    if ingest.fresh:
        c.execute(
            "UPDATE node SET canon = l.canon FROM node l WHERE node.link <> 0 AND l.n = node.link"
            f" AND node.cls = {int(_LOCAL)} AND node.canon <> l.canon"
        )
        c.execute(
            f"UPDATE node SET state = {DANGLING} WHERE cls = {int(_LOCAL)} AND link = 0"
            " AND declared = 0"
        )
        return
    c.execute("CREATE TEMP TABLE home (n INTEGER PRIMARY KEY, canon)")
    c.executemany("INSERT INTO temp.home VALUES (?, ?)", clusters.items())
    c.execute("CREATE TEMP TABLE follow AS SELECT n FROM temp.td")
    for node in members:
        c.execute(
            "INSERT INTO temp.follow SELECT n FROM node WHERE link = ? AND link <> 0", (node,)
        )
    c.execute("INSERT OR IGNORE INTO temp.tn SELECT n FROM temp.follow")
    home = "coalesce(nullif(n.link, 0), n.n)"
    c.execute("CREATE TEMP TABLE going (n INTEGER PRIMARY KEY, canon, state, was_canon, was_state)")
    c.execute(
        "INSERT OR IGNORE INTO temp.going"
        f" SELECT n.n, coalesce(h.canon, {home}) AS goal, iif(n.declared OR n.link, {LIVE},"
        f" {DANGLING}) AS fate, n.canon, n.state FROM temp.follow t CROSS JOIN node n ON n.n = t.n"
        f" LEFT JOIN temp.home h ON h.n = {home} WHERE n.cls = {int(_LOCAL)}"
        " AND (goal, fate) <> (n.canon, n.state)"
    )
    c.execute("INSERT OR IGNORE INTO temp.oldc SELECT n, was_canon, was_state FROM temp.going")
    c.execute(
        "UPDATE node SET (canon, state) = (SELECT g.canon, g.state FROM temp.going g"
        " WHERE g.n = node.n) WHERE n IN (SELECT n FROM temp.going)"
    )
