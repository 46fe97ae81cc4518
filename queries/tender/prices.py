"""Price patterns: R024, R028 and R058 of Open Contracting's red flags, and regular steps.

The figures are exact fractions. Quantiles are by method R-8 (Hyndman and Fan 1996, definition 8:
positions (n + 1/3) p + 1/3), fences are Tukey's: Q1 − 1.5 IQR and Q3 + 1.5 IQR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

Series = Literal["arithmetic", "geometric", "none"]
_ARITHMETIC = Fraction(5, 100)  # coefficient of variation of the differences, strictly below
_GEOMETRIC = Fraction(1, 100)  # and of the ratios
_FINAL = frozenset({"active", "cancelled", "unsuccessful"})
_SUBMITTED = frozenset({"valid", "disqualified"})


def quantile_r8(values: Sequence[Fraction], p: Fraction) -> Fraction:
    """The ``p`` quantile by method R-8; raises ValueError for no values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    h = (len(ordered) + Fraction(1, 3)) * p + Fraction(1, 3)
    below = int(h)
    if below < 1:
        return ordered[0]
    if below >= len(ordered):
        return ordered[-1]
    low, high = ordered[below - 1], ordered[below]
    return low + (h - below) * (high - low)


@dataclass(frozen=True, slots=True)
class Fences:
    """Quartiles and Tukey's fences of some figures."""

    q1: Fraction
    q3: Fraction

    @property
    def lower(self) -> Fraction:
        """Q1 − 1.5 IQR."""
        return self.q1 - Fraction(3, 2) * (self.q3 - self.q1)

    @property
    def upper(self) -> Fraction:
        """Q3 + 1.5 IQR."""
        return self.q3 + Fraction(3, 2) * (self.q3 - self.q1)


def fences(values: Sequence[Fraction]) -> Fences:
    """The fences of at least one figure."""
    return Fences(quantile_r8(values, Fraction(1, 4)), quantile_r8(values, Fraction(3, 4)))


def price_series(prices: Iterable[Fraction]) -> Series:
    """Whether sorted prices step by equal differences, else by equal ratios.

    Arithmetic is tested first: an arithmetic series of large prices passes both tests. Fewer than
    three different prices make no series.
    """
    ordered = sorted(set(prices))
    if len(ordered) < 3 or ordered[0] <= 0:
        return "none"
    steps = [b - a for a, b in pairwise(ordered)]
    if _varies_less(steps, _ARITHMETIC):
        return "arithmetic"
    ratios = [b / a for a, b in pairwise(ordered)]
    return "geometric" if _varies_less(ratios, _GEOMETRIC) else "none"


def _varies_less(values: Sequence[Fraction], most: Fraction) -> bool:
    """Whether the coefficient of variation (of the population) is below ``most``, exactly."""
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((v - mean) ** 2 for v in values), Fraction(0)) / len(values)
    return mean > 0 and variance < (most * mean) ** 2


def is_steady(kind: Series, prices: Iterable[Fraction]) -> bool:
    """Whether a series is more than prices that lie close together.

    Ratios of close prices are all near 1, so they hardly vary whatever the prices are: of a
    geometric series the growth (ratio − 1) must not vary either, by the measure of differences.
    """
    if kind != "geometric":
        return kind == "arithmetic"
    ordered = sorted(set(prices))
    return _varies_less([b / a - 1 for a, b in pairwise(ordered)], _ARITHMETIC)


def is_equal_step(prices: Iterable[Fraction]) -> bool:
    """Whether the differences of the sorted prices are all the same to the last digit."""
    ordered = sorted(set(prices))
    steps = {b - a for a, b in pairwise(ordered)}
    return len(ordered) > 2 and len(steps) == 1


@dataclass(frozen=True, slots=True)
class Ratio:
    """How far the lowest losing bid lies above the winning one, as a fraction of the latter."""

    winner: str
    runner_up: str
    value: Fraction


def close_bids(ratios: Mapping[str, Ratio]) -> tuple[dict[str, Ratio], Fences | None]:
    """R024: the processes whose ratio is at or below the lower fence of all of them."""
    if not ratios:
        return {}, None
    found = fences([ratio.value for ratio in ratios.values()])
    return {id: r for id, r in ratios.items() if r.value <= found.lower}, found


def heavy_discounts(ratios: Mapping[str, Ratio]) -> tuple[dict[str, Ratio], Fences | None]:
    """R058: the processes whose ratio is at or above the upper fence, unless that is nothing."""
    if not ratios:
        return {}, None
    found = fences([ratio.value for ratio in ratios.values()])
    if found.upper <= 0:
        return {}, found
    return {id: r for id, r in ratios.items() if r.value >= found.upper}, found


@dataclass(frozen=True, slots=True)
class Options:
    """How releases are read. ``not_compared``: procurement method details in which prices are not
    compared (R024 and R058 and R028 leave them out); ``compared``: the only ones in which they are,
    empty for all. ``currency``: the only one counted; default: the first met."""

    not_compared: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()
    currency: str | None = None


def release_ratios(
    releases: Iterable[Mapping[str, Any]], options: Options = Options()
) -> dict[str, Ratio]:
    """By OCID, the ratio of each OCDS release in which one supplier won with the lowest bid."""
    found: dict[str, Ratio] = {}
    currency = options.currency
    for release in releases:
        bids = list(_valid_bids(release))
        if not bids or not _is_compared(release, options):
            continue
        winner = _single_winner(release)
        if winner is None:
            continue
        currency = currency or bids[0][2]
        counted = [(id, amount) for id, amount, money in bids if money == currency]
        won = [amount for id, amount in counted if id == winner]
        lost = [(amount, id) for id, amount in counted if id != winner]
        if won and lost:
            least, runner_up = min(lost, key=lambda pair: pair[0])
            if least >= min(won) > 0:
                value = (least - min(won)) / min(won)
                found[str(release.get("ocid"))] = Ratio(winner, runner_up, value)
    return found


def identical_bids(
    releases: Iterable[Mapping[str, Any]], options: Options = Options()
) -> dict[str, set[str]]:
    """R028: by OCID, the tenderers of different bids with one price in one currency."""
    found: dict[str, set[str]] = {}
    for release in releases:
        if not _is_compared(release, options):
            continue
        prices: dict[tuple[Fraction, str], frozenset[str]] = {}
        for bid in _details(release):
            tenderers = frozenset(_ids(bid.get("tenderers")))
            price = _price(bid)
            if bid.get("status") not in _SUBMITTED or not tenderers or price is None:
                continue
            before = prices.get(price)
            if before is not None and before != tenderers:
                found.setdefault(str(release.get("ocid")), set()).update(before | tenderers)
            prices[price] = tenderers
    return found


def _details(release: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    bids = release.get("bids")
    details = bids.get("details") if isinstance(bids, Mapping) else None
    return [bid for bid in details or () if isinstance(bid, Mapping)]


def _is_compared(release: Mapping[str, Any], options: Options) -> bool:
    tender = release.get("tender")
    tender = tender if isinstance(tender, Mapping) else {}
    if tender.get("status") in ("cancelled", "unsuccessful", "withdrawn"):
        return False
    details = str(tender.get("procurementMethodDetails") or "")
    if options.compared:
        return details in options.compared
    return details not in options.not_compared


def _single_winner(release: Mapping[str, Any]) -> str | None:
    """The supplier of the only active award, when every award has been decided."""
    awards = [award for award in release.get("awards") or () if isinstance(award, Mapping)]
    if any(award.get("status") not in _FINAL for award in awards):
        return None
    active = [award for award in awards if award.get("status") == "active"]
    suppliers = _ids(active[0].get("suppliers")) if len(active) == 1 else []
    return suppliers[0] if len(suppliers) == 1 else None


def _valid_bids(release: Mapping[str, Any]) -> Iterable[tuple[str, Fraction, str]]:
    for bid in _details(release):
        tenderers, price = _ids(bid.get("tenderers")), _price(bid)
        if bid.get("status") == "valid" and len(tenderers) == 1 and price is not None:
            yield tenderers[0], *price


def _ids(parties: object) -> list[str]:
    if not isinstance(parties, Collection) or isinstance(parties, str):
        return []
    return [str(one["id"]) for one in parties if isinstance(one, Mapping) and one.get("id")]


def _price(bid: Mapping[str, Any]) -> tuple[Fraction, str] | None:
    value = bid.get("value")
    if not isinstance(value, Mapping):
        return None
    amount, currency = value.get("amount"), value.get("currency")
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not currency:
        return None
    return Fraction(str(amount)), str(currency)
