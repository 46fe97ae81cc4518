"""Who is barred from office, and who from tenders, on a day: for whole lists at once.

``barred_from_office`` and ``barred_from_tenders`` take an open question, so that a screening asks
the store once for all its parties; ``barred`` answers for one party.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph_service.answers.common import Missing, Step
from graph_service.answers.statute import Bar, BarredAnswer, Bars, Officer
from graph_service.days import Day, iso
from graph_service.model import (
    ENTERPRISE,
    PERSON,
    Direction,
    Party,
    Record,
    Relation,
    RelationFilter,
)
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking, party_of
from queries.records import begins, denied, in_force
from queries.statute import bar_law as law
from queries.statute.bar_events import valid
from queries.statute.bar_office import PersonCase

_LEGAL, _POST = "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF"
_OFFICES = frozenset({_LEGAL, _POST})


def barred_from_office(question: Question, persons: Iterable[str], on_day: Day) -> Bars:
    """The bars from office of these persons on a day; ids that are no person's have none.

    公司法 art. 178(1) items 3–5 (until 2024-06-30 art. 146) for directors, supervisors and senior
    managers, 市场主体登记管理条例 art. 12 for legal representatives, records that bar from posts.
    Where it is not known who answers for a closing, there is no bar, but a line in ``missing``.
    """
    known = question.parties(persons, records=True)
    people = {party.id: party for party in known.values() if party.kind == PERSON}
    if not people:
        return Bars()
    only = RelationFilter(on_day, _OFFICES, "out", back_to=0, sources=question.ask.sources)
    ties: dict[str, list[Relation]] = {id: [] for id in people}
    for r in question.expand(sorted(people), only).relations:
        if r.from_id in ties:
            ties[r.from_id].append(r)
    ends = sorted({r.to_id for held in ties.values() for r in held})
    enterprises = question.parties(ends, records=True)
    found: list[Bar] = []
    missing: list[Missing] = []
    for id in sorted(people):
        question.tick()
        case = PersonCase(people[id], ties[id], enterprises, on_day)
        found += case.bars()
        missing += case.missing
    return Bars.made(found, missing)


def barred_from_tenders(question: Question, enterprises: Iterable[str], on_day: Day) -> Bars:
    """The bars of these suppliers from tenders and government procurement on a day.

    政府采购法 art. 22 and 条例 art. 19: the list of serious violations while it is in force, a ban
    while it is in force, and a major violation within three years; an expired ban allows
    participation. ``scope`` is ``tenders`` where a ban holds for all tenders.
    """
    return barred_among(question, question.parties(enterprises, records=True), on_day)


def barred_among(question: Question, known: Mapping[str, Party], on_day: Day) -> Bars:
    """The same of parties that have been asked for with their records."""
    found: list[Bar] = []
    missing: list[Missing] = []
    for party in {party.id: party for party in known.values()}.values():
        question.tick()
        for record in valid(party, on_day):
            found += _tender_bar(party, record, on_day)
            if day_missing(record):
                why = f"{party.id}: a major violation of an unknown day"
                missing.append(Missing("record", record.id, why))
    return Bars.made(found, missing)


def day_missing(record: Record) -> bool:
    """Whether a record states a major violation, but not when."""
    banned = record.list in (law.PROCUREMENT_LIST, law.TENDER_BAN)
    return not banned and law.day_of(record) is None and law.violation(record) is not None


def _tender_bar(party: Party, record: Record, day: Day) -> list[Bar]:
    shown = party._replace(records=())
    sure = not denied(party, record, day)
    if record.list in (law.PROCUREMENT_LIST, law.TENDER_BAN):
        if not in_force(record, day):
            return []
        listed = record.list == law.PROCUREMENT_LIST
        article = law.LISTED if listed else law.STATED
        stated = (record.basis, record.basis) if record.basis else article
        return [
            Bar(
                shown,
                "procurement_list" if listed else "tender_ban",
                "government_procurement" if listed else "tenders",
                *stated,
                record,
                begins(record) or None,
                record.valid_until,
                (),
                sure,
                f"在“{record.list}”上，现行有效",
                f"on the list “{record.list}”, in force",
            )
        ]
    found, when = law.violation(record), law.day_of(record)
    if found is None or when is None or not when <= day <= law.years_after(when):
        return []
    ended = record.status in ("repaired", "removed")
    return [
        Bar(
            shown,
            "major_violation",
            "government_procurement",
            *law.PROCUREMENT,
            record,
            when,
            law.years_after(when),
            (),
            sure and found.certain and not ended,
            f"三年内有重大违法记录：于{iso(when)}{found.zh}"
            + ("；该记录已修复或移出" if ended else ""),
            f"a major violation within three years: {found.en} on {iso(when)}"
            + ("; the record has been repaired or removed" if ended else ""),
        )
    ]


def barred(store: Store, party: Party, ask: Ask) -> BarredAnswer:
    """From what a party is barred: a person from office, an enterprise from tenders.

    Of an enterprise also which of its officers are barred from office.
    """
    with asking(store, ask) as question:
        found = bars_of(question, party)
        posts = _posts(question, party)
        ends = question.parties({id for r in posts for id in (r.from_id, r.to_id)})
        steps = [Step(r, party_of(ends, r.from_id), party_of(ends, r.to_id)) for r in posts]
        theirs = Bars()
        if party.kind == ENTERPRISE:
            ids = sorted({r.from_id for r in posts})
            theirs = barred_from_office(question, ids, ask.as_of)
        officers = []
        for id in sorted({bar.party.id for bar in theirs.bars}):
            held = tuple(step for step in steps if step.start.id == id)
            officers.append(Officer(party_of(ends, id), held, theirs.of(id)))
        about = {party.id: party} | {
            step.end.id: step.end for bar in found.bars for step in bar.path
        }
        return BarredAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                about.values(), missing=(*found.missing, *theirs.missing)
            ),
            party=party,
            bars=found.bars,
            offices=tuple(steps) if party.kind == PERSON and found.bars else (),
            officers=tuple(officers),
        )


def bars(store: Store, party: Party, ask: Ask) -> Bars:
    """A person's bars from office, an enterprise's from tenders."""
    with asking(store, ask) as question:
        return bars_of(question, party)


def bars_of(question: Question, party: Party) -> Bars:
    """A person's bars from office, an enterprise's from tenders, on the question's day."""
    day = question.ask.as_of
    if party.kind == PERSON:
        return barred_from_office(question, [party.id], day)
    return barred_from_tenders(question, [party.id], day)


def _posts(question: Question, party: Party) -> list[Relation]:
    ask = question.ask
    go: Direction = "out" if party.kind == PERSON else "in"
    only = RelationFilter(ask.as_of, _OFFICES, go, sources=ask.sources)
    return list(question.expand([party.id], only).relations)
