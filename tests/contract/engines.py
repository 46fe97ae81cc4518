"""The engines that the contract suite runs on.

A promise that an engine cannot keep yet stands in its ``gaps``, test by test with the reason: the
test is then expected to fail, strictly, so that a gap that closes is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_service.identity import IdKey
from graph_service.store.port import Store
from graph_service.store.sqlite.engine import SqliteStore

Open = Callable[[Path, IdKey, bool, tuple[str, ...]], Store]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine under test: its class, how a store of it is opened or made, and what it lacks."""

    name: str
    cls: type[Store]
    open: Open
    gaps: Mapping[str, str] = field(default_factory=dict)


def _sqlite(place: Path, key: IdKey, create: bool, source_order: tuple[str, ...]) -> Store:
    return SqliteStore.open(place, key, create=create, source_order=source_order)


ENGINES = (Engine("sqlite", SqliteStore, _sqlite),)
