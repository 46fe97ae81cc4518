"""Each bidder by itself: listed, barred, run by a barred person, owned by a listed one, gone.

Codes of reasons and what verdict each carries are told in ``docs/tenders.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graph_service.answers.common import Flag, Step
from graph_service.answers.screen import BIDDER_VERDICTS, BidderVerdict, Reason
from graph_service.answers.statute import Bar
from graph_service.codes import LISTS_BY_CODE, code_of, label
from graph_service.days import Day, iso, parse_iso
from graph_service.model import Party, Record
from queries.records import class_of, in_force, sanctions
from queries.tender.basis import ART_22

_GONE = {
    "cancelled": "status_cancelled",
    "revoked": "status_revoked",
    "withdrawn": "status_withdrawn",
    "ordered_closed": "status_ordered_closed",
}
_GRAVITY = {verdict: place for place, verdict in enumerate(BIDDER_VERDICTS)}


@dataclass(frozen=True, slots=True)
class When:
    """The days that a tender sets: ``day`` of the facts, and ``announced`` where it is known."""

    day: Day
    announced: Day | None = None


def verdict_of(reasons: Iterable[Reason]) -> BidderVerdict:
    """The gravest verdict of some reasons; clear when there is none."""
    return min((reason.verdict for reason in reasons), key=_GRAVITY.__getitem__, default="clear")


def reasons_of(
    party: Party, flags: Iterable[Flag], bars: Sequence[Bar], when: When, regime: str = ""
) -> list[Reason]:
    """Why a matched bidder is not simply clear. ``party`` carries its records."""
    told = {bar.record.id for bar in bars if bar.record is not None}
    return [
        *_bars(bars, regime),
        *_records(party, when.day, told),
        *_life(party, when),
        *_flags(flags),
    ]


def _records(party: Party, day: Day, told: Collection[str]) -> list[Reason]:
    """Blacklists and other bars in force; ``told``: ids of records that a bar tells already."""
    return [
        _said(record, "listed", "flagged")
        for record in sanctions(party)
        if in_force(record, day)
        and record.id not in told
        and class_of(record) in ("blacklist", "bar")
    ]


def _bars(bars: Iterable[Bar], regime: str) -> list[Reason]:
    """Bars from tenders. What bars from government procurement alone flags under bidding law."""
    found = []
    for bar in bars:
        binding = regime != "bidding_law" or bar.scope == "tenders"
        verdict: BidderVerdict = "barred" if binding else "flagged"
        found.append(
            Reason(
                "major_violation" if bar.rule == "major_violation" else "barred_period",
                verdict if bar.certain else "review",
                bar.why_zh,
                bar.why_en,
                f"{bar.article_zh} · {bar.article_en}",
                bar.path,
                certain=bar.certain,
            )
        )
    return found


def officer_reasons(officers: Iterable[tuple[Step, Bar]]) -> list[Reason]:
    """Persons barred from office (公司法 art. 178, 条例 art. 12) who hold it all the same."""
    found = []
    for post, bar in officers:
        who = post.start.name or post.start.id
        found.append(
            Reason(
                "barred_person_in_office",
                "flagged" if bar.certain else "review",
                f"{who}不得任职而在任：{bar.why_zh}",
                f"{who} may not hold office and does: {bar.why_en}",
                f"{bar.article_zh} · {bar.article_en}",
                (post, *bar.path),
                post.start,
                bar.certain,
            )
        )
    return found


def _said(record: Record, code: str, verdict: BidderVerdict) -> Reason:
    zh, en = "列入名单且有效", "listed in force"
    known = LISTS_BY_CODE.get(record.list)
    until = iso(record.valid_until)
    return Reason(
        code,
        verdict,
        f"{zh}：{record.list}{'，至' + until if until else ''}",
        f"{en}: {known.en if known else record.list}{', until ' + until if until else ''}",
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


def repeated(row: int) -> Reason:
    """That a row repeats an earlier one."""
    return Reason(
        "duplicate", "review", f"与第{row}行为同一投标人", f"the same bidder as row {row}"
    )


_UNMATCHED = {
    "ambiguous": ("有多个同名主体，请选定", "several parties bear this name: pick one"),
    "person_by_name": (
        "仅凭姓名不能认定个人，请选定",
        "a name alone does not tell a person: pick one",
    ),
    "code_differs": (
        "名称相符但代码不一致",
        "the name agrees with a party that has another code",
    ),
    "unknown": ("库中查无此主体", "nobody in the store is meant"),
}


def unmatched(notes: Collection[str]) -> Reason:
    """Why a row means no party, by its notes."""
    code = next((note for note in notes if note in _UNMATCHED), "unknown")
    zh, en = _UNMATCHED[code]
    return Reason(f"not_matched_{code}", "insufficient_data", zh, en)
