"""What two days have in common: records and ties compared, and which rows made a proof true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_service.answers.common import Flag, Step
from graph_service.answers.diff import Cause, Change, How
from graph_service.days import Day
from graph_service.model import Party, Record, Relation, RelationFilter
from graph_service.schema import RELATIONS
from graph_service.store.port import Store
from queries.ask import Ask, Question, party_of
from queries.records import in_force
from queries.stakes import HOLDING_TYPES, owner

ALL = frozenset(RELATIONS) - {"SUBJECT_OF", "SAME_AS"}


@dataclass(frozen=True, slots=True)
class Days:
    """Two questions about one state of the store, the earlier day first; ``ask``: the later's."""

    early: Question
    late: Question

    @staticmethod
    def of(store: Store, ask: Ask, start: Day) -> Days:
        """The two questions. ``start`` may be any day."""
        return Days(Question(store, replace(ask, as_of=start)), Question(store, ask))

    def rest(self) -> None:
        """Begin both time budgets anew."""
        self.early.rest()
        self.late.rest()


def records_changed(party: Party, records: Iterable[Record], start: Day, end: Day) -> list[Change]:
    """Records, honours too, that came into force or ended."""
    found = []
    for record in records:
        before, after = in_force(record, start), in_force(record, end)
        if record.label and before != after:
            cause = Cause("appeared" if after else "ended", record=record)
            found.append(Change("record", cause.change, party, record=record, because=(cause,)))
    return found


def only_on(question: Question) -> RelationFilter:
    """Every tie that holds on a question's day."""
    return RelationFilter(question.ask.as_of, ALL, sources=question.ask.sources)


def differ(r: Relation, other: Relation) -> bool:
    """Whether one tie says another thing on another day."""
    return r._replace(sources=(), former=False) != other._replace(sources=(), former=False)


def tie_change(
    parties: Mapping[str, Party], before: Relation | None, after: Relation | None, about: str
) -> Change | None:
    """The change of one tie from one day to another, told of the party ``about``."""
    if before is not None and after is not None and not differ(before, after):
        return None
    how: How = "appeared" if before is None else "ended" if after is None else "changed"
    shown = after or before
    if shown is None:
        return None
    step = plain_step(parties, shown)
    was = plain_step(parties, before) if how == "changed" and before is not None else None
    cause = Cause(how, step=step)
    return Change("tie", how, party_of(parties, about), step=step, was=was, because=(cause,))


def plain_step(parties: Mapping[str, Party], r: Relation) -> Step:
    """A relation as a step between its own ends."""
    return Step(r, party_of(parties, r.from_id), party_of(parties, r.to_id))


def causes(days: Days, steps: Iterable[Step], how: How) -> tuple[Cause, ...]:
    """Why a proof holds on one day alone: its ties that do not hold on the other day.

    ``how``: "appeared" for a proof of the later day, "ended" for one of the earlier.
    """
    single = {s.relation.id: s for step in steps for s in (step, *step.parallel)}
    if not single:
        return ()
    other = days.early if how == "appeared" else days.late
    ends = sorted({s.relation.from_id for s in single.values()})
    held = {r.id for r in other.expand(ends, only_on(other)).relations}
    gone = [s for id, s in single.items() if id not in held]
    return tuple(
        Cause(how, step=replace(s, parallel=()))
        for s in sorted(gone, key=lambda s: s.relation.order)
    )


def beside(days: Days, steps: Iterable[Step]) -> tuple[Cause, ...]:
    """The ties that changed nearest above the companies (or contacts) of a proof.

    Figures and proofs also change by what stands beside them: another holder left, a contact became
    one of too many parties, a stake in a circle grew.
    """
    seen: set[str] = set()
    level = {s.relation.to_id for s in steps}
    while level:
        old, new = ({r.id: r for r in _into(on, level)} for on in (days.early, days.late))
        both = {**old, **new}
        ends = sorted({end for r in both.values() for end in (r.from_id, r.to_id)})
        parties = days.late.parties(ends) if ends else {}
        ordered = sorted(both, key=lambda id: both[id].order)
        told = (tie_change(parties, old.get(id), new.get(id), both[id].to_id) for id in ordered)
        if found := tuple(cause for change in told if change for cause in change.because):
            return found
        seen |= level
        stakes = [r for r in both.values() if r.type in HOLDING_TYPES]
        level = {end for r in stakes for end in (r.from_id, owner(r))} - seen
    return ()


def _into(on: Question, ids: Iterable[str]) -> Sequence[Relation]:
    return on.expand(sorted(ids), replace(only_on(on), direction="in")).relations


def why(days: Days, steps: Sequence[Step], how: How) -> tuple[Cause, ...]:
    """The ties of a proof that hold on one day alone, else those that changed beside it."""
    return causes(days, steps, how) or beside(days, steps)


def flags_changed(days: Days, before: Sequence[Flag], after: Sequence[Flag]) -> list[Change]:
    """Flags that appeared or ended, because of ties of their proof or of their record."""
    old, new = {_key(flag): flag for flag in before}, {_key(flag): flag for flag in after}
    found = []
    turns: tuple[tuple[How, Mapping[_Key, Flag], Mapping[_Key, Flag], Question], ...] = (
        ("appeared", new, old, days.early),
        ("ended", old, new, days.late),
    )
    for change, mine, others, other_day in turns:
        for key, flag in mine.items():
            if key in others:
                continue
            proof, record = (*flag.path, *flag.evidence), flag.record
            if in_force(record, other_day.ask.as_of):
                because = why(days, proof, change)
            else:
                because = (Cause(change, record=record), *causes(days, proof, change))
            found.append(Change("flag", change, flag.party, flag=flag, because=because))
    return found


_Key = tuple[str, str, str, str]


def _key(flag: Flag) -> _Key:
    return flag.party.id, flag.listed.id, flag.grade, flag.rule
