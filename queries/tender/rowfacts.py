"""What the rows themselves say: deemed collusion (art. 40) and contacts that bids share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.answers.screen import Indicator
from graph_service.bids import Bid
from graph_service.text import fold
from queries.tender.basis import INDICATORS
from queries.tender.units import Lot, Place, check_pairs

_PLAIN = re.compile(r"[\s\-()_.:]")
# Column → indicator; the first four are facts of art. 40, the rest indicators.
_COLUMNS = (
    ("preparer", "same_preparer"),
    ("agent", "same_agent"),
    ("project_manager", "same_project_manager"),
    ("deposit_account", "same_deposit_account"),
    ("device", "same_device"),
    ("address", "same_address"),
    ("phone", "same_phone"),
)
_NUMBERS = frozenset({"deposit_account", "device", "phone"})
PairKey = tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class _Cell:
    place: Place
    unit: int
    shown: str


def row_facts(
    bids: Sequence[Bid], lot: Lot, hub: int, series: Sequence[Sequence[Place]] = ()
) -> dict[PairKey, list[Indicator]]:
    """What two rows of different bidders of one lot share, by their places, the first row first.

    A contact of more than ``hub`` bidders of the lot proves nothing; a fact of art. 40 is one
    however many share it. ``series``: places whose prices step regularly.
    """
    found: dict[PairKey, list[Indicator]] = {}
    unit_of = {place: number for number, unit in enumerate(lot.units) for place in unit.places}
    for column, code in _COLUMNS:
        groups: dict[str, list[_Cell]] = {}
        for place in lot.places:
            text = str(getattr(bids[place], column)).strip()
            if key := _key(column, text):
                groups.setdefault(key, []).append(_Cell(place, unit_of[place], text))
        for cells in groups.values():
            many = len({cell.unit for cell in cells})
            if many > 1 and (many <= hub or column not in ("device", "address", "phone")):
                _join(found, cells, code)
    prices: dict[tuple[object, str], list[_Cell]] = {}
    for place in lot.places:
        bid = bids[place]
        if bid.price is not None:
            shown = f"{bid.price.normalize():f} {bid.currency}"
            cell = _Cell(place, unit_of[place], shown)
            prices.setdefault((bid.price.normalize(), bid.currency), []).append(cell)
    for cells in prices.values():
        _join(found, cells, "identical_price")
    for places in series:
        cells = [_Cell(place, unit_of[place], "") for place in sorted(places)]
        _join(found, cells, "price_series")
    return found


def _key(column: str, text: str) -> str:
    folded = fold(text)
    return _PLAIN.sub("", folded) if column in _NUMBERS else folded


def _join(found: dict[PairKey, list[Indicator]], cells: Sequence[_Cell], code: str) -> None:
    check_pairs(len(cells))
    zh, en = INDICATORS[code]
    for index, one in enumerate(cells):
        for other in cells[index + 1 :]:
            if one.unit != other.unit:
                mark = Indicator(code, zh, en, value=one.shown)
                found.setdefault((one.place, other.place), []).append(mark)
