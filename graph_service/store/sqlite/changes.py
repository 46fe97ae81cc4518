"""What differs between a workbench and its server, as rows that can be published."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from graph_service.days import iso
from graph_service.identity import DesignatorClass, key_of
from graph_service.model import SHARE_SCALE
from graph_service.store.derive import OPEN
from graph_service.store.sqlite.outbox import EVERYTHING
from graph_service.store.sqlite.own import found_by
from graph_service.store.sqlite.tables import (
    ATTRIBUTES,
    FOUND,
    KIND_NAMES,
    TABLE_NAMES,
    TYPE_NUMBERS,
)
from graph_service.store.workbench import Facts, RelationLine, Row
from graph_service.text import fold

_TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}
_STAKE = TYPE_NUMBERS["SHAREHOLDER_OF"]
_SAID = (
    "json_array(s.sid, tn.name, s.key, s.a, s.b, s.type, s.role, s.since, s.until, s.ended, s.low,"
    " s.high, s.rdate, sf.name, s.row, s.part, s.load, s.state, s.col)"
)
_NAMED = (
    "CROSS JOIN temp.tname tn ON tn.no = s.tbl CROSS JOIN source so ON so.no = s.source"
    " CROSS JOIN file sf ON sf.no = s.file"
)
_ABOUT = "(SELECT canon FROM node WHERE n = s.a)"
_OF = "(SELECT canon FROM node WHERE n = s.b)"
# an end that is named by its own number means itself: nothing is looked up for it
_BETWEEN_ENDS = (
    f"((s.a = r.f OR {_ABOUT} = r.f) AND (s.b = r.t OR {_OF} = r.t)"
    f" OR {_ABOUT} = r.t AND {_OF} = r.f)"
)
_OF_ONE = f"(s.b = 0 OR {_OF} IS {_ABOUT})"
# of each statement only what tells is looked up
_HOMED = (
    "s.state = 0 AND CASE s.type"
    f" WHEN 0 THEN {_OF_ONE} AND EXISTS (SELECT 1 FROM party p WHERE p.n = {_ABOUT})"
    " WHEN 11 THEN 0"
    f" WHEN 14 THEN {_OF_ONE} AND EXISTS (SELECT 1 FROM rec x WHERE x.sid = s.sid)"
    " ELSE EXISTS ({tied}) END"
)
_TIED_ONE = (
    "SELECT 1 FROM node na CROSS JOIN node nb CROSS JOIN rel r"
    " WHERE na.n = s.a AND nb.n = s.b AND r.sid = s.sid"
    " AND ((r.f = na.canon AND r.t = nb.canon) OR (r.f = nb.canon AND r.t = na.canon))"
)
# of all statements: relations stand nearly in the order of the statements that make them
_TIED_ALL = (
    "INSERT OR IGNORE INTO temp.tied SELECT r.sid FROM rel r CROSS JOIN stmt s ON s.sid = r.sid"
    f" WHERE {_BETWEEN_ENDS}"
)
_FILL = (
    "CREATE TEMP TABLE tname (no INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TEMP TABLE pn (n INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE pu (f, t, type, PRIMARY KEY (f, t, type)) WITHOUT ROWID",
    "CREATE TEMP TABLE pr (sid INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE ps (sid INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE tied (sid INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE pl (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE pq (id INTEGER PRIMARY KEY)",
)
_CHANGED = (
    "INSERT INTO temp.pn SELECT a FROM outbox WHERE kind = 'n'",
    "INSERT OR IGNORE INTO temp.pn SELECT na.canon FROM outbox x CROSS JOIN stmt s ON s.sid = x.a"
    " CROSS JOIN node na ON na.n = s.a WHERE x.kind = 's' AND s.type = 0",
    "INSERT INTO temp.pu SELECT a, b, c FROM outbox WHERE kind = 'u'",
    "INSERT OR IGNORE INTO temp.pu SELECT r.f, r.t, r.type FROM outbox x"
    " CROSS JOIN stmt s ON s.sid = x.a CROSS JOIN node na ON na.n = s.a"
    " CROSS JOIN node nb ON nb.n = s.b CROSS JOIN rel r ON r.f = na.canon AND r.t = nb.canon"
    " AND r.type = s.type AND r.sid = s.sid WHERE x.kind = 's' AND s.state = 0",
    "INSERT OR IGNORE INTO temp.pu SELECT r.f, r.t, r.type FROM outbox x"
    " CROSS JOIN stmt s ON s.sid = x.a CROSS JOIN node na ON na.n = s.a"
    " CROSS JOIN node nb ON nb.n = s.b CROSS JOIN rel r ON r.f = nb.canon AND r.t = na.canon"
    " AND r.type = s.type AND r.sid = s.sid WHERE x.kind = 's' AND s.state = 0",
    "INSERT INTO temp.pr SELECT a FROM outbox WHERE kind = 'r'",
    "INSERT OR IGNORE INTO temp.pr SELECT x.a FROM outbox x CROSS JOIN rec c ON c.sid = x.a"
    " WHERE x.kind = 's'",
    "INSERT INTO temp.ps SELECT a FROM outbox WHERE kind = 's'",
    "INSERT INTO temp.pl SELECT a FROM outbox WHERE kind = 'l'",
    "INSERT INTO temp.pq SELECT a FROM outbox WHERE kind = 'q'",
)
# where the chosen ids stand, and where all of them do
_IDS = {"pn": "node", "pr": "rec", "ps": "stmt", "pl": "load", "pq": "reject"}
_KEYS = {"node": "n", "party": "n", "rec": "sid", "stmt": "sid", "load": "id", "reject": "id"}
# What is read once, nearly in order, is kept by the system: 64 MB of pages here took 81 MB of
# memory where 24 do, and the same time.
_CACHE = "PRAGMA cache_size = -8192"
_COUNTED = 100_000  # of a table at most: who asks wants to know whether it is much


class SqliteChanges:
    """See ``Changes``: one read transaction with the chosen ids in temporary tables.

    ``whole``: of a store that is no workbench and has no outbox, everything.
    """

    def __init__(self, c: sqlite3.Connection, *, whole: bool = False) -> None:
        self.c = c
        c.execute("PRAGMA query_only = 0")  # of the file nothing is written, of ``temp`` much
        c.execute("PRAGMA temp_store = FILE")
        c.execute(_CACHE)
        for statement in _FILL:
            c.execute(statement)
        c.executemany("INSERT INTO temp.tname VALUES (?, ?)", TABLE_NAMES.items())
        c.execute("BEGIN")
        self.everything = whole or bool(
            c.execute("SELECT 1 FROM outbox WHERE kind = ?", (EVERYTHING,)).fetchone()
        )
        self.size = 0
        if self.everything:
            self._of = _IDS
            for table in (*_IDS.values(), "rel"):
                some = f"(SELECT 1 FROM {table} LIMIT {_COUNTED})"
                self.size += c.execute(f"SELECT count(*) FROM {some}").fetchone()[0]
            return
        self._of = {name: f"temp.{name}" for name in _IDS}
        for statement in _CHANGED:
            self.size += c.execute(statement).rowcount

    def _rows(self, table: str, name: str, ids: str) -> str:
        """The rows of a table, by a name, that are chosen: all are read as they lie."""
        if self.everything:
            return f"{table} {name}"
        key = _KEYS[table]
        return f"temp.{ids} x CROSS JOIN {table} {name} ON {name}.{key} = x.{key}"

    def _column(self, statement: str) -> Iterator[int]:
        return (number for (number,) in self.c.execute(statement))

    def nodes(self) -> Iterator[int]:
        """See ``Changes.nodes``."""
        return self._column(f"SELECT n FROM {self._of['pn']}")

    def entities(self) -> Iterator[Row]:
        """See ``Changes.entities``."""
        rows = self.c.execute(
            f"SELECT p.n, p.id, p.kind, p.name, p.known, {ATTRIBUTES}, p.aliases, p.t, p.i, d.cls,"
            " d.scope, d.name, d.folded, do.name, so.name, s.vals,"
            f" {_SAID} FROM {self._rows('party', 'p', 'pn')} CROSS JOIN node d ON d.n = p.n"
            " LEFT JOIN source do ON do.no = d.source"
            " LEFT JOIN node m ON (m.n = p.n OR (m.canon = p.n AND m.canon <> m.n))"
            " LEFT JOIN stmt s ON s.a = m.n AND s.type = 0 AND s.state = 0 AND m.canon = p.n"
            " LEFT JOIN temp.tname tn ON tn.no = s.tbl LEFT JOIN source so ON so.no = s.source"
            " LEFT JOIN file sf ON sf.no = s.file ORDER BY p.n"
        )
        for _, group in groupby(rows, key=itemgetter(0)):
            yield _entity(list(group))

    def designators(self) -> Iterator[Row]:
        """See ``Changes.designators``."""
        rows = self.c.execute(
            "SELECT d.n, d.id, d.cls, d.kind, d.scope, d.name, d.folded, so.name, c.n, c.id"
            f" FROM {self._rows('node', 'd', 'pn')}"
            " LEFT JOIN source so ON so.no = d.source LEFT JOIN node c ON c.n = d.canon"
            " WHERE NOT EXISTS (SELECT 1 FROM party p WHERE p.n = d.n)"
        )
        for n, id_, cls, kind, scope, name, folded, source, canon, canon_id in rows:
            yield _present(
                n=n, id=id_, cls=cls, kind=_own_kind(cls, kind), scope=scope or None,
                node_name=name or None, node_folded=folded or None, node_source=source,
                canon=canon, canon_id=canon_id,
            )  # fmt: skip

    def units(self) -> Iterator[list[Any]]:
        """See ``Changes.units``."""
        chosen = "temp.pu"
        if self.everything:
            chosen = "(SELECT DISTINCT f, t, type FROM rel)"
        for f, t, type_ in self.c.execute(f"SELECT f, t, type FROM {chosen} ORDER BY f, t, type"):
            yield [f, t, _TYPE_NAMES[type_]]

    def relations(self) -> Iterator[RelationLine]:
        """See ``Changes.relations``."""
        chosen, order = "rel r", ""
        if not self.everything:
            order = "ORDER BY x.f, x.t, x.type"
            chosen = "temp.pu x CROSS JOIN rel r ON r.f = x.f AND r.t = x.t AND r.type = x.type"
        rows = self.c.execute(
            "SELECT r.f, r.t, r.type, r.role, r.since, r.until, r.ended, r.start, r.stop, r.low,"
            f" r.high, r.key, r.others, r.nominator, so.name, s.vals, {_SAID}"
            f" FROM {chosen} CROSS JOIN stmt s ON s.sid = r.sid {_NAMED} {order}"
        )
        for row in rows:
            yield self._relation(row)

    def _relation(self, row: Sequence[Any]) -> RelationLine:
        (f, t, type_, role, since, until, ended, start, stop, low, high, key, others, nominator,
         source, values, said) = row  # fmt: skip
        refs, sources = self._others(others) if others else (None, None)
        stake = low >= 0
        return RelationLine(
            f, t, _TYPE_NAMES[type_], key_of(key), role or None, iso(since or None),
            iso(until) if 0 < until < OPEN else None,
            low / SHARE_SCALE if stake and low == high and type_ == _STAKE else None,
            source, values, said, start, stop, ended, since if since != start else None,
            until if until != stop else None, low if stake else None, high if stake else None,
            refs, sources, nominator or None, self._id(nominator) if nominator else None,
        )  # fmt: skip

    def _id(self, node: int) -> str:
        found = self.c.execute("SELECT id FROM node WHERE n = ?", (node,)).fetchone()
        return str(found[0])

    def _others(self, others: str) -> tuple[str, list[str]]:
        refs = self.c.execute(
            "SELECT so.name, sf.name, s.row FROM json_each(?) q CROSS JOIN stmt s"
            " ON s.sid = q.value CROSS JOIN source so ON so.no = s.source"
            " CROSS JOIN file sf ON sf.no = s.file",
            (f"[{others}]",),
        ).fetchall()
        return json.dumps(sorted(refs), ensure_ascii=False), sorted({ref[0] for ref in refs})

    def record_ids(self) -> Iterator[int]:
        """See ``Changes.record_ids``."""
        return self._column(f"SELECT sid FROM {self._of['pr']}")

    def records(self) -> Iterator[Row]:
        """See ``Changes.records``."""
        rows = self.c.execute(
            "SELECT c.sid, c.n, c.id, c.honour, c.list, c.label, c.decided, c.listed,"
            f" c.valid_until, c.status, c.until, so.name, s.vals, {_SAID}"
            f" FROM {self._rows('rec', 'c', 'pr')} CROSS JOIN stmt s ON s.sid = c.sid {_NAMED}"
        )
        for (sid, n, id_, honour, list_, label, decided, listed, valid_until, status, until,
             source, values, said) in rows:  # fmt: skip
            shown = _present(
                id=id_, list=list_, label=bool(label), status=status or None,
                decided=iso(decided or None), decided_day=decided, listed=iso(listed or None),
                listed_day=listed, valid_until=iso(valid_until or None), until_day=until,
                valid_until_day=valid_until, until=iso(until or None), honour=bool(honour),
                source=source, values=values, said=said,
            )  # fmt: skip
            yield {"sid": sid, "n": n, "honour": bool(honour), "shown": {"sid": sid, **shown}}

    def statement_ids(self) -> Iterator[int]:
        """See ``Changes.statement_ids``."""
        return self._column(f"SELECT sid FROM {self._of['ps']}")

    def statements(self) -> Iterator[Row]:
        """See ``Changes.statements``."""
        tied = _TIED_ONE
        if self.everything:
            self.c.execute(_TIED_ALL)
            tied = "SELECT 1 FROM temp.tied q WHERE q.sid = s.sid"
        rows = self.c.execute(
            f"WITH h AS MATERIALIZED (SELECT s.sid FROM {self._rows('stmt', 's', 'ps')}"
            f" WHERE ({_HOMED.format(tied=tied)}) IS NOT TRUE)"
            f" SELECT s.sid, {_ABOUT}, {_OF}, so.name, s.vals, {_SAID} FROM h"
            f" CROSS JOIN stmt s ON s.sid = h.sid {_NAMED}"
        )
        for sid, a, b, source, values, said in rows:
            yield _present(sid=sid, about=a, of=b, source=source, values=values, said=said)

    def loads(self) -> Iterator[Row]:
        """See ``Changes.loads``."""
        return self._named_rows(f"SELECT l.* FROM {self._rows('load', 'l', 'pl')}")

    def reject_ids(self) -> Iterator[int]:
        """See ``Changes.reject_ids``."""
        return self._column(f"SELECT id FROM {self._of['pq']}")

    def rejects(self) -> Iterator[Row]:
        """See ``Changes.rejects``."""
        rows = self._named_rows(f"SELECT r.* FROM {self._rows('reject', 'r', 'pq')}")
        for row in rows:
            names = self.c.execute(
                "SELECT name FROM reject_name WHERE reject = ? ORDER BY name", (row["id"],)
            )
            yield {**row, "names": [name for (name,) in names]}

    def _named_rows(self, statement: str) -> Iterator[Row]:
        found = self.c.execute(statement)
        columns = [column[0] for column in found.description]
        for row in found:
            yield dict(zip(columns, row, strict=True))

    def facts(self) -> Facts:
        """See ``Changes.facts``."""
        return facts_of(self.c)

    def close(self) -> None:
        """See ``Changes.close``."""
        self.c.close()


def facts_of(c: sqlite3.Connection) -> Facts:
    """What the workbench says of itself."""
    kept = dict(c.execute("SELECT k, v FROM meta"))
    count = c.execute("SELECT count(*) FROM stmt").fetchone()[0]
    return Facts(
        kept["digest"], kept.get("counts", "[{}, {}, {}, []]"), kept.get("source_order", ""), count
    )


def _entity(rows: Sequence[Sequence[Any]]) -> Row:
    (n, id_, kind, name, known, attributes, aliases, kept, initials, cls, scope, node_name,
     node_folded, node_source) = rows[0][:14]  # fmt: skip
    own = [row[14:] for row in rows if row[15] is not None]
    made = _present(
        n=n, id=id_, name=name, folded=fold(name), known=bool(known), kind=KIND_NAMES[kind],
        attributes=attributes if attributes and [row[1] for row in own] != [attributes] else None,
        aliases=json.loads(aliases) if aliases else None, cls=cls, scope=scope or None,
        node_name=node_name or None, node_folded=node_folded or None, node_source=node_source,
        t=found_by(name, kept) if kind in FOUND else None, i=initials or None,
    )  # fmt: skip
    if id_.startswith("uscc:"):
        made["uscc"] = id_[5:]
    if own:
        made["sources"], made["values"], made["said"] = map(list, zip(*own, strict=True))
    return made


def _own_kind(cls: int, kind: int) -> str:
    """What a designator says by itself: of a local id its rows tell the kind."""
    return "" if cls == DesignatorClass.LOCAL else KIND_NAMES[kind]


def _present(**fields: Any) -> Row:
    return {field: value for field, value in fields.items() if value is not None}
