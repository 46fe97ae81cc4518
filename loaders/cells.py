"""Cells as readers give them, and how each becomes text for the field it feeds."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

Cell = str | int | float | bool | Decimal | date | time | None
_SAFE_DIGITS = 15  # a spreadsheet keeps no more significant digits of a number


def typed_text(cell: Cell, is_id: bool) -> str:
    """The text of a typed cell.

    In an id field a number that may have lost digits, or never was an id (a fraction), becomes
    scientific notation, which the mapper refuses as ``float_id``.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float | Decimal):
        return _number(cell, is_id)
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    return cell.isoformat()


def _number(cell: int | float | Decimal, is_id: bool) -> str:
    exact = cell if isinstance(cell, Decimal) else Decimal(repr(cell))
    if not exact.is_finite():
        return ""
    whole = exact == exact.to_integral_value() if abs(exact) < Decimal(10) ** 27 else True
    if is_id and (not whole or abs(exact) >= Decimal(10) ** _SAFE_DIGITS):
        return floated(exact)
    return format(exact.quantize(Decimal(1)) if whole and exact < 10**27 else exact, "f")


def floated(value: Decimal) -> str:
    """Scientific notation with one leading digit."""
    return f"{value:E}" if value else "0"
