"""From a party back along the rules' paths: whose records could flag it.

What is found is then asked forward, by the same engine as an exposure: so that the flags of a party
are exactly its part of every exposure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graph_service.model import Relation
from queries.control.closure import holders
from queries.flags.match import Matcher
from queries.flags.packs import AggregateStep, ControlStep, LinkStep, Rule, Step, TieStep
from queries.net import CONTACT_TYPE, Asking, Need, Net
from queries.stakes import owner


def candidates(matcher: Matcher, rules: Iterable[Rule], id: str) -> Asking[set[str]]:
    """Every party whose records may flag ``id`` by one of the rules, itself too."""
    yield Need(all=[id])
    found = {id}
    seen: set[tuple[Step, ...]] = set()
    for rule in rules:
        for path in rule.paths:
            if path and path not in seen:
                seen.add(path)
                reached = {id}
                for step in reversed(path):
                    reached = yield from _back(matcher, step, reached)
                found |= reached
    return found


def _back(matcher: Matcher, step: Step, ids: set[str]) -> Asking[set[str]]:
    if not ids:
        return set()
    if isinstance(step, TieStep):
        return (yield from _tie(matcher.net, step, ids))
    if isinstance(step, ControlStep):
        return (yield from _control(matcher, step, ids))
    if isinstance(step, LinkStep):
        return (yield from _linked(matcher, step, ids))
    if isinstance(step, AggregateStep):
        into = yield from holders(matcher.net, ids)
        return {tie.holder for ties in into.values() for tie in ties}
    return (yield from _far(matcher.net, step.types, step.go == "out", ids))


def _control(matcher: Matcher, step: ControlStep, ids: Collection[str]) -> Asking[set[str]]:
    found: set[str] = set()
    for id in sorted(ids):
        if step.down:
            found |= (yield from matcher.controlling(id, step.rule)).keys()
        else:
            closure = yield from matcher.controlled_by(id, step.rule)
            found |= {*closure.controlled, *closure.possible}
    return found


def _linked(matcher: Matcher, step: LinkStep, ids: Collection[str]) -> Asking[set[str]]:
    found: set[str] = set()
    for id in sorted(ids):
        linked = yield from matcher.links.of(id, not step.down, step.threshold, searching=True)
        found |= {*linked.ways, *linked.maybe}
    return found


def _tie(net: Net, step: TieStep, ids: Collection[str]) -> Asking[set[str]]:
    if step.types == {CONTACT_TYPE} and step.go == "out":  # the ids are contacts
        yield Need(contacts=ids)
        return {r.from_id for id in ids for r in net.users[id] or ()}
    yield Need(all=ids)
    found: set[str] = set()
    for id in ids:
        net.question.tick()
        ties: list[Relation] = [*net.beside[id]]
        if step.former or step.dissolved:
            ties += net.past[id]
        if step.go != "in":
            ties += net.into[id]
        if step.go != "out":
            ties += net.out[id]
        for r in ties:
            if r.type in step.types:
                found |= {r.from_id, r.to_id, owner(r)} - {id}
    return found


def _far(net: Net, types: frozenset[str], up: bool, ids: Collection[str]) -> Asking[set[str]]:
    found: set[str] = set()
    frontier = set(ids)
    while frontier:
        net.question.tick()
        yield Need(ins=frontier) if up else Need(outs=frontier)
        ties = [r for id in frontier for r in (net.into if up else net.out)[id] if r.type in types]
        met = {end for r in ties for end in ({r.from_id, owner(r)} if up else {r.to_id})}
        frontier = met - found
        found |= met
    return found
