"""The control of all holders at once: each company's nearest controllers, expanded on request.

What everybody controls can be quadratic in size. But two parties that each control a company by
more than half of it share a stake that counts for both, so that one of them controls the other:
a company's controllers stand in line. It is enough to know the nearest one, alone or jointly; all
controllers are those above it. Exceptions, where a company has several nearest controllers (a
declared one beside, or stakes above the whole), are kept apart.

Stakes are integers in units of 1e-18 in compact arrays; what can be decided for all companies at
once is, and only companies whose holders meet under one controller are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graph_service.errors import UsageError
from queries.closure import HALF
from queries.projection import Projection, whole_stakes
from queries.stakes import ONE

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Arrays:
    """Whole stakes among ``size`` numbered parties: ``holder``, ``issuer`` and the least share in
    units, one entry per pair, none of oneself; ``declared``: pairs of a declared control."""

    size: int
    holder: Ints
    issuer: Ints
    share: Ints
    declared: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class ControlForest:
    """``nearest``: by company its nearest controller, -1 for none. ``joint``: whether that one
    needs what it controls. ``others``: further nearest controllers, by company."""

    nearest: Ints
    joint: Flags
    others: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _below: tuple[Ints, Ints] | None = None

    def above(self, company: int) -> tuple[int, ...]:
        """The nearest controllers of a company, all of them."""
        first = int(self.nearest[company])
        return self.others.get(company, ()) if first < 0 else (first, *self.others.get(company, ()))

    def controllers(self, company: int) -> list[int]:
        """Everybody who controls a company, by number."""
        return _reached(company, self.above)

    def controlled(self, holder: int) -> list[int]:
        """Everything that a party controls, by number."""
        return _reached(holder, self._children)

    def _children(self, holder: int) -> Iterable[int]:
        if self._below is None:
            order = np.argsort(self.nearest, kind="stable")
            self._below = (order, self.nearest[order])
        order, sorted_ = self._below
        first, last = np.searchsorted(sorted_, [holder, holder + 1])
        more = [company for company, above in self.others.items() if holder in above]
        return [*map(int, order[first:last]), *more]


def _reached(start: int, step: Callable[[int], Iterable[int]]) -> list[int]:
    found: set[int] = set()
    todo = [start]
    while todo:
        for other in step(todo.pop()):
            if other not in found:
                found.add(other)
                todo.append(other)
    return sorted(found - {start})


def arrays_of(found: Projection) -> Arrays:
    """The stakes and declared controls of a whole population."""
    holder, issuer, share = whole_stakes(found)
    kept = (holder != issuer) & (share > 0)
    pairs = zip(
        found.holder[found.declared].tolist(), found.issuer[found.declared].tolist(), strict=True
    )
    return Arrays(
        len(found.ids), holder[kept], issuer[kept], share[kept], tuple(sorted(set(pairs)))
    )


def control_forest(arrays: Arrays, threshold: int = HALF) -> ControlForest:
    """The least fixpoint of control for every holder. ``threshold``: units, at least one half.

    Raises UsageError for a smaller one: then controllers do not stand in line.
    """
    if threshold < HALF:
        raise UsageError("a control forest needs a threshold of at least 0.5", "Ask per holder.")
    return _Growing(arrays, threshold).grown()


class _Growing:
    def __init__(self, arrays: Arrays, threshold: int) -> None:
        self.arrays = arrays
        self.threshold = threshold
        self.forest = ControlForest(
            np.full(arrays.size, -1, np.int64), np.zeros(arrays.size, np.bool_)
        )
        self._fixed: dict[int, set[int]] = {}
        self._sole = np.flatnonzero(arrays.share > threshold)
        self._alone()
        self._open = self._undecided()

    def grown(self) -> ControlForest:
        """Attach companies whose holders are controlled together, until none is left."""
        grown: list[int] | None = None
        while self._open.size and grown != []:
            meeting = self._meeting(self._trees(), grown)
            grown = [company for company, rows in meeting if self._attach(company, rows)]
        return self.forest

    def _alone(self) -> None:
        """Who holds more than the threshold by itself, and who is declared."""
        a, nearest = self.arrays, self.forest.nearest
        sole = self._sole[::-1]
        nearest[a.issuer[sole]] = a.holder[sole]
        second = sole[nearest[a.issuer[sole]] != a.holder[sole]]
        pairs = {(int(a.holder[at]), int(a.issuer[at])) for at in second}
        for holder, issuer in sorted(pairs | set(a.declared)):
            fixed = self._fixed.setdefault(issuer, set(self.forest.above(issuer)))
            if holder != issuer:
                fixed.add(holder)
                self._set(issuer, fixed)

    def _set(self, company: int, above: set[int]) -> bool:
        """Make these the nearest controllers of a company; whether that changes anything."""
        if above == set(self.forest.above(company)):
            return False
        first, *more = sorted(above)
        self.forest.nearest[company] = first
        self.forest.others.pop(company, None)
        if more:
            self.forest.others[company] = tuple(more)
        return True

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

    def _trees(self) -> Ints:
        """By party, a number that all parties tied by control share: its tree's."""
        nearest = self.forest.nearest
        trees = np.where(nearest < 0, np.arange(self.arrays.size), nearest)
        going = np.flatnonzero(nearest >= 0)
        for _ in range(self.arrays.size.bit_length()):
            going = going[trees[trees[going]] != trees[going]]
            if not going.size:
                break
            trees[going] = trees[trees[going]]
        under = np.flatnonzero(nearest[trees] >= 0)
        if under.size:
            self._circles(trees, under)
        return self._joined(trees)

    def _circles(self, trees: Ints, under: Ints) -> None:
        """Parties that come to a circle of companies, as ``trees`` says: one number for all."""
        nearest = self.forest.nearest
        label: dict[int, int] = {}
        for start in np.unique(trees[under]).tolist():
            circle: list[int] = []
            node = start
            while node not in label:
                label[node] = start
                circle.append(node)
                node = int(nearest[node])
        table = np.array([label[node] for node in trees[under].tolist()], np.int64)
        trees[under] = table

    def _joined(self, trees: Ints) -> Ints:
        """Trees that further controllers tie together get one number."""
        if not self.forest.others:
            return trees
        root: dict[int, int] = {}

        def find(tree: int) -> int:
            while tree in root:
                tree = root[tree]
            return tree

        for company, more in self.forest.others.items():
            for other in more:
                one, two = find(int(trees[company])), find(int(trees[other]))
                if one != two:
                    root[max(one, two)] = min(one, two)
        table = np.arange(self.arrays.size)
        for tree in root:
            table[tree] = find(tree)
        return table[trees]

    def _meeting(self, trees: Ints, grown: list[int] | None) -> list[tuple[int, Ints]]:
        """Companies with holders in one tree that together hold enough, and their stakes;
        after the first time where a tree has ``grown`` by some companies."""
        a, rows = self.arrays, self._open
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
        companies = np.unique(a.issuer[rows[first[enough]]])
        if grown is not None:
            changed, moved = np.zeros(a.size, np.bool_), np.zeros(a.size, np.bool_)
            changed[trees[grown]] = True
            moved[a.issuer[rows[changed[trees[a.holder[rows]]]]]] = True
            companies = companies[moved[companies]]
        low = np.searchsorted(a.issuer[self._open], companies)
        high = np.searchsorted(a.issuer[self._open], companies, side="right")
        return [
            (company, self._open[start:end])
            for company, start, end in zip(
                companies.tolist(), low.tolist(), high.tolist(), strict=True
            )
        ]

    def _attach(self, company: int, rows: Ints) -> bool:
        """Find the nearest of those who hold a company with what they control."""
        a, forest = self.arrays, self.forest
        weight: dict[int, int] = {}
        for holder, share in zip(a.holder[rows].tolist(), a.share[rows].tolist(), strict=True):
            for member in {holder, *forest.controllers(holder)}:
                weight[member] = weight.get(member, 0) + share
        found = {m for m, amount in weight.items() if amount > self.threshold and m != company}
        fixed = self._fixed.get(company, set())
        if not fixed and forest.nearest[company] >= 0 and not forest.joint[company]:
            fixed = self._fixed.setdefault(company, {int(forest.nearest[company])})
        before = set(forest.above(company))
        near = fixed | before | (self._nearest(found) - set().union(*self._over(before)))
        if not near or not self._set(company, near):
            return False
        forest.joint[company] = int(forest.nearest[company]) not in fixed
        return True

    def _over(self, companies: Iterable[int]) -> list[set[int]]:
        return [set(self.forest.controllers(company)) for company in companies]

    def _nearest(self, found: set[int]) -> set[int]:
        """Those that control none of the others, but for those that control them in turn."""
        left = set(found)
        for member in sorted(found):
            if member in left:
                left -= {above for above in self.forest.controllers(member) if above != member}
        return left
