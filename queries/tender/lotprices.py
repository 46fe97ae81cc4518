"""Price patterns of the lots that are screened, against the lots of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from graph_service.answers.screen import PriceFinding
from graph_service.bids import Bid
from graph_service.text import fold
from queries.tender.history import OUT, WON
from queries.tender.prices import (
    Ratio,
    close_bids,
    heavy_discounts,
    is_equal_step,
    is_steady,
    price_series,
)
from queries.tender.units import Lot, Place

POPULATION = 5  # lots below which fences say nothing
_STEADY = 4  # prices of which a series of steps that only nearly agree is told as art. 40's
_SERIES = {
    "arithmetic": ("报价呈等差排列", "prices step by equal amounts"),
    "geometric": ("报价呈等比排列", "prices step by equal ratios"),
}


def unit_prices(bids: Sequence[Bid], lot: Lot) -> dict[str, list[tuple[Fraction, Place]]]:
    """By currency, the price of each bidder of a lot that was not withdrawn or thrown out."""
    found: dict[str, list[tuple[Fraction, Place]]] = {}
    for unit in lot.units:
        for place in unit.places:
            bid = bids[place]
            if bid.price is not None and bid.price > 0 and fold(bid.status) not in OUT:
                found.setdefault(bid.currency, []).append((Fraction(bid.price), place))
                break
    return found


def series_of(bids: Sequence[Bid], lot: Lot) -> tuple[list[list[Place]], list[PriceFinding]]:
    """The prices of a lot that step regularly: whose, and what is said of it.

    Three prices count only when their steps agree to the last digit: nearly equal ones are chance
    too often.
    """
    places: list[list[Place]] = []
    said: list[PriceFinding] = []
    for priced in unit_prices(bids, lot).values():
        prices = [price for price, _ in priced]
        kind = price_series(prices)
        few = len(set(prices)) < _STEADY
        if not is_steady(kind, prices) or (few and not is_equal_step(prices)):
            continue
        own = [place for _, place in sorted(priced)]
        places.append(own)
        zh, en = _SERIES[kind]
        rows = tuple(bids[place].row for place in own)
        said.append(PriceFinding(kind, lot.lot, rows, None, None, zh, en))
    return places, said


def lot_ratio(bids: Sequence[Bid], lot: Lot) -> tuple[Ratio, tuple[int, int]] | None:
    """How far the second lowest price lies above the lowest: the winner's where one is told.

    None where the winner is not the lowest, or fewer than two prices are there.
    """
    priced = max(unit_prices(bids, lot).values(), key=len, default=[])
    ordered = sorted(priced)
    won = [pair for pair in ordered if fold(bids[pair[1]].status) in WON]
    if len(ordered) < 2 or len(won) > 1 or (won and won[0][0] > ordered[0][0]):
        return None
    first = won[0] if won else ordered[0]
    second = next(pair for pair in ordered if pair != first)
    value = (second[0] - first[0]) / first[0]
    rows = (bids[first[1]].row, bids[second[1]].row)
    return Ratio(str(first[1]), str(second[1]), value), rows


def fence_findings(
    ratios: Mapping[str, tuple[Ratio, str, tuple[int, int]]], past: Mapping[str, Ratio]
) -> list[PriceFinding]:
    """R024 and R058 of the lots screened: ``ratios`` by key with the lot's name and rows.

    The fences are those of all lots, past ones too; below ``POPULATION`` lots nothing is said.
    """
    whole = {**past, **{key: ratio for key, (ratio, _, _) in ratios.items()}}
    if len(whole) < POPULATION:
        return []
    near, fences = close_bids(whole)
    far, _ = heavy_discounts(whole)
    found = []
    for key, (ratio, lot, rows) in ratios.items():
        share = f"{float(ratio.value):.2%}"
        if key in near and fences is not None:
            found.append(
                _finding(
                    "R024", lot, rows, ratio.value, fences.lower,
                    f"最低报价与次低报价异常接近（相差{share}）",
                    f"the lowest price is abnormally close to the second ({share})",
                )
            )  # fmt: skip
        if key in far and fences is not None:
            found.append(
                _finding(
                    "R058", lot, rows, ratio.value, fences.upper,
                    f"最低报价远低于次低报价（相差{share}）",
                    f"the lowest price lies far below the second ({share})",
                )
            )  # fmt: skip
    return found


def identical_findings(bids: Sequence[Bid], lot: Lot) -> list[PriceFinding]:
    """R028: bidders of one lot with one price."""
    found = []
    for currency, priced in unit_prices(bids, lot).items():
        by_price: dict[Fraction, list[int]] = {}
        for price, place in priced:
            by_price.setdefault(price, []).append(bids[place].row)
        for price, rows in sorted(by_price.items()):
            if len(rows) > 1:
                shown = f"{_decimal(price).normalize():f} {currency}"
                zh, en = f"报价相同：{shown}", f"identical prices: {shown}"
                found.append(_finding("R028", lot.lot, tuple(rows), price, None, zh, en))
    return found


def _finding(
    code: str,
    lot: str,
    rows: tuple[int, ...],
    value: Fraction,
    fence: Fraction | None,
    zh: str,
    en: str,
) -> PriceFinding:
    limit = None if fence is None else _decimal(fence)
    return PriceFinding(code, lot, rows, _decimal(value), limit, zh, en)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
