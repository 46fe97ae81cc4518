"""A question that a write crosses is asked again, a few times; then it says so."""

from __future__ import annotations

import pytest

from graph_service.again import MOST
from graph_service.errors import StoreChanged
from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.api.client import client_of
from tests.support.front import XINGHE


@pytest.mark.parametrize(("times", "status"), [(0, 200), (1, 200), (MOST, 200), (MOST + 1, 503)])
def test_a_crossed_question_is_asked_again(
    town: tuple[Settings, Store], monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    settings, store = town
    info, left = store.info, [times]

    def crossed() -> object:
        if left[0]:
            left[0] -= 1
            raise StoreChanged("a load ended")
        return info()

    monkeypatch.setattr(store, "info", crossed)
    with client_of(settings, store) as client:
        answer = client.get(f"/v1/parties/{XINGHE}/trace")
    assert answer.status_code == status
    if status == 503:
        assert answer.json()["code"] == "store_changed"
