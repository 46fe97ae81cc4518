"""What if ties were absent: the view, flags asked again, and the fewest ties that clear them."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.whatif import WhatIf
from graph_service.errors import StoreError, UsageError
from graph_service.model import Direction, Party, Relation, RelationFilter
from graph_service.store.port import Scan
from queries.ask import Ask
from queries.flags.flags import flags
from queries.flags.hitting import smallest
from queries.flags.whatif import what_if
from queries.flags.without import Without
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.queries.stories import NOW, contact, firm, person, record, stake, tie, world
from tests.support.memory import MemoryStore
from tests.support.proof import times

proven = settings(
    max_examples=times(40, 800),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ZHANG = person("张", "张三", record("张"))
A, B, C = firm("甲"), firm("乙"), firm("丙䶮")


def ids(answer: WhatIf) -> list[str]:
    assert answer.minimal is not None
    return [step.relation.id for step in answer.minimal.ties]


def ask(who: Party, *ties: Relation, without: tuple[str, ...] = (), minimal: bool = True) -> WhatIf:
    store = world([ZHANG, A, B, C, contact("phone:1")], *ties)
    return what_if(store, who, NOW, without=without, minimal=minimal)


def test_without_a_tie_the_flags_that_rest_on_it_are_gone() -> None:
    held = stake("张", "甲", "0.6", id="持股")
    post = tie("EXECUTIVE_OF", "张", "甲", role="director", id="任职")
    answer = ask(A, held, post, without=("持股",), minimal=False)
    assert [flag.grade for flag in answer.answer.flags] == ["managed"]
    assert {flag.grade for flag in answer.cleared} == {"controlled", "held"}
    assert answer.appeared == ()
    assert [step.relation.id for step in answer.without] == ["持股"]
    assert answer.minimal is None


def test_an_unknown_tie_is_refused() -> None:
    with pytest.raises(UsageError):
        ask(A, stake("张", "甲", "0.6", id="持股"), without=("没有",))
    far = stake("乙", "丙䶮", "0.6", id="远")
    assert ask(A, far, without=("远",)).cleared == ()


def test_one_tie_in_the_middle_clears_everything() -> None:
    answer = ask(
        C,
        stake("张", "甲", "0.6", id="一"), stake("张", "乙", "0.6", id="二"),
        stake("甲", "丙䶮", "0.3", id="三"), stake("乙", "丙䶮", "0.3", id="四"),
    )  # fmt: skip
    assert answer.minimal is not None
    assert (len(answer.minimal.ties), answer.minimal.exact, answer.minimal.clears) == (1, True, 1)
    two = ask(
        C,
        stake("张", "甲", "0.6", id="一"), stake("张", "乙", "0.6", id="二"),
        stake("甲", "丙䶮", "0.6", id="三"), stake("乙", "丙䶮", "0.6", id="四"),
    )  # fmt: skip
    assert len(ids(two)) == 2


def test_a_party_of_its_own_record_cannot_be_cleared() -> None:
    answer = ask(ZHANG)
    assert answer.minimal is not None
    assert answer.minimal.ties == ()
    assert [flag.grade for flag in answer.minimal.stays] == ["listed"]


def test_a_tie_whose_absence_makes_a_flag_is_seen() -> None:
    shop = firm("铺", type="个体工商户")
    ties = (
        tie("LEGAL_REPRESENTATIVE_OF", "张", "铺", id="经营"),
        stake("甲", "铺", "0.5", id="股"),
    )
    store = world([ZHANG, A, shop], *ties)
    answer = what_if(store, shop, NOW, without=["股"], minimal=True)
    assert {flag.grade for flag in answer.appeared} == {"controlled"}
    assert ids(answer) == ["经营"]


def test_more_ties_than_twenty_are_inclusion_minimal_and_called_so() -> None:
    firms = [firm(f"企{n:02d}") for n in range(24)]
    ties = [stake("张", f.id, "0.6", id=f"上{f.id}") for f in firms]
    ties += [stake(f.id, "甲", "0.03", id=f"下{f.id}") for f in firms]
    store = world([ZHANG, A, *firms], *ties)
    answer = what_if(store, A, NOW, minimal=True)
    assert answer.minimal is not None
    assert not answer.minimal.exact
    left = [r for r in ties if r.id not in ids(answer)]
    assert not _others(world([ZHANG, A, *firms], *left), A)
    for id in ids(answer):
        again = [*left, *(r for r in ties if r.id == id)]
        assert _others(world([ZHANG, A, *firms], *again), A)


def _others(store: MemoryStore, who: Party, on: Ask = NOW) -> list[str]:
    return [flag.rule for flag in flags(store, who, on).flags if flag.path]


@proven
@given(worlds(most=9), st.data())
def test_the_fewest_ties_as_trying_every_set_says(w: World, data: st.DataObject) -> None:
    who = w.parties[data.draw(st.sampled_from(sorted(w.parties)))]
    on = Ask(as_of=w.day, hub_contact=w.hub)
    answer = what_if(MemoryStore(w.parties.values(), w.relations), who, on, minimal=True)
    assert answer.minimal is not None
    expected = None
    for size in range(len(w.relations) + 1):
        for gone in combinations(sorted(w.relations, key=lambda r: r.order), size):
            left = [r for r in w.relations if r not in gone]
            if not _others(MemoryStore(w.parties.values(), left), who, on):
                expected = [r.id for r in gone]
                break
        if expected is not None:
            break
    assert expected is not None
    if answer.minimal.exact:
        assert ids(answer) == expected
    left = [r for r in w.relations if r.id not in ids(answer)]
    assert not _others(MemoryStore(w.parties.values(), left), who, on)


@proven
@given(worlds(most=16), st.integers(0, 2**32))
def test_the_view_is_the_store_loaded_without_the_ties(w: World, seed: int) -> None:
    random = Random(seed)
    gone = random.sample(w.relations, random.randint(0, min(3, len(w.relations))))
    whole = MemoryStore(w.parties.values(), w.relations)
    view = Without(whole, gone)
    plain = MemoryStore(w.parties.values(), [r for r in w.relations if r not in gone])
    ways: tuple[Direction, ...] = ("both", "out", "in")
    for way in ways:
        only = RelationFilter(w.day, None, way, back_to=w.back_to)
        for per_party in (None, 1, 2, 5):
            asked = random.sample(sorted(w.parties), random.randint(1, len(w.parties)))
            assert view.expand(asked, only, per_party) == plain.expand(asked, only, per_party)
    only = RelationFilter(w.day)
    assert list(view.scan(Scan("relations", only))) == list(plain.scan(Scan("relations", only)))
    assert list(view.scan(Scan("parties"))) == list(plain.scan(Scan("parties")))


def test_a_view_is_for_questions_alone() -> None:
    view = Without(world([A]), [])
    writes = (
        lambda: view.write([], 1),
        lambda: view.forget("x"),
        lambda: view.begin_load("x", [], "", ""),
        lambda: view.end_load(1, "done", 0, {}),
        lambda: view.reject([]),
        lambda: view.drop_rejected([1]),
        lambda: view.backup("x"),
    )
    for write in writes:
        with pytest.raises(StoreError):
            write()


@given(st.lists(st.frozensets(st.integers(0, 7), min_size=1, max_size=4), max_size=6))
@settings(max_examples=times(100, 10_000), deadline=None)
def test_smallest_hitting_sets(sets: list[frozenset[int]]) -> None:
    found = smallest(sets, lambda: None)
    best = next(
        chosen
        for size in range(9)
        for chosen in combinations(range(8), size)
        if all(set(chosen) & s for s in sets)
    )
    assert tuple(sorted(found)) == best
