"""Aggregate holdings: companies of which all blocked parties together hold at least a threshold.

Blocked are the listed parties and, again and again, every company whose blocked holders together
hold enough of it; nothing is multiplied. To know whether a company is blocked takes all of its
holders, and theirs: they are searched upward, then the fixpoint runs among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from graph_service.answers.common import Missing
from graph_service.model import Party
from queries.control.closure import down, holders
from queries.flags.packs import AggregateStep, Rule
from queries.net import Asking, Net
from queries.proof import Hop, Proof, as_hops, keep_best
from queries.stakes import ONE, Tie, decimal, held
from queries.wording import percent

Ties = Mapping[str, list[Tie]]


class Aggregate:
    """Which companies the blocked hold together, for the rules of one engine."""

    def __init__(self, net: Net, is_listed: Callable[[Rule, Party], bool]) -> None:
        self._net = net
        self._is_listed = is_listed
        self._into: dict[str, list[Tie]] = {}
        self._listed: dict[str, Party] = {}
        self._looked: set[str] = set()
        self._maybe: dict[str, int] = {}
        self._rounds: dict[tuple[str, int], dict[str, int]] = {}

    def reach(self, rule: Rule, listed: str) -> Asking[dict[str, Proof]]:
        """The companies that ``listed`` contributes to, each with all stakes that count."""
        (step,) = (s for path in rule.paths for s in path if isinstance(s, AggregateStep))
        chains: dict[str, tuple[str, ...]] = {listed: (listed,)}
        rounds: dict[str, int] = {}
        found: dict[str, Proof] = {}
        frontier = [listed]
        while frontier:
            issuers = yield from self._issuers(frontier)
            yield from self._know([id for id in issuers if id not in self._into])
            rounds = self._blocked(rule, step.threshold)
            grown = self._grown(rounds, chains, issuers, step.threshold)
            chains.update(grown)
            frontier = sorted(grown, key=lambda id: chains[id])
        for id, chain in chains.items():
            if id != listed or len(chain) > 1:
                keep_best(found, self._proof(chain, rounds))
        return {id: proof for id, proof in found.items() if id != listed}

    def unknowns(self) -> list[Missing]:
        """Companies that only unknown shares keep from being blocked."""
        return [
            Missing("share", id, f"blocked holders may hold up to {percent(decimal(upper))}")
            for id, upper in sorted(self._maybe.items())
        ]

    def _issuers(self, frontier: list[str]) -> Asking[list[str]]:
        ties = yield from down(self._net, frontier)
        return sorted({tie.issuer for tie in ties if not tie.declared} - set(frontier))

    def _know(self, ids: list[str]) -> Asking[None]:
        """Every holder of these companies, direct or not, and which of them are listed."""
        into = yield from holders(self._net, ids)
        for issuer, ties in into.items():
            self._into[issuer] = [tie for tie in ties if not tie.declared and tie.holder != issuer]
        new = set(self._into) - self._looked
        self._looked |= new
        self._listed.update(self._net.question.parties(sorted(new), records=True))

    def _blocked(self, rule: Rule, threshold: int) -> dict[str, int]:
        """The round in which each party became blocked (0: listed)."""
        known = self._rounds.get((rule.id, len(self._into)))
        if known is not None:
            return known
        rounds = {id: 0 for id, party in self._listed.items() if self._is_listed(rule, party)}
        round_, grown = 0, True
        while grown:
            round_ += 1
            new = [
                issuer
                for issuer, ties in self._into.items()
                if issuer not in rounds and _together(ties, rounds)[0] >= threshold
            ]
            rounds.update(dict.fromkeys(new, round_))
            grown = bool(new)
        self._rounds = {(rule.id, len(self._into)): rounds}
        return rounds

    def _grown(
        self,
        rounds: Mapping[str, int],
        chains: Mapping[str, tuple[str, ...]],
        issuers: Iterable[str],
        threshold: int,
    ) -> dict[str, tuple[str, ...]]:
        grown: dict[str, tuple[str, ...]] = {}
        for issuer in issuers:
            low, high = _together(self._into.get(issuer, ()), rounds)
            if low < threshold:
                others = sum(
                    low
                    for h, (low, _) in held(self._into.get(issuer, ())).items()
                    if h not in rounds
                )
                upper = min(high, ONE - min(ONE, others))
                if upper >= threshold and issuer not in rounds:
                    self._maybe[issuer] = upper
                continue
            through = [
                chains[tie.holder]
                for tie in self._into[issuer]
                if tie.low > 0 and tie.holder in rounds and tie.holder in chains
            ]
            if through and issuer not in chains:
                grown[issuer] = (*min(through, key=lambda c: (len(c), c)), issuer)
        return grown

    def _proof(self, chain: tuple[str, ...], rounds: Mapping[str, int]) -> Proof:
        hops = []
        for holder, issuer in pairwise(chain):
            ties = [t for t in self._into[issuer] if t.holder == holder and t.low > 0]
            ties.sort(key=lambda t: t.relation.order)
            hops.append(Hop(holder, tuple(t.relation for t in ties)))
        whole = self._evidence(chain[-1], rounds)
        shown = {r.id for hop in hops for r in hop.relations}
        alone = shown == {tie.relation.id for tie in whole}
        low, _ = _together(self._into[chain[-1]], rounds)
        return Proof(chain, tuple(hops), () if alone else as_hops(whole), low, low)

    def _evidence(self, id: str, rounds: Mapping[str, int]) -> list[Tie]:
        wanted, seen, ties = [id], {id}, {}
        while wanted:
            for tie in self._into.get(wanted.pop(), ()):
                if tie.holder in rounds and tie.low > 0:
                    ties[tie.relation.id] = tie
                    if tie.holder not in seen and rounds[tie.holder]:
                        seen.add(tie.holder)
                        wanted.append(tie.holder)
        return sorted(
            ties.values(),
            key=lambda t: (
                max(rounds[t.holder] + 1, rounds.get(t.issuer, 0)),
                t.relation.order,
            ),
        )


def _together(ties: Iterable[Tie], blocked: Mapping[str, int]) -> tuple[int, int]:
    """What the blocked together hold at least, and at most."""
    low = high = 0
    for holder, (least, most) in held(ties).items():
        if holder in blocked:
            low += least
            high += most
    return min(ONE, low), min(ONE, high)
