"""A screening as picture and report: who is marked, what is tied, and every row and pair in it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from graph_service.web.pictures import MEDIA, Asked, exported
from graph_service.wire.screen import screening
from tests.queries.stories import firm, person, tie
from tests.tender.planted import asked, bid, bids
from tests.viz.support import HOSTILE
from tests.viz.test_exports import needs_fonts, printable
from viz.report.bids import bid_summary
from viz.report.block import read_block
from viz.view import limited, view_of

ASKED = Asked("审计员", {"command": "screen", "regime": "bidding_law"})


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """甲 and 乙 have one head, 丙 and 丁 one agent, 戊𠮷 nothing, and one row means nobody."""
    parties = [person("p", "王䶮"), *(firm(name) for name in ("甲", "乙", "丙", "丁", "戊𠮷"))]
    relations = [tie("LEGAL_REPRESENTATIVE_OF", "p", name) for name in ("甲", "乙")]
    rows = [
        *bids("甲", "乙"),
        bid(4, "丙", agent="代理人"),
        bid(5, "丁", agent="代理人"),
        bid(6, "戊𠮷"),
        bid(7, "", name='=HYPERLINK("x")'),
    ]
    made = asked(parties, relations, rows, regime="b", all_pairs=False)
    return screening(made)


def test_bidders_bear_the_gravest_verdict(answer: dict[str, Any]) -> None:
    marks = {node.id: (node.grade, node.severity) for node in view_of(answer).nodes}
    assert marks == {
        "甲": ("void_art34", "high"),
        "乙": ("void_art34", "high"),
        "丙": ("deemed_art40", "high"),
        "丁": ("deemed_art40", "high"),
        "戊𠮷": (None, None),
        "p": (None, None),
    }


def test_ties_and_signs_are_lines(answer: dict[str, Any]) -> None:
    view = view_of(answer)
    lines = {(edge.start, edge.end): edge for edge in view.edges}
    assert {ends for ends, edge in lines.items() if edge.directed} == {("p", "甲"), ("p", "乙")}
    (sign,) = [edge for edge in view.edges if not edge.directed]
    assert {sign.start, sign.end} == {"丙", "丁"}
    (pair,) = [pair for pair in answer["pairs"] if pair["verdict"] == "deemed_art40"]
    assert sign.label("zh") == "、".join(
        dict.fromkeys(one["label"]["zh"] for one in pair["indicator_details"])
    )


def test_a_cut_picture_shows_whole_groups_gravest_first(answer: dict[str, Any]) -> None:
    cut = limited(view_of(answer), 3)
    assert {node.id for node in cut.nodes} == {"甲", "乙", "p"}
    assert len(cut.edges) == 2
    assert view_of(answer).nodes[-1].id == "戊𠮷"


def test_every_row_pair_and_sign_is_in_the_workbook(answer: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(exported(answer, "xlsx", ASKED)))
    for name in ("摘要", "投标人", "两两核查", "证据", "出处", "图例"):
        assert name in book.sheetnames
    assert [row[0].value for row in book["投标人"].iter_rows(min_row=2)] == [
        str(row["row"]) for row in answer["bidders"]
    ]
    assert book["两两核查"].max_row == len(answer["pairs"]) + 1
    signs = sum(len(pair["indicator_details"]) for pair in answer["pairs"])
    assert book["证据"].max_row == signs + 1
    verdicts = {row[5].value for row in book["两两核查"].iter_rows(min_row=2)}
    assert verdicts == {"投标均无效", "视为串通投标"}
    english = load_workbook(io.BytesIO(exported(answer, "xlsx", Asked(lang="en"))))
    assert {"summary", "bidders", "pairs", "evidence", "sources", "legend"} <= set(
        english.sheetnames
    )


def test_the_summary_counts_verdicts(answer: dict[str, Any]) -> None:
    lines = list(bid_summary(answer, "zh"))
    assert lines[0] == "适用法律：招标投标法。"
    checked, lacking = answer["pairs_checked"], answer["pairs_insufficient"]
    assert checked + lacking == 15
    assert lines[2] == f"核查 {checked} 对投标人，另有 {lacking} 对资料不足，未能核查。"
    assert lines[3] == "列出各对 2：投标均无效 1，视为串通投标 1"


@needs_fonts
def test_on_paper(answer: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(exported(answer, "pdf", ASKED)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "投标人排查报告" in text
    assert f"两两核查 ({len(answer['pairs'])})" in text
    document = Document(io.BytesIO(exported(answer, "docx", ASKED)))
    tables = {table.rows[0].cells[-2].text: len(table.rows) - 1 for table in document.tables[1:]}
    assert (tables["候选"], tables["说明"]) == (len(answer["bidders"]), len(answer["pairs"]))


def test_the_block_asks_the_same_again(answer: dict[str, Any], tmp_path: Any) -> None:
    path = tmp_path / "报告.xlsx"
    path.write_bytes(exported(answer, "xlsx", Asked("审计员")))
    block = read_block(path)
    assert block["question"] == answer["question"]
    assert block["digest"] == answer["digest"]


def test_hostile_bidders_are_text() -> None:
    rows = [bid(row, "", name=name, agent="代理") for row, name in enumerate(HOSTILE[:6], 2)]
    made = screening(asked([firm("甲")], [], [*rows, bid(9, "甲")], all_pairs=True))
    for ending in MEDIA:
        if printable() or ending not in ("pdf", "docx", "png"):
            assert exported(made, ending, ASKED)
    book = load_workbook(io.BytesIO(exported(made, "xlsx", ASKED)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
