"""Parsing: files in, batches of statements and refused rows out. Runs in the child process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from graph_service.identity import IdKey
from graph_service.places import apart, in_sheet
from graph_service.schema import TABLES
from graph_service.text import fold, is_masked, mask_id_number
from loaders.cells import Cell
from loaders.idle import BLANK, IDLE_STARTS, is_idle
from loaders.mapping import MappingFile
from loaders.nodes import Nodes
from loaders.plain import NotPlain
from loaders.plans import TablePlan
from loaders.rejected import IDS, PER_KIND, RejectedPlan
from loaders.rows import Mapped, Rejection, RowMapper, provenance
from loaders.sheets import Rows, Sheet, open_sheets
from loaders.specs import known_fields
from loaders.values import TRIM

_BATCH = 2_000  # rows handed over at a time: about what the pipe to the writer holds

Emit = Callable[[tuple[Any, ...]], None]


@dataclass(frozen=True, slots=True)
class FileTask:
    """A file to parse: where it is, how it is called in reports, the source it speaks for."""

    path: Path
    name: str
    source: str


@dataclass(slots=True)
class Counts:
    """What was read from the files so far."""

    read: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    unmatched: int = 0
    ignored: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)

    def as_frame(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "read": dict(self.read),
            "rejected": dict(self.rejected),
            "skipped": dict(self.skipped),
            "by_rule": dict(self.by_rule),
            "warnings": dict(self.warnings),
            "unmatched": self.unmatched,
            "ignored": self.ignored,
            "unknown": self.unknown,
            "known": self.known,
        }


class Parser:
    """Parses files one after another and hands over what they state, through ``emit``.

    Frames: ``("rows", statements, designators)``, ``("refused", rows)``, ``("at", file, rows)``.
    ``wanted``: only the rows at these (table, file, row) places are handed over, as refused rows.
    """

    def __init__(
        self,
        key: IdKey,
        today: date,
        mapping: MappingFile | None,
        emit: Emit,
        wanted: frozenset[tuple[str, str, int]] | None = None,
    ) -> None:
        self._key = key
        self._today = today
        self._mapping = mapping
        self._emit = emit
        self._wanted = wanted
        self._mappers: dict[tuple[str, bool], RowMapper] = {}
        self.counts = Counts()
        self._statements: list[tuple[Any, ...]] = []
        self._nodes = Nodes()
        self._refused: list[tuple[Any, ...]] = []
        self._done = 0

    def file(self, task: FileTask) -> None:
        """Parse one file; raises InputRefused or MappingError."""
        known = False
        for sheet in open_sheets(task.path, task.name, self._mapping):
            if not sheet.plans:
                continue
            known = True
            if sheet.ignored:
                place = f"{task.name}#{sheet.name}" if sheet.name else task.name
                self.counts.ignored[place] = sheet.ignored
            self._sheet(task, sheet)
        (self.counts.known if known else self.counts.unknown).append(task.name)
        self.flush(task.name)

    def flush(self, file: str) -> None:
        """Hand over what is waiting."""
        nodes = self._nodes.taken()
        if self._statements or nodes:
            self._emit(("rows", self._statements, nodes))
            self._statements = []
        if self._refused:
            self._emit(("refused", self._refused))
            self._refused = []
        self._emit(("at", file, self._done))

    def _mapper(self, source: str, per_kind: bool = False) -> RowMapper:
        told = self._mapping
        per_kind = per_kind or (told is not None and told.per_kind)
        found = self._mappers.get((source, per_kind))
        if found is None:
            found = self._mappers[source, per_kind] = RowMapper(
                source, self._key, self._today, per_kind, told.on_bad if told else None
            )
        return found

    def _sheet(self, task: FileTask, sheet: Sheet) -> None:
        mapper = self._mapper(task.source)
        at = _Place(task, sheet, sheet.width, mapper, in_sheet(task.name, sheet.name))
        if isinstance(sheet.plans[0], RejectedPlan):
            self._corrected(at, sheet.plans[0])
            return
        plans: list[TablePlan] = [one for one in sheet.plans if isinstance(one, TablePlan)]
        main = plans[0].table
        for plan in plans:
            self.counts.read.setdefault(plan.table, 0)
        for number, cells in self._long_way(at, plans):
            if is_idle(cells, sheet.header):
                self.counts.skipped[main] += 1
                continue
            taken = False
            for plan in plans:
                rows = plan.rows(cells)
                if rows:
                    taken = True
                    self._row(at, plan.table, rows, number, cells)
            if not taken:
                self.counts.unmatched += 1
            self._done += 1
            if self._done % _BATCH == 0:
                self.flush(task.name)

    def _long_way(self, at: _Place, plans: Sequence[TablePlan]) -> Rows:
        """The rows of a sheet that are not plain; those that are have been read."""
        plain = at.mapper.plain_reader(plans[0], at.file) if len(plans) == 1 else None
        if plain is None or self._wanted is not None:
            yield from at.sheet.rows
            return
        table, width, title = plans[0].table, at.width, at.sheet.header[0]
        read, hand_over = self.counts.read, self._nodes.hand_over
        for number, cells in at.sheet.rows:
            first = cast("str", cells[0]) if len(cells) == width else ""  # text files: all text
            if not first or first[0] in IDLE_STARTS or first.rstrip(BLANK) == title:
                yield number, cells
                continue
            try:
                statement, a, b = plain(cells, number)
            except NotPlain:
                yield number, cells
                continue
            read[table] += 1
            self._statements.append(statement)
            hand_over(a)
            if b is not None:
                hand_over(b)
            self._done += 1
            if self._done % _BATCH == 0:
                self.flush(at.task.name)

    def _corrected(self, at: _Place, plan: RejectedPlan) -> None:
        """The rows of a rejects file that somebody corrected."""
        kinds = replace(at, mapper=self._mapper(at.task.source, per_kind=True))
        for number, cells in at.sheet.rows:
            table = plan.table(cells)
            if not table:
                self.counts.unmatched += any(cells)
                continue
            place = kinds if plan.per_kind(cells) else at
            self._row(place, table, [plan.row(table, cells)], number, [])
            self._done += 1
            if self._done % _BATCH == 0:
                self.flush(at.task.name)

    def _row(
        self,
        at: _Place,
        table: str,
        rows: list[dict[str, str]],
        number: int,
        cells: Sequence[Cell],
    ) -> None:
        counts = self.counts
        counts.read[table] += 1
        found = at.mapper.map(table, rows[0], at.file, number)
        if len(rows) > 1:
            found = _together(
                [found, *(at.mapper.map(table, row, at.file, number) for row in rows[1:])]
            )
        if len(cells) > at.width and any(cells[at.width :]):
            found.rejections.insert(0, Rejection("", "ragged_row", str(len(cells))))
        if found.rejections:
            counts.rejected[table] += 1
            counts.by_rule[found.rejections[0].rule] += 1
            self._refuse(at, table, rows[0], number, found.rejections[0])
            return
        if found.warnings:
            counts.warnings.update(found.warnings)
        if self._wanted is not None:
            self._refuse(at, table, rows[0], number, None, found)
            return
        self._statements.extend(map(tuple, found.statements))
        for node in found.nodes:
            self._nodes.hand_over(node)

    def _refuse(
        self,
        at: _Place,
        table: str,
        row: Mapping[str, str],
        number: int,
        why: Rejection | None,
        found: Mapped | None = None,
    ) -> None:
        source = row.get("source", "").strip(TRIM) or at.task.source
        file, row_no = provenance(row, at.file, number)
        if self._wanted is not None and (table, file, row_no) not in self._wanted:
            return
        columns = _own(table, row, at.mapper)
        names = _names(table, row, columns, source, found)
        reason = tuple(why) if why is not None else ("", "", "")
        sheet = apart(file)[1] or at.sheet.name
        self._refused.append((source, table, file, sheet, row_no, *reason, columns, names))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where parsing is: the file, the sheet and the width of its header, the source's mapper."""

    task: FileTask
    sheet: Sheet
    width: int
    mapper: RowMapper
    file: str  # the name of the file, and in a workbook of the sheet


def _together(several: list[Mapped]) -> Mapped:
    """Several canonical rows of one row of a file: refused together, their parts numbered."""
    out = Mapped()
    for one in several:
        out.rejections.extend(one.rejections)
        out.warnings.extend(one.warnings)
        out.nodes.extend(one.nodes)
        for statement in one.statements:
            out.statements.append(statement._replace(part=len(out.statements)))
    return out


_NUMBERS = ("id_number", "person_id_number", "holder_id_number")
_NUMBER_FIELDS = frozenset((*_NUMBERS, "subject_id_number", "controller_id_number"))


def _own(table: str, row: Mapping[str, str], mapper: RowMapper) -> dict[str, str]:
    """The row's own columns with ID numbers masked; the keyed hash of a good one stands beside."""
    own: dict[str, str] = {IDS: PER_KIND} if mapper.per_kind else {}
    for name, raw in row.items():
        text = raw.strip(TRIM)
        if not text or name in ("source", "source_file", "source_row"):
            continue
        if name in _NUMBER_FIELDS:
            own[name] = text if is_masked(text) else mask_id_number(text)
            number = mapper.hasher(text)
            if number:
                own[name.replace("id_number", "pid")] = number
                if "id_mask" in known_fields(table):
                    own["id_mask"] = own[name]
        else:
            column = TABLES[table].column(name)
            is_ref = column is not None and column.value == "ref" and len(text) >= 18
            own[name] = (mapper.hasher(text, "pid:") if is_ref else "") or mapper.scrub(
                table, name, text
            )
    return own


def _names(
    table: str,
    row: Mapping[str, str],
    own: Mapping[str, str],
    source: str,
    found: Mapped | None,
) -> tuple[str, ...]:
    """The texts by which the row names parties: names, also folded, stored ids, codes, hashes."""
    names: set[str] = {node.text for node in found.nodes} if found is not None else set()
    for column in TABLES[table].columns:
        text = own.get(column.name)
        if not text:
            continue
        if column.value == "name":
            names.update((text, fold(text)))
        elif column.value in ("ref", "uscc"):
            bare = text.removeprefix("uscc:")
            names.update((text, bare, f"uscc:{bare}", f"{source}:{text}"))
    names.update(f"pid:{text}" for name, text in own.items() if name.endswith("pid"))
    return tuple(sorted(names))
