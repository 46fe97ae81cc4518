"""Look-through ownership against whole matrices in fractions, on random webs with every oddity."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import count, islice

import pytest

from graph_service.answers.common import Holding, HoldingsAnswer
from graph_service.model import Relation
from queries.ownership.holdings import holdings, owners
from queries.ownership.lookthrough import Method
from tests.oracle import ownership as oracle
from tests.queries.stories import NOW, firm, stake, world
from tests.support.memory import MemoryStore
from tests.support.proof import times

Ranges = dict[tuple[str, str], tuple[Fraction, Fraction]]
NAMES = ("甲", "乙", "丙", "丁", "䶮", "𠮷", "己")
SHARES = ("0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.5", "0.6", "0.7", "0.9", "1")


def web(seed: int, *, unknown: float = 0.0, fair: bool = False) -> Ranges:
    """A random web. ``unknown``: the part of stakes of which bounds are known at most. ``fair``: no
    issuer is held above the whole."""
    dice = random.Random(seed)
    found: Ranges = {}
    for _ in range(dice.randint(1, 14)):
        pair = (dice.choice(NAMES), dice.choice(NAMES))
        if pair[0] == pair[1] and dice.random() < 0.6:
            continue
        share = Fraction(dice.choice(SHARES))
        if fair:
            held = sum((low for (_, c), (low, _) in found.items() if c == pair[1]), Fraction(0))
            share = min(share, 1 - held)
        high = share
        if dice.random() < unknown:
            high = Fraction(1) if dice.random() < 0.5 else min(Fraction(1), share + Fraction(1, 5))
            share = Fraction(0) if high == 1 else share
        found.setdefault(pair, (share, high))
    return found


def vague_webs(
    many: int, unknown: float, keep: Callable[[Ranges], bool] = lambda ranges: True
) -> Iterator[tuple[int, Ranges]]:
    """So many fair webs with unknown stakes, of those to ``keep``, with their seeds."""
    made = ((seed, oracle.capped(web(seed, unknown=unknown, fair=True))) for seed in count())
    yield from islice((line for line in made if keep(line[1])), many)


def unknown_in(ranges: Ranges) -> list[tuple[str, str]]:
    return [pair for pair, (low, high) in ranges.items() if low != high]


def ties_of(
    ranges: Ranges, ballots: Mapping[tuple[str, str], Fraction] | None = None
) -> list[Relation]:
    """The stakes of a web; ``ballots``: votes that are stated apart."""
    ties = []
    for (holder, issuer), (low, high) in ranges.items():
        least = "" if low == 0 and high == 1 else str(Decimal(low.numerator) / low.denominator)
        most = "" if least == "" else str(Decimal(high.numerator) / high.denominator)
        votes = (ballots or {}).get((holder, issuer))
        apart = {} if votes is None else {"votes": Decimal(votes.numerator) / votes.denominator}
        ties.append(stake(holder, issuer, least, most, **apart))
    return ties


def store_of(ranges: Ranges) -> MemoryStore:
    return world([firm(name) for name in NAMES], *ties_of(ranges))


def lines(answer: HoldingsAnswer) -> dict[str, Holding]:
    return {line.party.id: line for line in answer.holdings}


def pairs_of(answers: dict[str, HoldingsAnswer]) -> dict[tuple[str, str], Holding]:
    return {
        (name, id) if answer.down else (id, name): line
        for name, answer in answers.items()
        for id, line in lines(answer).items()
    }


def near(found: Decimal | None, expected: Fraction) -> bool:
    """Exact to the eighteen places that are shown."""
    return found is not None and abs(Fraction(found) - expected) <= Fraction(1, 10**18)


FORMULAS = {
    "baldone": oracle.baldone,
    "brioschi": oracle.brioschi,
    "simple": oracle.simple,
}


@pytest.mark.parametrize("method", ["baldone", "brioschi", "simple"])
def test_every_figure_is_the_matrix_s(method: Method) -> None:
    seen = 0
    for seed in range(times(40, 10_000)):
        ranges = web(seed)
        shares = {pair: low for pair, (low, _) in ranges.items() if low}
        store = store_of(ranges)
        up = pairs_of({n: owners(store, firm(n), NOW, method=method) for n in NAMES})
        down = pairs_of({n: holdings(store, firm(n), NOW, method=method) for n in NAMES})
        assert up.keys() == down.keys()
        expected = {
            (holder, issuer)
            for holder in NAMES
            for issuer in oracle.reach(shares, holder)
            if holder != issuer
        }
        loops = {pair for pair in up if pair[0] == pair[1]}
        assert up.keys() - loops == expected, seed
        for pair in sorted(up):
            for line in (up[pair], down[pair]):
                if oracle.is_withheld(shares, shares, *pair):
                    bounds = (line.integrated, line.integrated_min, line.integrated_max)
                    assert bounds == (None, None, None), (seed, pair)
                else:
                    figure = FORMULAS[method](shares, *pair)
                    assert figure is not None
                    assert near(line.integrated, figure), (seed, pair, line.integrated, figure)
                    seen += 1
    assert seen > 200


def test_bounds_are_the_figures_of_all_minima_and_all_maxima() -> None:
    vague = 0
    for seed, ranges in vague_webs(times(40, 10_000), 0.4):
        store = store_of(ranges)
        least = {pair: low for pair, (low, _) in ranges.items()}
        most = {pair: high for pair, (_, high) in ranges.items() if high}
        for name in NAMES:
            for id, line in lines(owners(store, firm(name), NOW)).items():
                if oracle.is_withheld(least, most, id, name):
                    continue
                low = oracle.baldone(oracle.shares_between(least, most, id, name), id, name)
                high = oracle.baldone(most, id, name)
                assert low is not None
                assert near(line.integrated_min, low), (seed, id, name)
                assert near(line.integrated_max, min(Fraction(1), high or Fraction(1)))
                assert (line.integrated is None) == (line.integrated_min != line.integrated_max)
                vague += line.integrated is None
    assert vague > 50


def some_unknown(ranges: Ranges) -> bool:
    """Whether there are unknown stakes, few enough to try every end of them."""
    return 1 <= len(unknown_in(ranges)) <= 5


def test_bounds_hold_every_completion_that_is_tried() -> None:
    tried = 0
    for _, ranges in vague_webs(times(15, 10_000), 0.4, some_unknown):
        store = store_of(ranges)
        found = {name: lines(owners(store, firm(name), NOW)) for name in NAMES}
        for made in oracle.completions(ranges):
            tried += 1
            for name in NAMES:
                for id, line in found[name].items():
                    figure = oracle.baldone({p: s for p, s in made.items() if s}, id, name)
                    if line.integrated_min is None or line.integrated_max is None or figure is None:
                        continue
                    slack = Fraction(1, 10**18)
                    assert Fraction(line.integrated_min) - slack <= figure
                    assert figure <= Fraction(line.integrated_max) + slack
    assert tried > 30


def one_each(ranges: Ranges) -> bool:
    """Whether no issuer has two unknown stakes, and there are few enough to try them all."""
    unknown = unknown_in(ranges)
    return len(unknown) <= 6 and len({issuer for _, issuer in unknown}) == len(unknown)


def test_verdicts_are_tight_where_an_issuer_has_one_unknown_stake() -> None:
    told: set[str] = set()
    for seed, ranges in vague_webs(times(60, 10_000), 0.35, one_each):
        ends = [
            {name: oracle.controls(made, name) for name in NAMES}
            for made in oracle.completions(ranges)
        ]
        store = store_of(ranges)
        for name in NAMES:
            above = lines(owners(store, firm(name), NOW))
            for id, line in above.items():
                by = [name in end[id] for end in ends]
                expected = "certain" if all(by) else "possible" if any(by) else "no"
                assert line.verdict == expected, (seed, id, name)
                told.add(line.verdict)
            for id, line in lines(holdings(store, firm(name), NOW)).items():
                by = [id in end[name] for end in ends]
                expected = "certain" if all(by) else "possible" if any(by) else "no"
                assert line.verdict == expected, (seed, name, id)
    assert told == {"certain", "possible", "no"}


def test_a_figure_that_settles_does() -> None:
    """At its most the verdict is certain, at its least it is no; others may be anything."""
    settled = 0
    for _, ranges in vague_webs(times(120, 10_000), 0.35):
        store = store_of(ranges)
        for name in NAMES:
            for id, line in lines(owners(store, firm(name), NOW)).items():
                for step in line.settled_by:
                    pair = (step.start.id, step.end.id)
                    low, high = ranges[pair]
                    for value, verdict in ((high, "certain"), (low, "no")):
                        told = store_of({**ranges, pair: (value, value)})
                        again = lines(owners(told, firm(name), NOW)).get(id)
                        assert (again.verdict if again else "no") == verdict
                        settled += 1
    assert settled > 10


def test_a_range_in_an_issuer_with_too_many_shares_is_shown_as_it_is_stated() -> None:
    ranges = {
        (NAMES[1], NAMES[0]): (Fraction(1), Fraction(1)),
        (NAMES[2], NAMES[0]): (Fraction(1, 10), Fraction(1, 10)),
        (NAMES[3], NAMES[0]): (Fraction(1, 4), Fraction(1, 2)),
    }
    line = lines(owners(store_of(ranges), firm(NAMES[0]), NOW))[firm(NAMES[3]).id]
    assert (line.direct, line.direct_min, line.direct_max) == (
        None,
        Decimal("0.25"),
        Decimal("0.5"),
    )


def test_the_outside_owners_of_a_covered_company_hold_all_of_it() -> None:
    covered = 0
    for seed in range(times(40, 10_000)):
        ranges = web(seed, fair=True)
        held: dict[str, Fraction] = {}
        for (_, issuer), (low, _) in ranges.items():
            held[issuer] = held.get(issuer, Fraction(0)) + low
        whole = ranges | {
            (f"外{issuer}", issuer): (1 - amount, 1 - amount)
            for issuer, amount in held.items()
            if amount < 1
        }
        parties = [firm(name) for name in {name for pair in whole for name in pair}]
        ties = [stake(h, c, str(float(low))) for (h, c), (low, _) in whole.items()]
        store = world(parties, *ties)
        for issuer in sorted(held):
            answer = owners(store, firm(issuer), NOW)
            if any(warning.what == "self_owned" for warning in answer.warnings):
                continue
            outside = [line.integrated for id, line in lines(answer).items() if id not in held]
            total = sum((share for share in outside if share is not None), Decimal(0))
            assert abs(total - 1) < Decimal("1e-15"), (seed, issuer)
            assert None not in outside
            covered += 1
    assert covered > 50
