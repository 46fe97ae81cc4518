"""Plain fields of a row: dates, shares, amounts, codes and texts, made canonical."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from graph_service.codes import code_of, list_code
from graph_service.days import Day
from loaders.specs import SPECS, Field
from loaders.values import Share, parse_amount, parse_birth, parse_day, parse_share, parse_yes_no
from loaders.work import Work

_CACHED = 50_000
_Reader = Callable[[Work, str, str], None]


class FieldReader:
    """Reads the fields that name nobody; remembers the dates, shares and amounts it has seen."""

    def __init__(self) -> None:
        self._days: dict[str, tuple[Day, str] | None] = {}
        self._shares: dict[str, Share | None] = {}
        self._amounts: dict[str, str | None] = {}
        self._codes: dict[tuple[str, str], str | None] = {}
        readers: dict[Field, _Reader] = {
            Field.DATE: self._day,
            Field.BIRTH: _birth,
            Field.SHARE: self._share,
            Field.CODE: self._code,
            Field.LIST: self._code,
            Field.AMOUNT: self._amount,
            Field.YES_NO: self._yes_no,
            Field.TEXT: _text,
        }
        # By table and field, so that a row's loop asks one dictionary and nothing else.
        self._readers = {
            table: {name: readers[what] for name, what in spec.fields.items() if what in readers}
            for table, spec in SPECS.items()
        }

    def read(self, at: Work) -> None:
        """Put the canonical texts of plain fields into the row's values."""
        readers = self._readers[at.spec.table.name]
        for name, text in at.text.items():
            reader = readers.get(name)
            if reader is not None:
                reader(at, name, text)
        if "record_date" in at.text:
            self._day(at, "record_date", at.text["record_date"])
            at.values.pop("record_date", None)

    def _day(self, at: Work, name: str, text: str) -> None:
        try:
            found = self._days[text]
        except KeyError:
            found = self._remember_day(text)
        if found is None:
            at.reject(name, "bad_date", text)
        elif found[0]:
            at.days[name] = found[0]
            at.values[name] = found[1]

    def _remember_day(self, text: str) -> tuple[Day, str] | None:
        day = parse_day(text)
        found = None if day is None else (day, date.fromordinal(day).isoformat() if day else "")
        if len(self._days) >= _CACHED:
            self._days.clear()
        self._days[text] = found
        return found

    def _share(self, at: Work, name: str, text: str) -> None:
        try:
            share = self._shares[text]
        except KeyError:
            if len(self._shares) >= _CACHED:
                self._shares.clear()
            share = self._shares[text] = parse_share(text)
        if share is None:
            at.reject(name, "bad_share", text)
        elif share.text:
            at.values[name] = share.text
            if name == "share":
                at.share_low, at.share_high = share.low, share.high

    def _amount(self, at: Work, name: str, text: str) -> None:
        try:
            amount = self._amounts[text]
        except KeyError:
            if len(self._amounts) >= _CACHED:
                self._amounts.clear()
            amount = self._amounts[text] = parse_amount(text)
        if amount is None:
            at.warn("bad_amount")
        elif amount:
            at.values[name] = amount

    def _yes_no(self, at: Work, name: str, text: str) -> None:
        answer = parse_yes_no(text)
        if answer is None:
            at.warn("unknown_code")
        else:
            at.values[name] = answer

    def _code(self, at: Work, name: str, text: str) -> None:
        asked = (at.spec.codes.get(name, ""), text)
        try:
            code = self._codes[asked]
        except KeyError:
            if len(self._codes) >= _CACHED:
                self._codes.clear()
            code = code_of(*asked) if asked[0] else list_code(text)
            self._codes[asked] = code
        if code is None:
            at.warn("unknown_code")
        at.values[name] = code or text


def _birth(at: Work, name: str, text: str) -> None:
    birth = parse_birth(text)
    if birth is None:
        at.reject(name, "bad_date", text)
    elif birth:
        at.values[name] = birth


def _text(at: Work, name: str, text: str) -> None:
    at.values[name] = text
