"""Control upward: search all holders, then verify each downward among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from queries.control.closure import MAJORITY, Closure, ControlRule, holders
from queries.net import Asking, Net
from queries.stakes import ONE, Tie, held

Ties = Mapping[str, list[Tie]]


class _Stake(NamedTuple):
    issuer: str
    low: int
    high: int
    declared: bool


def controllers_of(net: Net, id: str, rule: ControlRule = MAJORITY) -> Asking[dict[str, Closure]]:
    """By controller of ``id``, what it controls among the direct and indirect holders of ``id``.

    Holders that only unknown shares keep from control are there too, with ``id`` in ``possible``.
    """
    into = yield from holders(net, [id], rule.votes)
    book = Holders(into, rule)
    found: dict[str, Closure] = {}
    for holder in sorted({tie.holder for ties in into.values() for tie in ties} - {id}):
        net.question.check()
        made = book.closure(holder, id)
        if made is not None:
            found[holder] = made
    return found


def chosen(
    into: Ties, id: str, holders: Iterable[str], rule: ControlRule = MAJORITY
) -> dict[str, Closure]:
    """What each of some ``holders`` controls among all ``into``, the holders of ``id``."""
    book = Holders(into, rule)
    made = ((holder, book.closure(holder, id)) for holder in holders)
    return {holder: found for holder, found in made if found is not None}


class Holders:
    """Whole stakes among one company's holders, summed once for all who may control it."""

    def __init__(self, into: Ties, rule: ControlRule) -> None:
        self._into = into
        self._rule = rule
        self._by_holder: dict[str, list[_Stake]] = defaultdict(list)
        self._whole: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._vague = False
        for issuer, ties in into.items():
            if not rule.declared:
                ties = [tie for tie in ties if not tie.declared]
            stakes = held(ties)
            if rule.exclude_treasury:
                own, _ = stakes.get(issuer, (0, 0))
                self._whole[issuer] = ONE - min(own, ONE - 1)
            self._known[issuer] = sum(low for low, _ in stakes.values())
            self._vague = self._vague or any(low != high for low, high in stakes.values())
            declared = {tie.holder for tie in ties if tie.declared}
            for holder in stakes.keys() | declared:
                if holder != issuer or not rule.exclude_treasury:
                    bounds = stakes.get(holder, (0, 0))
                    self._by_holder[holder].append(_Stake(issuer, *bounds, holder in declared))

    def closure(self, holder: str, id: str) -> Closure | None:
        """What a holder controls here; None when it does not and cannot control ``id``."""
        rank = {holder: 0}
        lows: dict[str, int] = defaultdict(int)
        frontier, round_ = [holder], 0
        while frontier:
            sure: set[str] = set()
            for stake in (s for member in frontier for s in self._by_holder.get(member, ())):
                if stake.issuer not in rank:
                    lows[stake.issuer] += stake.low
                    if stake.declared or self._passes(lows[stake.issuer], stake.issuer):
                        sure.add(stake.issuer)
            frontier = sorted(sure)
            round_ += 1
            rank.update(dict.fromkeys(frontier, round_))
        possible = {} if id in rank else self._possible(rank, id)
        if id not in rank and not possible:
            return None
        ties = {
            issuer: [tie for tie in self._into[issuer] if tie.holder in rank]
            for issuer in (*rank, id)
            if issuer in self._into
        }
        own = {issuer: ONE - whole for issuer, whole in self._whole.items()}
        return Closure((holder,), self._rule, rank, ties, own, possible)

    def most(self, holder: str, id: str) -> int:
        """The most that a holder, with all that it may control, can hold of ``id``, in units; 0
        where that is too little for control, even if every unknown share were as it needs."""
        if not self._vague:
            return 0
        lows: dict[str, int] = defaultdict(int)
        highs: dict[str, int] = defaultdict(int)
        members, todo = {holder}, [holder]
        while todo:
            owner = todo.pop()
            for stake in self._by_holder.get(owner, ()):
                issuer = stake.issuer
                if issuer == owner:
                    continue  # own shares found no control
                lows[issuer] += stake.low
                highs[issuer] += stake.high
                enough = stake.declared or self._passes(self._upper(issuer, lows, highs), issuer)
                if enough and issuer not in members:
                    members.add(issuer)
                    todo.append(issuer)
        return self._upper(id, lows, highs) if id in members else 0

    def _upper(self, id: str, lows: Mapping[str, int], highs: Mapping[str, int]) -> int:
        least = lows.get(id, 0)
        others = self._known.get(id, 0) - least
        return max(least, min(highs.get(id, 0), max(0, ONE - others)))

    def _possible(self, members: Mapping[str, int], id: str) -> dict[str, int]:
        stakes = held(self._into[id])
        most = sum(high for h, (_, high) in stakes.items() if h in members)
        others = sum(low for h, (low, _) in stakes.items() if h not in members)
        upper = min(most, max(0, ONE - others))
        return {id: upper} if self._passes(upper, id) else {}

    def _passes(self, amount: int, id: str) -> bool:
        return self._rule.passes(amount, self._whole.get(id, ONE))


def chain_up(found: Closure, id: str) -> tuple[str, ...]:
    """The parties of the shortest chain from ``id`` up to its controller, first by ids."""
    (top,) = found.seed
    chains: dict[str, tuple[str, ...]] = {id: (id,)}
    level = [id]
    while top not in chains:
        grown = []
        for issuer in level:
            for holder in sorted({tie.holder for tie in found.ties.get(issuer, ()) if tie.proves}):
                if holder not in chains and holder in found.rank:
                    chains[holder] = (*chains[issuer], holder)
                    grown.append(holder)
        level = grown
    return chains[top]
