"""Each test of this room runs on every engine, on stores of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.store.port import Store
from tests.contract.engines import ENGINES, Engine
from tests.support.facts import KEY


class Maker:
    """Makes and opens stores of one engine below a folder; closes them when the test ends."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._opened: list[Store] = []

    def place(self, name: str) -> Path:
        """A path for a store that is not there yet."""
        return self._folder / f"{name}.db"

    def new(self, *source_order: str) -> Store:
        """An empty store that trusts sources in this order."""
        return self.open(self.place(f"store{len(self._opened)}"), *source_order, create=True)

    def open(self, place: Path, *source_order: str, create: bool = False) -> Store:
        """The store at a place, made there with ``create``."""
        store = self.engine.open(place, KEY, create, source_order)
        self._opened.append(store)
        return store

    def close(self) -> None:
        """Close what was opened; an example that is given up in the middle must come here too."""
        for store in self._opened:
            store.close()
        self.engine.release(self._folder)


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    found: Engine = request.param
    found.require()
    return found


@pytest.fixture
def maker(engine: Engine, tmp_path: Path) -> Iterator[Maker]:
    """Stores of the engine under test."""
    made = Maker(engine, tmp_path)
    yield made
    made.close()


@pytest.fixture
def store(maker: Maker) -> Store:
    """An empty store."""
    return maker.new()
