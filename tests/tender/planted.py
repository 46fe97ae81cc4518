"""Planted tenders: small worlds with the verdict that each pair must have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from graph_service.answers.screen import Pair, Screening
from graph_service.bids import Bid, Tender
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.tender.screen import Wanted, screen
from tests.queries.stories import NOW
from tests.support.memory import MemoryStore

REGIME = {"b": "bidding_law", "g": "government_procurement", "": ""}


def bid(row: int, bidder: str, **cells: object) -> Bid:
    """A row whose bidder is told by id."""
    return replace(Bid(row=row, bidder=bidder), **cells)  # type: ignore[arg-type]


def bids(*ids: str, **cells: object) -> list[Bid]:
    """Rows of some bidders by id, from row 2 on."""
    return [bid(row, id, **cells) for row, id in enumerate(ids, 2)]


def asked(
    parties: Iterable[Party],
    relations: Iterable[Relation],
    rows: Sequence[Bid],
    *,
    regime: str = "",
    ask: Ask = NOW,
    tenders: Sequence[Tender] = (),
    all_pairs: bool = True,
) -> Screening:
    """The screening of these rows over a small world; every pair is listed."""
    wanted = Wanted(regime=REGIME.get(regime, regime), all_pairs=all_pairs)
    return screen(MemoryStore(parties, relations), rows, tenders, ask, wanted)


def pair(answer: Screening, a: str, b: str) -> Pair:
    """The pair of two bidders by their ids, or by ``#row`` for a row without a party."""
    for one in answer.pairs:
        keys = {side.party.id if side.party else f"#{side.row}" for side in (one.a, one.b)}
        if keys == {a, b}:
            return one
    raise AssertionError(f"no pair {a}, {b}")


def codes(found: Pair) -> set[str]:
    """The codes of a pair's indicators."""
    return {one.code for one in found.indicators}


def money(text: str) -> Decimal:
    """A price."""
    return Decimal(text)
