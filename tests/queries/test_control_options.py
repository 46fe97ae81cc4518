"""Control by other thresholds, by votes, as a group and without treasury shares, against naive
fixpoints on random webs; and that more stakes never mean less control."""

from __future__ import annotations

import random
from fractions import Fraction

from graph_service.answers.common import ControlledAnswer, ControllersAnswer
from queries.control.closure import ControlRule
from queries.control.control import controlled, controllers
from queries.stakes import ONE
from tests.queries.stories import NOW, firm, world
from tests.queries.test_lookthrough import NAMES, Ranges, store_of, ties_of, vague_webs, web
from tests.support.memory import MemoryStore
from tests.support.proof import times


def naive(ranges: Ranges, seed: set[str], rule: ControlRule) -> dict[str, Fraction]:
    """What a seed controls, with joint shares; exact, by plain iteration."""
    threshold = Fraction(rule.threshold, ONE)
    held: set[str] = set()
    while True:
        group = seed | held
        found: dict[str, Fraction] = {}
        for company in NAMES:
            own = ranges.get((company, company), (Fraction(0),))[0]
            whole = 1 - own if rule.exclude_treasury else Fraction(1)
            amount = sum(
                (
                    low
                    for (h, c), (low, _) in ranges.items()
                    if c == company and h in group and not (rule.exclude_treasury and h == c)
                ),
                Fraction(0),
            )
            share = min(Fraction(1), amount / whole) if whole > 0 else Fraction(int(amount > 0))
            passes = share >= threshold if rule.inclusive else share > threshold
            if passes and company not in seed:
                found[company] = share
        if found.keys() <= held:
            return found
        held |= found.keys()


def with_votes(dice: random.Random, ranges: Ranges) -> tuple[MemoryStore, Ranges]:
    """A store in which votes are stated for some stakes, and what counts by votes."""
    ballots = {pair: Fraction(dice.randint(0, 20), 20) for pair in ranges if dice.random() < 0.3}
    counted = {pair: (ballots.get(pair, low),) * 2 for pair, (low, _) in ranges.items()}
    return world([firm(name) for name in NAMES], *ties_of(ranges, ballots)), counted


def test_every_option_is_the_naive_fixpoint_with_it() -> None:
    seen = 0
    for number in range(times(150, 10_000)):
        dice = random.Random(number)
        ranges = web(number)
        rule = ControlRule(
            threshold=ONE * dice.choice((20, 25, 30, 50, 60)) // 100,
            inclusive=dice.random() < 0.5,
            exclude_treasury=dice.random() < 0.5,
            votes=dice.random() < 0.5,
        )
        store, counted = with_votes(dice, ranges)
        ranges = counted if rule.votes else ranges
        if rule.exclude_treasury and any(ranges.get((n, n), (0,))[0] == 1 for n in NAMES):
            continue  # a company that is all its own has no votes at all
        by: dict[str, dict[str, Fraction]] = {}
        for name in NAMES:
            answer = controlled(store, firm(name), NOW, rule=rule)
            by[name] = naive(ranges, {name}, rule)
            assert [c.party.id for c in answer.controlled] == sorted(by[name]), (number, name)
            for item in answer.controlled:
                share = Fraction(item.share or 0)
                assert abs(share - by[name][item.party.id]) <= Fraction(1, 10**17)
                seen += 1
        for name in NAMES:
            above = controllers(store, firm(name), NOW, rule=rule).controllers
            assert {c.party.id for c in above} == {h for h in NAMES if name in by[h]}, number
    assert seen > 300


def test_a_group_is_one_controller_from_above_and_from_below() -> None:
    joint = 0
    for number in range(times(80, 10_000)):
        ranges = web(number)
        store = store_of(ranges)
        pair = {"甲", "丁"}
        expected = naive(ranges, pair, ControlRule())
        answer = controlled(store, firm("甲"), NOW, group=["丁"])
        assert {c.party.id for c in answer.controlled} == expected.keys(), number
        for name in sorted(set(NAMES) - pair):
            first = controllers(store, firm(name), NOW, group=sorted(pair)).controllers[:1]
            group = {p.id for c in first for p in c.group}
            assert group == (pair if name in expected else set()), (number, name)
        alone = naive(ranges, {"甲"}, ControlRule()).keys() | naive(ranges, {"丁"}, ControlRule())
        joint += len(expected.keys() - alone)
    assert joint > 5


def said(answer: ControlledAnswer | ControllersAnswer) -> set[tuple[str, str, str]]:
    """Who may control whom by how much, as ``missing`` has it."""
    found = set()
    for line in answer.completeness.missing:
        top, _, upper = line.why.partition(" may control it: up to ")
        found.add((top, line.id, upper))
    return found


def test_who_may_control_by_any_rule_is_the_same_from_above_and_from_below() -> None:
    seen = 0
    for number, ranges in vague_webs(times(80, 10_000), 0.4):
        dice = random.Random(number)
        rule = ControlRule(
            threshold=ONE * dice.choice((20, 30, 50, 60)) // 100,
            inclusive=dice.random() < 0.5,
            exclude_treasury=dice.random() < 0.5,
        )
        if rule.exclude_treasury and any((name, name) in ranges for name in NAMES):
            continue  # unknown treasury shares have no one whole
        store = store_of(ranges)
        below = [controlled(store, firm(name), NOW, rule=rule) for name in NAMES]
        above = [controllers(store, firm(name), NOW, rule=rule) for name in NAMES]
        expected = set().union(*map(said, below))
        assert set().union(*map(said, above)) == expected, number
        seen += len(expected)
    assert seen > 100


def test_more_stakes_never_mean_less_control() -> None:
    for number in range(times(60, 10_000)):
        dice = random.Random(number)
        ranges = web(number)
        more = dict(ranges)
        pair = (dice.choice(NAMES), dice.choice(NAMES))
        low = more.get(pair, (Fraction(0),))[0]
        more[pair] = (min(Fraction(1), low + Fraction(1, 5)),) * 2
        for name in NAMES:
            before = {c.party.id for c in controlled(store_of(ranges), firm(name), NOW).controlled}
            after = {c.party.id for c in controlled(store_of(more), firm(name), NOW).controlled}
            assert before <= after, (number, name)
