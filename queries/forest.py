"""The control forest of a whole population: by company its nearest controllers, joint ones too.

x controls y exactly when y lies below x: the closure of one holder is what its place in the forest
leads down to. One holder of more than half is a parent at once; where only several holders together
make a majority, it is their nearest common controllers, sought again whenever a holder gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from queries.components import components
from queries.projection import Ints, Projection, whole_stakes
from queries.stakes import ONE

HALF = ONE // 2
Mask = npt.NDArray[np.bool_]
Stake = tuple[int, int]  # holder, least whole stake in units


@dataclass(slots=True)
class Forest:
    """``parents``: by controlled node, its nearest controllers. The stakes stand in arrays, by
    (issuer, holder), so that millions of them take little room; those in node n stand from
    ``index[n]`` up to ``index[n + 1]``."""

    holder: Ints
    issuer: Ints
    low: Ints
    index: Ints
    parents: dict[int, tuple[int, ...]] = field(default_factory=dict)
    children: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _above: dict[int, frozenset[int]] = field(default_factory=dict)

    def add(self, parent: int, child: int) -> None:
        """A nearest controller more."""
        known = self.parents.get(child, ())
        if parent not in known:
            self.parents[child] = (*known, parent)
            self.children[parent] = (*self.children.get(parent, ()), child)

    def held(self, node: int) -> list[Stake]:
        """The stakes in a node."""
        if node + 1 >= len(self.index):
            return []
        start, end = self.index[node], self.index[node + 1]
        return list(zip(self.holder[start:end].tolist(), self.low[start:end].tolist(), strict=True))

    def above(self, node: int) -> frozenset[int]:
        """Who controls a node."""
        if node not in self._above:
            self._above[node] = frozenset(_reach(self.parents, [node]) - {node})
        return self._above[node]

    def below(self, nodes: Iterable[int]) -> set[int]:
        """The nodes and everything below them."""
        return _reach(self.children, list(nodes))

    def changed(self) -> None:
        """Forget who is above whom, after parents have been added."""
        self._above.clear()

    def share(self, top: int, node: int) -> int:
        """What ``top`` and all it controls hold of a node, in units, at most all of it."""
        return min(
            ONE,
            sum(low for holder, low in self.held(node) if self._with(top, holder)),
        )

    def _with(self, top: int, holder: int) -> bool:
        return holder == top or top in self.above(holder)

    def trees(self) -> list[tuple[list[int], dict[int, int]]]:
        """Each top (several where they control each other) with the depth of all below it."""
        nodes = sorted(self.parents.keys() | self.children.keys())
        place = {node: number for number, node in enumerate(nodes)}
        after = [[place[c] for c in sorted(self.children.get(n, ()))] for n in nodes]
        found = []
        for component in components(after):
            tops = [nodes[number] for number in component]
            inside = set(tops)
            alone = all(inside.issuperset(self.parents.get(top, ())) for top in tops)
            if alone and any(self.children.get(top) for top in tops):
                found.append((sorted(tops), _depths(self.children, tops)))
        return sorted(found)


def _reach(next_: dict[int, tuple[int, ...]], start: list[int]) -> set[int]:
    seen, todo = set(start), list(start)
    while todo:
        new = set(next_.get(todo.pop(), ())) - seen
        seen |= new
        todo += new
    return seen


def _depths(children: dict[int, tuple[int, ...]], tops: list[int]) -> dict[int, int]:
    depths = dict.fromkeys(tops, 0)
    level, depth = list(tops), 0
    while level:
        depth += 1
        level = sorted({c for node in level for c in children.get(node, ())} - depths.keys())
        depths.update(dict.fromkeys(level, depth))
    return depths


def forest(found: Projection, tick: Callable[[], None]) -> Forest:
    """The control forest of a population."""
    holder, issuer, low = whole_stakes(found)
    real = (low > 0) & (holder != issuer)
    most = int(issuer[-1]) + 2 if len(issuer) else 0
    made = Forest(holder, issuer, low, np.searchsorted(issuer, np.arange(most)))
    _direct(made, found, real)
    open_ = _open(made, real)
    holds: dict[int, list[int]] = {}
    for node in open_:
        for top, _ in made.held(node):
            holds.setdefault(top, []).append(node)
    work = open_
    while work:
        new: list[tuple[int, int]] = []
        for node in work:
            tick()
            new += [(top, node) for top in _nearest(made, node)]
        for top, node in new:
            made.add(top, node)
        made.changed()
        touched = made.below({node for _, node in new})
        work = sorted({node for other in touched for node in holds.get(other, ())})
    return made


def _direct(made: Forest, found: Projection, real: Mask) -> None:
    """Declared controllers, and holders of more than half."""
    apart = found.declared & (found.holder != found.issuer)
    most = real & (made.low > HALF)
    for holder, issuer in (
        (found.holder[apart], found.issuer[apart]),
        (made.holder[most], made.issuer[most]),
    ):
        for top, node in zip(holder.tolist(), issuer.tolist(), strict=True):
            made.add(top, node)


def _open(made: Forest, real: Mask) -> list[int]:
    """The issuers of which several holders together may hold more than half.

    Beside a majority the others can only make one where stakes sum to more than all there is. A
    first look, in floats and generous by a thousandth; who controls is then counted exactly.
    """
    issuer, low = made.issuer[real], made.low[real].astype(np.float64)
    if not len(issuer):
        return []
    starts = np.flatnonzero(np.r_[True, issuer[1:] != issuer[:-1]])
    whole, largest = np.add.reduceat(low, starts), np.maximum.reduceat(low, starts)
    near = 0.999 * HALF
    maybe = (whole > near) & (whole - largest > 0) & ((largest <= HALF) | (whole - largest > near))
    return [int(node) for node in issuer[starts[maybe]]]


def _nearest(made: Forest, issuer: int) -> list[int]:
    """Who newly controls an issuer: with what they control they hold more than half of it."""
    sums: dict[int, int] = {}
    for holder, low in made.held(issuer):
        if holder != issuer:
            for top in made.above(holder) | {holder}:
                sums[top] = sums.get(top, 0) + low
    known = made.above(issuer)
    enough = {top for top, low in sums.items() if low > HALF and top != issuer and top not in known}
    return sorted(
        top
        for top in enough
        if not any(top in made.above(o) and o not in made.above(top) for o in enough - {top})
    )
