"""One person's case: the posts held, what happened to those enterprises, and the own records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph_service.answers.common import Missing, Step
from graph_service.answers.statute import Bar
from graph_service.days import Day, iso
from graph_service.model import Party, Record, Relation
from queries.ask import party_of
from queries.records import begins, denied, in_force, sanctions
from queries.statute import bar_law as law
from queries.statute.bar_events import Event, Finding, events_of, finding, names, valid

_LEGAL, _POST = "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF"
_EVENTS = {
    law.BANKRUPTCY: ("破产清算", "the bankruptcy of", 3),
    law.REVOKED: ("被吊销营业执照", "the revoked licence of", 4),
    law.CLOSED: ("被责令关闭", "the order to close", 4),
}


@dataclass(slots=True)
class _Tied:
    event: Event
    ties: list[Relation]


class PersonCase:
    """One person's case: posts held, what happened to those enterprises, own records."""

    def __init__(
        self,
        person: Party,
        ties: Iterable[Relation],
        enterprises: Mapping[str, Party],
        day: Day,
    ) -> None:
        self.person = person._replace(records=())
        self._whole = person
        self.day = day
        self.missing: list[Missing] = []
        by_firm: dict[str, list[Relation]] = {}
        for r in ties:
            by_firm.setdefault(r.to_id, []).append(r)
        own = valid(person, day)
        self.tied = [
            _Tied(event, held)
            for id, held in sorted(by_firm.items())
            for event in self._events(party_of(enterprises, id), own)
        ]

    def _events(self, firm: Party, own: Iterable[Record]) -> list[Event]:
        return events_of(firm, self.day, [r for r in own if names(r, firm)])

    def bars(self) -> list[Bar]:
        """Every bar of the person."""
        found: list[Bar] = []
        used: set[str] = set()
        for tied in self.tied:
            for edition in law.laws_on(self.day):
                made = self._closed(edition, tied)
                if made is not None:
                    found.append(made)
        used.update(bar.record.id for bar in found if bar.record)
        found += self._own(used)
        return found

    def _closed(self, edition: law.OfficeLaw, tied: _Tied) -> Bar | None:
        event = tied.event
        if event.kind == law.CLOSED and not edition.closing:
            return None
        held, sure = self._held(edition, tied)
        if not held:
            return None
        said = self._responsible(event, sure)
        if said is None or (event.day is None and said[0]):
            self._unknown(event)
            return None
        responsible, certain, record = said
        if not responsible or event.day is None:
            return None
        until = law.years_after(event.day)
        if self.day > until:
            return None
        zh, en, item = _EVENTS[event.kind]
        name = event.enterprise.name or event.enterprise.id
        doubt = ("", "") if certain else ("；尚待核实", "; still to be verified")
        return Bar(
            self.person,
            f"{edition.rule}_{item}",
            edition.scope,
            *edition.article(item),
            record,
            event.day,
            until,
            (Step(held[0], self.person, self._firm(event), self._parallel(held, event)),),
            certain,
            f"{name}于{iso(event.day)}{zh}，本人负有个人责任，三年至{iso(until)}止{doubt[0]}",
            f"personally responsible for {en} {name} of {iso(event.day)}: three years, until"
            f" {iso(until)}{doubt[1]}",
        )

    def _firm(self, event: Event) -> Party:
        return event.enterprise._replace(records=())

    def _parallel(self, held: Iterable[Relation], event: Event) -> tuple[Step, ...]:
        return tuple(Step(r, self.person, self._firm(event)) for r in list(held)[1:])

    def _held(self, edition: law.OfficeLaw, tied: _Tied) -> tuple[list[Relation], bool]:
        """The posts that answer for an event, and whether they surely do."""
        event = tied.event
        if event.kind == law.BANKRUPTCY:
            held = [
                r
                for r in tied.ties
                if (r.type == _LEGAL and edition.legal)
                or (r.type == _POST and (r.role or "") in edition.posts)
            ]
            return [r for r in held if event.day is None or (r.since or 0) <= event.day], True
        legal = [r for r in tied.ties if r.type == _LEGAL]
        if event.day is None:
            return legal, False
        on_day = [r for r in legal if _covers(r, event.day)]
        if on_day:
            return on_day, any(not r.ended or r.until is not None for r in on_day)
        return [], False

    def _responsible(
        self, event: Event, held_surely: bool
    ) -> tuple[bool, bool, Record | None] | None:
        """Whether the person answers for an event, how surely, by which record; None: not known."""
        others = [t.event for t in self.tied if t.event is not event]
        own: Finding | None = finding(self._whole, event, self.day, others)
        if own is not None:
            return own.responsible, own.sure and event.sure and held_surely, own.record
        if event.responsible is None:
            return None
        # A record about an enterprise speaks of its one legal representative; of which director?
        told = event.named and event.kind != law.BANKRUPTCY
        return event.responsible, told and event.sure and held_surely, event.record

    def _unknown(self, event: Event) -> None:
        if event.day is not None and self.day > law.years_after(event.day):
            return
        what = "the day of" if event.day is None else "personal responsibility for"
        name = event.enterprise.id
        why = f"{what} {_EVENTS[event.kind][1]} {name} is not known: {self.person.id}"
        self.missing.append(Missing("responsibility", name, why))

    def _own(self, used: set[str]) -> list[Bar]:
        """Bars that the person's own records make, whatever the ties."""
        found: list[Bar] = []
        for record in sanctions(self._whole):
            if record.list == law.DEBTORS and in_force(record, self.day):
                found += [
                    self._recorded(edition, record, 5, True) for edition in law.laws_on(self.day)
                ]
            if record.list in law.POST_LISTS and in_force(record, self.day):
                found.append(self._stated(record))
        for record in valid(self._whole, self.day):
            if record.personally_responsible and record.id not in used:
                found += self._untied(record)
        return found

    def _recorded(self, edition: law.OfficeLaw, record: Record, item: int, sure: bool) -> Bar:
        return Bar(
            self.person,
            f"{edition.rule}_{item}",
            edition.scope,
            *edition.article(item),
            record,
            begins(record) or None,
            record.valid_until,
            (),
            sure and not denied(self._whole, record, self.day),
            "被人民法院列为失信被执行人，现行有效",
            "listed by a court as a dishonest judgment debtor, in force",
        )

    def _stated(self, record: Record) -> Bar:
        article = (record.basis, record.basis) if record.basis else law.STATED
        return Bar(
            self.person,
            "stated_in_record",
            "directors",
            *article,
            record,
            begins(record) or None,
            record.valid_until,
            (),
            not denied(self._whole, record, self.day),
            f"记录“{record.list}”现行有效",
            f"a record “{record.list}” is in force",
        )

    def _untied(self, record: Record) -> list[Bar]:
        """A record of personal responsibility whose enterprise is not known here: never certain."""
        when = law.day_of(record)
        if when is None or not when <= self.day <= law.years_after(when):
            return []
        found = []
        for kind in sorted(law.kinds(record)):
            if any(t.event.kind == kind for t in self.tied):
                continue
            for edition in law.laws_on(self.day):
                if kind == law.CLOSED and not edition.closing:
                    continue
                zh, en, item = _EVENTS[kind]
                until = law.years_after(when)
                found.append(
                    Bar(
                        self.person,
                        f"{edition.rule}_{item}",
                        edition.scope,
                        *edition.article(item),
                        record,
                        when,
                        until,
                        (),
                        False,
                        f"记录载明对企业{zh}负有个人责任；库中未见该任职，以记录日期起算，尚待核实",
                        f"a record states personal responsibility for {en} an enterprise; the post"
                        " is not known here, the term is counted from the record: to be verified",
                    )
                )
        return found


def _covers(r: Relation, day: Day) -> bool:
    return (r.since or 0) <= day and (r.until is None or day < r.until)
