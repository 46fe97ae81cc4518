"""What must not change an answer: the order of facts, and facts about strangers."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.model import Party
from queries.ask import Ask
from queries.control.control import controlled, controllers
from queries.flags.population import flag_all
from queries.walk.trace import trace
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.queries.stories import firm, person, record, stake, tie
from tests.support.memory import MemoryStore
from tests.support.proof import times

few = settings(max_examples=times(30, 1500), deadline=None)


def answers(store: MemoryStore, world: World) -> list[object]:
    ask = Ask(as_of=world.day, hub_contact=world.hub)
    given_: list[object] = [
        [f for f in flag_all(store, ask, pack).flags if f.listed.id in world.parties]
        for pack in ("default", "linked", "aggregate_50")
    ]
    for party in world.parties.values():
        walked = trace(store, party, ask)
        given_ += [
            walked.relations,
            walked.depths,
            controlled(store, party, ask).controlled,
            controllers(store, party, ask).controllers,
        ]
    return given_


@few
@given(worlds(), st.randoms())
def test_the_order_of_facts_changes_nothing(world: World, random: Random) -> None:
    parties, relations = list(world.parties.values()), list(world.relations)
    before = answers(MemoryStore(parties, relations), world)
    random.shuffle(parties)
    random.shuffle(relations)
    assert answers(MemoryStore(parties, relations), world) == before


@few
@given(worlds())
def test_strangers_change_nothing(world: World) -> None:
    parties, relations = list(world.parties.values()), list(world.relations)
    strangers: list[Party] = [firm("外企"), firm("外企2"), person("外人", "王伟", record("外人"))]
    ties = [
        stake("外人", "外企", "1"),
        stake("外企", "外企2", "0.6"),
        tie("CONTROLS", "外人", "外企"),
    ]
    before = answers(MemoryStore(parties, relations), world)
    assert answers(MemoryStore([*strangers, *parties], [*ties, *relations]), world) == before


@few
@given(worlds())
def test_taking_a_record_away_adds_no_flag_from_others(world: World) -> None:
    ask = Ask(as_of=world.day, hub_contact=world.hub)
    store = MemoryStore(world.parties.values(), world.relations)
    whole = flag_all(store, ask).flags
    for flag in whole[:3]:
        without = [
            party if party.id != flag.listed.id else firm(party.id, party.name, **party.attributes)
            for party in world.parties.values()
        ]
        left = flag_all(MemoryStore(without, world.relations), ask).flags
        assert {(f.party.id, f.listed.id, f.rule) for f in left} == {
            (f.party.id, f.listed.id, f.rule) for f in whole if f.listed.id != flag.listed.id
        }
