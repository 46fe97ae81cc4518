"""Integrated (look-through) ownership: what a party holds of another through all chains.

A[i, j] is the share of j that i holds. Brioschi's figure is Y = A (I - A)⁻¹, the sum of the
products of shares over all walks; Baldone's divides each row of it by the diagonal of (I - A)⁻¹, so
that no walk passes through the owner itself. ``docs/ownership.md`` has both, with an example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import Literal, NamedTuple

import numpy as np

from queries.ownership.book import Stake
from queries.ownership.lattice import Lattice
from queries.ownership.linear import EXACT, Entry, Floats, Number, solve
from queries.stakes import ONE

Method = Literal["baldone", "brioschi", "simple"]
Bound = Literal["least", "most"]
AT_ONCE = 50  # inside owners of a large component whose figure is computed at once
_WHOLE = Fraction(1)
_LONGEST = 20_000  # bits of a fraction's denominator before a chain goes on in floats


class Figure(NamedTuple):
    """An integrated share between ``low`` and ``high``. ``error``: of floats, how far off at most.

    ``why``: ``""``, or why there is no figure (``withheld``: through an issuer held above 100.1 %
    or a group that owns itself; ``inside``: one of many owners inside a large component).
    """

    low: Number
    high: Number
    error: float = 0.0
    why: str = ""

    @property
    def known(self) -> bool:
        """Whether it is one figure."""
        return not self.why and (self.low is self.high or self.low == self.high)


@dataclass(slots=True)
class Sums:
    """Walks' sums for one bound: ``u`` by number, from the start; ``diagonal`` where it is not 1.

    ``endless``: numbers whose walks' sums are not finite; ``inside``: without their own diagonal.
    """

    u: list[Number]
    diagonal: dict[int, Number] = field(default_factory=dict)
    endless: set[int] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)
    error: float = 0.0

    def by_own(self, number: int, owner: int) -> Number:
        """A sum divided by its owner's diagonal of (I - A)⁻¹, at most 1."""
        diagonal = self.diagonal.get(owner)
        value = self.u[number] if diagonal is None else self.u[number] / diagonal
        return value if value <= 1 else _WHOLE


class Effort(NamedTuple):
    """How hard to try. ``exact``: components up to so many companies in fractions; ``most``: above
    so many, only ``at_once`` inside owners have their own diagonal (None: the defaults)."""

    exact: int = EXACT
    most: int | None = None
    at_once: int = AT_ONCE
    tick: Callable[[], None] = lambda: None


DEFAULTS = Effort()


def figures(
    lattice: Lattice, overfull: Iterable[str], method: Method = "baldone", effort: Effort = DEFAULTS
) -> dict[str, Figure]:
    """The integrated share of every party of the lattice but the start (with ``brioschi`` also its
    own); ``method`` is one of the two closed forms."""
    withheld = _withheld(lattice, frozenset(overfull))
    vague = any(not stake.known for steps in lattice.toward for _, stake in steps)
    low = _sums(lattice, "least", withheld, effort)
    high = _sums(lattice, "most", withheld, effort) if vague else low
    found: dict[str, Figure] = {}
    for number, id in enumerate(lattice.ids):
        if number == lattice.start and method == "baldone":
            continue
        found[id] = (
            Figure(Fraction(0), Fraction(1), 0.0, "withheld")
            if withheld[number]
            else _figure(lattice, number, low, high, method)
        )
    return found


def _figure(lattice: Lattice, number: int, low: Sums, high: Sums, method: Method) -> Figure:
    error = max(low.error, high.error)
    if method == "brioschi":
        loop = Fraction(int(number == lattice.start))
        walked: Number = inf if number in high.endless else high.u[number] - loop
        return Figure(low.u[number] - loop, walked, error)
    owner = lattice.start if lattice.down else number
    inside = owner in low.inside
    least = min(_WHOLE, _direct(lattice, number)) if inside else low.by_own(number, owner)
    if number in high.endless or owner in high.endless:
        most: Number = _WHOLE
    else:
        most = least if high is low and not inside else high.by_own(number, owner)
    return Figure(least, most, error, "inside" if inside else "")


def _direct(lattice: Lattice, number: int) -> Fraction:
    stakes = (stake.least for near, stake in lattice.toward[number] if near == lattice.start)
    return sum(stakes, Fraction(0))


def _withheld(lattice: Lattice, overfull: frozenset[str]) -> list[bool]:
    """Whose figures pass through an issuer held above 100.1 %, or through a group that owns itself.

    Through: the chain from holder to issuer enters it (its own figures of others do not, unless it
    is on a cycle), or begins in a self-owned group.
    """
    bad = [id in overfull for id in lattice.ids]
    closed = [_is_closed(lattice, place) for place in range(len(lattice.groups))]
    found = [False] * len(lattice.ids)
    for place, members in enumerate(lattice.groups):
        taint = closed[place] or any(_enters(lattice, member, bad, found) for member in members)
        for member in members:
            found[member] = taint
    return found


def _enters(lattice: Lattice, member: int, bad: list[bool], found: list[bool]) -> bool:
    if lattice.down:
        mine = bad[member] and (member != lattice.start or lattice.cycles(member))
        return mine or any(found[near] for near, _ in lattice.toward[member])
    return any(found[near] or bad[near] for near, _ in lattice.toward[member])


def _is_closed(lattice: Lattice, place: int) -> bool:
    if place not in lattice.closed:  # takes a solution of its own in a large component
        lattice.closed[place] = _owns_itself(lattice, lattice.groups[place])
    return lattice.closed[place]


def _owns_itself(lattice: Lattice, members: list[int]) -> bool:
    """Whether a group's companies are held wholly by each other: no walk from it ever ends."""
    if len(members) == 1 and not lattice.loops(members[0]):
        return False
    inside = set(members)
    held = dict.fromkeys(members, 0)
    for member in members:
        for other, stake in lattice.toward[member]:
            if other in inside:
                held[member if lattice.down else other] += stake.low
    if all(amount >= ONE for amount in held.values()):
        return True
    if all(amount <= ONE for amount in held.values()):
        return False
    return _solved(lattice, members, "least", [Fraction(0)] * len(members), DEFAULTS) is None


def self_owned(lattice: Lattice) -> list[list[str]]:
    """The groups that own themselves, each in id order."""
    return sorted(
        [lattice.ids[member] for member in members]
        for place, members in enumerate(lattice.groups)
        if _is_closed(lattice, place)
    )


def _sums(lattice: Lattice, bound: Bound, withheld: list[bool], effort: Effort) -> Sums:
    sums = Sums([Fraction(0)] * len(lattice.ids))
    for members in lattice.groups:
        if withheld[members[0]]:
            continue
        if any(near in sums.endless for m in members for near, _ in lattice.toward[m]):
            sums.endless.update(members)  # the least that may be said of them comes from ``least``
            continue
        right = [_right(lattice, member, sums, bound) for member in members]
        if len(members) == 1 and not lattice.loops(members[0]):
            sums.u[members[0]] = right[0]
        else:
            _add_group(lattice, members, right, bound, effort, sums)
    return sums


def _right(lattice: Lattice, member: int, sums: Sums, bound: Bound) -> Number:
    total = Fraction(int(member == lattice.start))
    rough: list[float] = []
    place = lattice.group[member]
    for near, stake in lattice.toward[member]:
        if lattice.group[near] != place:
            value = sums.u[near]
            if isinstance(value, float):
                rough.append(value * _rough(stake, bound))
            else:
                total += value * _weight(stake, bound)
    if rough or total.denominator.bit_length() > _LONGEST:
        return sum(rough, float(total) if total else 0.0)
    return total


def _weight(stake: Stake, bound: Bound) -> Fraction:
    return stake.least if bound == "least" else stake.most


def _rough(stake: Stake, bound: Bound) -> float:
    """A weight among floats."""
    return (stake.low if bound == "least" else stake.high) / ONE


def _entries(lattice: Lattice, members: list[int], bound: Bound, exact: int = EXACT) -> list[Entry]:
    place = {member: at for at, member in enumerate(members)}
    weigh = _weight if len(members) <= exact else _rough
    return [
        (place[member], place[near], weight)
        for member in members
        for near, stake in lattice.toward[member]
        if near in place and (weight := weigh(stake, bound))
    ]


def _solved(
    lattice: Lattice, members: list[int], bound: Bound, right: list[Number], effort: Effort
) -> object:
    entries = _entries(lattice, members, bound, effort.exact)
    return solve(len(members), entries, right, exact=effort.exact)


def _add_group(
    lattice: Lattice,
    members: list[int],
    right: list[Number],
    bound: Bound,
    effort: Effort,
    sums: Sums,
) -> None:
    def first(values: Floats) -> Iterable[int]:
        if lattice.down:
            return [members.index(lattice.start)] if lattice.start in members else []
        order = np.argsort(-values, kind="stable")
        return [int(place) for place in order[: effort.at_once]]

    solved = solve(
        len(members),
        _entries(lattice, members, bound, effort.exact),
        right,
        exact=effort.exact,
        most=effort.most,
        first=first,
        tick=effort.tick,
    )
    if solved is None:
        sums.endless.update(members)
        return
    for place, member in enumerate(members):
        sums.u[member] = solved.values[place]
        if place in solved.diagonal:
            sums.diagonal[member] = solved.diagonal[place]
        else:
            sums.inside.add(member)
    sums.error = max(sums.error, solved.error)
