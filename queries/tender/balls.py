"""Ties of at most k hops between many parties at once: one ball per party, and intersections.

Each hop of all balls is one store call. Nothing passes through a hub or through the state: a person
tied to more parties than ``hub_contact``, an enterprise with more relations than ``per_party``.
Ends are never cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from graph_service.answers.common import Step
from graph_service.model import PERSON, Party, Relation, RelationFilter
from graph_service.schema import WALKED
from queries.ask import Question
from queries.flags.flagging import step_of
from queries.proof import Hop
from queries.stakes import STAKE
from queries.state import is_state_held
from queries.tender.units import check_pairs

K = 4


@dataclass(slots=True)
class Ties:
    """The part of the graph around all parties asked about.

    ``near``: neighbours by party, ``between``: relations by pair of parties (smaller id first);
    ``closed``: hubs and the state, through which nothing passes; ``hubs``: the hubs among them.
    """

    k: int
    near: dict[str, set[str]] = field(default_factory=dict)
    between: dict[tuple[str, str], dict[str, Relation]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    hubs: set[str] = field(default_factory=set)
    parties: dict[str, Party] = field(default_factory=dict)
    balls: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def radius(self) -> int:
        """Hops of each ball: two balls of this radius meet within k."""
        return (self.k + 1) // 2

    def tied(self, ids: Iterable[str]) -> dict[tuple[str, str], int]:
        """The pairs of these ends that are tied within k, each with its hops, in the ids' order."""
        ordered = list(ids)
        at: dict[str, list[tuple[int, int]]] = {}
        for place, end in enumerate(ordered):
            for id, hops in self.balls[end].items():
                if hops == 0 or id not in self.closed or id in self.balls:
                    at.setdefault(id, []).append((place, hops))
        least: dict[tuple[int, int], int] = {}
        for id, met in at.items():
            check_pairs(len(met))
            shut = id in self.closed
            for index, (i, near) in enumerate(met):
                for j, far in met[index + 1 :]:
                    if near + far <= least.get((i, j), self.k) and not (shut and near and far):
                        least[i, j] = near + far
        return {(ordered[i], ordered[j]): least[i, j] for i, j in sorted(least)}

    def relations(self, one: str, other: str) -> list[Relation]:
        """The relations between two neighbours, in port order."""
        pair = (one, other) if one < other else (other, one)
        return sorted(self.between.get(pair, {}).values(), key=lambda r: r.order)

    def distance(self, a: str, b: str) -> int | None:
        """Hops of the shortest tie, None when there is none within k."""
        near, far = self.balls[a], self.balls[b]
        if len(far) < len(near):
            near, far = far, near
        found = [
            hops + far[id]
            for id, hops in near.items()
            if id in far and (id not in self.closed or id in (a, b))
        ]
        least = min(found, default=self.k + 1)
        return least if least <= self.k else None

    def chain(self, a: str, b: str) -> tuple[str, ...]:
        """The first shortest tie by its ids; empty when there is none within k."""
        length = self.distance(a, b)
        if length is None:
            return ()
        left = self.balls[b]
        return next(self._chains((a,), b, length, left), ())

    def _chains(
        self, chain: tuple[str, ...], end: str, length: int, left: Mapping[str, int]
    ) -> Iterator[tuple[str, ...]]:
        last, rest = chain[-1], length - len(chain)
        if rest < 0:
            return
        for other in sorted(self.near.get(last, ())):
            if other == end:
                if rest == 0:
                    yield (*chain, end)
            elif (
                rest > 0
                and other not in chain
                and other not in self.closed
                # Beyond the radius of the far ball nothing is known, and nothing is ruled out.
                and left.get(other, self.k if rest <= self.radius else 0) <= rest
            ):
                yield from self._chains((*chain, other), end, length, left)

    def steps(self, chain: tuple[str, ...]) -> tuple[Step, ...]:
        """A chain as steps, parallel relations beside the first."""
        return tuple(
            step_of(self.parties, Hop(_start(found[0], one, other), tuple(found)))
            for one, other in pairwise(chain)
            for found in [self.relations(one, other)]
        )


def ties(question: Question, ids: Collection[str], k: int = K) -> Ties:
    """The ties of at most ``k`` hops around these parties, over the relations that walks follow."""
    ask = question.ask
    only = RelationFilter(as_of=ask.as_of, types=WALKED, back_to=ask.back_to, sources=ask.sources)
    found = Ties(k)
    ends = sorted(set(ids))
    found.parties.update(question.parties(ends))
    degrees = _grow(question, found, ends, only, None)
    inner = sorted(_neighbours(found, ends) - set(ends))
    found.parties.update(question.parties(inner))
    _close(question, found, ends, degrees)
    found.closed |= {id for id in inner if is_state_held(found.parties.get(id))}
    if k > 2:
        open_ = [id for id in inner if id not in found.closed]
        large = _grow_a_little(question, found, open_, only)
        _grow(question, found, large, only, ask.budget.per_party)
        _close(question, found, open_, {})
    _make_balls(found, ends, found.radius)
    if k % 2 == 0:  # ties of an odd number of hops have no party in their very middle
        _check_middles(question, found, ends, only, k)
    found.parties.update(question.parties(sorted(_mid(found, set(ends)) - found.parties.keys())))
    return found


def _grow(
    question: Question,
    found: Ties,
    ids: Collection[str],
    only: RelationFilter,
    per_party: int | None,
) -> Mapping[str, int]:
    """Add the ties of these parties; how many relations touch each party met."""
    if not ids:
        return {}
    grown = question.expand(ids, only, per_party)
    found.closed.update(grown.cut)
    found.hubs.update(grown.cut)
    _add(question, found, grown.relations)
    return Counter(
        id for r in grown.relations for id in {end for pair in _pairs(r) for end in pair}
    )


def _add(question: Question, found: Ties, relations: Iterable[Relation]) -> None:
    for r in relations:
        question.tick()
        for one, other in _pairs(r):
            if one != other:
                pair = (one, other) if one < other else (other, one)
                found.between.setdefault(pair, {})[r.id] = r
                found.near.setdefault(one, set()).add(other)
                found.near.setdefault(other, set()).add(one)


def _grow_a_little(
    question: Question, found: Ties, ids: Collection[str], only: RelationFilter
) -> list[str]:
    """Expand parties a few relations each; those that have more and are no hub for certain.

    A hub's relations are of no interest, and making all of them would be most of the work.
    """
    if not ids:
        return []
    few, many = _few(question), question.ask.budget.per_party
    grown = question.expand(ids, only, few)
    _add(question, found, grown.relations)
    return _not_yet_hubs(question, found, grown.cut, found.near, few, many)


def _few(question: Question) -> int:
    return min(3 * question.ask.hub_contact, question.ask.budget.per_party)


def _not_yet_hubs(
    question: Question,
    found: Ties,
    cut: Mapping[str, int],
    near: Mapping[str, set[str]],
    few: int,
    many: int,
) -> list[str]:
    """Of parties cut at ``few`` relations, those that are no hub as far as is known; the others are
    closed."""
    unclear = []
    for id, count in sorted(cut.items()):
        party = found.parties.get(id)
        is_person = party is not None and party.kind == PERSON
        crowded = is_person and len(near.get(id, ())) > question.ask.hub_contact
        if count > many or crowded:
            found.closed.add(id)
            found.hubs.add(id)
        elif few < many:
            unclear.append(id)
    return unclear


def _close(question: Question, found: Ties, ids: Iterable[str], degrees: Mapping[str, int]) -> None:
    """Find out which of the parties that have just been expanded are hubs or the state.

    ``degrees``: their relations, where they were not cut at so many.
    """
    most, many = question.ask.hub_contact, question.ask.budget.per_party
    for id in ids:
        party = found.parties.get(id)
        if is_state_held(party):
            found.closed.add(id)
        is_person = party is not None and party.kind == PERSON
        crowded = is_person and len(found.near.get(id, ())) > most
        if crowded or degrees.get(id, 0) > many:
            found.closed.add(id)
            found.hubs.add(id)


def _neighbours(found: Ties, ids: Iterable[str]) -> set[str]:
    return {other for id in ids for other in found.near.get(id, ())}


def _make_balls(found: Ties, ends: Iterable[str], radius: int) -> None:
    for end in ends:
        ball = {end: 0}
        level = [end]
        for hops in range(1, radius + 1):
            met = []
            for id in level:
                if id != end and id in found.closed:
                    continue
                for other in found.near.get(id, ()):
                    if other not in ball:
                        ball[other] = hops
                        met.append(other)
            level = met
        found.balls[end] = ball


def _check_middles(
    question: Question, found: Ties, ends: Collection[str], only: RelationFilter, k: int
) -> None:
    """Close the hubs and the state among parties that lie half of k hops from several ends.

    They were not expanded, so their size is not known yet; what they lead to is of no interest.
    """
    known = set(ends) | (_neighbours(found, ends) if k > 2 else set())
    middles = sorted(_mid(found, set(ends)) - known)
    if not middles:
        return
    found.parties.update(question.parties(middles))
    found.closed |= {id for id in middles if is_state_held(found.parties.get(id))}
    few, many = _few(question), question.ask.budget.per_party
    open_ = [id for id in middles if id not in found.closed]
    cut, near = _sizes(question, open_, only, few)
    unclear = _not_yet_hubs(question, found, cut, near, few, many)
    people = [id for id in unclear if found.parties[id].kind == PERSON]
    more, whole = _sizes(question, people, only, many)
    for id in open_:
        party = found.parties.get(id)
        is_person = party is not None and party.kind == PERSON
        beside = len(whole.get(id) or near[id])
        if id in more or (is_person and beside > question.ask.hub_contact):
            found.hubs.add(id)
            found.closed.add(id)


def _sizes(
    question: Question, ids: Collection[str], only: RelationFilter, per_party: int
) -> tuple[Mapping[str, int], dict[str, set[str]]]:
    """Which of these parties have more relations than that, and who is beside each."""
    near: dict[str, set[str]] = {id: set() for id in ids}
    if not ids:
        return {}, near
    seen = question.expand(ids, only, per_party)
    for r in seen.relations:
        for one, other in _pairs(r):
            if one != other:
                for here, there in ((one, other), (other, one)):
                    if here in near:
                        near[here].add(there)
    return seen.cut, near


def _mid(found: Ties, ends: set[str]) -> set[str]:
    """Parties in the balls of at least two ends."""
    once: set[str] = set()
    twice: set[str] = set()
    for end in ends:
        for id in found.balls.get(end, ()):
            if id in once:
                twice.add(id)
            else:
                once.add(id)
    return twice


def _pairs(r: Relation) -> tuple[tuple[str, str], ...]:
    nominator = r.attributes.get("nominee_for") if r.type == STAKE else None
    ends = (r.from_id, r.to_id)
    return (ends, (nominator, r.to_id)) if nominator else (ends,)


def _start(r: Relation, one: str, other: str) -> str:
    """Who a relation between two neighbours starts from: the nominator of a stake held for it."""
    if {r.from_id, r.to_id} == {one, other}:
        return r.from_id
    return one if other == r.to_id else other
