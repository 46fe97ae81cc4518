"""An answer as a file of another kind: CSV, JSON, GraphML, SVG and the single-file page.

Excel, PDF, Word and PNG stand in ``viz.report``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO

from graph_service.words import either
from viz.graphml import graphml
from viz.layout import places_of
from viz.page import page
from viz.scene import scene_of
from viz.stamp import Stamp, reproducibility, watermark
from viz.svg import svg
from viz.tables import tables_of
from viz.view import View, limited

MOST_DRAWN = 2_000  # parties in an image; the tables and GraphML have them all
# What a spreadsheet would run or split when it opens a cell that begins so.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(view: View, stamp: Stamp, lang: str) -> bytes:
    """The main table of the answer (flags, owners and holdings, else ties) for spreadsheets.

    UTF-8 with a byte order mark; no cell is a formula; the last column is the watermark.
    """
    tables = {table.name: table for table in tables_of(view, lang)}
    table = tables.get("flags") or tables.get("ownership") or tables["ties"]
    mark = watermark(view.answer, stamp, lang)
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*table.headings, either(("水印", "watermark"), lang)])
    writer.writerows([dead(cell) for cell in (*row, mark)] for row in table.rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def dead(cell: str) -> str:
    """A cell that a spreadsheet would run gets a quote in front."""
    return "'" + cell if cell.startswith(LIVE) else cell


def json_file(view: View, stamp: Stamp, lang: str) -> bytes:
    """The answer as it is, and beside it the watermark and what makes it reproducible."""
    export = {
        "watermark": watermark(view.answer, stamp, lang),
        "reproducibility": reproducibility(view.answer, stamp),
    }
    whole = {**view.answer, "export": export}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def svg_file(view: View, stamp: Stamp, lang: str) -> bytes:
    """The picture of the nearest ``MOST_DRAWN`` parties as SVG."""
    drawn = limited(view, MOST_DRAWN)
    return svg(scene_of(drawn, places_of(drawn), stamp, lang)).encode("utf-8", "replace")


def graphml_file(view: View, stamp: Stamp, lang: str) -> bytes:
    """Parties and relations as GraphML, with their places."""
    return graphml(view, places_of(view), stamp, lang)


def html_file(view: View, stamp: Stamp, lang: str) -> bytes:
    """The single-file page."""
    return page(view, stamp, lang).encode("utf-8", "replace")


WRITERS: dict[str, Callable[[View, Stamp, str], bytes]] = {
    "csv": csv_file,
    "graphml": graphml_file,
    "html": html_file,
    "json": json_file,
    "svg": svg_file,
}
