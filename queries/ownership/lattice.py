"""The stakes above or below one party, as a graph of numbered parties."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from queries.control.components import components
from queries.ownership.book import Book, Stake


@dataclass(slots=True)
class Lattice:
    """All owners of a party (``down`` False), or all that it holds, itself among them.

    ``ids`` in order; ``start``: the party's number. ``toward``: by number, the stakes one step
    nearer to the start; ``away``: those one step further. Stakes of nothing are left out.
    ``groups``: the strongly connected components, nearer ones first; ``group``: each number's.
    ``closed``: whether a group owns itself, once that has been asked.
    """

    down: bool
    ids: list[str]
    start: int
    toward: list[list[tuple[int, Stake]]]
    away: list[list[tuple[int, Stake]]]
    groups: list[list[int]]
    group: list[int]
    closed: dict[int, bool] = field(default_factory=dict)

    def cycles(self, number: int) -> bool:
        """Whether some chain of stakes leads from a party back to itself."""
        return len(self.groups[self.group[number]]) > 1 or self.loops(number)

    def loops(self, number: int) -> bool:
        """Whether a party holds a stake in itself."""
        return any(other == number for other, _ in self.toward[number])


def lattice_of(book: Book, start: str, reached: Collection[str], *, down: bool) -> Lattice:
    """The graph of ``reached`` (``start`` among them), by the stakes of a book."""
    ids = sorted(reached)
    number = {id: place for place, id in enumerate(ids)}
    toward: list[list[tuple[int, Stake]]] = [[] for _ in ids]
    away: list[list[tuple[int, Stake]]] = [[] for _ in ids]
    for issuer in ids:
        for holder, stake in sorted(book.into.get(issuer, {}).items()):
            if holder in number and stake.high > 0:
                near, far = (holder, issuer) if down else (issuer, holder)
                toward[number[far]].append((number[near], stake))
                away[number[near]].append((number[far], stake))
    groups = components([[other for other, _ in steps] for steps in toward])
    group = [0] * len(ids)
    for place, members in enumerate(groups):
        for member in members:
            group[member] = place
    return Lattice(down, ids, number[start], toward, away, groups, group)
