"""The bidders of each lot: rows put together into units, a joint bid being one unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from graph_service.bids import Bid
from graph_service.errors import UsageError
from graph_service.text import fold
from queries.tender.matching import Matched

Place = int  # index of a row in the list
MOST_PAIRS = 600_000  # pairs that one lot may have to list: those of about 1,100 bidders


def check_pairs(bidders: int) -> None:
    """Raise UsageError where so many bidders that share one thing are too many pairs to list."""
    if bidders * (bidders - 1) // 2 > MOST_PAIRS:
        raise UsageError(
            f"{bidders:,} bidders of one lot make more than {MOST_PAIRS:,} pairs to list",
            "Tell the lots apart, or screen them in parts.",
        )


@dataclass(slots=True)
class Unit:
    """One bidder of a lot: the places of its rows (several in a joint bid, or said twice)."""

    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Lot:
    """One lot of one tender and the units that bid in it, in the rows' order."""

    tender: str
    lot: str
    units: list[Unit] = field(default_factory=list)

    def pairs(self) -> Iterator[tuple[Unit, Unit]]:
        """Every two bidders."""
        return combinations(self.units, 2)

    @property
    def places(self) -> list[Place]:
        """The places of all its rows, in order."""
        return sorted(place for unit in self.units for place in unit.places)


def lots_of(bids: Sequence[Bid], matched: Sequence[Matched]) -> tuple[list[Lot], dict[Place, int]]:
    """The lots in the order of their first rows, and for each repeated row the row it repeats.

    Rows of one lot that mean one party, or one unmatched name, are one bidder said twice; rows that
    share a ``consortium`` are one joint bid.
    """
    lots: dict[tuple[str, str], Lot] = {}
    units: dict[tuple[str, str, str], Unit] = {}
    joined: dict[int, Unit] = {}
    repeats: dict[Place, int] = {}
    seen: dict[tuple[str, str, str], Place] = {}
    for place, (bid, found) in enumerate(zip(bids, matched, strict=True)):
        at = (fold(bid.tender), fold(bid.lot))
        lot = lots.setdefault(at, Lot(bid.tender, bid.lot))
        who = found.party.id if found.party is not None else f"?{fold(bid.given)}#{bid.uscc}"
        same = (*at, f"party {who}")
        first = seen.get(same)
        group = (*at, f"joint {fold(bid.consortium)}") if bid.consortium else None
        if first is not None:
            repeats[place] = bids[first].row
            unit = joined[first]
        elif group is not None and group in units:
            unit = units[group]
        else:
            unit = Unit()
            lot.units.append(unit)
        if group is not None:
            units.setdefault(group, unit)
        seen.setdefault(same, place)
        joined[place] = unit
        unit.places.append(place)
    return list(lots.values()), repeats
