"""Control upward: search all holders, then verify each downward among them."""

from __future__ import annotations

from collections.abc import Mapping

from queries.closure import MAJORITY, Closure, ControlRule, closure, holders
from queries.net import Asking, Net, together
from queries.stakes import Tie


def controllers_of(net: Net, id: str, rule: ControlRule = MAJORITY) -> Asking[dict[str, Closure]]:
    """By controller of ``id``, what it controls among the direct and indirect holders of ``id``.

    Holders that only unknown shares keep from control are there too, with ``id`` in ``possible``.
    """
    into = yield from holders(net, [id], rule.votes)
    others = sorted({tie.holder for ties in into.values() for tie in ties} - {id})
    local = _Local(net, into)
    found: dict[str, Closure] = {}
    for holder in others:
        net.question.tick()
        (verified,) = together(local, [closure(local, [holder], rule, within=into.keys())])
        if id in verified.rank or id in verified.possible:
            found[holder] = verified
    return found


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


class _Local(Net):
    """The ties among one company's holders, turned around: what was searched is not asked twice."""

    def __init__(self, net: Net, into: Mapping[str, list[Tie]]) -> None:
        self.question = net.question
        self.out = {id: [] for id in into}
        self.into = net.into
        self.beside = {}
        self.past = {}
        self.parties = net.parties
        self.users = {}
        self.after = {}
        self._asked = set(net.parties)
        self._sole = net._sole
        for ties in into.values():
            for tie in ties:
                self.out.setdefault(tie.holder, []).append(tie.relation)
