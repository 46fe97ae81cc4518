"""Whole stakes by issuer and holder, with bounds: the matrix that look-through figures rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from queries.stakes import ONE, Tie, is_overfull


class Stake(NamedTuple):
    """What one holder holds of one issuer in all, between ``low`` and ``high`` (units of 1e-18).

    ``exact``: the share where units cannot say it (amounts over a registered capital).
    """

    low: int
    high: int
    exact: Fraction | None
    ties: tuple[Tie, ...]

    @property
    def known(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high

    @property
    def least(self) -> Fraction:
        """The least it can be."""
        return Fraction(self.low, ONE) if self.exact is None else self.exact

    @property
    def most(self) -> Fraction:
        """The most it can be."""
        return Fraction(self.high, ONE) if self.exact is None else self.exact


@dataclass(slots=True)
class Book:
    """``into``: by issuer and holder, whole stakes; what is unknown of one is at most what the
    others' known minima leave. ``overfull``: issuers held above 100.1 %, with the sum in units.
    ``ties``: by issuer, every tie, declared controls too; ``declared``: who declares control."""

    into: dict[str, dict[str, Stake]] = field(default_factory=dict)
    overfull: dict[str, int] = field(default_factory=dict)
    ties: dict[str, list[Tie]] = field(default_factory=dict)
    declared: dict[str, set[str]] = field(default_factory=dict)

    @property
    def own(self) -> dict[str, Stake]:
        """Companies that hold shares of their own."""
        return {id: self.into[id][id] for id in sorted(self.into) if id in self.into[id]}

    def stake(self, holder: str, issuer: str) -> Stake:
        """What one party holds directly of another; nothing is a stake of 0."""
        return self.into.get(issuer, {}).get(holder) or Stake(0, 0, None, ())

    def unknown(self) -> list[tuple[str, str, Stake]]:
        """Holder, issuer and stake wherever only bounds are known."""
        found = [
            (holder, issuer, stake)
            for issuer, held in self.into.items()
            for holder, stake in held.items()
            if stake.low != stake.high
        ]
        return sorted(found, key=lambda line: (line[1], line[0]))


def by_issuer(ties: Iterable[Tie], issuers: Iterable[str] = ()) -> dict[str, list[Tie]]:
    """Ties by the company they are in; ``issuers`` are there even when nobody holds them."""
    found: dict[str, list[Tie]] = {id: [] for id in issuers}
    for tie in ties:
        found.setdefault(tie.issuer, []).append(tie)
    return found


def book_of(ties: Mapping[str, list[Tie]]) -> Book:
    """The book of all ties into some issuers."""
    book = Book(ties=dict(ties))
    for issuer, found in ties.items():
        stakes = _whole(found)
        known = sum(stake.low for stake in stakes.values())
        if known > ONE and is_overfull((stake.low, stake.high) for stake in stakes.values()):
            book.overfull[issuer] = known
        elif any(stake.low != stake.high for stake in stakes.values()):
            # of an issuer whose known stakes are too many, nothing follows for the others
            stakes = {holder: _capped(stake, known) for holder, stake in stakes.items()}
        book.into[issuer] = stakes
        declared = {tie.holder for tie in found if tie.declared}
        if declared:
            book.declared[issuer] = declared
    return book


def _whole(ties: Iterable[Tie]) -> dict[str, Stake]:
    """Bounds summed over parallel ties, at most 1."""
    by: dict[str, list[Tie]] = {}
    for tie in ties:
        if not tie.declared:
            by.setdefault(tie.holder, []).append(tie)
    return {holder: _sum(found) for holder, found in by.items()}


def _sum(ties: list[Tie]) -> Stake:
    if len(ties) == 1:
        (tie,) = ties
        return Stake(min(ONE, tie.low), min(ONE, tie.high), tie.exact, (tie,))
    low = min(ONE, sum(tie.low for tie in ties))
    high = min(ONE, sum(tie.high for tie in ties))
    exact = None
    if low == high and any(tie.exact is not None for tie in ties):
        parts = (Fraction(t.low, ONE) if t.exact is None else t.exact for t in ties)
        exact = min(Fraction(1), sum(parts, Fraction(0)))
    ties.sort(key=lambda tie: tie.relation.order)
    return Stake(low, high, exact, tuple(ties))


def _capped(stake: Stake, known: int) -> Stake:
    if stake.low == stake.high:
        return stake
    left = ONE - min(ONE, known - stake.low)
    return stake._replace(high=max(stake.low, min(stake.high, left)))
