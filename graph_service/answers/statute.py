"""What questions about statutes answer: who is barred, and who is a related party."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from graph_service.answers.common import Answer, Missing, Step
from graph_service.days import Day
from graph_service.model import Party, Record


@dataclass(frozen=True, slots=True)
class Bar:
    """One party barred by one article.

    ``scope``: what from: ``directors`` (director, supervisor, senior manager of a company),
    ``legal_representatives``, ``government_procurement`` or ``tenders`` (any). ``since`` and
    ``until`` are days, both inclusive; ``until`` None: no end is known. ``path`` leads from the
    party to the enterprise whose bankruptcy or closing it is about; empty where the record alone is
    the ground. ``certain`` False: something of it is not proved, ``why`` says what.
    """

    party: Party
    rule: str
    scope: str
    article_zh: str
    article_en: str
    record: Record | None
    since: Day | None
    until: Day | None
    path: tuple[Step, ...]
    certain: bool
    why_zh: str
    why_en: str

    @property
    def order(self) -> tuple[str, str, str, bool, int, str, str]:
        """Party, scope, rule, certain first, latest first, enterprise, record."""
        return (
            self.party.id,
            self.scope,
            self.rule,
            not self.certain,
            -(self.since or 0),
            self.path[0].end.id if self.path else "",
            self.record.id if self.record else "",
        )


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in order, and what is unknown and could add one."""

    bars: tuple[Bar, ...] = ()
    missing: tuple[Missing, ...] = ()

    def of(self, id: str) -> tuple[Bar, ...]:
        """The bars of one party, by the id that answers show."""
        return tuple(bar for bar in self.bars if bar.party.id == id)

    @staticmethod
    def made(bars: Iterable[Bar], missing: Iterable[Missing]) -> Bars:
        """Both in a fixed order, each line once."""
        return Bars(
            tuple(sorted(bars, key=lambda bar: bar.order)),
            tuple(sorted(set(missing), key=lambda line: (line.what, line.id, line.why))),
        )


@dataclass(frozen=True, slots=True)
class Officer:
    """A barred officer of an enterprise: the posts held now, and the bars."""

    party: Party
    posts: tuple[Step, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredAnswer(Answer):
    """From what ``party`` is barred on the day asked for.

    ``offices``: the posts that a barred person holds all the same. ``officers``: an enterprise's
    officers who are barred from office.
    """

    party: Party
    bars: tuple[Bar, ...]
    offices: tuple[Step, ...]
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class RelatedParty:
    """One party related by one rule.

    ``inverse``: the party asked about stands in that role to it. ``path`` leads to it from the
    party asked about, ``evidence`` holds all ties where the path alone is not the proof, ``share``
    is the stake or joint share that the last step rests on. ``day``: the last day on which it held,
    up to the day asked for; ``former``: not on that day any more. ``verified`` False: the article's
    text was not read again.
    """

    party: Party
    rule: str
    zh: str
    en: str
    article_zh: str
    article_en: str
    verified: bool
    inverse: bool
    path: tuple[Step, ...]
    evidence: tuple[Step, ...]
    share: Decimal | None
    certain: bool
    day: Day
    former: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedAnswer(Answer):
    """The related parties of ``party`` by a statute, by rule, path length and id."""

    party: Party
    pack: str
    pack_hash: str
    zh: str
    en: str
    related: tuple[RelatedParty, ...]
    warnings: tuple[Missing, ...]
    not_examined: tuple[tuple[str, str], ...]
