"""Random tenders: every pair against the naive oracle over all paths, with no difference."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.common import Step
from graph_service.days import Span
from graph_service.model import Budget
from queries.ask import Ask
from queries.tender.screen import Wanted, screen
from tests.oracle import tenders as oracle
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.support.memory import MemoryStore
from tests.support.proof import times
from tests.tender.planted import bids, codes

REGIMES = ("", "bidding_law", "government_procurement")
proven = settings(
    max_examples=times(40, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _with_state(world: World, data: st.DataObject) -> World:
    """The same world in which some companies are the state's."""
    firms = sorted(id for id, party in world.parties.items() if party.kind == "Enterprise")
    if not firms:
        return world
    chosen = data.draw(st.sets(st.sampled_from(firms), max_size=2))
    parties = {
        id: party._replace(attributes={**party.attributes, "nature": "国有"})
        if id in chosen
        else party
        for id, party in world.parties.items()
    }
    return replace(world, parties=parties)


@proven
@given(worlds(most=24, listed=False), st.sampled_from(REGIMES), st.integers(1, 4), st.data())
def test_every_pair(world: World, regime: str, k: int, data: st.DataObject) -> None:
    world = _with_state(world, data)
    per_party = data.draw(st.sampled_from((2, 4, 500)))
    ids = sorted(id for id, party in world.parties.items() if party.kind != "Contact")
    back = None if world.back_to is None else Span(world.day - world.back_to, "d")
    ask = Ask(
        as_of=world.day,
        look_back=back,
        hub_contact=world.hub,
        budget=Budget(per_party=per_party),
    )
    store = MemoryStore(world.parties.values(), world.relations)
    answer = screen(store, bids(*ids), [], ask, Wanted(regime=regime, all_pairs=True, k=k))
    assert len(answer.pairs) == answer.pairs_checked == len(ids) * (len(ids) - 1) // 2
    for pair in answer.pairs:
        assert pair.a.party is not None
        assert pair.b.party is not None
        expected = oracle.between(world, pair.a.party.id, pair.b.party.id, regime, k, per_party)
        assert codes(pair) == expected.codes
        assert pair.verdict == expected.verdict
        assert pair.hops == (len(expected.chain) - 1 if expected.chain else None)
        for mark in pair.indicators:
            if mark.code == "tie":
                assert _ends(mark.path, pair.a.party.id) == expected.chain


def _ends(path: tuple[Step, ...], start: str) -> tuple[str, ...]:
    """The parties of a path in order."""
    chain = [start]
    for step in path:
        assert chain[-1] in (step.start.id, step.end.id)
        chain.append(step.end.id if chain[-1] == step.start.id else step.start.id)
    return tuple(chain)
