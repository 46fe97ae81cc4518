"""Which party each designator means: derived anew, when a load ends, for everything it touched.

Steps, each on the outcome of the one before: declarations and codes of local ids; confirmed
``SAME_AS``; enterprise names; person names inside an enterprise; which statements are withheld.
A first load resolves everything, a later one only what its statements can change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from graph_service.identity import DesignatorClass, IdKey
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.joining import join_same
from graph_service.store.sqlite.names import enterprise_names, person_names
from graph_service.store.sqlite.newborn import OTHERS
from graph_service.store.sqlite.sorting import make_indexes, sorting
from graph_service.store.sqlite.tables import (
    INDEXES,
    KIND_NUMBERS,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
)
from graph_service.store.sqlite.withholding import withhold
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
        make_indexes(c, [name for name in INDEXES if name.startswith("node")])
    ingest.say("resolve", 0, 0)
    _declare(ingest, key)
    join_same(ingest)
    enterprise_names(ingest)
    person_names(ingest)
    withhold(ingest)


def _declare(ingest: Ingest, key: IdKey) -> None:
    c = ingest.c
    if ingest.fresh:
        _name_declared(c)
        rows = c.execute(
            _party_rows(
                "temp.twice t CROSS JOIN node n ON n.n = t.n CROSS JOIN stmt s ON s.a = n.n"
            )
        )
    else:
        _mark_declared(c)
        _forget_names(c)
        rows = c.execute(
            _party_rows(f"{OTHERS} t CROSS JOIN node n ON n.n = t.n CROSS JOIN stmt s ON s.a = n.n")
        )
    declared = _declared(ingest, rows)
    if not ingest.fresh:
        _undeclared(ingest, declared)
    _implied_names(ingest)
    _fallbacks(ingest, key)


def _name_declared(c: sqlite3.Connection) -> None:
    """The names of nodes that one row declares; those that several do are left to the rules."""
    with sorting(c):
        c.execute(
            "INSERT OR IGNORE INTO pname SELECT folded, n, source FROM temp.own"
            " WHERE name <> '' AND n NOT IN (SELECT n FROM temp.twice) ORDER BY folded, n"
        )
    make_indexes(c, ("pname_n",))


def _mark_declared(c: sqlite3.Connection) -> None:
    """On later loads: whose declaration to look at anew.

    Parties whose own rows changed are marked already. There are also local ids that nobody
    declares, and those of them whose text is the stored id of something that is touched.
    """
    c.execute(
        "INSERT INTO temp.touched SELECT n.n, n.cls, n.declared FROM temp.tn t"
        " CROSS JOIN node n ON n.n = t.n"
    )
    c.execute(
        "INSERT OR IGNORE INTO temp.td SELECT n FROM temp.touched"
        f" WHERE declared = 0 AND cls = {int(_LOCAL)}"
    )
    for marked in ("temp.td", "(SELECT n FROM temp.touched WHERE declared = 0)"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.td SELECT x.n FROM {marked} t CROSS JOIN node y"
            " ON y.n = t.n CROSS JOIN node x ON x.folded = y.id AND x.folded <> ''"
            f" AND x.cls = {int(_LOCAL)}"
        )
    c.execute("INSERT OR IGNORE INTO temp.tn SELECT n FROM temp.td")


def _party_rows(tables: str) -> str:
    first, second = _PARTY_TABLES
    return (
        "SELECT n.n, s.sid, s.source, s.tbl, s.b, s.rdate, s.vals, n.cls, n.kind, n.link,"
        f" n.declared FROM {tables} WHERE s.tbl IN ({first}, {second}) AND s.type = 0 ORDER BY n.n"
    )


def _forget_names(c: sqlite3.Connection) -> None:
    """Names of touched nodes are written anew; parties of the same name are looked at again."""
    c.execute(
        f"INSERT OR IGNORE INTO temp.cn SELECT p.folded FROM {OTHERS} t"
        " CROSS JOIN pname p ON p.n = t.n"
    )
    c.execute(f"DELETE FROM pname WHERE n IN {OTHERS}")


def _declared(ingest: Ingest, rows: Iterable[tuple[int, ...]]) -> set[int]:
    """Set kind, link and names of declared nodes; the nodes seen (kept only on later loads)."""
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
            f"SELECT n.n FROM {OTHERS} t CROSS JOIN node n ON n.n = t.n WHERE n.declared = 1"
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
    if ingest.fresh:  # few rows name anybody beside an id: start from them
        _imply_names(
            ingest,
            "temp.named x CROSS JOIN stmt s ON s.sid = x.sid CROSS JOIN node n ON n.n = s.{end}",
        )
        return
    _imply_names(
        ingest, OTHERS + " t CROSS JOIN node n ON n.n = t.n CROSS JOIN stmt s ON s.{end} = n.n"
    )
    _imply_names(  # new rows can only add names to the others: what is there stays
        ingest,
        f"(SELECT * FROM stmt WHERE sid > {ingest.last_sid}) s CROSS JOIN node n"
        " ON n.n = s.{end} AND n.n NOT IN (SELECT n FROM temp.td)",
    )


def _imply_names(ingest: Ingest, tables: str) -> None:
    c = ingest.c
    c.execute("CREATE TEMP TABLE implied (folded, n, source, PRIMARY KEY (folded, n, source))")
    for end, fields in (("a", _NAMES_OF_A), ("b", _NAMES_OF_B)):
        rows = c.execute(
            f"SELECT n.n, s.source, s.vals FROM {tables.format(end=end)} WHERE s.type <> 0"
            f" AND instr(s.vals, '{fields[-1]}\":') > 0"  # the last is the end of all of them
            f" AND n.cls IN ({int(_CODE)}, {int(_PID)}) AND n.declared = 0"
        )
        found = (
            (fold(name), node, source)
            for node, source, vals in rows
            for name in [_first_name(vals, fields)]
            if name
        )
        for chunk in _chunks(found):
            c.executemany("INSERT OR IGNORE INTO temp.implied VALUES (?, ?, ?)", chunk)
    if not ingest.fresh:
        new = "temp.implied i WHERE (folded, n, source) NOT IN (SELECT * FROM pname)"
        c.execute(f"INSERT OR IGNORE INTO temp.cn SELECT folded FROM {new}")
        c.execute(f"INSERT OR IGNORE INTO temp.td SELECT n FROM {new}")
    c.execute("INSERT OR IGNORE INTO pname SELECT folded, n, source FROM temp.implied")
    c.execute("DROP TABLE temp.implied")


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
    scope = "" if ingest.fresh else "AND n IN (SELECT n FROM temp.td)"
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
