"""Close links as a step of rules: whom a party holds, or who holds it, by a share of simple chains.

The share is that of close links: the sum over simple chains of the products of shares, reached or
passed. The proof is the shortest chain of known stakes, and with it every stake on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from graph_service.answers.common import Missing
from queries.net import Asking, Net
from queries.ownership.figures import Region, above, below, chain_hops, shown
from queries.ownership.lattice import Lattice
from queries.ownership.simplepaths import STEPS, simple_sums
from queries.proof import Hop
from queries.stakes import ONE
from queries.wording import percent

# Parties, hops, evidence, and the least and the most share in units.
Way = tuple[tuple[str, ...], list[Hop], tuple[Hop, ...], int, int]
_EACH = STEPS // 4  # steps of chains listed for one party in one direction


@dataclass(frozen=True, slots=True)
class Linked:
    """By party, how it is linked; ``maybe``: those that only unknown shares, or chains not listed,
    keep from the threshold, with the most that they may hold."""

    ways: dict[str, Way]
    maybe: dict[str, Fraction] = field(default_factory=dict)


class Links:
    """Close links in one net, each party's computed once."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._found: dict[tuple[str, bool, int], Linked] = {}
        self._told: dict[tuple[str, bool, int], None] = {}

    def of(self, id: str, down: bool, threshold: int, *, searching: bool = False) -> Asking[Linked]:
        """Whom a party holds (``down``) or who holds it, by at least ``threshold`` (units).

        ``searching``: only for who may be listed; what is unknown then is not said.
        """
        key = (id, down, threshold)
        if not searching:
            self._told[key] = None
        if key not in self._found:
            region = yield from (below if down else above)(self._net, id)
            self._found[key] = self._linked(region, Fraction(threshold, ONE))
        return self._found[key]

    def unknowns(self) -> list[Missing]:
        """Links that only unknown shares keep open."""
        return [
            Missing(
                "link", other, f"{key[0]} and {other} may be linked: up to {percent(shown(most))}"
            )
            for key in self._told
            for other, most in self._found[key].maybe.items()
        ]

    def _linked(self, region: Region, least: Fraction) -> Linked:
        lattice, tick = region.lattice, self._net.question.tick
        low = simple_sums(lattice, steps=_EACH, tick=tick)
        vague = any(not stake.known for steps in lattice.toward for _, stake in steps)
        high = simple_sums(lattice, most=True, steps=_EACH, tick=tick) if vague else low
        found = Linked({})
        before = _nearest_before(lattice)
        for number, id in enumerate(lattice.ids):
            if number == lattice.start:
                continue
            tick()
            most = high.values[number] + high.left_out.get(number, Fraction(0))
            if low.values[number] >= least:
                found.ways[id] = _way(region, number, before, low.values[number])
            elif most >= least:
                found.maybe[id] = min(Fraction(1), most)
        return found


def _nearest_before(lattice: Lattice) -> dict[int, int]:
    """By party, the one before it on the shortest chain of known stakes, the first by ids."""
    before = {lattice.start: lattice.start}
    level = [lattice.start]
    while level:
        grown = []
        for near in level:  # in the order of their chains, so the first to arrive is the smallest
            for far, stake in sorted(lattice.away[near], key=lambda step: step[0]):
                if stake.low and far not in before:
                    before[far] = near
                    grown.append(far)
        level = grown
    return before


def _way(region: Region, number: int, before: dict[int, int], share: Fraction) -> Way:
    lattice = region.lattice
    chain = [number]
    while chain[-1] != lattice.start:
        chain.append(before[chain[-1]])
    chain.reverse()
    hops = _hops(region, chain)
    whole = _between(region, number)
    amount = min(ONE, round(share * ONE))
    alone = {hop.relations[0].id for hop in whole} == {hop.relations[0].id for hop in hops}
    parties = tuple(lattice.ids[at] for at in chain[1:])
    return parties, hops, () if alone else tuple(whole), amount, amount


def _hops(region: Region, chain: list[int]) -> list[Hop]:
    hops = chain_hops(region, chain)
    return hops if region.down else hops[::-1]


def _between(region: Region, number: int) -> list[Hop]:
    """Every known stake on a way between the start and a party, in the order of their chains."""
    lattice = region.lattice
    seen, todo, edges = {number}, [number], []
    while todo:
        far = todo.pop()
        for near, stake in lattice.toward[far]:
            if stake.low and far != lattice.start and near != number:
                edges.append((near, far))
                if near not in seen:
                    seen.add(near)
                    todo.append(near)
    return [hop for near, far in _ordered(edges) for hop in _hops(region, [near, far])]


def _ordered(edges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return sorted(set(edges))
