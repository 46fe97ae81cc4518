"""Flags as files: JSON Lines, CSV or XLSX by the file's ending, with no live formulas."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain as joined
from pathlib import Path
from typing import Any

from graph_service.cli.render.chains import chain
from graph_service.cli.render.words import (
    GRADES,
    SEVERITIES,
    Wire,
    either,
    list_word,
    percent,
    unanswered,
    word,
)
from graph_service.errors import UsageError
from graph_service.words import file_line, legal

# None of these is a header of a canonical table: flags in a folder must not load as sanctions.
_HEADINGS = (
    (
        "被标记主体编号",
        "被标记主体",
        "关联等级",
        "严重程度",
        "所因主体编号",
        "所因主体",
        "所列名单",
        "所列文书号",
        "所列日期",
        "所列截止日期",
        "关联比例",
        "规则",
        "规则依据",
        "证据链",
        "出处",
        "是否确定",
        "说明",
    ),
    (
        "flagged_id",
        "flagged",
        "grade",
        "severity",
        "because_of_id",
        "because_of",
        "because_of_list",
        "because_of_document",
        "because_of_listed",
        "because_of_valid_until",
        "tie_share",
        "rule",
        "rule_article",
        "evidence",
        "evidence_rows",
        "certain",
        "statement",
    ),
)
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
_LINES = (".jsonl", ".json")  # one object a line; .json puts them into an array
_ENDINGS = (*_LINES, ".csv", ".xlsx")
_SHEET_ROWS = 1_048_575


def write_flags(path: Path, flags: Iterable[Wire], lang: str) -> None:
    """Write flags, one a line; raises UsageError for another ending, or too many for XLSX."""
    if ending_of(path) in _LINES:
        _write_lines(path, flags)
        return
    rows = (_cells(flag, lang) for flag in flags)
    _write_rows(path, joined([list(either(_HEADINGS, lang))], rows))


def write_answers(path: Path, answer: Wire, lang: str) -> None:
    """Write the answers of a list: one line per flag; an unflagged row keeps a line."""
    if ending_of(path) in _LINES:
        _write_lines(path, answer["answers"])
        return
    first = either((("行", "结论"), ("row", "result")), lang)
    rows = (row for item in answer["answers"] for row in _answer_rows(item, lang))
    _write_rows(path, joined([[*first, *either(_HEADINGS, lang)]], rows))


def _answer_rows(item: Wire, lang: str) -> Iterator[list[str]]:
    number, party = str(item["row"]), item.get("party") or {}
    if not item.get("flags"):
        none = either(("未发现标记", "not flagged"), lang)
        said = unanswered(item, lang) if item.get("error") else none
        blank = [""] * (len(_HEADINGS[0]) - 2)
        yield [number, said, str(party.get("id", "")), str(party.get("name", "")), *blank]
    for flag in item.get("flags") or ():
        yield [number, either(("有标记", "flagged"), lang), *_cells(flag, lang)]


def _cells(flag: Wire, lang: str) -> list[str]:
    party, listed, record = flag["party"], flag["listed"], flag.get("record") or {}
    cells = [
        party["id"],
        party["name"],
        word(GRADES, flag["grade"], lang),
        word(SEVERITIES, flag["severity"], lang),
        listed["id"],
        listed["name"],
        list_word(record["list"], lang) if record.get("list") else "",
        record.get("document_no"),
        record.get("listed"),
        record.get("valid_until"),
        percent(flag.get("share")),
        f"{flag['pack']}/{flag['rule']}",
        flag.get("article"),
        chain(flag.get("path") or (), lang, listed["id"]),
        _sources(flag),
        either(("是", "yes"), lang) if flag.get("certain") else either(("否", "no"), lang),
        (flag.get("statement") or {}).get(lang),
    ]
    return ["" if cell is None else str(cell) for cell in cells]


def _sources(flag: Wire) -> str:
    steps = flag.get("evidence") or flag.get("path") or ()
    found = {
        f"{file_line(source)}#{source['row']} ({source['source']})": None
        for step in steps
        for source in step.get("sources") or ()
    }
    return "; ".join(found)


def ending_of(path: Path) -> str:
    """The ending that says what to write; raises UsageError for any other."""
    ending = path.suffix.lower()
    if ending not in _ENDINGS:
        said = f"--out cannot be {ending}" if ending else "--out has no ending"
        raise UsageError(said, "Use .json, .jsonl, .csv or .xlsx.")
    return ending


def _write_lines(path: Path, items: Iterable[Wire]) -> None:
    array = ending_of(path) == ".json"
    with path.open("w", encoding="utf-8") as out:
        out.write("[\n" if array else "")
        for number, item in enumerate(items):
            out.write(",\n" if number and array else "")
            out.write(json.dumps(item, ensure_ascii=False) + ("" if array else "\n"))
        out.write("\n]\n" if array else "")


def _write_rows(path: Path, rows: Iterable[Sequence[str]]) -> None:
    if ending_of(path) == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([_dead(cell) for cell in row] for row in rows)
        return
    _write_sheet(path, rows)


def _dead(cell: str) -> str:
    """A cell that a spreadsheet would run gets a quote in front."""
    return "'" + cell if cell.startswith(_LIVE) else cell


def _write_sheet(path: Path, rows: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("flags")
    for number, row in enumerate(rows):
        if number > _SHEET_ROWS:
            raise UsageError("too many rows for one sheet", "Use .csv or .jsonl.")
        sheet.append([_still(sheet, text) for text in row])
    book.save(path)


def _still(sheet: Any, text: str) -> Any:
    """A cell of text that is never a formula, whatever it begins with; None for an empty one."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, legal(text)[:32_767])
    cell.data_type = "s"
    return cell
