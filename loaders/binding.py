"""A mapping entry bound to the header of one sheet: a plan, or the error that says why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph_service.codes import code_of, list_code
from graph_service.errors import MappingError
from graph_service.schema import TABLES
from loaders.extract import extractor
from loaders.headers import read_header
from loaders.mapping import Entry, nearest
from loaders.names import party_kind, titles
from loaders.plans import FieldPlan, TablePlan
from loaders.specs import SPECS, Field, is_id_field
from loaders.values import parse_yes_no
from loaders.work import masked


def bind_entry(entry: Entry, header: Sequence[str], file: str, typed: bool) -> TablePlan:
    """The plan of a mapping entry for a sheet with this header; raises MappingError."""
    at = _Columns(header, file)
    names = dict.fromkeys((*entry.columns, *entry.coalesce, *entry.concat, *entry.extract))
    fields = [_field(entry, name, at, file) for name in names]
    constants = {name: _constant(entry, name, text) for name, text in entry.constants.items()}
    where = tuple((at.index(name, "where"), frozenset(told)) for name, told in entry.where.items())
    _check_required(entry, file)
    return TablePlan(
        entry.kind, fields, constants, where, nulls=frozenset(entry.nulls), typed=typed
    )


class _Columns:
    """The columns of a sheet by their headers, as written or folded."""

    def __init__(self, header: Sequence[str], file: str) -> None:
        self._file = file
        self._header = [text.strip() for text in header]
        self._folded: dict[str, int] = {}
        for index, text in enumerate(header):
            self._folded.setdefault(read_header(text).folded, index)

    def index(self, name: str, field: str) -> int:
        if name in self._header:
            return self._header.index(name)
        folded = read_header(name).folded
        if folded in self._folded:
            return self._folded[folded]
        raise MappingError(
            f"{self._file}: no column {name!r} for {field}", nearest(name, set(self._header))
        )


def _field(entry: Entry, name: str, at: _Columns, file: str) -> FieldPlan:
    columns = entry.coalesce.get(name, ())
    if name in entry.columns:
        columns = (entry.columns[name], *columns)
    extract = entry.extract.get(name)
    if extract is not None and not columns:
        columns = (extract[0],)
    indexes = tuple(at.index(column, name) for column in columns)
    joined = tuple(at.index(column, name) for column in entry.concat.get(name, ()))
    column = TABLES[entry.kind].column(name)
    kind = column.value if column else "text"
    unit = entry.units.get(name, "")
    says_percent = bool(columns) and read_header(columns[0]).percent and not unit
    values = entry.values.get(name)
    return FieldPlan(
        name,
        indexes,
        is_id=is_id_field(entry.kind, name),
        percent=kind == "share" and (unit == "percent" or says_percent),
        unit=unit if kind == "amount" else "",
        joined=joined,
        extract=extractor(extract[1]) if extract else None,
        split=entry.split.get(name, ""),
        dates=entry.dates if _is_day(entry.kind, name) else "",
        values=values,
        unmapped=None if values is None else _unmapped(entry.kind, name, values, file),
    )


def _is_day(table: str, name: str) -> bool:
    return name == "record_date" or SPECS[table].fields.get(name) in (Field.DATE, Field.BIRTH)


def _constant(entry: Entry, name: str, text: str) -> str:
    return entry.values.get(name, {}).get(text, text)


def _check_required(entry: Entry, file: str) -> None:
    told = {*entry.columns, *entry.coalesce, *entry.concat, *entry.extract, *entry.constants}
    table = TABLES[entry.kind]
    for column in table.columns:
        if column.required and column.name not in told:
            raise MappingError(f"{file}: {entry.kind} needs {column.name}, which nothing feeds")
    pids = {name.replace("_pid", "_id_number") for name in told}
    for group in table.one_of:
        if not told & set(group) and not pids & set(group):
            raise MappingError(f"{file}: {entry.kind} needs one of {', '.join(group)}")


def _unmapped(
    table: str, name: str, values: dict[str, str] | object, file: str
) -> Callable[[str], str]:
    """What to do with a value that the mapping lacks: take it if the catalogue knows it."""
    known = _catalogue(table, name)
    told = sorted(values) if isinstance(values, dict) else []

    def take(text: str) -> str:
        if known is not None and known(text):
            return text
        raise MappingError(
            f"{file}: {name}: no rule maps {masked(text)[:40]!r}", nearest(text, told)
        )

    return take


def _catalogue(table: str, name: str) -> Callable[[str], bool] | None:
    spec = SPECS[table]
    what = spec.fields.get(name)
    if name == "role" and table == "executives":
        return lambda text: all(known for _, _, known in titles(text))
    if what is Field.YES_NO:
        return lambda text: parse_yes_no(text) is not None
    if what is Field.LIST:
        return lambda text: list_code(text) is not None
    if what is Field.CODE:
        return lambda text: code_of(spec.codes[name], text) is not None
    if name.endswith("_kind"):
        return lambda text: party_kind(text) is not None
    return None
