"""A step that a server cannot take just now is tried again: a setting says for how long."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from graph_service.errors import StoreUnavailable
from graph_service.settings import load_settings
from graph_service.store import open as opening
from graph_service.store.neo4j.server import Link, Server, pauses
from tests.support.neo4j_server import free_port


@pytest.mark.parametrize("seconds", [0.05, 0.3, 4.0, 60.0])
def test_pauses_grow_and_last_as_long_as_said(seconds: float) -> None:
    found = list(pauses(seconds))
    assert sum(found) == pytest.approx(seconds)
    assert found[:-1] == sorted(found[:-1])
    assert len(found) < 10


def test_a_write_is_tried_again_for_so_long(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("graph_service.store.neo4j.server.time.sleep", slept.append)
    for seconds in (1.0, 9.0):
        slept.clear()
        link = Link(f"bolt://127.0.0.1:{free_port()}", "neo4j", "x", retry_seconds=seconds)
        server = Server(link)
        with pytest.raises(StoreUnavailable):
            server.put("RETURN 1", {})
        server.close()
        assert sum(slept) == pytest.approx(seconds)


def test_every_setting_of_a_server_reaches_it(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text("")
    given = {
        "CG_STORE": "neo4j+s://h:1", "CG_STORE_USER": "u", "CG_STORE_PASSWORD": "口令",
        "CG_STORE_DATABASE": "d", "CG_STORE_CA_FILE": str(ca_file), "CG_STORE_POOL": "7",
        "CG_STORE_CONNECT_SECONDS": "2", "CG_STORE_STEP_SECONDS": "3",
        "CG_STORE_RETRY_SECONDS": "4.5", "CG_SECONDS": "6",
    }  # fmt: skip
    link = opening._link(load_settings(given))
    told = Link(
        "neo4j+s://h:1", "u", "口令", "d", seconds=6.0, connect_seconds=2.0, step_seconds=3.0,
        retry_seconds=4.5, pool=7, ca_file=ca_file,
    )  # fmt: skip
    assert link == told
    bare = Link("neo4j+s://h:1")
    kept = [
        field.name
        for field in fields(Link)
        if getattr(link, field.name) == getattr(bare, field.name)
    ]
    assert kept == ["address", "grace_seconds"]
