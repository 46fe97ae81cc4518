"""Fields of a statement: what is there is told alike by every way of asking."""

from __future__ import annotations

import pytest

from graph_service.store.derive import shown_attributes
from graph_service.store.fields import Fields

TEXT = '{"name":"䶮","note":"\\"nominee_for\\"","local":"a"}'


@pytest.mark.parametrize("field", ["name", "note", "nominee_for", "uscc", "id_number", "", "local"])
@pytest.mark.parametrize("parsed", [False, True])
def test_in_agrees_with_what_is_held(field: str, parsed: bool) -> None:
    made = Fields(TEXT, lambda values: {**values, "uscc": "1"})
    if parsed:
        assert len(made) == 4
    assert (field in made) == (field in dict(Fields(TEXT, lambda values: {**values, "uscc": "1"})))
    assert (made.get(field) is not None) == (field in made)


def test_nothing_holds_nothing() -> None:
    assert "name" not in Fields("", shown_attributes)
