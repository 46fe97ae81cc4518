"""Sums over simple chains: no company twice. The convention of close links, and of one method.

A simple chain never comes back to a strongly connected component it has left, so chains are listed
inside components only, and everything between them is one pass. Listing may be long: it stops at a
number of steps, and then says so, with bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from queries.lattice import Lattice

_STEPS = 200_000


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
    lattice: Lattice, *, most: bool = False, tick: Callable[[], None] = lambda: None
) -> SimpleSums:
    """For every party, the sum over simple chains of the products of shares; ``most``: by the upper
    bounds of unknown shares."""
    return _Sum(lattice, most, tick).run()


class _Sum:
    def __init__(self, lattice: Lattice, most: bool, tick: Callable[[], None]) -> None:
        self.lattice = lattice
        self.most = most
        self.tick = tick
        self.steps = _STEPS
        self.values = [Fraction(0)] * len(lattice.ids)
        self.left_out: dict[int, Fraction] = {}

    def run(self) -> SimpleSums:
        for members in self.lattice.groups:
            if len(members) == 1:
                member = members[0]
                self._add(member, self._entering(member))
            else:
                for member in members:
                    amount = self._entering(member)
                    if amount or member in self.left_out:
                        self._spread(member, amount)
        return SimpleSums(self.values, self.left_out)

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

    def _spread(self, entry: int, amount: Fraction) -> None:
        """Add what ``amount`` at ``entry`` makes at every party of its component."""
        lattice, place = self.lattice, self.lattice.group[entry]
        chain, products = [entry], [amount]
        on = {entry}
        open_ = [iter(lattice.away[entry])]
        self._add(entry, amount)
        while open_:
            step = next(open_[-1], None)
            if step is None:
                open_.pop()
                on.discard(chain.pop())
                products.pop()
                continue
            other, stake = step
            if other in on or lattice.group[other] != place:
                continue
            product = products[-1] * self._share(stake.least, stake.most)
            if not product:
                continue
            self.tick()
            self.steps -= 1
            if self.steps < 0:
                self._all_left(place, product)
                continue
            self._add(other, product)
            chain.append(other)
            on.add(other)
            products.append(product)
            open_.append(iter(lattice.away[other]))

    def _all_left(self, place: int, product: Fraction) -> None:
        """A chain not followed: whatever it leads to in its component gets at most its product."""
        for member in self.lattice.groups[place]:
            self._leave(member, product)
