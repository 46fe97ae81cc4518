"""A report as PDF: a cover, the summary, the picture in vectors, the tables; fonts embedded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape
from io import BytesIO
from typing import Any

from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4, landscape  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    CondPageBreak,
    Flowable,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from graph_service.words import either
from viz.report.block import packed
from viz.report.drawing import draw_scene, run_width
from viz.report.fonts import Fonts
from viz.report.model import Report
from viz.scene import Scene
from viz.style import ems_of
from viz.tables import Table

MOST_ROWS = 1_000  # of one table on paper; the rest is counted and said
_MARGIN = 36
_LEAST = 110  # points left on a page for a table to begin there
_WIDE = landscape(A4)[0] - 2 * _MARGIN
_GRID = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b8c2cc")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#dce4ec")),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


class _Picture(Flowable):  # type: ignore[misc]
    """A scene on a page of its own, as large as fits."""

    def __init__(self, scene: Scene, fonts: Fonts) -> None:
        super().__init__()
        self.scene, self.fonts, self.factor = scene, fonts, 1.0

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        self.factor = min(wide / self.scene.wide, (high - 2) / self.scene.high, 1.5)
        return wide, self.scene.high * self.factor

    def draw(self) -> None:
        draw_scene(self.canv, self.scene, self.fonts, 0, 0, self.factor)


def pdf(report: Report, scene: Scene | None, fonts: Fonts, lang: str) -> bytes:
    """The report; characters that no font has are named in it."""
    body = list(_body(report, scene, fonts, lang))
    if fonts.missing:
        body += [PageBreak(), *_missing(fonts, lang)]
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN + 8,
        bottomMargin=_MARGIN,
        title=f"{report.title} · {report.subject}",
        author=str(report.block["user"]),
        subject=report.mark,
        keywords=packed(report.block_text()),
        creator=f"credit-graph {report.block['program']}",
    )
    page = partial(_page, report.mark, fonts)
    document.build(body, onFirstPage=page, onLaterPages=page)
    return out.getvalue()


def _page(mark: str, fonts: Fonts, canvas: Any, document: Any) -> None:
    """The watermark above, aslant behind, and the page's number below."""
    wide, high = landscape(A4)
    canvas.saveState()
    _string(canvas, fonts, mark, _MARGIN, high - _MARGIN + 10, 8, "#4a5a69")
    _string(canvas, fonts, str(document.page), wide / 2, 20, 8, "#4a5a69")
    canvas.translate(wide / 2, high / 2)
    canvas.rotate(24)
    width = sum(run_width(face, piece, 22) for face, piece in fonts.runs(mark))
    size = 22 * min(1.0, 720 / width)
    _string(canvas, fonts, mark, -width * size / 44, 0, size, "#eceff2")
    canvas.restoreState()


def _string(
    canvas: Any, fonts: Fonts, text: str, x: float, y: float, size: float, colour: str
) -> None:
    canvas.setFillColor(colour)
    for face, piece in fonts.runs(text):
        canvas.setFont(face.name, size)
        canvas.drawString(x, y, piece)
        x += run_width(face, piece, size)


def _body(report: Report, scene: Scene | None, fonts: Fonts, lang: str) -> Iterator[Any]:
    yield Spacer(1, 30)
    yield _text(report.title, fonts, 26)
    yield Spacer(1, 10)
    yield _text(report.subject, fonts, 16)
    yield Spacer(1, 24)
    yield _pairs(report.cover, fonts)
    yield Spacer(1, 18)
    yield _text(report.notice, fonts, 9)
    yield Spacer(1, 18)
    yield _text(either(("摘要", "Summary"), lang), fonts, 15)
    for line in report.summary:
        yield _text("· " + line, fonts, 10)
    if scene is not None:
        yield PageBreak()
        yield _Picture(scene, fonts)
    yield PageBreak()
    for table in (*report.tables, report.legend):
        yield CondPageBreak(_LEAST)
        yield from _table(table, fonts, lang)
        yield Spacer(1, 16)


def _missing(fonts: Fonts, lang: str) -> Iterator[Any]:
    names = ("本机字体缺少的字符（文中以码位代替）", "Characters that no font here has")
    yield _text(either(names, lang), fonts, 13)
    yield _text(", ".join(f"U+{ord(char):04X}" for char in sorted(fonts.missing)), fonts, 10)


def _text(text: str, fonts: Fonts, size: float) -> Any:
    return Paragraph(_marked(text, fonts), _style(size, fonts))


def _style(size: float, fonts: Fonts) -> Any:
    return ParagraphStyle(
        f"s{size}", fontName=fonts.plain.name, fontSize=size, leading=size * 1.4, wordWrap="CJK"
    )


def _marked(text: str, fonts: Fonts) -> str:
    """The text as reportlab's markup: escaped, each piece in a font that has its characters."""
    lines = (
        "".join(f'<font name="{f.name}">{escape(piece)}</font>' for f, piece in fonts.runs(line))
        for line in text.split("\n")
    )
    return "<br/>".join(lines)


def _pairs(lines: Iterable[tuple[str, str]], fonts: Fonts) -> Any:
    rows = [[_text(label, fonts, 10), _text(value, fonts, 10)] for label, value in lines]
    made = LongTable(rows, colWidths=[110, _WIDE - 110])
    made.setStyle(TableStyle(_GRID.getCommands()[:2]))
    return made


def _table(table: Table, fonts: Fonts, lang: str) -> Iterator[Any]:
    yield _text(f"{table.title} ({len(table.rows)})", fonts, 13)
    yield Spacer(1, 4)
    shown = table.rows[:MOST_ROWS]
    if len(shown) < len(table.rows):
        yield _text(cut_note(len(shown), len(table.rows), lang), fonts, 9)
    rows = [[_text(cell, fonts, 7.5) for cell in row] for row in (table.headings, *shown)]
    made = LongTable(rows, colWidths=_columns(table), repeatRows=1)
    made.setStyle(_GRID)
    yield made


def cut_note(shown: int, total: int, lang: str) -> str:
    """That a table on paper ends before the whole table does."""
    zh = f"此处只印前 {shown} 行，共 {total} 行；全部行见 Excel 报告"
    return either((zh, f"The first {shown} of {total} rows; the Excel report has them all"), lang)


def _columns(table: Table) -> list[float]:
    """Widths by how much stands in each column, none too narrow to read."""
    weights = []
    for place, heading in enumerate(table.headings):
        texts = [row[place] for row in table.rows[:200]]
        mean = sum(min(ems_of(text), 60) for text in texts) / max(1, len(texts))
        word = max((ems_of(w) for text in texts for w in text.split()), default=0.0)
        weights.append(max(mean, ems_of(heading), min(word, 13.0), 3.5) ** 0.75)
    total = sum(weights)
    return [_WIDE * weight / total for weight in weights]
