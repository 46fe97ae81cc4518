"""What follows from statements: pure rules shared by every engine.

The rules are those of "Statements, sources and conflicts": within one source the winning variant,
between sources precedence, and of stakes one source's total on any day. Nothing here depends on the
order in which statements are given.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from graph_service.days import Day

OPEN = 10_000_000  # beyond every day; engines store it for "still"
UNKNOWN_DAY = -1  # an end that is known, on a day that is not


class Stated(NamedTuple):
    """A live statement as derivation needs it. Days are ordinals, 0 unknown or open."""

    sid: int
    source: str
    key: int
    a: int
    role: str
    since: Day
    until: Day
    ended: int
    low: int
    high: int
    record_date: Day
    values: str


@dataclass(frozen=True, slots=True)
class Derived:
    """One shown relation: the statement it shows, the days ``[start, end)`` on which it is current.

    ``until`` is shown (``OPEN``: still); ``others`` are statements that say the same.
    """

    shown: Stated
    key: int
    start: Day
    end: Day
    until: Day
    ended: int
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """All relations of one type between two parties, and how often their sources disagree."""

    relations: list[Derived]
    conflicts: int


class Precedence:
    """The stated order of sources, else the later ``record_date``, else the source's name."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        self._place = {source: place for place, source in enumerate(order)}
        self._last = len(order)

    def rank(self, source: str, record_date: Day) -> tuple[int, int, str]:
        """Smaller comes first."""
        return (self._place.get(source, self._last), -record_date, source)


def winner(variants: Iterable[Stated]) -> Stated:
    """Of several values of one key in one source: open before ended, later until, larger value."""
    return max(variants, key=_weight)


def _weight(row: Stated) -> tuple[int, int, int, int, str]:
    return (0 if row.ended else 1, row.until or OPEN, row.high, row.low, row.values)


def winners(rows: Iterable[Stated]) -> list[Stated]:
    """One statement per source and natural key."""
    groups: dict[tuple[str, int], list[Stated]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.key].append(row)
    return [group[0] if len(group) == 1 else winner(group) for group in groups.values()]


def relations(
    rows: Sequence[Stated], stake: bool, precedence: Precedence, dissolved: Day = 0
) -> Unit:
    """The relations of one type between two parties.

    ``dissolved``: the day on which the deregistration of an end ended all its ties (0: none,
    ``UNKNOWN_DAY``: ended, on an unknown day).
    """
    unit = _stakes(rows, precedence) if stake else _ties(rows, precedence)
    if dissolved:
        unit.relations[:] = [_capped(relation, dissolved) for relation in unit.relations]
    unit.relations.sort(key=lambda relation: (relation.start, relation.key))
    return unit


def _capped(relation: Derived, day: Day) -> Derived:
    ended = 1 if day == UNKNOWN_DAY and relation.until == OPEN else relation.ended
    if day == UNKNOWN_DAY or relation.ended:
        return _but(relation, relation.end, relation.until, ended)
    return _but(relation, min(relation.end, day), min(relation.until, day), ended)


def _but(relation: Derived, end: Day, until: Day, ended: int) -> Derived:
    return Derived(relation.shown, relation.key, relation.start, end, until, ended, relation.others)


def _ties(rows: Sequence[Stated], precedence: Precedence) -> Unit:
    groups: dict[tuple[str, Day], list[Stated]] = defaultdict(list)
    for row in winners(rows):
        groups[row.role, row.since].append(row)
    found, conflicts = [], _variants(rows)
    for group in groups.values():
        shown, others, disagree = _agreed(group, precedence)
        found.append(_plain(shown, min(row.key for row in group), others))
        conflicts += disagree
    return Unit(found, conflicts)


def _plain(shown: Stated, key: int, others: tuple[int, ...]) -> Derived:
    until = shown.until or OPEN
    return Derived(shown, key, shown.since, until, until, shown.ended, others)


def _agreed(group: Sequence[Stated], precedence: Precedence) -> tuple[Stated, tuple[int, ...], int]:
    """The statement shown of some about one thing, those that agree with it, 1 if any does not."""
    ranked = sorted(group, key=lambda row: (*precedence.rank(row.source, row.record_date), row.key))
    shown, rest = ranked[0], ranked[1:]
    agreeing = tuple(row.sid for row in rest if _same_fact(row, shown))
    sources_differ = any(row.source != shown.source and not _same_fact(row, shown) for row in rest)
    return shown, agreeing, int(sources_differ)


def _same_fact(one: Stated, other: Stated) -> bool:
    return (one.until, one.ended, one.low, one.high) == (
        other.until,
        other.ended,
        other.low,
        other.high,
    )


def _stakes(rows: Sequence[Stated], precedence: Precedence) -> Unit:
    """On any day one source's total, and of its rows of one holder the latest that holds."""
    stated, variants = winners(rows), _variants(rows)
    past = [row for row in stated if row.ended]
    dated = [row for row in stated if not row.ended]
    if len(dated) == 1:
        unit = Unit([_plain(dated[0], dated[0].key, ())], 0)
    else:
        unit = _timeline(dated, precedence)
    if past:
        ended = _ties(past, precedence)
        unit.relations.extend(ended.relations)
    return Unit(unit.relations, unit.conflicts + variants)


def _variants(rows: Sequence[Stated]) -> int:
    """How many natural keys one source gives several values in one load."""
    facts: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in rows:
        facts[row.source, row.key].add(row.values)
    return sum(len(values) > 1 for values in facts.values())


def _timeline(rows: Sequence[Stated], precedence: Precedence) -> Unit:
    edges = sorted({row.since for row in rows} | {row.until or OPEN for row in rows})
    open_: dict[int, Derived] = {}
    found: list[Derived] = []
    disagreements: set[tuple[str, ...]] = set()
    for start, end in pairwise(edges):
        chosen, others, differing = _counted(rows, start, precedence)
        if differing:
            disagreements.add(differing)
        for row in chosen:
            before = open_.get(row.sid)
            if before is not None and before.end == start and before.others == others:
                open_[row.sid] = _but(before, end, before.until, before.ended)
                continue
            if before is not None:
                found.append(before)
            until = row.until or OPEN
            open_[row.sid] = Derived(row, row.key, start, end, until, 0, others)
    return Unit(found + list(open_.values()), len(disagreements))


def _counted(
    rows: Sequence[Stated], day: Day, precedence: Precedence
) -> tuple[list[Stated], tuple[int, ...], tuple[str, ...]]:
    """The rows that count on a day, the sids of sources that agree, the sources that do not."""
    by_source: dict[str, dict[int, Stated]] = defaultdict(dict)
    for row in rows:
        if row.since <= day < (row.until or OPEN):
            held = by_source[row.source].get(row.a)
            if held is None or (row.since, _weight(row)) > (held.since, _weight(held)):
                by_source[row.source][row.a] = row
    if not by_source:
        return [], (), ()
    totals = {source: _total(list(held.values())) for source, held in by_source.items()}
    first = min(
        by_source,
        key=lambda source: precedence.rank(
            source, max(row.record_date for row in by_source[source].values())
        ),
    )
    agreeing = [source for source in by_source if totals[source] == totals[first]]
    others = tuple(
        sorted(
            row.sid for source in agreeing if source != first for row in by_source[source].values()
        )
    )
    differing = tuple(sorted(set(by_source) - set(agreeing)))
    chosen = sorted(by_source[first].values(), key=lambda row: row.key)
    return chosen, others, (first, *differing) if differing else ()


def _total(rows: Sequence[Stated]) -> tuple[int, int]:
    if any(row.low < 0 for row in rows):
        return (-1, -1)
    return (sum(row.low for row in rows), sum(row.high for row in rows))


@dataclass(frozen=True, slots=True)
class DerivedParty:
    """A party's shown name and attributes, and the fields on which its rows disagree."""

    name: str
    attributes: dict[str, str]
    conflicts: frozenset[str]


def split_names(attributes: Mapping[str, str]) -> list[str]:
    """The former names of a party, and the names that other statements give it."""
    found = f"{attributes.get('former_names', '')};{attributes.get('other_names', '')}"
    return [name.strip() for name in found.replace("；", ";").split(";") if name.strip()]


_IDENTIFIERS = frozenset({"id", "pid", "id_mask", "uscc"})
_NOT_ATTRIBUTES = frozenset({"id", "name", "pid", "id_mask", "uscc"})


def party(rows: Sequence[Stated], precedence: Precedence) -> DerivedParty:
    """What a party's own rows say together: per field the first source that states it."""
    if len(rows) == 1:
        values: dict[str, str] = json.loads(rows[0].values)
        return DerivedParty(values.get("name", ""), values, frozenset())
    ranked = sorted(
        winners(rows), key=lambda row: (*precedence.rank(row.source, row.record_date), row.key)
    )
    merged: dict[str, str] = {}
    for row in ranked:
        for field, value in json.loads(row.values).items():
            merged.setdefault(field, value)
    said: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for field, value in json.loads(row.values).items():
            said[field].add(value)
    conflicts = frozenset(
        field for field, values in said.items() if len(values) > 1 and field not in _IDENTIFIERS
    )
    others = said["name"] - {merged.get("name", "")}
    if others:
        merged["other_names"] = ";".join(sorted(others))
    return DerivedParty(merged.get("name", ""), merged, conflicts)


def shown_attributes(values: Mapping[str, Any]) -> dict[str, str]:
    """The attributes that answers show of a party's (merged) values."""
    shown = {field: str(value) for field, value in values.items() if field not in _NOT_ATTRIBUTES}
    if "uscc" in values:
        shown["uscc"] = str(values["uscc"]).removeprefix("uscc:")
    if "id_mask" in values:
        shown["id_number"] = str(values["id_mask"])
    return shown
