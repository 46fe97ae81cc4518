"""Every engine's methods take what the port says; what they give back mypy compares."""

from __future__ import annotations

import inspect

import pytest

from graph_service.store import port
from tests.contract.engines import ENGINES, Engine

PROMISED = sorted(
    {
        name
        for protocol in (port.GraphStore, port.Archive)
        for name in vars(protocol)
        if not name.startswith("_")
    }
)


def test_the_ports_stay_small() -> None:
    assert len([name for name in vars(port.GraphStore) if not name.startswith("_")]) <= 9
    assert len(PROMISED) == 22


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("name", PROMISED)
def test_a_method_has_the_signature_of_the_port(engine: Engine, name: str) -> None:
    promised = inspect.signature(getattr(port.Store, name)).parameters
    assert inspect.signature(getattr(engine.cls, name)).parameters == promised
