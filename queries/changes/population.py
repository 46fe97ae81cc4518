"""What changed in the whole population: records, ties, nearest controllers and flags, streamed.

Two states of millions of ties are compared by sorted 64-bit hashes of their ids and values; only
what differs is read as ties. Flags are asked for in parts, by listed party.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from graph_service.answers.common import Flag
from graph_service.answers.diff import Change, How
from graph_service.days import Day
from graph_service.model import Record, Relation
from graph_service.store.port import Scan, Store
from queries.ask import Ask, Question, party_of
from queries.changes.parts import Days, flags_changed, only_on, records_changed, tie_change, why
from queries.control.closure import closure
from queries.control.control import ends_of, steps_of
from queries.control.forest import arrays_of
from queries.control.growing import control_forest
from queries.control.projection import holdings
from queries.flags.flagging import Engine
from queries.flags.packs import Pack
from queries.net import Need, Net, together
from queries.proof import as_hops
from queries.records import in_force

_CHUNK = 100
_REST = 50_000
Hashes = npt.NDArray[np.uint64]


def population(store: Store, ask: Ask, start: Day, pack: Pack) -> Iterator[Change]:
    """Every change, by what it is about; the time budget binds each part, not the whole."""
    days = Days.of(store, ask, start)
    yield from _records(days)
    yield from _ties(days)
    yield from _controllers(days)
    yield from _flags(days, pack)


# --- records --------------------------------------------------------------------------------------


def _records(days: Days) -> Iterator[Change]:
    part: list[Record] = []
    start, end = days.early.ask.as_of, days.late.ask.as_of
    for record in _scanned(days.late):
        if in_force(record, start) != in_force(record, end):
            part.append(record)
        if len(part) == _CHUNK:
            yield from _told(days, part)
            part = []
    yield from _told(days, part)


def _scanned(question: Question) -> Iterator[Record]:
    for number, record in enumerate(question.store.scan(Scan("records"))):
        if number % _REST == 0:
            question.rest()
        if isinstance(record, Record):
            yield record


def _told(days: Days, records: Sequence[Record]) -> Iterator[Change]:
    days.rest()
    known = days.late.parties(sorted({r.subject for r in records})) if records else {}
    start, end = days.early.ask.as_of, days.late.ask.as_of
    for record in records:
        yield from records_changed(party_of(known, record.subject), [record], start, end)


# --- ties -----------------------------------------------------------------------------------------


def _scan(question: Question) -> Iterator[Relation]:
    for number, r in enumerate(question.store.scan(Scan("relations", only_on(question)))):
        if number % _REST == 0:
            question.rest()
        if isinstance(r, Relation):
            yield r


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _of(r: Relation) -> int:
    """A hash of a tie with everything that it says."""
    said = r._replace(sources=(), former=False, attributes={})
    return _hash(repr((said, sorted(r.attributes.items()))))


def _hashes(question: Question) -> Hashes:
    return np.sort(np.fromiter((_of(r) for r in _scan(question)), np.uint64))


def _differing(question: Question, hashes: Hashes) -> dict[str, Relation]:
    """The ties on a day whose hash is among these."""
    wanted = set(hashes.tolist())
    return {r.id: r for r in _scan(question) if _of(r) in wanted} if wanted else {}


def _ties(days: Days) -> Iterator[Change]:
    early, late = _hashes(days.early), _hashes(days.late)
    old = _differing(days.early, np.setdiff1d(early, late, assume_unique=False))
    new = _differing(days.late, np.setdiff1d(late, early, assume_unique=False))
    both = [*old.values(), *(r for id, r in new.items() if id not in old)]
    ordered = sorted(both, key=lambda r: r.order)
    for at in range(0, len(ordered), _CHUNK):
        days.rest()
        part = ordered[at : at + _CHUNK]
        parties = days.late.parties(sorted({end for r in part for end in (r.from_id, r.to_id)}))
        for r in part:
            change = tie_change(parties, old.get(r.id), new.get(r.id), r.to_id)
            if change is not None:
                yield change


# --- nearest controllers --------------------------------------------------------------------------


class _Control:
    """A day's control forest with its ids."""

    def __init__(self, question: Question) -> None:
        found = holdings(question)
        self.question = question
        self.ids = found.ids
        self.number = {id: place for place, id in enumerate(found.ids)}
        self.forest = control_forest(
            arrays_of(found), order=found.ids.__getitem__, tick=question.tick
        )
        question.rest()

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Nearest controller and company."""
        for top, node in self.forest.pairs():
            yield self.ids[top], self.ids[node]

    def controls(self, top: str, id: str) -> bool:
        """Whether one controls the other, nearest or not."""
        a, b = self.number.get(top), self.number.get(id)
        return a is not None and b is not None and self.forest.controls(a, b)


def _controllers(days: Days) -> Iterator[Change]:
    early, late = _Control(days.early), _Control(days.late)
    yield from _pairs(days, late, early, "appeared")
    yield from _pairs(days, early, late, "ended")


def _pairs(days: Days, on: _Control, other: _Control, how: How) -> Iterator[Change]:
    """The pairs of a day that are none on the other, with the ties because of which."""
    found = sorted(pair for pair in on.pairs() if not other.controls(*pair))
    for at in range(0, len(found), _CHUNK):
        days.rest()
        part = found[at : at + _CHUNK]
        tops = sorted({top for top, _ in part})
        net = Net(on.question)
        made = dict(zip(tops, together(net, [closure(net, [top]) for top in tops]), strict=True))
        net.fetch(Need(parties={id for m in made.values() for id in ends_of(m)}))
        for top, id in part:
            proof = steps_of(net.parties, as_hops(made[top].evidence(id)))
            share = {"share": made[top].share(id)}
            yield Change(
                "controller",
                how,
                party_of(net.parties, id),
                party_of(net.parties, top),
                before=share if how == "ended" else {},
                after=share if how == "appeared" else {},
                because=why(days, proof, how),
            )


# --- flags ----------------------------------------------------------------------------------------


def _flags(days: Days, pack: Pack) -> Iterator[Change]:
    listed: set[str] = set()
    for question in (days.early, days.late):
        day = question.ask.as_of
        records = question.store.scan(Scan("records", in_force_on=day))
        listed |= {r.subject for r in records if isinstance(r, Record)}
    ids = sorted(listed)
    for at in range(0, len(ids), _CHUNK):
        days.rest()
        before, after = (
            _because_of(on, pack, ids[at : at + _CHUNK]) for on in (days.early, days.late)
        )
        yield from sorted(flags_changed(days, before, after), key=lambda change: change.order)


def _because_of(question: Question, pack: Pack, ids: Iterable[str]) -> list[Flag]:
    engine = Engine(question, pack)
    parties = {p.id: p for p in question.parties(ids, records=True).values()}
    cases = [case for case in map(engine.case, parties.values()) if case is not None]
    return engine.flags(cases)
