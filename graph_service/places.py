"""Where a row stands: a file, and in a workbook its sheet, for each sheet numbers its own rows.

Statements and quarantined rows keep one text for both, ``名录.xlsx#股东``; people see the two.
"""

from __future__ import annotations

import re

_BOOKS = (".xlsx", ".xlsm", ".xlsx.gz", ".xlsm.gz")
_PLACE = re.compile(r"(?is)(.*\.xls[xm](?:\.gz)?)#(.+)")


def in_sheet(file: str, sheet: str) -> str:
    """The one text for a sheet of a workbook; the file's own name for any other file."""
    if not sheet or not file.lower().endswith(_BOOKS):
        return file
    return f"{file}#{sheet}"


def apart(place: str) -> tuple[str, str]:
    """The file and the sheet of a place; no sheet (``""``) where it names none."""
    found = _PLACE.fullmatch(place) if "#" in place else None
    return (found[1], found[2]) if found else (place, "")


def told(source: str, place: str, row: int) -> dict[str, str | int]:
    """A place as answers give it: source, file, row, and ``sheet`` where the file is a workbook."""
    file, sheet = apart(place)
    named: dict[str, str | int] = {"source": source, "file": file, "row": row}
    return {**named, "sheet": sheet} if sheet else named
