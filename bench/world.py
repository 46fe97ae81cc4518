"""Where a benchmark's files are, and the store over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.generate import Scale
from graph_service.settings import Settings
from graph_service.store.open import open_store
from graph_service.store.port import Store

SOURCE = "registry"


@dataclass(frozen=True, slots=True)
class World:
    """One scale's folder: the generated files, a key of its own, and the loaded store."""

    folder: Path
    scale: Scale

    @property
    def store(self) -> Path:
        """The store with the first load, nothing more."""
        return self.folder / "first.db"

    @property
    def key(self) -> Path:
        """The secret for ID numbers: the user's own stays out of benchmarks."""
        return self.folder / "id.key"

    def settings(self, store: Path | None = None) -> Settings:
        """Settings for a store of this world; nothing of the environment."""
        return settings_of(store or self.store, self.key)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """The loaded store."""
        store = open_store(self.settings())
        try:
            yield store
        finally:
            store.close()

    def prepare(self) -> None:
        """Make the folder and the key."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.key.exists():
            self.key.write_bytes(b"credit-graph bench key 0123456789")


def settings_of(store: Path, key: Path) -> Settings:
    """The settings of a benchmark: defaults, the store and the key."""
    return Settings(store=str(store), id_key_file=key)


def clear(store: Path) -> None:
    """Remove a store and its side files."""
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).unlink(missing_ok=True)
