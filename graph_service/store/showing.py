"""How stored rows become what answers show: the same on every engine."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from graph_service.days import Day
from graph_service.identity import IdKey, key_of, node_of_key
from graph_service.model import Conflict, Hit, Party, Record, Relation, SourceRef, StoredStatement
from graph_service.store import rank
from graph_service.store.derive import OPEN, Precedence, shown_attributes, split_names
from graph_service.store.fields import Fields, field_of
from graph_service.text import fold, uscc

WORDS = 40  # of a query; no name has more that tell
LARGEST = (1 << 63) - 1  # number that an engine can be sent
_Share = tuple[Decimal | None, Decimal | None, Decimal | None]
_UNKNOWN: _Share = (None, None, None)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NOT_ATTRIBUTES = frozenset(
    {"enterprise", "enterprise_name", "person", "person_name", "person_pid", "holder",
     "holder_name", "holder_pid", "controller", "controller_name", "controller_pid", "share",
     "since", "until", "ended", "id_mask", "holder_kind", "person_kind", "controller_kind",
     "branch", "predecessor", "successor", "guarantor", "guarantor_kind", "debtor", "debtor_kind",
     "relative", "party", "party_kind", "other", "other_kind", "same", "same_kind", "bidder",
     "tender"}
)  # fmt: skip


def possible_nodes(key: IdKey, text: str) -> Iterator[int]:
    """The nodes that an id may mean: as a stored or local id, as a key, as a code."""
    yield key.node(text)
    by_key = node_of_key(text)
    if by_key is not None:
        yield by_key
    if len(text) == 18 and (code := uscc(text)):
        yield key.node(f"uscc:{code}")


class PartyRow(NamedTuple):
    """A derived party as engines keep it. ``attributes``: compact JSON or nothing."""

    node: int
    id: str
    kind: str
    name: str
    known: bool
    attributes: str
    aliases: tuple[str, ...]


def party(
    row: PartyRow, records: tuple[Record, ...] = (), sources: tuple[SourceRef, ...] = ()
) -> Party:
    """A party as answers show it."""
    made = _with_code(row.id[5:]) if row.id.startswith("uscc:") else shown_attributes
    return Party(
        row.id,
        row.kind,
        row.name,
        key_of(row.node),
        row.aliases,
        Fields(row.attributes, made),
        row.known,
        records,
        sources,
    )


def _with_code(code: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda values: shown_attributes({"uscc": code, **values})


def hit(row: PartyRow, wanted: str, folded: str, letters: str, exact: bool) -> Hit:
    """A party that a search found. ``wanted`` and ``folded``: the folded query and name;
    ``letters``: the party's pinyin initials; ``exact``: found by its id or whole name."""
    shown = party(row)
    others = split_names(shown.attributes) if '_names":' in row.attributes else []
    score, place = rank.score(wanted, [folded, *map(fold, others)], letters.split())
    return Hit(shown, 1.0 if exact else score, [shown.name, *others][place])


class RecordRow(NamedTuple):
    """A derived record as engines keep it; days are ordinals, 0 unknown."""

    id: str
    subject: str
    honour: bool
    list: str
    label: bool
    decided: Day
    listed: Day
    valid_until: Day
    status: str
    until: Day
    values: str


def record(row: RecordRow, source: SourceRef) -> Record:
    """A record as answers show it."""
    values: dict[str, str] = json.loads(row.values)
    fine = values.get("fine_amount")
    personally = values.get("personally_responsible")
    return Record(
        id=row.id,
        subject=row.subject,
        honour=row.honour,
        list=row.list,
        label=row.label,
        document_no=values.get("document_no"),
        authority=values.get("authority"),
        basis=values.get("basis"),
        reason=values.get("reason"),
        measures=values.get("measures"),
        penalty_kind=values.get("penalty_kind"),
        fine=Decimal(fine.split(" ")[0]) if fine else None,
        personally_responsible=None if personally is None else personally == "yes",
        disclosure=values.get("disclosure"),
        decided=row.decided or None,
        listed=row.listed or None,
        valid_until=row.valid_until or None,
        status=row.status or None,
        until=row.until or None,
        sources=(source,),
    )


class RelationRow(NamedTuple):
    """A derived relation as engines keep it; current on ``[start, stop)``. Shares in 1e-18."""

    type: str
    from_id: str
    to_id: str
    role: str
    since: Day
    until: Day
    ended: bool
    start: Day
    stop: Day
    low: int
    high: int
    id: str
    values: str
    nominator: str


def relation(row: RelationRow, sources: tuple[SourceRef, ...], day: Day) -> Relation:
    """A relation seen on a day."""
    (type_, from_id, to_id, role, since, until, ended, start, stop, low, high, id_, values,
     nominator) = row  # fmt: skip
    attributes: Mapping[str, str] = Fields(values, _attributes)
    if nominator:
        attributes = {**attributes, "nominee_for": nominator}
    share, share_min, share_max = _UNKNOWN
    if low >= 0:
        share, share_min, share_max = _share(field_of(values, "share"), low, high)
    return Relation(
        id_,
        type_,
        from_id,
        to_id,
        role or None,
        field_of(values, "title") or (None if role else field_of(values, "role")),
        share,
        share_min,
        share_max,
        _exact(field_of(values, "votes")),
        since or None,
        None if until >= OPEN else until,
        ended,
        ended or not start <= day < stop,
        attributes,
        sources,
    )


def _attributes(values: dict[str, str]) -> dict[str, str]:
    shown = {field: value for field, value in values.items() if field not in _NOT_ATTRIBUTES}
    if values.get("share", "0")[0] in "[(":
        shown["share"] = values["share"]  # an open bound, which the exact figures cannot say
    return shown


@lru_cache(maxsize=16_384)
def _share(text: str | None, low: int, high: int) -> _Share:
    """(share, lower, upper) of a stake about which something is known."""
    if low == high and text and _NUMBER.fullmatch(text):
        exact = Decimal(text)
        return exact, exact, exact
    bounds = [Decimal(number) for number in _NUMBER.findall(text or "")]
    if len(bounds) == 1:
        return bounds[0], bounds[0], bounds[0]
    if len(bounds) == 2 and bounds[0] != bounds[1]:
        return None, bounds[0], bounds[1]
    exact = bounds[0] if bounds else Decimal(low).scaleb(-18)
    return exact, exact, exact


def _exact(text: str | None) -> Decimal | None:
    if not text or not text[0].isdigit() or "-" in text:
        return None
    return Decimal(text)


def conflicts(
    statements: Iterable[StoredStatement], wanted: Collection[str], precedence: Precedence
) -> list[Conflict]:
    """What some statements disagree about, of the parties with these ids, in order."""
    groups: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    for statement in statements:
        if statement.live:
            for party_id, about, value in _claims(statement):
                if party_id in wanted:
                    groups[party_id, about].append(_Claim(value, statement))
    return [
        Conflict(party_id, about, _ranked(said, precedence))
        for (party_id, about), said in sorted(groups.items())
        if _disagree(about, said)
    ]


def _claims(statement: StoredStatement) -> Iterator[tuple[str, str, str]]:
    """(party, about, value) triples of a statement that may contradict another."""
    values: dict[str, str] = json.loads(statement.values)
    if statement.table in ("enterprises", "persons"):
        for field, value in values.items():
            if field not in ("id", "id_mask", "pid"):
                yield statement.a, field, value
    elif statement.table in ("sanctions", "honours"):
        yield statement.a, f"label:{values['list']}", values.get("label", "yes")
    elif statement.type:
        value = values.get("share", "") if statement.type == "SHAREHOLDER_OF" else ""
        end = values.get("until") or ("ended" if values.get("ended") == "yes" else "")
        what = [statement.type, statement.a, statement.b, values.get("role", "")]
        if statement.type != "SHAREHOLDER_OF":
            what.append(values.get("since", ""))
        about = " ".join(filter(None, what))
        for party in {statement.a, statement.b}:
            yield party, about, ":".join(filter(None, (value, end)))


class _Claim(NamedTuple):
    """A value that a statement gives to something."""

    value: str
    statement: StoredStatement


def _disagree(about: str, said: Sequence[_Claim]) -> bool:
    """Whether sources, or rows of one key in one source, give different values.

    Labels conflict whatever row they stand in.
    """
    if len({claim.value for claim in said}) < 2:
        return False
    by_key: dict[tuple[str, int], set[str]] = defaultdict(set)
    by_source: dict[str, set[str]] = defaultdict(set)
    for value, statement in said:
        by_key[statement.source, statement.key].add(value)
        by_source[statement.source].add(value)
    return (
        about.startswith("label:")
        or any(len(values) > 1 for values in by_key.values())
        or len({frozenset(values) for values in by_source.values()}) > 1
    )


def _ranked(said: Sequence[_Claim], precedence: Precedence) -> tuple[tuple[str, SourceRef], ...]:
    """Claims with where they stand, the shown one first."""

    def rank(claim: _Claim) -> tuple[object, ...]:
        made = claim.statement
        return (not made.shown, *precedence.rank(made.source, made.record_date))

    ordered = sorted(said, key=lambda claim: claim.statement.values, reverse=True)
    return tuple(
        dict.fromkeys(
            (claim.value, SourceRef(made.source, made.file, made.row))
            for claim in sorted(ordered, key=rank)
            for made in (claim.statement,)
        )
    )
