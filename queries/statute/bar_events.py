"""What bars rest on: bankruptcies, revoked licences, orders to close, and who answers for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graph_service.codes import code_of
from graph_service.days import Day, parse_iso
from graph_service.model import Party, Record
from queries.records import begins, sanctions
from queries.statute.bar_law import (
    BANKRUPTCY,
    CLOSED,
    REVOKED,
    annulled,
    day_of,
    kinds,
    says_ended,
    speaks_of_bankruptcy,
    words,
)

_FIRM = re.compile("有限公司|有限责任公司|股份公司|集团公司|合伙企业|厂(?!长)")
_STATUS = {"revoked": REVOKED, "ordered_closed": CLOSED}


class Event(NamedTuple):
    """Something that happened to an enterprise, and what its own records say of responsibility.

    ``day`` None: not known. ``sure`` False: the day is only that of a record about it.
    ``responsible``: whether a record about the enterprise says that its people answer for it
    (None: nothing said); ``record`` is that record, else the one that states the event.
    ``named`` False: that record does not say what it is about.
    """

    kind: str
    enterprise: Party
    day: Day | None
    sure: bool
    record: Record | None
    responsible: bool | None
    named: bool


class Finding(NamedTuple):
    """What a record about a person says of an event: answers for it or not, and how surely."""

    record: Record
    responsible: bool
    sure: bool


def valid(party: Party, day: Day) -> list[Record]:
    """The party's sanction records that speak on a day: begun, and the decision not set aside."""
    return [r for r in sanctions(party) if begins(r) <= day and not annulled(r, day)]


def events_of(enterprise: Party, day: Day, told: Iterable[Record] = ()) -> list[Event]:
    """The bankruptcy, the revoked licence and the order to close of an enterprise, by ``day``.

    ``told``: records of others that name it; they tell that something happened, but not when.
    """
    records, others = valid(enterprise, day), list(told)
    status = enterprise.attributes.get("status", "")
    if not (records or others or _closes(status) or speaks_of_bankruptcy(status)):
        return []
    found = []
    for kind, when in (
        (BANKRUPTCY, _bankruptcy(enterprise, records, others)),
        (REVOKED, _closing(enterprise, records, others, REVOKED)),
        (CLOSED, _closing(enterprise, records, others, CLOSED)),
    ):
        if when is not None and (when[0] is None or when[0] <= day):
            found.append(_event(kind, enterprise, when, records))
    return found


def _closes(status: str) -> str | None:
    """The closing that a registered status is, if it is one."""
    return _STATUS.get(code_of("statuses", status) or "")


_When = tuple[Day | None, bool]


def _attribute_day(party: Party, name: str) -> Day | None:
    try:
        return parse_iso(party.attributes.get(name, ""))
    except ValueError:
        return None


def _closing(
    enterprise: Party, records: Iterable[Record], told: Iterable[Record], kind: str
) -> _When | None:
    """The day of a closing: as registered, else the first decision about it, else as told."""
    registered = _closes(enterprise.attributes.get("status", ""))
    about = [r for r in records if kind in kinds(r)]
    if registered == kind and (day := _attribute_day(enterprise, "status_date")):
        return day, True
    days = [day for r in about if (day := day_of(r)) is not None]
    if days:
        return min(days), True
    if about or registered == kind:
        return None, False
    return _first_told(r for r in told if kind in kinds(r))


def _first_told(told: Iterable[Record]) -> _When | None:
    """The first day that somebody's records tell of an event; never sure."""
    about = list(told)
    days = [day for r in about if (day := day_of(r)) is not None]
    return (min(days, default=None), False) if about else None


def _bankruptcy(
    enterprise: Party, records: Iterable[Record], told: Iterable[Record]
) -> _When | None:
    """The day on which a bankruptcy was wound up: as ruled, as registered, else as a record's."""
    status = enterprise.attributes.get("status", "")
    about = [r for r in records if BANKRUPTCY in kinds(r)]
    by_others = [r for r in told if BANKRUPTCY in kinds(r)]
    if not about and not by_others and not speaks_of_bankruptcy(status):
        return None
    ruled = [day for r in about if says_ended(words(r)) and (day := day_of(r)) is not None]
    if ruled:
        return min(ruled), True
    over = speaks_of_bankruptcy(status) and says_ended(status)
    registered = _attribute_day(enterprise, "status_date") if over else None
    if registered or (registered := _attribute_day(enterprise, "dissolved")):
        return registered, True
    own = _first_told(about)
    if own is None and not speaks_of_bankruptcy(status):
        return _first_told(by_others)
    return own or (None, False)  # registered as going on: the three years have not begun


def _event(kind: str, enterprise: Party, when: _When, records: Sequence[Record]) -> Event:
    about = [r for r in records if kind in kinds(r)]
    said = [r for r in about if r.personally_responsible is not None]
    vague = [r for r in records if r.personally_responsible is not None and not kinds(r)]
    chosen = sorted(said or vague, key=lambda r: (not r.personally_responsible, r.id))
    record = chosen[0] if chosen else min(about, key=lambda r: r.id, default=None)
    responsible = chosen[0].personally_responsible if chosen else None
    return Event(kind, enterprise, when[0], when[1], record, responsible, bool(said))


def finding(person: Party, event: Event, day: Day, others: Sequence[Event]) -> Finding | None:
    """What the person's own records say of an event; a yes before a no, a sure one first.

    ``others``: the other events of the same person: a record that names none of their enterprises
    is about this one surely only where it is the only one of its kind and no firm is named.
    """
    found = [made for r in valid(person, day) if (made := _found(r, event, others)) is not None]
    return min(found, key=lambda f: (not f.responsible, not f.sure, f.record.id), default=None)


def _found(record: Record, event: Event, others: Sequence[Event]) -> Finding | None:
    if record.personally_responsible is None:
        return None
    spoken = kinds(record)
    if spoken and event.kind not in spoken:
        return None
    if names(record, event.enterprise):
        return Finding(record, record.personally_responsible, True)
    if any(names(record, other.enterprise) for other in others):
        return None
    alone = all(other.kind != event.kind for other in others) and not _FIRM.search(words(record))
    return Finding(record, record.personally_responsible, bool(spoken) and alone)


def names(record: Record, enterprise: Party) -> bool:
    """Whether a record names an enterprise: by name, by code, or by the same document."""
    said = words(record)
    if enterprise.name and enterprise.name in said:
        return True
    if enterprise.id.startswith("uscc:") and enterprise.id[5:] in said:
        return True
    document = record.document_no
    return bool(document) and any(r.document_no == document for r in enterprise.records)
