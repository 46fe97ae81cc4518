"""Search: how names become search keys, and how hits are ranked — once, for every engine.

A key is a text of plain ASCII tokens: a Chinese character becomes ``x4e2d``, a word stays a word.
So no engine's tokenizer or query language ever sees what a user typed, two-character names are
found, and rare characters are found on every version.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from graph_service.text import fold, is_plain_han

CANDIDATES = 500  # ranked at most; more than that and an answer says so
_WORD = re.compile(r"[a-z0-9]+|[^\x00-\x7f]")
_LEGAL_FORMS = ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "公司", "集团")
_LETTERS = re.compile(r"[a-z0-9]{2,40}")


class _Marks(dict[str, str]):
    """The search token of a character, made when it is first met."""

    def __missing__(self, char: str) -> str:
        mark = self[char] = f"x{ord(char):x}"
        return mark


_mark = _Marks().__getitem__


def tokens(text: str) -> list[str]:
    """The search tokens of a name or a query."""
    if is_plain_han(text):
        return list(map(_mark, text))
    return [
        word if word.isascii() else f"x{ord(word):x}"
        for word in _WORD.findall(fold(text))
        if word.isascii() or word.isalnum()
    ]


def search_key(names: Iterable[str]) -> str:
    """What is indexed for a party with these names; no phrase spans two of them."""
    return " zzz ".join(
        " ".join(map(_mark, name)) if is_plain_han(name) else " ".join(tokens(name))
        for name in names
        if name
    )


def initials_key(names: Iterable[str]) -> str:
    """Pinyin initials of the names: whole, and without a leading place of two characters."""
    found: list[str] = []
    for name in names:
        whole = initials(name)
        if whole:
            found.append(whole)
            if len(whole) > 4:
                found.append(whole[2:])
    return " ".join(dict.fromkeys(found))


def initials(name: str) -> str:
    """The pinyin initials of a Chinese name (``bjxhkjyxgs``); empty when it has no Chinese."""
    if is_plain_han(name):
        return "".join(map(_han_initials().__getitem__, name))
    if name.isascii():
        return ""
    letters = fold(name).translate(_initial_table())
    return "".join(char for char in letters if char.isascii() and char.isalnum())


@cache
def _initial_table() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return {
        code: unicodedata.normalize("NFD", readings)[0] for code, readings in PINYIN_DICT.items()
    }


@cache
def _han_initials() -> dict[str, str]:
    """The initials of the characters that ``is_plain_han`` lets pass, as far as they are known."""
    known = _initial_table()
    letters = {code: known.get(code, "")[:1] for code in range(0x4E00, 0xA000)}
    return {chr(code): char if char.isascii() else "" for code, char in letters.items()}


def is_initials(text: str) -> bool:
    """Whether a query may be meant as pinyin initials."""
    return _LETTERS.fullmatch(text.strip().casefold()) is not None


def score(wanted: str, names: Sequence[str], letters: Sequence[str]) -> tuple[float, int]:
    """How well a party answers a query: the score and the place of the name that earns it.

    ``wanted`` and ``names`` are folded, the first name is the current one; ``letters`` are its
    pinyin initials as ``initials_key`` lists them.
    """
    best = (0.0, 0)
    for place, name in enumerate(names):
        value = _score(wanted, name) * (1.0 if place == 0 else 0.95)
        if value > best[0]:
            best = (value, place)
    return best if best[0] else (_initials_score(wanted, letters), 0)


def _score(wanted: str, name: str) -> float:
    if wanted == name:
        return 1.0
    bare = core(name)
    if wanted == bare:
        return 0.95
    if not wanted or not name:
        return 0.0
    share = min(1.0, len(wanted) / len(bare or name))
    if name.startswith(wanted):
        return round(0.7 + 0.2 * share, 4)
    if wanted in name:
        return round(0.5 + 0.2 * share, 4)
    return 0.0


def _initials_score(wanted: str, letters: Sequence[str]) -> float:
    for found in letters:
        if found.startswith(wanted):
            return round(0.3 + 0.1 * len(wanted) / len(found), 4)
    return 0.2


def core(name: str) -> str:
    """A folded name without its legal form."""
    for form in _LEGAL_FORMS:
        if name.endswith(form) and len(name) > len(form) + 1:
            return name[: -len(form)]
    return name
