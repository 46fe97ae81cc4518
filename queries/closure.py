"""Company control: the least fixpoint over whole stakes, downward from a controller.

x controls y when x, together with everything x controls, holds more than the threshold of y. Whole
stakes are summed, nothing is multiplied, each holder counts once; a declared control counts as a
majority and carries on. Rounds of the fixpoint are the order of derivation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from graph_service.model import Relation
from queries.net import Asking, Need, Net
from queries.stakes import LEGAL, ONE, STAKE, Tie, held, is_known, owner, ratio, tie_of

HALF = ONE // 2


@dataclass(frozen=True, slots=True)
class ControlRule:
    """What counts as control.

    ``threshold`` in units of 1e-18, passed strictly unless ``inclusive``. ``votes``: by votes where
    stated. ``exclude_treasury``: a company's own shares carry no vote. ``declared``: declared
    controls count as majorities.
    """

    threshold: int = HALF
    inclusive: bool = False
    votes: bool = False
    exclude_treasury: bool = False
    declared: bool = True

    def passes(self, amount: int, whole: int = ONE) -> bool:
        """Whether ``amount`` of ``whole`` is control."""
        left, right = amount, self.threshold
        if whole != ONE:
            left, right = amount * ONE, right * whole
        return left >= right if self.inclusive else left > right


MAJORITY = ControlRule()


@dataclass(slots=True)
class Closure:
    """What ``seed`` controls: ``rank`` is the round in which a party was derived (0: the seed).

    ``ties``: by issuer, the ties that members hold in it. ``possible``: parties that only unknown
    shares keep from being controlled, with the most that may be held of them, in units.
    """

    seed: tuple[str, ...]
    rule: ControlRule
    rank: dict[str, int]
    ties: dict[str, list[Tie]] = field(default_factory=dict)
    own: dict[str, int] = field(default_factory=dict)
    possible: dict[str, int] = field(default_factory=dict)
    _chains: dict[str, tuple[str, ...]] | None = None

    @property
    def controlled(self) -> list[str]:
        """The controlled parties, by id."""
        return sorted(id for id, rank in self.rank.items() if rank)

    def whole(self, id: str) -> int:
        """What a majority of ``id`` is a majority of, in units."""
        return ONE - min(self.own.get(id, 0), ONE - 1) if self.rule.exclude_treasury else ONE

    def amount(self, id: str) -> int:
        """The least that members together hold of ``id``, in units."""
        return _joint(self.ties.get(id, ()), id, self.rule)

    def share(self, id: str) -> Decimal | None:
        """The joint share of ``id``; None when nothing but a declaration makes the control."""
        amount = self.amount(id)
        return ratio(amount, self.whole(id)) if amount else None

    def chain(self, id: str) -> tuple[str, ...]:
        """The parties of the shortest chain from the seed to ``id``, first by (length, ids)."""
        if self._chains is None:
            self._chains = _chains(self.seed, self.rank, self.ties)
        return self._chains[id]

    def between(self, holder: str, issuer: str) -> tuple[Tie, ...]:
        """The ties that prove something between two members, in port order."""
        found = [tie for tie in self.ties[issuer] if tie.holder == holder and tie.proves]
        return tuple(sorted(found, key=lambda tie: tie.relation.order))

    def evidence(self, id: str) -> tuple[Tie, ...]:
        """Every tie that counts for ``id``, in order of derivation."""
        wanted, ties = [id], {}
        seen = {id, *self.seed}
        while wanted:
            issuer = wanted.pop()
            for tie in self.ties.get(issuer, ()):
                if tie.proves:
                    ties[tie.relation.id] = tie
                    if tie.holder not in seen:
                        seen.add(tie.holder)
                        wanted.append(tie.holder)
        rank = self.rank
        return tuple(
            sorted(
                ties.values(),
                key=lambda t: (max(rank[t.holder] + 1, rank[t.issuer]), t.relation.order),
            )
        )


def _joint(ties: Iterable[Tie], issuer: str, rule: ControlRule) -> int:
    return sum(
        low
        for holder, (low, _) in held(ties).items()
        if not (rule.exclude_treasury and holder == issuer)
    )


def _chains(
    seed: Iterable[str], rank: Mapping[str, int], ties: Mapping[str, list[Tie]]
) -> dict[str, tuple[str, ...]]:
    following: dict[str, set[str]] = {}
    for issuer in rank:
        for tie in ties.get(issuer, ()):
            if tie.proves:
                following.setdefault(tie.holder, set()).add(issuer)
    chains: dict[str, tuple[str, ...]] = {id: (id,) for id in sorted(seed)}
    level = list(chains)
    while level:
        grown: list[str] = []
        for id in level:  # in the order of their chains, so the first to arrive is the smallest
            for issuer in sorted(following.get(id, ())):
                if issuer not in chains:
                    chains[issuer] = (*chains[id], issuer)
                    grown.append(issuer)
        level = grown
    return chains


def closure(
    net: Net,
    seed: Collection[str],
    rule: ControlRule = MAJORITY,
) -> Asking[Closure]:
    """Everything that ``seed``, as one controller, controls."""
    found = Closure(tuple(sorted(seed)), rule, dict.fromkeys(sorted(seed), 0))
    frontier, round_ = list(found.seed), 0
    while frontier:
        round_ += 1
        touched = yield from _reach(net, found, frontier)
        if rule.exclude_treasury:
            yield from _own(net, found, touched)
        frontier = [id for id in touched if id not in found.rank and _is_controlled(found, id)]
        found.rank.update(dict.fromkeys(frontier, round_))
    yield from _possible(net, found)
    return found


def _reach(net: Net, found: Closure, frontier: list[str]) -> Asking[list[str]]:
    """Add the ties that newly controlled parties hold; the issuers met, by id."""
    ties = yield from down(net, frontier, found.rule.votes)
    touched: set[str] = set()
    for tie in ties:
        net.question.tick()
        if found.rule.declared or not tie.declared:
            found.ties.setdefault(tie.issuer, []).append(tie)
            touched.add(tie.issuer)
    return sorted(touched)


def _is_controlled(found: Closure, id: str) -> bool:
    ties = found.ties[id]
    return any(tie.declared for tie in ties) or found.rule.passes(found.amount(id), found.whole(id))


def _own(net: Net, found: Closure, issuers: list[str]) -> Asking[None]:
    new = [id for id in issuers if id not in found.own]
    ties = yield from up(net, new, found.rule.votes)
    for id in new:
        found.own[id] = held(t for t in ties if t.issuer == id).get(id, (0, 0))[0]


def _possible(net: Net, found: Closure) -> Asking[None]:
    """Which issuers only unknown shares keep out: the most held is capped by what others hold."""
    open_ = [
        id
        for id, ties in found.ties.items()
        if id not in found.rank
        and found.rule.passes(
            sum(high for h, (_, high) in held(ties).items() if h != id), found.whole(id)
        )
    ]
    if not open_:
        return
    ties = yield from up(net, open_, found.rule.votes)
    for id in open_:
        stakes = held(t for t in ties if t.issuer == id)
        most = sum(high for h, (_, high) in stakes.items() if h in found.rank)
        others = sum(low for h, (low, _) in stakes.items() if h not in found.rank)
        upper = min(most, max(0, ONE - others))
        if found.rule.passes(upper, found.whole(id)):
            found.possible[id] = upper


def down(net: Net, ids: Collection[str], votes: bool = False) -> Asking[list[Tie]]:
    """The ties that these parties hold in others."""
    yield Need(outs=ids)
    relations = [r for id in ids for r in net.out[id] if owner(r) == id]
    yield from net.soles({r.to_id for r in relations if _may_be_sole(r)})
    return _ties(net, relations, votes)


def up(net: Net, ids: Collection[str], votes: bool = False) -> Asking[list[Tie]]:
    """The ties that others hold in these parties."""
    yield Need(ins=ids)
    relations = [r for id in ids for r in net.into[id]]
    yield from net.soles({r.to_id for r in relations if _may_be_sole(r)})
    return _ties(net, relations, votes)


def _may_be_sole(r: Relation) -> bool:
    return r.type == LEGAL or (r.type == STAKE and not is_known(r))


def _ties(net: Net, relations: Iterable[Relation], votes: bool) -> list[Tie]:
    found = (tie_of(r, net.sole(r.to_id), votes, net.capital(r)) for r in relations)
    return [tie for tie in found if tie is not None]


def holders(net: Net, ids: Collection[str], votes: bool = False) -> Asking[dict[str, list[Tie]]]:
    """All direct and indirect holders of these parties: by issuer, the ties into it."""
    into: dict[str, list[Tie]] = {}
    frontier = sorted(set(ids))
    while frontier:
        ties = yield from up(net, frontier, votes)
        into.update({id: [] for id in frontier})
        for tie in ties:
            net.question.tick()
            into[tie.issuer].append(tie)
        frontier = sorted({tie.holder for tie in ties} - into.keys())
    return into
