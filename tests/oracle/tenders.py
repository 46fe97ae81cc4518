"""A second, naive answer about two bidders: every simple path, closures by plain loops."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph_service.model import Relation
from tests.oracle.naive import (
    HALF,
    World,
    control,
    current,
    declared,
    low_high,
    maybe_controls,
    owner_of,
    pairs_of,
    past,
    simple_paths,
    stake,
)

WALKED = {
    "LEGAL_REPRESENTATIVE_OF",
    "SHAREHOLDER_OF",
    "EXECUTIVE_OF",
    "CONTROLS",
    "BRANCH_OF",
    "SUCCESSOR_OF",
    "RELATIVE_OF",
    "CONCERT_WITH",
    "GUARANTEES",
}


@dataclass
class Found:
    """What must be said of a pair: verdict, indicators, and the shortest tie's parties."""

    verdict: str
    codes: set[str] = field(default_factory=set)
    chain: tuple[str, ...] = ()


def is_state(world: World, id: str) -> bool:
    return world.parties[id].attributes.get("nature") == "国有"


def reach(world: World) -> list[Relation]:
    """The relations that ties may follow."""
    return [
        r
        for r in world.relations
        if r.type in WALKED and (current(r, world.day) or past(r, world.day, world.back_to))
    ]


def closed(world: World, ties: list[Relation], per_party: int) -> set[str]:
    """Parties through which no tie passes."""
    found = set()
    for id, party in world.parties.items():
        own = [r for r in ties if id in (r.from_id, r.to_id, owner_of(r))]
        beside = {end for pair in pairs_of(own) if id in pair for end in pair} - {id}
        crowded = party.kind == "Person" and len(beside) > world.hub
        if len(own) > per_party or crowded or is_state(world, id):
            found.add(id)
    return found


def tie(world: World, a: str, b: str, k: int, per_party: int) -> tuple[str, ...]:
    """The first shortest tie of at most k hops, of all simple paths."""
    ties = reach(world)
    shut = closed(world, ties, per_party)
    for chain in simple_paths(pairs_of(ties), a, b, k):
        if not shut & set(chain[1:-1]):
            return chain
    return ()


def between(world: World, a: str, b: str, regime: str, k: int, per_party: int) -> Found:
    """Everything that must be said of two bidders."""
    codes: set[str] = set()
    now_a, now_b = heads(world, a, current), heads(world, b, current)
    if now_a & now_b:
        codes.add("same_head")
    for one, other in ((a, b), (b, a)):
        if other in control(world, {one}):
            direct = stake(world, one, other)[0] > HALF or declared(world, one, other)
            codes.add("direct_control" if direct else "indirect_control")
        elif other in maybe_controls(world, one):
            codes.add("possible_control")
        codes |= former_control(world, one, other)
    was_a, was_b = heads(world, a, former), heads(world, b, former)
    both = (was_a & (was_b | now_b)) | (was_b & now_a)
    if both - (now_a & now_b):
        codes.add("former_same_head")
    for top in world.parties.keys() - {a, b}:
        if {a, b} <= control(world, {top}).keys() and not is_state(world, top):
            codes.add("common_controller")
    if shared_contact(world, a, b):
        codes.add("shared_phone")
    codes |= shared(world, a, b, per_party)
    chain = tie(world, a, b, k, per_party)
    if chain:
        codes.add("tie")
    return Found(verdict(codes, regime), codes, chain)


def verdict(codes: set[str], regime: str) -> str:
    bidding = {"same_head", "direct_control", "indirect_control"} & codes
    procurement = {"same_head", "direct_control"} & codes
    if bidding and regime != "government_procurement":
        return "void_art34"
    if procurement and regime != "bidding_law":
        return "barred_art18"
    return "suspicious" if codes else "none_within_k"


def former(r: Relation, world: World) -> bool:
    return not current(r, world.day) and past(r, world.day, world.back_to)


def heads(world: World, id: str, when: object) -> set[str]:
    found = set()
    for r in world.relations:
        if r.type == "LEGAL_REPRESENTATIVE_OF" and r.to_id == id:
            holds = current(r, world.day) if when is current else former(r, world)
            if holds and world.parties[r.from_id].kind == "Person":
                found.add(r.from_id)
    return found


def former_control(world: World, one: str, other: str) -> set[str]:
    for r in world.relations:
        if (r.from_id, r.to_id) == (one, other) and former(r, world):
            majority = r.type == "SHAREHOLDER_OF" and low_high(r)[0] > HALF
            if r.type == "CONTROLS" or majority:
                return {"former_direct_control"}
    return set()


def shared_contact(world: World, a: str, b: str) -> bool:
    used: dict[str, set[str]] = {}
    for r in world.now("HAS_CONTACT"):
        used.setdefault(r.to_id, set()).add(r.from_id)
    return any({a, b} <= users and len(users) <= world.hub for users in used.values())


def shared(world: World, a: str, b: str, per_party: int) -> set[str]:
    found = set()
    ties = reach(world)
    shut = closed(world, ties, per_party)
    for code, type_ in (
        ("shared_shareholder", "SHAREHOLDER_OF"),
        ("shared_executive", "EXECUTIVE_OF"),
    ):
        of_a = {owner_of(r) for r in ties if r.type == type_ and r.to_id == a}
        of_b = {owner_of(r) for r in ties if r.type == type_ and r.to_id == b}
        if (of_a & of_b) - shut - {a, b}:
            found.add(code)
    return found
