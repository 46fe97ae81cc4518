"""The rejects file: what its columns are, how it is written for Excel, how it is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.places import in_sheet
from graph_service.schema import TABLES
from loaders.cells import Cell, typed_text
from loaders.headers import field_of, read_header
from loaders.plans import unguard
from loaders.specs import is_id_field
from loaders.values import TRIM

# Named in English as the contract has them; the row's own columns follow.
PLACE = (
    *("table", "source", "file", "sheet", "row", "column", "rule", "value", "hint_zh", "hint_en"),
)

# A column beside the row's own: what the mapping said about the ids of its source, without which
# a corrected row would name other parties.
IDS, PER_KIND = "ids", "per_kind"


class RejectedPlan:
    """Reads a corrected rejects file: each row says itself which table it belongs to."""

    def __init__(self, header: Sequence[str]) -> None:
        self._place = {name: index for index, name in enumerate(header[: len(PLACE)])}
        self._own = [
            (index, read_header(text)) for index, text in enumerate(header) if index >= len(PLACE)
        ]
        self._ids = header.index(IDS) if IDS in header else None
        self._bound: dict[str, list[tuple[int, str]]] = {}

    def per_kind(self, cells: Sequence[Cell]) -> bool:
        """Whether the row came with ``ids: per_kind``."""
        return self._ids is not None and _text(cells, self._ids, False) == PER_KIND

    def table(self, cells: Sequence[Cell]) -> str:
        """The table of a row; empty when there is none of that name."""
        name = _text(cells, self._place["table"], False)
        return name if name in TABLES else ""

    def row(self, table: str, cells: Sequence[Cell]) -> dict[str, str]:
        """The canonical row, with its first source, file and row as provenance."""
        row = {
            name: text
            for index, name in self._columns(table)
            if (text := _text(cells, index, is_id_field(table, name)))
        }
        self._keep_refused(row, cells)
        for name, place in (("source", "source"), ("source_file", "file"), ("source_row", "row")):
            if text := _text(cells, self._place[place], False):
                row[name] = text
        if "source_file" in row:
            sheet = _text(cells, self._place["sheet"], False)
            row["source_file"] = in_sheet(row["source_file"], sheet)
        return row

    def _keep_refused(self, row: dict[str, str], cells: Sequence[Cell]) -> None:
        """A refused number that nobody corrected is refused again, not taken for a starred one."""
        column = _text(cells, self._place["column"], True)
        rule = _text(cells, self._place["rule"], False)
        if rule == "bad_id_number" and row.get(column) == _text(cells, self._place["value"], True):
            row[column] = row[column].replace("*", "×")

    def _columns(self, table: str) -> list[tuple[int, str]]:
        if table not in self._bound:
            self._bound[table] = [
                (index, name)
                for index, header in self._own
                if (name := field_of(table, header)) is not None
            ]
        return self._bound[table]


def rejected_plan(header: Sequence[str]) -> RejectedPlan | None:
    """The plan of a rejects file, or None when the header is another one."""
    known = [text.strip(TRIM) for text in header[: len(PLACE)]]
    return RejectedPlan(header) if known == list(PLACE) else None


def _text(cells: Sequence[Cell], index: int, is_id: bool) -> str:
    if index >= len(cells):
        return ""
    return unguard(typed_text(cells[index], is_id).strip(TRIM))


def own_columns(columns: Mapping[str, str], table: str) -> dict[str, str]:
    """A rejected row's columns under headers that do not clash with the file's first ones."""
    return {_clear(name, table): text for name, text in columns.items()}


def _clear(name: str, table: str) -> str:
    if name not in PLACE:
        return name
    column = TABLES[table].column(name) if table in TABLES else None
    return column.zh[0] if column is not None and column.zh else f"{name}_"
