"""Control and joint halves in random worlds with declared controls, nominees, sole proprietorships
and days, against naive fixpoints: ten thousand worlds each in a proof run."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.control.closure import ControlRule
from queries.control.control import controlled, controllers
from queries.flags.population import flag_all
from queries.stakes import units
from tests.oracle import flags as oracle
from tests.oracle import naive
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.queries.test_against_oracle import ask_of, store_of
from tests.support.proof import times

proven = settings(
    max_examples=times(60, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@proven
@given(worlds(most=14, listed=False), st.data())
def test_control(world: World, data: st.DataObject) -> None:
    threshold = data.draw(st.sampled_from((Decimal("0.5"), Decimal("0.25"), Decimal("0.2"))))
    inclusive, treasury = data.draw(st.booleans()), data.draw(st.booleans())
    rule = ControlRule(units(threshold), inclusive, exclude_treasury=treasury)
    seed = data.draw(st.sets(st.sampled_from(sorted(world.parties)), min_size=1, max_size=2))
    first, *group = sorted(seed)
    expected = naive.control(world, seed, Fraction(threshold), inclusive, treasury)
    store = store_of(world)
    answer = controlled(store, world.parties[first], ask_of(world), rule=rule, group=group)
    assert {c.party.id for c in answer.controlled} == set(expected)
    for found in answer.controlled:
        share = expected[found.party.id]
        assert abs(Fraction(found.share or 0) - share) < Fraction(1, 10**15)
    target = data.draw(st.sampled_from(sorted(world.parties)))
    tops = {
        id
        for id in world.parties.keys() - {target}
        if target in naive.control(world, {id}, Fraction(threshold), inclusive, treasury)
    }
    up = controllers(store, world.parties[target], ask_of(world), rule=rule)
    assert [c.party.id for c in up.controllers] == sorted(tops)


@proven
@given(worlds(most=14, listed=False))
def test_what_may_control_is_missing(world: World) -> None:
    store = store_of(world)
    below: dict[str, set[str]] = {}
    for id, party in world.parties.items():
        answer = controlled(store, party, ask_of(world))
        said = {line.id for line in answer.completeness.missing if line.what == "share"}
        below[id] = naive.maybe_controls(world, id)
        assert said == below[id]
    for id, party in world.parties.items():
        lines = controllers(store, party, ask_of(world)).completeness.missing
        tops = {line.why.partition(" may control it")[0] for line in lines if line.what == "share"}
        assert tops == {top for top in below if id in below[top]}


@proven
@given(worlds(most=16))
def test_halves_held_together_are_those_of_the_naive_fixpoint(world: World) -> None:
    found = flag_all(store_of(world), ask_of(world), "aggregate_50").flags
    blocked = {(f.party.id, f.listed.id) for f in found if f.grade != "listed"}
    assert blocked == oracle.aggregate(world)
