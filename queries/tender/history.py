"""Who bid together before: exact counts from the loaded bids, and ratios of past prices.

Rotating winners, companions that never win, losing partners that two winners share. Counts, not
scores: the reader sees out of how many lots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from graph_service.model import TENDER, Party, RelationFilter
from graph_service.text import fold
from queries.ask import Question, party_of
from queries.tender.prices import Ratio

WON = frozenset(map(fold, ("中标", "成交", "won", "winner", "awarded", "中标人", "active")))
OUT = frozenset(
    map(fold, ("无效", "废标", "撤回", "withdrawn", "disqualified", "invalid", "invited"))
)
LEAST = 3  # lots bid in together before counts say anything
_BID = frozenset({"BID_IN"})


@dataclass(slots=True)
class Past:
    """One past lot: its bidders, who of them won, and the valid prices."""

    id: str
    bidders: set[str] = field(default_factory=set)
    winners: set[str] = field(default_factory=set)
    prices: list[tuple[Fraction, str, str]] = field(default_factory=list)


def past_lots(question: Question, ids: Collection[str], without: Collection[str]) -> list[Past]:
    """The loaded lots in which any of these parties bid, but for the tenders ``without``."""
    if not ids:
        return []
    own = RelationFilter(question.ask.as_of, _BID, "out", sources=question.ask.sources)
    places = sorted({r.to_id for r in question.expand(sorted(ids), own).relations})
    known = question.parties(places)
    lots = [
        id
        for id in places
        if party_of(known, id).kind == TENDER and not {id, tender_of(id)} & set(without)
    ]
    if not lots:
        return []
    into = RelationFilter(question.ask.as_of, _BID, "in", sources=question.ask.sources)
    found = {id: Past(id) for id in lots}
    for r in question.expand(lots, into).relations:
        past = found.get(r.to_id)
        status = fold(r.attributes.get("status", ""))
        if past is None or status in OUT:
            continue
        past.bidders.add(r.from_id)
        if status in WON:
            past.winners.add(r.from_id)
        price = _price(r.attributes.get("price", ""))
        if price is not None:
            past.prices.append((*price, r.from_id))
    return [found[id] for id in lots]


def tender_of(lot: str) -> str:
    """The part of a stored lot's id that names its source and tender."""
    return ":".join(lot.split(":")[:2])


def _price(text: str) -> tuple[Fraction, str] | None:
    number, _, currency = text.partition(" ")
    try:
        return (Fraction(Decimal(number)), currency or "CNY") if number else None
    except (InvalidOperation, ValueError):
        return None


def past_ratios(lots: Sequence[Past]) -> dict[str, Ratio]:
    """By lot, how far the lowest losing bid lay above the single winner's, which was the lowest."""
    found = {}
    for past in lots:
        if len(past.winners) != 1:
            continue
        (winner,) = past.winners
        currency = next((money for _, money, id in past.prices if id == winner), None)
        won = [p for p, money, id in past.prices if id == winner and money == currency]
        lost = [(p, id) for p, money, id in past.prices if id != winner and money == currency]
        if won and lost and min(lost)[0] >= min(won) > 0:
            least, other = min(lost)
            found[past.id] = Ratio(winner, other, (least - min(won)) / min(won))
    return found


def history(lots: Sequence[Past], parties: Mapping[str, Party]) -> dict[str, Any]:
    """The counts as JSON: lots, wins by bidder, pairs that bid together, and the three patterns."""
    ids = sorted(parties)
    among = set(ids)
    bids: Counter[str] = Counter()
    wins: Counter[str] = Counter()
    for past in lots:
        bids.update(past.bidders & among)
        wins.update(past.winners & among)
    together = _together(lots, among)
    return {
        "lots": len(lots),
        "bidders": [{"id": id, "bids": bids[id], "wins": wins[id]} for id in ids if bids[id]],
        "pairs": [{"a": a, "b": b, **counts} for (a, b), counts in sorted(together.items())],
        "rotating": [
            {"a": a, "b": b, **c}
            for (a, b), c in sorted(together.items())
            if c["together"] >= LEAST and c["a_wins"] and c["b_wins"] and not c["others_win"]
        ],
        "companions": _companions(together, wins),
        "losing_partners": _partners(lots, among),
    }


def _together(lots: Sequence[Past], among: set[str]) -> dict[tuple[str, str], dict[str, int]]:
    """By two bidders: lots bid in together, won by the one, by the other, by others, by nobody."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for past in lots:
        here = sorted(past.bidders & among)
        for index, a in enumerate(here):
            for b in here[index + 1 :]:
                counts = found.setdefault(
                    (a, b),
                    {"together": 0, "a_wins": 0, "b_wins": 0, "others_win": 0, "undecided": 0},
                )
                counts["together"] += 1
                counts["a_wins"] += a in past.winners
                counts["b_wins"] += b in past.winners
                counts["others_win"] += bool(past.winners - {a, b})
                counts["undecided"] += not past.winners
    return found


def _companions(
    together: Mapping[tuple[str, str], Mapping[str, int]], wins: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Who bid beside a winner ``LEAST`` times or more and has won nowhere in these lots."""
    found = []
    for (a, b), counts in sorted(together.items()):
        for winner, other, won in ((a, b, counts["a_wins"]), (b, a, counts["b_wins"])):
            if counts["together"] >= LEAST and won and not wins.get(other, 0):
                told = {"together": counts["together"], "winner_wins": won}
                found.append({"winner": winner, "companion": other, **told})
    return found


def _partners(lots: Sequence[Past], among: set[str]) -> list[dict[str, Any]]:
    """Losers that two winners share: who lost beside each of the two, and how often."""
    beside: dict[str, Counter[str]] = {}
    for past in lots:
        for winner in past.winners & among:
            beside.setdefault(winner, Counter()).update(past.bidders - past.winners)
    winners = sorted(beside)
    found = []
    for index, a in enumerate(winners):
        for b in winners[index + 1 :]:
            shared = sorted(beside[a].keys() & beside[b].keys() - {a, b})
            if shared:
                losers = [{"id": id, "to_a": beside[a][id], "to_b": beside[b][id]} for id in shared]
                found.append({"a": a, "b": b, "shared": losers})
    return found
