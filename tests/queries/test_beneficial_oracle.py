"""Beneficial owners on random webs against the definitions: whole matrices and naive fixpoints."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import count

from graph_service.answers.common import Step
from queries.ownership.beneficial import beneficial_owners
from tests.oracle import ownership as oracle
from tests.queries.stories import NOW, firm, person, world
from tests.queries.test_lookthrough import NAMES, Ranges, ties_of, unknown_in, web
from tests.support.proof import times

Tests = dict[str, bool]
PEOPLE = ("张", "李", "𠮷田")
QUARTER, TENTH = Fraction(1, 4), Fraction(1, 10)


def peopled(seed: int, unknown: float = 0.0) -> Ranges:
    """A fair web of companies of which persons hold parts too, some of them unknown."""
    dice = random.Random(seed)
    ranges = dict(web(seed, fair=True, unknown=unknown))
    for name in NAMES:
        held = sum((low for (_, c), (low, _) in ranges.items() if c == name), Fraction(0))
        for one in dice.sample(PEOPLE, dice.randint(0, 2)):
            share = min(Fraction(dice.choice((5, 10, 24, 25, 30, 51)), 100), 1 - held)
            held += share
            if unknown and dice.random() < unknown:
                ranges[one, name] = (
                    (Fraction(0), Fraction(1)) if share else (share, share + QUARTER)
                )
            elif share:
                ranges[one, name] = (share, share)
    return ranges


def met(shares: dict[tuple[str, str], Fraction], one: str, company: str) -> Tests:
    """Each test of a person once everything is known; a figure that is withheld meets none."""
    shares = {pair: share for pair, share in shares.items() if share}
    below = oracle.controls(shares, one)
    group = {one, *below}
    votes = sum((s for (h, c), s in shares.items() if c == company and h in group), Fraction(0))
    withheld = oracle.is_withheld(shares, shares, one, company)
    figure = None if withheld else oracle.baldone(shares, one, company)
    return {
        "equity": figure is not None and figure >= QUARTER,
        "votes_or_income": votes >= QUARTER,
        "control": company in below,
    }


def naive_settled(ranges: Ranges, one: str, company: str) -> dict[str, set[tuple[str, str]]]:
    """What would settle each test, and the person (``whole``): every completion is tried."""
    made = [(full, met(full, one, company)) for full in oracle.completions(ranges)]
    found: dict[str, set[tuple[str, str]]] = {}
    for pair in unknown_in(ranges):
        low, high = ranges[pair]
        most = [tests for full, tests in made if full[pair] == high]
        least = [tests for full, tests in made if full[pair] == low]
        for test in ("equity", "votes_or_income", "control"):
            if all(t[test] for t in most) and not any(t[test] for t in least):
                found.setdefault(test, set()).add(pair)
        if all(any(t.values()) for t in most) and not any(any(t.values()) for t in least):
            found.setdefault("whole", set()).add(pair)
    return found


def test_what_is_said_to_settle_a_person_does_and_nothing_is_left_out() -> None:
    """All of it where each issuer has one unknown stake; in every web, nothing that does not."""
    sought = told = 0
    tests: set[str] = set()
    for seed in count():
        if sought >= times(60, 10_000):
            break
        ranges = oracle.capped(peopled(seed, unknown=0.3))
        if not 1 <= len(unknown_in(ranges)) <= 4:
            continue
        sought += 1
        issuers = [issuer for _, issuer in unknown_in(ranges)]
        all_of_it = len(set(issuers)) == len(issuers)
        store = world([*map(firm, NAMES), *map(person, PEOPLE)], *ties_of(ranges))
        name = NAMES[seed % len(NAMES)]
        answer = beneficial_owners(store, firm(name), NOW)
        whole = {one.party.id: pairs(one.settled_by) for one in answer.possible}
        for one in PEOPLE:
            expected = naive_settled(ranges, one, name)
            said = {m.rule: pairs(m.settled_by) for m in answer.misses if m.party.id == one}
            found = {str(test): ends for test, ends in said.items() if ends}
            found |= {"whole": whole[one]} if whole.get(one) else {}
            if all_of_it and not answer.warnings and one not in {o.party.id for o in answer.owners}:
                assert found == expected, (seed, one)
            assert all(ends <= expected[test] for test, ends in found.items()), (seed, one)
            tests |= found.keys()
            told += len(whole.get(one, ()))
    assert tests == {"equity", "votes_or_income", "control", "whole"}
    assert told > 10


def pairs(steps: Iterable[Step]) -> set[tuple[str, str]]:
    return {(step.start.id, step.end.id) for step in steps}


def test_owners_are_the_union_of_the_three_tests() -> None:
    """By capital and by votes, the higher; of every other web some votes are stated apart."""
    told: dict[str, int] = {}
    for seed in range(times(30, 10_000)):
        ranges = peopled(seed)
        dice = random.Random(-seed)
        ballots = {pair: low * dice.choice((1, TENTH)) for pair, (low, _) in ranges.items()}
        if seed % 2:
            ballots = {}
        ties = ties_of(ranges, ballots)
        store = world([*map(firm, NAMES), *map(person, PEOPLE)], *ties)
        capital = {pair: low for pair, (low, _) in ranges.items() if low}
        votes = {pair: ballots.get(pair, low) for pair, (low, _) in ranges.items()}
        views = [capital, {pair: share for pair, share in votes.items() if share}]
        for name in NAMES:
            answer = beneficial_owners(store, firm(name), NOW)
            expected = {}
            for one in PEOPLE:
                capital_met, votes_met = (met(shares, one, name) for shares in views)
                if capital_met["equity"] or votes_met["equity"]:
                    expected[one] = "equity"
                elif votes_met["votes_or_income"]:
                    expected[one] = "votes_or_income"
                elif capital_met["control"] or votes_met["control"]:
                    expected[one] = "control"
            found = {owner.party.id: owner.rule for owner in answer.owners}
            assert found == expected, (seed, name)
            for rule in expected.values():
                told[rule] = told.get(rule, 0) + 1
    assert told["equity"] > 30
    assert told["votes_or_income"] > 2
    assert told.get("control", 0) >= times(0, 5)
