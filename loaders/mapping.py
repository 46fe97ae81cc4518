"""Mapping files: YAML that tells how any layout feeds the canonical tables; checked before use."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from graph_service.errors import MappingError
from graph_service.schema import TABLES
from loaders.extract import check_pattern
from loaders.rules import DROPPABLE
from loaders.specs import known_fields

_TOP = ("source", "encoding", "delimiter", "nulls", "dates", "ids", "on_bad", "tables")
_ENTRY = (
    *("file", "sheet", "header", "header_row", "kind", "columns", "values", "split", "units"),
    *("constants", "where", "coalesce", "concat", "extract", "nulls", "source", "delimiter"),
    *("encoding", "dates"),
)
_DATES = ("dmy", "mdy")
_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One table of a mapping file. Columns are named by the file's headers."""

    file: str
    kind: str
    columns: Mapping[str, str]
    sheet: str = ""
    header: tuple[str, ...] = ()
    header_row: int = 0
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    split: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    coalesce: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concat: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extract: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nulls: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""
    dates: str = ""

    def takes(self, name: str) -> bool:
        """Whether the entry is about this file (its relative path or its bare name)."""
        bare = name.rsplit("/", 1)[-1]
        return any(fnmatchcase(one, self.file) for one in (name, bare, bare.removesuffix(".gz")))


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A checked mapping file; ``name`` is for messages."""

    name: str
    source: str = ""
    per_kind: bool = False
    on_bad: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()

    def of(self, name: str) -> list[Entry]:
        """The entries about one file."""
        return [entry for entry in self.entries if entry.takes(name)]

    def absent(self, names: Sequence[str]) -> list[str]:
        """The files that entries speak of and that are not among ``names``, as they are written."""
        told = {entry.file for entry in self.entries if not any(map(entry.takes, names))}
        return sorted(told)


def read_mapping(path: Path) -> MappingFile:
    """The mapping file at ``path``; raises MappingError naming what is wrong in it."""
    import yaml

    try:
        if path.stat().st_size > _LARGEST:
            raise MappingError(f"{path.name}: larger than 1 MB")
        text = path.read_text("utf-8-sig")
        events = yaml.parse(text, yaml.BaseLoader)
        if any(isinstance(event, yaml.AliasEvent) for event in events):
            raise MappingError(f"{path.name}: anchors and aliases are not taken")
        document = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only, nothing is built
    except OSError as error:
        raise MappingError(f"{path.name}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where is not None else ""
        raise MappingError(f"{path.name}{line}: not readable as YAML") from None
    return check_mapping(document, path.name)


def check_mapping(document: object, name: str) -> MappingFile:
    """A mapping document as data; raises MappingError."""
    top = _mapping(document, name, "the file")
    _known(top, _TOP, name, "")
    ids = top.get("ids")
    if ids not in (None, "per_kind"):
        raise MappingError(f"{name}: ids: {ids}", "The only choice is per_kind.")
    on_bad = {str(k): str(v) for k, v in _mapping(top.get("on_bad", {}), name, "on_bad").items()}
    for rule, do in on_bad.items():
        _one_of(rule, DROPPABLE, name, "on_bad")
        _one_of(do, ("warn", "reject"), name, f"on_bad.{rule}")
    tables = top.get("tables")
    if not isinstance(tables, list) or not tables:
        raise MappingError(f"{name}: tables: a list of tables is needed")
    entries = tuple(
        _entry(_mapping(one, name, f"tables[{index}]"), top, name, f"tables[{index}]")
        for index, one in enumerate(tables, 1)
    )
    return MappingFile(name, str(top.get("source") or ""), ids == "per_kind", on_bad, entries)


def _entry(raw: Mapping[str, Any], top: Mapping[str, Any], name: str, at: str) -> Entry:
    _known(raw, _ENTRY, name, at)
    if not raw.get("file"):
        raise MappingError(f"{name}: {at}: file is missing")
    kind = _one_of(str(raw.get("kind", "")), TABLES, name, f"{at}.kind")
    encoding = str(raw.get("encoding", top.get("encoding")) or "")
    _check_encoding(encoding, name, at)
    dates = str(raw.get("dates", top.get("dates")) or "")
    if dates:
        _one_of(dates, _DATES, name, f"{at}.dates")
    entry = Entry(
        file=str(raw["file"]),
        kind=kind,
        columns=_texts(raw, "columns", name, at),
        sheet=str(raw.get("sheet") or ""),
        header=tuple(map(str, _list(raw.get("header"), name, f"{at}.header"))),
        header_row=_row_number(raw.get("header_row"), name, at),
        values={
            key: _texts({key: told}, key, name, f"{at}.values")
            for key, told in _mapping(raw.get("values"), name, f"{at}.values").items()
        },
        split=_texts(raw, "split", name, at),
        units=_texts(raw, "units", name, at),
        constants=_texts(raw, "constants", name, at),
        where=_lists(raw, "where", name, at),
        coalesce=_lists(raw, "coalesce", name, at),
        concat=_lists(raw, "concat", name, at),
        extract=_extracts(raw, name, at),
        nulls=tuple(map(str, _list(raw.get("nulls", top.get("nulls")), name, f"{at}.nulls"))),
        delimiter=str(raw.get("delimiter", top.get("delimiter")) or ""),
        encoding=encoding,
        dates=dates,
    )
    _check_fields(entry, name, at)
    return entry


def _check_fields(entry: Entry, name: str, at: str) -> None:
    known = known_fields(entry.kind)
    parts = ("columns", "values", "split", "units", "constants", "coalesce", "concat", "extract")
    for part in parts:
        for name_of_field in getattr(entry, part):
            _one_of(name_of_field, known, name, f"{at}.{part}")
    if not (entry.columns or entry.coalesce or entry.concat or entry.extract or entry.constants):
        raise MappingError(f"{name}: {at}: no columns")
    for field_name, unit in entry.units.items():
        column = TABLES[entry.kind].column(field_name)
        if column is None or column.value not in ("share", "amount"):
            raise MappingError(f"{name}: {at}.units: {field_name} is neither share nor amount")
        if column.value == "share":
            _one_of(unit, ("percent", "fraction"), name, f"{at}.units.{field_name}")
    if len(entry.delimiter) > 1:
        raise MappingError(f"{name}: {at}.delimiter: one character is needed")


def _extracts(raw: Mapping[str, Any], name: str, at: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for key, value in _mapping(raw.get("extract", {}), name, f"{at}.extract").items():
        where = f"{at}.extract.{key}"
        told = _mapping(value, name, where)
        _known(told, ("from", "pattern"), name, where)
        if not isinstance(told.get("from"), str) or not isinstance(told.get("pattern"), str):
            raise MappingError(f"{name}: {where}: from and pattern are needed")
        if why := check_pattern(told["pattern"]):
            raise MappingError(f"{name}: {where}: the pattern {why}")
        found[key] = (told["from"], told["pattern"])
    return found


def _check_encoding(encoding: str, name: str, at: str) -> None:
    try:
        if encoding:
            codecs.lookup(encoding)
    except LookupError:
        raise MappingError(f"{name}: {at}.encoding: {encoding} is not known") from None


def _row_number(value: object, name: str, at: str) -> int:
    if value is None:
        return 0
    text = str(value)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000):
        raise MappingError(f"{name}: {at}.header_row: a row number is needed")
    return int(text)


def _mapping(value: object, name: str, at: str) -> Mapping[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise MappingError(f"{name}: {at}: names with values are needed")
    return {_text(key): told for key, told in value.items()}


def _list(value: object, name: str, at: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        raise MappingError(f"{name}: {at}: a list is needed")
    return [value]


def _texts(raw: Mapping[str, Any], part: str, name: str, at: str) -> dict[str, str]:
    told = _mapping(raw.get(part, {}), name, f"{at}.{part}")
    for key, value in told.items():
        if isinstance(value, dict | list):
            raise MappingError(f"{name}: {at}.{part}.{key}: one text is needed")
    return {key: _text(value) for key, value in told.items()}


def _lists(raw: Mapping[str, Any], part: str, name: str, at: str) -> dict[str, tuple[str, ...]]:
    told = _mapping(raw.get(part, {}), name, f"{at}.{part}")
    return {
        key: tuple(_text(one) for one in _list(value, name, f"{at}.{part}.{key}"))
        for key, value in told.items()
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _known(raw: Mapping[str, Any], known: Sequence[str], name: str, at: str) -> None:
    for key in raw:
        _one_of(key, known, name, at or "the file")


def _one_of(value: str, known: Any, name: str, at: str) -> str:
    if value not in known:
        raise MappingError(f"{name}: {at}: {value!r} is not known", nearest(value, known))
    return value


def nearest(value: str, known: Any) -> str:
    """A hint with the nearest known name, or all of them when they are few."""
    names = sorted(known)
    close = get_close_matches(value, names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]}?"
    return "Known: " + ", ".join(names[:30]) if names else ""
