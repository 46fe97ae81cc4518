"""A report as an Excel file that prints well: text cells only, no formula, nothing live."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from graph_service.errors import UsageError
from graph_service.words import either, legal
from viz.report.columns import columns, lines
from viz.report.model import Report, report_of
from viz.stamp import Stamp
from viz.tables import Table
from viz.view import View

MOST_ROWS = 1_048_000  # a sheet holds no more
FRONT = "summary"
BLOCK_SHEET = "reproducibility"  # JSON, in pieces one below another
PIECE = 30_000  # characters; a cell holds 32,767
_PAGE = 88.0  # ems across a page, so that what is fitted to it can still be read
_UNITS = 2.1  # of a column's width in the file format, for one em
_LINE, _HIGHEST = 14.5, 409.0  # points: of a line, and what a row may have
_A4 = 9  # the paper's number in the file format
_HEAD = PatternFill("solid", fgColor="DCE4EC")
_THIN = Border(bottom=Side("thin", color="B8C2CC"))
_TOP = Alignment(vertical="top", wrap_text=True)


def workbook(view: View, stamp: Stamp, lang: str) -> bytes:
    """The report of a view as .xlsx; raises UsageError for more rows than a sheet holds."""
    report = report_of(view, stamp, lang)
    book = Workbook(write_only=True)
    book.properties.title = legal(f"{report.title} · {report.subject}")[:250]
    book.properties.creator = legal(str(report.block["user"]) or "credit-graph")
    book.properties.description = legal(report.mark)
    _add(book, report, _front(report, lang), lang)
    for table in (*report.tables, report.legend):
        if len(table.rows) > MOST_ROWS:
            raise UsageError(f"too many rows for one sheet: {len(table.rows)}", "Use .csv.")
        _add(book, report, table, lang)
    _add_block(book, report)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _front(report: Report, lang: str) -> Table:
    """Cover and summary as one sheet."""
    name = either(("摘要", "Summary"), lang)
    rows = [*report.cover]
    rows += [(name if number == 0 else "", line) for number, line in enumerate(report.summary)]
    rows.append((either(("说明", "Notice"), lang), report.notice))
    return Table(FRONT, name, (report.title, report.subject), tuple(rows))


def _add(book: Workbook, report: Report, table: Table, lang: str) -> None:
    front = table.name == FRONT
    sheet: Any = book.create_sheet(either((table.title, table.name), lang))
    widths = [9.0, 50.0] if front else columns(table, _PAGE)
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = round(width * _UNITS, 1)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "portrait" if front else "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    _margins(sheet, report.mark)
    sheet.append([_cell(sheet, text, head=True) for text in table.headings])
    for number, row in enumerate(table.rows, 2):
        # Programs that print without opening never find out how high wrapped text is.
        sheet.row_dimensions[number].height = min(_HIGHEST, _LINE * lines(row, widths) + 2)
        sheet.append([_cell(sheet, text) for text in row])
    if not front:
        sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(widths) - 1)}{len(table.rows) + 1}"


def _margins(sheet: Any, mark: str) -> None:
    """The watermark above and the page number below every printed page."""
    sheet.oddHeader.center.text = mark.replace("&", "&&")[:240]
    sheet.oddHeader.center.size = 9
    sheet.oddFooter.center.text = "&P / &N"


def _cell(sheet: Any, text: str, *, head: bool = False) -> Any:
    """A cell of text that is never a formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, legal(text)[:32_767])
    cell.data_type = "s"
    cell.alignment, cell.border = _TOP, _THIN
    if head:
        cell.font, cell.fill = Font(bold=True), _HEAD
    return cell


def _add_block(book: Workbook, report: Report) -> None:
    sheet: Any = book.create_sheet(BLOCK_SHEET)
    sheet.sheet_state = "hidden"
    for piece in pieces(report.block_text()):
        sheet.append([_cell(sheet, piece)])


def pieces(text: str) -> Sequence[str]:
    """The text in pieces that a cell holds."""
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
