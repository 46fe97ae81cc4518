"""The shapes of answers about statutes, for the API's description."""

from __future__ import annotations

from graph_service.web.models.common import (
    Answer,
    Bounded,
    Missing,
    Open,
    PartyRef,
    RecordRef,
    Sentence,
    Step,
)


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


class RelatedParty(Open):
    """One party related by one rule.

    `inverse`: the party asked about stands in that role to it; `verified`: the article's text was
    read again; `as_of`: the last day on which it held.
    """

    party: PartyRef
    rule: str
    title: Sentence
    article: str
    article_en: str
    verified: bool
    inverse: bool
    path: list[Step]
    evidence: list[Step]
    share: Bounded
    certain: bool
    as_of: str
    former: bool


class RelatedAnswer(Answer):
    """Related parties by a statute."""

    party: PartyRef
    pack: str
    pack_hash: str
    title: Sentence
    related: list[RelatedParty]
    warnings: list[Missing]
    not_examined: list[Sentence]


class PhoenixFeature(Open):
    """Something both companies have; `path` leads from the old one over it to the new one."""

    kind: str
    value: str
    path: list[Step]


class Phoenix(Open):
    """A suspicion, never certain: `new` took over what `old` left behind."""

    old: PartyRef
    new: PartyRef
    grade: str
    severity: str
    certain: bool
    record: RecordRef
    ended: str
    founded: str
    features: list[PhoenixFeature]


class PhoenixAnswer(Answer):
    """Suspected phoenix companies that a party is an end of."""

    party: PartyRef
    least: int
    phoenixes: list[Phoenix]
