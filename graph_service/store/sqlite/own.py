"""What the writer of a first load notes of every statement while the parser makes the next ones.

The parser is the slower of the two processes: whatever follows from one row alone is made here, in
the time in which the writer would wait for rows, and only put in order when all of them are there.
"""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from typing import NamedTuple

from graph_service.codes import code_of
from graph_service.days import parse_iso
from graph_service.store import rank
from graph_service.store.derive import UNKNOWN_DAY, split_names
from graph_service.store.fields import field_of
from graph_service.store.sqlite.tables import TABLE_NUMBERS
from graph_service.text import fold

_ENTERPRISES = TABLE_NUMBERS["enterprises"]
_PARTY_TABLES = frozenset({_ENTERPRISES, TABLE_NUMBERS["persons"]})
_ENTERPRISE, _PERSON = 1, 2
_CHUNK = 5_000
NAMES_AN_END = 'name":'  # in the values of a statement that names a party beside its id
_TABLES = (
    # the parties' own rows; home: the party, unless other statements move it
    "own (sid INTEGER PRIMARY KEY, n INTEGER, home INTEGER, source INTEGER, name, folded,"
    " dissolved INTEGER, t, i, kept)",
    "named (sid INTEGER PRIMARY KEY)",  # other statements that name one of their ends
    "twice (n INTEGER PRIMARY KEY)",  # nodes that several rows declare: left to the rules
)
_DECLARE = (
    "UPDATE node SET declared = declared + 1, kind = ?, link = ?, canon = iif(cls = 0, ?, n)"
    " WHERE n = ?"
)


class Shown(NamedTuple):
    """What a party's values show: its name, that name folded, when it was dissolved, what it is
    found by, and of its tokens what ``party.t`` keeps: all, where they are more than its name."""

    name: str
    folded: str
    dissolved: int
    tokens: str
    initials: str
    kept: str


def shown(name: str, values: str) -> Shown:
    """What follows from a party's name and its (merged) values, compact JSON or nothing."""
    names = [name]
    if '_names":' in values:
        names += split_names(json.loads(values))
    tokens = rank.search_key(names)
    kept = tokens if len(names) > 1 else ""
    return Shown(name, fold(name), _dissolved(values), tokens, rank.initials_key(names), kept)


def found_by(name: str, kept: str) -> str:
    """The tokens that ``search`` holds of a party, from its name and ``party.t``."""
    return kept or rank.search_key([name])


def _dissolved(values: str) -> int:
    """The day deregistration ended a party's ties: 0 none, ``UNKNOWN_DAY`` on an unknown day."""
    status = field_of(values, "status")
    if status:
        if not _is_cancelled(status):
            return 0
    elif '"dissolved":' not in values:
        return 0
    day = field_of(values, "dissolved") or field_of(values, "status_date")
    try:
        return parse_iso(day) if day else UNKNOWN_DAY
    except ValueError:
        return UNKNOWN_DAY


@lru_cache(maxsize=4_096)
def _is_cancelled(status: str) -> bool:
    return code_of("statuses", status) == "cancelled"


class Notes:
    """What is noted of the statements of a first load."""

    def __init__(self, c: sqlite3.Connection) -> None:
        for table in _TABLES:
            c.execute(f"CREATE TEMP TABLE {table}")
        self._c = c
        self._own: list[tuple[object, ...]] = []
        self._declared: list[tuple[int, int, int, int]] = []
        self._named: list[tuple[int]] = []
        self._missed = False
        self.declared = 0  # how many rows of parties have been written

    def take(
        self, sid: int, source: int, tbl: int, a: int, b: int, type_: int, values: str
    ) -> None:
        """Note one statement: a party's own row, or one whose values hold ``NAMES_AN_END``."""
        if type_:
            self._named.append((sid,))
        elif tbl in _PARTY_TABLES:
            party = shown(field_of(values, "name") or "", values)
            self._own.append((sid, a, b or a, source, *party))
            kind = _ENTERPRISE if tbl == _ENTERPRISES else _PERSON
            self._declared.append((kind, b, b or a, a))
        if len(self._own) >= _CHUNK or len(self._named) >= _CHUNK:
            self.write()

    def write(self) -> None:
        """Write what is noted; the nodes of these statements must stand."""
        c = self._c
        if self._own:
            c.executemany("INSERT INTO temp.own VALUES (?,?,?,?,?,?,?,?,?,?)", self._own)
            done = c.executemany(_DECLARE, self._declared).rowcount
            self._missed = self._missed or done < len(self._declared)
            self.declared += len(self._declared)
        if self._named:
            c.executemany("INSERT INTO temp.named VALUES (?)", self._named)
        self._own, self._declared, self._named = [], [], []

    def forget(self, sids: list[tuple[int]]) -> None:
        """These statements have given way to others of their key."""
        self._c.executemany("DELETE FROM temp.own WHERE sid = ?", sids)

    def end(self) -> None:
        """Write the rest, and leave nodes that several rows declare as if none did."""
        self.write()
        c = self._c
        c.execute("INSERT INTO temp.twice SELECT n FROM node WHERE declared > 1")
        if self._missed:  # a node came after the row that declares it
            c.execute("INSERT OR IGNORE INTO temp.twice SELECT n FROM temp.own")
        c.execute(
            "UPDATE node SET declared = 0, link = 0, canon = n"
            " WHERE n IN (SELECT n FROM temp.twice)"
        )
