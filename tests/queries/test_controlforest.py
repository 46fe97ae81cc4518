"""The control of everybody at once against naive fixpoints, holder by holder."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from graph_service.errors import UsageError
from queries.ask import asking
from queries.control.control import controlled
from queries.control.forest import Arrays, ControlForest, arrays_of
from queries.control.growing import control_forest
from queries.control.projection import holdings
from queries.stakes import ONE
from tests.oracle import ownership as oracle
from tests.queries.stories import NOW, firm, stake, tie, world
from tests.support.proof import times

Stakes = dict[tuple[int, int], Fraction]


def forest_of(
    size: int,
    stakes: Stakes,
    declared: tuple[tuple[int, int], ...] = (),
    order: Callable[[int], int] = lambda number: number,
) -> ControlForest:
    pairs = sorted(stakes)
    columns = [np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1)]
    share = np.array([int(stakes[pair] * ONE) for pair in pairs], np.int64)
    return control_forest(Arrays(size, columns[0], columns[1], share, declared), order=order)


def some_stakes(dice: random.Random, size: int, fair: bool) -> Stakes:
    found: Stakes = {}
    for _ in range(dice.randint(1, 18)):
        pair = (dice.randrange(size), dice.randrange(size))
        share = Fraction(dice.choice((5, 10, 20, 25, 30, 40, 50, 51, 60, 100)), 100)
        if fair:
            held = sum((s for (_, c), s in found.items() if c == pair[1]), Fraction(0))
            share = min(share, 1 - held)
        if pair[0] != pair[1] and share:
            found.setdefault(pair, share)
    return found


def test_everybody_controls_what_the_naive_fixpoint_says() -> None:
    seen = joint = several = 0
    for seed in range(times(800, 20_000)):
        dice = random.Random(seed)
        size = dice.randint(2, 9)
        stakes = some_stakes(dice, size, fair=dice.random() < 0.6)
        forest = forest_of(size, stakes)
        named = {(str(h), str(c)): share for (h, c), share in stakes.items()}
        for holder in range(size):
            expected = sorted(map(int, oracle.controls(named, str(holder))))
            assert forest.controlled(holder) == expected, (seed, holder)
            seen += len(expected)
        for company in range(size):
            above = forest.controllers(company)
            assert all(company in forest.controlled(holder) for holder in above), seed
        joint += int(forest.joint.sum())
        several += len(forest.others)
    assert seen > 400
    assert joint > 20
    assert several > 5


def naive_nearest(below: dict[int, set[int]], fixed: set[int], company: int) -> set[int]:
    """Of those that control a company: who needs nobody, and who controls no other of them but
    one that controls it in turn."""
    over = {holder for holder, found in below.items() if company in found and holder != company}
    return {
        one
        for one in over
        if one in fixed
        or not any(two in below[one] and one not in below[two] for two in over - {one})
    }


def test_the_nearest_controllers_are_those_above_no_other_one() -> None:
    """Whatever the numbers of the parties; of companies that control each other one is named."""
    told = several = 0
    for seed in range(times(600, 10_000)):
        dice = random.Random(seed)
        size = dice.randint(2, 9)
        stakes = some_stakes(dice, size, fair=dice.random() < 0.6)
        declared = tuple(
            (dice.randrange(size), dice.randrange(size)) for _ in range(dice.choice((0, 0, 1, 2)))
        )
        forest = forest_of(size, stakes, declared)
        below = {holder: set(forest.controlled(holder)) for holder in range(size)}
        for company in range(size):
            found = set(forest.above(company))
            assert found == found & set(forest.controllers(company))
            if any(holder in below[company] for holder in found):
                continue
            alone = {h for (h, c), s in stakes.items() if c == company and 2 * s > 1}
            fixed = alone | {h for h, c in declared if c == company and h != c}
            expected = naive_nearest(below, fixed, company)
            assert found <= expected, (seed, company)
            for left in expected - found:
                assert any(left in below[one] and one in below[left] for one in found), seed
            told += len(found)
            several += len(found) > 1
        assert_numbers_do_not_matter(dice, forest, stakes, declared)
    assert told > 200
    assert several > 10


def assert_numbers_do_not_matter(
    dice: random.Random,
    forest: ControlForest,
    stakes: Stakes,
    declared: tuple[tuple[int, int], ...],
) -> None:
    size = forest.nearest.size
    moved = dice.sample(range(size), size)
    back = {new: old for old, new in enumerate(moved)}
    other = forest_of(
        size,
        {(moved[h], moved[c]): share for (h, c), share in stakes.items()},
        tuple((moved[h], moved[c]) for h, c in declared),
        back.__getitem__,
    )
    for company in range(size):
        again = sorted(back[top] for top in other.above(moved[company]))
        assert again == sorted(forest.above(company))


def test_a_long_line_of_joint_controls_is_followed_link_by_link() -> None:
    """0 holds 30 % of each, and each holds 30 % of the next: every link needs the one before."""
    size = 6_000
    stakes = {(0, n): Fraction(3, 10) for n in range(1, size)}
    stakes |= {(n, n + 1): Fraction(3, 10) for n in range(1, size - 1)}
    stakes[0, 1] = Fraction(3, 5)
    forest = forest_of(size, stakes)
    assert forest.controlled(0) == list(range(1, size))
    assert not forest.controlled(1)
    assert int(forest.joint.sum()) == size - 2


def test_a_company_held_by_every_link_of_a_long_circle() -> None:
    size = 10_001
    stakes = {(n, (n + 1) % 10_000): Fraction(3, 5) for n in range(10_000)}
    stakes |= {(n, 10_000): Fraction(1, 10_000) for n in range(10_000)}
    forest = forest_of(size, stakes)
    assert forest.above(10_000) == (0,)
    assert len(forest.controllers(10_000)) == 10_000


def test_declared_controls_carry_on_and_add_up() -> None:
    """0 declares control of 1 and 2, which hold 3 together; 4 alone holds 40 % of it."""
    stakes = {(1, 3): Fraction(3, 10), (2, 3): Fraction(3, 10), (4, 3): Fraction(4, 10)}
    forest = forest_of(5, stakes, ((0, 1), (0, 2), (4, 1)))
    assert forest.controlled(0) == [1, 2, 3]
    assert forest.controlled(4) == [1, 3]
    assert (forest.controlled(1), forest.others[1]) == ([], (4,))


def test_a_long_circle_and_what_it_controls() -> None:
    size = 3_001
    ring = {(n, (n + 1) % 3_000): Fraction(3, 5) for n in range(3_000)}
    forest = forest_of(size, {**ring, (7, 3_000): Fraction(2, 5), (9, 3_000): Fraction(1, 5)})
    assert forest.controlled(0) == list(range(1, size))
    assert forest.controllers(3_000) == list(range(3_000))


def test_a_store_s_forest_is_every_holder_s_closure() -> None:
    names = "甲乙丙丁戊䶮"
    paid = (("甲", "6000000"), ("䶮", "4000000 CNY"), ("丁", "4000000"))
    store = world(
        [*(firm(n) for n in names), firm("𠮷", capital="10000000"), firm("己")],
        *(stake(h, "𠮷", attributes={"amount": amount}) for h, amount in paid),
        stake("𠮷", "己", attributes={"amount": "1"}),
        stake("甲", "乙", "0.6"),
        stake("甲", "丙", "0.7"),
        stake("乙", "丁", "0.3"),
        stake("丙", "丁", "0.3"),
        stake("丁", "丁", "0.4"),
        tie("CONTROLS", "丁", "戊"),
        stake("戊", "䶮"),
    )
    with asking(store, NOW) as question:
        found = holdings(question)
    forest = control_forest(arrays_of(found))
    for name in found.ids:
        answer = controlled(store, firm(name), NOW)
        below = sorted(found.ids[number] for number in forest.controlled(found.ids.index(name)))
        assert below == [item.party.id for item in answer.controlled], name


def test_below_one_half_controllers_do_not_stand_in_line() -> None:
    nothing = np.zeros(0, np.int64)
    with pytest.raises(UsageError):
        control_forest(Arrays(1, nothing, nothing, nothing), ONE // 3)
    assert control_forest(Arrays(1, nothing, nothing, nothing)).controlled(0) == []
