"""The control forest of a whole population: by company its nearest controllers, joint ones too.

x controls y exactly when y lies below x: the closure of one holder is what its place in the forest
leads down to. One holder of more than half is a parent at once; where only several holders together
make a majority, it is their nearest common controllers, sought again whenever a holder gets one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from queries.components import components
from queries.projection import Projection, whole_stakes
from queries.stakes import ONE

HALF = ONE // 2
Stake = tuple[int, int]  # holder, least whole stake in units


@dataclass(slots=True)
class Forest:
    """``parents``: by controlled node, its nearest controllers. ``held``: by issuer, the stakes of
    those that may matter to it."""

    parents: dict[int, set[int]] = field(default_factory=dict)
    children: dict[int, set[int]] = field(default_factory=dict)
    held: dict[int, list[Stake]] = field(default_factory=dict)
    _above: dict[int, frozenset[int]] = field(default_factory=dict)

    def add(self, parent: int, child: int) -> None:
        """A nearest controller more."""
        self.parents.setdefault(child, set()).add(parent)
        self.children.setdefault(parent, set()).add(child)

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
            sum(low for holder, low in self.held.get(node, ()) if self._with(top, holder)),
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
            alone = all(self.parents.get(top, set()) <= inside for top in tops)
            if alone and any(self.children.get(top) for top in tops):
                found.append((sorted(tops), _depths(self.children, tops)))
        return sorted(found)


def _reach(next_: dict[int, set[int]], start: list[int]) -> set[int]:
    seen, todo = set(start), list(start)
    while todo:
        new = next_.get(todo.pop(), set()) - seen
        seen |= new
        todo += new
    return seen


def _depths(children: dict[int, set[int]], tops: list[int]) -> dict[int, int]:
    depths = dict.fromkeys(tops, 0)
    level, depth = list(tops), 0
    while level:
        depth += 1
        level = sorted({c for node in level for c in children.get(node, ())} - depths.keys())
        depths.update(dict.fromkeys(level, depth))
    return depths


def forest(found: Projection, tick: Callable[[], None]) -> Forest:
    """The control forest of a population."""
    made = Forest()
    _direct(made, found)
    holds: dict[int, list[int]] = {}
    for issuer in _open(made):
        for holder, _ in made.held[issuer]:
            holds.setdefault(holder, []).append(issuer)
    work = sorted(_open(made))
    while work:
        new: list[tuple[int, int]] = []
        for issuer in work:
            tick()
            new += [(top, issuer) for top in _nearest(made, issuer)]
        for top, issuer in new:
            made.add(top, issuer)
        made.changed()
        touched = made.below({issuer for _, issuer in new})
        work = sorted({issuer for node in touched for issuer in holds.get(node, ())})
    return made


def _direct(made: Forest, found: Projection) -> None:
    """Declared controllers and holders of more than half; the stakes that may add up to it."""
    declared = found.declared
    for holder, issuer in zip(
        found.holder[declared].tolist(), found.issuer[declared].tolist(), strict=True
    ):
        if holder != issuer:
            made.add(holder, issuer)
    holder, issuer, low = whole_stakes(found)
    real = low > 0
    holder, issuer, low = holder[real], issuer[real], low[real]
    most = (low > HALF) & (holder != issuer)
    for top, child in zip(holder[most].tolist(), issuer[most].tolist(), strict=True):
        made.add(top, child)
    for top, child, share in zip(holder.tolist(), issuer.tolist(), low.tolist(), strict=True):
        made.held.setdefault(child, []).append((top, share))


def _open(made: Forest) -> list[int]:
    """The issuers of which several holders together may hold more than half.

    Beside a majority the others can only make one where stakes sum to more than all there is.
    """
    found = []
    for issuer, held in made.held.items():
        others = [low for holder, low in held if holder != issuer]
        whole, largest = sum(others), max(others, default=0)
        if len(others) > 1 and whole > HALF and (largest <= HALF or whole - largest > HALF):
            found.append(issuer)
    return found


def _nearest(made: Forest, issuer: int) -> list[int]:
    """Who newly controls an issuer: with what they control they hold more than half of it."""
    sums: dict[int, int] = {}
    for holder, low in made.held[issuer]:
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
