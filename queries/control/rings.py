"""Rings: parties that hold each other in a circle, each with one shortest cycle as its witness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph_service.answers.common import Missing
from graph_service.answers.groups import Ring, RingsAnswer
from graph_service.model import Party, Relation, RelationFilter
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.control import steps_of
from queries.control.cycles import rings_of, shortest_cycle
from queries.control.projection import stakes
from queries.flags.population import quarantined
from queries.proof import Hop
from queries.stakes import STAKE, bounds, owner


@dataclass(frozen=True, slots=True)
class _Ring:
    members: tuple[str, ...]
    cycle: tuple[str, ...]

    @property
    def order(self) -> tuple[int, tuple[str, ...]]:
        return -len(self.members), self.members


def rings(
    store: Store, ask: Ask, party: Party | None = None, limit: int | None = None
) -> RingsAnswer:
    """Every ring of the population, or those that ``party`` is in: the largest first.

    A ring is a strongly connected component of at least two parties under shareholding, or a party
    that holds part of itself. A stake known to be nothing holds nobody together.
    """
    with asking(store, ask) as question:
        if party is None:
            found = _all(question)
            unknown = quarantined(store)
        else:
            found = _around(question, party.id)
            unknown = set()
        found.sort(key=lambda ring: ring.order)
        shown = found if limit is None else found[:limit]
        answers = _answers(question, shown)
        cut = [Missing("rings", "", f"{len(shown)} of {len(found)}")] if shown != found else []
        about = [] if party is None else [p for ring in answers for p in ring.parties]
        return RingsAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                about, cut=cut, missing=unknown, rejected=() if party is None else None
            ),
            party=party,
            rings=tuple(answers),
            total=len(found),
        )


def _all(question: Question) -> list[_Ring]:
    found = stakes(question)
    real = found.high > 0
    holder, issuer = found.holder[real], found.issuer[real]
    selves = sorted({found.ids[n] for n in holder[holder == issuer].tolist()})
    return [*_loops(selves), *_found(question, found.ids, rings_of(holder, issuer))]


def _around(question: Question, id: str) -> list[_Ring]:
    """The ring of one party: what it reaches downward and is reached from."""
    down, up = _reach(question, id, True), _reach(question, id, False)
    ids = sorted(down.keys() & up.keys() | {id})
    number = {id: place for place, id in enumerate(ids)}
    edges = sorted({(number[a], number[b]) for a in ids for b in down.get(a, ()) if b in number})
    holder = np.array([a for a, _ in edges], np.int64)
    issuer = np.array([b for _, b in edges], np.int64)
    loops = [id] if id in down.get(id, ()) else []
    found = _found(question, ids, rings_of(holder, issuer))
    return [*_loops(loops), *(ring for ring in found if id in ring.members)]


def _reach(question: Question, id: str, go_down: bool) -> dict[str, set[str]]:
    """By party reached from ``id``, whom it holds (downward) or who holds it."""
    ask = question.ask
    only = RelationFilter(
        ask.as_of, frozenset({STAKE}), "out" if go_down else "in", sources=ask.sources
    )
    next_: dict[str, set[str]] = {}
    frontier = [id]
    while frontier:
        for other in frontier:
            next_[other] = set()
        for r in question.expand(frontier, only).relations:
            question.tick()
            start, end = (owner(r), r.to_id) if go_down else (r.to_id, owner(r))
            if start in next_ and bounds(r)[1] > 0:
                next_[start].add(end)
        frontier = sorted({end for other in frontier for end in next_[other]} - next_.keys())
    return next_


def _loops(ids: Iterable[str]) -> list[_Ring]:
    return [_Ring((id,), (id,)) for id in ids]


def _found(
    question: Question,
    ids: Sequence[str],
    components: Iterable[tuple[list[int], Mapping[int, list[int]]]],
) -> list[_Ring]:
    rings_ = []
    for nodes, edges in components:
        question.rest()
        ordered = sorted(nodes, key=ids.__getitem__)
        cycle = shortest_cycle(ordered, dict(edges), question.tick)
        rings_.append(_Ring(tuple(ids[n] for n in ordered), tuple(ids[n] for n in cycle)))
    return rings_


def _answers(question: Question, found: Sequence[_Ring]) -> list[Ring]:
    question.rest()
    members = {id for ring in found for id in ring.members}
    turning = sorted({id for ring in found for id in ring.cycle})
    only = RelationFilter(
        question.ask.as_of, frozenset({STAKE}), "out", sources=question.ask.sources
    )
    between: dict[tuple[str, str], list[Relation]] = {}
    for r in question.expand(turning, only).relations if turning else ():
        if bounds(r)[1] > 0:
            between.setdefault((owner(r), r.to_id), []).append(r)
    ends = {r.from_id for ties in between.values() for r in ties}
    parties = question.parties(sorted(members | ends))
    answers = []
    for ring in found:
        pairs = zip(ring.cycle, (*ring.cycle[1:], ring.cycle[0]), strict=True)
        hops = [Hop(start, tuple(between[start, end])) for start, end in pairs]
        answers.append(
            Ring(tuple(party_of(parties, id) for id in ring.members), steps_of(parties, hops))
        )
    return answers
