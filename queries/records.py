"""Records that live and die: which are in force on a day, how grave they are, which count."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from graph_service.codes import LISTS_BY_CODE, SEVERITIES, list_class
from graph_service.days import Day, iso
from graph_service.model import Party, Record

ENDING = frozenset({"revoked", "repaired", "removed"})
GRAVITY = {severity: place for place, severity in enumerate(SEVERITIES)}
_SMALL_FINE = Decimal(10_000)
_ENDINGS = {
    "revoked": ("已撤销", "was revoked"),
    "repaired": ("已修复", "was repaired"),
    "removed": ("已移出", "was removed"),
}


def begins(record: Record) -> Day:
    """The day from which a record counts: listed, else decided, else from ever (0)."""
    return record.listed or record.decided or 0


def in_force(record: Record, day: Day) -> bool:
    """Whether a record is in force: both its days count, and an ending status beats them."""
    ended = record.status in ENDING or (record.status == "expired" and not record.valid_until)
    if ended and (record.until is None or record.until <= day):
        return False
    return begins(record) <= day and (record.valid_until is None or day <= record.valid_until)


def is_upcoming(record: Record, day: Day) -> bool:
    """Whether a record is not in force yet, and will be: it begins after ``day``."""
    return begins(record) > day and in_force(record, begins(record))


def is_ended(record: Record, day: Day) -> bool:
    """Whether a record has been in force and is no more."""
    return begins(record) <= day and not in_force(record, day)


def ending(record: Record) -> tuple[str, str]:
    """Why an ended record is ended, in Chinese and English."""
    if record.status in _ENDINGS:
        zh, en = _ENDINGS[record.status]
        day = iso(record.until)
    else:
        zh, en = "已到期", "expired"
        day = iso(record.valid_until or record.until)
    return (f"记录{zh}（{day or '日期不详'}）", f"the record {en} ({day or 'day unknown'})")


def severity(record: Record) -> str:
    """high, medium or low: the list's; a penalty of only a warning or a small fine is low."""
    known = LISTS_BY_CODE.get(record.list)
    if known is None:
        return "high"  # an unknown list counts as a blacklist until somebody classifies it
    return "low" if known.cls == "penalty" and _is_light(record) else known.severity


def _is_light(record: Record) -> bool:
    kinds = record.penalty_kind or ""
    for light in ("警告", "罚款", "通报批评"):
        kinds = kinds.replace(light, "")
    if kinds.strip(" 、，,;；/和及"):
        return False
    if record.fine is not None:
        return record.fine < _SMALL_FINE
    return "警告" in (record.penalty_kind or "") and "罚款" not in (record.penalty_kind or "")


def gravest_first(records: Iterable[Record]) -> list[Record]:
    """By severity, then the latest listed, then the smallest id."""
    return sorted(records, key=lambda r: (GRAVITY[severity(r)], -begins(r), r.id))


def sanctions(party: Party) -> list[Record]:
    """The party's sanction records, without those that deny a listing."""
    return [record for record in party.records if record.label and not record.honour]


def denied(party: Party, record: Record, day: Day) -> bool:
    """Whether a source states that the record's subject is not on its list."""
    return any(
        not other.label and not other.honour and other.list == record.list and in_force(other, day)
        for other in party.records
    )


def class_of(record: Record) -> str:
    """The class of the record's list."""
    return list_class(record.list)
