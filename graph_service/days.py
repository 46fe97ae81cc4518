"""Days: a date is a day in Asia/Shanghai, held as its proleptic ordinal (``date.toordinal``).

Integers compare and store alike on every engine. ``None`` means unknown or open, never a sentinel.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

Day = int
SHANGHAI = ZoneInfo("Asia/Shanghai")

_LOOK_BACK = re.compile(r"^\s*(\d{1,4})\s*([dmy])\s*$", re.ASCII)


def today() -> Day:
    """The current day in Asia/Shanghai."""
    return datetime.now(SHANGHAI).date().toordinal()


@lru_cache(maxsize=16_384)
def iso(day: Day | None) -> str | None:
    """``2024-02-29`` of a day, or None."""
    return None if day is None else date.fromordinal(day).isoformat()


def parse_iso(text: str) -> Day:
    """The day of ``YYYY-MM-DD``; raises ValueError."""
    return date.fromisoformat(text).toordinal()


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar span such as ``3y``, ``12m`` or ``90d`` (years, months, days)."""

    count: int
    unit: Literal["d", "m", "y"]

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def before(self, day: Day) -> Day:
        """The day this long before ``day`` by the calendar (29 February → 28 February)."""
        if self.unit == "d":
            return max(1, day - self.count)
        then = date.fromordinal(day)
        months = self.count * (12 if self.unit == "y" else 1)
        year, month0 = divmod(then.year * 12 + then.month - 1 - months, 12)
        if year < 1:
            return 1
        last = calendar.monthrange(year, month0 + 1)[1]
        return date(year, month0 + 1, min(then.day, last)).toordinal()


def parse_span(text: str) -> Span:
    """The span of ``3y``, ``12m`` or ``90d``; raises ValueError."""
    found = _LOOK_BACK.match(text.lower())
    if not found:
        raise ValueError(f"not a span like 3y, 12m or 90d: {text!r}")
    unit: Literal["d", "m", "y"] = "d" if found[2] == "d" else "m" if found[2] == "m" else "y"
    return Span(int(found[1]), unit)
