"""The questions as both front doors ask them: options as text in, the answer's JSON out.

The command line and the HTTP service call the same functions, so their answers are the same.
Nothing here knows of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from graph_service.answers.common import RowAnswer
from graph_service.days import Day, parse_iso, parse_span, today
from graph_service.errors import UsageError
from graph_service.identity import IdKey
from graph_service.model import Budget, Party
from graph_service.schema import RELATIONS
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.text import citizen_id, fold
from graph_service.wire.common import flag as flag_json
from graph_service.wire.common import to_json
from graph_service.wire.statute import bars as bars_json
from queries.ask import Ask, with_missing
from queries.dossier import show as ask_show
from queries.flags.exposure import exposure as ask_exposure
from queries.flags.flags import flags as ask_flags
from queries.flags.flags import flags_list
from queries.flags.packs import load_pack
from queries.flags.population import flag_all as ask_flag_all
from queries.info import info as ask_info
from queries.resolve import resolve
from queries.search import search as ask_search
from queries.statute.barred import bars as ask_bars
from queries.walk.paths import paths as ask_paths
from queries.walk.trace import trace as ask_trace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class When:
    """What every question takes: ``as_of`` as YYYY-MM-DD, ``look_back`` as 3y, 12m or 90d."""

    as_of: str | None = None
    look_back: str | None = None


def day_of(text: str | None, option: str = "--as-of") -> Day:
    """The day of YYYY-MM-DD, today when None; raises UsageError, which names the option."""
    if text is None:
        return today()
    try:
        if len(text) == 10:
            return parse_iso(text)
    except ValueError:
        pass
    raise UsageError(f"{option} is not a day", "Write it as 2024-01-31.")


def data_day_of(text: str | None) -> Day | None:
    """The day of full data, None when none is given; raises UsageError.

    A day to come would hold for earlier data until it is past, so a slip of the pen is refused.
    """
    if text is None:
        return None
    day = day_of(text, "--data-date")
    if day > today():
        raise UsageError("--data-date is a day to come", "Give the day on which the data stood.")
    return day


def ask_of(settings: Settings, when: When) -> Ask:
    """The options of a question from its texts and the settings; raises UsageError."""
    try:
        span = None if when.look_back is None else parse_span(when.look_back)
    except ValueError:
        raise UsageError("--look-back is not a span", "Write it as 3y, 12m or 90d.") from None
    return Ask(
        as_of=day_of(when.as_of),
        look_back=span,
        budget=Budget(
            hops=settings.hops,
            parties=settings.max_parties,
            per_party=settings.per_party,
            seconds=settings.seconds,
        ),
        hub_contact=settings.hub_contact,
    )


def types_of(text: str | None) -> frozenset[str] | None:
    """Relation types of a comma-separated list; raises UsageError with the nearest name."""
    if not text:
        return None
    names = frozenset(part.strip() for part in text.split(",") if part.strip())
    for name in sorted(names - RELATIONS.keys()):
        close = get_close_matches(name.upper(), RELATIONS, 1)
        hint = f"Did you mean {close[0]}?" if close else "Types: " + ", ".join(RELATIONS)
        raise UsageError(f"unknown relation type {name}", hint)
    return names


def share_of(text: str | None, option: str = "--min-share") -> Decimal | None:
    """A share in [0, 1] from ``0.25`` or ``25%``; raises UsageError, which names the option."""
    if text is None:
        return None
    folded = fold(text)
    try:
        value = Decimal(folded.removesuffix("%"))
        value = value / 100 if folded.endswith("%") else value
        if 0 <= value <= 1:
            return value
    except InvalidOperation:
        pass
    raise UsageError(f"{option} is not a share", "Write it as 0.25 or 25%.")


def party_of(store: Store, text: str) -> Party:
    """The party that ``text`` names; raises UnknownParty or AmbiguousName."""
    return resolve(store, text)


def trace(
    store: Store,
    settings: Settings,
    party: str,
    when: When,
    *,
    depth: int | None = None,
    types: str | None = None,
    min_share: str | None = None,
    known_only: bool = False,
    per_party: int | None = None,
) -> Json:
    """The walk from a party."""
    ask = ask_of(settings, when)
    kinds, share = types_of(types), share_of(min_share)
    with store.reading():
        answer = ask_trace(
            store,
            party_of(store, party),
            ask,
            depth=depth,
            types=kinds,
            min_share=share,
            known_only=known_only,
            per_party=per_party,
        )
    return to_json(answer)


def paths(
    store: Store,
    settings: Settings,
    start: str,
    end: str,
    when: When,
    *,
    k: int = 6,
    all_simple: bool = False,
    types: str | None = None,
    avoid: Sequence[str] = (),
    require: Sequence[str] = (),
) -> Json:
    """Ties between two parties. ``avoid`` and ``require`` take ids and relation types."""
    ask, followed = ask_of(settings, when), types_of(types)
    with store.reading():
        avoided, avoided_types = _parties_and_types(store, avoid)
        required, required_types = _parties_and_types(store, require)
        answer = ask_paths(
            store,
            party_of(store, start),
            party_of(store, end),
            ask,
            k=k,
            all_simple=all_simple,
            types=followed,
            avoid=avoided,
            require=required,
            avoid_types=avoided_types,
            require_types=required_types,
        )
    return to_json(answer)


def _parties_and_types(store: Store, texts: Sequence[str]) -> tuple[list[str], list[str]]:
    parties = [party_of(store, text).id for text in texts if text not in RELATIONS]
    return parties, [text for text in texts if text in RELATIONS]


def exposure(store: Store, settings: Settings, party: str, when: When, pack: str) -> Json:
    """Every party flagged because of a listed one."""
    ask, rules = ask_of(settings, when), load_pack(pack)
    with store.reading():
        return to_json(ask_exposure(store, party_of(store, party), ask, rules))


def flags(store: Store, settings: Settings, party: str, when: When, pack: str) -> Json:
    """Why a party is flagged, or what was looked at."""
    ask, rules = ask_of(settings, when), load_pack(pack)
    with store.reading():
        return to_json(ask_flags(store, party_of(store, party), ask, rules))


def flags_of_list(
    store: Store, settings: Settings, rows: Iterable[tuple[int, str]], when: When, pack: str
) -> Json:
    """The flags of many parties, each given as (row, what names it), in the rows' order."""
    return to_json(flags_list(store, rows, ask_of(settings, when), load_pack(pack)))


def marks(store: Store, settings: Settings, parties: Sequence[str], when: When, pack: str) -> Json:
    """Who of many parties is listed or flagged because of another, gravest grade first, by key."""
    rows = enumerate(dict.fromkeys(parties))
    answer = flags_list(store, rows, ask_of(settings, when), load_pack(pack))
    found = {row.given: _mark(row) for row in answer.answers if row.party is not None}
    shown = to_json(replace(answer, answers=()))
    del shown["answers"]
    return {**shown, "marks": found}


def _mark(row: RowAnswer) -> Json:
    ties = [flag for flag in row.flags if flag.listed != flag.party]
    first = ties[0] if ties else None
    return {
        "listed": len(ties) < len(row.flags),
        "grade": first and first.grade,
        "severity": first and first.severity,
    }


def flag_all(store: Store, settings: Settings, when: When, pack: str) -> Json:
    """The flags of the whole population."""
    return to_json(ask_flag_all(store, ask_of(settings, when), load_pack(pack)))


def flag_all_parts(
    store: Store, settings: Settings, when: When, pack: str
) -> tuple[Json, Iterator[Json]]:
    """``flag_all`` in two parts, to be written out without all of its JSON in memory: the answer
    without its flags, and the flags one by one."""
    answer = ask_flag_all(store, ask_of(settings, when), load_pack(pack))
    summary = to_json(replace(answer, flags=()))
    del summary["flags"]
    return summary, map(flag_json, answer.flags)


def show(store: Store, settings: Settings, party: str, when: When, pack: str) -> Json:
    """The dossier of a party, with what it is barred from."""
    ask, rules = ask_of(settings, when), load_pack(pack)
    with store.reading():
        answer = ask_show(store, party_of(store, party), ask, rules)
        found = ask_bars(store, answer.party, ask)
    complete = with_missing(answer.completeness, found.missing)
    return {**to_json(replace(answer, completeness=complete)), "barred": bars_json(found.bars)}


def search(
    store: Store, settings: Settings, text: str, when: When, kind: str | None, limit: int
) -> Json:
    """Parties by name, former name, code, id or initials."""
    kinds = (kind,) if kind else ()
    return to_json(ask_search(store, text, kinds, limit, ask_of(settings, when)))


def search_id_number(store: Store, settings: Settings, key: IdKey, number: str) -> Json:
    """The person with this ID number; raises UsageError, which does not repeat it."""
    checked = citizen_id(number, date.fromordinal(today()))
    if checked is None:
        raise UsageError("not an ID number", "18 characters with a right check character.")
    return search(store, settings, f"pid:{key.id_hash(checked[0])}", When(), None, 1)


def info(store: Store, when: When) -> Json:
    """Counts, sources and digest."""
    return to_json(ask_info(store, day_of(when.as_of)))
