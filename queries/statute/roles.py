"""Following role steps from one party: whom each reaches, and by what proof."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from graph_service.answers.common import Missing
from graph_service.model import ENTERPRISE, PERSON, Party, Relation
from queries.control.closure import up
from queries.net import Asking, Need, Net, abreast
from queries.proof import Hop, Proof, keep_best
from queries.stakes import HOLDING_TYPES, LEGAL, ONE, Tie, decimal, held
from queries.state import is_state_body
from queries.statute.role_stakes import Stakes, Way, way_down, way_of_stake, way_up
from queries.statute.statutes import RoleStep, Statute, StatuteRule, inverse_kin
from queries.wording import percent

TYPES = HOLDING_TYPES | {"EXECUTIVE_OF", "RELATIVE_OF", "CONCERT_WITH"}
_POST, _KIN, _CONCERT = "EXECUTIVE_OF", "RELATIVE_OF", "CONCERT_WITH"
_HALF = ONE // 2
_ADULT = 18
_INDEPENDENT = "independent_director"
Ways = dict[str, Way]


class Roles:
    """The roles around one party on one day, each computed once."""

    def __init__(self, net: Net, statute: Statute) -> None:
        self.net = net
        self.day = net.question.ask.as_of
        self.statute = statute
        self.stakes = Stakes(net)
        self.short: dict[tuple[str, str], int] = {}
        self._ways: dict[tuple[RoleStep, str], Ways] = {}

    def reach(self, rule: StatuteRule, start: str) -> Asking[dict[str, Proof]]:
        """Whom a rule reaches from a party: by party, the first proof in order."""
        best: dict[str, Proof] = {}
        yield Need(parties=[start])
        for kind, path in rule.routes():
            if not _is(self.net.parties.get(start), kind):
                continue
            found = {start: Proof((start,))}
            marks = [False, *(step.not_both_independent for step in path), False]
            for number, step in enumerate(path, 1):
                apart = marks[number] or marks[number - 1]
                found = yield from self._step(step, found, apart, marks[number + 1])
                if number < len(path) and not rule.through_state:
                    parties = self.net.parties
                    found = {id: p for id, p in found.items() if not is_state_body(parties.get(id))}
            for proof in found.values():
                if proof.end != start:
                    keep_best(best, proof)
        if rule.except_own and best:
            own = yield from self._own(rule, start)
            best = {id: proof for id, proof in best.items() if id not in own}
        return best

    def _own(self, rule: StatuteRule, start: str) -> Asking[set[str]]:
        """Whom a rule about others leaves out: what the party controls; backwards, who controls."""
        if rule.backward:
            return set((yield from self.stakes.controlling(start)))
        return set((yield from self.stakes.controlled_by(start)).controlled)

    def _step(
        self, step: RoleStep, found: dict[str, Proof], apart: bool, next_apart: bool
    ) -> Asking[dict[str, Proof]]:
        """Carry every proof on. ``apart``: nobody independent on both sides alone leads on."""
        reached: dict[str, Proof] = {}
        starts = sorted(found)
        onward = yield from abreast([self._cached(step, id) for id in starts])
        yield Need(parties={target for ways in onward for target in ways})
        for id, ways in zip(starts, onward, strict=True):
            self.net.question.tick()
            proof = found[id]
            for target in sorted(ways):
                way = ways[target]
                if not _is(self.net.parties.get(target), step.to):
                    continue
                if apart and _both_independent(proof, way):
                    continue
                made = proof.then(way.parties, way.hops, way.evidence, way.low, way.high, way.sure)
                # Where the next step asks for it, one who is more than independent comes first.
                before = reached.get(target)
                if next_apart and before and _independent(before) != _independent(made):
                    reached[target] = made if _independent(before) else before
                else:
                    keep_best(reached, made)
        return reached

    def _cached(self, step: RoleStep, id: str) -> Asking[Ways]:
        if (step, id) not in self._ways:
            ways: Ways = {}
            for kind in step.by:
                for target, way in (yield from self._of(kind, step, id)).items():
                    if target != id:
                        _keep(ways, target, way)
            if step.not_holder:
                ways = yield from self._not_holders(step, id, ways)
            self._ways[step, id] = ways
        return self._ways[step, id]

    def _of(self, kind: str, step: RoleStep, id: str) -> Asking[Ways]:
        if kind == "control":
            return (yield from self._control(step.go == "up", id))
        if kind == "posts":
            return (yield from self._posts(step, id))
        if kind == "kin":
            return (yield from self._family(step, id))
        if kind == "concert":
            return (yield from self._concert(id))
        if step.go == "up":
            return (yield from self._above(kind, step, id))
        return (yield from self._below(kind, step, id))

    # --- control and stakes -----------------------------------------------------------------------

    def _control(self, go_up: bool, id: str) -> Asking[Ways]:
        if go_up:
            above = yield from self.stakes.controlling(id)
            return {top: way_up(made, id) for top, made in above.items()}
        below = yield from self.stakes.controlled_by(id)
        return {target: way_down(below, target) for target in below.controlled if target != id}

    def _not_holders(self, step: RoleStep, id: str, ways: Ways) -> Asking[Ways]:
        """Without those that directly hold part of what they control."""
        kept: Ways = {}
        pairs = {target: (target, id) if step.go == "up" else (id, target) for target in ways}
        yield from up(self.net, {issuer for _, issuer in pairs.values()})
        for target, way in ways.items():
            top, issuer = pairs[target]
            if top not in (yield from self.stakes.into(issuer)):
                kept[target] = way
        return kept

    def _above(self, kind: str, step: RoleStep, id: str) -> Asking[Ways]:
        """Who has a stake of this kind in a party."""
        if kind == "holds" and not step.through:
            return (yield from self._direct(step, id))
        if kind == "joint":
            return (yield from self._together(id))
        into = yield from self.stakes.into(id)
        joints = yield from self.stakes.joint(id)
        above = yield from self.stakes.controlling(id)
        ways: Ways = {}
        for top in sorted(joints):
            joint = joints[top]
            if kind == "influence" and top in above:
                continue
            if self._enough(kind, step, joint.low):
                ways[top] = way_of_stake(id, joint, into, True)
            elif self._enough(kind, step, joint.high):
                self.short[top, id] = joint.high
        return ways

    def _below(self, kind: str, step: RoleStep, id: str) -> Asking[Ways]:
        """In whom a party has a stake of this kind: asked of each, from above."""
        issuers = yield from self._issuers(id)
        above = RoleStep("up", (kind,), *_sizes(step))
        holders = yield from abreast([self._cached(above, issuer) for issuer in issuers])
        ways: Ways = {}
        for issuer, found in zip(issuers, holders, strict=True):
            if id in found and issuer != id:
                ways[issuer] = yield from self._turned(kind, step, id, issuer, found[id])
        return ways

    def _turned(self, kind: str, step: RoleStep, id: str, issuer: str, way: Way) -> Asking[Way]:
        if kind == "joint" or (kind == "holds" and not step.through):
            return Way((issuer,), way.hops, way.evidence, way.low, way.high, way.sure)
        into = yield from self.stakes.into(issuer)
        joints = yield from self.stakes.joint(issuer)
        return way_of_stake(issuer, joints[id], into, False)

    def _issuers(self, id: str) -> Asking[list[str]]:
        """Whatever a party, or a company it controls, holds part of."""
        made = yield from self.stakes.controlled_by(id)
        found = {
            issuer
            for issuer, ties in made.ties.items()
            if any(not tie.declared and tie.holder != issuer for tie in ties)
        }
        return sorted(found - {id})

    def _enough(self, kind: str, step: RoleStep, amount: int) -> bool:
        return amount >= self.statute.influence if kind == "influence" else step.passes(amount)

    def _direct(self, step: RoleStep, id: str) -> Asking[Ways]:
        into = yield from self.stakes.into(id, step.votes)
        ways: Ways = {}
        for holder, ties in into.items():
            low, high = held(ties)[holder]
            if step.passes(low):
                ways[holder] = Way((holder,), (_hop(holder, ties),), (), low, high)
            elif step.passes(high):
                self.short[holder, id] = high
        return ways

    def _together(self, id: str) -> Asking[Ways]:
        """Joint control: two equal halves (inferred), or concert parties with more than half."""
        into = yield from self.stakes.into(id)
        if not into:
            return {}
        above = yield from self.stakes.controlling(id)
        sizes = {holder: held(ties)[holder] for holder, ties in into.items()}
        halves = [holder for holder, size in sizes.items() if size == (_HALF, _HALF)]
        ways: Ways = {}
        if len(halves) == 2:
            all_ties = [tie for holder in halves for tie in into[holder]]
            evidence = tuple(_hop(tie.holder, [tie]) for tie in all_ties)
            for holder in halves:
                hops = (_hop(holder, into[holder]),)
                ways[holder] = Way((holder,), hops, evidence, _HALF, _HALF, False)
        yield Need(all=list(into))
        for group, agreed in self._groups(list(into)):
            low = sum(sizes[holder][0] for holder in group)
            if low > _HALF and not any(holder in above for holder in group):
                evidence = (
                    *(_hop(holder, into[holder]) for holder in group),
                    *(Hop(r.from_id, (r,)) for r in agreed),
                )
                for holder in group:
                    hops = (_hop(holder, into[holder]),)
                    way = Way((holder,), hops, evidence, min(ONE, low), min(ONE, low))
                    _keep(ways, holder, way, instead=True)
        return ways

    def _groups(self, holders: list[str]) -> list[tuple[list[str], list[Relation]]]:
        """Holders tied by concert among themselves, with the ties."""
        left, groups = set(holders), []
        for first in holders:
            if first not in left:
                continue
            group, ties, todo = {first}, {}, [first]
            while todo:
                for r in self.net.beside[todo.pop()]:
                    if r.type == _CONCERT and {r.from_id, r.to_id} <= set(holders):
                        ties[r.id] = r
                        new = {r.from_id, r.to_id} - group
                        group |= new
                        todo += sorted(new)
            left -= group
            if len(group) > 1:
                groups.append((sorted(group), sorted(ties.values(), key=lambda r: r.order)))
        return groups

    # --- posts, family, concert -------------------------------------------------------------------

    def _posts(self, step: RoleStep, id: str) -> Asking[Ways]:
        go_up = step.go == "up"
        yield Need(ins=[id]) if go_up else Need(outs=[id])
        groups: dict[str, list[Relation]] = {}
        for r in (self.net.into if go_up else self.net.out)[id]:
            fits = r.type == _POST and (r.role or "other") in step.roles
            if fits or (step.legal and r.type == LEGAL):
                groups.setdefault(r.from_id if go_up else r.to_id, []).append(r)
        return {
            other: Way((other,), (Hop(other if go_up else id, _ordered(ties)),))
            for other, ties in groups.items()
        }

    def _family(self, step: RoleStep, id: str) -> Asking[Ways]:
        ways: Ways = {}
        for chain in step.kin:
            found = {id: Way((), ())}
            for code in chain:
                found = yield from self._kin(code, found)
            for target, way in found.items():
                if target != id:
                    _keep(ways, target, way)
        return ways

    def _kin(self, code: str, found: Ways) -> Asking[Ways]:
        yield Need(all=list(found))
        reached: Ways = {}
        for id in sorted(found):
            ties = [r for r in self.net.beside[id] if r.type == _KIN and _is_kin(r, id, code)]
            others = {r.from_id if r.to_id == id else r.to_id for r in ties} - {id}
            yield Need(parties=others)
            for other in sorted(others):
                if code == "child" and self._minor(self.net.parties.get(other)):
                    continue
                between = [r for r in ties if other in (r.from_id, r.to_id)]
                hop = Hop(between[0].from_id, _ordered(between))
                before = found[id]
                way = Way(
                    (*before.parties, other),
                    (*before.hops, hop),
                    sure=before.sure and code != "in_law",
                )
                _keep(reached, other, way)
        return reached

    def _minor(self, party: Party | None) -> bool:
        """Whether a child is known to be under age: of full age by the rules (18)."""
        stated = party.attributes.get("birth_date", "") if party else ""
        try:  # of 2015 or 2015-03 the earliest day: nobody counts as a minor who may be none
            born = date.fromisoformat((stated + "-01-01")[:10])
        except ValueError:
            return False
        today = date.fromordinal(self.day)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < _ADULT

    def _concert(self, id: str) -> Asking[Ways]:
        yield Need(all=[id])
        groups: dict[str, list[Relation]] = {}
        for r in self.net.beside[id]:
            if r.type == _CONCERT:
                groups.setdefault(r.to_id if r.from_id == id else r.from_id, []).append(r)
        return {
            other: Way((other,), (Hop(ties[0].from_id, _ordered(ties)),))
            for other, ties in groups.items()
            if other != id
        }

    def unknowns(self) -> list[Missing]:
        """Stakes of unknown size that could make somebody related."""
        lines = {
            Missing("share", id, f"{top} may control it: up to {percent(decimal(most))}")
            for (top, id), most in self.stakes.maybe.items()
        }
        lines |= {
            Missing("share", id, f"{top} may hold enough of it: up to {percent(decimal(most))}")
            for (top, id), most in self.short.items()
        }
        return sorted(lines, key=lambda line: (line.what, line.id, line.why))


def _sizes(step: RoleStep) -> tuple[int, bool, bool, bool]:
    return step.least, step.strict, step.votes, step.through


def _is(party: Party | None, kind: str | None) -> bool:
    wanted = {"person": PERSON, "enterprise": ENTERPRISE}
    return kind is None or (party is not None and party.kind == wanted[kind])


def _keep(ways: Ways, target: str, way: Way, instead: bool = False) -> None:
    """Keep the surer way, then the first in order."""
    held_ = ways.get(target)
    if held_ is None or instead or (not way.sure, way.order) < (not held_.sure, held_.order):
        ways[target] = way


def _hop(holder: str, ties: Iterable[Tie]) -> Hop:
    return Hop(holder, _ordered([tie.relation for tie in ties]))


def _ordered(relations: Iterable[Relation]) -> tuple[Relation, ...]:
    return tuple(sorted(relations, key=lambda r: r.order))


def _is_kin(r: Relation, id: str, code: str) -> bool:
    """Whether the other end of a relation is ``code`` to ``id``.

    A row names a person, a relative and what the relative is to the person.
    """
    kin = r.attributes.get("kin") or r.role or ""
    return code == (kin if r.from_id == id else inverse_kin(kin))


def _both_independent(proof: Proof, way: Way) -> bool:
    """Whether somebody sits on both boards as an independent director alone."""
    if not proof.hops or proof.hops[-1].type not in (_POST, LEGAL):
        return False
    return _independent(proof) and _only_independent(way.hops[-1])


def _independent(proof: Proof) -> bool:
    return _only_independent(proof.hops[-1])


def _only_independent(hop: Hop) -> bool:
    return all(r.type == _POST and r.role == _INDEPENDENT for r in hop.relations)
