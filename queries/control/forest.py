"""The control of all holders at once: each company's nearest controllers, expanded on request.

What everybody controls can be quadratic in size. But two parties that each control a company by
more than half of it share a stake that counts for both, so that one of them controls the other:
a company's controllers stand in line. It is enough to know the nearest one, alone or jointly; all
controllers are those above it. Exceptions, where a company has several nearest controllers (a
declared one beside, or stakes above the whole), are kept apart. ``growing`` finds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from queries.control.projection import Ints, Projection, whole_stakes
from queries.stakes import ONE

Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Arrays:
    """Whole stakes among ``size`` numbered parties: ``holder``, ``issuer`` and the least share in
    units, one entry per pair, none of oneself; ``declared``: pairs of a declared control; ``own``:
    what companies hold of themselves, which makes nobody control them but counts in joint shares.
    """

    size: int
    holder: Ints
    issuer: Ints
    share: Ints
    declared: tuple[tuple[int, int], ...] = ()
    own: dict[int, int] = field(default_factory=dict)
    _by_issuer: tuple[Ints, Ints] | None = None

    def held(self, company: int) -> list[tuple[int, int]]:
        """The holders of a company, but for itself, with their shares."""
        if self._by_issuer is None:
            order = np.argsort(self.issuer, kind="stable")
            self._by_issuer = (order, self.issuer[order])
        order, issuers = self._by_issuer
        first, last = np.searchsorted(issuers, [company, company + 1])
        rows = order[first:last]
        return list(zip(self.holder[rows].tolist(), self.share[rows].tolist(), strict=True))


def arrays_of(found: Projection) -> Arrays:
    """The stakes and declared controls of a whole population."""
    holder, issuer, share = whole_stakes(found)
    apart, real = holder != issuer, share > 0
    kept, own = apart & real, ~apart & real
    pairs = zip(
        found.holder[found.declared].tolist(), found.issuer[found.declared].tolist(), strict=True
    )
    return Arrays(
        len(found.ids),
        holder[kept],
        issuer[kept],
        share[kept],
        tuple(sorted(set(pairs))),
        dict(zip(issuer[own].tolist(), share[own].tolist(), strict=True)),
    )


@dataclass(slots=True)
class ControlForest:
    """``nearest``: by company its nearest controller, -1 for none. ``joint``: whether that one
    needs what it controls. ``others``: further nearest controllers, by company."""

    nearest: Ints
    joint: Flags
    others: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _below: tuple[Ints, Ints] | None = None
    _beside: dict[int, list[int]] = field(default_factory=dict)

    def above(self, company: int) -> tuple[int, ...]:
        """The nearest controllers of a company, all of them."""
        first = int(self.nearest[company])
        return self.others.get(company, ()) if first < 0 else (first, *self.others.get(company, ()))

    def children(self, holder: int) -> Iterable[int]:
        """The companies of which a party is a nearest controller."""
        order, parents = self._below or self._index()
        first, last = np.searchsorted(parents, [holder, holder + 1])
        return [*order[first:last].tolist(), *self._beside.get(holder, ())]

    def controllers(self, company: int) -> list[int]:
        """Everybody who controls a company, by number."""
        return sorted(set(_reached([company], self.above)) - {company})

    def controlled(self, holder: int) -> list[int]:
        """Everything that a party controls, by number."""
        return sorted(set(_reached([holder], self.children)) - {holder})

    def under(self, tops: Iterable[int]) -> set[int]:
        """Parties and everything that they control."""
        return set(_reached(tops, self.children))

    def controls(self, top: int, company: int) -> bool:
        """Whether one party controls another."""
        return top != company and any(node == top for node in _reached([company], self.above))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every nearest controller with its company."""
        with_one = np.flatnonzero(self.nearest >= 0)
        yield from zip(self.nearest[with_one].tolist(), with_one.tolist(), strict=True)
        for company, more in self.others.items():
            yield from ((top, company) for top in more)

    def add(self, company: int, top: int) -> None:
        """One nearest controller more."""
        if self.nearest[company] < 0:
            self.nearest[company] = top
        else:
            self.others[company] = (*self.others.get(company, ()), top)
        if self._below is not None:
            self._beside.setdefault(top, []).append(company)

    def keep(self, company: int, tops: Iterable[int]) -> None:
        """Only these nearest controllers."""
        kept = [top for top in self.above(company) if top in set(tops)]
        self.nearest[company] = kept[0]
        self.others.pop(company, None)
        if kept[1:]:
            self.others[company] = tuple(kept[1:])
        self._below = None

    def _index(self) -> tuple[Ints, Ints]:
        """The nearest controllers in order, with their companies; the others beside."""
        order = np.flatnonzero(self.nearest >= 0)
        order = order[np.argsort(self.nearest[order], kind="stable")]
        self._beside = {}
        for company, more in self.others.items():
            for top in more:
                self._beside.setdefault(top, []).append(company)
        self._below = (order, self.nearest[order])
        return self._below

    def trees(self) -> Ints:
        """By party, a number that all parties tied by control share: its tree's. Where nobody has
        ``others``, it is that of the top, or of one of the tops that control each other."""
        nearest = self.nearest
        trees = np.where(nearest < 0, np.arange(nearest.size), nearest)
        going = np.flatnonzero(nearest >= 0)
        for _ in range(nearest.size.bit_length()):
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
        label: dict[int, int] = {}
        for start in np.unique(trees[under]).tolist():
            node = start
            while node not in label:
                label[node] = start
                node = int(self.nearest[node])
        trees[under] = np.array([label[node] for node in trees[under].tolist()], np.int64)

    def _joined(self, trees: Ints) -> Ints:
        """Trees that further controllers tie together get one number."""
        if not self.others:
            return trees
        root: dict[int, int] = {}

        def find(tree: int) -> int:
            top = tree
            while top in root:
                top = root[top]
            while tree in root:
                root[tree], tree = top, root[tree]
            return top

        for company, more in self.others.items():
            for other in more:
                one, two = find(int(trees[company])), find(int(trees[other]))
                if one != two:
                    root[max(one, two)] = min(one, two)
        table = np.arange(self.nearest.size)
        for tree in list(root):
            table[tree] = find(tree)
        return table[trees]


def held_with_all(
    forest: ControlForest, own: Mapping[int, int], tick: Callable[[], None] = lambda: None
) -> dict[int, int]:
    """What parties and all that they control hold of a company, given what its holders hold: by
    holder and by whoever controls one."""
    above: dict[int, tuple[int, ...]] = {}
    todo = list(own)
    while todo:
        node = todo.pop()
        if node not in above:
            above[node] = forest.above(node)
            todo += above[node]
    if all(len(tops) < 2 for tops in above.values()):
        return _carried_up({node: tops[0] for node, tops in above.items() if tops}, own)
    amounts: dict[int, int] = {}
    for holder, share in own.items():
        tick()
        for member in {holder, *forest.controllers(holder)}:
            amounts[member] = amounts.get(member, 0) + share
    return amounts


def _carried_up(above: Mapping[int, int], own: Mapping[int, int]) -> dict[int, int]:
    """Amounts summed along one controller each; those on a circle have what all of it has."""
    amounts = {node: own.get(node, 0) for node in {*own, *above, *above.values()}}
    waiting = dict.fromkeys(amounts, 0)
    for top in above.values():
        waiting[top] += 1
    ready = [node for node, count in waiting.items() if not count]
    for node in ready:
        top = above.get(node, -1)
        if top >= 0:
            amounts[top] += amounts[node]
            waiting[top] -= 1
            if not waiting[top]:
                ready.append(top)
    left = set(amounts).difference(ready)
    while left:
        circle = [left.pop()]
        while above[circle[-1]] != circle[0]:
            circle.append(above[circle[-1]])
        left.difference_update(circle)
        amounts.update(dict.fromkeys(circle, sum(amounts[node] for node in circle)))
    return amounts


def joint_share(forest: ControlForest, arrays: Arrays, top: int, company: int) -> int:
    """What a controller of a company and all it controls hold of it, in units, at most all."""
    held = sum(
        share
        for holder, share in arrays.held(company)
        if holder == top or forest.controls(top, holder)
    )
    return min(ONE, held + arrays.own.get(company, 0))


def _reached(starts: Iterable[int], step: Callable[[int], Iterable[int]]) -> Iterator[int]:
    todo = list(starts)
    found = set(todo)
    while todo:
        node = todo.pop()
        yield node
        for other in step(node):
            if other not in found:
                found.add(other)
                todo.append(other)
