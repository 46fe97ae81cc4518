"""Canonical rows into a store, the way the loader does it: begin, map, write, end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from graph_service.identity import IdKey
from graph_service.model import Batch, FullOf, LoadFile, Written
from graph_service.store.port import Store
from loaders.batches import batch
from loaders.rows import Mapped, RowMapper
from tests.support.rows import Row, Tables

KEY = IdKey(bytes(range(32)))
TODAY = date(2026, 1, 1)
STARTED = "2026-01-01T08:00:00+08:00"


class Fact(NamedTuple):
    """A canonical row where it stands."""

    source: str
    table: str
    row: Row
    file: str
    no: int


def facts_of(source: str, tables: Tables, file: str | None = None) -> list[Fact]:
    """The rows of some tables, each table a file whose first row is its header."""
    return [
        Fact(source, table, row, file or f"{table}.csv", no)
        for table, rows in tables.items()
        for no, row in enumerate(rows, 2)
    ]


def mapped(facts: Iterable[Fact], per_kind: bool = False) -> Iterator[Mapped]:
    """Rows as the loader maps them; a row that it refuses is a mistake of the test."""
    mappers: dict[str, RowMapper] = {}
    for fact in facts:
        if fact.source not in mappers:
            mappers[fact.source] = RowMapper(fact.source, KEY, TODAY, per_kind)
        said = mappers[fact.source].map(fact.table, fact.row, fact.file, fact.no)
        assert not said.rejections, (fact, said.rejections)
        yield said


def batches(facts: Sequence[Fact], size: int, per_kind: bool = False) -> Iterator[Batch]:
    """Rows in batches of ``size``."""
    for start in range(0, len(facts), size):
        yield batch(mapped(facts[start : start + size], per_kind))


def put_facts(
    store: Store,
    facts: Sequence[Fact],
    *,
    size: int = 500,
    full: Sequence[FullOf] = (),
    per_kind: bool = False,
    between: Callable[[int], None] | None = None,
) -> Written:
    """Load some rows as one load of the first row's source; ``between`` is called before each batch
    and after the last, with its number."""
    files = [LoadFile(file, "0" * 64, 1) for file in sorted({fact.file for fact in facts})]
    load = store.begin_load(facts[0].source if facts else "空", files, "测试员", STARTED)
    written = store.write(_watched(batches(facts, size, per_kind), between), load, full)
    store.end_load(load, "done", 0.1, {})
    return written


def _watched(made: Iterator[Batch], between: Callable[[int], None] | None) -> Iterator[Batch]:
    number = -1
    for number, some in enumerate(made):
        if between:
            between(number)
        yield some
    if between:
        between(number + 1)


def put(
    store: Store,
    source: str,
    tables: Tables,
    *,
    file: str | None = None,
    size: int = 500,
    full: Sequence[FullOf] = (),
    per_kind: bool = False,
    between: Callable[[int], None] | None = None,
) -> Written:
    """Load canonical rows of one source."""
    facts = facts_of(source, tables, file)
    return put_facts(store, facts, size=size, full=full, per_kind=per_kind, between=between)
