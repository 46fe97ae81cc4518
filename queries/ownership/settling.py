"""Which single unknown share would settle whether a person is a beneficial owner.

A share settles a test when the test is met for certain with the share at the most it can be, and
cannot be met with it at the least, whatever the other unknown shares are. It settles the person
when some test is met for certain at its most and none can be met at its least. Every figure and
verdict only grows with a stake, so its two ends tell. What is said is sound; it is complete where
no issuer has two unknown stakes, since bounds of look-through figures are not tight otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from graph_service.answers.ownership import Test
from queries.ownership.figures import Region, owners_by_stakes
from queries.ownership.lattice import lattice_of
from queries.ownership.linear import Number
from queries.ownership.lookthrough import Figure
from queries.ownership.verdicts import Fixed, Registry, Spent, Steps
from queries.stakes import ONE

Pair = tuple[str, str]  # holder, issuer
Figures = Mapping[str, Figure]
TESTS: tuple[Test, ...] = ("equity", "votes_or_income", "control")
_TRIED = 64  # unknown shares
_WORK = 250_000  # of solving for figures: about a second
_STEPS = 150_000  # stakes looked at for votes and control


class View(NamedTuple):
    """All owners by capital, or by votes: their stakes, control among them, their figures."""

    region: Region
    registry: Registry
    figures: Figures


@dataclass(slots=True)
class Settled:
    """The unknown stakes that each alone settle a test of a person, and the person altogether."""

    by: dict[Test, list[Pair]] = field(default_factory=lambda: {test: [] for test in TESTS})
    whole: list[Pair] = field(default_factory=list)


class Settling:
    """Seeks what would settle persons. ``views``: by capital, and by votes where they differ;
    ``unsought`` says afterwards whether some unknown shares were not tried."""

    def __init__(
        self,
        views: Sequence[View],
        groups: Sequence[frozenset[str]],
        passes: Callable[[Number], bool],
        solve: Callable[[Region], Figures],
    ) -> None:
        self._views = views
        self._id = views[0].region.start
        self._groups = groups
        self._passes = passes
        self._solve = solve
        self._steps = Steps(_STEPS)
        self.unsought = False

    def seek(self, people: Collection[str]) -> dict[str, Settled]:
        """By person, what would settle each test and the person."""
        found = {person: Settled() for person in people}
        pairs = self._unknown()
        solved = min(_TRIED, _WORK // self._cost())
        self.unsought = len(pairs) > solved
        try:
            for place, pair in enumerate(pairs[:_TRIED]):
                self._try(pair, found, TESTS if place < solved else TESTS[1:])
        except Spent:
            self.unsought = True
        return found

    def _unknown(self) -> list[Pair]:
        lines = [line for view in self._views for line in view.region.book.unknown()]
        return sorted({(h, c) for h, c, _ in lines}, key=lambda pair: (pair[1], pair[0]))

    def _cost(self) -> int:
        """What solving all views twice takes, about, in some four microseconds."""
        cost = 1
        for view in self._views:
            lattice = view.region.lattice
            cost += sum(map(len, lattice.toward))
            cost += sum(len(group) ** 3 for group in lattice.groups if len(group) > 1)
        return 2 * cost

    def _try(self, pair: Pair, found: Mapping[str, Settled], tests: Sequence[Test]) -> None:
        most, least = _End(self, pair, most=True), _End(self, pair, most=False)
        for person, settled in found.items():
            met = {test: most.passes(test, person) for test in tests}
            open_ = {test: least.passes(test, person) for test in tests}
            for test in tests:
                if met[test] and not open_[test]:
                    settled.by[test].append(pair)
            if len(tests) == len(TESTS) and any(met.values()) and not any(open_.values()):
                settled.whole.append(pair)

    def figures(self, fixed: Sequence[Fixed | None]) -> Iterator[Figures]:
        """The figures of each view with a stake set."""
        for view, value in zip(self._views, fixed, strict=True):
            yield view.figures if value is None else self._solve(_with(view.region, value))

    def fixed(self, pair: Pair, *, most: bool) -> list[Fixed | None]:
        """By view, a stake at one of its ends; None where it is known."""
        made: list[Fixed | None] = []
        for view in self._views:
            stake = view.region.book.stake(*pair)
            value = stake.high if most else stake.low
            made.append(None if stake.known else (*pair, value))
        return made

    def passes(self, share: Number) -> bool:
        """Whether a share meets the threshold."""
        return self._passes(share)

    def members(
        self, seed: Collection[str], fixed: Sequence[Fixed | None], *, upper: bool
    ) -> list[set[str]]:
        """By view, a seed and all that it controls. Raises Spent."""
        steps = self._steps
        return [
            view.registry.closure(seed, upper=upper, fixed=value, steps=steps)
            for view, value in zip(self._views, fixed, strict=True)
        ]

    def votes(self, members: Collection[str], fixed: Fixed | None, *, upper: bool) -> Fraction:
        """What members hold of the votes: at least, or at most."""
        registry = self._views[-1].registry
        held = registry.most if upper else registry.amount
        return Fraction(min(ONE, held(members, self._id, fixed)), ONE)

    def controls(self, members: Sequence[set[str]]) -> bool:
        """Whether the party asked about is among members by capital or by votes."""
        return any(self._id in found for found in members)

    def groups_of(self, person: str) -> Iterator[frozenset[str]]:
        """The groups in concert that a person is in."""
        return (group for group in self._groups if person in group)


class _End:
    """All tests with one unknown stake at its most, when they must be met for certain; or at its
    least, when it is enough that they can be met."""

    def __init__(self, about: Settling, pair: Pair, *, most: bool) -> None:
        self._about = about
        self._upper = not most
        self._fixed = about.fixed(pair, most=most)
        self._figures: list[Figures] | None = None
        self._members: dict[str, list[set[str]]] = {}

    def passes(self, test: Test, person: str) -> bool:
        """Whether a person meets a test, or can. Raises Spent."""
        if test == "equity":
            return self._equity(person)
        members = self._of(person)
        if test == "control":
            return self._about.controls(members) or any(
                self._about.controls(
                    self._about.members(sorted(group), self._fixed, upper=self._upper)
                )
                for group in self._about.groups_of(person)
            )
        votes = self._about.votes(members[-1], self._fixed[-1], upper=self._upper)
        return self._about.passes(votes)

    def _equity(self, person: str) -> bool:
        if self._figures is None:
            self._figures = list(self._about.figures(self._fixed))
        found = [figures[person] for figures in self._figures if person in figures]
        if self._upper:
            return any(f.why == "withheld" or self._about.passes(f.high) for f in found)
        return any(f.why != "withheld" and self._about.passes(f.low) for f in found)

    def _of(self, person: str) -> list[set[str]]:
        if person not in self._members:
            self._members[person] = self._about.members([person], self._fixed, upper=self._upper)
        return self._members[person]


def _with(region: Region, fixed: Fixed) -> Region:
    """All owners of the same party with one stake set."""
    holder, issuer, value = fixed
    into = region.book.into
    stake = into[issuer][holder]._replace(low=value, high=value)
    book = replace(region.book, into={**into, issuer: {**into[issuer], holder: stake}})
    lattice = lattice_of(book, region.start, owners_by_stakes(book, region.start), down=False)
    return Region(region.start, False, book, lattice)
