"""Bars of many bidders, chunk by chunk: from tenders, and of their officers from office."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graph_service.answers.common import Missing, Step
from graph_service.answers.statute import Bar
from graph_service.model import Party, Relation, RelationFilter
from queries.ask import Question, party_of
from queries.stakes import LEGAL
from queries.statute.barred import barred_among, barred_from_office

_POST = "EXECUTIVE_OF"
_SCOPES = {LEGAL: "legal_representatives", _POST: "directors"}


class Barring:
    """What is barred among some enterprises and their officers on the question's day.

    ``tenders`` by enterprise; ``officers`` by enterprise: each post that a barred person holds,
    with the bar that is about such a post. A person is asked about once, however many it serves.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._asked: set[str] = set()
        self._by_person: dict[str, list[Bar]] = {}
        self.tenders: dict[str, list[Bar]] = {}
        self.officers: dict[str, list[tuple[Step, Bar]]] = {}
        self.missing: set[Missing] = set()

    def look_at(self, whole: Mapping[str, Party]) -> None:
        """Find the bars of more enterprises, given by id with their records."""
        own = barred_among(self._question, whole, self._question.ask.as_of)
        for bar in own.bars:
            self.tenders.setdefault(bar.party.id, []).append(bar)
        self.missing.update(own.missing)
        posts = self._posts(whole)
        self._ask({r.from_id for r in posts})
        held = [r for r in posts if r.from_id in self._by_person]
        known = self._question.parties(sorted({id for r in held for id in (r.from_id, r.to_id)}))
        for r in held:
            step = Step(r, party_of(known, r.from_id), party_of(known, r.to_id))
            for bar in self._by_person[r.from_id]:
                if bar.scope == _SCOPES[r.type]:
                    self.officers.setdefault(r.to_id, []).append((step, bar))

    def _ask(self, persons: Collection[str]) -> None:
        new = sorted(set(persons) - self._asked)
        self._asked.update(new)
        found = barred_from_office(self._question, new, self._question.ask.as_of)
        for bar in found.bars:
            self._by_person.setdefault(bar.party.id, []).append(bar)
        self.missing.update(found.missing)

    def _posts(self, ids: Collection[str]) -> list[Relation]:
        ask = self._question.ask
        only = RelationFilter(ask.as_of, frozenset(_SCOPES), "in", sources=ask.sources)
        return list(self._question.expand(sorted(ids), only).relations) if ids else []
