"""Each bidder by itself: listed, barred, run by a barred person, owned by a listed one, gone.

Codes of reasons and what verdict each carries are told in ``docs/tenders.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from graph_service.answers import Flag
from graph_service.answers_screen import BIDDER_VERDICTS, BidderVerdict, Reason
from graph_service.codes import LISTS_BY_CODE, code_of, label
from graph_service.days import Day, Span, iso, parse_iso
from graph_service.model import Party, Record
from queries.records import begins, class_of, in_force, sanctions
from queries.tender.basis import ART_19, ART_22

LARGE_FINE = Decimal(2_000_000)  # 财库〔2022〕3号, unless a sector sets more
THREE_YEARS = Span(3, "y")
_BARRING_LISTS = frozenset({"政府采购严重违法失信行为记录名单", "禁止参加招标投标", "行贿犯罪"})
_GONE = {
    "cancelled": "status_cancelled",
    "revoked": "status_revoked",
    "withdrawn": "status_withdrawn",
    "ordered_closed": "status_ordered_closed",
}
_MAJOR_WORDS = ("责令停产停业", "吊销许可证", "吊销执照", "吊销营业执照", "停业", "刑事处罚")
_GRAVITY = {verdict: place for place, verdict in enumerate(BIDDER_VERDICTS)}


@dataclass(frozen=True, slots=True)
class When:
    """The days that a tender sets: ``day`` of the facts, and ``announced`` where it is known."""

    day: Day
    announced: Day | None = None


def verdict_of(reasons: Iterable[Reason]) -> BidderVerdict:
    """The gravest verdict of some reasons; clear when there is none."""
    return min((reason.verdict for reason in reasons), key=_GRAVITY.__getitem__, default="clear")


def reasons_of(party: Party, flags: Iterable[Flag], when: When) -> list[Reason]:
    """Why a matched bidder is not simply clear. ``party`` carries its records."""
    return [
        *_records(party, when.day),
        *_life(party, when),
        *_flags(flags),
    ]


def _records(party: Party, day: Day) -> list[Reason]:
    found = []
    for record in sanctions(party):
        if in_force(record, day):
            if record.list in _BARRING_LISTS or class_of(record) == "bar":
                found.append(_said(record, "barred_period", "barred", ART_22))
            elif class_of(record) == "blacklist":
                found.append(_said(record, "listed", "flagged", ""))
        recent = THREE_YEARS.before(day) < begins(record) <= day
        if recent and _is_major(record) and record.status not in ("revoked", "removed"):
            found.append(_said(record, "major_violation", "barred", ART_19))
    return found


def _is_major(record: Record) -> bool:
    """Criminal punishment, suspension, licence revoked or a large fine (条例 art. 19)."""
    if record.list == "行贿犯罪":
        return True
    if class_of(record) != "penalty":
        return False
    kinds = f"{record.penalty_kind or ''}{record.measures or ''}"
    return (record.fine or Decimal(0)) >= LARGE_FINE or any(w in kinds for w in _MAJOR_WORDS)


_SAYS = {
    "barred_period": ("在禁止参加期限内", "barred from taking part"),
    "listed": ("列入名单且有效", "listed in force"),
    "major_violation": ("三年内有重大违法记录", "a major violation within three years"),
}


def _said(record: Record, code: str, verdict: BidderVerdict, article: str) -> Reason:
    zh, en = _SAYS[code]
    known = LISTS_BY_CODE.get(record.list)
    until = iso(record.valid_until)
    return Reason(
        code,
        verdict,
        f"{zh}：{record.list}{'，至' + until if until else ''}",
        f"{en}: {known.en if known else record.list}{', until ' + until if until else ''}",
        article,
    )


def _life(party: Party, when: When) -> list[Reason]:
    found = []
    status = code_of("statuses", party.attributes.get("status", ""))
    since = _day(party.attributes.get("status_date"))
    gone = _day(party.attributes.get("dissolved"))
    if status in _GONE and not (since and since > when.day) and not (gone and gone > when.day):
        zh, en = label("statuses", status, "zh"), label("statuses", status, "en")
        found.append(Reason(_GONE[status], "barred", f"登记状态：{zh}", f"status: {en}", ART_22))
    elif gone and gone <= when.day:
        found.append(
            Reason("status_cancelled", "barred", "登记状态：注销", "status: deregistered", ART_22)
        )
    established = _day(party.attributes.get("established"))
    if established and when.announced and established > when.announced:
        found.append(
            Reason(
                "established_after_announcement",
                "review",
                f"成立日期{iso(established)}晚于公告日期{iso(when.announced)}",
                f"established {iso(established)}, after the announcement {iso(when.announced)}",
            )
        )
    return found


def _day(text: str | None) -> Day | None:
    try:
        return parse_iso(text) if text else None
    except ValueError:
        return None


_OFFICE = ("managed",)
_OWNED = ("controlled",)


def _flags(flags: Iterable[Flag]) -> list[Reason]:
    """One reason per flag but ``listed``, which the records tell better."""
    found = []
    for flag in flags:
        if flag.grade == "listed":
            if class_of(flag.record) not in ("blacklist", "bar"):
                found.append(_of_flag(flag, "listed_lightly", "review"))
        elif flag.grade in _OFFICE:
            found.append(_of_flag(flag, "listed_person_in_office", _weight(flag)))
        elif flag.grade in _OWNED:
            found.append(_of_flag(flag, "controller_listed", _weight(flag)))
        else:
            found.append(_of_flag(flag, f"flag_{flag.grade}", _weight(flag)))
    return found


def _weight(flag: Flag) -> BidderVerdict:
    return "flagged" if flag.certain and flag.severity != "low" else "review"


def _of_flag(flag: Flag, code: str, verdict: BidderVerdict) -> Reason:
    return Reason(
        code,
        verdict,
        flag.statement_zh,
        flag.statement_en,
        flag.article,
        flag.path,
        flag.listed,
        flag.certain,
    )
