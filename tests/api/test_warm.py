"""A service asks its server about nobody when it starts, and starts though it does not answer."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from graph_service.errors import StoreUnavailable
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web import service
from graph_service.web.service import StoreDoor, warm

AWAY = "bolt://127.0.0.1:1"


def test_warming_up_asks_and_changes_nothing(town: tuple[Settings, Store]) -> None:
    store = town[1]
    before = store.info()
    warm(store)
    assert store.info() == before


@pytest.mark.parametrize("answers", [True, False])
def test_a_server_is_warmed_up_beside_what_else_goes_on(
    town: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    asked = threading.Event()

    class Watched:
        def info(self) -> object:
            asked.set()
            return town[1].info()

        def close(self) -> None:
            pass

        def __getattr__(self, name: str) -> object:
            return getattr(town[1], name)

    def opened(settings: Settings, *, create: bool = False) -> object:
        if not answers:
            asked.set()
            raise StoreUnavailable("away")
        return Watched()

    monkeypatch.setattr(service, "open_store", opened)
    door = StoreDoor(replace(town[0], store=AWAY))
    door.warm()
    assert asked.wait(30)
    door.close()


def test_an_embedded_store_needs_no_warming(
    town: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> object:
        raise AssertionError("opened before it was asked")

    monkeypatch.setattr(service, "open_store", opened)
    door = StoreDoor(town[0])
    door.warm()
    door.close()
