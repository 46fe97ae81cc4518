"""The town, loaded once, and a client of a service over it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from graph_service.cli.main import main
from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.api.client import TestClient, client_of
from tests.support.front import opened_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Store]]:
    """The town's settings and open store."""
    with opened_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="session")
def client(town: tuple[Settings, Store]) -> Iterator[TestClient]:
    """A client of a service over the town."""
    with client_of(*town) as found:
        yield found


@pytest.fixture
def ask(
    town: tuple[Settings, Store],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Asks the command line; gives the document."""
    monkeypatch.setenv("CG_ID_KEY_FILE", str(town[0].id_key_file))
    monkeypatch.setenv("CG_STORE", town[0].store)

    def run(arguments: list[str]) -> Any:
        assert main([*arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run
