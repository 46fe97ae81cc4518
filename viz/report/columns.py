"""How wide the columns of a printed table are, and how many lines a row then takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from viz.style import ems_of
from viz.tables import Table

_LOOKED_AT = 300  # rows by which widths are judged
_WORD = 11.0  # ems: a longer word is broken


def columns(table: Table, page: float) -> list[float]:
    """Widths in ems that sum to at most ``page``.

    Each column has room for its longest word first; what is left goes in equal parts to those that
    want more, and what the short ones leave to the long ones.
    """
    least, most = [], []
    for place, heading in enumerate(table.headings):
        texts = [heading, *(row[place] for row in table.rows[:_LOOKED_AT])]
        word = max((ems_of(word) for text in texts for word in text.split()), default=0.0)
        longest = max(ems_of(line) for text in texts for line in text.split("\n"))
        least.append(min(max(word, ems_of(heading)), _WORD) + 1)
        most.append(max(longest, ems_of(heading)) + 1)
    scale = min(1.0, page / sum(least))
    widths = [width * scale for width in least]
    wanted = [full - width for full, width in zip(most, widths, strict=True)]
    for served, place in enumerate(sorted(range(len(widths)), key=wanted.__getitem__)):
        share = (page - sum(widths)) / (len(widths) - served)
        widths[place] += max(0.0, min(wanted[place], share))
    return widths


def lines(row: Sequence[str], widths: Sequence[float]) -> int:
    """How many lines the fullest cell of a row takes."""
    return max(
        sum(max(1, ceil(ems_of(line) / (width - 0.5))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )
