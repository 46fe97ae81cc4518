"""Rings and groups as JSON-ready dicts."""

from __future__ import annotations

from graph_service.answers.groups import Group, GroupsAnswer, Member, Ring, RingsAnswer
from graph_service.wire.common import Json, head, number, party, steps


def rings_json(a: RingsAnswer) -> Json:
    """Rings, each with a shortest cycle."""
    return {
        **head(a),
        **({} if a.party is None else {"party": party(a.party)}),
        "rings": [_ring(ring) for ring in a.rings],
        "total": a.total,
    }


def _ring(ring: Ring) -> Json:
    return {"parties": [party(p) for p in ring.parties], "cycle": steps(ring.cycle)}


def groups_json(a: GroupsAnswer) -> Json:
    """Control trees with their tops."""
    return {
        **head(a),
        **({} if a.party is None else {"party": party(a.party)}),
        "groups": [_group(group) for group in a.groups],
        "total": a.total,
    }


def _group(group: Group) -> Json:
    return {
        "tops": [party(top) for top in group.tops],
        "size": group.size,
        "members": [_member(member) for member in group.members],
    }


def _member(member: Member) -> Json:
    return {
        "party": party(member.party),
        "depth": member.depth,
        "controllers": [
            {"party": party(nearest.party), "share": number(nearest.share)}
            for nearest in member.controllers
        ],
    }
