"""Stakes in exact units, and which relations make one party hold another.

Shares are integers in units of 1e-18: sums and comparisons are exact, and cheap.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from graph_service.codes import code_of
from graph_service.model import SHARE_SCALE, Party, Relation

ONE = SHARE_SCALE
STAKE, LEGAL, DECLARED = "SHAREHOLDER_OF", "LEGAL_REPRESENTATIVE_OF", "CONTROLS"
HOLDING_TYPES = frozenset({STAKE, LEGAL, DECLARED})
_PLACES = Decimal(1).scaleb(-18)
_TOLERATED = ONE + ONE // 1000  # rounding in registers: 100.1 %


class Tie(NamedTuple):
    """One relation by which ``holder`` holds ``issuer``: bounds in units, or a declared control.

    ``exact``: a share that follows from an amount over the issuer's registered capital.
    """

    holder: str
    issuer: str
    relation: Relation
    low: int
    high: int
    declared: bool = False
    exact: Fraction | None = None

    @property
    def proves(self) -> bool:
        """Whether it can carry control: declared, or a stake known to be above nothing."""
        return self.declared or self.low > 0


def units(share: Decimal) -> int:
    """A share as an integer in units of 1e-18."""
    return int(share.scaleb(18))


def decimal(amount: int) -> Decimal:
    """Units as an exact fraction, without trailing zeros."""
    return (Decimal(amount) * _PLACES).normalize() if amount else Decimal(0)


def ratio(amount: int, whole: int) -> Decimal:
    """``amount`` of ``whole``, at most 1, to 18 places."""
    if amount >= whole:
        return Decimal(1)
    return decimal(amount if whole == ONE else amount * ONE // whole)


def is_nothing(relation: Relation) -> bool:
    """Whether a shareholding is stated as none of the capital, and no votes go with it.

    Registers keep such rows of holders who have sold or never paid: a tie that is no stake.
    """
    return relation.type == STAKE and relation.share_max == 0 and not relation.votes


def bounds(relation: Relation, votes: bool = False) -> tuple[int, int]:
    """The least and the most that a shareholding can be, in units; unknown is (0, 1).

    ``votes``: by votes where they are stated. An open bound ("<5%") is one unit inside.
    """
    if votes and relation.votes is not None:
        stated = units(relation.votes)
        return stated, stated
    if relation.share is not None:
        exact = units(relation.share)
        return exact, exact
    low = 0 if relation.share_min is None else units(relation.share_min)
    high = ONE if relation.share_max is None else units(relation.share_max)
    text = relation.attributes.get("share", "")
    if text.startswith("(") and low < high:
        low += 1
    if text.endswith(")") and low < high:
        high -= 1
    return low, high


def is_known(relation: Relation) -> bool:
    """Whether anything is known of a shareholding's size."""
    return relation.share_min is not None or relation.share is not None


def owner(relation: Relation) -> str:
    """Who a relation's start really is: the nominator of a stake held for another."""
    if relation.type == STAKE:
        return relation.attributes.get("nominee_for") or relation.from_id
    return relation.from_id


def sole_kind(party: Party | None) -> str | None:
    """``individual_business`` or ``sole_proprietorship`` when the party is one, else None."""
    text = party.attributes.get("type", "") if party else ""
    if not text:
        return None
    code = code_of("types", text)
    if code is None and not text.endswith(("分支机构", "分公司")):
        if text.startswith("个体工商户"):
            return "individual_business"
        if text.startswith("个人独资企业"):
            return "sole_proprietorship"
    return code if code in ("individual_business", "sole_proprietorship") else None


def sole_holders(kind: str, into: Iterable[Relation]) -> frozenset[str]:
    """Who holds all of an individual business or sole proprietorship, by its current ties.

    Its operator, or its investor; nobody by rule where shares are stated.
    """
    ties = list(into)
    stakes = [r for r in ties if r.type == STAKE]
    if any(is_known(r) for r in stakes):
        return frozenset()
    operators = frozenset(r.from_id for r in ties if r.type == LEGAL)
    if kind == "individual_business" and operators:
        return operators
    return frozenset(owner(r) for r in stakes)


def tie_of(
    relation: Relation,
    sole: frozenset[str] | None,
    votes: bool = False,
    capital: str = "",
) -> Tie | None:
    """The tie that a relation makes, or None. ``sole``: who holds all of the issuer by rule.

    ``capital``: the issuer's registered capital, for stakes of which only the amount is stated.
    """
    holder = owner(relation)
    if relation.type == DECLARED:
        return Tie(holder, relation.to_id, relation, 0, 0, True)
    if sole and holder in sole and relation.type in (LEGAL, STAKE):
        return Tie(holder, relation.to_id, relation, ONE, ONE)
    if relation.type == STAKE:
        low, high = bounds(relation, votes)
        paid = None if is_known(relation) or low == high else by_amount(relation, capital)
        if paid is not None:
            near = round(paid * ONE)
            return Tie(holder, relation.to_id, relation, near, near, exact=paid)
        if sole:
            high = min(high, max(0, ONE - len(sole) * ONE))
        return Tie(holder, relation.to_id, relation, low, high)
    return None


def by_amount(relation: Relation, capital: str) -> Fraction | None:
    """The amount subscribed over the registered capital; None where it tells no share."""
    return part_of(relation.attributes.get("amount", ""), capital)


def part_of(amount: str, capital: str) -> Fraction | None:
    """An amount over a capital, at most 1; None where that tells no share.

    Both must be of one currency; an amount above the capital by more than rounding tells nothing.
    """
    amount, _, currency = amount.partition(" ")
    whole, _, of = capital.partition(" ")
    if not amount or not whole or currency != of:
        return None
    try:
        paid, total = Fraction(amount), Fraction(whole)
    except ValueError:
        return None
    if total <= 0 or paid < 0 or paid * ONE > total * _TOLERATED:
        return None
    return min(Fraction(1), paid / total)


def held(ties: Iterable[Tie]) -> dict[str, tuple[int, int]]:
    """Each holder's whole stake in one issuer: bounds summed over parallel ties, at most 1.

    A holder of all by rule is counted once, whatever it holds by.
    """
    lows: dict[str, int] = {}
    highs: dict[str, int] = {}
    for tie in ties:
        if not tie.declared:
            lows[tie.holder] = min(ONE, lows.get(tie.holder, 0) + tie.low)
            highs[tie.holder] = min(ONE, highs.get(tie.holder, 0) + tie.high)
    return {holder: (low, highs[holder]) for holder, low in lows.items()}


def is_overfull(stakes: Iterable[tuple[int, int]]) -> bool:
    """Whether known stakes in one issuer sum to more than rounding explains."""
    return sum(low for low, _ in stakes) > _TOLERATED
