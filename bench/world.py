"""Where a benchmark's files are, and the store over them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.generate import Scale
from graph_service.settings import Settings, load_settings
from graph_service.store.open import is_server, open_store
from graph_service.store.port import Store

SOURCE = "registry"
_OF_A_SERVER = {
    "CG_STORE_USER", "CG_STORE_PASSWORD", "CG_STORE_PASSWORD_FILE", "CG_STORE_DATABASE",
    "CG_STORE_CA_FILE", "CG_WORKBENCH_DIR",
}  # fmt: skip


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

    def settings_at(self, address: str) -> Settings:
        """Settings for a store on a server."""
        return settings_of(address, self.key)

    @contextmanager
    def opened(self, path: Path | None = None) -> Iterator[Store]:
        """The loaded store, or another embedded one of this world."""
        store = open_store(self.settings(path))
        try:
            yield store
        finally:
            store.close()

    def prepare(self) -> None:
        """Make the folder and the key."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.key.exists():
            self.key.write_bytes(b"credit-graph bench key 0123456789")


def settings_of(store: Path | str, key: Path) -> Settings:
    """The settings of a benchmark: defaults, the store and the key; of a server its credentials
    and the folder of workbenches, which stand in the environment."""
    told = load_settings({}, store=str(store), id_key_file=key)
    if not is_server(told):
        return told
    named = {name: value for name, value in os.environ.items() if name in _OF_A_SERVER}
    return load_settings(named, store=str(store), id_key_file=key)


def clear(store: Path) -> None:
    """Remove a store and its side files."""
    for ending in ("", "-wal", "-shm"):
        store.with_name(store.name + ending).unlink(missing_ok=True)
