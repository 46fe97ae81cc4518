"""Values: dates, shares, amounts, yes/no and names, from the many forms that files write them in.

Every function is pure and takes any text; what it cannot read it says by None, and never guesses.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from graph_service.model import SHARE_SCALE

TRIM = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
TRIM += "\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
NULLS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\N",
        "null",
        "NULL",
        "Null",
        "#N/A",
        "N/A",
        "n/a",
        "NaN",
        "nan",
    }
)
OPEN = 0  # a day that never comes, and one that is not known

_UNKNOWN_WORDS = frozenset({"无", "暂无", "不详", "未知", "none", "unknown", "0000-00-00"})
_OPEN_WORDS = frozenset(
    {"长期", "长期有效", "永久", "永久有效", "无期限", "无固定期限", "无限期", "至今", "forever"}
)
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_YM = re.compile(r"(\d{4})\s*(?:[-/.]\s*(\d{1,2})|年\s*(\d{1,2})\s*月)", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s*年?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_TIME = re.compile(
    r"[T\s]+\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:[.,]\d+)?)?秒?分?\s*(?:Z|[+-]\d\d:?\d\d|[AP]M)?$",
    re.ASCII | re.IGNORECASE,
)
_DMY = re.compile(r"(\d{1,2})[\s-]([A-Za-z]{3})[A-Za-z]*[\s-](\d{4})", re.ASCII)
_MONTHS = {
    "janfebmaraprmayjunjulaugsepoctnovdec"[3 * number : 3 * number + 3]: number + 1
    for number in range(12)
}
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月")
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_YEAR, _LAST_YEAR = 1600, 2999

_NUMBER = r"(\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE]([+-]?\d{1,2}))?"
_BARE = re.compile(_NUMBER, re.ASCII)
_AMOUNT = re.compile(
    r"([A-Za-z]{3}|[¥$€£]|[\u4e00-\u9fff]{2,4}?)?([+-]?)" + _NUMBER + r"(.*)", re.ASCII
)


def parse_day(text: str) -> int | None:
    """The day of a date in any usual form; 0 for 长期 and the like; None when it is no date.

    A time of day is dropped, a month without a day is its first day. Forms whose day and month
    could be exchanged (03/04/2020) are no dates.
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = _TIME.sub("", plain.strip(TRIM))
    if plain.lower() in _UNKNOWN_WORDS or plain in _OPEN_WORDS:
        return OPEN
    for pattern in (_YMD, _COMPACT):
        if found := pattern.fullmatch(plain):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    return _rarer_day(plain)


def _rarer_day(plain: str) -> int | None:
    if found := _SERIAL.fullmatch(plain):
        return _EXCEL_EPOCH + int(found[1])
    if found := _YM.fullmatch(plain):
        return _day(int(found[1]), int(found[2] or found[3]), 1)
    if (found := _DMY.fullmatch(plain)) and found[2].lower() in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[2].lower()], int(found[1]))
    if found := _HAN_DATE.match(plain):
        rest = plain[found.end() :].rstrip("日号")
        year = int(found[1].translate(_HAN_DIGITS))
        month, day = _han_number(found[2]), _han_number(rest) if rest else 1
        return _day(year, month, day) if month and day else None
    return None


def parse_birth(text: str) -> str | None:
    """A birth date as precise as it is stated: ``1990-02-05``, ``1990-02`` or ``1990``.

    Empty for what says that it is not known; None when it is no date.
    """
    plain = unicodedata.normalize("NFKC", text).strip(TRIM)
    if found := _YM.fullmatch(plain):
        month = int(found[2] or found[3])
        return None if _day(int(found[1]), month, 1) in (None, OPEN) else f"{found[1]}-{month:02d}"
    if found := _YEAR.fullmatch(plain):
        return found[1] if _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR else None
    day = parse_day(plain)
    if day is None:
        return None
    return date.fromordinal(day).isoformat() if day else ""


def _day(year: int, month: int, day: int) -> int | None:
    if year == 9999:
        return OPEN
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def _han_number(text: str) -> int | None:
    """1 to 99 of 一 … 九十九."""
    tens, ten, units = text.rpartition("十")
    if not all(char in "一二三四五六七八九" for char in tens + units):
        return None
    if len(tens) > 1 or len(units) > 1 or not text:
        return None
    first = int(tens.translate(_HAN_DIGITS)) if tens else 1
    return (first * 10 if ten else 0) + (int(units.translate(_HAN_DIGITS)) if units else 0)


class Share(NamedTuple):
    """A stated share: bounds in units of 1e-18 (-1: nothing stated) and its canonical text."""

    low: int
    high: int
    text: str


NO_SHARE = Share(-1, -1, "")

_RANGE = re.compile(
    r"([\[(]?)\s*" + _NUMBER + r"\s*(%?)\s*(?:-|~|至|到|,)\s*" + _NUMBER + r"\s*(%?)\s*([\])]?)",
    re.ASCII,
)
_LESS = re.compile(r"(?:<|小于|低于|不足|(≤|<=|不超过|不高于))\s*" + _NUMBER + r"\s*(%?)", re.ASCII)
_MORE = re.compile(r"(?:>|大于|高于|超过|(≥|>=|不低于|不少于))\s*" + _NUMBER + r"\s*(%?)", re.ASCII)
_FROM = re.compile(_NUMBER + r"\s*(%?)\s*(以上|及以上|以下|及以下)", re.ASCII)
_EXACT = re.compile(r"(百分之)?\s*" + _NUMBER + r"\s*(%?)", re.ASCII)


def parse_share(text: str, percent: bool = False) -> Share | None:
    """A share in any of its forms: 0.35, 35%, 25-50%, <5%, ≥50%, 50%以上, [0,0.05), 百分之35.

    ``percent``: bare numbers are per cents (the header or the mapping says so). A bare number above
    1 without a unit is None, as is anything outside [0, 1].
    """
    plain = unicodedata.normalize("NFKC", text).strip(TRIM).replace("〜", "~").replace("—", "-")
    plain = plain.replace("–", "-").replace("－", "-").replace("﹪", "%").replace("％", "%")
    if plain.lower() in _UNKNOWN_WORDS:
        return NO_SHARE
    if found := _EXACT.fullmatch(plain):
        exact = _fraction(found[2], found[3], bool(found[1] or found[4]), percent)
        return None if exact is None else _bounds(exact, exact, "[", "]")
    if found := _RANGE.fullmatch(plain):
        return _range(found, percent)
    return _one_sided(plain, percent)


def _range(found: re.Match[str], percent: bool) -> Share | None:
    signed = bool(found[4] or found[7])  # 25-50% means 25%-50%
    low = _fraction(found[2], found[3], signed, percent)
    high = _fraction(found[5], found[6], signed, percent)
    left, right = found[1] or "[", found[8] or "]"
    if low is None or high is None or low > high or bool(found[1]) != bool(found[8]):
        return None
    return _bounds(low, high, left, right)


def _one_sided(plain: str, percent: bool) -> Share | None:
    if found := _LESS.fullmatch(plain):
        high = _fraction(found[2], found[3], bool(found[4]), percent)
        return None if high is None else _bounds(Decimal(0), high, "[", "]" if found[1] else ")")
    if found := _MORE.fullmatch(plain):
        low = _fraction(found[2], found[3], bool(found[4]), percent)
        return None if low is None else _bounds(low, Decimal(1), "[" if found[1] else "(", "]")
    if found := _FROM.fullmatch(plain):  # 以上 and 以下 include the number (民法典 art. 1259)
        edge = _fraction(found[1], found[2], bool(found[3]), percent)
        if edge is None:
            return None
        up = found[4].endswith("上")
        return _bounds(edge, Decimal(1), "[", "]") if up else _bounds(Decimal(0), edge, "[", "]")
    return None


def _fraction(digits: str, exponent: str | None, signed: bool, percent: bool) -> Decimal | None:
    value = Decimal(f"{digits}e{exponent or 0}")
    if signed or percent:
        value = value.scaleb(-2)
    return value if 0 <= value <= 1 else None


def _bounds(low: Decimal, high: Decimal, left: str, right: str) -> Share | None:
    """Open ends move by one unit, so that ">50%" is more than a half and "<5%" is not 5 %."""
    low_units, high_units = _units(low), _units(high)
    if left == "(":
        low_units += 1
    if right == ")":
        high_units -= 1
    if low_units > high_units:
        return None
    if low == high:
        return Share(low_units, high_units, plain_decimal(low))
    shown = f"{plain_decimal(low)}-{plain_decimal(high)}"
    if left == "(" or right == ")":
        shown = f"{left}{plain_decimal(low)},{plain_decimal(high)}{right}"
    return Share(low_units, high_units, shown)


def _units(value: Decimal) -> int:
    return int((value * SHARE_SCALE).to_integral_value())


def plain_decimal(value: Decimal) -> str:
    """A decimal without exponent and without idle zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


_SCALES = (
    ("万亿", 12),
    ("千万", 7),
    ("百万", 6),
    ("十亿", 9),
    ("亿", 8),
    ("万", 4),
    ("千", 3),
    ("million", 6),
    ("billion", 9),
)
_CURRENCIES = {
    "": "CNY",
    "元": "CNY",
    "¥": "CNY",
    "元人民币": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "圆": "CNY",
    "元整": "CNY",
    "圆整": "CNY",
    "rmb": "CNY",
    "$": "USD",
    "美元": "USD",
    "美金": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "元港币": "HKD",
    "€": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "英镑": "GBP",
    "日元": "JPY",
    "台币": "TWD",
    "新台币": "TWD",
    "韩元": "KRW",
    "澳元": "AUD",
    "加元": "CAD",
    "瑞士法郎": "CHF",
    "新加坡元": "SGD",
    "卢布": "RUB",
    "澳门元": "MOP",
}


def parse_amount(text: str, unit: str = "") -> str | None:
    """An amount as plain decimal yuan, or ``100 USD``; None when it is no amount.

    ``unit``: what a bare number counts (``万元``, ``万美元``), from the header or the mapping.
    """
    plain = unicodedata.normalize("NFKC", text).strip(TRIM).replace(",", "").replace(" ", "")
    if plain.lower() in _UNKNOWN_WORDS:
        return ""
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return None
    before, sign, digits, exponent, after = found.groups()
    if not after and unit:
        after = unit
    scale, currency = _scaled(after)
    code = _currency(currency) if currency or not before else _currency(before)
    if code is None or (before and _currency(before) is None):
        return None
    number = plain_decimal(Decimal(f"{sign}{digits}e{exponent or 0}").scaleb(scale))
    return number if code == "CNY" else f"{number} {code}"


def _scaled(after: str) -> tuple[int, str]:
    for word, scale in _SCALES:
        if after.startswith(word):
            return scale, after[len(word) :]
    return 0, after


def _currency(text: str) -> str | None:
    low = text.lower()
    if low in _CURRENCIES:
        return _CURRENCIES[low]
    return text.upper() if len(text) == 3 and text.isascii() and text.isalpha() else None


_YES = frozenset({"是", "yes", "y", "true", "t", "1", "1.0", "有", "对", "√", "已", "列入"})
_NO = frozenset({"否", "no", "n", "false", "f", "0", "0.0", "无", "非", "×", "未", "未列入"})


def parse_yes_no(text: str) -> str | None:
    """``yes``, ``no``, or None."""
    low = unicodedata.normalize("NFKC", text).strip(TRIM).lower()
    return "yes" if low in _YES else "no" if low in _NO else None
