"""The single choice of engine: by the store's address, once. Nobody else asks which engine it is.

Addresses: a path, ``sqlite:///PATH``, ``bolt://…``, ``neo4j://…``, the latter two also with ``+s``
and ``+ssc``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from graph_service.cases import Case
from graph_service.errors import (
    NotOverwritten,
    SettingsError,
    StoreMissing,
    StoreUnavailable,
    UsageError,
)
from graph_service.identity import IdKey, load_id_key
from graph_service.settings import Settings
from graph_service.store.port import Progress, Store

if TYPE_CHECKING:
    from graph_service.store.neo4j.importing import Imported
    from graph_service.store.neo4j.server import Link

_SQLITE = "sqlite:"
_REMOTE = ("bolt", "neo4j")
_SECURITY = ("", "s", "ssc")


def open_store(settings: Settings, *, create: bool = False, key: IdKey | None = None) -> Store:
    """The store at ``settings.store``; with ``create``, made when nothing is there.

    ``key``: the ID key, default the user's. Raises StoreMissing, StoreUnavailable, StoreDamaged,
    KeyMismatch or UsageError.
    """
    if is_server(settings):
        return _open_server(settings, key, create)
    path = store_path(settings)
    _require(path, create)
    from graph_service.store.sqlite.engine import SqliteStore

    return SqliteStore.open(
        path,
        key or load_id_key(settings),
        create=create,
        source_order=settings.source_order,
    )


class Checked(Store, Protocol):
    """A store that can look at itself."""

    def check(self) -> list[str]:
        """What is wrong with it."""
        ...


def _open_server(settings: Settings, key: IdKey | None, create: bool) -> Checked:
    from graph_service.store.neo4j.engine import Neo4jStore
    from graph_service.store.sqlite.workbench import SqliteBenches

    chosen = key or load_id_key(settings)
    return Neo4jStore.open(
        _link(settings),
        chosen,
        SqliteBenches(chosen),
        _workbenches(settings),
        create=create,
        source_order=settings.source_order,
    )


def _link(settings: Settings) -> Link:
    from graph_service.store.neo4j.server import Link

    _check_address(settings)
    return Link(
        settings.store,
        settings.store_user,
        _password(settings),
        settings.store_database,
        seconds=settings.seconds,
        connect_seconds=settings.store_connect_seconds,
        step_seconds=settings.store_step_seconds,
        retry_seconds=settings.store_retry_seconds,
        pool=settings.store_pool,
        ca_file=settings.store_ca_file,
    )


def _check_address(settings: Settings) -> None:
    """Refuse what the driver takes for something else, or would repeat in its own words."""
    try:
        address = urlsplit(settings.store)
        given = address.username is not None or address.password is not None
        strange = address.port == 0 or address.path not in ("", "/") or bool(address.fragment)
    except ValueError:
        given, strange = "@" in settings.store, True
    if given:
        raise UsageError(
            "a server's address holds no user and no password",
            "Set CG_STORE_USER and CG_STORE_PASSWORD_FILE instead.",
        )
    if strange or (address.query and address.scheme.startswith("bolt")):
        raise UsageError(
            "the server's address is not one", "Write it as bolt://HOST:PORT or neo4j://HOST:PORT."
        )
    if settings.store_database == "system":
        raise SettingsError(
            "CG_STORE_DATABASE names the database that the server keeps for itself",
            "Check CG_STORE_DATABASE.",
        )
    if settings.store_ca_file is not None and not os.access(settings.store_ca_file, os.R_OK):
        raise SettingsError(
            "CG_STORE_CA_FILE cannot be read", "Point it at a file with certificates (PEM)."
        )


def _password(settings: Settings) -> str:
    if settings.store_password_file is None:
        return settings.store_password
    try:
        return settings.store_password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            "CG_STORE_PASSWORD_FILE cannot be read", "Point it at a file with the password."
        ) from None


def _workbenches(settings: Settings) -> Path:
    if settings.workbench_dir is not None:
        return settings.workbench_dir
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "credit-graph" / "workbench"


def check_store(settings: Settings, *, key: IdKey | None = None) -> list[str]:
    """What is wrong with the store, in the engine's words; empty when nothing is."""
    store: Checked
    if is_server(settings):
        store = _open_server(settings, key, False)
    else:
        path = store_path(settings)
        _require(path, create=False)
        from graph_service.store.sqlite.engine import SqliteStore

        store = SqliteStore.open(
            path, key or load_id_key(settings), create=False, source_order=settings.source_order
        )
    try:
        return list(store.check())
    finally:
        store.close()


def restore_store(
    settings: Settings, backup: Path, *, force: bool = False, key: IdKey | None = None
) -> None:
    """Put a backup in the place of the store; raises NotOverwritten when one is there."""
    if not backup.is_file():
        raise UsageError(f"no backup at {backup}", "Give the file that `backup` wrote.")
    chosen = key or load_id_key(settings)
    from graph_service.store.sqlite.engine import SqliteStore

    if is_server(settings):
        from graph_service.store.neo4j.engine import Neo4jStore
        from graph_service.store.sqlite.workbench import SqliteBenches

        SqliteStore.require_backup(backup, chosen)
        Neo4jStore.restore(
            _link(settings),
            chosen,
            SqliteBenches(chosen),
            _workbenches(settings),
            backup,
            force=force,
            source_order=settings.source_order,
        )
        return
    path = store_path(settings)
    if path.exists() and not force:
        raise NotOverwritten(f"{path} exists", "Choose another --store, or say --force.")
    SqliteStore.restore(path, backup, chosen, force=force).close()


def discard_store(settings: Settings) -> None:
    """Remove the files of an embedded store."""
    path = store_path(settings)
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def write_import(
    settings: Settings, folder: Path, say: Progress, *, key: IdKey | None = None
) -> Imported:
    """Write an embedded store into an empty folder, for the import tool of a Neo4j server.

    Raises UsageError for a server's store, and what opening and reading raise.
    """
    if is_server(settings):
        raise UsageError(
            "--neo4j-import needs an embedded store",
            "Take one from the server: credit-graph backup FILE, then --store FILE export …",
        )
    path = store_path(settings)
    _require(path, create=False)
    from graph_service.store.neo4j.importing import Import
    from graph_service.store.sqlite.engine import SqliteStore
    from graph_service.store.sqlite.workbench import whole

    chosen = key or load_id_key(settings)
    store = SqliteStore.open(path, chosen, source_order=settings.source_order)
    try:
        changes = whole(store)
        try:
            made = Import(changes, folder, chosen.fingerprint, say, whole_cases(store))
            return made.write(settings.store_database or "neo4j")
        finally:
            changes.close()
    finally:
        store.close()


def whole_cases(store: Store) -> Iterator[Case]:
    """Every case of a store with all that stands in it, in the order of the list."""
    for head in store.cases():
        found = store.case(head.id)
        if found is not None:  # none: somebody removed it meanwhile
            yield found


def store_stamp(settings: Settings) -> tuple[int, int] | None:
    """What changes when another store has been put at the address; None when nothing is there.

    Of a server it is always the same: its engine notices by itself.
    """
    if is_server(settings):
        return (0, 0)
    try:
        found = store_path(settings).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def mends_itself(settings: Settings) -> bool:
    """Whether a store that did not answer may be kept: a server's connections are made anew."""
    return is_server(settings)


def is_server(settings: Settings) -> bool:
    """Whether the address is a server's."""
    scheme, separator, _rest = settings.store.partition("://")
    name, _, security = scheme.partition("+")
    return bool(separator) and name in _REMOTE and security in _SECURITY


def store_path(settings: Settings) -> Path:
    """The file of an embedded store; raises UsageError for anything else."""
    address = settings.store
    _scheme, separator, _rest = address.partition("://")
    if address.startswith(_SQLITE):
        return Path(_sqlite_path(address)).expanduser()
    if separator:
        raise UsageError(
            f"unknown kind of store: {address.partition('://')[0]}://",
            "Use a path, sqlite:///PATH, bolt:// or neo4j://.",
        )
    return Path(address).expanduser()


def _sqlite_path(address: str) -> str:
    """``sqlite:///a.db`` is relative and ``sqlite:////a.db`` absolute, as SQLAlchemy has it."""
    rest = address.removeprefix(_SQLITE)
    if not rest.startswith("///") or len(rest) == 3:
        raise UsageError("a store's address is sqlite:///PATH", "Three slashes, then the path.")
    return rest[3:]


def _require(path: Path, create: bool) -> None:
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except PermissionError:
        raise StoreUnavailable(
            "The store's file may not be opened", "Check the file's permissions."
        ) from None
    if is_folder:
        raise UsageError(f"{path} is a folder", "Name the store's file.")
    if not create and not is_there:
        raise StoreMissing(f"no store at {path}", "`credit-graph load` makes one; or give --store.")
