"""Groups: control trees with their tops, of the whole population or around one party."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph_service.answers import Missing
from graph_service.answers_groups import Group, GroupsAnswer, Member, Nearest
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.closure import closure, holders
from queries.controllers import controllers_of
from queries.forest import Forest, forest
from queries.net import Asking, Net, together
from queries.population import quarantined
from queries.projection import Projection, holdings
from queries.stakes import Tie, decimal

_Tree = tuple[list[int], dict[int, int]]


def groups(
    store: Store,
    ask: Ask,
    party: Party | None = None,
    limit: int | None = None,
    min_size: int = 2,
) -> GroupsAnswer:
    """Every control tree of at least ``min_size`` parties, the largest first; of ``party``: those
    it belongs to. A party under two tops stands in both trees."""
    with asking(store, ask) as question:
        if party is None:
            found = holdings(question)
            missing = quarantined(store)
        else:
            found = _around(question, party.id)
            missing = set()
        if found.unknown:
            missing.add(Missing("share", "", f"{found.unknown} stakes of unknown size count as 0"))
        made = forest(found, question.tick)
        question.rest()
        trees = _ranked(made, found.ids, party, min_size)
        shown = trees if limit is None else trees[:limit]
        cut = [Missing("groups", "", f"{len(shown)} of {len(trees)}")] if shown != trees else []
        return GroupsAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                [] if party is None else [party],
                cut=cut,
                missing=missing,
                rejected=() if party is None else None,
            ),
            party=party,
            groups=tuple(_answers(question, made, found.ids, shown)),
            total=len(trees),
        )


def _ranked(made: Forest, ids: Sequence[str], party: Party | None, min_size: int) -> list[_Tree]:
    trees = [tree for tree in made.trees() if len(tree[1]) >= min_size]
    if party is not None:
        trees = [tree for tree in trees if any(ids[node] == party.id for node in tree[1])]
    return sorted(trees, key=lambda tree: (-len(tree[1]), sorted(ids[n] for n in tree[0])))


def _around(question: Question, id: str) -> Projection:
    """Every tie into the groups of one party, and into whoever holds part of their members."""
    net = Net(question)
    (above,) = together(net, [controllers_of(net, id)])
    tops = sorted({id, *(top for top, made in above.items() if id in made.rank)})
    closures = together(net, [closure(net, [top]) for top in tops])
    members = {member for made in closures for member in made.rank}
    (into,) = together(net, [_into(net, members)])
    number = {id: place for place, id in enumerate(sorted(into))}
    ties = [tie for id in sorted(into) for tie in into[id]]
    unknown = sum(not tie.declared and tie.low < tie.high for tie in ties)
    return Projection(
        sorted(into),
        np.array([number[tie.holder] for tie in ties], np.int64),
        np.array([number[tie.issuer] for tie in ties], np.int64),
        np.array([-1 if tie.declared else tie.low for tie in ties], np.int64),
        np.array([-1 if tie.declared else tie.high for tie in ties], np.int64),
        unknown,
    )


def _into(net: Net, members: set[str]) -> Asking[dict[str, list[Tie]]]:
    return (yield from holders(net, members))


def _answers(
    question: Question, made: Forest, ids: Sequence[str], trees: Sequence[_Tree]
) -> list[Group]:
    parents = made.parents
    wanted = {
        ids[node]
        for _, depths in trees
        for member in depths
        for node in (member, *parents.get(member, ()))
    }
    parties = question.parties(sorted(wanted))
    found = []
    for tops, depths in trees:
        question.tick()
        members = [
            Member(
                party_of(parties, ids[node]),
                depth,
                tuple(
                    _nearest(made, ids, parties, top, node)
                    for top in sorted(parents[node], key=ids.__getitem__)
                ),
            )
            for node, depth in depths.items()
            if depth
        ]
        members.sort(key=lambda member: (member.depth, member.party.id))
        shown = tuple(party_of(parties, id) for id in sorted(ids[top] for top in tops))
        found.append(Group(shown, tuple(members), len(depths)))
    return found


def _nearest(
    made: Forest, ids: Sequence[str], parties: dict[str, Party], top: int, node: int
) -> Nearest:
    share = made.share(top, node)
    return Nearest(party_of(parties, ids[top]), decimal(share) if share else None)
