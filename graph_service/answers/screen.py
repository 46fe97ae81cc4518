"""What a screening of bidders answers: frozen dataclasses beside ``graph_service.answers.common``.

Every verdict is for human review; the codes of verdicts, reasons and indicators are told in
``docs/tenders.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from graph_service.answers.common import Answer, Flag, Step
from graph_service.bids import Bid, Tender
from graph_service.model import Party

BidderVerdict = Literal["barred", "flagged", "review", "clear", "insufficient_data"]
PairVerdict = Literal[
    "void_art34",
    "barred_art18",
    "deemed_art40",
    "suspicious",
    "insufficient_data",
    "none_within_k",
]
Match = Literal["id", "uscc", "name", "ambiguous", "none"]

BIDDER_VERDICTS: tuple[BidderVerdict, ...] = (
    "barred",
    "flagged",
    "review",
    "insufficient_data",
    "clear",
)  # gravest first
PAIR_VERDICTS: tuple[PairVerdict, ...] = (
    "void_art34",
    "barred_art18",
    "deemed_art40",
    "suspicious",
    "insufficient_data",
    "none_within_k",
)  # gravest first


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that a row may mean; ``score`` in (0, 1], 1 for the same name."""

    party: Party
    score: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a bidder has its verdict: a code, its sentence in both languages, article and proof."""

    code: str
    verdict: BidderVerdict
    zh: str
    en: str
    article: str = ""
    path: tuple[Step, ...] = ()
    about: Party | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Bidder:
    """One row's answer. ``party`` is None where nothing was matched: then see ``candidates``."""

    bid: Bid
    lot: str
    party: Party | None
    match: Match
    candidates: tuple[Candidate, ...]
    flags: tuple[Flag, ...]
    verdict: BidderVerdict
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that two bidders share, or one way that they are tied, with what proves it.

    ``value``: the text that both rows carry, where that is the proof. ``certain`` False: an ended
    tie of unknown day, or a threshold passed only by an upper bound.
    """

    code: str
    zh: str
    en: str
    value: str = ""
    path: tuple[Step, ...] = ()
    about: Party | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: its row, and its party where one was matched."""

    row: int
    name: str
    party: Party | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bidders of one lot. ``path`` proves the verdict; ``evidence`` is the whole set of ties
    where the path alone is not the proof. ``hops``: length of the shortest tie, None when there is
    none within k."""

    a: Side
    b: Side
    lot: str
    verdict: PairVerdict
    articles: tuple[str, ...]
    path: tuple[Step, ...]
    evidence: tuple[Step, ...]
    indicators: tuple[Indicator, ...]
    hops: int | None
    certain: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Bidders joined by pairs. ``by``: ``verdict`` when legal verdicts alone join them all, else
    ``indicators``. ``hub``: who stands between most of them. ``rows``: rows without a party."""

    parties: tuple[Party, ...]
    by: Literal["verdict", "indicators"]
    hub: Party | None
    rows: tuple[int, ...]
    cores: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Interest:
    """A tie of a bidder to the buyer, a designer, a supervisor or a reviewer of its tender."""

    row: int
    bidder: Party
    role: Literal["buyer", "designer", "supervisor", "reviewer"]
    other: Party
    kind: str
    article: str
    path: tuple[Step, ...]
    certain: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class PriceFinding:
    """A pattern of one lot's prices. ``code``: R024, R028, R058, arithmetic or geometric.

    ``value``: the figure that the rule compares (a fraction); ``fence``: what it is compared with.
    """

    code: str
    lot: str
    rows: tuple[int, ...]
    value: Decimal | None
    fence: Decimal | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class LotSummary:
    """One lot: its rows, how many pairs were checked and how many could not be."""

    tender: str
    lot: str
    regime: str
    rows: int
    pairs_checked: int
    pairs_insufficient: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening(Answer):
    """The whole answer: one bidder per row in the rows' order, the pairs, and what is behind them.

    ``question`` holds everything that asks it again. ``pairs_checked`` and ``pairs_insufficient``
    add up to the pairs of bidders of one lot, a joint bid being one bidder.
    """

    tenders: tuple[Tender, ...]
    regime: str
    k: int
    bidders: tuple[Bidder, ...]
    pairs: tuple[Pair, ...]
    pairs_checked: int
    pairs_insufficient: int
    clusters: tuple[Cluster, ...]
    interests: tuple[Interest, ...]
    prices: tuple[PriceFinding, ...]
    history: Mapping[str, Any]
    lots: tuple[LotSummary, ...]
    pack: str
    pack_hash: str
    digest: str
    question: Mapping[str, Any] = field(default_factory=dict)
