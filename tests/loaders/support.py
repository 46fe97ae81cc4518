"""Small makers for the loaders' tests."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from graph_service.identity import IdKey
from graph_service.model import Batch, Statement
from graph_service.settings import Settings
from loaders.load import find_files
from loaders.mapping import read_mapping
from loaders.rows import Mapped, RowMapper
from loaders.stream import Parsing

KEY = IdKey(b"k" * 32)
TODAY = date(2026, 11, 23)
ID_NUMBER = "11010519491231002X"
OTHER_ID_NUMBER = "440524188001010014"
USCC = "91350211M000100Y46"


def one(table: str, source: str = "甲局", **row: str) -> Mapped:
    """One mapped row."""
    return RowMapper(source, KEY, TODAY).map(table, row, "表.csv", 2)


def stated(mapped: Mapped) -> Statement:
    """The only statement of a row that was accepted."""
    assert mapped.rejections == []
    (statement,) = mapped.statements
    return statement


def values(statement: Statement) -> dict[str, str]:
    """A statement's values."""
    found = json.loads(statement.values)
    assert isinstance(found, dict)
    return found


def write_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """A CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


class Parsed:
    """What the child process made of some files."""

    def __init__(self, paths: Sequence[Path], mapping: Path | None = None, **settings: Any) -> None:
        told = read_mapping(mapping) if mapping else None
        tasks, _ = find_files(paths, told.source if told else "", told)
        self.refused: list[tuple[Any, ...]] = []
        parsing = Parsing(
            tasks,
            Settings(**settings),
            KEY,
            TODAY.toordinal(),
            told,
            on_refused=self.refused.extend,
        )
        self.batches: list[Batch] = list(parsing.batches())
        self.counts = parsing.counts

    @property
    def statements(self) -> list[Statement]:
        """Every statement."""
        return [one for batch in self.batches for one in batch.statements]

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """The values of a table's statements."""
        return (values(one) for one in self.statements if one.table == table)

    @property
    def rules(self) -> list[str]:
        """The rule of each refused row."""
        return [refused[6] for refused in self.refused]
