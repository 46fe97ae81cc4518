"""Headers: which table a sheet holds, and which of its columns feeds which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from graph_service.schema import TABLE_LIST, TABLES, table_columns
from graph_service.text import fold
from loaders.plans import FieldPlan, TablePlan
from loaders.specs import is_id_field, known_fields

_TAIL = re.compile(r"\s*\(([^()]*)\)\s*$")
_UNIT = re.compile(
    r"(?:单位:)?\s*((?:百|千)?[万亿]?(?:人民币)?(?:元|美元|港元|欧元|人民币)|万|亿)(?:人民币)?"
)
_CODE_WORDS = ("统一社会信用代码", "社会信用代码", "信用代码", "统一代码")
_NOISE = re.compile(r"[\d_\-.\s()年月日]+")
_SUFFIX = re.compile(r"(?:信息表|登记表|清单|明细|名录|数据|台账|信息|表)$")
# Tables whose columns another table has too: the first named is meant when headers alone decide.
_TWINS = {"employments": "executives", "honours": "sanctions"}


@dataclass(frozen=True, slots=True)
class Header:
    """One header cell: as written, folded, and without its bracket; what the bracket says."""

    text: str
    folded: str
    bare: str
    percent: bool
    unit: str

    @property
    def is_code(self) -> bool:
        """Whether the header says that USCCs stand below it."""
        return any(word in self.folded for word in _CODE_WORDS)


def read_header(text: str) -> Header:
    """What a header cell says."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("*").strip()
    found = _TAIL.search(plain)
    bare = plain[: found.start()] if found else plain
    inside = found[1].strip() if found else ""
    unit = _UNIT.fullmatch(inside)
    percent = inside in ("%", "百分比") or bare.endswith("%")
    return Header(text, fold(plain), fold(bare.rstrip("%*")), percent, unit[1] if unit else "")


@cache
def aliases(table: str) -> dict[str, str]:
    """Folded header → field of one table."""
    known = {name: name for name in known_fields(table)}
    for column in table_columns(TABLES[table]):
        for header in column.headers:
            known.setdefault(fold(header), column.name)
            known.setdefault(read_header(header).bare, column.name)
    return known


def field_of(table: str, header: Header) -> str | None:
    """The field of ``table`` that a header means, or None."""
    known = aliases(table)
    return known.get(header.folded) or known.get(header.bare)


@dataclass(frozen=True, slots=True)
class Binding:
    """Which columns of a sheet feed which fields of a table, and whether that is enough for it."""

    table: str
    columns: dict[str, tuple[int, ...]]
    complete: bool

    @property
    def used(self) -> frozenset[int]:
        """The columns that feed something."""
        return frozenset(column for group in self.columns.values() for column in group)


def bind(table: str, headers: Sequence[Header]) -> Binding:
    """Bind a sheet's columns to one table; codes come before other ids of the same field."""
    columns: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        name = field_of(table, header)
        if name is not None:
            columns.setdefault(name, []).append(index)
    ordered = {
        name: tuple(sorted(group, key=lambda index: (not headers[index].is_code, index)))
        for name, group in columns.items()
    }
    return Binding(table, ordered, _complete(table, frozenset(ordered)))


def _complete(table: str, fields: frozenset[str]) -> bool:
    declared = TABLES[table]
    named = fields | {name.replace("_pid", "_id_number") for name in fields}
    if "pid" in fields:
        named |= {"id_number"}
    return all(column.name in fields for column in declared.columns if column.required) and all(
        any(name in named for name in group) for group in declared.one_of
    )


def plan_of(binding: Binding, headers: Sequence[Header], typed: bool) -> TablePlan:
    """The plan of a bound sheet."""
    fields = [
        field_plan(binding.table, name, headers, columns)
        for name, columns in binding.columns.items()
    ]
    guarded = {"source_file", "source_row"} <= {header.folded for header in headers}
    return TablePlan(binding.table, fields, typed=typed, guarded=guarded)


def field_plan(
    table: str, name: str, headers: Sequence[Header], columns: tuple[int, ...]
) -> FieldPlan:
    """How some columns feed a field; units and codes are told by the first column's header."""
    first = headers[columns[0]]
    column = TABLES[table].column(name)
    kind = column.value if column else "text"
    return FieldPlan(
        name,
        columns,
        is_id=is_id_field(table, name),
        codes=frozenset(at for at in columns if headers[at].is_code and kind == "ref"),
        percent=first.percent and kind == "share",
        unit=first.unit if kind == "amount" and first.unit != "元" else "",
    )


@cache
def _names() -> dict[str, str]:
    known: dict[str, str] = {}
    for table in TABLE_LIST:
        for name in (table.name, table.zh, *table.files):
            known.setdefault(fold(name), table.name)
    return known


def table_of_name(name: str) -> str | None:
    """The table that a file's or sheet's name tells, also with a date or 表 added to it."""
    known = _names()
    folded = fold(name)
    if folded in known:
        return known[folded]
    bare = _NOISE.sub(" ", folded).strip()
    while bare:
        for candidate in (bare, bare.replace(" ", "_")):
            if candidate in known:
                return known[candidate]
        shorter = _SUFFIX.sub("", bare)
        if shorter == bare:
            return None
        bare = shorter.strip()
    return None


def best_binding(headers: Sequence[Header]) -> Binding | None:
    """The table that the headers alone tell: complete, and more columns bound than any other."""
    found = [
        binding
        for table in TABLE_LIST
        if table.name not in _TWINS
        for binding in [bind(table.name, headers)]
        if binding.complete and len(binding.used) >= 2
    ]
    found.sort(key=lambda binding: -len(binding.used))
    if len(found) > 1 and len(found[0].used) == len(found[1].used):
        tied = {found[0].table, found[1].table}
        return None if tied == {"enterprises", "persons"} else found[0]
    return found[0] if found else None
