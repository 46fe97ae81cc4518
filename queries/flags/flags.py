"""Why a party is flagged, or what was looked at to find that it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from graph_service.answers.common import (
    EndedFlag,
    Flag,
    FlagsAnswer,
    FlagsList,
    LookedAt,
    RowAnswer,
)
from graph_service.days import iso
from graph_service.errors import AmbiguousName, UnknownParty
from graph_service.model import Party, RejectedRow
from graph_service.store.port import Store
from queries.ask import Ask, Question, asking
from queries.flags.back import candidates
from queries.flags.exposure import as_pack, parties_of
from queries.flags.flagging import EVER, Case, Engine
from queries.flags.packs import Pack, Rule
from queries.net import together
from queries.records import ending, in_force, is_ended, sanctions
from queries.resolve import resolve

_CHUNK = 100
_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Part:
    flags: tuple[Flag, ...]
    ended: tuple[EndedFlag, ...]
    looked_at: LookedAt
    rows: tuple[RejectedRow, ...]


def flags(store: Store, party: Party, ask: Ask, pack: str | Pack = "default") -> FlagsAnswer:
    """The flags of one party: exactly its part of every exposure.

    Never cut: raises OverBudget instead. ``pack``: a name, a path or a pack.
    """
    rules = as_pack(pack)
    with asking(store, ask) as question:
        engine = Engine(question, rules, EVER)
        part = _parts(question, engine, [party])[party.id]
        about = parties_of(party, part.flags)
        return FlagsAnswer(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(
                about,
                missing=engine.unknowns([party.id]),
                passed_by=engine.matcher.hubs,
            ),
            party=party,
            pack=rules.name,
            pack_hash=rules.hash,
            flags=part.flags,
            ended=part.ended,
            looked_at=part.looked_at,
        )


def flags_list(
    store: Store, rows: Iterable[tuple[int, str]], ask: Ask, pack: str | Pack = "default"
) -> FlagsList:
    """The flags of many parties, each given as (row, what names it), in the rows' order.

    A row that names no party, or several, is answered with an error code. The time budget binds
    each part of the list.
    """
    rules = as_pack(pack)
    answers: list[RowAnswer] = []
    about: dict[str, Party] = {}
    missing = set()
    with asking(store, ask) as question:
        given = list(rows)
        for start in range(0, len(given), _CHUNK):
            question.rest()
            named = [(row, text, *_named(store, text)) for row, text in given[start:][:_CHUNK]]
            parties = {party.id: party for _, _, party, _ in named if party is not None}
            engine = Engine(question, rules, EVER)
            parts = _parts(question, engine, list(parties.values()))
            about.update(parties)
            missing.update(engine.unknowns(parties.keys()))
            for row, text, party, error in named:
                answers.append(_row(row, text, party, error, parts))
        return FlagsList(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(about.values(), missing=missing),
            pack=rules.name,
            pack_hash=rules.hash,
            answers=tuple(answers),
        )


def _named(store: Store, text: str) -> tuple[Party | None, UnknownParty | AmbiguousName | None]:
    try:
        return resolve(store, text), None
    except (UnknownParty, AmbiguousName) as error:
        return None, error


def _row(
    row: int,
    text: str,
    party: Party | None,
    error: UnknownParty | AmbiguousName | None,
    parts: dict[str, _Part],
) -> RowAnswer:
    if party is None:
        found = error.candidates if isinstance(error, AmbiguousName) else ()
        code = "" if error is None else error.code
        return RowAnswer(row, text, error=code, candidates=found)
    part = parts[party.id]
    return RowAnswer(row, text, party, part.flags, part.ended, part.looked_at)


def flags_of(
    question: Question, engine: Engine, parties: Sequence[Party]
) -> dict[str, tuple[Flag, ...]]:
    """By id, the flags of several parties and nothing else, the store asked once for all."""
    around = _around(question, engine, parties)
    flags: dict[str, list[Flag]] = {id: [] for id in around.ids}
    for flag in engine.flags(around.cases, around.ids):
        flags[flag.party.id].append(flag)
    return {id: tuple(own) for id, own in flags.items()}


class _Around(NamedTuple):
    """Who may flag some parties: ``met`` by party, in their order; all of them with records; and
    those that are listed."""

    ids: set[str]
    met: list[set[str]]
    people: dict[str, Party]
    cases: list[Case]


def _around(question: Question, engine: Engine, parties: Sequence[Party]) -> _Around:
    ids = {party.id for party in parties}
    met = together(
        engine.net, [candidates(engine.matcher, engine.rules, party.id) for party in parties]
    )
    near = question.parties(sorted(set().union(ids, *met)), records=True)
    people = {party.id: party for party in near.values()}
    cases = [case for case in map(engine.case, people.values()) if case is not None]
    return _Around(ids, met, people, cases)


def _parts(question: Question, engine: Engine, parties: Sequence[Party]) -> dict[str, _Part]:
    """By id, the flags of several parties, the store asked once for all."""
    around = _around(question, engine, parties)
    people = around.people
    flags = engine.flags(around.cases, around.ids)
    ended = _ended(question, engine, people.values(), around.cases, flags, around.ids)
    rejected = question.rejected_each(parties)
    parts = {}
    for party, met in zip(parties, around.met, strict=True):
        rows = rejected[party.id]
        parts[party.id] = _Part(
            tuple(flag for flag in flags if flag.party.id == party.id),
            tuple(item for item in ended if item.flag.party.id == party.id),
            _looked_at(engine, party.id, [people[id] for id in met if id in people], len(rows)),
            rows,
        )
    return parts


def _looked_at(engine: Engine, id: str, near: Iterable[Party], quarantined: int) -> LookedAt:
    counts: dict[str, int] = {}
    net = engine.net
    ties = {r.id: r for r in (*net.out[id], *net.into[id], *net.beside[id], *net.past[id])}
    for r in ties.values():
        counts[r.type] = counts.get(r.type, 0) + 1
    return LookedAt(
        records=sum(len(sanctions(party)) for party in near),
        relations=dict(sorted(counts.items())),
        rules=tuple(rule.id for rule in engine.rules),
        quarantined=quarantined,
    )


def _ended(
    question: Question,
    engine: Engine,
    people: Iterable[Party],
    cases: Sequence[Case],
    flags: Iterable[Flag],
    only: set[str],
) -> list[EndedFlag]:
    """What would be a flag but for an ended tie, or but for an ended record."""
    true = {_key(flag) for flag in flags}
    found = [
        _not_a_flag(flag, *_tie_ended(flag))
        for flag in engine.flags_but_for_ended_ties(cases, only)
        if _key(flag) not in true
    ]
    past = [_past_case(engine.rules, party, question.ask.as_of) for party in people]
    found += [
        _not_a_flag(flag, *ending(flag.record))
        for flag in engine.flags_but_for_ended_records([c for c in past if c is not None], only)
        if _key(flag) not in true
    ]
    return sorted(found, key=lambda item: item.flag.order)


def _past_case(rules: Iterable[Rule], party: Party, day: int) -> Case | None:
    """The case that a party's ended records would make, for rules that nothing in force serves."""
    engine_records = sanctions(party)
    over = [record for record in engine_records if is_ended(record, day)]
    past = Case.of(party, over, rules)
    if past is None:
        return None
    now = Case.of(party, [r for r in engine_records if in_force(r, day)], rules)
    if now is None:
        return past
    left = {rule: found for rule, found in past.records.items() if not now.records[rule]}
    return replace(past, records=left) if any(left.values()) else None


def _key(flag: Flag) -> _Key:
    return (flag.party.id, flag.listed.id, flag.grade, flag.rule)


def _tie_ended(flag: Flag) -> tuple[str, str]:
    day = iso(flag.path[0].relation.until)
    return (
        f"该关联已于{day}终止" if day else "该关联已终止，日期不详",
        f"the tie ended on {day}" if day else "the tie has ended, day unknown",
    )


def _not_a_flag(flag: Flag, zh: str, en: str) -> EndedFlag:
    said = replace(
        flag,
        statement_zh=f"不构成标记：{zh}。{flag.statement_zh}",
        statement_en=f"No flag: {en}. {flag.statement_en}",
    )
    return EndedFlag(said, zh, en)
