"""The single choice of engine: by the store's address, once. Nobody else asks which engine it is.

Addresses: a path, ``sqlite:///PATH``, ``bolt://…``, ``neo4j://…``.
"""

from __future__ import annotations

from pathlib import Path

from graph_service.errors import NotOverwritten, StoreMissing, StoreUnavailable, UsageError
from graph_service.identity import IdKey, load_id_key
from graph_service.settings import Settings
from graph_service.store.port import Store

_SQLITE = "sqlite:"
_REMOTE = ("bolt", "neo4j")


def open_store(settings: Settings, *, create: bool = False, key: IdKey | None = None) -> Store:
    """The store at ``settings.store``; with ``create``, made when nothing is there.

    ``key``: the ID key, default the user's. Raises StoreMissing, StoreUnavailable, StoreDamaged,
    KeyMismatch or UsageError.
    """
    path = store_path(settings)
    _require(path, create)
    from graph_service.store.sqlite.engine import SqliteStore

    return SqliteStore.open(
        path,
        key or load_id_key(settings),
        create=create,
        source_order=settings.source_order,
    )


def check_store(settings: Settings, *, key: IdKey | None = None) -> list[str]:
    """What is wrong with the store's files, in the engine's words; empty when nothing is."""
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
    path = store_path(settings)
    if not backup.is_file():
        raise UsageError(f"no backup at {backup}", "Give the file that `backup` wrote.")
    if path.exists() and not force:
        raise NotOverwritten(f"{path} exists", "Choose another --store, or say --force.")
    from graph_service.store.sqlite.engine import SqliteStore

    SqliteStore.restore(path, backup, key or load_id_key(settings), force=force).close()


def store_stamp(settings: Settings) -> tuple[int, int] | None:
    """What changes when another store has been put at the address; None when nothing is there."""
    try:
        found = store_path(settings).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def store_path(settings: Settings) -> Path:
    """The file of an embedded store; raises StoreUnavailable for a server, else UsageError."""
    address = settings.store
    scheme, separator, _rest = address.partition("://")
    if separator and scheme.partition("+")[0] in _REMOTE:
        raise StoreUnavailable(
            "the Neo4j engine is not in this version yet", "Use a path for an embedded store."
        )
    if address.startswith(_SQLITE):
        return Path(_sqlite_path(address)).expanduser()
    if separator:
        raise UsageError(
            f"unknown kind of store: {scheme}://",
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
    if path.is_dir():
        raise UsageError(f"{path} is a folder", "Name the store's file.")
    if not create and not path.exists():
        raise StoreMissing(f"no store at {path}", "`credit-graph load` makes one; or give --store.")
