"""Beneficial owners on random webs against the definitions: whole matrices and naive fixpoints."""

from __future__ import annotations

import random
from fractions import Fraction

from queries.ownership.beneficial import beneficial_owners
from tests.oracle import ownership as oracle
from tests.queries.stories import NOW, firm, person, world
from tests.queries.test_lookthrough import NAMES, Ranges, ties_of, web
from tests.support.proof import times

PEOPLE = ("张", "李", "𠮷田")
QUARTER = Fraction(1, 4)


def peopled(seed: int) -> Ranges:
    """A fair web of companies of which persons hold parts too."""
    dice = random.Random(seed)
    ranges = dict(web(seed, fair=True))
    for name in NAMES:
        held = sum((low for (_, c), (low, _) in ranges.items() if c == name), Fraction(0))
        for one in dice.sample(PEOPLE, dice.randint(0, 2)):
            share = min(Fraction(dice.choice((5, 10, 24, 25, 30, 51)), 100), 1 - held)
            held += share
            if share:
                ranges[one, name] = (share, share)
    return ranges


def test_owners_are_the_union_of_the_three_tests() -> None:
    told: dict[str, int] = {}
    for seed in range(times(30, 10_000)):
        ranges = peopled(seed)
        shares = {pair: low for pair, (low, _) in ranges.items() if low}
        parties = [*map(firm, NAMES), *map(person, PEOPLE)]
        store = world(parties, *ties_of(ranges))
        below = {one: oracle.controls(shares, one) for one in PEOPLE}
        for name in NAMES:
            answer = beneficial_owners(store, firm(name), NOW)
            expected = {}
            for one in PEOPLE:
                if oracle.is_withheld(shares, shares, one, name):
                    figure: Fraction | None = Fraction(0)
                else:
                    figure = oracle.baldone(shares, one, name)
                group = {one, *below[one]}
                votes = sum((s for (h, c), s in shares.items() if c == name and h in group), 0)
                assert figure is not None
                if figure >= QUARTER:
                    expected[one] = "equity"
                elif votes >= QUARTER:
                    expected[one] = "votes_or_income"
                elif name in below[one]:
                    expected[one] = "control"
            found = {owner.party.id: owner.rule for owner in answer.owners}
            assert found == expected, (seed, name)
            for rule in expected.values():
                told[rule] = told.get(rule, 0) + 1
    assert told["equity"] > 30
    assert told["votes_or_income"] > 2
