"""Reading a rule pack's values: each is checked, and what is wrong is named by its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from graph_service.days import Day, Span, parse_span
from graph_service.errors import PackError
from graph_service.schema import RELATIONS
from queries.stakes import units

MOST_BYTES = 1_000_000


def in_effect(since: Day | None, until: Day | None, day: Day) -> bool:
    """Whether what holds on ``[since, until)`` holds on a day."""
    return (since is None or since <= day) and (until is None or day < until)


def pack_file(name: str, unknown: str, known: Iterable[str]) -> tuple[bytes, str]:
    """The bytes and the file name of a user's own pack.

    Raises PackError: ``unknown`` says that there is none, ``known`` what there is.
    """
    path = Path(name).expanduser()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PackError(f"{name}: larger than {MOST_BYTES} bytes")
        return path.read_bytes(), path.name
    except OSError:
        raise PackError(f"{unknown}: {name}", f"Known: {', '.join(known)}") from None


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a pack file; reads values and names the place when they are wrong."""

    file: str
    rule: str = ""
    field: str = ""

    def at(self, field: str) -> Where:
        """The same place, at a field."""
        return Where(self.file, self.rule, field)

    def error(self, why: str) -> PackError:
        """The error that something is wrong here."""
        place = ", ".join(part for part in (self.rule, self.field) if part)
        return PackError(f"{self.file}: {place}: {why}" if place else f"{self.file}: {why}")

    def mapping(self, raw: object, known: set[str], needed: set[str]) -> dict[str, Any]:
        """A mapping of known fields, with those that are needed."""
        if not isinstance(raw, dict):
            raise self.error("must be a mapping")
        for field in raw:
            if field not in known:
                raise self.at(str(field)).error("is not known here")
        for field in sorted(needed):
            if field not in raw:
                raise self.at(field).error("is missing")
        return raw

    def one(self, raw: object, known: Iterable[str]) -> str:
        """One of some known words."""
        if not isinstance(raw, str) or raw not in tuple(known):
            raise self.error(f"must be one of {', '.join(known)}")
        return raw

    def names(self, raw: object, known: tuple[str, ...]) -> frozenset[str]:
        """A list of known words."""
        return frozenset(self.one(item, known) for item in self.texts(raw))

    def types(self, raw: object) -> frozenset[str]:
        """A list of relation types."""
        return self.names(raw, tuple(RELATIONS))

    def texts(self, raw: object) -> frozenset[str]:
        """A list of texts, not empty."""
        if not isinstance(raw, list) or not raw or not all(isinstance(i, str) for i in raw):
            raise self.error("must be a list of names")
        return frozenset(raw)

    def flag(self, raw: object) -> bool:
        """True or false."""
        if not isinstance(raw, bool):
            raise self.error("must be true or false")
        return raw

    def title(self, raw: object) -> tuple[str, str]:
        """A title in Chinese and English."""
        if raw is None:
            return "", ""
        row = self.mapping(raw, {"zh", "en"}, {"zh"})
        return str(row["zh"]), str(row.get("en", row["zh"]))

    def share(self, raw: object) -> int:
        """A fraction between 0 and 1, in units of 1e-18."""
        try:
            value = Decimal(str(raw))
        except InvalidOperation:
            raise self.error("must be a fraction between 0 and 1") from None
        if isinstance(raw, bool) or not 0 <= value <= 1:
            raise self.error("must be a fraction between 0 and 1")
        return units(value)

    def span(self, raw: object) -> Span | None:
        """A span such as 3y, or None."""
        try:
            return None if raw is None else parse_span(str(raw))
        except ValueError:
            raise self.error("must be a span such as 3y, 12m or 90d") from None

    def day(self, raw: object) -> Day | None:
        """A date, or None."""
        if raw is None:
            return None
        if isinstance(raw, date):
            return raw.toordinal()
        raise self.error("must be a date such as 2024-07-01")
