"""A report as a Word file: the same cover, summary, picture and tables as the PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from graph_service.words import either, legal
from viz.report.block import custom_xml
from viz.report.columns import columns
from viz.report.model import Report
from viz.report.pdf import cut_note
from viz.tables import Table

MOST_ROWS = 500  # of one table; the rest is counted and said
_FONT = "Microsoft YaHei"  # not embedded: readers take their own where they lack it
_PAGE_NUMBER = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'
_PAGE = 100.0  # ems of small print across a page
_HEAD_ROW = f"<w:tblHeader {nsdecls('w')}/>"


def word_file(report: Report, image: bytes | None, lang: str) -> bytes:
    """The report as .docx; ``image``: the picture as PNG."""
    document: Any = docx.Document()
    _set_up(document, report)
    _cover(document, report, lang)
    document.add_page_break()
    document.add_heading(either(("摘要", "Summary"), lang), 1)
    for line in report.summary:
        document.add_paragraph(legal(line), style="List Bullet")
    if image is not None:
        document.add_picture(BytesIO(image), width=Mm(250))
        _fit(document)
    for table in (*report.tables, report.legend):
        _table(document, table, lang)
    _add_block(document, report)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, report: Report) -> None:
    document.core_properties.title = legal(f"{report.title} · {report.subject}")[:250]
    document.core_properties.author = legal(str(report.block["user"]) or "credit-graph")[:250]
    document.core_properties.comments = legal(report.mark)[:250]
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(16))
    section.header.paragraphs[0].text = legal(report.mark)
    footer = section.footer.paragraphs[0]
    footer._p.append(parse_xml(_PAGE_NUMBER))
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _FONT
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    document.styles["Normal"].font.size = Pt(9)


def _cover(document: Any, report: Report, lang: str) -> None:
    document.add_heading(legal(report.title), 0)
    document.add_heading(legal(report.subject), 2)
    table = document.add_table(rows=0, cols=2)
    for label, value in report.cover:
        first, second = table.add_row().cells
        first.text, second.text = label, legal(value)
        first.width, second.width = Mm(40), Mm(220)
    document.add_paragraph(report.notice)


def _fit(document: Any) -> None:
    """A picture that is higher than the page is made smaller, its sides in proportion."""
    shape = document.inline_shapes[-1]
    most = Mm(150)
    if shape.height > most:
        shape.width, shape.height = int(shape.width * most / shape.height), most


def _table(document: Any, table: Table, lang: str) -> None:
    document.add_heading(f"{table.title} ({len(table.rows)})", 1)
    shown = table.rows[:MOST_ROWS]
    if len(shown) < len(table.rows):
        document.add_paragraph(cut_note(len(shown), len(table.rows), lang))
    made = document.add_table(rows=1, cols=len(table.headings), style="Table Grid")
    made.autofit = False
    widths = columns(table, _PAGE)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(265 * width / sum(widths))
    made.rows[0]._tr.get_or_add_trPr().append(parse_xml(_HEAD_ROW))
    for cell, heading in zip(made.rows[0].cells, table.headings, strict=True):
        cell.text = heading
        cell.paragraphs[0].runs[0].bold = True
    for row in shown:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = legal(text)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(7.5)


def _add_block(document: Any, report: Report) -> None:
    package = document.part.package
    blob = custom_xml(report.block_text())
    part = Part(PackURI("/customXml/item9.xml"), "application/xml", blob, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
