"""What a party holds of another, alone or through companies it controls, with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from queries.control.closure import Closure, closure, up
from queries.control.controllers import chain_up, controllers_of
from queries.net import Asking, Net, abreast
from queries.proof import Hop, as_hops, distinct, down_hops
from queries.stakes import ONE, Tie, held


@dataclass(frozen=True, slots=True)
class Way:
    """How one party reaches another: ``parties`` after the first, hops, and bounds in units.

    ``evidence``: every tie that counts, empty where the hops are all.
    """

    parties: tuple[str, ...]
    hops: tuple[Hop, ...]
    evidence: tuple[Hop, ...] = ()
    low: int | None = None
    high: int | None = None
    sure: bool = True

    @property
    def order(self) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
        """Length, party ids, types."""
        return len(self.hops), self.parties, tuple(hop.type for hop in self.hops)


@dataclass(slots=True)
class Joint:
    """What one party holds of an issuer: its direct holders that it is or controls, and bounds."""

    holders: dict[str, Closure | None] = field(default_factory=dict)
    low: int = 0
    high: int = 0


class Stakes:
    """Closures and joint stakes of one net, each computed once."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.maybe: dict[tuple[str, str], int] = {}
        self._down: dict[str, Closure] = {}
        self._up: dict[str, dict[str, Closure]] = {}

    def controlled_by(self, id: str) -> Asking[Closure]:
        """What a party controls."""
        if id not in self._down:
            made = yield from closure(self.net, [id])
            self._down[id] = made
            self.maybe.update({(id, other): most for other, most in made.possible.items()})
        return self._down[id]

    def controlling(self, id: str) -> Asking[dict[str, Closure]]:
        """Who controls a party: by controller, what proves it."""
        if id not in self._up:
            made = yield from controllers_of(self.net, id)
            self._up[id] = {top: found for top, found in made.items() if id in found.rank}
            for top in made.keys() - self._up[id].keys():
                self.maybe[top, id] = made[top].possible[id]
        return self._up[id]

    def into(self, id: str, votes: bool = False) -> Asking[dict[str, list[Tie]]]:
        """The stakes in a party by direct holder; its own in itself are left out."""
        ties = yield from up(self.net, [id], votes)
        found: dict[str, list[Tie]] = {}
        for tie in ties:
            if not tie.declared and tie.holder != id:
                found.setdefault(tie.holder, []).append(tie)
        return {holder: found[holder] for holder in sorted(found)}

    def joint(self, id: str) -> Asking[dict[str, Joint]]:
        """By party, what it and all it controls hold of ``id`` together."""
        into = yield from self.into(id)
        found: dict[str, Joint] = {}
        tops = yield from abreast([self.controlling(holder) for holder in into])
        for (holder, ties), above in zip(into.items(), tops, strict=True):
            (low, high) = held(ties)[holder]
            for top, made in [(holder, None), *above.items()]:
                if top != id:
                    joint = found.setdefault(top, Joint())
                    joint.holders[holder] = made
                    joint.low, joint.high = joint.low + low, joint.high + high
        for joint in found.values():
            joint.low, joint.high = min(ONE, joint.low), min(ONE, joint.high)
        return found


def way_up(made: Closure, id: str) -> Way:
    """From a controlled party up to its controller."""
    chain = chain_up(made, id)
    hops = down_hops(made, chain[::-1])[::-1]
    return _controlled(made, id, chain[1:], hops)


def way_down(made: Closure, id: str) -> Way:
    """From a controller down to a controlled party."""
    chain = made.chain(id)
    return _controlled(made, id, chain[1:], down_hops(made, chain))


def _controlled(made: Closure, id: str, parties: tuple[str, ...], hops: list[Hop]) -> Way:
    amount = min(ONE, made.amount(id)) or None
    proof = _unless_all(as_hops(made.evidence(id)), hops)
    return Way(parties, tuple(hops), proof, amount, amount)


def way_of_stake(id: str, joint: Joint, into: Mapping[str, list[Tie]], go_up: bool) -> Way:
    """Between an issuer and who holds of it: by the shortest chain, all that counts as evidence."""
    ways: list[Way] = []
    evidence: list[Hop] = []
    for holder, made in joint.holders.items():
        ties = sorted(into[holder], key=lambda tie: tie.relation.order)
        evidence += as_hops(ties)
        above: list[Hop] = []
        chain: tuple[str, ...] = (holder,)
        if made is not None:
            chain = chain_up(made, holder)
            above = down_hops(made, chain[::-1])
            evidence += as_hops(made.evidence(holder))
        hops = [*above, Hop(holder, tuple(tie.relation for tie in ties))]
        down = (*chain[::-1][1:], id)
        ways.append(Way(chain, tuple(hops[::-1])) if go_up else Way(down, tuple(hops)))
    best = min(ways, key=lambda way: way.order)
    proof = _unless_all(distinct(evidence), best.hops)
    return Way(best.parties, best.hops, proof, joint.low, joint.high)


def _unless_all(evidence: Iterable[Hop], hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """The evidence, or nothing where the hops already are all of it."""
    whole = tuple(evidence)
    shown = {r.id for hop in hops for r in hop.relations}
    return () if {hop.relations[0].id for hop in whole} == shown else whole
