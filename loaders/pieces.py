"""Pieces: what one cell adds to the values of a statement, and what it says besides.

They are the stuff of the short way (``loaders.plain``): read once for all rows that repeat a cell.
A cell that some rule may have to say something about has no piece: ``NotPlain`` is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from graph_service.codes import code_of, list_code
from graph_service.identity import IdKey
from graph_service.model import PERSON
from graph_service.text import uscc
from loaders.names import looks_like_name, looks_like_organisation, titles
from loaders.refs import LOCAL, Refs, is_floated, is_simple
from loaders.specs import Field, Spec
from loaders.values import (
    NULLS,
    TRIM,
    parse_amount,
    parse_birth,
    parse_day,
    parse_share,
    parse_yes_no,
)

_LONG = 18  # characters: from here on a text may hold an ID number
_FEW, _MANY, _IDS = 4_096, 50_000, 2_000  # cells remembered: of texts, of values, of ids
_KINDS = 20  # ways to say of what kind a party is that are remembered at a time
_LOCAL = int(LOCAL)

Piece = tuple[str, Any]  # what a cell adds to the values, with a comma after it; what it says
NOTHING: Piece = ("", None)
Read = Callable[[str], Piece]


class IdColumn(NamedTuple):
    """A column of ids: the kind asked for, and how cells that are no simple ids are read."""

    kind: str
    read: Read


Own = Mapping[str, Read | IdColumn]


class NotPlain(Exception):
    """The row goes the long way."""


class Known(dict[str, Piece]):
    """The cells of one column as read before; emptied when there are too many."""

    def __init__(self, learn: Read, limit: int) -> None:
        super().__init__()
        self._learn = learn
        self._limit = limit

    def __missing__(self, cell: str) -> Piece:
        piece = self._learn(cell)
        if len(self) >= self._limit:
            self.clear()
        self[cell] = piece
        return piece


class _Ids(Known):
    """The cells of an id column: a plain local id or a bare credit code is made into its designator
    here and now, which is quicker than to look for it among many others."""

    def __init__(self, learn: Read, name: str, kind: str, table: Columns) -> None:
        super().__init__(learn, _IDS)
        self._start = f'"{name}":"'
        self._kind = kind
        self._node = table.key.node
        self._code = table.refs.code
        self._source = table.refs.source
        self._prefix = f"{self._source}:"

    def __missing__(self, cell: str) -> Piece:
        if is_simple(cell) and cell not in NULLS:
            text = self._prefix + cell
            row = (self._node(text), text, _LOCAL, self._kind, "", "", 0, self._source)
            piece: Piece = (f'{self._start}{cell}",', row)
        elif self._kind != PERSON and _is_bare_code(cell):
            piece = (f'{self._start}uscc:{cell}",', self._code(cell))
        else:
            return super().__missing__(cell)
        if len(self) >= self._limit:
            self.clear()
        self[cell] = piece
        return piece


def _is_bare_code(cell: str) -> bool:
    """Whether a cell is a checked credit code and can be nothing else: an ID number has digits in
    these places."""
    return len(cell) == 18 and not cell[3:15].isdigit() and uscc(cell) == cell


class Kinds(dict[str, Sequence[Known]]):
    """The readers of all columns, by the cell that says of what kind one end is."""

    def __init__(self, make: Callable[[str], Sequence[Known]]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, cell: str) -> Sequence[Known]:
        made = self._make(cell)
        if len(self) >= _KINDS:
            self.clear()
        self[cell] = made
        return made


class Columns:
    """The columns of one sheet, in the order in which the values of a statement have them."""

    def __init__(
        self, spec: Spec, columns: dict[str, int], refs: Refs, key: IdKey, file: str
    ) -> None:
        self.spec = spec
        self.refs = refs
        self.key = key
        self.file = file
        told = dict(columns)
        if spec.table.name == "executives":  # the title as written stands beside the role's code
            told["title"] = told["role"]
        self.names = sorted(told)
        self.columns = [told[name] for name in self.names]

    def at(self, name: str) -> int:
        """The place of a column among the pieces; that of nothing when there is none."""
        return self.names.index(name) if name in self.names else -1

    def knowns(self, own: Own) -> list[Known]:
        """A reader for every column: one of ``own``, else as the catalogue says."""
        return [self._known(name, own.get(name)) for name in self.names]

    def _known(self, name: str, own: Read | IdColumn | None) -> Known:
        what = self.spec.fields[name]
        read = own.read if isinstance(own, IdColumn) else own or self._plain(name, what)
        required = name in self.spec.required

        def learn(cell: str) -> Piece:
            text = cell.strip(TRIM)
            if text in NULLS:
                if required:
                    raise NotPlain
                return NOTHING
            if len(text) >= _LONG and (hashed := self.spec.hidden.get(name)) is not None:
                text = self.refs.scrub(text, hashed)
            return read(text)

        if isinstance(own, IdColumn):
            return _Ids(learn, name, own.kind, self)
        return Known(learn, _FEW if what is Field.TEXT else _MANY)

    def _plain(self, name: str, what: Field) -> Read:
        if what in _READERS:
            read = _READERS[what]
            return lambda text: read(name, text)
        if what is Field.CODE:
            codes = self.spec.codes[name]
            return lambda text: _said(name, code_of(codes, text))
        if name == "record_date":
            return lambda text: ("", _day(name, text)[1])
        return refuse

    def ids(self, name: str, kind: str) -> IdColumn:
        """The reader of an id column that asks for a kind."""

        def read(text: str) -> Piece:
            ref = self.refs.by_id(text, kind)
            if ref.rule:
                raise NotPlain
            return text_piece(name, ref.shown)[0], ref.row

        return IdColumn(kind, read)

    def names_too(self, name: str, kind: str) -> IdColumn:
        """The reader of an id column with no name column beside it, where a name may stand."""
        by_id = self.ids(name, kind)

        def read(text: str) -> Piece:
            if kind != PERSON and looks_like_name(text) and looks_like_organisation(text):
                return text_piece(name, text)[0], self.refs.enterprise_named(text)
            return by_id.read(text)

        return IdColumn(kind, read)


def refuse(text: str) -> Piece:
    """No piece."""
    raise NotPlain


def text_piece(name: str, text: str) -> Piece:
    """The piece of a field whose text is given."""
    return f'"{name}":{encode_basestring(text)},', text


def _said(name: str, code: str | None) -> Piece:
    if code is None:
        raise NotPlain
    return text_piece(name, code)


def _day(name: str, text: str) -> Piece:
    day, shown = _read_day(text)
    return (f'"{name}":"{shown}",', (day, shown)) if day else NOTHING


def _birth(name: str, text: str) -> Piece:
    birth = parse_birth(text)
    if birth is None:
        raise NotPlain
    return text_piece(name, birth) if birth else NOTHING


@lru_cache(maxsize=_MANY)
def _read_day(text: str) -> tuple[int, str]:
    day = parse_day(text)
    if day is None:
        raise NotPlain
    return day, date.fromordinal(day).isoformat() if day else ""


def _share(name: str, text: str) -> Piece:
    share = parse_share(text)
    if share is None:
        raise NotPlain
    return (text_piece(name, share.text)[0], (share.low, share.high)) if share.text else NOTHING


def _amount(name: str, text: str) -> Piece:
    amount = parse_amount(text)
    if amount is None:
        raise NotPlain
    return text_piece(name, amount) if amount else NOTHING


_READERS: dict[Field, Callable[[str, str], Piece]] = {
    Field.TEXT: text_piece,
    Field.DATE: _day,
    Field.BIRTH: _birth,
    Field.SHARE: _share,
    Field.AMOUNT: _amount,
    Field.YES_NO: lambda name, text: _said(name, parse_yes_no(text)),
    Field.LIST: lambda name, text: _said(name, list_code(text)),
}


def code_column(columns: Columns) -> Read:
    """The reader of a column of credit codes."""

    def read(text: str) -> Piece:
        code = None if is_floated(text) else uscc(text[5:] if text[:5].lower() == "uscc:" else text)
        if code is None:
            raise NotPlain
        return text_piece("uscc", code)[0], columns.refs.code(code)

    return read


def role_piece(text: str) -> Piece:
    """The one post that a title cell names."""
    posts = titles(text)
    if len(posts) != 1 or not posts[0][2]:
        raise NotPlain
    return text_piece("role", posts[0][0])


def title_piece(text: str) -> Piece:
    """The title as written, where it is not the code itself."""
    code, title, _ = titles(text)[0]
    return text_piece("title", title) if title != code else NOTHING
