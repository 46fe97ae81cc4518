"""Related parties by statute: every rule of a pack, on the day asked for and within its look-back.

A look-back asks again for each state that the ties around the party have had since then: so that
sums and closures of a past day are those of that day, never mixtures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph_service.answers.common import Missing, Step
from graph_service.answers.statute import RelatedAnswer, RelatedParty
from graph_service.days import Day, iso
from graph_service.model import ENTERPRISE, Party
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.control.control import steps_of
from queries.net import Asking, Need, Net, together
from queries.past import look_back
from queries.proof import Hop, Proof, standing
from queries.stakes import decimal
from queries.statute.roles import TYPES, Roles
from queries.statute.statutes import Statute, StatuteRule, load_statute

_MOST_DAYS = 366  # a year is always looked at whole


@dataclass(frozen=True, slots=True)
class _Found:
    rule: StatuteRule
    place: int
    proof: Proof
    day: Day

    @property
    def key(self) -> tuple[int, bool, str]:
        return self.place, self.rule.backward, self.proof.end


def related(
    store: Store, party: Party, ask: Ask, statute: str | Statute = "company_law_265"
) -> RelatedAnswer:
    """The related parties of ``party`` by a statute.

    ``statute``: a name, a path or a pack. ``ask.look_back`` comes before the pack's own. Never cut:
    raises OverBudget instead.
    """
    pack = load_statute(statute) if isinstance(statute, str) else statute
    rules = pack.in_effect(ask.as_of)
    with asking(store, ask) as question:
        search = _Search(question, pack, rules, party)
        search.now()
        span = ask.look_back or pack.look_back
        cut = [] if span is None else search.back(span.before(ask.as_of))
        lines = search.answers()
        about = {party.id: party} | {line.party.id: line.party for line in lines}
        return RelatedAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(about.values(), cut=cut, missing=search.missing),
            party=party,
            pack=pack.name,
            pack_hash=pack.hash,
            zh=pack.zh,
            en=pack.en,
            related=tuple(lines),
            warnings=tuple(_warnings(pack, party)),
            not_examined=pack.not_examined,
        )


class _Search:
    """What one party is related to, on one day after another, the latest first."""

    def __init__(
        self, question: Question, pack: Statute, rules: Iterable[StatuteRule], party: Party
    ) -> None:
        self.question = question
        self.pack = pack
        self.party = party
        self.rules = [(place, rule) for place, rule in enumerate(rules)]
        self.found: dict[tuple[int, bool, str], _Found] = {}
        self.parties: dict[str, Party] = {}
        self.missing: set[Missing] = set()
        self._seen: set[str] = set()

    def now(self) -> None:
        """Every rule on the day asked for."""
        self._on(self.question)

    def back(self, after: Day) -> list[Missing]:
        """Every rule on each earlier day after which a tie changed; what was left out."""
        today = self.question.ask.as_of
        days = (after, today)
        looked = look_back(self.question, TYPES, days, self._seen, self._then, _MOST_DAYS)
        self.missing.update(
            Missing("relation", id, "ended on an unknown day") for id in looked.undated
        )
        if not looked.cut:
            return []
        why = f"{_MOST_DAYS} days of change before {iso(today)} looked at"
        return [Missing("look_back", self.party.id, why)]

    def _then(self, day: Day) -> set[str]:
        """Every rule on an earlier day; whose ties have been read by now."""
        then = replace(self.question.ask, as_of=day, look_back=None)
        self._on(Question(self.question.store, then))
        return self._seen

    def _on(self, question: Question) -> None:
        net = Net(question, TYPES)
        roles = Roles(net, self.pack)
        day = question.ask.as_of
        for found in together(net, [self._all(roles, day)])[0]:
            self.found.setdefault(found.key, found)
        net.fetch(Need(parties={id for f in self.found.values() for id in _mentioned(f.proof)}))
        self.parties |= net.parties
        self._seen |= net.out.keys() | net.into.keys() | net.beside.keys()
        self.question.explored = max(self.question.explored, question.explored)
        if question is self.question:
            self.missing.update(roles.unknowns())

    def _all(self, roles: Roles, day: Day) -> Asking[list[_Found]]:
        found: list[_Found] = []
        for backward in (False, True):
            named: dict[str, set[str]] = {}
            for place, rule in self.rules:
                way = rule.backwards() if backward else rule
                asked = not backward or rule.mutual or self.pack.listed_only
                if not (asked or any(rule.id in other.unless for _, other in self.rules)):
                    continue
                reached = yield from roles.reach(way, self.party.id)
                named[rule.id] = set(reached)
                already = {id for other in rule.unless for id in named.get(other, ())}
                for id, proof in reached.items() if asked else ():
                    unlisted = backward and self._unlisted(roles.net.parties.get(id))
                    if id not in already and not unlisted:
                        found.append(_Found(way, place, proof, day))
        return found

    def _unlisted(self, party: Party | None) -> bool:
        """Whether rules about listed companies do not speak of this one."""
        return self.pack.listed_only and not (party and party.attributes.get("securities_code"))

    def answers(self) -> list[RelatedParty]:
        """What was found, by rule, path length and id; one line per party and rule.

        Where both stand in the role to each other, the line is that of the party asked about; but
        rules about listed companies speak of each company's own related parties.
        """
        found = sorted(
            (
                f
                for f in self.found.values()
                if self.pack.listed_only
                or not (f.rule.backward and (f.place, False, f.proof.end) in self.found)
            ),
            key=lambda f: (f.place, f.rule.backward, len(f.proof.hops), f.proof.end),
        )
        return [self._answer(item) for item in found]

    def _answer(self, item: _Found) -> RelatedParty:
        today = self.question.ask.as_of
        rule, proof = item.rule, item.proof
        article = rule.article(today)
        return RelatedParty(
            party=party_of(self.parties, proof.end),
            rule=rule.id,
            zh=rule.zh,
            en=rule.en,
            article_zh=article.zh,
            article_en=article.en,
            verified=article.verified,
            inverse=rule.backward,
            path=self._steps(proof.hops),
            evidence=self._steps(proof.evidence),
            share=decimal(proof.low) if proof.low is not None and proof.low == proof.high else None,
            certain=proof.sure and rule.certain,
            day=item.day,
            former=item.day < today,
        )

    def _steps(self, hops: Iterable[Hop]) -> tuple[Step, ...]:
        return steps_of(self.parties, standing(hops, self.question.ask.as_of))


def _mentioned(proof: Proof) -> set[str]:
    ids = set(proof.parties)
    for hop in (*proof.hops, *proof.evidence):
        for r in hop.relations:
            ids |= {hop.start, r.from_id, r.to_id}
    return ids


def _warnings(pack: Statute, party: Party) -> list[Missing]:
    unlisted = party.kind == ENTERPRISE and not party.attributes.get("securities_code")
    if not (pack.listed_only and unlisted):
        return []
    return [
        Missing("not_listed", party.id, "no securities code: these rules bind listed companies")
    ]
