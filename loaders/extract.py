"""Patterns of mapping files: only such as match in time that stays small on any text.

Python's engine backtracks, so what can make it run away is refused: repeated groups,
back-references, look-around, more than two unbounded repetitions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_LONGEST = 2_000  # characters of a cell that a pattern looks at
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_FORBIDDEN = re.compile(r"\\[1-9]|\(\?(?!:)|\(\?P")
_QUANTIFIED_GROUP = re.compile(r"\)(?:[*+]|\{)")


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
    if len(_UNBOUNDED.findall(bare)) > 2:
        return "has more than two unbounded repetitions"
    return ""


def extractor(pattern: str) -> Callable[[str], str]:
    """A function that gives the first group of the first match, or an empty text."""
    compiled = re.compile(pattern)

    def extract(text: str) -> str:
        found = compiled.search(text[:_LONGEST])
        return (found[1] or "") if found else ""

    return extract
