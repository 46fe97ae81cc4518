"""Load: files in, facts in the store, a report of every row out."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from graph_service.days import SHANGHAI, Day, today
from graph_service.errors import InputRefused, MappingError, UsageError
from graph_service.identity import IdKey, load_id_key
from graph_service.model import Batch, FullOf, LoadFile, Withheld, Written
from graph_service.places import apart
from graph_service.schema import PARTY_TABLES
from graph_service.settings import Settings
from graph_service.store.port import Progress, Store
from graph_service.text import fold
from loaders.folder import files_below
from loaders.mapping import MappingFile, read_mapping
from loaders.parse import FileTask
from loaders.quarantine import Spool, as_file, is_superseded, standing, write_rejects
from loaders.sheets import JSON_SUFFIXES, TEXT_SUFFIXES, is_readable
from loaders.stream import Parsing

_CHUNK = 1 << 20
_EMPTY = Written({}, {}, (), {}, {}, {}, {}, 0)


def load(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    source: str | None = None,
    full: bool = False,
    data_date: Day | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    key: IdKey | None = None,
    progress: Progress | None = None,
    who: str = "",
) -> dict[str, Any]:
    """Load files and folders into the store; gives the load report of the contract.

    Everything or nothing is written. ``full``: the files are all that their sources state on
    ``data_date`` (default: today). ``dry_run`` reads and checks, but resolves no references.
    Raises MappingError before anything is written, InputRefused for a file that cannot be read
    safely, StoreBusy when another load runs.
    """
    told = read_mapping(mapping) if mapping is not None else None
    tasks, ignored = find_files(paths, source or (told.source if told else ""), told)
    if not tasks:
        raise UsageError("no files to load", "Name CSV, TSV, XLSX or JSON Lines files or a folder.")
    run = _Run(store, settings, key or load_id_key(settings), told, tasks, progress, who)
    given = {task.name for task in tasks if any(task.path == path for path in paths)}
    run.direct, run.ignored = given, ignored
    if full:
        run.speak_for(run.sources, data_date or today())
    return run.dry(rejects) if dry_run else run.load(rejects)


def retry(
    store: Store,
    settings: Settings,
    *,
    source: str | None = None,
    rule: str | None = None,
    load_id: int | None = None,
    key: IdKey | None = None,
    progress: Progress | None = None,
    who: str = "",
) -> dict[str, Any]:
    """Try quarantined rows again as they stand; gives the load report (empty when none stand)."""
    rows = store.rejected(source=source, load=load_id, rule=rule)
    if not rows:
        return {"rows": {}, "retried": 0}
    with as_file(rows) as scratch:
        report = load(
            store,
            settings,
            [scratch.path],
            source=source or rows[0].source,
            key=key,
            progress=progress,
            who=who,
        )
    return {**report, "retried": len(rows)}


def find_files(
    paths: Sequence[Path], source: str, mapping: MappingFile | None
) -> tuple[list[FileTask], list[str]]:
    """The files to parse, by name, and the names of those that hold no tables.

    A file's name is relative to what was loaded; its source is ``source``, else the folder's or the
    file's own name.
    """
    tasks: list[FileTask] = []
    ignored: list[str] = []
    for path in paths:
        if path.is_dir():
            own = source or path.resolve().name
            for file in files_below(path):
                name = file.relative_to(path).as_posix()
                if is_readable(file) or (mapping is not None and mapping.of(name)):
                    tasks.append(FileTask(file, name, own))
                else:
                    ignored.append(name)
        elif path.is_file():
            tasks.append(FileTask(path, path.name, source or path.name.split(".")[0]))
        else:
            raise UsageError(f"{path} does not exist")
    return tasks, ignored


class _Run:
    """One load from its first file to its report."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        key: IdKey,
        mapping: MappingFile | None,
        tasks: list[FileTask],
        progress: Progress | None,
        who: str,
    ) -> None:
        self.store = store
        self.settings = settings
        self.key = key
        self.mapping = mapping
        self.tasks = tasks
        # parties first: a store knows what ties speak of when it reads them
        self.order = sorted(tasks, key=lambda task: _table_of(task) not in PARTY_TABLES)
        self.progress = progress
        self.who = who
        self.sources = list(dict.fromkeys(task.source for task in tasks))
        self.direct: set[str] = set()
        self.ignored: list[str] = []
        self.places: set[tuple[str, str]] = {(task.source, task.name) for task in tasks}
        self.spool = Spool()
        self.expected = _expected(tasks) if progress is not None else 0
        self.full_on: Day | None = None
        self.full: list[FullOf] = []
        self.started = time.monotonic()

    def speak_for(self, sources: Iterable[str], day: Day) -> None:
        """These files are all that some sources, and those named in their rows, state on a day."""
        self.full_on = day
        known = {one.source for one in self.full}
        self.full.extend(FullOf(source, day) for source in sources if source not in known)

    def dry(self, rejects: Path | None) -> dict[str, Any]:
        """Read and check everything, write nothing but the rejects file."""
        try:
            parsing = self._parsing()
            for _ in parsing.batches():
                pass
            self._check_known(parsing.counts)
            if rejects is not None:
                write_rejects(self.spool.rows(0), rejects)
            report = self._report(0, parsing.counts, _EMPTY, Counter(), Counter())
            return {**report, "dry_run": True, "references": "not resolved"}
        finally:
            self.spool.close()

    def load(self, rejects: Path | None) -> dict[str, Any]:
        """Write, quarantine, and close the line of the ledger, whatever happens."""
        files = [_hashed(task) for task in self.tasks]
        started = datetime.now(SHANGHAI).isoformat(timespec="seconds")
        number = self.store.begin_load(", ".join(self.sources), files, self.who, started)
        try:
            report = self._write(number, rejects)
        except BaseException as error:  # Ctrl-C too: the line must not stay open
            with suppress(Exception):
                why = getattr(error, "code", type(error).__name__)
                self.store.end_load(number, "failed", self._seconds(), {"error": why})
            raise
        finally:
            self.spool.close()
        self.store.end_load(number, "done", self._seconds(), report)
        return report

    def _write(self, number: int, rejects: Path | None) -> dict[str, Any]:
        parsing = self._parsing()
        # the sources that rows name are known when the last batch has been taken
        written = self.store.write(self._checked(parsing), number, self.full)
        tables = Counter(row.table for row in written.withheld)
        by_rule = Counter(row.rule for row in written.withheld)
        self._settle(written.withheld)
        if self.spool.count:
            self.store.reject(self.spool.rows(number))
        if rejects is not None:
            write_rejects(self.spool.rows(number), rejects)
        return self._report(number, parsing.counts, written, tables, by_rule)

    def _parsing(self) -> Parsing:
        return Parsing(
            self.order,
            self.settings,
            self.key,
            today(),
            self.mapping,
            on_refused=self.spool.add,
            on_rows=self._say,
        )

    def _say(self, file: str, rows: int) -> None:
        if self.progress is not None:
            self.progress("rows", rows, max(self.expected, rows) if self.expected else 0)

    def _checked(self, parsing: Parsing) -> Iterator[Batch]:
        """The batches; the places they speak for are noted, and an unknown file stops the write."""
        for batch in parsing.batches():
            places = {(one.source, one.file) for one in batch.statements}
            if self.full_on is not None:
                self.speak_for(sorted({source for source, _ in places}), self.full_on)
            self.places.update(places)
            yield batch
        self._check_known(parsing.counts)

    def _check_known(self, counts: Mapping[str, Any]) -> None:
        for name in counts["unknown"]:
            if name in self.direct:
                raise MappingError(
                    f"{name}: the mapping does not name this file"
                    if self.mapping is not None
                    else f"{name}: no known table or template fits its headers",
                    "Name the file after its table, use the headers of docs/data-formats.md, "
                    "or write a mapping file.",
                )

    def _settle(self, withheld: Sequence[Withheld]) -> None:
        """Put rows that do not resolve with the refused ones, their own columns with them; drop
        from the quarantine what this load has read anew."""
        reasons = {(row.source, row.table, row.file, row.row): row for row in withheld}
        old = {
            (row.source, row.table, row.file, row.row): row
            for row in standing(self.store, self.places)
        }
        if not reasons and not old:
            return
        dropped: list[int] = []
        names = {task.name for task in self.tasks}

        def take(found: list[tuple[Any, ...]]) -> None:
            for one in found:
                place = (one[0], one[1], one[2], one[4])
                why = reasons.pop(place, None)
                if why is not None:
                    self.spool.add([(*one[:5], why.column, why.rule, why.value, *one[8:])])
                before = old.get(place)
                if before is not None and is_superseded(before, one, apart(one[2])[0] not in names):
                    dropped.append(before.id)

        self._again(take, {place[1:] for place in (*reasons, *old)})
        self.spool.add([_bare(why) for why in reasons.values()])
        if dropped:
            self.store.drop_rejected(dropped)

    def _again(
        self,
        take: Callable[[list[tuple[Any, ...]]], None],
        wanted: set[tuple[str, str, int]],
    ) -> None:
        """Read the files once more for the rows of some places."""
        parsing = Parsing(
            self.order,
            self.settings,
            self.key,
            today(),
            self.mapping,
            sorted(wanted),
            on_refused=take,
        )
        for _ in parsing.batches():
            pass

    def _report(
        self,
        number: int,
        counts: Mapping[str, Any],
        written: Written,
        withheld: Counter[str],
        by_rule: Counter[str],
    ) -> dict[str, Any]:
        ignored = sorted([*self.ignored, *counts["unknown"]])
        return {
            "load_id": number,
            "source": ", ".join(self.sources),
            "rows": _rows(counts, written, withheld),
            "unmatched": counts["unmatched"],
            "created": dict(sorted(written.created.items())),
            "updated": dict(sorted(written.updated.items())),
            "ended": dict(sorted(written.ended.items())),
            "rejected_by_rule": _summed(counts["by_rule"], by_rule),
            "warnings_by_rule": _summed(counts["warnings"], written.warnings),
            "conflicts": written.conflicts,
            "ignored_columns": counts["ignored"],
            "ignored_files": ignored,
            "missing_files": self._missing(),
            "seconds": self._seconds(),
        }

    def _missing(self) -> list[str]:
        """Files that the mapping speaks of and that were not there."""
        return [] if self.mapping is None else self.mapping.absent([t.name for t in self.tasks])

    def _seconds(self) -> float:
        return round(time.monotonic() - self.started, 3)


def _table_of(task: FileTask) -> str:
    """The table that a file is of by its name, if it is canonical."""
    return task.path.name.split(".")[0].lower()


def _bare(why: Withheld) -> tuple[Any, ...]:
    """A withheld row that stands in none of the files of this load: its place is all we have."""
    names = tuple(dict.fromkeys((why.value, fold(why.value)))) if why.value else ()
    reason = (why.column, why.rule, why.value)
    return (why.source, why.table, why.file, apart(why.file)[1], why.row, *reason, {}, names)


def _rows(
    counts: Mapping[str, Any], written: Written, withheld: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    tables = {*counts["read"], *counts["skipped"], *written.recovered}
    rows: dict[str, dict[str, int]] = {}
    for table in sorted(tables):
        read = counts["read"].get(table, 0)
        rejected = counts["rejected"].get(table, 0) + withheld.get(table, 0)
        rows[table] = {
            "read": read,
            "accepted": read - rejected,
            "rejected": rejected,
            "unchanged": min(written.unchanged.get(table, 0), read - rejected),
            "recovered": written.recovered.get(table, 0),
            "skipped": counts["skipped"].get(table, 0),
        }
    return rows


def _summed(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    total = Counter(first)
    total.update(second)
    return {rule: total[rule] for rule in sorted(total) if total[rule]}


def _expected(tasks: Sequence[FileTask]) -> int:
    """About how many rows the files hold, by the length of their first lines; 0: not known."""
    total = 0
    for task in tasks:
        if not task.path.name.lower().endswith((*TEXT_SUFFIXES, *JSON_SUFFIXES)):
            return 0
        with task.path.open("rb") as source:
            head = source.read(1 << 16)
        total += task.path.stat().st_size * head.count(b"\n") // max(len(head), 1)
    return total


def _hashed(task: FileTask) -> LoadFile:
    digest = hashlib.sha256()
    size = 0
    try:
        with task.path.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise InputRefused(f"{task.name}: {error.strerror}") from None
    return LoadFile(task.name, digest.hexdigest(), size)
