"""The flags of the whole population, listed parties in chunks, so that memory stays bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graph_service.answers import Flag, FlagAll, Missing
from graph_service.model import Record
from graph_service.store.port import Scan, Store
from queries.ask import Ask, Question, asking
from queries.exposure import as_pack
from queries.flagging import Engine
from queries.packs import Pack

_CHUNK = 200


def flag_stream(store: Store, ask: Ask, pack: str | Pack = "default") -> Iterator[Flag]:
    """Every flag, by listed party in the order of ids, then in the order of flags.

    The time budget binds each chunk of listed parties, not the whole.
    """
    with asking(store, ask) as question:
        for _, flags in _chunks(question, as_pack(pack)):
            yield from flags


def flag_all(store: Store, ask: Ask, pack: str | Pack = "default") -> FlagAll:
    """Every flag, in order, and how many there are of each grade."""
    rules = as_pack(pack)
    flags: list[Flag] = []
    missing: set[Missing] = set()
    counts: dict[str, int] = {}
    with asking(store, ask) as question:
        for engine, part in _chunks(question, rules):
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


def _chunks(question: Question, rules: Pack) -> Iterator[tuple[Engine, list[Flag]]]:
    records = question.store.scan(Scan("records", in_force_on=question.ask.as_of))
    ids = sorted({record.subject for record in records if isinstance(record, Record)})
    for start in range(0, len(ids), _CHUNK):
        question.rest()
        engine = Engine(question, rules)
        chunk = question.parties(ids[start : start + _CHUNK], records=True)
        parties = {party.id: party for party in chunk.values()}
        cases = [case for case in map(engine.case, parties.values()) if case is not None]
        yield engine, engine.flags(cases)
    question.rest()
