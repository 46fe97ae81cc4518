"""What a reviewer hands in: the rows of a bidder list and what is told about the tender.

Plain data, made by ``loaders.bidder_list`` and asked about by ``queries.tender``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from graph_service.days import Day

REGIMES = ("bidding_law", "government_procurement")


@dataclass(frozen=True, slots=True)
class Bid:
    """One row of a bidder list, its cells trimmed; ``""`` where nothing stands.

    ``bidder``: an id, a code or a name. ``price`` in ``currency`` (default CNY, in yuan).
    ``consortium``: rows of one lot that share this text are one joint bid. ``notes``: codes of what
    was wrong with the row's cells (``bad_uscc``, ``bad_price``, ``float_id``).
    """

    row: int
    bidder: str = ""
    name: str = ""
    uscc: str = ""
    tender: str = ""
    lot: str = ""
    price: Decimal | None = None
    currency: str = "CNY"
    status: str = ""
    submitted: str = ""
    agent: str = ""
    preparer: str = ""
    project_manager: str = ""
    deposit_account: str = ""
    device: str = ""
    address: str = ""
    phone: str = ""
    consortium: str = ""
    notes: tuple[str, ...] = ()

    @property
    def given(self) -> str:
        """What the row names its bidder by: the first of name, bidder and code that is filled."""
        return self.name or self.bidder or self.uscc


@dataclass(frozen=True, slots=True)
class Named:
    """A party as a cell names it: an id, code or name; a person also by a keyed ID number."""

    text: str
    pid: str = ""


@dataclass(frozen=True, slots=True)
class Tender:
    """What is told about one tender, or one lot of it (``lot`` ``""``: all its lots).

    ``announced`` and ``opened`` are days. ``regime`` is one of ``REGIMES`` or ``""``.
    """

    id: str = ""
    name: str = ""
    lot: str = ""
    regime: str = ""
    method: str = ""
    announced: Day | None = None
    opened: Day | None = None
    buyers: tuple[Named, ...] = ()
    designers: tuple[Named, ...] = ()
    supervisors: tuple[Named, ...] = ()
    reviewers: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class BidderList:
    """A bidder list as read: its rows in order, its tenders, and what was not understood.

    ``ignored``: headers that feed nothing, by sheet.
    """

    bids: tuple[Bid, ...]
    tenders: tuple[Tender, ...] = ()
    ignored: dict[str, list[str]] = field(default_factory=dict)
