"""Plans: how the columns of one sheet feed the fields of canonical tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loaders.cells import Cell, typed_text
from loaders.values import NULLS, TRIM

_FORMULA = "=+-@\t\r'"
_FOREIGN = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)(.*)", re.ASCII)
_NOTHING = NULLS | {"无", "暂无", "空"}


@dataclass(slots=True)
class FieldPlan:
    """Where a field's text comes from: the first of ``columns`` that is filled, else ``joined``.

    ``codes``: columns whose header says that USCCs stand there.
    ``percent``/``unit``: what bare numbers count. ``only``: (column, words) that must hold for the
    field to be read. ``dates``: the order of foreign days, ``dmy`` or ``mdy``. ``values``: text →
    text; ``unmapped`` is called for a text it lacks.
    """

    name: str
    columns: tuple[int, ...]
    is_id: bool = False
    codes: frozenset[int] = frozenset()
    percent: bool = False
    unit: str = ""
    joined: tuple[int, ...] = ()
    only: tuple[int, frozenset[str]] | None = None
    extract: Callable[[str], str] | None = None
    split: str = ""
    dates: str = ""
    values: Mapping[str, str] | None = None
    unmapped: Callable[[str], str] | None = None

    @property
    def plain(self) -> bool:
        """Whether the cell's text is the field's text."""
        return len(self.columns) == 1 and not (
            self.codes
            or self.percent
            or self.unit
            or self.joined
            or self.only
            or self.extract
            or self.split
            or self.dates
            or self.values is not None
        )


@dataclass(slots=True)
class TablePlan:
    """How one sheet feeds one table.

    ``where``: (column, texts) that must hold for a row to be taken. ``needs``: fields of which one
    must be filled, else the row does not speak about this table (wide rows). ``typed``: the cells
    are typed (Excel, JSON), not all text. ``guarded``: cells are guarded against spreadsheets.
    """

    table: str
    fields: list[FieldPlan]
    constants: dict[str, str] = field(default_factory=dict)
    where: tuple[tuple[int, frozenset[str]], ...] = ()
    needs: tuple[str, ...] = ()
    nulls: frozenset[str] = frozenset()
    typed: bool = False
    guarded: bool = False
    _plain: list[tuple[str, int]] = field(default_factory=list)
    _other: list[FieldPlan] = field(default_factory=list)

    def __post_init__(self) -> None:
        cooked = self.typed or self.guarded or bool(self.nulls)
        for plan in self.fields:
            if plan.plain and not cooked:
                self._plain.append((plan.name, plan.columns[0]))
            else:
                self._other.append(plan)

    @property
    def as_they_are(self) -> dict[str, int] | None:
        """The column of each field when the cells' texts are the fields' texts and every row is
        taken; else None."""
        cooked = self._other or self.where or self.needs or self.constants
        return None if cooked else dict(self._plain)

    def rows(self, cells: Sequence[Cell]) -> list[dict[str, str]]:
        """The canonical rows of one row of the sheet: none when it is not taken, several when
        a cell is split."""
        for column, wanted in self.where:
            if self._text(cells, column, False) not in wanted:
                return []
        width = len(cells)
        row = dict(self.constants)
        for name, column in self._plain:
            if column < width and (text := cells[column]):
                row[name] = text  # type: ignore[assignment] # text files hold only text
        if not self._other:
            return [row] if not self.needs or self._speaks(row) else []
        return self._cooked(cells, row)

    def _cooked(self, cells: Sequence[Cell], row: dict[str, str]) -> list[dict[str, str]]:
        several: list[tuple[str, list[str]]] = []
        for plan in self._other:
            text, column = self._field(cells, plan)
            if not text:
                continue
            pieces = _pieces(plan, text, column)
            if len(pieces) > 1 and plan.name == "role":
                row[plan.name] = "\x1f".join(pieces)  # one row, several posts
            elif len(pieces) > 1:
                several.append((plan.name, pieces))
            elif pieces:
                row[plan.name] = pieces[0]
        rows = [row]
        for name, pieces in several:
            rows = [{**one, name: piece} for one in rows for piece in pieces]
        return [one for one in rows if not self.needs or self._speaks(one)]

    def _speaks(self, row: Mapping[str, str]) -> bool:
        return any(row.get(name, "").strip(TRIM) not in _NOTHING for name in self.needs)

    def _field(self, cells: Sequence[Cell], plan: FieldPlan) -> tuple[str, int]:
        if plan.only is not None and self._text(cells, plan.only[0], False) not in plan.only[1]:
            return "", -1
        text, column = "", -1
        for column in plan.columns:
            text = self._text(cells, column, plan.is_id)
            if text:
                break
        if not text and plan.joined:
            parts = [self._text(cells, column, plan.is_id) for column in plan.joined]
            text = _join(part for part in parts if part)
        if text and plan.extract is not None:
            text = plan.extract(text)
        return text, column

    def _text(self, cells: Sequence[Cell], column: int, is_id: bool) -> str:
        if column >= len(cells):
            return ""
        cell = cells[column]
        raw = cell if isinstance(cell, str) else typed_text(cell, is_id)
        text = raw.strip(TRIM)
        if self.guarded:
            text = unguard(text)
        return "" if text in self.nulls or raw in self.nulls or text in NULLS else text


def in_order(text: str, dates: str) -> str:
    """A day such as 03/04/2020 with its year first, as ``dates`` tells; any other text as it is."""
    found = _FOREIGN.match(unicodedata.normalize("NFKC", text))
    if found is None:
        return text
    first, _, second, year, rest = found.groups()
    month, day = (second, first) if dates == "dmy" else (first, second)
    return f"{year}-{month}-{day}{rest}"


def guard(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: risky ones get an apostrophe in front."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def unguard(text: str) -> str:
    """What ``guard`` was given."""
    return text[1:] if text[:1] == "'" else text


def _join(parts: Iterable[str]) -> str:
    """Parts of a name: Chinese ones touch, others are set apart by a blank."""
    joined = ""
    for part in parts:
        gap = " " if joined and (joined[-1].isascii() or part[0].isascii()) else ""
        joined += gap + part
    return joined


def _pieces(plan: FieldPlan, text: str, column: int) -> list[str]:
    pieces = [text]
    if plan.split:
        pieces = [piece for part in text.split(plan.split) if (piece := part.strip(TRIM))]
    if plan.values is not None:
        pieces = [_mapped(plan, piece) for piece in pieces]
    if column in plan.codes:
        pieces = [_as_code(piece) for piece in pieces]
    if plan.dates:
        pieces = [in_order(piece, plan.dates) for piece in pieces]
    if plan.percent:
        pieces = [_with_percent(piece) for piece in pieces]
    if plan.unit:
        pieces = [piece + plan.unit if _bare(piece) else piece for piece in pieces]
    return [piece for piece in pieces if piece]


def _mapped(plan: FieldPlan, text: str) -> str:
    assert plan.values is not None  # noqa: S101 - the caller has looked
    found = plan.values.get(text)
    if found is not None or plan.unmapped is None:
        return text if found is None else found
    return plan.unmapped(text)


def _as_code(text: str) -> str:
    """A cell under a header that says USCC is a code, right or wrong."""
    if text in _NOTHING:
        return ""
    return text if text[:5].lower() in ("uscc:",) or text[:4] == "pid:" else f"uscc:{text}"


def _with_percent(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return text if "%" in plain or not plain[-1:].isdigit() else f"{text}%"


def _bare(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    try:
        float(plain)
    except ValueError:
        return False
    return True
