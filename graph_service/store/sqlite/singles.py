"""Relations of a first load, each from its statement, made as soon as both of its ends are known.

To look up both ends of every statement is the largest piece of a first load. Parties' own rows come
first when the loader can have it so; then the ends of ties are known while the parser makes the
next rows, in time that the writer has. What an end means is noted once: whatever has turned out
otherwise when all is resolved is made anew. Such a relation has the number of its statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from graph_service.model import ENTERPRISE, PERSON
from graph_service.schema import RELATION_TYPES
from graph_service.store.sqlite import tables
from graph_service.store.sqlite.marking import (
    DIRECTED,
    NOT_RELATIONS,
    ORDERED,
    UNDIRECTED,
    UNTIL,
)
from graph_service.store.sqlite.tables import KIND_NUMBERS, LIVE, TYPE_NUMBERS

# What must stand at the ends, by relation number: (kind at a, kind at b); 0 is "any party". Only
# where the catalogue asks for a person or an enterprise can a statement name the wrong one.
ENDS = {
    relation.number: (KIND_NUMBERS.get(relation.start, 0), KIND_NUMBERS.get(relation.end, 0))
    for relation in RELATION_TYPES
    if {relation.start, relation.end} & {ENTERPRISE, PERSON}
}
# ties whose ends ``na`` and ``nb`` are not of the kinds that they must be
MISMATCHED = " OR ".join(
    f"(s.type = {type_} AND (({a} AND na.kind <> {a}) OR ({b} AND nb.kind <> {b})))"
    for type_, (a, b) in ENDS.items()
)
_SOUND = f"na.state = {LIVE} AND nb.state = {LIVE} AND NOT ({MISMATCHED})"
_IS_TIE = f"s.type NOT IN {NOT_RELATIONS}"
_NUMBERS = {
    name: number for name, number in TYPE_NUMBERS.items() if number not in tables.NO_RELATION
}
_UNDIRECTED = frozenset(tables.UNDIRECTED)
_FATE = "n.n, nullif(n.canon, n.n), n.kind, n.state"


class Singles:
    """The relations that a first load makes of single statements."""

    def __init__(self, c: sqlite3.Connection) -> None:
        c.execute("DELETE FROM rel")
        c.execute("CREATE TEMP TABLE late (sid INTEGER PRIMARY KEY)")  # ties to relate at the end
        self._c = c
        self._made = 0
        self._last = 0  # the last statement that was looked at
        self._known = 0  # parties' rows when fates were noted last

    def take(self, last: int, types: Mapping[str, int], declared: int) -> None:
        """Relate the statements up to number ``last``: how many there are by type. Until now
        ``declared`` rows of parties have come, and what they declare stands in ``node``."""
        between = (self._last + 1, last)
        self._last = last
        ties = {_NUMBERS[name]: count for name, count in types.items() if name in _NUMBERS}
        if not ties:
            return
        if declared > 2 * self._known:
            self._note_fates()
            self._known = declared
        which = "s.sid BETWEEN ? AND ?"
        made = self._relate("stmt s", which, between, set(ties)) if self._known else 0
        if made < sum(ties.values()):
            self._c.execute(
                f"INSERT INTO temp.late SELECT s.sid FROM stmt s WHERE {which} AND {_IS_TIE}"
                " AND NOT EXISTS (SELECT 1 FROM rel WHERE rid = s.sid)",
                between,
            )

    def forget(self, sids: list[tuple[int]]) -> None:
        """These statements have given way to others of their key."""
        self._made -= self._c.executemany("DELETE FROM rel WHERE rid = ?", sids).rowcount

    def end(self) -> int:
        """When all is resolved: make what is left and what has turned out otherwise. How many
        statements are relations now; all others have an end that is not sound."""
        c = self._c
        if self._known:
            self._unmake()
        left = ("SELECT 1 FROM temp.late", f"SELECT 1 FROM stmt WHERE sid > {self._last}")
        if any(c.execute(f"{one} LIMIT 1").fetchone() for one in left):
            c.execute("DELETE FROM temp.fate")
            c.execute(f"INSERT INTO temp.fate SELECT {_FATE} FROM node n ORDER BY n.n")
            self._relate("temp.late l CROSS JOIN stmt s ON s.sid = l.sid", "true")
            self._relate("stmt s", "s.sid > ?", (self._last,))
        return self._made

    def _note_fates(self) -> None:
        """What each node means, in a table so narrow that the memory holds all of it. What was
        noted before stays, since relations were made by it."""
        self._c.execute(
            f"INSERT OR IGNORE INTO temp.fate SELECT {_FATE} FROM node n"
            " WHERE n.cls <> 0 OR n.declared > 0 ORDER BY n.n"
        )

    def _unmake(self) -> None:
        c = self._c
        c.execute("CREATE TEMP TABLE stale (n INTEGER PRIMARY KEY)")
        c.execute(
            "INSERT INTO temp.stale SELECT n.n FROM temp.fate x CROSS JOIN node n ON n.n = x.n"
            " WHERE (nullif(n.canon, n.n), n.kind, n.state) IS NOT (x.canon, x.kind, x.state)"
        )
        for end in ("a", "b"):
            c.execute(
                "INSERT OR IGNORE INTO temp.late SELECT s.sid FROM temp.stale x CROSS JOIN stmt s"
                f" ON s.{end} = x.n AND {_IS_TIE}"
            )
        gone = c.execute("DELETE FROM rel WHERE rid IN (SELECT sid FROM temp.late)")
        self._made -= gone.rowcount

    def _relate(
        self,
        statements: str,
        which: str,
        values: tuple[int, ...] = (),
        types: Collection[int] = (*_UNDIRECTED, 0),
    ) -> int:
        """Make relations of those statements ``s`` whose ends are sound; how many."""
        made = 0
        for (f, t, nodes), of, wanted in (
            (DIRECTED, f"NOT IN {UNDIRECTED}", not _UNDIRECTED.issuperset(types)),
            (ORDERED, f"IN {UNDIRECTED}", not _UNDIRECTED.isdisjoint(types)),
        ):
            if wanted:
                made += self._c.execute(
                    "INSERT INTO rel (rid, f, t, type, role, since, until, ended, start, stop, low,"
                    f" high, key, sid) SELECT s.sid, {f}, {t}, s.type, s.role, s.since, {UNTIL},"
                    f" s.ended, s.since, {UNTIL}, s.low, s.high, s.key, s.sid FROM {statements}"
                    " CROSS JOIN temp.fate na ON na.n = s.a CROSS JOIN temp.fate nb ON nb.n = s.b"
                    f"{nodes} WHERE {which} AND {_IS_TIE} AND s.type {of} AND {_SOUND}",
                    values,
                ).rowcount
        self._made += made
        return made
