"""Opening a file as a store: creation, checks, connections, and the words for what can go wrong."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from graph_service.errors import (
    KeyMismatch,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreUnavailable,
)
from graph_service.identity import IdKey
from graph_service.schema import RELATION_TYPES
from graph_service.store.sqlite.tables import (
    APPLICATION_ID,
    INDEXES,
    SCHEMA_VERSION,
    TABLES,
    create_index,
)

_MAGIC = b"SQLite format 3\0"
_READ_WAIT_MS = 10_000
_WRITE_WAIT_MS = 1_500


class Database:
    """One file, one writing connection, one reading connection per thread."""

    def __init__(self, path: Path, key: IdKey, create: bool) -> None:
        self.path = path
        self.key = key
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self.writing = threading.Lock()
        self._prepare(create)

    def _prepare(self, create: bool) -> None:
        if not self.path.exists() or self.path.stat().st_size == 0:
            if not create:
                raise StoreMissing(
                    f"There is no store at {self.path.name}",
                    "Load something first: credit-graph load FOLDER",
                )
            self._create()
        if self.path.is_dir():
            raise StoreDamaged(
                f"{self.path.name} is a folder, not a store", "Check --store or CG_STORE."
            )
        with translated(), self.path.open("rb") as head:
            if head.read(16) != _MAGIC:
                raise StoreDamaged(
                    f"{self.path.name} is not a credit-graph store", "Check --store or CG_STORE."
                )
        with translated():
            self._check(self.reader())

    def _create(self) -> None:
        with translated():
            if not self.path.parent.is_dir():
                raise StoreUnavailable(
                    f"The folder of {self.path.name} does not exist", "Create it first."
                )
            connection = self.connect(write=True)
            try:
                connection.execute("PRAGMA page_size = 8192")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    self._make_tables(connection)
                connection.execute("COMMIT")
            finally:
                connection.close()

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        for statement in (*TABLES, *map(create_index, INDEXES)):
            connection.execute(statement)
        connection.executemany(
            "INSERT INTO rtype VALUES (?, ?)",
            [(relation.number, relation.name) for relation in RELATION_TYPES],
        )
        connection.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [("digest", "0" * 64), ("id_key", self.key.fingerprint)],
        )
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _check(self, connection: sqlite3.Connection) -> None:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreDamaged(
                f"{self.path.name} is a database of another program", "Check --store or CG_STORE."
            )
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise StoreDamaged(
                f"{self.path.name} has schema version {version}, this program needs"
                f" {SCHEMA_VERSION}",
                "Export it with the version that made it, and load the export.",
            )
        kept = connection.execute("SELECT v FROM meta WHERE k = 'id_key'").fetchone()
        if kept is None or kept[0] != self.key.fingerprint:
            raise KeyMismatch(
                "This store was made with another key for ID numbers",
                "Set CG_ID_KEY_FILE to the key it was made with.",
            )

    def connect(self, write: bool) -> sqlite3.Connection:
        """A new connection in autocommit mode; the caller closes it."""
        mode = "rwc" if write else "ro"
        connection = sqlite3.connect(
            f"file:{quote(str(self.path.absolute()))}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        connection.execute(f"PRAGMA busy_timeout = {_WRITE_WAIT_MS if write else _READ_WAIT_MS}")
        connection.execute("PRAGMA cache_size = -65536")
        if write:
            connection.execute("PRAGMA mmap_size = 201326592")  # mapped pages count as memory
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = OFF")
        else:
            connection.execute("PRAGMA query_only = 1")
            connection.execute("PRAGMA mmap_size = 1073741824")
        return connection

    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self.connect(write=False)
            self._local.connection = connection
            self._local.depth = 0
            with self._guard:
                self._open.append(connection)
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection inside one read transaction; scopes nest."""
        with _worded():
            connection = self.reader()
            if self._local.depth == 0:
                connection.execute("BEGIN")
            self._local.depth += 1
            try:
                yield connection
            finally:
                self._local.depth -= 1
                if self._local.depth == 0 and connection.in_transaction:
                    connection.execute("COMMIT")

    @contextmanager
    def transaction(
        self, work: Callable[[sqlite3.Connection], None] | None = None
    ) -> Iterator[sqlite3.Connection]:
        """A writing transaction: all of it or, on any exception, none."""
        if not self.writing.acquire(timeout=_WRITE_WAIT_MS / 1000):
            raise busy()
        try:
            with _worded():
                connection = self.connect(write=True)
                try:
                    if work is not None:
                        work(connection)
                    connection.execute("BEGIN IMMEDIATE")
                    try:
                        yield connection
                    except BaseException:
                        connection.execute("ROLLBACK")
                        raise
                    connection.execute("COMMIT")
                finally:
                    connection.close()
        finally:
            self.writing.release()

    def close(self) -> None:
        """Close every connection."""
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()
        if self.path.with_name(self.path.name + "-wal").exists():
            with suppress(sqlite3.Error):  # the last one out folds the log into the file
                connection = self.connect(write=True)
                connection.execute("SELECT 1 FROM meta").fetchone()
                connection.close()


def busy() -> StoreBusy:
    """The error for a second writer."""
    return StoreBusy(
        "Another load is writing to this store", "Wait until it has ended, then run this again."
    )


@contextmanager
def _worded() -> Iterator[None]:
    """SQLite's errors in the program's own words."""
    try:
        yield
    except sqlite3.Error as error:
        raise _in_our_words(error) from error


@contextmanager
def translated() -> Iterator[None]:
    """What opening a store's file can raise, in the program's own words."""
    try:
        with _worded():
            yield
    except PermissionError as error:
        raise StoreUnavailable(
            "The store's file may not be opened", "Check the file's permissions."
        ) from error


def _in_our_words(error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy()
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged(
            "The store's file is damaged", "Restore the last backup: credit-graph restore FILE"
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreUnavailable("The disk is full", "Make room, then run this again.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreUnavailable(
            "The store's file cannot be opened here: it and its folder must be writable",
            "Check the folder's permissions, or copy the store where it can be written.",
        )
    return StoreError(f"The store failed: {error}", "Run: credit-graph doctor")
