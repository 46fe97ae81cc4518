"""``SqliteStore``: the embedded engine behind both ports."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from graph_service.days import today
from graph_service.errors import NotOverwritten, StoreDamaged
from graph_service.identity import IdKey
from graph_service.model import (
    Batch,
    Expansion,
    Found,
    FullOf,
    Party,
    Record,
    Relation,
    RelationFilter,
    StoreInfo,
    Withheld,
    Written,
)
from graph_service.store.derive import Precedence
from graph_service.store.port import Ahead, Progress, Scan
from graph_service.store.sqlite import derivation, hops, ingest, reader, resolver
from graph_service.store.sqlite.archive import SqliteArchive
from graph_service.store.sqlite.database import Database
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.quarantine import drop_rejects
from graph_service.store.sqlite.relations import count_over_full
from graph_service.store.sqlite.settling import settle_later
from graph_service.store.sqlite.tables import (
    INDEXES,
    KIND_NAMES,
    RULES,
    TABLE_NAMES,
    TYPE_NUMBERS,
    create_index,
)
from graph_service.store.sqlite.unsaid import end_unsaid

_TYPE_NAMES = {number: name for name, number in TYPE_NUMBERS.items()}


class SqliteStore(SqliteArchive):
    """One file as a ``Store``: facts here, papers in ``SqliteArchive``."""

    def __init__(self, database: Database, source_order: tuple[str, ...] = ()) -> None:
        super().__init__(database, Precedence(source_order))
        self._order = ",".join(source_order)
        self._names = reader.Names()
        self.progress: Progress | None = None

    @classmethod
    def open(
        cls, path: Path, key: IdKey, *, create: bool = False, source_order: tuple[str, ...] = ()
    ) -> SqliteStore:
        """The store at ``path``; raises StoreMissing, StoreDamaged or KeyMismatch."""
        store = cls(Database(Path(path), key, create), source_order)
        store._keep_order()
        return store

    @classmethod
    def restore(cls, path: Path, backup: Path, key: IdKey, *, force: bool = False) -> SqliteStore:
        """Put a backup in place; an existing store is not replaced unless ``force``."""
        if path.exists() and not force:
            raise NotOverwritten(
                f"{path.name} exists", "Name another --store, or say --force to replace it."
            )
        cls.require_backup(backup, key)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        scratch = path.with_name(path.name + ".restoring")
        shutil.copyfile(backup, scratch)
        os.replace(scratch, path)
        return cls.open(path, key)

    @classmethod
    def require_backup(cls, backup: Path, key: IdKey) -> None:
        """Refuse a damaged or foreign backup before anything goes: StoreDamaged, which names the
        backup and not the store."""
        try:
            cls.open(backup, key).close()
        except StoreDamaged as error:
            raise StoreDamaged(error.detail, "Give the file that `backup` wrote.") from None

    def _keep_order(self) -> None:
        """Derive anew what sources disagree about when the stated precedence has changed."""
        with self.database.reading() as c:
            row = c.execute("SELECT v FROM meta WHERE k = 'source_order'").fetchone()
            empty = c.execute("SELECT 1 FROM stmt LIMIT 1").fetchone() is None
        if (row[0] if row else "") == self._order:
            return
        with self.database.transaction() as c:
            if not empty:
                started = ingest.start(c, 0, _silent)
                _mark_disagreeing(c)
                derivation.derive_all(started, self.database.key, self._precedence)
                _keep_counts(started)
            c.execute("INSERT OR REPLACE INTO meta VALUES ('source_order', ?)", (self._order,))

    # -- writing -------------------------------------------------------------------------------

    def write(self, batches: Iterable[Batch], load: int, full: Sequence[FullOf] = ()) -> Written:
        """See ``GraphStore.write``: one transaction."""
        say = self.progress or _silent
        with self.database.transaction(_for_writing) as c:
            work = ingest.start(c, load, say)
            ingest.stage(work, batches)
            ingest.settle_first(work) if work.fresh else settle_later(work)
            for each in full:
                end_unsaid(work, each)
            return self._finish(work)

    def forget(self, source: str, keep_load: int | None = None) -> int:
        """See ``GraphStore.forget``."""
        with self.database.transaction(_for_writing) as c:
            row = c.execute("SELECT no FROM source WHERE name = ?", (source,)).fetchone()
            if row is None:
                return 0
            work = ingest.start(c, 0, _silent)
            work.fresh = False
            _need_indexes(c)
            sids = [
                sid
                for (sid,) in c.execute(
                    "SELECT sid FROM stmt WHERE source = ? AND load IS NOT ?", (row[0], keep_load)
                )
            ]
            ingest.remove(work, sids)
            self._finish(work)
            if keep_load is None:
                self._forget_papers(c, source)
            return len(sids)

    def _finish(self, work: Ingest) -> Written:
        c = work.c
        resolver.resolve(work, self.database.key)
        conflicts = derivation.derive_all(work, self.database.key, self._precedence)
        for rule, count in work.stood.items():  # what stood before this load is not its doing
            work.warnings[rule] -= count
        conflicts = max(0, conflicts - work.stood.total())
        over = count_over_full(c, work.fresh, today())
        if over:
            work.warnings["share_sum_over_100"] += over
        c.executemany(
            "UPDATE source SET said = said + ? WHERE no = ?",
            [(more, number) for number, more in work.said.items()],
        )
        c.execute("UPDATE meta SET v = ? WHERE k = 'digest'", (f"{work.digest:064x}",))
        _keep_counts(work)
        recovered = _recovered(work)
        withheld = _withheld(work)
        self._keep_withheld(c, withheld, work.load)
        _uncount_withheld(work)
        for row in _unchanged_withheld(c):
            work.unchanged[TABLE_NAMES[row[0]]] -= row[1]
        work.say("done", 1, 1)
        return Written(
            dict(+work.unchanged),
            recovered,
            tuple(row for row, load in withheld if load == work.load),
            dict(+work.created),
            dict(+work.updated),
            dict(+work.ended),
            dict(+work.warnings),
            conflicts,
        )

    # -- reading -------------------------------------------------------------------------------

    def reading(self, ahead: Ahead | None = None) -> AbstractContextManager[None]:
        """See ``GraphStore.reading``: one read transaction of this thread. Nothing is fetched
        ahead: a call costs next to nothing."""
        return self._reading()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self.database.reading():
            yield

    def parties(self, ids: Iterable[str], records: bool = False) -> dict[str, Party]:
        """See ``GraphStore.parties``."""
        with self.database.reading() as c:
            return reader.parties(c, self.database.key, self._names, ids, records)

    def find(self, text: str, kinds: Sequence[str] = (), limit: int = 20) -> Found:
        """See ``GraphStore.find``."""
        with self.database.reading() as c:
            return reader.find(c, self.database.key, text, kinds, limit)

    def expand(
        self, ids: Iterable[str], only: RelationFilter, per_party: int | None = None
    ) -> Expansion:
        """See ``GraphStore.expand``."""
        with self.database.reading() as c:
            return hops.expand(c, self.database.key, self._names, ids, only, per_party)

    def scan(self, what: Scan) -> Iterator[Party] | Iterator[Relation] | Iterator[Record]:
        """See ``GraphStore.scan``."""
        if what.what == "parties":
            return self._scanned_parties()
        if what.what == "relations":
            return self._scanned_relations(what.relations or RelationFilter(today()))
        return self._scanned_records(what.in_force_on)

    def _scanned_parties(self) -> Iterator[Party]:
        with self.database.reading() as c:
            yield from reader.scan_parties(c)

    def _scanned_relations(self, only: RelationFilter) -> Iterator[Relation]:
        with self.database.reading() as c:
            yield from hops.scan_relations(c, self._names, only)

    def _scanned_records(self, day: int | None) -> Iterator[Record]:
        with self.database.reading() as c:
            yield from reader.scan_records(c, self._names, day)

    def info(self) -> StoreInfo:
        """See ``GraphStore.info``: the counts were made when the last write ended."""
        with self.database.reading() as c:
            kept = dict(c.execute("SELECT k, v FROM meta WHERE k IN ('counts', 'digest')"))
            kept_counts = json.loads(kept.get("counts", "[{}, {}, {}, []]"))
            return StoreInfo(
                kept_counts[0],
                kept_counts[1],
                kept_counts[2],
                tuple(kept_counts[3]),
                kept["digest"],
                self._unfinished(c),
            )

    @staticmethod
    def _unfinished(c: sqlite3.Connection) -> tuple[int, ...]:
        rows = c.execute("SELECT id FROM load WHERE status = 'running' ORDER BY id")
        return tuple(number for (number,) in rows)

    def check(self) -> list[str]:
        """What is wrong with the file; empty when all is well."""
        with self.database.reading() as c:
            found = [row[0] for row in c.execute("PRAGMA quick_check") if row[0] != "ok"]
            made = {
                row[0] for row in c.execute("SELECT name FROM sqlite_master WHERE type='index'")
            }
            found += [f"index {name} is missing" for name in INDEXES if name not in made]
        return found

    def close(self) -> None:
        """See ``GraphStore.close``."""
        self.database.close()


def _silent(phase: str, done: int, total: int) -> None:
    return None


def _for_writing(c: sqlite3.Connection) -> None:
    c.execute("PRAGMA cache_size = -131072")
    c.execute("PRAGMA mmap_size = 0")  # a page that is written is copied into the cache anyway
    c.execute("PRAGMA temp_store = FILE")
    c.execute("PRAGMA temp.cache_size = -49152")
    c.execute("PRAGMA wal_autocheckpoint = 4000")


def counts(c: sqlite3.Connection) -> list[object]:
    """Parties by kind, relations by type, records by list, and sources."""
    kinds = c.execute(
        "SELECT kind, count(*) FROM party WHERE kind IN (1, 2) GROUP BY kind"
    ).fetchall()
    types = c.execute("SELECT type, count(*) FROM rel GROUP BY type").fetchall()
    return _counted(
        c,
        {KIND_NAMES[kind]: count for kind, count in kinds},
        {_TYPE_NAMES[number]: count for number, count in types},
    )


def _counted(
    c: sqlite3.Connection, kinds: dict[str, int], relations: dict[str, int]
) -> list[object]:
    """Parties by kind and relations by type, with what is few enough to be counted every time."""
    same = c.execute("SELECT count(*) FROM stmt WHERE type = 11 AND state = 0").fetchone()[0]
    lists = c.execute("SELECT list, count(*) FROM rec GROUP BY list").fetchall()
    sources = c.execute("SELECT name FROM source WHERE said > 0")
    relations = {**relations, "SAME_AS": same}
    return [
        {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind]},
        {name: relations[name] for name in sorted(relations) if relations[name]},
        dict(sorted(lists)),
        sorted(name for (name,) in sources),
    ]


def _keep_counts(work: Ingest) -> None:
    """Note the counts; on a later load by what became more or fewer: the tables are large."""
    c = work.c
    row = c.execute("SELECT v FROM meta WHERE k = 'counts'").fetchone()
    if work.fresh or row is None:
        now = counts(c)
    else:
        was = json.loads(row[0])
        kinds, types = Counter(was[0]), Counter(was[1])
        kinds.update({KIND_NAMES[kind]: work.parties[kind] for kind in (1, 2)})
        types.update({_TYPE_NAMES[number]: more for number, more in work.relations.items()})
        now = _counted(c, kinds, types)
    c.execute("INSERT OR REPLACE INTO meta VALUES ('counts', ?)", (json.dumps(now),))


def _need_indexes(c: sqlite3.Connection) -> None:
    for name in INDEXES:
        c.execute(create_index(name))


def _mark_disagreeing(c: sqlite3.Connection) -> None:
    c.execute("INSERT INTO temp.du SELECT f, t, type FROM unit")
    c.execute("INSERT INTO temp.dp SELECT n FROM party WHERE conflicts > 0")
    c.execute("INSERT OR IGNORE INTO temp.dp SELECT n FROM party WHERE known = 0")


def _recovered(work: Ingest) -> dict[str, int]:
    """Rows of earlier loads whose references resolve now, by table; they leave the quarantine."""
    c = work.c
    rows = c.execute(
        "SELECT DISTINCT s.tbl, o.name, f.name, s.row, s.load FROM temp.flip x"
        " CROSS JOIN stmt s ON s.sid = x.sid"
        " JOIN source o ON o.no = s.source JOIN file f ON f.no = s.file"
        " WHERE x.was <> 0 AND s.state = 0",
    ).fetchall()
    found: Counter[str] = Counter()
    for tbl, source, file, row, load in rows:
        if load != work.load:
            found[TABLE_NAMES[tbl]] += 1
        drop_rejects(
            c,
            "source = ? AND tbl = ? AND file = ? AND row = ?",
            (source, TABLE_NAMES[tbl], file, row),
        )
    return dict(found)


def _withheld(work: Ingest) -> list[tuple[Withheld, int]]:
    """Rows that do not resolve, with their load: this load's own, and what it unsettled."""
    rows = work.c.execute(
        "SELECT s.tbl, o.name, f.name, s.row, s.part, s.key, s.col, s.state, s.vals, s.load"
        " FROM stmt s CROSS JOIN source o ON o.no = s.source CROSS JOIN file f ON f.no = s.file"
        " WHERE s.state <> 0 AND (s.load = ? OR s.sid IN (SELECT sid FROM temp.flip))"
        " ORDER BY o.name, s.tbl, f.name, s.row, s.part, s.key",
        (work.load,),
    )
    found: dict[tuple[str, str, str, int, int], tuple[Withheld, int]] = {}
    rejected: set[tuple[str, str, str, int]] = set()
    for tbl, source, file, row, part, key, column, state, vals, load in rows:
        place = (source, TABLE_NAMES[tbl], file, row)
        if part and place in rejected:
            continue  # another post of the same row
        rejected.add(place)
        values = json.loads(vals)
        if column not in values and values.get(f"{column}_name"):
            column = f"{column}_name"
        named = _named(values, column)
        found[*place, key] = (Withheld(*place, column, RULES[state], named), load)
    return [found[place] for place in sorted(found)]


def _uncount_withheld(work: Ingest) -> None:
    """What came in and does not resolve was not created or updated."""
    rows = work.c.execute(
        # few are withheld: the plus keeps SQLite from going through all that came in
        "SELECT tbl, count(*) FROM stmt WHERE state <> 0 AND +sid > ? GROUP BY tbl",
        (work.last_sid,),
    )
    for tbl, count in rows.fetchall():
        table = TABLE_NAMES[tbl]
        created = min(count, work.created[table])
        work.created[table] -= created
        work.updated[table] -= min(count - created, work.updated[table])


def _unchanged_withheld(c: sqlite3.Connection) -> list[tuple[int, int]]:
    """How many rows were said again that still do not resolve: rejected again, not unchanged."""
    return c.execute(
        "SELECT s.tbl, sum(s.part = 0) FROM temp.same m JOIN stmt s USING (sid)"
        " WHERE s.state <> 0 GROUP BY s.tbl"
    ).fetchall()


def _named(values: dict[str, str], column: str) -> str:
    for field in (column, f"{column}_name", "person_name", "holder_name", "enterprise_name"):
        if values.get(field):
            return values[field]
    return ""
