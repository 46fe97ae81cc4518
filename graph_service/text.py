"""Names and codes: folding for comparison, and the checks of GB 32100 and GB 11643.

Chinese text is the rule: every function takes any Unicode and keeps rare characters (䶮, 𠮷).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul

_BRACKETS = str.maketrans("【】〔〕［］｛｝〈〉《》〖〗", "()()()()()()()")
_DOTS = str.maketrans("•・‧･∙⋅", "······")
_PLAIN_HAN = re.compile("[\u4e00-\u9fff]+")
is_plain_han = _PLAIN_HAN.fullmatch  # most names: nothing about them to fold
_SPACE = re.compile(r"\s+")
_SPACE_BY_HAN = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {char: value for value, char in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_USCC_SHAPE = re.compile(r"[1-9A-HJ-NP-RTUWXY][1-9]\d{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)

_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_ID_CHECK = "10X98765432"


def fold(text: str) -> str:
    """A name for comparison: NFKC, brackets and dots unified, white space and case folded.

    Spaces beside a non-ASCII character vanish: 张 三 and 张三 are equal, Li Lei keeps its space.
    """
    if text.isascii():
        return _SPACE.sub(" ", text).strip().casefold()
    if is_plain_han(text):
        return text
    folded = unicodedata.normalize("NFKC", text).translate(_BRACKETS).translate(_DOTS)
    folded = _SPACE.sub(" ", folded).strip()
    return _SPACE_BY_HAN.sub("", folded).casefold()


def uscc(text: str) -> str | None:
    """The unified social credit code in ``text``, upper case, checked, or None (GB 32100-2015)."""
    code = text
    if not _USCC_SHAPE.fullmatch(code):
        code = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "").replace("-", "")
        if not _USCC_SHAPE.fullmatch(code):
            return None
    total = sum(map(mul, map(_USCC_VALUE.__getitem__, code), _USCC_WEIGHTS))
    return code if _USCC_ALPHABET[-total % 31] == code[17] else None


def citizen_id(text: str, today: date) -> tuple[str, bool] | None:
    """A citizen ID number as (18 characters, was it upgraded from 15), or None (GB 11643-1999).

    Takes residence permits (81/82/83) and permanent-residence cards (18 digits beginning with 9).
    The birth date must be real and not after ``today``.
    """
    number = unicodedata.normalize("NFKC", text).strip().upper()
    upgraded = len(number) == 15
    if upgraded:
        if not (number.isascii() and number.isdigit()):
            return None
        number = number[:6] + "19" + number[6:]
        number += _check_character(number)
    if len(number) != 18 or not number.isascii() or not number[:17].isdigit():
        return None
    if number[17] != _check_character(number) or number[0] == "0":
        return None
    return (number, upgraded) if _born(number, today) else None


def _check_character(number: str) -> str:
    return _ID_CHECK[sum(int(d) * w for d, w in zip(number[:17], _ID_WEIGHTS, strict=False)) % 11]


def _born(number: str, today: date) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if date(1850, 1, 1) <= born <= today else None


def mask_id_number(number: str) -> str:
    """An ID number for display: first and last character only, so nobody can be found by it."""
    return (
        number[0] + "*" * (len(number) - 2) + number[-1] if len(number) > 2 else "*" * len(number)
    )


def is_masked(text: str) -> bool:
    """Whether an ID number arrives starred (110***): it joins nothing."""
    return "*" in text or "＊" in text
