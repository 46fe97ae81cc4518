"""Who controls a party for certain, who possibly, and which single unknown share would settle it.

Among all owners of one party (or all that one party holds), in whole stakes. The upper closure
takes every stake at the most it can be: what a set S holds of y is at most the least of the sum of
its maxima and 1 - the sum of the others' minima. Stakes in different companies are independent,
so one completion reaches all of these bounds together: the verdicts are tight.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from graph_service.answers import Verdict
from queries.book import Book
from queries.closure import MAJORITY, ControlRule
from queries.components import components
from queries.stakes import ONE

Fixed = tuple[str, str, int]  # holder, issuer, units
_TRIED = 64


class Control(NamedTuple):
    """A verdict and, where it is certain, the joint share in units (0: declared only)."""

    verdict: Verdict
    amount: int = 0


class Registry:
    """The stakes of a book as control sees them."""

    def __init__(
        self,
        book: Book,
        rule: ControlRule = MAJORITY,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._rule = rule
        self._tick = tick
        self._low: dict[str, dict[str, int]] = {}
        self._high: dict[str, dict[str, int]] = {}
        self._issuers: dict[str, list[str]] = {}
        self._declared: set[tuple[str, str]] = set()
        self._declaring: dict[str, set[str]] = {}
        self._whole: dict[str, int] = {}
        self._vague = False
        for issuer, stakes in book.into.items():
            self._add(issuer, book, {h: (s.low, s.high) for h, s in stakes.items()})

    def _add(self, issuer: str, book: Book, stakes: dict[str, tuple[int, int]]) -> None:
        own, _ = stakes.get(issuer, (0, 0))
        if self._rule.exclude_treasury:
            stakes.pop(issuer, None)
            self._whole[issuer] = ONE - min(own, ONE - 1)
        self._low[issuer] = {holder: low for holder, (low, _) in stakes.items()}
        self._high[issuer] = {holder: high for holder, (_, high) in stakes.items()}
        self._vague = self._vague or any(low != high for low, high in stakes.values())
        if self._rule.declared:
            declared = {(t.holder, issuer) for t in book.ties.get(issuer, ()) if t.declared}
            self._declared |= declared
            if declared:
                self._declaring[issuer] = {holder for holder, _ in declared}
            stakes = stakes | {holder: (0, 0) for holder, _ in declared if holder not in stakes}
        for holder in stakes:
            self._issuers.setdefault(holder, []).append(issuer)

    def whole(self, issuer: str) -> int:
        """What a majority is a majority of, in units."""
        return self._whole.get(issuer, ONE)

    def closure(
        self,
        seed: Iterable[str],
        *,
        upper: bool = False,
        until: Collection[str] = (),
        fixed: Fixed | None = None,
    ) -> set[str]:
        """``seed`` and all that it controls; stops early when one of ``until`` is controlled."""
        members = set(seed)
        todo = sorted(members)
        lows: dict[str, int] = {}
        highs: dict[str, int] = {}
        while todo:
            holder = todo.pop()
            self._tick()
            for issuer in self._issuers.get(holder, ()):
                if issuer in members:
                    continue
                low, high = self._bounds(holder, issuer, fixed)
                lows[issuer] = lows.get(issuer, 0) + low
                highs[issuer] = highs.get(issuer, 0) + high
                amount = lows[issuer]
                if upper:
                    others = self._sum(issuer, fixed) - amount
                    amount = max(amount, min(highs[issuer], ONE - min(ONE, others)))
                if (holder, issuer) in self._declared or self._passes(issuer, amount):
                    if issuer in until:
                        return members | {issuer}
                    members.add(issuer)
                    todo.append(issuer)
        return members

    def _bounds(self, holder: str, issuer: str, fixed: Fixed | None) -> tuple[int, int]:
        if fixed is not None and fixed[:2] == (holder, issuer):
            return fixed[2], fixed[2]
        return self._low[issuer].get(holder, 0), self._high[issuer].get(holder, 0)

    def _sum(self, issuer: str, fixed: Fixed | None) -> int:
        """What is known to be held of an issuer by anybody."""
        known = sum(self._low[issuer].values())
        if fixed is not None and fixed[1] == issuer:
            known += fixed[2] - self._low[issuer].get(fixed[0], 0)
        return known

    def _passes(self, issuer: str, amount: int) -> bool:
        return self._rule.passes(amount, self.whole(issuer))

    def amount(self, members: Collection[str], issuer: str) -> int:
        """The least that members together hold of an issuer, in units."""
        return sum(low for holder, low in self._low.get(issuer, {}).items() if holder in members)

    def most(self, members: Collection[str], issuer: str) -> int:
        """The most that members together can hold of an issuer, in units."""
        low, high = self._low.get(issuer, {}), self._high.get(issuer, {})
        others = sum(amount for holder, amount in low.items() if holder not in members)
        upper = sum(amount for holder, amount in high.items() if holder in members)
        return max(self.amount(members, issuer), min(upper, ONE - min(ONE, others)))

    def over(self, issuer: str, holders: Iterable[str]) -> dict[str, Control]:
        """Whether each of ``holders`` controls ``issuer``, and by which joint share."""
        wanted = [holder for holder in holders if holder != issuer]
        found = self._certain(issuer, wanted)
        if self._vague:
            sure = {holder for holder, control in found.items() if control.verdict == "certain"}
            self._possible(issuer, [h for h in wanted if h not in sure], sure, found)
        return found

    def _certain(self, issuer: str, wanted: Iterable[str]) -> dict[str, Control]:
        """Holders that each control one another alone control the same: one closure for all."""
        groups, place, alone = self._equals()
        made: list[Control] = []
        for number, group in enumerate(groups):
            made.append(self._of_group(issuer, group, number, place, made))
        # Who controls nobody alone controls nobody at all.
        return {
            holder: made[place[holder]] if holder in alone else Control("no") for holder in wanted
        }

    def _of_group(
        self,
        issuer: str,
        group: list[str],
        number: int,
        place: dict[str, int],
        made: list[Control],
    ) -> Control:
        """What a group of equals controls; where all that it holds is one group that it controls,
        what that group controls and what it holds itself."""
        self._tick()
        held = {id for member in group for id in self._issuers.get(member, ())}
        below = {place[id] for id in held} - {number}
        if not below:
            return self._control(issuer, set(group))
        if len(below) == 1 and issuer not in group:
            (other,) = below
            if self._holds_alone(group, other, place):
                through = made[other]
                own = self.amount(group, issuer) if through.verdict == "certain" else 0
                return Control(through.verdict, through.amount + own)
        return self._control(issuer, self.closure(group))

    def _control(self, issuer: str, members: set[str]) -> Control:
        if issuer in members:
            return Control("certain", self.amount(members, issuer))
        return Control("no")

    def _holds_alone(self, group: Iterable[str], other: int, place: dict[str, int]) -> bool:
        return any(
            place[id] == other and self._alone(member, id)
            for member in group
            for id in self._issuers.get(member, ())
        )

    def _alone(self, holder: str, issuer: str) -> bool:
        """Whether a holder controls an issuer by what it holds itself."""
        declared = (holder, issuer) in self._declared
        return declared or self._passes(issuer, self._low[issuer].get(holder, 0))

    def _equals(self) -> tuple[list[list[str]], dict[str, int], set[str]]:
        """Groups of parties that each control one another alone, those below before those above;
        each party's group; and who controls anybody alone."""
        names = sorted({*self._issuers, *self._low})
        number = {name: at for at, name in enumerate(names)}
        after = [
            [
                number[issuer]
                for issuer in self._issuers.get(name, ())
                if issuer != name and self._alone(name, issuer)
            ]
            for name in names
        ]
        groups = [[names[at] for at in group] for group in components(after)]
        place = {name: at for at, group in enumerate(groups) for name in group}
        return groups, place, {name for at, name in enumerate(names) if after[at]}

    def _possible(
        self, issuer: str, wanted: list[str], sure: set[str], found: dict[str, Control]
    ) -> None:
        able = {issuer, *sure}
        near = self._nearest_first(issuer)
        last = len(near)
        for holder in sorted(wanted, key=lambda id: (near.get(id, last), id)):
            reached = self.closure([holder], upper=True, until=able)
            if not reached.isdisjoint(able):
                found[holder] = Control("possible")
                able.add(holder)

    def _nearest_first(self, issuer: str) -> dict[str, int]:
        """By party above an issuer, how many stakes away it is at least."""
        depth = {issuer: 0}
        level = [issuer]
        while level:
            above = {h for id in level for h in self._low.get(id, ())}
            above |= {h for id in level for h in self._declaring.get(id, ())}
            at = depth[level[0]] + 1
            level = sorted(above - depth.keys())
            depth.update(dict.fromkeys(level, at))
        return depth

    def settling(self, holder: str, issuer: str, book: Book) -> list[tuple[str, str]]:
        """The unknown stakes (holder, issuer) that each alone would settle whether ``holder``
        controls ``issuer``: at its most it does, at its least it does not, whatever the others."""
        reach = self.closure([holder], upper=True)
        found = []
        tried = 0
        for owner, company, stake in book.unknown():
            if owner not in reach or company not in reach or tried >= _TRIED:
                continue
            tried += 1
            if issuer in self.closure([holder], fixed=(owner, company, stake.high)) and (
                issuer not in self.closure([holder], upper=True, fixed=(owner, company, stake.low))
            ):
                found.append((owner, company))
        return found
