"""What the law says about bars, as data: articles with their dates, and the words of records.

Statutes: 公司法 2018 art. 146 and 2023 art. 178; 市场主体登记管理条例 art. 12; 政府采购法 art. 22,
its 条例 art. 19 and 财库〔2022〕3号.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graph_service.days import Day, parse_iso
from graph_service.model import Record

BANKRUPTCY, REVOKED, CLOSED = "bankruptcy", "revoked", "closed"
YEARS = 3
LARGE_FINE = Decimal(2_000_000)  # yuan; 财库〔2022〕3号, unless a sector sets more
LARGE_FINE_SINCE = parse_iso("2022-02-08")
DEBTORS = "失信被执行人"
PROCUREMENT_LIST = "政府采购严重违法失信行为记录名单"
TENDER_BAN = "禁止参加招标投标"
POST_LISTS = frozenset({"任职限制", "市场禁入"})
BRIBERY = "行贿犯罪"

_DIRECTORS = frozenset(
    {
        "chair",
        "vice_chair",
        "executive_director",
        "director",
        "employee_director",
        "independent_director",
        "general_manager",
    }
)


@dataclass(frozen=True, slots=True)
class OfficeLaw:
    """One edition of an article about who may not hold office, in force on ``[since, until)``.

    ``scope``: which office. ``posts`` and ``legal``: who answers for a bankruptcy. ``closing``:
    whether an order to close starts the three years as a revoked licence does.
    """

    rule: str
    scope: str
    zh: str
    en: str
    since: Day | None
    until: Day | None
    posts: frozenset[str]
    legal: bool
    closing: bool

    def holds(self, day: Day) -> bool:
        """Whether it is in force on a day."""
        return (self.since or 0) <= day and (self.until is None or day < self.until)

    def article(self, item: int) -> tuple[str, str]:
        """The article's item in Chinese and English."""
        return f"{self.zh}第{'一二三四五'[item - 1]}项", f"{self.en}({item})"


_NEW = parse_iso("2024-07-01")
OFFICE_LAWS = (
    OfficeLaw(
        "company_law_178",
        "directors",
        "《公司法》（2023年修订）第一百七十八条第一款",
        "Company Law (2023) art. 178(1)",
        _NEW,
        None,
        _DIRECTORS,
        False,
        True,
    ),
    OfficeLaw(
        "company_law_146",
        "directors",
        "《公司法》（2018年修正）第一百四十六条第一款",
        "Company Law (2018) art. 146(1)",
        None,
        _NEW,
        _DIRECTORS,
        False,
        False,
    ),
    OfficeLaw(
        "registration_12",
        "legal_representatives",
        "《市场主体登记管理条例》第十二条",
        "Regulation on Registration of Market Entities art. 12",
        parse_iso("2022-03-01"),
        None,
        _DIRECTORS,
        True,
        False,
    ),
)
PROCUREMENT = (
    "《政府采购法》第二十二条第一款第五项、《政府采购法实施条例》第十九条",
    "Government Procurement Law art. 22(1)(5), Implementing Regulation art. 19",
)
LISTED = (
    "列入政府采购严重违法失信行为记录名单，以记录载明的依据为准",
    "On the list of serious violations in government procurement; the basis stated in the record",
)
STATED = ("以记录载明的依据为准", "The basis stated in the record")

_CLOSED = re.compile("责令关闭|责令停业关闭")
_LICENCE = re.compile("吊销(企业法人)?营业执照|吊销执照|营业执照被吊销")
_BANKRUPT = re.compile("破产")
_ENDED = re.compile("终结|完结|完毕|终止")
_VIOLATIONS = (
    ("criminal", re.compile("刑事|徒刑|拘役|罚金|刑罚"), "受到刑事处罚", "a criminal punishment"),
    (
        "suspended",
        re.compile("停产停业|责令停产|责令停业|责令关闭"),
        "被责令停产停业",
        "an order to stop work",
    ),
    ("revoked", re.compile("吊销"), "被吊销许可证或者执照", "a revoked licence"),
)
_EITHER = re.compile("暂扣(或者|或|、|/).*吊销")


def years_after(day: Day, years: int = YEARS) -> Day:
    """The last day of a term of years that began on ``day`` (29 February → 28 February).

    民法典 arts. 201, 202: the first day is not counted, the term ends on the same day of the year.
    """
    began = date.fromordinal(day)
    year = began.year + years
    return date(year, began.month, min(began.day, monthrange(year, began.month)[1])).toordinal()


def day_of(record: Record) -> Day | None:
    """The day of a record's decision, else of its listing."""
    return record.decided or record.listed


def annulled(record: Record, day: Day) -> bool:
    """Whether the decision itself has been set aside by ``day``: then it proves nothing."""
    return record.status == "revoked" and (record.until is None or record.until <= day)


def words(record: Record) -> str:
    """Everything that a record says."""
    parts = (record.list, record.penalty_kind, record.reason, record.measures, record.basis)
    return " ".join(filter(None, parts))


def kinds(record: Record) -> frozenset[str]:
    """Which of bankruptcy, revoked licence and order to close a record speaks of."""
    said = words(record)
    patterns = ((BANKRUPTCY, _BANKRUPT), (REVOKED, _LICENCE), (CLOSED, _CLOSED))
    return frozenset(kind for kind, pattern in patterns if pattern.search(said))


def says_ended(text: str) -> bool:
    """Whether a text says that a procedure is over."""
    return bool(_ENDED.search(text))


def speaks_of_bankruptcy(text: str) -> bool:
    """Whether a text speaks of bankruptcy."""
    return bool(_BANKRUPT.search(text))


@dataclass(frozen=True, slots=True)
class Violation:
    """A major violation that a record states: its kind, in words, and whether it is sure."""

    kind: str
    zh: str
    en: str
    certain: bool


def violation(record: Record) -> Violation | None:
    """The major violation (条例 art. 19) that a record states, or None."""
    if record.list == BRIBERY:
        return Violation("criminal", "受到刑事处罚", "a criminal punishment", True)
    said = " ".join(filter(None, (record.penalty_kind, record.measures)))
    for kind, pattern, zh, en in _VIOLATIONS:
        if pattern.search(said):
            return Violation(kind, zh, en, kind != "revoked" or not _EITHER.search(said))
    if record.fine is not None and record.fine >= LARGE_FINE:
        # Before the notice the threshold was each authority's own.
        sure = (day_of(record) or 0) >= LARGE_FINE_SINCE
        return Violation(
            "large_fine",
            f"被处以罚款{record.fine:,.0f}元（二百万元以上，行业标准更高的从其规定）",
            f"a fine of {record.fine:,.0f} yuan (2,000,000 or more, unless a sector sets more)",
            sure,
        )
    return None


def laws_on(day: Day) -> Iterable[OfficeLaw]:
    """The articles about office in force on a day."""
    return (law for law in OFFICE_LAWS if law.holds(day))
