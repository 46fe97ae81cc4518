"""How a control forest grows: who holds more than the threshold alone, then joint control.

Stakes are integers in units of 1e-18 in compact arrays. What can be decided for all companies at
once is; only companies whose holders meet under one controller are looked at one by one, and again
only when one of their holders has got a controller. Every round looks at what the round before has
made, so that neither the numbers of parties nor unrelated ones have a part in the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from graph_service.errors import UsageError
from queries.control.closure import HALF
from queries.control.components import components
from queries.control.forest import Arrays, ControlForest, held_with_all
from queries.control.projection import Ints
from queries.stakes import ONE

_SLACK = 1e-9
Rows = list[tuple[int, Ints]]  # companies, each with the places of the stakes in it


def control_forest(
    arrays: Arrays,
    threshold: int = HALF,
    *,
    order: Callable[[int], object] = lambda number: number,
    tick: Callable[[], None] = lambda: None,
) -> ControlForest:
    """The least fixpoint of control for every holder. ``threshold``: units, at least one half.

    ``order`` decides which of several companies that control each other is named as the nearest.
    Raises UsageError for a smaller threshold: then controllers do not stand in line.
    """
    if threshold < HALF:
        raise UsageError("a control forest needs a threshold of at least 0.5", "Ask per holder.")
    return _Growing(arrays, threshold, order, tick).grown()


class _Growing:
    def __init__(
        self,
        arrays: Arrays,
        threshold: int,
        order: Callable[[int], object],
        tick: Callable[[], None],
    ) -> None:
        self.arrays = arrays
        self.threshold = threshold
        self.order = order
        self.tick = tick
        self.forest = ControlForest(
            np.full(arrays.size, -1, np.int64), np.zeros(arrays.size, np.bool_)
        )
        self._sole = np.flatnonzero(arrays.share > threshold)
        self._alone()
        self._open = self._undecided()
        self._issuers = arrays.issuer[self._open]
        self._by_holder: tuple[Ints, Ints] | None = None

    def grown(self) -> ControlForest:
        """Attach companies whose holders are controlled together, until none is left."""
        todo = self._meeting() if self._open.size else []
        while todo:
            joined = {company: self._joining(company, rows) for company, rows in todo}
            new = [company for company, tops in joined.items() if tops]
            for company in new:
                self.forest.joint[company] |= self.forest.nearest[company] < 0
                for top in joined[company]:
                    self.forest.add(company, top)
            todo = self._touched(new) if new else []
        self._prune()
        return self.forest

    def _alone(self) -> None:
        """Who holds more than the threshold by itself, and who is declared."""
        a, forest = self.arrays, self.forest
        sole = self._sole[::-1]
        forest.nearest[a.issuer[sole]] = a.holder[sole]
        second = sole[forest.nearest[a.issuer[sole]] != a.holder[sole]]
        pairs = {(int(a.holder[at]), int(a.issuer[at])) for at in second}
        for holder, issuer in sorted(pairs | set(a.declared)):
            if holder != issuer and holder not in forest.above(issuer):
                forest.add(issuer, holder)

    def _undecided(self) -> Ints:
        """Stakes, by issuer, in companies that somebody may control jointly: held above the
        threshold in all, and not by one alone, but where more than the whole is held."""
        a = self.arrays
        in_all = np.bincount(a.issuer, a.share / ONE, a.size)  # floats only choose whom to look at
        alone = np.zeros(a.size, np.bool_)
        alone[a.issuer[self._sole]] = True
        open_ = (in_all > self.threshold / ONE - _SLACK) & (~alone | (in_all > 1 + _SLACK))
        rows = np.flatnonzero(open_[a.issuer])
        return rows[np.argsort(a.issuer[rows], kind="stable")]

    def _meeting(self) -> Rows:
        """Open companies with holders in one tree that together hold enough."""
        a, rows, trees = self.arrays, self._open, self.forest.trees()
        inside = self.forest.nearest >= 0
        inside[self.forest.nearest[inside]] = True
        for more in self.forest.others.values():
            inside[list(more)] = True
        rows = rows[inside[a.holder[rows]]]
        key = a.issuer[rows] * a.size + trees[a.holder[rows]]
        order = np.argsort(key, kind="stable")
        rows, key = rows[order], key[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        if not first.size:
            return []
        held = np.add.reduceat(a.share[rows] / ONE, first)
        enough = held > self.threshold / ONE - _SLACK
        return self._rows(np.unique(a.issuer[rows[first[enough]]]))

    def _touched(self, new: Iterable[int]) -> Rows:
        """Open companies held by those who have just got a controller, or by what they control."""
        a, rows = self.arrays, self._open
        if self._by_holder is None:
            rows = rows[np.argsort(a.holder[rows])]
            self._by_holder = (a.issuer[rows], a.holder[rows])
        issuers, holders = self._by_holder
        members = np.array(sorted(self.forest.under(new)), np.int64)
        low = np.searchsorted(holders, members)
        high = np.searchsorted(holders, members, side="right")
        some = np.flatnonzero(high > low)
        if not some.size:
            return []
        parts = [issuers[low[at] : high[at]] for at in some.tolist()]
        return self._rows(np.unique(np.concatenate(parts)))

    def _rows(self, companies: Ints) -> Rows:
        low = np.searchsorted(self._issuers, companies)
        high = np.searchsorted(self._issuers, companies, side="right")
        return [
            (company, self._open[start:end])
            for company, start, end in zip(
                companies.tolist(), low.tolist(), high.tolist(), strict=True
            )
        ]

    def _joining(self, company: int, rows: Ints) -> list[int]:
        """The nearest of those who newly control a company with what they control."""
        self.tick()
        a = self.arrays
        own = dict(zip(a.holder[rows].tolist(), a.share[rows].tolist(), strict=True))
        amounts = held_with_all(self.forest, own, self.tick)
        found = {m for m, amount in amounts.items() if amount > self.threshold and m != company}
        if found:
            found.difference_update(self.forest.controllers(company))
        return self._nearest(found)

    def _nearest(self, found: set[int]) -> list[int]:
        """Of each group that controls each other and none of the rest, the first in order."""
        if len(found) < 2:
            return list(found)
        nodes = sorted(found)
        place = {node: at for at, node in enumerate(nodes)}
        after = [[place[t] for t in self.forest.above(n) if t in place] for n in nodes]
        groups = components(after)
        group = {at: number for number, members in enumerate(groups) for at in members}
        over = {group[t] for at, tops in enumerate(after) for t in tops if group[t] != group[at]}
        chosen = (
            min((nodes[at] for at in members), key=self._key)
            for number, members in enumerate(groups)
            if number not in over
        )
        return sorted(chosen, key=self._key)

    def _key(self, number: int) -> tuple[object, int]:
        return self.order(number), number

    def _prune(self) -> None:
        """Take away nearest controllers that have turned out to be above another one."""
        forest = self.forest
        fixed = self._fixed()
        kept: dict[int, set[int]] = {}
        for company in sorted(forest.others):
            self.tick()
            tops = forest.above(company)
            over = {top: set(forest.controllers(top)) for top in tops}
            if any(company in above for above in over.values()):
                continue  # on a circle: nobody is further away than another
            kept[company] = {
                top
                for top in tops
                if (top, company) in fixed
                or not any(top in over[other] and other not in over[top] for other in tops)
            }
        for company, tops_left in kept.items():
            forest.keep(company, tops_left)

    def _fixed(self) -> set[tuple[int, int]]:
        """Who needs nobody: declared controllers, and sole holders where there are others too."""
        a = self.arrays
        rows = self._sole[np.isin(a.issuer[self._sole], list(self.forest.others))]
        sole = zip(a.holder[rows].tolist(), a.issuer[rows].tolist(), strict=True)
        return {*a.declared, *sole}
