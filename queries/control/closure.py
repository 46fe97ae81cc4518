"""Company control: the least fixpoint over whole stakes, downward from a controller.

x controls y when x, together with everything x controls, holds more than the threshold of y. Whole
stakes are summed, nothing is multiplied, each holder counts once; a declared control counts as a
majority and carries on. Rounds of the fixpoint are the order of derivation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    _before: dict[str, str] | None = None

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
        if self._before is None:
            self._before = _nearest_before(self.seed, self.rank, self.ties)
        chain = [id]
        while chain[-1] in self._before:
            chain.append(self._before[chain[-1]])
        return tuple(reversed(chain))

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


def _nearest_before(
    seed: Iterable[str], rank: Mapping[str, int], ties: Mapping[str, list[Tie]]
) -> dict[str, str]:
    """By party, the one before it on its shortest chain."""
    following: dict[str, set[str]] = {}
    for issuer in rank:
        for tie in ties.get(issuer, ()):
            if tie.proves:
                following.setdefault(tie.holder, set()).add(issuer)
    before: dict[str, str] = {}
    level = sorted(seed)
    seen = set(level)
    while level:
        grown: list[str] = []
        for id in level:  # in the order of their chains, so the first to arrive is the smallest
            for issuer in sorted(following.get(id, ())):
                if issuer not in seen:
                    seen.add(issuer)
                    before[issuer] = id
                    grown.append(issuer)
        level = grown
    return before


def closure(
    net: Net,
    seed: Collection[str],
    rule: ControlRule = MAJORITY,
) -> Asking[Closure]:
    """Everything that ``seed``, as one controller, controls."""
    found = Closure(tuple(sorted(seed)), rule, dict.fromkeys(sorted(seed), 0))
    amounts: dict[str, int] = {}
    frontier, round_ = list(found.seed), 0
    while frontier:
        round_ += 1
        touched = yield from _reach(net, found, frontier)
        if rule.exclude_treasury:
            yield from _own(net, found, sorted(touched))
        frontier = []
        for id in sorted(touched.keys() - found.rank.keys()):
            amounts[id] = amounts.get(id, 0) + _joint(touched[id], id, rule)
            declared = any(tie.declared for tie in touched[id])
            if declared or rule.passes(amounts[id], found.whole(id)):
                frontier.append(id)
        found.rank.update(dict.fromkeys(frontier, round_))
    yield from _possible(net, found)
    return found


def _reach(net: Net, found: Closure, frontier: list[str]) -> Asking[dict[str, list[Tie]]]:
    """Add the ties that newly controlled parties hold; these ties by issuer. All of one holder's
    come together, so that amounts can be added up as they come."""
    ties = yield from down(net, frontier, found.rule.votes)
    touched: dict[str, list[Tie]] = {}
    for tie in ties:
        net.question.tick()
        if found.rule.declared or not tie.declared:
            found.ties.setdefault(tie.issuer, []).append(tie)
            touched.setdefault(tie.issuer, []).append(tie)
    return touched


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


def possibly(net: Net, found: Closure, most: int) -> Asking[dict[str, int]]:
    """Everything that a closure may control beyond what it does for certain, by the upper bounds of
    unknown shares, with the most that may be held of it (units); about ``most`` parties at most."""
    maybe = dict(found.possible)
    frontier = sorted(maybe)
    while frontier and len(maybe) <= most:
        ties = yield from down(net, frontier, found.rule.votes)
        ties = [tie for tie in ties if found.rule.declared or not tie.declared]
        declared = {tie.issuer for tie in ties if tie.declared}
        new = sorted({tie.issuer for tie in ties} - found.rank.keys() - maybe.keys())
        uppers = yield from _uppers(net, found, maybe, new)
        frontier = [
            id for id in new if id in declared or found.rule.passes(uppers[id], found.whole(id))
        ]
        maybe.update((id, uppers[id]) for id in frontier)
    return (yield from _uppers(net, found, maybe, sorted(maybe)))


def _uppers(
    net: Net, found: Closure, maybe: Mapping[str, int], ids: Sequence[str]
) -> Asking[dict[str, int]]:
    """The most that members, certain and possible ones, can hold of some issuers."""
    if found.rule.exclude_treasury:
        yield from _own(net, found, list(ids))
    into: dict[str, list[Tie]] = {id: [] for id in ids}
    for tie in (yield from up(net, ids, found.rule.votes)):
        into[tie.issuer].append(tie)
    uppers = {}
    for id, ties in into.items():
        net.question.tick()
        least = most = others = 0
        for holder, (low, high) in held(ties).items():
            if holder in found.rank or (holder in maybe and holder != id):
                least += low
                most += high
            else:
                others += low
        # What members hold for certain is theirs, though others hold too much of it as well.
        uppers[id] = max(least, min(most, max(0, ONE - others)))
    return uppers


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
