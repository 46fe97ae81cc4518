"""Rings and groups: told stories, and random worlds against naive answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.groups import Group, Ring
from queries.ask import Ask
from queries.control.groups import groups
from queries.control.rings import rings
from tests.oracle.naive import World, control, low_high, owner_of
from tests.oracle.worlds import worlds
from tests.queries.stories import NOW, firm, person, stake, tie, world
from tests.support.memory import MemoryStore
from tests.support.proof import times

proven = settings(
    max_examples=times(60, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
A, B, C, D = firm("甲"), firm("乙"), firm("丙䶮"), firm("丁𠮷")


def members(found: Iterable[Ring]) -> list[list[str]]:
    return [[party.id for party in ring.parties] for ring in found]


def turn(ring: Ring) -> list[str]:
    """The ids of a cycle, after checking that it is one."""
    ids = [step.start.id for step in ring.cycle]
    assert [step.end.id for step in ring.cycle] == [*ids[1:], ids[0]]
    return ids


def test_a_ring_has_one_shortest_witness() -> None:
    store = world(
        [A, B, C, D],
        stake("甲", "乙", "0.1"), stake("乙", "丙䶮"), stake("丙䶮", "甲", "0.1"),
        stake("丙䶮", "乙", "0.2"), stake("丁𠮷", "甲", "0.9"),
    )  # fmt: skip
    (ring,) = rings(store, NOW).rings
    assert members([ring]) == [["丙䶮", "乙", "甲"]]
    assert turn(ring) == ["丙䶮", "乙"]


def test_a_self_holding_is_a_ring_of_its_own() -> None:
    store = world(
        [A, B], stake("甲", "甲", "0.1"), stake("甲", "乙", "0.5"), stake("乙", "甲", "0.5")
    )
    answer = rings(store, NOW)
    assert members(answer.rings) == [["乙", "甲"], ["甲"]]
    assert [turn(ring) for ring in answer.rings] == [["乙", "甲"], ["甲"]]
    assert members(rings(store, NOW, B).rings) == [["乙", "甲"]]
    assert members(rings(store, NOW, A).rings) == [["乙", "甲"], ["甲"]]


def test_a_stake_of_nothing_or_of_the_past_makes_no_ring() -> None:
    nothing = world([A, B], stake("甲", "乙", "0.5"), stake("乙", "甲", "0"))
    past = world([A, B], stake("甲", "乙", "0.5"), stake("乙", "甲", "0.5", until=NOW.as_of))
    for store in (nothing, past):
        assert rings(store, NOW).rings == ()


def test_a_limit_is_said() -> None:
    store = world([A, B], stake("甲", "甲", "0.1"), stake("乙", "乙", "0.1"))
    answer = rings(store, NOW, limit=1)
    assert (members(answer.rings), answer.total) == ([["乙"]], 2)
    assert answer.completeness.status == "truncated"


def test_a_very_long_ring_needs_no_recursion() -> None:
    ids = [f"企{n:05d}" for n in range(3000)]
    ties = [stake(a, b, "0.6") for a, b in pairwise([*ids, ids[0]])]
    store = world([firm(id) for id in ids], *ties)
    (ring,) = rings(store, NOW).rings
    assert turn(ring) == ids
    (group,) = groups(store, NOW).groups
    assert (group.size, len(group.tops)) == (3000, 3000)


def shape(group: Group) -> tuple[list[str], dict[str, tuple[int, list[str]]]]:
    return (
        [top.id for top in group.tops],
        {m.party.id: (m.depth, [c.party.id for c in m.controllers]) for m in group.members},
    )


def test_a_group_is_a_tree_with_its_top_and_joint_exceptions() -> None:
    boss = person("张")
    store = world(
        [boss, A, B, C, D],
        stake("张", "甲", "0.8"), stake("张", "乙", "0.7"),
        stake("甲", "丙䶮", "0.3"), stake("乙", "丙䶮", "0.3"), stake("丙䶮", "丁𠮷", "0.51"),
    )  # fmt: skip
    (group,) = groups(store, NOW).groups
    assert shape(group) == (
        ["张"],
        {"甲": (1, ["张"]), "乙": (1, ["张"]), "丙䶮": (1, ["张"]), "丁𠮷": (2, ["丙䶮"])},
    )
    joint = next(m for m in group.members if m.party.id == "丙䶮")
    assert str(joint.controllers[0].share) == "0.6"
    assert groups(store, NOW, D).groups == (group,)
    assert groups(store, NOW, min_size=6).groups == ()


def test_a_declared_controller_makes_a_second_group() -> None:
    store = world([A, B, C], stake("甲", "丙䶮", "0.9"), tie("CONTROLS", "乙", "丙䶮"))
    found = groups(store, NOW).groups
    assert [shape(g)[0] for g in found] == [["乙"], ["甲"]]
    assert all(shape(g)[1] == {"丙䶮": (1, ["乙", "甲"])} for g in found)


def test_unknown_shares_are_said() -> None:
    answer = groups(world([A, B], stake("甲", "乙")), NOW)
    assert answer.groups == ()
    assert [line.what for line in answer.completeness.missing] == ["share"]


# --- against naive answers ------------------------------------------------------------------------


def reached(edges: set[tuple[str, str]], start: str) -> set[str]:
    """Everything that edges lead to from a node, in at least one step."""
    found: set[str] = set()
    while True:
        new = {b for a, b in edges if a == start or a in found} - found
        if not new:
            return found
        found |= new


def girth(edges: set[tuple[str, str]], inside: set[str]) -> int:
    """The length of a shortest cycle through nodes, by trying every length."""
    walks = {(a, b) for a, b in edges if {a, b} <= inside and a != b}
    paths = set(walks)
    for length in range(2, len(inside) + 1):
        paths = {(a, d) for a, b in paths for c, d in walks if b == c}
        if any(a == b for a, b in paths):
            return length
    raise AssertionError("no cycle")


@proven
@given(worlds(most=18, listed=False), st.data())
def test_rings_as_the_oracle_says(w: World, data: st.DataObject) -> None:
    store = MemoryStore(w.parties.values(), w.relations)
    edges = {(owner_of(r), r.to_id) for r in w.now("SHAREHOLDER_OF") if low_high(r)[1] > 0}
    expected = set()
    for id in w.parties:
        both = {o for o in reached(edges, id) if id in reached(edges, o)} - {id}
        if both:
            expected.add(frozenset({id, *both}))
        if (id, id) in edges:
            expected.add(frozenset({id}))
    ask = Ask(as_of=w.day)
    found = rings(store, ask).rings
    assert {frozenset(p.id for p in ring.parties) for ring in found} == expected
    for ring in found:
        ids = turn(ring)
        if len(ring.parties) > 1:
            assert len(ids) == girth(edges, {p.id for p in ring.parties})
            assert ids[0] == min(ids)
    who = data.draw(st.sampled_from(sorted(w.parties)))
    mine = rings(store, ask, w.parties[who]).rings
    assert mine == tuple(r for r in found if who in {p.id for p in r.parties})


@proven
@given(worlds(most=18, listed=False), st.data())
def test_groups_as_the_oracle_says(w: World, data: st.DataObject) -> None:
    store = MemoryStore(w.parties.values(), w.relations)
    below = {id: set(control(w, {id})) for id, p in w.parties.items() if p.kind != "Contact"}
    above = {id: {t for t, found in below.items() if id in found} for id in below}
    tops = {id for id in below if below[id] and all(id in above[t] for t in above[id])}
    expected = {
        frozenset({t, *(o for o in tops if o in below[t] and t in below[o])}): {t, *below[t]}
        for t in tops
    }
    ask = Ask(as_of=w.day)
    found = groups(store, ask).groups
    got = {
        frozenset(t.id for t in g.tops): {t.id for t in g.tops} | {m.party.id for m in g.members}
        for g in found
    }
    assert got == expected
    for group in found:
        for member in group.members:
            for nearest in member.controllers:
                share = control(w, {nearest.party.id})[member.party.id]
                assert float(nearest.share or 0) == float(share)
    who = data.draw(st.sampled_from(sorted(below)))
    mine = groups(store, ask, w.parties[who]).groups
    whole = [g for g in found if who in {t.id for t in g.tops} | {m.party.id for m in g.members}]
    assert list(mine) == whole


@proven
@given(worlds(most=14, listed=False))
def test_shuffled_rows_and_a_stranger_change_nothing(w: World) -> None:
    ask = Ask(as_of=w.day)
    more = [*w.parties.values(), firm("远方")]
    for question in (rings, groups):
        here = question(MemoryStore(w.parties.values(), w.relations), ask)
        there = question(MemoryStore(more[::-1], w.relations[::-1]), ask)
        assert replace(here, data_version="") == replace(there, data_version="")
