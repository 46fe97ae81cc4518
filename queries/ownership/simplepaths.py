"""Sums over simple chains: no company twice. The convention of close links, and of one method.

A simple chain never comes back to a strongly connected component it has left, so chains are listed
inside components only, and everything between them is one pass. Listing may be long: it stops at a
number of steps, and then says so, with bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

from queries.ownership.lattice import Lattice
from queries.ownership.linear import EXACT, solve

STEPS = 50_000
_FLOOR = 1e-9  # in a large component a chain of a smaller product is not followed


@dataclass(slots=True)
class SimpleSums:
    """``values`` by number, from the start; nothing is more than ``left_out`` larger."""

    values: list[Fraction]
    left_out: dict[int, Fraction]

    @property
    def cut(self) -> bool:
        """Whether listing stopped before its end."""
        return bool(self.left_out)


def simple_sums(
    lattice: Lattice,
    *,
    most: bool = False,
    steps: int = STEPS,
    tick: Callable[[], None] = lambda: None,
) -> SimpleSums:
    """For every party, the sum over simple chains of the products of shares; ``most``: by the upper
    bounds of unknown shares. ``steps``: how many steps of chains inside components are listed."""
    return _Sum(lattice, most, steps, tick).run()


class _Sum:
    def __init__(self, lattice: Lattice, most: bool, steps: int, tick: Callable[[], None]) -> None:
        self.lattice = lattice
        self.most = most
        self.tick = tick
        self.steps = steps
        self.values = [Fraction(0)] * len(lattice.ids)
        self.left_out: dict[int, Fraction] = {}

    def run(self) -> SimpleSums:
        for members in self.lattice.groups:
            entries = {member: self._entering(member) for member in members}
            if len(members) == 1:
                self._add(members[0], entries[members[0]])
            else:
                self._spread({member: amount for member, amount in entries.items() if amount})
                self._carry(members)
        return SimpleSums(self.values, self.left_out)

    def _carry(self, members: list[int]) -> None:
        """What is left out before a component may reach all of it."""
        left = [self.left_out[member] for member in members if member in self.left_out]
        if left and max(left) > 0:
            total = min(Fraction(1), sum(left, Fraction(0)))
            self.left_out.update(dict.fromkeys(members, total))

    def _share(self, least: Fraction, most: Fraction) -> Fraction:
        return most if self.most else least

    def _entering(self, member: int) -> Fraction:
        """What reaches a party from outside its component, or is there because it is the start."""
        total = Fraction(int(member == self.lattice.start))
        place = self.lattice.group[member]
        for near, stake in self.lattice.toward[member]:
            if self.lattice.group[near] != place:
                share = self._share(stake.least, stake.most)
                total += share * self.values[near]
                if near in self.left_out:
                    self._leave(member, share * self.left_out[near])
        return total

    def _add(self, member: int, amount: Fraction) -> None:
        self.values[member] += amount

    def _leave(self, member: int, amount: Fraction) -> None:
        self.left_out[member] = min(Fraction(1), self.left_out.get(member, Fraction(0)) + amount)

    def _spread(self, entries: dict[int, Fraction]) -> None:
        """Add what amounts at some entries make at every party of their component.

        Largest products first; from where listing stops, no party gets more than all walks give it.
        """
        lattice = self.lattice
        heap: list[tuple[float, int, Fraction, tuple[int, ...]]] = []
        rest: dict[int, float] = {}
        for entry, amount in entries.items():
            self._add(entry, amount)
            heappush(heap, (-float(amount), len(heap), amount, (entry,)))
        pushed = len(heap)
        floor = _FLOOR if self._is_large(next(iter(entries), 0)) else 0.0
        while heap:
            self.tick()
            weight, _, amount, chain = heappop(heap)
            end = chain[-1]
            if self.steps < 0 or -weight < floor:
                rest[end] = rest.get(end, 0.0) - weight
                continue
            for other, stake in lattice.away[end]:
                if lattice.group[other] != lattice.group[end] or other in chain:
                    continue
                product = amount * self._share(stake.least, stake.most)
                if product:
                    self.steps -= 1
                    pushed += 1
                    self._add(other, product)
                    heappush(heap, (-float(product), pushed, product, (*chain, other)))
        if rest:
            self._all_left(rest)

    def _is_large(self, entry: int) -> bool:
        return len(self.lattice.groups[self.lattice.group[entry]]) > EXACT

    def _all_left(self, rest: dict[int, float]) -> None:
        """Chains not followed: whatever they lead to in their component gets what walks give."""
        members = self.lattice.groups[self.lattice.group[next(iter(rest))]]
        place = {member: at for at, member in enumerate(members)}
        entries = [
            (place[member], place[near], self._share(stake.least, stake.most))
            for member in members
            for near, stake in self.lattice.toward[member]
            if near in place
        ]
        solved = solve(len(members), entries, [rest.get(member, 0.0) for member in members])
        for member in members:
            bound = Fraction(1)
            if solved is not None:
                bound = Fraction(float(solved.values[place[member]]) + solved.error)
            self._leave(member, bound)
