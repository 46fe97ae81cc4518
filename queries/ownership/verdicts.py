"""Who controls a party for certain, who possibly, and which single unknown share would settle it.

Among all owners of one party (or all that one party holds), in whole stakes. What is certain is
read from the control forest of the lower bounds. The upper closure takes every stake at the most it
can be: what a set S holds of y is at most the least of the sum of its maxima and 1 - the sum of the
others' minima. Stakes in different companies are independent, so one completion reaches all of
these bounds together: the verdicts are tight. Upper closures are sought one holder at a time,
within a number of stakes looked at; what is not decided then is ``possible``, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from graph_service.answers.common import Missing, Verdict
from queries.control.closure import HALF, MAJORITY, ControlRule
from queries.control.forest import Arrays, held_with_all
from queries.control.growing import control_forest
from queries.ownership.book import Book, Stake
from queries.stakes import ONE

Fixed = tuple[str, str, int]  # holder, issuer, units
STEPS = 400_000  # stakes looked at for all upper closures of an answer
_SETTLING = 150_000  # and for what would settle their verdicts
_TRIED = 64


class Control(NamedTuple):
    """A verdict and, where it is certain, the joint share in units (0: declared only)."""

    verdict: Verdict
    amount: int = 0


class Spent(Exception):
    """As many stakes have been looked at as may be."""


@dataclass(slots=True)
class Steps:
    """How many stakes may still be looked at."""

    left: int = field(default_factory=lambda: STEPS)

    def take(self, count: int) -> None:
        """Raises Spent when there are not so many left."""
        self.left -= count
        if self.left < 0:
            raise Spent


@dataclass(slots=True)
class Over:
    """``controls``: by holder, its verdict where it is not ``no``. ``undecided``: those that are
    only called possible because there were too many stakes to look at."""

    controls: dict[str, Control]
    undecided: list[str] = field(default_factory=list)


def unsettled(id: str, undecided: int, unsought: bool) -> list[Missing]:
    """What is said where verdicts, or what would settle them, took too long to tell."""
    found = []
    if undecided:
        found.append(
            Missing("undecided", id, f"{undecided} verdicts not decided: too many unknown shares")
        )
    if unsought:
        found.append(
            Missing("settled_by", id, "what would settle a verdict was not sought for all")
        )
    return found


def in_line(rule: ControlRule) -> bool:
    """Whether controllers by a rule stand in line, as ``Registry`` needs it."""
    return rule.threshold - rule.inclusive >= HALF and not rule.exclude_treasury


class Registry:
    """The stakes of a book as control by a rule sees them; ``in_line`` holds of it."""

    def __init__(
        self,
        book: Book,
        tick: Callable[[], None] = lambda: None,
        rule: ControlRule = MAJORITY,
    ) -> None:
        self._book = book
        self._least = rule.threshold - rule.inclusive  # in units, so "at least" is "more than less"
        self._declared = book.declared if rule.declared else {}
        self._tick = tick
        self._issuers: dict[str, list[str]] | None = None
        self._known: dict[str, int] = {}
        self._settling = Steps(_SETTLING)
        self._unknown: list[tuple[str, str, Stake]] | None = None
        self.unsought = False
        self.vague = any(
            stake.low != stake.high for held in book.into.values() for stake in held.values()
        )
        self._number: dict[str, int] = {}
        arrays = self._arrays()
        self._names = list(self._number)
        self._forest = control_forest(arrays, self._least, order=self._names.__getitem__, tick=tick)

    def _arrays(self) -> Arrays:
        number = self._number
        rows = [
            (number.setdefault(holder, len(number)), at, stake.low)
            for issuer, held in self._book.into.items()
            for at in (number.setdefault(issuer, len(number)),)
            for holder, stake in held.items()
            if stake.low and holder != issuer
        ]
        declared = sorted(
            (number.setdefault(holder, len(number)), number.setdefault(issuer, len(number)))
            for issuer, holders in self._declared.items()
            for holder in holders
        )
        columns = np.array(rows, np.int64).reshape(-1, 3)
        return Arrays(
            len(number), columns[:, 0], columns[:, 1], columns[:, 2].copy(), tuple(declared)
        )

    def certain(self, issuer: str) -> dict[str, Control]:
        """Who controls an issuer for certain, and by which joint share."""
        at = self._number.get(issuer)
        if at is None:
            return {}
        amounts = self.held_with_all(issuer)
        own = self._book.stake(issuer, issuer).low
        names = (self._names[top] for top in self._forest.controllers(at))
        return {name: Control("certain", amounts.get(name, 0) + own) for name in names}

    def held_with_all(self, issuer: str) -> dict[str, int]:
        """By party, the least that it and all it controls for certain hold of an issuer, in units;
        what the issuer holds of itself is left out."""
        number = self._number
        held = self._book.into.get(issuer, {})
        own = {number[h]: stake.low for h, stake in held.items() if stake.low and h != issuer}
        found = held_with_all(self._forest, own, self._tick)
        return {self._names[at]: amount for at, amount in found.items() if at != number[issuer]}

    def controlled(self, holder: str) -> set[str]:
        """What a holder controls for certain."""
        at = self._number.get(holder)
        return set() if at is None else {self._names[n] for n in self._forest.controlled(at)}

    def controls(self, holder: str, issuer: str) -> bool:
        """Whether a holder controls an issuer for certain."""
        top, at = self._number.get(holder), self._number.get(issuer)
        return top is not None and at is not None and self._forest.controls(top, at)

    def closure(
        self,
        seed: Iterable[str],
        *,
        upper: bool = False,
        until: Collection[str] = (),
        fixed: Fixed | None = None,
        steps: Steps | None = None,
    ) -> set[str]:
        """``seed`` and all that it controls; stops early when one of ``until`` is controlled.

        Raises Spent when that takes more than ``steps``.
        """
        members = set(seed)
        todo = sorted(members)
        lows: dict[str, int] = {}
        highs: dict[str, int] = {}
        while todo:
            holder = todo.pop()
            self._tick()
            issuers = self._held_by(holder)
            if steps is not None:
                steps.take(len(issuers) + 1)
            for issuer in issuers:
                if issuer in members:
                    continue
                low, high = self._bounds(holder, issuer, fixed)
                lows[issuer] = lows.get(issuer, 0) + low
                highs[issuer] = highs.get(issuer, 0) + high
                amount = lows[issuer]
                if upper:
                    others = self._sum(issuer, fixed) - amount
                    amount = max(amount, min(highs[issuer], ONE - min(ONE, others)))
                if amount > self._least or holder in self._declared.get(issuer, ()):
                    if issuer in until:
                        return members | {issuer}
                    members.add(issuer)
                    todo.append(issuer)
        return members

    def _held_by(self, holder: str) -> list[str]:
        """The issuers that a party holds part of, or declares to control."""
        if self._issuers is None:
            self._issuers = {}
            for issuer, held in self._book.into.items():
                for name in {**held, **dict.fromkeys(self._declared.get(issuer, ()))}:
                    self._issuers.setdefault(name, []).append(issuer)
        return self._issuers.get(holder, [])

    def _bounds(self, holder: str, issuer: str, fixed: Fixed | None) -> tuple[int, int]:
        if fixed is not None and fixed[:2] == (holder, issuer):
            return fixed[2], fixed[2]
        stake = self._book.into[issuer].get(holder)
        return (0, 0) if stake is None else (stake.low, stake.high)

    def _sum(self, issuer: str, fixed: Fixed | None) -> int:
        """What is known to be held of an issuer by anybody."""
        if issuer not in self._known:
            self._known[issuer] = sum(s.low for s in self._book.into[issuer].values())
        known = self._known[issuer]
        if fixed is not None and fixed[1] == issuer:
            known += fixed[2] - self._book.stake(fixed[0], issuer).low
        return known

    def amount(self, members: Collection[str], issuer: str, fixed: Fixed | None = None) -> int:
        """The least that members together hold of an issuer, in units."""
        held = self._book.into.get(issuer, {})
        return sum(self._bounds(holder, issuer, fixed)[0] for holder in held if holder in members)

    def most(self, members: Collection[str], issuer: str, fixed: Fixed | None = None) -> int:
        """The most that members together can hold of an issuer, in units."""
        amount = others = upper = 0
        for holder in self._book.into.get(issuer, {}):
            low, high = self._bounds(holder, issuer, fixed)
            if holder in members:
                amount += low
                upper += high
            else:
                others += low
        return max(amount, min(upper, ONE - min(ONE, others)))

    def at_most(self, holder: str, issuer: str, steps: Steps) -> int:
        """The most that a holder and all that it may control can hold of an issuer, in units; all
        of it where that takes too long to tell."""
        try:
            return self.most(self.closure([holder], upper=True, steps=steps) - {issuer}, issuer)
        except Spent:
            return ONE

    def over(self, issuer: str) -> Over:
        """Who controls an issuer, for certain or possibly."""
        found = Over(self.certain(issuer))
        if self.vague:
            self._possible(issuer, found)
        return found

    def _possible(self, issuer: str, found: Over) -> None:
        """Nearest first, so that most closures end at once with one that is known to be able."""
        able = {issuer, *found.controls}
        steps = Steps()
        near = self._nearest_first(issuer)
        for holder in sorted(near.keys() - able, key=lambda id: (near[id], id)):
            try:
                reached = self.closure([holder], upper=True, until=able, steps=steps)
            except Spent:
                found.undecided.append(holder)
                found.controls[holder] = Control("possible")
                continue
            if not reached.isdisjoint(able):
                found.controls[holder] = Control("possible")
                able.add(holder)

    def _nearest_first(self, issuer: str) -> dict[str, int]:
        """By party above an issuer, how many stakes away it is at least."""
        depth = {issuer: 0}
        level, at = [issuer], 0
        while level:
            at += 1
            above = {h for id in level for h in self._book.into.get(id, ())}
            above |= {h for id in level for h in self._declared.get(id, ())}
            level = sorted(above - depth.keys())
            depth.update(dict.fromkeys(level, at))
        return depth

    def settling(self, holder: str, issuer: str) -> list[tuple[str, str]]:
        """The unknown stakes (holder, issuer) that each alone would settle whether ``holder``
        controls ``issuer``: at its most it does, at its least it does not, whatever the others.

        ``unsought`` says afterwards whether some were not tried.
        """
        found: list[tuple[str, str]] = []
        try:
            for owner, company, stake in self._unknown_below(holder):
                if self._settles(holder, issuer, (owner, company, stake)):
                    found.append((owner, company))
        except Spent:
            self.unsought = True
        return found

    def _unknown_below(self, holder: str) -> list[tuple[str, str, Stake]]:
        """The first unknown stakes that have a part in what a holder may control."""
        reach = self.closure([holder], upper=True, steps=self._settling)
        if self._unknown is None:
            self._unknown = self._book.unknown()
        found = [line for line in self._unknown if line[0] in reach and line[1] in reach]
        self.unsought = self.unsought or len(found) > _TRIED
        return found[:_TRIED]

    def _settles(self, holder: str, issuer: str, line: tuple[str, str, Stake]) -> bool:
        owner, company, stake = line
        up, down = (owner, company, stake.high), (owner, company, stake.low)
        steps = self._settling
        return issuer in self.closure([holder], fixed=up, steps=steps) and (
            issuer not in self.closure([holder], upper=True, fixed=down, steps=steps)
        )
