"""PDF, Word and PNG: what needs the extra ``report``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from graph_service.errors import UsageError
from graph_service.words import either
from viz.layout import places_of
from viz.report.drawing import png
from viz.report.fonts import fonts
from viz.report.model import report_of
from viz.report.pdf import pdf
from viz.report.word import word_file
from viz.scene import Scene, scene_of
from viz.stamp import Stamp
from viz.view import View, limited

MOST_IN_REPORT = 150  # parties; on a page more cannot be read
MOST_IN_IMAGE = 1_000


def pdf_file(view: View, stamp: Stamp, lang: str, font: str | None) -> bytes:
    """The report of a view as PDF; ``font``: paths of fonts to use first."""
    chain = fonts(font)
    scene = _scene(view, stamp, lang, MOST_IN_REPORT)
    return pdf(report_of(view, stamp, lang), scene, chain, lang)


def docx_file(view: View, stamp: Stamp, lang: str, font: str | None) -> bytes:
    """The report of a view as a Word file. It needs no font but for its picture: where none is
    found the picture is left out, and the summary says so."""
    report, image = report_of(view, stamp, lang), None
    scene = _scene(view, stamp, lang, MOST_IN_REPORT)
    try:
        image = None if scene is None else png(scene, fonts(font))
    except UsageError as error:
        said = either(("图从略：", "The picture is left out: "), lang) + error.detail
        report = replace(report, summary=(*report.summary, said))
    return word_file(report, image, lang)


def png_file(view: View, stamp: Stamp, lang: str, font: str | None) -> bytes:
    """The picture of a view."""
    drawn = limited(view, MOST_IN_IMAGE)
    return png(scene_of(drawn, places_of(drawn), stamp, lang), fonts(font))


def _scene(view: View, stamp: Stamp, lang: str, most: int) -> Scene | None:
    """The picture, where there is more than one party to draw."""
    drawn = limited(view, most)
    if len(drawn.nodes) < 2:
        return None
    return scene_of(drawn, places_of(drawn), stamp, lang)


FILES: dict[str, Callable[[View, Stamp, str, str | None], bytes]] = {
    "docx": docx_file,
    "pdf": pdf_file,
    "png": png_file,
}
