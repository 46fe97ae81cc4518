"""The ties of the whole population as compact arrays, read once by ``scan`` on any engine."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graph_service.model import Party, Relation, RelationFilter
from graph_service.store.port import Scan
from queries.ask import Question
from queries.stakes import (
    DECLARED,
    LEGAL,
    ONE,
    STAKE,
    bounds,
    is_known,
    owner,
    part_of,
    sole_holders,
    sole_kind,
)

_REST = 50_000  # rows between two beginnings of the time budget
Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class Projection:
    """``ids`` by number; one entry of ``holder``, ``issuer``, ``low`` and ``high`` (units) per tie.

    A declared control stands with ``low`` -1. ``unknown``: stakes of unknown size.
    """

    ids: list[str] = field(default_factory=list)
    holder: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    issuer: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    low: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    high: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    unknown: int = 0

    @property
    def declared(self) -> npt.NDArray[np.bool_]:
        """Which ties are declared controls."""
        return self.low < 0


class _Reader:
    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.columns = tuple(array("q") for _ in range(4))
        self.unknown = 0
        self.amounts: dict[str, list[tuple[int, str]]] = {}  # by issuer: row and amount alone

    def add(self, holder: str, issuer: str, low: int, high: int) -> None:
        number = self.number
        row = (
            number.setdefault(holder, len(number)),
            number.setdefault(issuer, len(number)),
            low,
            high,
        )
        for column, value in zip(self.columns, row, strict=True):
            column.append(value)

    def stake(self, r: Relation) -> None:
        low, high = bounds(r)
        if not is_known(r):
            self.unknown += 1
            amount = r.attributes.get("amount") if low != high else None
            if amount:
                line = (len(self.columns[0]), sys.intern(amount))
                self.amounts.setdefault(r.to_id, []).append(line)
        self.add(owner(r), r.to_id, low, high)

    def settle(self, issuer: str, capital: str) -> None:
        """Amounts in an issuer become shares of its registered capital, where they tell any."""
        for row, amount in self.amounts.pop(issuer, ()):
            paid = part_of(amount, capital)
            if paid is not None:
                self.unknown -= 1
                self.columns[2][row] = self.columns[3][row] = round(paid * ONE)

    def made(self) -> Projection:
        holder, issuer, low, high = (np.frombuffer(c, np.int64) for c in self.columns)
        return Projection(list(self.number), holder, issuer, low, high, self.unknown)


def stakes(question: Question) -> Projection:
    """Every shareholding on the question's day."""
    reader = _Reader()
    for r in _relations(question, frozenset({STAKE})):
        reader.stake(r)
    return reader.made()


def holdings(question: Question) -> Projection:
    """Every tie that can carry control: stakes, declared controls, and who holds all by rule."""
    special = {
        party.id: kind for party in _parties(question) if (kind := sole_kind(party)) is not None
    }
    into: dict[str, list[Relation]] = {id: [] for id in special}
    reader = _Reader()
    for r in _relations(question, frozenset({STAKE, LEGAL, DECLARED})):
        if r.type == DECLARED:
            reader.add(r.from_id, r.to_id, -1, -1)
        elif r.to_id in into:
            into[r.to_id].append(r)
        elif r.type == STAKE:
            reader.stake(r)
    for id, ties in into.items():
        sole = sole_holders(special[id], ties)
        for holder in sorted(sole):
            reader.add(holder, id, ONE, ONE)
        for r in ties:
            if r.type == STAKE and owner(r) not in sole:
                if sole:
                    low, high = bounds(r)
                    reader.add(owner(r), id, low, min(high, 0))
                else:
                    reader.stake(r)
    if reader.amounts:
        for party in _parties(question):
            if party.id in reader.amounts:
                reader.settle(party.id, party.attributes.get("capital", ""))
    return reader.made()


def _relations(question: Question, types: frozenset[str]) -> Iterable[Relation]:
    ask = question.ask
    only = RelationFilter(ask.as_of, types, sources=ask.sources)
    for number, r in enumerate(question.store.scan(Scan("relations", only))):
        if number % _REST == 0:
            question.rest()
        if isinstance(r, Relation):
            yield r
    question.rest()


def _parties(question: Question) -> Iterable[Party]:
    for number, party in enumerate(question.store.scan(Scan("parties"))):
        if number % _REST == 0:
            question.rest()
        if isinstance(party, Party):
            yield party
    question.rest()


def whole_stakes(found: Projection) -> tuple[Ints, Ints, Ints]:
    """Holder, issuer and least whole stake, at most 1, once per pair, by (issuer, holder)."""
    kept = ~found.declared
    holder, issuer, low = found.holder[kept], found.issuer[kept], found.low[kept]
    order = np.lexsort((holder, issuer))
    holder, issuer, low = holder[order], issuer[order], low[order]
    if not len(holder):
        return holder, issuer, low
    first = np.r_[True, (holder[1:] != holder[:-1]) | (issuer[1:] != issuer[:-1])]
    starts = np.flatnonzero(first)
    # Eight whole stakes and more in one pair would pass the range of an integer: cap, then add.
    sums = np.add.reduceat(np.minimum(low, ONE).astype(np.float64), starts)
    exact = np.add.reduceat(np.minimum(low, ONE), starts)
    total = np.where(sums >= 8.0e18, ONE, np.minimum(exact, ONE))
    return holder[starts], issuer[starts], total
