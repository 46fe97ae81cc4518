"""Sheets: every table of a file with its header found, whatever the format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from graph_service.errors import MappingError
from loaders.binding import bind_entry
from loaders.cells import Cell, typed_text
from loaders.documents import read_document
from loaders.headers import table_of_name
from loaders.mapping import Entry, MappingFile
from loaders.ocds import is_release_package, tables_of_package
from loaders.plans import TablePlan
from loaders.rejected import RejectedPlan, rejected_plan
from loaders.specs import known_fields
from loaders.templates import find_header
from loaders.textfile import csv_rows, delimiter_of, encoding_of, json_rows
from loaders.values import TRIM
from loaders.workbook import Workbook

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
JSON_SUFFIXES = (".jsonl", ".ndjson")
BOOK_SUFFIXES = (".xlsx", ".xlsm")
DOCUMENT_SUFFIXES = (".json",)
_PEEKED = 15
_FORCED = ('="', *(f"{mark}{digit}" for mark in "'‘" for digit in range(10)))
_KEYED = 1_000  # JSON objects whose keys make the header
Rows = Iterator[tuple[int, list[Cell]]]


@dataclass(slots=True)
class Sheet:
    """One table of a file. ``plans`` is empty when nothing knows it.

    ``ignored``: header cells that feed nothing. ``width``: columns of the header. ``spare``: rows
    above the header, which count as nothing.
    """

    name: str
    header: list[str]
    plans: list[TablePlan] | list[RejectedPlan]
    rows: Rows
    ignored: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns of the header."""
        return len(self.header)


def is_readable(path: Path) -> bool:
    """Whether the file's name says that it may hold tables."""
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(
        (*TEXT_SUFFIXES, *JSON_SUFFIXES, *BOOK_SUFFIXES, *DOCUMENT_SUFFIXES)
    ) and not (path.name.startswith((".", "~$")))


def open_sheets(path: Path, name: str, mapping: MappingFile | None) -> Iterator[Sheet]:
    """The sheets of a file; raises InputRefused or MappingError naming it by ``name``."""
    bare = path.name.lower().removesuffix(".gz")
    entries = mapping.of(name) if mapping is not None else []
    if mapping is not None and not entries and table_of_name(_stem(path)) is None:
        return  # a mapping names its files; beside them only a canonical table's name is trusted
    if bare.endswith(BOOK_SUFFIXES):
        yield from _book(path, name, entries)
    elif bare.endswith(DOCUMENT_SUFFIXES):
        yield from _package(path, name)
    elif bare.endswith(JSON_SUFFIXES):
        yield _json(path, name, entries)
    else:
        yield from _text(path, name, entries)


def _stem(path: Path) -> str:
    bare = path.name[: -len(".gz")] if path.name.lower().endswith(".gz") else path.name
    return bare.rsplit(".", 1)[0]


def _text(path: Path, name: str, entries: Sequence[Entry]) -> Iterator[Sheet]:
    stated = next((entry.encoding for entry in entries if entry.encoding), None)
    encoding = encoding_of(path, name, stated)
    delimiter = next((entry.delimiter for entry in entries if entry.delimiter), "")
    rows = csv_rows(path, name, encoding, delimiter or delimiter_of(path, encoding))
    yield _sheet("", [_stem(path)], _unforced(rows), entries, name, typed=False)


def _unforced(rows: Rows) -> Rows:
    """Rows without the tricks that force a spreadsheet to show text: ="007" and '007.

    Looked for only when the first rows use them, because they cost every cell a look.
    """
    first = list(islice(rows, _PEEKED))
    if not any(str(cell).startswith(_FORCED) for _, cells in first for cell in cells):
        return chain(first, rows)
    return ((n, [_plain(str(cell)) for cell in cells]) for n, cells in chain(first, rows))


def _plain(cell: str) -> str:
    if cell[:2] == '="' and cell[-1:] == '"':
        return cell[2:-1]
    return cell[1:] if cell[:1] in ("'", "‘") and cell[1:2].isdigit() else cell


def _book(path: Path, name: str, entries: Sequence[Entry]) -> Iterator[Sheet]:
    book = Workbook(path, name)
    try:
        sheets = book.sheets()
        for entry in entries:
            if entry.sheet and entry.sheet not in sheets:
                raise MappingError(f"{name}: no sheet {entry.sheet!r}", ", ".join(sheets[:20]))
        for title in sheets:
            own = [entry for entry in entries if entry.sheet in ("", title)]
            if entries and not own:
                continue
            yield _sheet(title, [title, _stem(path)], book.rows(title), own, name, typed=True)
    finally:
        book.close()


def _package(path: Path, name: str) -> Iterator[Sheet]:
    """The tables of an OCDS release package; another document is a sheet that nothing knows."""
    document = read_document(path, name)
    if not is_release_package(document):
        yield Sheet("", [], [], iter(()))
        return
    for table, objects in tables_of_package(document).items():
        keys = list(dict.fromkeys(key for found in objects for key in found))
        rows: Rows = ((n, [found.get(key) for key in keys]) for n, found in enumerate(objects, 1))
        headed: Rows = chain([(0, list[Cell](keys))], rows)
        if keys:
            yield _sheet(table, [table], headed, (), name, typed=True)


def _json(path: Path, name: str, entries: Sequence[Entry]) -> Sheet:
    objects = json_rows(path, name, encoding_of(path, name))
    first = list(islice(objects, _KEYED))
    keys = list(dict.fromkeys(key for _, found in first for key in found))
    table = table_of_name(_stem(path))
    if len(first) == _KEYED and table is not None and not entries:  # rare keys may come later
        keys += [field for field in known_fields(table) if field not in keys]
    rows: Rows = (
        (number, [found.get(key) for key in keys]) for number, found in chain(first, objects)
    )
    headed: Rows = chain([(0, list[Cell](keys))], rows)
    return _sheet("", [_stem(path)], headed, entries, name, typed=True)


def _sheet(
    title: str, names: list[str], rows: Rows, entries: Sequence[Entry], file: str, typed: bool
) -> Sheet:
    peeked = list(islice(rows, _PEEKED))
    if entries:
        return _mapped(title, peeked, rows, entries, file, typed)
    texts = [(number, [_header_text(cell) for cell in cells]) for number, cells in peeked]
    rejected = rejected_plan(texts[0][1]) if texts else None
    if rejected is not None:
        return Sheet(title, texts[0][1], [rejected], chain(peeked[1:], rows))
    found = find_header(texts, names, typed)
    if found is None:
        return Sheet(title, [], [], iter(()))
    index, headers, plans = found
    header = [one.text for one in headers]
    return Sheet(title, header, plans, chain(peeked[index + 1 :], rows), _ignored(header, plans))


def _mapped(
    title: str,
    peeked: list[tuple[int, list[Cell]]],
    rows: Rows,
    entries: Sequence[Entry],
    file: str,
    typed: bool,
) -> Sheet:
    first = entries[0]
    if first.header:
        header, start = list(first.header), 0
    else:
        at = max(first.header_row, 1)
        while len(peeked) < at and (more := next(rows, None)) is not None:
            peeked.append(more)
        if len(peeked) < at:
            raise MappingError(f"{file}: there is no row {at} to be the header")
        header = [_header_text(cell) for cell in peeked[at - 1][1]]
        start = at
    plans = [bind_entry(entry, header, file, typed) for entry in entries]
    ignored = _ignored(header, plans)
    return Sheet(title, header, plans, chain(peeked[start:], rows), ignored)


def _header_text(cell: Cell) -> str:
    return typed_text(cell, is_id=False).strip(TRIM)


def _ignored(header: Sequence[str], plans: Sequence[TablePlan]) -> list[str]:
    used = {column for plan in plans for one in plan.fields for column in one.columns + one.joined}
    used |= {column for plan in plans for column, _ in plan.where}
    used |= {one.only[0] for plan in plans for one in plan.fields if one.only}
    return [text for index, text in enumerate(header) if index not in used and text]
