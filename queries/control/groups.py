"""Groups: control trees with their tops, of the whole population or around one party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from graph_service.answers.common import Missing
from graph_service.answers.groups import Group, GroupsAnswer, Member, Nearest
from graph_service.model import Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.closure import closure, holders
from queries.control.forest import arrays_of, joint_share
from queries.control.growing import control_forest
from queries.control.projection import Projection, holdings
from queries.control.trees import Tree, depths, trees_of
from queries.flags.population import quarantined
from queries.net import Net, together
from queries.stakes import Tie, decimal


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
        made = _Made(found, question)
        question.rest()
        trees = _ranked(made, party, min_size)
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
            groups=tuple(_answers(question, made, shown)),
            total=len(trees),
        )


class _Made:
    """A control forest with the stakes it rests on and the ids of its numbers."""

    def __init__(self, found: Projection, question: Question) -> None:
        self.ids = found.ids
        self.arrays = arrays_of(found)
        self.forest = control_forest(self.arrays, order=found.ids.__getitem__, tick=question.tick)

    def tops(self, id: str) -> list[str]:
        """One top of every tree that a party is in: they control all that its tops control."""
        number = self.ids.index(id)
        over = {number, *self.forest.controllers(number)}
        trees = trees_of(self.forest)
        return sorted({id, *(self.named(t.tops)[0] for t in trees if over & set(t.tops))})

    def named(self, numbers: Iterable[int]) -> list[str]:
        """The ids of some numbers, in order."""
        return sorted(self.ids[number] for number in numbers)


def _ranked(made: _Made, party: Party | None, min_size: int) -> list[Tree]:
    trees = trees_of(made.forest, min_size)
    if party is not None:
        number = made.ids.index(party.id)
        over = {number, *made.forest.controllers(number)}
        trees = [tree for tree in trees if not over.isdisjoint(tree.tops)]
    return sorted(trees, key=lambda tree: (-tree.size, made.named(tree.tops)))


def _around(question: Question, id: str) -> Projection:
    """Every tie into the groups of one party, and into whoever holds part of their members."""
    net = Net(question)
    (upward,) = together(net, [holders(net, [id])])
    tops = _Made(_projection(upward), question).tops(id)
    closures = together(net, [closure(net, [top]) for top in tops])
    (into,) = together(net, [holders(net, {member for made in closures for member in made.rank})])
    return _projection(into)


def _projection(into: Mapping[str, list[Tie]]) -> Projection:
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


def _answers(question: Question, made: _Made, trees: Sequence[Tree]) -> list[Group]:
    ids, above = made.ids, made.forest.above
    found = [depths(made.forest, tree.tops) for tree in trees]
    members = {node for inside in found for node in inside}
    question.rest()
    wanted = {ids[node] for member in members for node in (member, *above(member))}
    parties = question.parties(sorted(wanted))
    return [
        _group(question, made, parties, tree, inside)
        for tree, inside in zip(trees, found, strict=True)
    ]


def _group(
    question: Question,
    made: _Made,
    parties: dict[str, Party],
    tree: Tree,
    inside: dict[int, int],
) -> Group:
    ids = made.ids
    members = []
    for node, depth in inside.items():
        question.tick()
        if depth:
            tops = sorted(made.forest.above(node), key=ids.__getitem__)
            nearest = tuple(_nearest(made, parties, top, node) for top in tops)
            members.append(Member(party_of(parties, ids[node]), depth, nearest))
    members.sort(key=lambda member: (member.depth, member.party.id))
    shown = tuple(party_of(parties, id) for id in made.named(tree.tops))
    return Group(shown, tuple(members), tree.size)


def _nearest(made: _Made, parties: dict[str, Party], top: int, node: int) -> Nearest:
    share = joint_share(made.forest, made.arrays, top, node)
    return Nearest(party_of(parties, made.ids[top]), decimal(share) if share else None)
