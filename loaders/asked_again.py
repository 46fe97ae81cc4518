"""A bidder list back from the question that stands in an answer or a report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

from graph_service.bids import Bid, BidderList, Named, Tender
from graph_service.days import Day, parse_iso
from graph_service.errors import UsageError

_TEXTS = (
    "bidder", "name", "uscc", "tender", "lot", "status", "submitted", "agent", "preparer",
    "project_manager", "deposit_account", "device", "address", "phone", "consortium",
)  # fmt: skip


def bidders_of_question(question: Mapping[str, Any]) -> BidderList:
    """The list that the question was about; raises UsageError when it is none of ours."""
    try:
        bids = tuple(_bid(row) for row in question["bidders"])
        tenders = tuple(_tender(one) for one in question.get("tenders") or ())
        ignored = {
            str(k): [*map(str, v)] for k, v in (question.get("ignored_columns") or {}).items()
        }
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation):
        raise UsageError(
            "the question in the file cannot be read", "Screen the list anew."
        ) from None
    return BidderList(bids, tenders, ignored)


def _bid(row: Mapping[str, Any]) -> Bid:
    price = row.get("price")
    return Bid(
        row=int(row["row"]),
        price=None if price is None else Decimal(str(price)),
        currency=str(row.get("currency") or "CNY"),
        notes=tuple(map(str, row.get("notes") or ())),
        **{name: str(row.get(name) or "") for name in _TEXTS},
    )


def _tender(told: Mapping[str, Any]) -> Tender:
    people = zip_longest(told.get("reviewers") or (), told.get("reviewer_ids") or (), fillvalue="")
    texts = {name: str(told.get(name) or "") for name in ("id", "name", "lot", "regime", "method")}
    return Tender(
        **texts,
        announced=_day(told.get("announced")),
        opened=_day(told.get("opened")),
        buyers=_named(told.get("buyers")),
        designers=_named(told.get("designers")),
        supervisors=_named(told.get("supervisors")),
        reviewers=tuple(Named("" if text == pid else str(text), str(pid)) for text, pid in people),
    )


def _named(texts: Any) -> tuple[Named, ...]:
    return tuple(Named(str(text)) for text in texts or ())


def _day(text: Any) -> Day | None:
    return parse_iso(str(text)) if text else None
