"""Exposure: from a listed party outward, every party flagged because of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from graph_service.answers.common import Exposure, Flag
from graph_service.errors import UnknownParty
from graph_service.model import Party, Record
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking
from queries.flags.flagging import Engine
from queries.flags.packs import Pack, load_pack
from queries.records import begins, in_force, sanctions


def exposure(store: Store, subject: Party, ask: Ask, pack: str | Pack = "default") -> Exposure:
    """Every party flagged because of ``subject``; none when it has no record in force.

    Never cut: raises OverBudget instead. ``pack``: a name, a path or a pack.
    """
    return next(exposure_many(store, [subject.id], ask, pack))


def exposure_many(
    store: Store, ids: Collection[str], ask: Ask, pack: str | Pack = "default"
) -> Iterator[Exposure]:
    """The exposure of each party, in the order given, with the store asked once for all.

    Raises UnknownParty for an id that the store does not know.
    """
    rules = as_pack(pack)
    with asking(store, ask) as question:
        known = question.parties(ids, records=True)
        for id in ids:
            if id not in known:
                raise UnknownParty("no party has this id, code or key")
        subjects = {party.id: party for party in known.values()}
        engine = Engine(question, rules)
        flags = _by_listed(engine, subjects.values())
        hubs = engine.matcher.hubs
        for id in ids:
            subject = known[id]
            yield _answer(question, engine, subject, flags.get(subject.id, []), hubs)


def _by_listed(engine: Engine, parties: Iterable[Party]) -> dict[str, list[Flag]]:
    cases = [case for case in map(engine.case, parties) if case is not None]
    found: dict[str, list[Flag]] = {case.party.id: [] for case in cases}
    for flag in engine.flags(cases):
        found[flag.listed.id].append(flag)
    return found


def _answer(
    question: Question, engine: Engine, subject: Party, flags: list[Flag], hubs: Collection[str]
) -> Exposure:
    now = [r for r in sanctions(subject) if in_force(r, question.ask.as_of)]
    return Exposure(
        as_of=question.ask.as_of,
        data_version=question.data_version,
        completeness=question.completeness(
            parties_of(subject, flags), missing=engine.unknowns(), passed_by=hubs
        ),
        subject=subject,
        pack=engine.pack.name,
        pack_hash=engine.pack.hash,
        records=records_in_order(now),
        flags=tuple(flags),
    )


def parties_of(subject: Party, flags: Iterable[Flag]) -> list[Party]:
    """Every party that flags speak of, once."""
    found = {subject.id: subject}
    for flag in flags:
        found[flag.listed.id] = flag.listed
        for step in flag.path:
            found.setdefault(step.start.id, step.start)
            found.setdefault(step.end.id, step.end)
        found[flag.party.id] = flag.party
    return list(found.values())


def records_in_order(records: Iterable[Record]) -> tuple[Record, ...]:
    """Latest first, then by id."""
    return tuple(sorted(records, key=lambda r: (-begins(r), r.id)))


def as_pack(pack: str | Pack) -> Pack:
    """The pack itself, or the one of this name or path."""
    return load_pack(pack) if isinstance(pack, str) else pack
