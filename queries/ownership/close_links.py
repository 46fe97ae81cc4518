"""Close links: one party holds at least a fifth of another, or a third holds as much of both.

Shares are sums over simple chains of the products of shares (no party twice), the convention of
the central banks' rules on close links (Regulation (EU) 575/2013 art. 4 (1) (38); 20 %).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from graph_service.answers.common import Missing, Path
from graph_service.answers.ownership import CloseLink, CloseLinksAnswer
from graph_service.errors import UsageError
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.control import steps_of
from queries.net import Need, Net, together
from queries.ownership.figures import (
    Region,
    above,
    below,
    chain_hops,
    mentioned,
    shown,
    unknown_stakes,
)
from queries.ownership.simplepaths import STEPS, simple_sums
from queries.ownership.toppaths import top_paths
from queries.proof import Hop
from queries.stakes import decimal
from queries.wording import percent

Way = Literal["owns", "owned"]
FIFTH = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class _Side:
    """A party's owners or holdings with their shares by simple chains; ``maybe``: those that only
    unknown shares, or chains not listed, keep from the threshold. ``left``: no share shown is more
    than this too small."""

    region: Region
    sure: dict[str, Fraction]
    maybe: dict[str, Fraction]
    left: Fraction


@dataclass(frozen=True, slots=True)
class _Link:
    other: str
    share: Fraction
    way: Way
    third: str
    other_share: Fraction | None
    chains: list[list[Hop]]


def close_links(
    store: Store, party: Party, ask: Ask, threshold: Decimal = FIFTH
) -> CloseLinksAnswer:
    """Every close link of ``party``: what it holds, who holds it, and what its holders hold.

    ``threshold`` in (0, 1], reached or passed. Raises UsageError, OverBudget.
    """
    if not 0 < threshold <= 1:
        raise UsageError("--threshold is no share above 0", "Write it as 0.2 or 20%.")
    with asking(store, ask) as question:
        return _Search(question, party, threshold).answer()


def links_between(
    store: Store, one: Party, other: Party, ask: Ask, threshold: Decimal = FIFTH
) -> CloseLinksAnswer:
    """The close links of one party with another: only these, with what is unknown about them.

    Raises UsageError, OverBudget.
    """
    answer = close_links(store, one, ask, threshold)
    links = tuple(link for link in answer.links if link.party.id == other.id)
    return replace(answer, links=links)


class _Search:
    def __init__(self, question: Question, party: Party, threshold: Decimal) -> None:
        self._question = question
        self._net = Net(question)
        self._party = party
        self._threshold = threshold
        self._least = Fraction(threshold)

    def answer(self) -> CloseLinksAnswer:
        """The links by the way they are made, largest first."""
        net, id = self._net, self._party.id
        upward, downward = together(net, [above(net, id), below(net, id)])
        owned, owns = self._side(upward, STEPS // 4), self._side(downward, STEPS // 4)
        thirds = sorted(owned.sure)
        regions = together(net, [below(net, third) for third in thirds])
        steps = STEPS // 2 // max(1, len(thirds))
        both = {
            third: self._side(region, steps) for third, region in zip(thirds, regions, strict=True)
        }
        links = [*self._direct(owns, "owns"), *self._direct(owned, "owned")]
        for third, side in both.items():
            links += self._through(third, owned.sure[third], side)
        hops = [hop for link in links for chain in link.chains for hop in chain]
        net.fetch(Need(parties={*mentioned(hops), *thirds, *(link.other for link in links)}))
        sides = [owns, owned, *both.values()]
        return CloseLinksAnswer(
            as_of=self._question.ask.as_of,
            data_version=self._question.data_version,
            completeness=self._question.completeness(
                [self._party, *(party_of(net.parties, link.other) for link in links)],
                cut=_cut(sides),
                missing=self._missing(sides),
            ),
            party=self._party,
            threshold=self._threshold,
            links=tuple(map(self._shown, links)),
            warnings=tuple(dict.fromkeys(line for side in sides for line in _warnings(side))),
        )

    def _side(self, region: Region, steps: int) -> _Side:
        tick = self._question.tick
        low = simple_sums(region.lattice, steps=steps, tick=tick)
        vague = any(not stake.known for steps in region.lattice.toward for _, stake in steps)
        high = simple_sums(region.lattice, most=True, steps=steps, tick=tick) if vague else low
        sure, maybe = {}, {}
        for number, id in enumerate(region.lattice.ids):
            if number == region.lattice.start:
                continue
            most = high.values[number] + high.left_out.get(number, Fraction(0))
            if low.values[number] >= self._least:
                sure[id] = low.values[number]
            elif most >= self._least:
                maybe[id] = min(Fraction(1), most)
        return _Side(region, sure, maybe, max(low.left_out.values(), default=Fraction(0)))

    def _direct(self, side: _Side, way: Way) -> Iterator[_Link]:
        chains = self._chains(side.region, set(side.sure))
        for id, share in sorted(side.sure.items(), key=lambda item: (-item[1], item[0])):
            yield _Link(id, share, way, "", None, chains[id])

    def _through(self, third: str, its_share: Fraction, side: _Side) -> Iterator[_Link]:
        others = {id: share for id, share in side.sure.items() if id != self._party.id}
        chains = self._chains(side.region, set(others))
        for id, share in sorted(others.items(), key=lambda item: (-item[1], item[0])):
            yield _Link(id, share, "owns", third, its_share, chains[id])

    def _chains(self, region: Region, ids: set[str]) -> dict[str, list[list[Hop]]]:
        wanted = [number for number, id in enumerate(region.lattice.ids) if id in ids]
        found = top_paths(region.lattice, wanted, tick=self._question.tick)
        return {
            region.lattice.ids[number]: [chain_hops(region, chain) for chain in chains]
            for number, chains in found.items()
        }

    def _shown(self, link: _Link) -> CloseLink:
        parties = self._net.parties
        return CloseLink(
            party=party_of(parties, link.other),
            share=_at_most_one(link.share),
            via=party_of(parties, link.third) if link.third else link.way,
            other_share=None if link.other_share is None else _at_most_one(link.other_share),
            paths=tuple(Path(steps_of(parties, chain)) for chain in link.chains),
        )

    def _missing(self, sides: list[_Side]) -> list[Missing]:
        found = {line for side in sides for line in unknown_stakes(side.region)}
        for side in sides:
            start = side.region.start
            for id, most in side.maybe.items():
                said = f"{start} and {id} may be linked: up to {percent(shown(most))}"
                found.add(Missing("link", id, said))
        return sorted(found, key=lambda line: (line.what, line.id, line.why))


def _at_most_one(share: Fraction) -> Decimal:
    return shown(min(Fraction(1), share))


def _cut(sides: list[_Side]) -> list[Missing]:
    return [
        Missing(
            "paths",
            side.region.start,
            "more chains than are listed: shares may be larger, by at most"
            f" {float(side.left) * 100:.6f}%",
        )
        for side in sides
        if side.left
    ]


def _warnings(side: _Side) -> Iterator[Missing]:
    book = side.region.book
    for id, amount in sorted(book.overfull.items()):
        yield Missing("share_sum", id, f"stakes sum to {percent(decimal(amount))}")
    for id, stake in book.own.items():
        if stake.high:
            yield Missing("treasury", id, f"holds {percent(decimal(stake.low))} of itself")
