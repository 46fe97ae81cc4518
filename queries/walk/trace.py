"""The walk: breadth-first from a party along relations, within a budget, saying what was cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from graph_service.answers.common import Missing, Trace
from graph_service.model import Direction, Party, Relation, RelationFilter
from graph_service.schema import WALKED
from graph_service.store.port import Ahead, Store
from queries.ask import Ask, Question, asking, party_of
from queries.stakes import STAKE


def trace(
    store: Store,
    root: Party,
    ask: Ask,
    *,
    depth: int | None = None,
    types: Collection[str] | None = None,
    min_share: Decimal | None = None,
    known_only: bool = False,
    per_party: int | None = None,
    direction: Direction = "both",
) -> Trace:
    """Everything within ``depth`` hops of ``root`` (default: the budget's hops).

    ``types`` None: the types that are walked by default. ``min_share`` binds shareholdings, by
    their upper bound; an unknown share passes unless ``known_only``. ``per_party`` caps the
    relations of one party, the root too. Raises OverBudget.
    """
    only = RelationFilter(
        as_of=ask.as_of,
        types=WALKED if types is None else frozenset(types),
        direction=direction,
        back_to=ask.back_to,
        min_share=min_share,
        known_only=known_only,
        sources=ask.sources,
    )
    hops = ask.budget.hops if depth is None else depth
    most = ask.budget.per_party if per_party is None else per_party
    with asking(store, ask, Ahead((root.id,), only, most, hops)) as question:
        walk = _Walk(question, only, most)
        walk.run(root.id, hops)
        return walk.answer(root, min_share)


class _Walk:
    def __init__(self, question: Question, only: RelationFilter, per_party: int) -> None:
        self.question = question
        self.only = only
        self.per_party = per_party
        self.depths: dict[str, int] = {}
        self.relations: dict[str, Relation] = {}
        self.hubs: dict[str, int] = {}
        self.full: int | None = None
        self.cut: list[Missing] = []

    def run(self, root: str, depth: int) -> None:
        self.depths[root] = 0
        frontier = [root]
        for level in range(depth):
            if not frontier or self.cut:
                break
            frontier = self._level(frontier, level)

    def _level(self, frontier: list[str], level: int) -> list[str]:
        grown = self.question.expand(frontier, self.only, self.per_party)
        self.hubs.update(grown.cut)
        depths = self.depths
        met = {end for r in grown.relations for end in (r.from_id, r.to_id) if end not in depths}
        met |= _nominators(grown.relations) - depths.keys()
        ids = self._within_budget(sorted(met), level)
        depths.update(dict.fromkeys(ids, level + 1))
        if len(ids) == len(met):
            self.relations.update((r.id, r) for r in grown.relations)
        else:
            self.relations.update(
                (r.id, r) for r in grown.relations if r.from_id in depths and r.to_id in depths
            )
        if not self.hubs and not self.cut:
            self.full = level
        return ids

    def _within_budget(self, ids: list[str], level: int) -> list[str]:
        room = self.question.ask.budget.parties - len(self.depths)
        if len(ids) <= room:
            return ids
        total, most = len(self.depths) + len(ids), self.question.ask.budget.parties
        why = f"{most} of at least {total} parties, at depth {level + 1}"
        self.cut.append(Missing("parties", min(self.depths, key=self.depths.__getitem__), why))
        return ids[: max(room, 0)]

    def answer(self, root: Party, min_share: Decimal | None) -> Trace:
        question = self.question
        found = question.parties(self.depths)
        found[root.id] = root
        order = sorted(self.depths.items(), key=lambda item: (item[1], item[0]))
        parties = tuple(party_of(found, id) for id, _ in order)
        relations = tuple(sorted(self.relations.values(), key=lambda r: r.order))
        unknown = () if min_share is None else _unsure(relations, min_share)
        return Trace(
            as_of=question.ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                parties,
                depth=self.full,
                budget="parties" if self.cut else None,
                hubs=self.hubs,
                per_party=self.per_party,
                cut=self.cut,
                missing=unknown,
            ),
            root=root,
            parties=parties,
            depths=self.depths,
            relations=relations,
        )


def _nominators(relations: Iterable[Relation]) -> set[str]:
    """Whom stakes are held for: they stand behind a relation without being an end of it."""
    stakes = (r.attributes for r in relations if r.type == STAKE)
    return {held["nominee_for"] for held in stakes if "nominee_for" in held}


def _unsure(relations: Iterable[Relation], min_share: Decimal) -> list[Missing]:
    """Stakes that pass the threshold only because nobody knows them well enough."""
    return [
        Missing("share", r.id, "unknown" if r.share_max is None else "a range")
        for r in relations
        if r.type == STAKE and (r.share_min is None or r.share_min < min_share)
    ]
