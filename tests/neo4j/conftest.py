"""A real server, its store, and the program run against it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graph_service.cli.main import main
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.server import Link
from graph_service.store.sqlite.workbench import SqliteBenches
from tests.support import neo4j_pool
from tests.support.facts import KEY


@dataclass(frozen=True, slots=True)
class Remote:
    """An empty server and a folder for workbenches."""

    link: Link
    folder: Path
    opened: list[Neo4jStore] = field(default_factory=list)

    def store(self, bench: str = "here", create: bool = True, **more: Any) -> Neo4jStore:
        """The store, as the machine sees it whose workbenches stand in folder ``bench``."""
        link = more.pop("link", self.link)
        made = Neo4jStore.open(
            link, KEY, SqliteBenches(KEY), self.folder / bench, create=create, **more
        )
        self.opened.append(made)
        return made

    def rows(self, cypher: str, **params: Any) -> list[Any]:
        """What the server says to a statement of a test."""
        return self.store().server.put(cypher, params)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """A wiped server of this process's pool."""
    neo4j_pool.require()
    link, _ = neo4j_pool.place_of(tmp_path / "store")
    made = Remote(link, tmp_path / "benches")
    yield made
    for store in made.opened:
        store.close()
    neo4j_pool.release(tmp_path)


@dataclass(frozen=True, slots=True)
class Program:
    """The command line, with the credentials of a server in its environment."""

    link: Link
    folder: Path

    def __call__(self, *words: str, store: str | None = None) -> tuple[int, Any]:
        """The exit status and document of one command; ``store``: instead of the server."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = main(["--store", store or self.link.address, *words, "--json"])
        assert self.link.password not in out.getvalue() + err.getvalue()
        return status, json.loads(out.getvalue())


@pytest.fixture
def program(remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The command line."""
    key = tmp_path / "id.key"
    key.write_bytes(bytes(range(1, 33)))
    monkeypatch.setenv("CG_ID_KEY_FILE", str(key))
    monkeypatch.setenv("CG_WORKBENCH_DIR", str(tmp_path / "benches"))
    monkeypatch.setenv("CG_STORE_USER", remote.link.user)
    monkeypatch.setenv("CG_STORE_PASSWORD", remote.link.password)
    return Program(remote.link, tmp_path)
