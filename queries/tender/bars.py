"""Bars of many bidders at once: from tenders, and of their officers from office."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graph_service.answers import Missing, Step
from graph_service.answers_statute import Bar
from graph_service.days import Day
from graph_service.model import Party, Relation, RelationFilter
from queries.ask import Question, party_of
from queries.barred import barred_among, barred_from_office
from queries.stakes import LEGAL

_POST = "EXECUTIVE_OF"
_SCOPES = {LEGAL: "legal_representatives", _POST: "directors"}


class Barring:
    """What is barred among some enterprises and their officers on a day. ``whole``: the
    enterprises by id, with their records.

    ``tenders`` by enterprise; ``officers`` by enterprise: each post that a barred person holds,
    with the bar that is about such a post.
    """

    def __init__(self, question: Question, whole: Mapping[str, Party], day: Day) -> None:
        ids = sorted(whole)
        own = barred_among(question, whole, day)
        self.tenders: dict[str, list[Bar]] = {}
        for bar in own.bars:
            self.tenders.setdefault(bar.party.id, []).append(bar)
        posts = _posts(question, ids, day)
        theirs = barred_from_office(question, sorted({r.from_id for r in posts}), day)
        by_person: dict[str, list[Bar]] = {}
        for bar in theirs.bars:
            by_person.setdefault(bar.party.id, []).append(bar)
        held = [r for r in posts if r.from_id in by_person]
        known = question.parties(sorted({id for r in held for id in (r.from_id, r.to_id)}))
        self.officers: dict[str, list[tuple[Step, Bar]]] = {}
        for r in held:
            step = Step(r, party_of(known, r.from_id), party_of(known, r.to_id))
            for bar in by_person[r.from_id]:
                if bar.scope == _SCOPES[r.type]:
                    self.officers.setdefault(r.to_id, []).append((step, bar))
        self.missing: tuple[Missing, ...] = (*own.missing, *theirs.missing)


def _posts(question: Question, ids: Collection[str], day: Day) -> list[Relation]:
    only = RelationFilter(day, frozenset(_SCOPES), "in", sources=question.ask.sources)
    return list(question.expand(sorted(ids), only).relations) if ids else []
