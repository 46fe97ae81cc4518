"""The program run in this process, over the town or over nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from graph_service.cli.main import main
from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.support.front import opened_town


class Ran(NamedTuple):
    """What one run left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class Run(Protocol):
    """Runs the program with some arguments."""

    def __call__(self, *arguments: str) -> Ran: ...


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Store]]:
    """The town's settings and open store; tests only read it."""
    with opened_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def run(
    tmp_path: Path,
    town: tuple[Settings, Store],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """The program in an empty folder, with the town's key; ``credit-graph.db`` is its store."""
    for name in ("CG_STORE", "CG_LANG", "CG_API_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CG_ID_KEY_FILE", str(town[0].id_key_file))
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()

    def call(*arguments: str) -> Ran:
        status = main(arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    return call


@pytest.fixture
def asked(run: Run, town: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The program over the town."""
    monkeypatch.setenv("CG_STORE", town[0].store)
    return run
