"""The flags of the whole population, or of a large part of it, in chunks that bound the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from graph_service.answers.common import Flag, FlagAll, Missing
from graph_service.model import Party, Record
from graph_service.store.port import Scan, Store
from queries.ask import Ask, Question, asking
from queries.flags.exposure import as_pack
from queries.flags.flagging import Engine
from queries.flags.flags import flags_of
from queries.flags.packs import Pack
from queries.uncollected import uncollected

_CHUNK = 200
_PARTIES = 1_000  # asked back at once: hubs beside several of them are fetched once
_DEARER = 2  # asking one party back costs as much as asking this many listed ones outward
Progress = Callable[[int, int], None]
Side = Literal["from_listed", "from_parties"]


def flag_stream(store: Store, ask: Ask, pack: str | Pack = "default") -> Iterator[Flag]:
    """Every flag, by listed party in the order of ids, then in the order of flags.

    The time budget binds each chunk of listed parties, not the whole.
    """
    with asking(store, ask) as question:
        for _, flags in _chunks(question, as_pack(pack), list(_listed(question))):
            yield from flags


def flag_all(store: Store, ask: Ask, pack: str | Pack = "default") -> FlagAll:
    """Every flag, in order, and how many there are of each grade."""
    rules = as_pack(pack)
    flags: list[Flag] = []
    missing: set[Missing] = set()
    counts: dict[str, int] = {}
    with asking(store, ask) as question:
        for engine, part in _chunks(question, rules, list(_listed(question))):
            flags.extend(part)
            missing.update(engine.unknowns())
            for flag in part:
                counts[flag.grade] = counts.get(flag.grade, 0) + 1
        flags.sort(key=lambda flag: flag.order)
        return FlagAll(
            as_of=ask.as_of,
            data_version=question.data_version,
            completeness=question.completeness(missing=missing | quarantined(store), rejected=()),
            pack=rules.name,
            pack_hash=rules.hash,
            flags=tuple(flags),
            counts=counts,
        )


def quarantined(store: Store) -> set[Missing]:
    """Quarantined rows, counted: of the whole population each may name a party."""
    counts = Counter((row.source, row.table, row.rule) for row in store.rejected())
    return {
        Missing("quarantined", source, f"{count} rows of {table}: {rule}")
        for (source, table, rule), count in counts.items()
    }


@dataclass(frozen=True, slots=True)
class FlagsOfMany:
    """The flags of each party by id, and what unknown stakes could add to them."""

    flags: Mapping[str, tuple[Flag, ...]]
    missing: frozenset[Missing]


def flags_of_many(
    question: Question,
    rules: Pack,
    parties: Mapping[str, Party],
    progress: Progress = lambda done, total: None,
    side: Side | None = None,
) -> FlagsOfMany:
    """The flags of many parties (by id), asked from the side that is the smaller.

    ``from_listed`` outward when they are few beside ``parties``, else ``from_parties`` back; by
    ``side`` when it is stated. The answer is the same: a party's flags are exactly its part of
    every exposure. The time budget binds each chunk.
    """
    most = _DEARER * len(parties)
    listed = list(_listed(question) if side else islice(_listed(question), most + 1))
    if (side or ("from_parties" if len(listed) > most else "from_listed")) == "from_parties":
        chunks = _back(question, rules, list(parties.values()), progress)
    else:
        chunks = _forward(question, rules, listed, parties, progress)
    flags: dict[str, list[Flag]] = {id: [] for id in parties}
    missing: set[Missing] = set()
    for engine, part, about in chunks:
        missing.update(engine.unknowns(about))
        for flag in part:
            flags[flag.party.id].append(flag)
    ordered = {id: tuple(sorted(own, key=lambda f: f.order)) for id, own in flags.items()}
    return FlagsOfMany(ordered, frozenset(missing))


_Chunk = tuple[Engine, list[Flag], Collection[str]]


def _back(
    question: Question, rules: Pack, parties: list[Party], progress: Progress
) -> Iterator[_Chunk]:
    for start in range(0, len(parties), _PARTIES):
        question.rest()
        progress(start, len(parties))
        engine = Engine(question, rules)
        with uncollected():
            found = flags_of(question, engine, parties[start : start + _PARTIES])
        yield engine, [flag for own in found.values() for flag in own], found
    question.rest()


def _forward(
    question: Question,
    rules: Pack,
    listed: list[str],
    only: Collection[str],
    progress: Progress,
) -> Iterator[_Chunk]:
    done = 0
    for engine, part in _chunks(question, rules, listed, only):
        progress(done, len(listed))
        done += _CHUNK
        yield engine, part, only


def _listed(question: Question) -> Iterator[str]:
    """The parties with a record in force, each once."""
    seen: set[str] = set()
    for record in question.store.scan(Scan("records", in_force_on=question.ask.as_of)):
        if isinstance(record, Record) and record.subject not in seen:
            seen.add(record.subject)
            yield record.subject


def _chunks(
    question: Question, rules: Pack, listed: list[str], only: Collection[str] | None = None
) -> Iterator[tuple[Engine, list[Flag]]]:
    """The flags because of these listed parties; ``only``: those of some parties."""
    ids = sorted(listed)
    for start in range(0, len(ids), _CHUNK):
        question.rest()
        engine = Engine(question, rules)
        with uncollected():
            chunk = question.parties(ids[start : start + _CHUNK], records=True)
            parties = {party.id: party for party in chunk.values()}
            cases = [case for case in map(engine.case, parties.values()) if case is not None]
            flags = engine.flags(cases, only)
        yield engine, flags
    question.rest()
