"""Patterns of mapping files: only such as match in time that stays small on any text.

Python's engine backtracks, so what can make it run away is refused: repeated groups,
back-references, look-around, and a repetition behind one that may have to give back what it took.
A repetition gives nothing back when no character that it takes can begin what follows it. So a cell
costs at most the square of the 2,000 characters that are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_LONGEST = 2_000  # characters of a cell that a pattern looks at
_BOUNDED = 16  # a repetition of at most so many characters costs a fixed number of steps
_FEW = 2  # such repetitions in one pattern
_FORBIDDEN = re.compile(r"\\[1-9]|\(\?(?!:)|\(\?P")
_QUANTIFIED_GROUP = re.compile(r"\)(?:[*+]|\{)")
# Letters, digits, blanks and signs of several scripts: with a pattern's own characters and their
# neighbours, one of each sort that a pattern can tell apart.
_SORTS = "".join(map(chr, range(1, 128))) + "中龥䶮𠮷éЖ٣９　。－\x85\u2028"
_EMPTY = frozenset("\0")  # stands for: nothing at all, and then what comes after


def check_pattern(pattern: str) -> str:
    """Why a pattern is refused; empty when it may be used."""
    if len(pattern) > 500:
        return "is longer than 500 characters"
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return f"is no regular expression ({error.msg})"
    if compiled.groups < 1:
        return "has no group to take"
    bare = re.sub(r"\\[^1-9]", "_", pattern)
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "_", bare)
    if _FORBIDDEN.search(bare):
        return "uses back-references or look-around"
    if _QUANTIFIED_GROUP.search(bare):
        return "repeats a group"
    return _too_much(pattern)


def extractor(pattern: str) -> Callable[[str], str]:
    """A function that gives the first group of the first match, or an empty text."""
    compiled = re.compile(pattern)

    def extract(text: str) -> str:
        found = compiled.search(text[:_LONGEST])
        return (found[1] or "") if found else ""

    return extract


def _too_much(pattern: str) -> str:
    """Whether repetitions may cost more than the square of a text's length."""
    shown = _Shown(pattern)
    giving, bounded = False, 0
    for item, follow in shown.repetitions():
        low, high, body = item[1]
        taken = shown.characters(body)
        if high == 1:
            continue
        if taken is None:
            return "repeats a group"
        if int(high) <= _BOUNDED:
            bounded += low != high
        elif giving and not shown.is_last(item):  # each way to give back would try it anew
            return "has a repetition behind one that may have to give back what it took"
        else:
            giving = giving or bool(taken & follow)
    return "has too many repetitions" if bounded > _FEW else ""


class _Shown:
    """A pattern as the engine's own parser reads it."""

    def __init__(self, pattern: str) -> None:
        parser: Any = vars(re)["_parser"]
        self._tree: Sequence[Any] = parser.parse(pattern)
        own = {
            chr(near) for char in pattern for near in range(max(ord(char) - 1, 0), ord(char) + 2)
        }
        self.sorts = frozenset(_SORTS) | {char for char in own if not "\ud800" <= char <= "\udfff"}

    def is_last(self, item: Any) -> bool:
        """Whether the pattern ends with an item, so that nothing after it can fail."""
        return bool(self._tree) and tuple(self._tree[-1]) == tuple(item)

    def repetitions(self) -> Iterable[tuple[Any, frozenset[str]]]:
        """Every repetition with the characters that may come right after it."""
        return self._within(self._tree, frozenset())

    def _within(
        self, items: Sequence[Any], after: frozenset[str]
    ) -> Iterable[tuple[Any, frozenset[str]]]:
        for place, (op, told) in enumerate(items):
            follow = self._first(items[place + 1 :], after)
            if str(op).endswith("REPEAT"):
                yield (op, told), follow
                yield from self._within(told[2], follow)
            elif str(op) == "SUBPATTERN":
                yield from self._within(told[-1], follow)
            elif str(op) == "BRANCH":
                for branch in told[1]:
                    yield from self._within(branch, follow)

    def _first(self, items: Sequence[Any], after: frozenset[str]) -> frozenset[str]:
        """The characters with which some items, and what comes after them, may begin."""
        found: frozenset[str] = frozenset()
        for op, told in items:
            name = str(op)
            if name.endswith("REPEAT"):
                found |= self._first(told[2], frozenset())
                if told[0] == 0:
                    continue
                return found
            if name == "AT":
                continue
            if name == "SUBPATTERN":
                rest = self._first(told[-1], _EMPTY)
            elif name == "BRANCH":
                rest = frozenset().union(*(self._first(one, _EMPTY) for one in told[1]))
            else:
                return found | self._of(op, told)
            found |= rest - _EMPTY
            if not rest & _EMPTY:  # it cannot be empty
                return found
        return found | after

    def characters(self, items: Sequence[Any]) -> frozenset[str] | None:
        """What one repeated character may be; None when more than one character is repeated."""
        if len(items) != 1 or str(items[0][0]) not in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return None
        return self._of(*items[0])

    def _of(self, op: Any, told: Any) -> frozenset[str]:
        """The characters of an item that takes one; all of them when it is not understood."""
        name = str(op)
        if name == "LITERAL":
            return frozenset(chr(told))
        if name == "NOT_LITERAL":
            return self.sorts - {chr(told)}
        if name == "IN":
            negated = str(told[0][0]) == "NEGATE"
            found = frozenset().union(*(self._in(*one) for one in told[negated:]))
            return self.sorts - found if negated else found
        return self.sorts - {"\n"} if name == "ANY" else self.sorts

    def _in(self, op: Any, told: Any) -> frozenset[str]:
        name = str(op)
        if name == "LITERAL":
            return frozenset(chr(told))
        if name == "RANGE":
            ends = (chr(told[0]), chr(told[1]))
            return frozenset(ends) | {char for char in self.sorts if ends[0] <= char <= ends[1]}
        what = str(told).removeprefix("CATEGORY_")
        letter = {"DIGIT": "d", "WORD": "w", "SPACE": "s"}[what.removeprefix("NOT_")]
        test = re.compile("\\" + (letter.upper() if what.startswith("NOT_") else letter))
        return frozenset(filter(test.match, self.sorts))
