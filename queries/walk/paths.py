"""Ties between two parties: all shortest paths, or all simple ones, bounded and said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from graph_service.answers.common import Missing, Path, PathsAnswer, Step
from graph_service.model import Party, Relation, RelationFilter
from graph_service.schema import RELATIONS, WALKED
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.stakes import STAKE

_MOST_PATHS = 1000


@dataclass(slots=True)
class _Ball:
    """What lies within ``radius`` hops of one end."""

    depth: dict[str, int]
    frontier: list[str]
    radius: int = 0


@dataclass(slots=True)
class _Wanted:
    """What a path must and must not hold."""

    avoid: frozenset[str]
    require: frozenset[str]
    types: frozenset[str]

    @property
    def is_plain(self) -> bool:
        return not self.require and not self.types


@dataclass(slots=True)
class _Known:
    """The part of the graph explored: neighbours, and the relations between two parties."""

    between: dict[tuple[str, str], dict[str, Relation]] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)

    def add(self, r: Relation, one: str, other: str) -> None:
        pair = (one, other) if one < other else (other, one)
        self.between.setdefault(pair, {})[r.id] = r
        self.near.setdefault(one, set()).add(other)
        self.near.setdefault(other, set()).add(one)

    def relations(self, one: str, other: str) -> list[Relation]:
        pair = (one, other) if one < other else (other, one)
        return sorted(self.between[pair].values(), key=lambda r: r.order)


def paths(
    store: Store,
    start: Party,
    end: Party,
    ask: Ask,
    *,
    k: int = 6,
    all_simple: bool = False,
    types: Collection[str] | None = None,
    avoid: Collection[str] = (),
    require: Collection[str] = (),
    avoid_types: Collection[str] = (),
    require_types: Collection[str] = (),
) -> PathsAnswer:
    """All shortest paths of at most ``k`` hops, or with ``all_simple`` all that repeat no party.

    ``avoid``/``require``: ids of parties, or relation types, that no path or every path holds;
    ``avoid_types`` and ``require_types``: relation types likewise. With something required, the
    shortest of the simple paths that hold it. At most 1,000 paths, and it is said. Raises
    OverBudget.
    """
    banned = {*avoid_types, *(name for name in avoid if name in RELATIONS)}
    needed = {*require_types, *(name for name in require if name in RELATIONS)}
    walked = (WALKED if types is None else frozenset(types)) | needed
    only = RelationFilter(
        as_of=ask.as_of,
        types=walked - banned,
        back_to=ask.back_to,
        sources=ask.sources,
    )
    with asking(store, ask) as question:
        named = question.parties({*avoid, *require} - RELATIONS.keys())
        wanted = _Wanted(
            frozenset(party_of(named, id).id for id in avoid if id not in banned),
            frozenset(party_of(named, id).id for id in require if id not in needed),
            frozenset(needed),
        )
        search = _Search(question, only, wanted, k, all_simple)
        return search.answer(start, end)


class _Search:
    def __init__(
        self, question: Question, only: RelationFilter, wanted: _Wanted, k: int, all_simple: bool
    ) -> None:
        self.question = question
        self.only = only
        self.wanted = wanted
        self.k = k
        self.all_simple = all_simple
        self.known = _Known()
        self.full = False

    def answer(self, start: Party, end: Party) -> PathsAnswer:
        found, within = self._find(start.id, end.id)
        kept = found[:_MOST_PATHS]
        parties = self.question.parties(self._mentioned(kept))
        parties.update({start.id: start, end.id: end})
        hubs = self.known.cut
        budget = "parties" if self.full else "paths" if len(found) > _MOST_PATHS else None
        return PathsAnswer(
            as_of=self.question.ask.as_of,
            data_version=self.question.data_version,
            completeness=self.question.completeness(
                parties.values(), hubs=hubs, budget=budget, cut=self._cut(budget, start.id)
            ),
            start=start,
            end=end,
            paths=tuple(self._path(chain, parties) for chain in kept),
            within=within,
        )

    def _mentioned(self, chains: list[tuple[str, ...]]) -> set[str]:
        ids = {id for chain in chains for id in chain}
        for chain in chains:
            for one, other in pairwise(chain):
                ids.update(r.from_id for r in self.known.relations(one, other))
        return ids

    def _cut(self, budget: str | None, id: str) -> list[Missing]:
        if budget == "parties":
            return [Missing("parties", id, f"{self.question.ask.budget.parties} explored, not all")]
        return [Missing("paths", id, f"{_MOST_PATHS} of more")] if budget == "paths" else []

    def _find(self, start: str, end: str) -> tuple[list[tuple[str, ...]], int | None]:
        if {start, end} & self.wanted.avoid:
            return [], None
        if start == end:
            fits = self.wanted.require <= {start} and not self.wanted.types
            return ([(start,)] if fits else []), None
        shortest = not self.all_simple and self.wanted.is_plain
        near, far = _Ball({start: 0}, [start]), _Ball({end: 0}, [end])
        met = False
        while near.radius + far.radius < self.k and near.frontier and far.frontier:
            if met and shortest:
                break
            ball = near if len(near.frontier) <= len(far.frontier) else far
            self._grow(ball)
            met = met or not near.depth.keys().isdisjoint(far.depth)
            if self.full:
                break
        length = near.radius + far.radius if shortest else self.k
        found = self._simple(start, end, far_from=end, length=length) if met else []
        beyond = bool(near.frontier and far.frontier) and not (shortest and met)
        return found, self.k if beyond and (not found or self.all_simple) else None

    def _grow(self, ball: _Ball) -> None:
        """One hop further; the parties budget binds what both balls hold."""
        ask = self.question.ask
        grown = self.question.expand(ball.frontier, self.only, ask.budget.per_party)
        self.known.cut.update(grown.cut)
        ball.radius += 1
        met: set[str] = set()
        for r in grown.relations:
            for one, other in _pairs(r):
                if one != other and self.wanted.avoid.isdisjoint((one, other)):
                    self.known.add(r, one, other)
                    if one in ball.depth:
                        met.add(other)
                    if other in ball.depth:
                        met.add(one)
        frontier = sorted(met - ball.depth.keys())
        room = ask.budget.parties - len(self.known.near)
        self.full = room < 0
        ball.depth.update(dict.fromkeys(frontier, ball.radius))
        ball.frontier = frontier

    def _simple(self, start: str, end: str, far_from: str, length: int) -> list[tuple[str, ...]]:
        """Paths in order, one more than may be shown; shortest only unless all are asked for."""
        left = self._distances(far_from, length)
        found: list[tuple[str, ...]] = []
        for exact in range(left.get(start, length + 1), length + 1):
            for chain in self._exactly(start, end, exact, left):
                if self._fits(chain):
                    found.append(chain)
                    if len(found) > _MOST_PATHS:
                        return found
            if found and not self.all_simple:
                break
        return found

    def _distances(self, end: str, most: int) -> dict[str, int]:
        distance = {end: 0}
        level = [end]
        for hops in range(1, most + 1):
            level = [
                other
                for id in level
                for other in self.known.near.get(id, ())
                if distance.setdefault(other, hops) == hops
            ]
            level = list(dict.fromkeys(level))
        return distance

    def _exactly(
        self, start: str, end: str, length: int, left: dict[str, int]
    ) -> Iterator[tuple[str, ...]]:
        """Simple paths of exactly ``length`` hops, in the order of their ids."""
        near = self.known.near
        chain = [start]
        on_chain = {start}
        open_ = [iter(sorted(near.get(start, ())))]
        while open_:
            self.question.tick()
            other = next(open_[-1], None)
            if other is None:
                open_.pop()
                on_chain.discard(chain.pop())
                continue
            rest = length - len(chain)
            if other in on_chain or left.get(other, rest + 1) > rest:
                continue
            if other == end:
                if rest == 0:
                    yield (*chain, end)
                continue
            chain.append(other)
            on_chain.add(other)
            open_.append(iter(sorted(near[other])))

    def _fits(self, chain: tuple[str, ...]) -> bool:
        wanted = self.wanted
        if wanted.is_plain:
            return True
        if not wanted.require <= set(chain):
            return False
        types = {r.type for one, other in pairwise(chain) for r in self.known.relations(one, other)}
        return wanted.types <= types

    def _path(self, chain: tuple[str, ...], parties: dict[str, Party]) -> Path:
        steps = []
        for one, other in pairwise(chain):
            found = self.known.relations(one, other)
            first, *rest = (_step(r, one, other, parties) for r in found)
            steps.append(replace(first, parallel=tuple(rest)))
        return Path(tuple(steps))


def _pairs(r: Relation) -> tuple[tuple[str, str], ...]:
    """The parties that a relation ties: a stake held for another ties the nominator too."""
    nominator = r.attributes.get("nominee_for") if r.type == STAKE else None
    ends = (r.from_id, r.to_id)
    return (ends, (nominator, r.to_id)) if nominator else (ends,)


def _step(r: Relation, one: str, other: str, parties: dict[str, Party]) -> Step:
    end = party_of(parties, r.to_id)
    if {r.from_id, r.to_id} == {one, other}:
        return Step(r, party_of(parties, r.from_id), end)
    nominator = one if other == r.to_id else other
    return Step(r, party_of(parties, nominator), end, nominee=party_of(parties, r.from_id))
