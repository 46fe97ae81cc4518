"""From listed parties to flags: the engine behind exposure, flags and flag-all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.answers.common import Flag, Missing, Step
from graph_service.days import Day
from graph_service.model import Party, Record, Relation
from queries.ask import Question, party_of
from queries.flags.aggregate import Aggregate
from queries.flags.match import Matcher, post_severity
from queries.flags.packs import AggregateStep, Article, Pack, Rule
from queries.net import Asking, Need, Net, together
from queries.proof import Hop, Proof
from queries.records import GRAVITY, class_of, denied, gravest_first, in_force, sanctions, severity
from queries.stakes import ONE, decimal
from queries.wording import (
    Said,
    listing_en,
    listing_zh,
    percent,
    statement_en,
    statement_zh,
    step_en,
    step_zh,
)

EVER: Day = 0


class _Told(NamedTuple):
    """A step, and the clauses that tell it."""

    step: Step
    zh: str
    en: str


class _Basis(NamedTuple):
    """The record that flags rest on, and what follows from it."""

    record: Record
    records: tuple[str, ...]
    severity: str
    certain: bool
    article: Article
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Case:
    """A listed party and the records that count for it, by rule id.

    ``shown``: the party as flags show it, without its records.
    """

    party: Party
    shown: Party
    records: Mapping[str, tuple[Record, ...]]

    @staticmethod
    def of(party: Party, records: Iterable[Record], rules: Iterable[Rule]) -> Case | None:
        """The case that these records make of a party, or None where none counts for any rule."""
        ranked = gravest_first(records)
        if not ranked:
            return None
        by_rule = {rule.id: tuple(r for r in ranked if _counts(rule, r)) for rule in rules}
        if not any(by_rule.values()):
            return None
        return Case(party, party._replace(records=()), by_rule)


@dataclass(frozen=True, slots=True)
class _Found:
    case: Case
    rule: Rule
    proof: Proof


class Engine:
    """Applies a pack to listed parties, many at once.

    ``back_to``: also fetch ties that ended after this day (None: only what the rules ask for).
    """

    def __init__(self, question: Question, pack: Pack, back_to: Day | None = None) -> None:
        ask = question.ask
        self.question = question
        self.pack = pack
        self.day = ask.as_of
        self.rules = pack.in_effect(ask.as_of)
        spans = [self.back_to(rule) for rule in self.rules if rule.former]
        known = [day for day in (*spans, back_to) if day is not None]
        self.net = Net(question, pack.types, min(known) if known else None)
        self.matcher = Matcher(self.net, self.back_to)
        self._ever = Matcher(self.net, lambda rule: EVER)
        self._told: dict[tuple[object, ...], _Told] = {}
        self._bases: dict[tuple[str, str, str], _Basis] = {}
        self._aside: set[Missing] = set()
        self.aggregate = Aggregate(self.net, self._blocked_by)

    def back_to(self, rule: Rule) -> Day | None:
        """The day after which a tie must have ended to serve a rule about ended ties."""
        ask = self.question.ask
        if ask.look_back is not None:
            return ask.back_to
        span = rule.look_back or self.pack.look_back
        return None if span is None else span.before(self.day)

    def case(self, party: Party) -> Case | None:
        """The party's case when it has records in force that count for a rule."""
        now = [record for record in sanctions(party) if in_force(record, self.day)]
        return Case.of(party, now, self.rules)

    def flags(self, cases: Sequence[Case], only: Collection[str] | None = None) -> list[Flag]:
        """The flags because of these listed parties, in order; ``only``: those of some parties."""
        return self._flags([self._of(self.matcher, case, self.rules, only) for case in cases])

    def flags_but_for_ended_ties(self, cases: Sequence[Case], only: Collection[str]) -> list[Flag]:
        """What rules about ended ties would say, however long ago the ties ended."""
        rules = [rule for rule in self.rules if rule.former]
        return self._flags([self._of(self._ever, case, rules, only) for case in cases])

    def flags_but_for_ended_records(
        self, cases: Sequence[Case], only: Collection[str]
    ) -> list[Flag]:
        """What rules about current ties would say of cases whose records have ended.

        Asked after ``flags``: what is unknown about these alone changes no flag and is not said.
        """
        rules = [rule for rule in self.rules if not rule.former]
        before = {*self._unknowns()}
        found = self._flags([self._of(self.matcher, case, rules, only) for case in cases])
        self._aside.update(line for line in self._unknowns() if line not in before)
        return found

    def _flags(self, tasks: Sequence[Asking[list[_Found]]]) -> list[Flag]:
        found = [item for items in together(self.net, tasks) for item in items]
        ids = {id for item in found for id in _mentioned(item.proof)}
        self.net.fetch(Need(parties=ids))
        flags = [self._flag(item) for item in found]
        return sorted(flags, key=lambda flag: flag.order)

    def _of(
        self, matcher: Matcher, case: Case, rules: Sequence[Rule], only: Collection[str] | None
    ) -> Asking[list[_Found]]:
        yield Need(all=[case.party.id])
        self.net.parties.setdefault(case.party.id, case.shown)
        found: list[_Found] = []
        for rule in rules:
            if not case.records.get(rule.id):
                continue
            if any(isinstance(step, AggregateStep) for path in rule.paths for step in path):
                reached = yield from self.aggregate.reach(rule, case.party.id)
            else:
                reached = yield from matcher.reach(rule, case.party.id, only)
            found.extend(
                _Found(case, rule, proof)
                for id, proof in reached.items()
                if only is None or id in only
            )
        return found

    def _blocked_by(self, rule: Rule, party: Party) -> bool:
        case = self.case(party)
        return case is not None and bool(case.records.get(rule.id))

    def _flag(self, item: _Found) -> Flag:
        rule, proof = item.rule, item.proof
        basis = self._basis(item.case, rule)
        party = party_of(self.net.parties, proof.end)
        told = [self._step(hop) for hop in proof.hops]
        sure, how_grave = _gravity(rule, proof, basis.severity)
        certain = sure and basis.certain
        share = decimal(proof.low) if proof.low is not None and proof.low == proof.high else None
        joint = share if proof.evidence else None
        zh = Said(
            rule.grade, party, [t.zh for t in told], joint, basis.zh, basis.article.zh, certain
        )
        en = Said(
            rule.grade, party, [t.en for t in told], joint, basis.en, basis.article.en, certain
        )
        return Flag(
            party=party,
            grade=rule.grade,
            severity=how_grave,
            rule=rule.id,
            pack=self.pack.name,
            article=basis.article.zh,
            listed=item.case.shown,
            record=basis.record,
            records=basis.records,
            path=tuple([t.step for t in told]),
            evidence=tuple([self._step(hop).step for hop in proof.evidence]),
            share=share,
            statement_zh=statement_zh(self.day, zh),
            statement_en=statement_en(self.day, en),
            certain=certain,
            former_of=rule.former_of,
        )

    def _basis(self, case: Case, rule: Rule) -> _Basis:
        """What all flags of one listed party by one rule share, made once."""
        records = case.records[rule.id]
        record = records[0]
        made = self._bases.get((case.shown.id, rule.id, record.id))
        if made is None:
            article = rule.article(self.day)
            if rule.severity.by == "list" and record.basis:
                article = Article(record.basis, record.basis)
            made = self._bases[case.shown.id, rule.id, record.id] = _Basis(
                record,
                tuple(sorted(r.id for r in records)),
                severity(record),
                rule.certain and not denied(case.party, record, self.day),
                article,
                listing_zh(case.shown, record),
                listing_en(case.shown, record),
            )
        return made

    def _step(self, hop: Hop) -> _Told:
        """A hop as a step and as clauses, made once: many flags share their first steps."""
        key = (hop.start, *((r.id, r.former) for r in hop.relations))
        told = self._told.get(key)
        if told is None:
            step = step_of(self.net.parties, hop)
            told = self._told[key] = _Told(step, step_zh(step), step_en(step))
        return told

    def unknowns(self, about: Collection[str] | None = None) -> list[Missing]:
        """Stakes of unknown size that may carry control: there is no flag, but it is said.

        ``about``: only these parties.
        """
        lines = [line for line in self._unknowns() if line not in self._aside]
        return [line for line in lines if about is None or line.id in about]

    def _unknowns(self) -> Iterator[Missing]:
        for holder, found in self.matcher.maybe.items():
            for id, upper in found.items():
                said = f"{holder} may control it: up to {percent(decimal(upper))}"
                yield Missing("share", id, said)
        yield from self.aggregate.unknowns()
        yield from self.matcher.links.unknowns()


def _counts(rule: Rule, record: Record) -> bool:
    if rule.lists is not None:
        return record.list in rule.lists
    return class_of(record) in rule.classes


def _gravity(rule: Rule, proof: Proof, listed: str) -> tuple[bool, str]:
    """Whether the proof is sure, and the severity: the lower of the rule's and the list's."""
    spec = rule.severity
    if spec.by == "list":
        return proof.sure, listed
    own, sure = spec.fixed, proof.sure
    if spec.by == "post" and proof.hops:
        own = post_severity(proof.hops[-1].relations[0])
    elif spec.by == "share":
        high = ONE if proof.high is None else proof.high
        if high < spec.at_least:
            own = spec.otherwise
        elif (proof.low or 0) < spec.at_least:
            sure = False
    return sure, max(own, listed, key=GRAVITY.__getitem__)


def step_of(parties: Mapping[str, Party], hop: Hop) -> Step:
    """A hop as the step that answers show."""
    first = hop.relations[0]
    ends = (first.from_id, first.to_id)
    return Step(
        relation=first,
        start=party_of(parties, hop.start),
        end=party_of(parties, first.to_id),
        parallel=tuple(step_of(parties, Hop(_same_start(hop, r), (r,))) for r in hop.relations[1:]),
        nominee=party_of(parties, first.from_id) if hop.start not in ends else None,
    )


def _same_start(hop: Hop, r: Relation) -> str:
    return hop.start if r.attributes.get("nominee_for") == hop.start else r.from_id


def _mentioned(proof: Proof) -> set[str]:
    ids = set(proof.parties)
    for hop in (*proof.hops, *proof.evidence):
        ids.add(hop.start)
        for r in hop.relations:
            ids.update((r.from_id, r.to_id))
    return ids
