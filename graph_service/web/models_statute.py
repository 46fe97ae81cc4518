"""The shapes of answers about statutes, for the API's description."""

from __future__ import annotations

from graph_service.web.models import Answer, Open, PartyRef, RecordRef, Sentence, Step


class Bar(Open):
    """One party barred by one article; `since` and `until` are both inclusive."""

    party: PartyRef
    rule: str
    scope: str
    article: str
    article_en: str
    record: RecordRef | None
    since: str | None
    until: str | None
    path: list[Step]
    certain: bool
    why: Sentence


class BarredOfficer(Open):
    """An officer who is barred from office, with the posts held now."""

    party: PartyRef
    posts: list[Step]
    bars: list[Bar]


class BarredAnswer(Answer):
    """From what a party is barred; `officers`: an enterprise's officers barred from office."""

    party: PartyRef
    bars: list[Bar]
    offices: list[Step]
    officers: list[BarredOfficer]
    not_examined: list[Sentence]
