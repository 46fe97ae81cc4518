"""A store of its own for each test that loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.settings import Settings
from graph_service.store.open import open_store
from graph_service.store.port import Store
from loaders.load import load
from tests.loaders.support import KEY

Load = Callable[..., dict[str, Any]]


def opened(path: Path) -> Store:
    """The store at ``path``, made when nothing is there."""
    return open_store(Settings(store=str(path)), create=True, key=KEY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = opened(tmp_path / "store.db")
    yield made
    made.close()


@pytest.fixture
def loading(store: Store) -> Load:
    """``load`` into the store of the test."""

    def run(*paths: Path, **options: Any) -> dict[str, Any]:
        report = load(store, Settings(), paths, key=KEY, **options)
        for counts in report["rows"].values():
            assert counts["accepted"] + counts["rejected"] == counts["read"]
            assert counts["unchanged"] <= counts["accepted"]
        total = sum(counts["rejected"] for counts in report["rows"].values())
        assert sum(report["rejected_by_rule"].values()) == total
        return report

    return run
