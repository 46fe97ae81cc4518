"""Control upward: search all holders, then verify each downward among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from queries.closure import MAJORITY, Closure, ControlRule, closure, holders
from queries.net import Asking, Net, together
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
    book = _Book(into, rule)
    local = net.among(into)
    found: dict[str, Closure] = {}
    for holder in sorted({tie.holder for ties in into.values() for tie in ties} - {id}):
        net.question.tick()
        if book.may_control(holder, id):
            (made,) = together(local, [closure(local, [holder], rule, within=into.keys())])
            if id in made.rank or id in made.possible:
                found[holder] = made
    return found


class _Book:
    """Whole stakes among one company's holders, summed once: a quick look before the full proof."""

    def __init__(self, into: Ties, rule: ControlRule) -> None:
        self._rule = rule
        self._by_holder: dict[str, list[_Stake]] = defaultdict(list)
        self._whole: dict[str, int] = {}
        for issuer, ties in into.items():
            stakes = held(ties)
            if rule.exclude_treasury:
                own, _ = stakes.get(issuer, (0, 0))
                self._whole[issuer] = ONE - min(own, ONE - 1)
            declared = {tie.holder for tie in ties if tie.declared} if rule.declared else set()
            for holder in stakes.keys() | declared:
                if holder != issuer or not rule.exclude_treasury:
                    low, high = stakes.get(holder, (0, 0))
                    self._by_holder[holder].append(_Stake(issuer, low, high, holder in declared))

    def may_control(self, holder: str, id: str) -> bool:
        """Whether a holder controls a company, or unknown shares alone may keep it from that."""
        members = {holder}
        lows: dict[str, int] = defaultdict(int)
        most = 0
        waiting = [holder]
        while waiting:
            for stake in self._by_holder.get(waiting.pop(), ()):
                if stake.issuer == id:
                    most += stake.high
                if stake.issuer in members:
                    continue
                lows[stake.issuer] += stake.low
                if stake.declared or self._passes(lows[stake.issuer], stake.issuer):
                    members.add(stake.issuer)
                    waiting.append(stake.issuer)
        return id in members or self._passes(most, id)

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
