"""Plain rows: the short way, on which most rows of well-kept files go.

A cell is read once for all rows that repeat it: what it adds to the statement's values (a piece of
their JSON), and what it says besides (an end, a day, a share). A row whose cells are all plain is
put together from these pieces. Whatever could refuse a row, warn about it, or make more of it than
one statement is not plain: ``NotPlain`` is raised and the row goes the long way through
``loaders.rows``, where all the rules stand. Both ways give the same of a plain row
(``tests/loaders/test_plain.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import getitem, itemgetter
from typing import Any

from graph_service.identity import IdKey
from graph_service.model import ENTERPRISE, PERSON, NodeRow
from loaders.cells import Cell
from loaders.names import looks_like_name, party_kind
from loaders.pieces import (
    NOTHING,
    Columns,
    IdColumn,
    Kinds,
    Known,
    NotPlain,
    Piece,
    Read,
    code_column,
    refuse,
    role_piece,
    text_piece,
    title_piece,
)
from loaders.plans import TablePlan
from loaders.refs import Refs
from loaders.specs import ENTERPRISE_END, HOLDERS, PAIRS, SPECS, PartyFields
from loaders.values import NULLS, TRIM

_NO_DAY = (0, "")
_NO_SHARE = (-1, -1)
_FIRST = itemgetter(0)
_POST, _STAKE = "EXECUTIVE_OF", "SHAREHOLDER_OF"

Made = tuple[tuple[Any, ...], NodeRow, NodeRow | None]  # a statement and the nodes of its ends
Reader = Callable[[Sequence[Cell], int], Made]

__all__ = ["NotPlain", "Reader", "reader_of"]


def reader_of(plan: TablePlan, refs: Refs, key: IdKey, file: str) -> Reader | None:
    """The short way for the rows of a sheet; None when its plan or table is not a simple one."""
    columns, spec = plan.as_they_are, SPECS[plan.table]
    if columns is None or plan.table not in _MAKERS or not columns.keys() <= spec.fields.keys():
        return None
    if any(name not in columns for name in spec.required) or "title" in columns:
        return None
    return _MAKERS[plan.table](Columns(spec, columns, refs, key, file))


def _parties(table: Columns) -> Reader:
    """Rows of enterprises or persons."""
    kind = ENTERPRISE if table.spec.table.name == "enterprises" else PERSON
    refs, node, name = table.refs, table.key.node, table.spec.table.name
    own: dict[str, Read | IdColumn] = {"id": table.ids("id", kind)}
    if kind == ENTERPRISE:
        own["uscc"] = code_column(table)
    knowns, pick = table.knowns(own), itemgetter(*table.columns)
    id_at, code_at, date_at = table.at("id"), table.at("uscc"), table.at("record_date")
    since_at, until_at, ended_at = table.at("since"), table.at("until"), table.at("ended")
    name_at, source, file = table.at("name"), refs.source, table.file

    def read(cells: Sequence[Cell], number: int) -> Made:
        pieces = [*map(getitem, knowns, pick(cells)), NOTHING]
        code = pieces[code_at][1]
        main = pieces[id_at][1] or code
        if main is None:
            if kind == PERSON:
                raise NotPlain
            main = _named(refs, pieces[name_at][1])
        beside = code if code is not None and code[0] != main[0] else None
        return (
            (
                source, name, node(f"P\x1f{main[1]}"), main[0], beside[0] if beside else 0, "", "",
                (pieces[since_at][1] or _NO_DAY)[0], (pieces[until_at][1] or _NO_DAY)[0],
                1 if pieces[ended_at][1] == "yes" else 0, -1, -1,
                (pieces[date_at][1] or _NO_DAY)[0], _values(pieces), file, number, 0,
            ),
            main,
            beside,
        )  # fmt: skip

    return read


def _values(pieces: Iterable[Piece]) -> str:
    return "{" + "".join(map(_FIRST, pieces))[:-1] + "}"


def _held(table: Columns) -> Reader:
    """Rows that tie somebody to an enterprise."""
    fields = HOLDERS[table.spec.table.name]
    refs, b = table.refs, ENTERPRISE_END
    own: dict[str, Read | IdColumn] = {
        b.id: table.ids(b.id, ENTERPRISE),
        b.name: lambda text: text_piece(b.name, text),
    }
    if fields.name:
        own[fields.name] = lambda text: text_piece(fields.name, text)
    if table.spec.relation == _POST:
        own |= {"role": role_piece, "title": title_piece}

    def knowns(cell: str) -> Sequence[Known]:
        kind, said = _kind(fields, cell)
        ids = table.ids(fields.id, kind)
        if fields.id == "controller":  # a name may stand there
            read = ids.read
            ids = IdColumn(kind, lambda text: refuse(text) if looks_like_name(text) else read(text))
        return table.knowns({**own, fields.id: ids, fields.kind: lambda text: said})

    a_at, a_name, kind_at = table.at(fields.id), table.at(fields.name), table.at(fields.kind)
    b_at, b_name = table.at(b.id), table.at(b.name)
    by_kind, kind_column = Kinds(knowns), table.columns[kind_at]
    fixed = None if kind_at >= 0 else knowns("")

    def ends(pieces: Sequence[Piece]) -> tuple[NodeRow, NodeRow]:
        enterprise, holder = pieces[b_at][1], pieces[a_at][1]
        if enterprise is None:
            enterprise = _named(refs, pieces[b_name][1])
        if holder is None:
            kind = fields.want or (pieces[kind_at][1] if kind_at >= 0 else "")
            if kind == PERSON and (name := pieces[a_name][1]):
                return refs.person_inside(NodeRow(*enterprise), name), enterprise
            holder = _named(refs, pieces[a_name][1] if kind == ENTERPRISE else "")
        return holder, enterprise

    def columns(cells: Sequence[Cell]) -> Sequence[Known]:
        return fixed or by_kind[cells[kind_column]]  # type: ignore[index]

    return _ties(table, columns, ends)


def _named(refs: Refs, name: str | None) -> NodeRow:
    if not name:
        raise NotPlain
    return refs.enterprise_named(name)


def _kind(fields: PartyFields, cell: str) -> tuple[str, Piece]:
    """The kind that an end's id is asked for, and the piece of its column."""
    text = cell.strip(TRIM)
    if text in NULLS:
        return fields.want, (NOTHING[0], "")
    code = party_kind(text)
    if code is None:
        raise NotPlain
    kind = fields.want or {"enterprise": ENTERPRISE, "person": PERSON}[code]
    return kind, (text_piece(fields.kind, code)[0], kind)


def _pairs(table: Columns) -> Reader | None:
    """Rows that tie two parties, each by one column."""
    first, second, kind = PAIRS[table.spec.table.name]
    if table.spec.relation == "SAME_AS" or not {first, second} <= set(table.names):
        return None
    knowns = table.knowns({name: table.names_too(name, kind) for name in (first, second)})
    a_at, b_at = table.at(first), table.at(second)

    def ends(pieces: Sequence[Piece]) -> tuple[NodeRow, NodeRow]:
        a, b = pieces[a_at][1], pieces[b_at][1]
        if a is None or b is None:
            raise NotPlain
        return a, b

    return _ties(table, lambda cells: knowns, ends)


def _ties(
    table: Columns,
    columns: Callable[[Sequence[Cell]], Sequence[Known]],
    ends: Callable[[Sequence[Piece]], tuple[NodeRow, NodeRow]],
) -> Reader:
    name, relation, directed = table.spec.table.name, table.spec.relation, table.spec.directed
    since_at, until_at, date_at = table.at("since"), table.at("until"), table.at("record_date")
    ended_at, share_at = table.at("ended"), table.at("share")
    role_at = table.at("role") if relation == _POST else -1
    source, file, node = table.refs.source, table.file, table.key.node
    pick = itemgetter(*table.columns)

    def read(cells: Sequence[Cell], number: int) -> Made:
        pieces = [*map(getitem, columns(cells), pick(cells)), NOTHING]
        a, b = ends(pieces)
        if a[0] == b[0] and relation == _STAKE:
            raise NotPlain
        first, second = a[1], b[1]
        if second < first and not directed:
            first, second = second, first
        role = pieces[role_at][1] or ""
        since, shown = pieces[since_at][1] or _NO_DAY
        low, high = pieces[share_at][1] or _NO_SHARE
        return (
            (
                source, name, node(f"{relation}\x1f{first}\x1f{second}\x1f{role}\x1f{shown}"),
                a[0], b[0], relation, role, since, (pieces[until_at][1] or _NO_DAY)[0],
                1 if pieces[ended_at][1] == "yes" else 0, low, high,
                (pieces[date_at][1] or _NO_DAY)[0], _values(pieces), file, number, 0,
            ),
            a,
            b,
        )  # fmt: skip

    return read


_MAKERS: dict[str, Callable[[Columns], Reader | None]] = {
    "enterprises": _parties,
    "persons": _parties,
    **dict.fromkeys(HOLDERS, _held),
    **dict.fromkeys(PAIRS, _pairs),
}
