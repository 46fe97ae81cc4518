"""What is the state itself, and what it merely holds: two notions, each with its own name."""

from __future__ import annotations

import pytest

from graph_service.model import Party
from queries.state import is_state_body, is_state_held
from tests.queries.stories import firm, person

BODIES = [
    firm("国", "某市国有资产监督管理委员会"),
    firm("国", "某县人民政府"),
    firm("国", "某市财政局", type="机关"),
    firm("国", "䶮县办公室", type="机关"),
    firm("国", "某市国有资产管理中心", type="事业单位"),
]
HELD = [
    firm("团", "某䶮集团有限公司", nature="国有"),
    firm("团", "国资委", nature="国有独资", type="有限责任公司"),
]
NEITHER = [
    firm("私", "某市国资委投资有限公司"),
    firm("私", "某集团", nature="民营"),
    person("人", "人民政府"),
    None,
]


@pytest.mark.parametrize("party", BODIES, ids=lambda party: party.name)
def test_a_state_body_is_the_state_by_both_notions(party: Party) -> None:
    assert is_state_body(party)
    assert is_state_held(party)


@pytest.mark.parametrize("party", HELD, ids=lambda party: party.name)
def test_what_the_state_owns_is_held_and_no_body(party: Party) -> None:
    assert not is_state_body(party)
    assert is_state_held(party)


@pytest.mark.parametrize("party", NEITHER)
def test_a_name_alone_makes_no_company_or_person_the_state(party: Party | None) -> None:
    assert not is_state_body(party)
    assert not is_state_held(party)
