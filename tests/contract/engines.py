"""The engines that the contract suite runs on: each keeps every promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph_service.identity import IdKey
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.port import Store
from graph_service.store.sqlite.engine import SqliteStore
from graph_service.store.sqlite.workbench import SqliteBenches
from tests.support import neo4j_pool
from tests.support.proof import times

Open = Callable[[Path, IdKey, bool, tuple[str, ...]], Store]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine under test: its class, and how a store of it is opened, made and let go."""

    name: str
    cls: type[Store]
    open: Open
    require: Callable[[], None] = lambda: None  # skips the test where the engine cannot be had
    release: Callable[[Path], None] = lambda folder: None  # stores below a folder are done with
    examples: int | None = None  # of a random test at most; None: as many as the test tries


def _sqlite(place: Path, key: IdKey, create: bool, source_order: tuple[str, ...]) -> Store:
    return SqliteStore.open(place, key, create=create, source_order=source_order)


def _neo4j(place: Path, key: IdKey, create: bool, source_order: tuple[str, ...]) -> Store:
    link, empty = neo4j_pool.place_of(place)
    folder = place.parent / "workbenches"
    benches = SqliteBenches(key)
    if place.exists() and empty:  # a backup is opened by restoring it
        Neo4jStore.restore(link, key, benches, folder, place, source_order=source_order)
    return Neo4jStore.open(link, key, benches, folder, create=create, source_order=source_order)


ENGINES = (
    Engine("sqlite", SqliteStore, _sqlite),
    Engine(
        "neo4j",
        Neo4jStore,
        _neo4j,
        require=neo4j_pool.require,
        release=neo4j_pool.release,
        examples=times(2, 100),
    ),
)
