"""The quarantine: refused rows kept with their reason, written for Excel, tried again, dropped."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from graph_service.model import RejectedRow
from graph_service.places import apart
from graph_service.store.port import Archive
from loaders.plans import guard
from loaders.rejected import PLACE, own_columns
from loaders.rules import hint

Spot = tuple[str, str, str, int]  # source, table, file, row
Refused = tuple[Any, ...]  # source, table, file, sheet, row, column, rule, value, columns, names


class Spool:
    """Refused rows of a running load, on disk until the load has been written."""

    def __init__(self) -> None:
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self.count = 0

    def add(self, rows: Iterable[Refused]) -> None:
        """Keep some rows."""
        for row in rows:
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self.count += 1

    def rows(self, load: int) -> Iterator[RejectedRow]:
        """The rows kept so far, with their hints."""
        self._file.seek(0)
        for line in self._file:
            yield rejected_row(json.loads(line), load)
        self._file.seek(0, 2)

    def close(self) -> None:
        """Let go of the file, which has no name and vanishes."""
        self._file.close()


def rejected_row(refused: Sequence[Any], load: int) -> RejectedRow:
    """A refused row for the quarantine, its hint written out."""
    source, table, file, sheet, row, column, rule, value, columns, names = refused
    zh, en = hint(rule)
    return RejectedRow(
        0, load, source, table, file, sheet, row, column, rule, value, zh, en, columns,
        tuple(names),
    )  # fmt: skip


def write_rejects(rows: Iterable[RejectedRow], path: Path) -> int:
    """Write a rejects file: CSV with BOM, no live formulas, one line per row; how many."""
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as scratch:
        headers: dict[str, None] = {}
        for row in rows:  # twice over the rows: the first pass finds every column
            own = own_columns(row.columns, row.table)
            headers.update(dict.fromkeys(own))
            scratch.write(json.dumps([_place(row), own], ensure_ascii=False) + "\n")
            count += 1
        scratch.seek(0)
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*PLACE, *headers])
            for line in scratch:
                place, own = json.loads(line)
                writer.writerow([guard(text) for text in place + [own.get(h, "") for h in headers]])
    return count


def _place(row: RejectedRow) -> list[str]:
    return [
        *(row.table, row.source, apart(row.file)[0], row.sheet, str(row.row), row.column, row.rule),
        *(row.value, row.hint_zh, row.hint_en),
    ]


def export_rejects(
    archive: Archive, path: Path, source: str | None = None, rule: str | None = None,
    load: int | None = None,
) -> int:  # fmt: skip
    """Write quarantined rows to a rejects file; how many."""
    return write_rejects(archive.rejected(source=source, load=load, rule=rule), path)


def drop_rejects(
    archive: Archive, ids: Sequence[int] = (), source: str | None = None, rule: str | None = None,
    load: int | None = None,
) -> int:  # fmt: skip
    """Drop quarantined rows: those of ``ids``, else all that the filters name; how many."""
    chosen = list(ids) or [row.id for row in archive.rejected(source, load, rule)]
    return archive.drop_rejected(chosen) if chosen else 0


def carry_rejects(rows: Iterable[RejectedRow], withheld: Collection[Spot], target: Archive) -> int:
    """Quarantine rows of another store here too, as of the latest load; how many.

    Left out: rows that stand here already, and those of ``withheld`` statements, which come by
    themselves: a load tries them again.
    """
    here = {spot(row) for row in target.rejected()}
    latest = max((line.id for line in target.loads()), default=0)
    carried = [
        replace(row, load=latest)
        for row in rows
        if spot(row) not in here and spot(row) not in withheld
    ]
    if carried:
        target.reject(carried)
    return len(carried)


def spot(row: RejectedRow) -> Spot:
    """Where a quarantined row was read."""
    return (row.source, row.table, row.file, row.row)


def standing(archive: Archive, places: set[tuple[str, str]]) -> list[RejectedRow]:
    """The quarantined rows of these (source, file) places."""
    sources = sorted({source for source, _ in places})
    return [
        row
        for source in sources
        for row in archive.rejected(source=source)
        if (row.source, row.file) in places
    ]


def is_superseded(old: RejectedRow, now: Refused, corrected: bool) -> bool:
    """Whether a row read now stands for a quarantined one of the same place.

    A row of a corrected rejects file does; a row of a file of the same name does when it names
    someone whom the old one named: tomorrow's file may bear today's name and tell other things.
    """
    return corrected or bool(set(old.names) & set(now[9])) or dict(old.columns) == now[8]


def as_file(rows: Sequence[RejectedRow]) -> closing[_Scratch]:
    """Rows as a rejects file in a private scratch folder, for loading them again."""
    return closing(_Scratch(rows))


class _Scratch:
    def __init__(self, rows: Sequence[RejectedRow]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="credit-graph-retry-")
        self.path = Path(self._folder.name) / "rejects.csv"
        write_rejects(rows, self.path)

    def close(self) -> None:
        self._folder.cleanup()
