"""What is no address of a server is refused before anybody is asked, and repeated to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import CreditGraphError, SettingsError, UsageError
from graph_service.settings import load_settings
from graph_service.store.open import open_store
from tests.support.facts import KEY

AWAY = "bolt+s://127.0.0.1:1"


def refusal(**settings: Any) -> CreditGraphError:
    """Why a store with these settings cannot be opened."""
    with pytest.raises(CreditGraphError) as caught:
        open_store(load_settings({}, **settings), key=KEY)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "address",
    [
        "bolt://127.0.0.1:port",
        "bolt://127.0.0.1:0",
        "neo4j://127.0.0.1:70000",
        "bolt://127.0.0.1:7687/neo4j",
        "bolt://127.0.0.1:7687?database=neo4j",
        "neo4j://127.0.0.1:7687#x",
        "bolt://[::1",
    ],
)
def test_what_is_no_address_is_wrong_use(address: str) -> None:
    error = refusal(store=address)
    assert isinstance(error, UsageError)
    assert "bolt://HOST:PORT" in error.hint


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "neo4j+ssc"])
@pytest.mark.parametrize(
    "rest", ["用户:口令-7x@图谱.内网:7687", "u:口令-7x@[::1", "u:口令-7x@h:port"]
)
def test_a_password_in_an_address_is_refused_and_not_repeated(scheme: str, rest: str) -> None:
    error = refusal(store=f"{scheme}://{rest}")
    assert isinstance(error, UsageError)
    assert "CG_STORE_PASSWORD_FILE" in error.hint
    assert "口令-7x" not in str(error) + error.hint


def test_settings_of_a_server_that_cannot_be_are_named(tmp_path: Path) -> None:
    for settings, name in (
        ({"store_ca_file": tmp_path / "none.pem"}, "CG_STORE_CA_FILE"),
        ({"store_password_file": tmp_path / "none"}, "CG_STORE_PASSWORD_FILE"),
        ({"store_database": "system"}, "CG_STORE_DATABASE"),
    ):
        error = refusal(store=AWAY, **settings)
        assert isinstance(error, SettingsError)
        assert name in str(error)
