"""Rows of a table that hold no data: blanks, totals, notes below it, the header once more."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from loaders.cells import Cell
from loaders.values import TRIM

_TOTALS = frozenset({"合计", "总计", "小计", "共计", "total", "totals"})
BLANK = TRIM + "\x1a"  # an old end-of-file mark
IDLE_STARTS = frozenset("合总小共注说备填制审tT" + BLANK)
_NOTES = ("注:", "注：", "说明:", "说明：", "备注:", "备注：", "填表", "制表", "审核:", "审核：")


def is_idle(cells: Sequence[Cell], header: Sequence[str]) -> bool:
    """Whether a row holds no data: blank, a total, a note below the table, the header again."""
    first = cells[0] if cells else None
    if first is not None and not isinstance(first, str):
        return False
    text = first.strip(BLANK) if first else ""
    if text and text[0] not in IDLE_STARTS and text != header[0]:
        return False
    filled = [str(cell).strip(BLANK) for cell in cells if cell is not None]
    filled = [cell for cell in filled if cell]
    if not filled:
        return True
    head = unicodedata.normalize("NFKC", filled[0]).replace(" ", "").rstrip(":").lower()
    if head in _TOTALS or (len(filled) == 1 and filled[0].startswith(_NOTES)):
        return True
    return len(filled) > 1 and filled == [text for text in header if text]
