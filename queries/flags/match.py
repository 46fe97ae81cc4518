"""From a listed party along a rule's paths: whom they reach, and by what proof."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

from graph_service.codes import CODE_LISTS, ROLE_RANK, SEVERITIES, code_of
from graph_service.days import Day
from graph_service.model import Party, Relation
from queries.control.closure import Closure, ControlRule, closure
from queries.control.controllers import chain_up, controllers_of
from queries.flags.link_steps import Links
from queries.flags.packs import ControlStep, LinkStep, ReachStep, Rule, Step, TieStep
from queries.net import CONTACT_TYPE, UNDIRECTED, Asking, Need, Net
from queries.proof import Hop, Proof, down_hops, evidence_hops, keep_best, tie_start
from queries.stakes import LEGAL, ONE, STAKE, bounds, is_nothing, owner

_CLOSE_KIN = frozenset(code.code for code in CODE_LISTS["kin"] if code.severity == "close")
_ROLE_SEVERITY = {code.code: code.severity for code in CODE_LISTS["roles"]}
_GRAVITY = {severity: place for place, severity in enumerate(SEVERITIES)}
Reached = dict[str, Proof]
# What carries a proof on: parties, hops, evidence, and the joint share twice, as both bounds.
Way = tuple[tuple[str, ...], list[Hop], tuple[Hop, ...], int | None, int | None]
_Ways = dict[tuple[str, ControlRule], dict[str, Way]]


class Matcher:
    """Follows paths in one net; closures are computed once for all rules.

    ``back_to``: how far back an ended tie may have ended for a rule (None: no ended ties).
    """

    def __init__(self, net: Net, back_to: Callable[[Rule], Day | None]) -> None:
        self.net = net
        self.back_to = back_to
        self.maybe: dict[str, dict[str, int]] = {}
        self.links = Links(net)
        self.hubs: set[str] = set()
        self._down: dict[tuple[str, ControlRule], Closure] = {}
        self._up: dict[tuple[str, ControlRule], dict[str, Closure]] = {}
        self._ways: tuple[_Ways, _Ways] = ({}, {})

    def reach(
        self, rule: Rule, listed: str, only: Collection[str] | None = None
    ) -> Asking[Reached]:
        """Whom a rule reaches from a listed party: by party, the first proof in order.

        ``only``: nobody else is wanted.
        """
        best: Reached = {}
        for path in rule.paths:
            found = {listed: Proof((listed,))}
            for number, step in enumerate(path, 1):
                last = number == len(path)
                found = yield from self._step(rule, step, found, only if last else None)
            for proof in found.values():
                if not path or proof.end != listed:
                    keep_best(best, proof)
        return best

    def _step(
        self, rule: Rule, step: Step, found: Reached, only: Collection[str] | None
    ) -> Asking[Reached]:
        if not found:
            return {}
        if isinstance(step, TieStep):
            return (yield from self._tie(rule, step, found, only))
        if isinstance(step, ControlStep):
            return (yield from self._control(step, found, only))
        if isinstance(step, LinkStep):
            return (yield from self._linked(step, found))
        if isinstance(step, ReachStep):
            return (yield from self._far(step, found))
        return {}  # an aggregate is not reached from one party alone

    # --- one relation -------------------------------------------------------------------------

    def _tie(
        self, rule: Rule, step: TieStep, found: Reached, only: Collection[str] | None
    ) -> Asking[Reached]:
        if step.types == {CONTACT_TYPE} and step.go == "in":
            return (yield from self._contact(found))
        yield from self._ready(step, found)
        reached: Reached = {}
        for id in sorted(found):
            self.net.question.tick()
            for other, ties in self._ties(rule, step, id).items():
                if only is not None and other not in only:
                    continue
                proof = _carried(found[id], step, other, ties, rule.severity.by == "post")
                if proof is not None:
                    keep_best(reached, proof)
        return reached

    def _ready(self, step: TieStep, found: Reached) -> Asking[None]:
        if step.dissolved:
            yield Need(parties=found, all=found)
            gone = [id for id in found if self._dissolved(id) is not None]
            yield Need(after=gone)
        elif step.go == "out" and step.types <= _DIRECTED_DOWN and not step.former:
            yield Need(outs=found)
        elif step.go == "in" and step.types <= _DIRECTED_DOWN and not step.former:
            yield Need(ins=found)
        else:
            yield Need(all=found)

    def _ties(self, rule: Rule, step: TieStep, id: str) -> dict[str, list[Relation]]:
        """The relations that a step follows from one party, by the party they lead to."""
        groups: dict[str, list[Relation]] = {}
        for r in self._candidates(rule, step, id):
            if r.type in step.types and _fits(r, step) and not is_nothing(r):
                for other in _others(r, step, id):
                    groups.setdefault(other, []).append(r)
        return groups

    def _candidates(self, rule: Rule, step: TieStep, id: str) -> Iterable[Relation]:
        net = self.net
        if step.dissolved:
            gone = self._dissolved(id)
            if gone is None:
                return []
            return [r for r in net.after[id] if not r.former or _ended_by(r, gone)]
        if step.former:
            back_to = self.back_to(rule)
            if back_to is None:
                return []
            return [r for r in net.past[id] if _within(r, back_to) and _leads(r, step, id)]
        out = net.out.get(id, []) if step.go != "in" else []
        into = net.into.get(id, []) if step.go != "out" else []
        return [*out, *into, *net.beside.get(id, ())]

    def _dissolved(self, id: str) -> Day | None:
        """The day a party was deregistered (0: not known), None when it was not yet."""
        return dissolved(self.net.parties.get(id), self.net.question.ask.as_of)

    def _contact(self, found: Reached) -> Asking[Reached]:
        """Who else uses a contact; a contact of too many parties leads nowhere."""
        yield Need(contacts=found)
        reached: Reached = {}
        for id in sorted(found):
            users = self.net.users[id]
            if users is None:
                self.hubs.add(id)
                continue
            groups: dict[str, list[Relation]] = {}
            for r in users:
                groups.setdefault(r.from_id, []).append(r)
            for other, ties in groups.items():
                keep_best(reached, found[id].then((other,), (Hop(other, tuple(ties)),)))
        return reached

    # --- control ------------------------------------------------------------------------------

    def controlled_by(self, id: str, rule: ControlRule) -> Asking[Closure]:
        """The closure of one party, computed once."""
        if (id, rule) not in self._down:
            self._down[id, rule] = yield from closure(self.net, [id], rule)
        return self._down[id, rule]

    def controlling(self, id: str, rule: ControlRule) -> Asking[dict[str, Closure]]:
        """The controllers of one party, and those whom unknown shares may make so."""
        if (id, rule) not in self._up:
            self._up[id, rule] = yield from controllers_of(self.net, id, rule)
        return self._up[id, rule]

    def _control(
        self, step: ControlStep, found: Reached, only: Collection[str] | None
    ) -> Asking[Reached]:
        reached: Reached = {}
        for id in sorted(found):
            ways = yield from (self._ways_down if step.down else self._ways_up)(id, step.rule)
            wanted = ways if only is None else [target for target in only if target in ways]
            for target in wanted:
                self.net.question.tick()
                keep_best(reached, found[id].then(*ways[target]))
        return reached

    def _ways_down(self, id: str, rule: ControlRule) -> Asking[dict[str, Way]]:
        """How a party controls each of what it controls."""
        if (id, rule) not in self._ways[0]:
            made = yield from self.controlled_by(id, rule)
            if made.possible:
                self.maybe.setdefault(id, {}).update(made.possible)
            ways: dict[str, Way] = {}
            for target in made.controlled:
                chain = made.chain(target)
                ways[target] = _way(made, target, chain[1:], down_hops(made, chain))
            self._ways[0][id, rule] = ways
        return self._ways[0][id, rule]

    def _ways_up(self, id: str, rule: ControlRule) -> Asking[dict[str, Way]]:
        """How each of its controllers controls a party, read from the party."""
        if (id, rule) not in self._ways[1]:
            ways: dict[str, Way] = {}
            for top, made in (yield from self.controlling(id, rule)).items():
                if id not in made.rank:
                    self.maybe.setdefault(top, {})[id] = made.possible[id]
                    continue
                chain = chain_up(made, id)
                hops = down_hops(made, chain[::-1])[::-1]
                ways[top] = _way(made, id, chain[1:], hops)
            self._ways[1][id, rule] = ways
        return self._ways[1][id, rule]

    # --- close links --------------------------------------------------------------------------

    def _linked(self, step: LinkStep, found: Reached) -> Asking[Reached]:
        reached: Reached = {}
        for id in sorted(found):
            linked = yield from self.links.of(id, step.down, step.threshold)
            for way in linked.ways.values():
                self.net.question.tick()
                keep_best(reached, found[id].then(*way))
        return reached

    # --- any number of relations --------------------------------------------------------------

    def _far(self, step: ReachStep, found: Reached) -> Asking[Reached]:
        reached: Reached = {}
        for start in sorted(found):
            seen = {start: found[start]}
            level = [start]
            tie = TieStep(step.types, step.go)
            while level:
                yield from self._ready(tie, {id: seen[id] for id in level})
                grown: Reached = {}
                for id in level:
                    self.net.question.tick()
                    for other, ties in self._grouped(tie, id).items():
                        if other not in seen:
                            hop = Hop(tie_start(ties[0], id), tuple(ties))
                            keep_best(grown, seen[id].then((other,), (hop,)))
                seen.update(grown)
                level = sorted(grown)
            for id, proof in seen.items():
                if id != start:
                    keep_best(reached, proof)
        return reached

    def _grouped(self, step: TieStep, id: str) -> dict[str, list[Relation]]:
        groups: dict[str, list[Relation]] = {}
        out = self.net.out.get(id, []) if step.go == "out" else self.net.into.get(id, [])
        for r in out:
            if r.type in step.types and not is_nothing(r):
                for other in _others(r, step, id):
                    groups.setdefault(other, []).append(r)
        return groups


_DIRECTED_DOWN = frozenset({LEGAL, STAKE, "EXECUTIVE_OF", "CONTROLS"})


def _way(made: Closure, id: str, parties: tuple[str, ...], hops: list[Hop]) -> Way:
    amount = min(ONE, made.amount(id)) or None
    return parties, hops, evidence_hops(made, id, hops), amount, amount


def dissolved(party: Party | None, day: Day) -> Day | None:
    """The day on which a party was deregistered (0: unknown), None when it was not by ``day``."""
    if party is None:
        return None
    gone = code_of("statuses", party.attributes.get("status", "")) == "cancelled"
    text = party.attributes.get("dissolved") or (
        party.attributes.get("status_date", "") if gone else ""
    )
    when = _day(text)
    if when is not None:
        return when if when <= day else None
    return 0 if gone else None


def _day(text: str) -> Day | None:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def _leads(r: Relation, step: TieStep, id: str) -> bool:
    """Whether a relation leads from a party in the direction of a step."""
    if step.go == "both" or r.type in UNDIRECTED:
        return True
    return r.to_id == id if step.go == "in" else id in (r.from_id, owner(r))


def _within(r: Relation, back_to: Day) -> bool:
    return (r.ended and r.until is None) or (r.until is not None and r.until > back_to)


def _ended_by(r: Relation, gone: Day) -> bool:
    """Whether only the deregistration of an end (on that day; 0: unknown) ended a relation."""
    return r.ended if gone == 0 else (r.until or 0) >= gone


def _fits(r: Relation, step: TieStep) -> bool:
    if step.roles is not None and (r.role or "other") not in step.roles:
        return False
    return not step.close_kin or (r.attributes.get("kin") or r.role or "") in _CLOSE_KIN


def _others(r: Relation, step: TieStep, id: str) -> tuple[str, ...]:
    """Where a relation leads from a party; a stake held for another has two starts."""
    starts = {r.from_id, owner(r)}
    ends: set[str] = set()
    if id in starts and (step.go != "in" or r.type in UNDIRECTED):
        ends.add(r.to_id)
    if id == r.to_id and (step.go != "out" or r.type in UNDIRECTED):
        ends |= starts
    ends.discard(id)
    return tuple(sorted(ends))


def _carried(
    proof: Proof, step: TieStep, other: str, ties: list[Relation], by_post: bool
) -> Proof | None:
    ties = sorted(ties, key=_post_order if by_post else _port_order)
    start = tie_start(ties[0], proof.end)
    if start not in (proof.end, other):
        start = other if other != ties[0].to_id else proof.end
    low = high = None
    sure = not step.former or any(not r.ended or r.until is not None for r in ties)
    if step.types == {STAKE}:
        low, high = _whole_stake(ties)
        if step.min_share is not None:
            if high < step.min_share:
                return None
            sure = sure and low >= step.min_share
    return proof.then((other,), (Hop(start, tuple(ties)),), (), low, high, sure)


def _whole_stake(ties: Iterable[Relation]) -> tuple[int, int]:
    each = [bounds(r) for r in ties]
    return min(ONE, sum(low for low, _ in each)), min(ONE, sum(high for _, high in each))


def _port_order(r: Relation) -> tuple[str, str, str, Day, str, str]:
    return r.order


def post_severity(r: Relation) -> str:
    """How grave a post is: legal representatives high, executives as the catalogue says."""
    return "high" if r.type == LEGAL else _ROLE_SEVERITY.get(r.role or "", "medium") or "medium"


def _post_order(r: Relation) -> tuple[int, int, tuple[str, str, str, Day, str, str]]:
    rank = -1 if r.type == LEGAL else ROLE_RANK.get(r.role or "", len(ROLE_RANK))
    return _GRAVITY[post_severity(r)], rank, r.order
