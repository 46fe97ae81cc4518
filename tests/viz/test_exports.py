"""Every export opens again with as many parties and relations as the answer, and its watermark."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from graph_service.errors import UsageError
from graph_service.web.pictures import MEDIA, Asked, exported
from graph_service.words import legal
from tests.viz.support import HOSTILE, STAMP, trace
from viz.exports import LIVE
from viz.report.block import read_block
from viz.report.fonts import fonts
from viz.stamp import reproducibility
from viz.view import view_of

SUBJECTS = ("trace", "exposure", "flags", "none")
ASKED = Asked("审计员", {"command": "trace"})


def printable() -> bool:
    """Whether this machine has fonts to print Chinese with."""
    try:
        return bool(fonts())
    except UsageError:
        return False


needs_fonts = pytest.mark.skipif(not printable(), reason="no font with Chinese characters here")


def counts(answer: Mapping[str, Any]) -> tuple[int, int]:
    """Parties and relations of an answer."""
    view = view_of(answer)
    return len(view.nodes), sum(len(edge.steps) for edge in view.edges)


@pytest.mark.parametrize("name", SUBJECTS)
def test_csv(answers: dict[str, Any], name: str) -> None:
    answer = answers[name]
    text = exported(answer, "csv", ASKED).decode("utf-8-sig")
    first, *rows = csv.reader(io.StringIO(text))
    assert len(rows) == (len(answer["flags"]) if "flags" in answer else counts(answer)[1])
    assert all(len(row) == len(first) for row in rows)
    assert all("供人工复核 · 审计员" in row[-1] for row in rows)


@pytest.mark.parametrize("name", SUBJECTS)
def test_json(answers: dict[str, Any], name: str) -> None:
    whole = json.loads(exported(answers[name], "json", ASKED))
    export = whole.pop("export")
    assert whole == answers[name]
    assert answers[name]["data_version"] in export["watermark"]
    assert export["reproducibility"]["question"] == {"command": "trace"}


@pytest.mark.parametrize("name", SUBJECTS)
def test_graphml(answers: dict[str, Any], name: str) -> None:
    graph: Any = nx.read_graphml(
        io.BytesIO(exported(answers[name], "graphml", ASKED)), force_multigraph=True
    )
    assert (graph.number_of_nodes(), graph.number_of_edges()) == counts(answers[name])
    assert "供人工复核" in graph.graph["watermark"]
    view = view_of(answers[name])
    assert {node.id: node.name for node in view.nodes} == {
        node: data["name"] for node, data in graph.nodes(data=True)
    }
    assert {s["id"] for edge in view.edges for s in edge.steps} == {
        key for _, _, key in graph.edges(keys=True)
    }


@pytest.mark.parametrize("name", SUBJECTS)
def test_svg(answers: dict[str, Any], name: str) -> None:
    root = ElementTree.fromstring(exported(answers[name], "svg", ASKED))
    space = "{http://www.w3.org/2000/svg}"
    tips = [title.text or "" for title in root.iter(f"{space}title")]
    for node in view_of(answers[name]).nodes:
        assert any(node.id in tip.split("\n") for tip in tips)
    assert len(view_of(answers[name]).edges) == sum(
        {"line", "title"} <= {child.tag.removeprefix(space) for child in group}
        for group in root.iter(f"{space}g")
    )
    assert "审计员" in (root.findtext(f"{space}desc") or "")


@pytest.mark.parametrize("name", SUBJECTS)
def test_xlsx(answers: dict[str, Any], name: str) -> None:
    book = load_workbook(io.BytesIO(exported(answers[name], "xlsx", ASKED)))
    parties, relations = counts(answers[name])
    assert book["主体"].max_row == parties + 1
    if relations:
        assert book["证据关系"].max_row == relations + 1
    if answers[name].get("flags"):
        assert book["风险标记"].max_row == len(answers[name]["flags"]) + 1
    sheets: list[Any] = book.worksheets[:-1]
    for sheet in sheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert "供人工复核" in str(sheet.oddHeader.center.text)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert book.worksheets[-1].sheet_state == "hidden"


@needs_fonts
@pytest.mark.parametrize("name", SUBJECTS)
def test_pdf(answers: dict[str, Any], name: str) -> None:
    reader = PdfReader(io.BytesIO(exported(answers[name], "pdf", ASKED)))
    pages = [page.extract_text() for page in reader.pages]
    assert all("供人工复核" in page for page in pages)
    text = "\n".join(pages)
    parties, relations = counts(answers[name])
    assert f"主体 ({parties})" in text
    assert not relations or f"证据关系 ({relations})" in text
    assert answers[name]["data_version"] in text
    assert "供人工复核 · 审计员" in str(reader.metadata and reader.metadata.subject)


@needs_fonts
@pytest.mark.parametrize("name", SUBJECTS)
def test_word(answers: dict[str, Any], name: str) -> None:
    document = Document(io.BytesIO(exported(answers[name], "docx", ASKED)))
    parties, relations = counts(answers[name])
    rows = {table.rows[0].cells[0].text: len(table.rows) - 1 for table in document.tables}
    assert rows["名称"] == parties
    assert rows.get("起点", 0) == relations
    assert "供人工复核 · 审计员" in document.sections[0].header.paragraphs[0].text
    assert len(document.inline_shapes) == int(parties > 1)


@needs_fonts
def test_png(answers: dict[str, Any]) -> None:
    image: Any = Image.open(io.BytesIO(exported(answers["trace"], "png", ASKED)))
    assert image.width > 400
    assert len(image.getcolors(1 << 24)) > 5
    assert "供人工复核 · 审计员" in image.info["Comment"]


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf", "html", "json"])
def test_what_asks_again_is_read_back(answers: dict[str, Any], ending: str, tmp_path: Path) -> None:
    if ending in ("pdf", "docx") and not printable():
        pytest.skip("no font with Chinese characters here")
    question = {"command": "exposure", "bidders": [{"name": name} for name in HOSTILE[:7]] * 900}
    path = tmp_path / f"报告.{ending}"
    path.write_bytes(exported(answers["exposure"], ending, Asked("审计员", question)))
    block = read_block(path)
    assert block["question"] == question
    wanted = reproducibility(answers["exposure"], STAMP)
    for key in ("answer_sha256", "pack", "pack_hash", "data_version", "as_of", "format"):
        assert block[key] == wanted[key]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"PK\x03\x04 not a book"),
        ("a.docx", b""),
        ("a.pdf", b"%PDF-1.4 credit-graph-report:QUJD"),
        ("a.html", b'<script type="application/json" id="reproducibility">[1]</script>'),
        ("a.json", b'{"export": {"reproducibility": {"format": "other/1"}}}'),
        ("a.json", b"\xff"),
        ("a.txt", b"{}"),
    ],
)
def test_a_file_without_a_block_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match="no reproducibility block"):
        read_block(tmp_path / name)


def test_a_workbook_without_the_sheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UsageError, match="no reproducibility block"):
        read_block(tmp_path / "a.xlsx")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_are_text_in_every_file(lang: str) -> None:
    answer = trace(HOSTILE, "truncated")
    asked = Asked("<b>&'", {"command": "trace"}, lang)
    for ending in MEDIA:
        if ending in ("pdf", "docx", "png") and not printable():
            continue
        content = exported(answer, ending, asked)
        assert content
    rows = list(csv.reader(io.StringIO(exported(answer, "csv", asked).decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(LIVE)]
    book = load_workbook(io.BytesIO(exported(answer, "xlsx", asked)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert "=HYPERLINK" in "".join(str(cell.value) for cell in cells)
    root = ElementTree.fromstring(exported(answer, "svg", asked))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "text", "line", "polygon", "ellipse"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}
    graph: Any = nx.read_graphml(io.BytesIO(exported(answer, "graphml", asked)))
    assert set(graph.nodes) == {legal(name) for name in HOSTILE}


def test_an_unknown_ending_is_refused(answers: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"written as \.exe"):
        exported(answers["trace"], "exe", ASKED)


def test_without_the_extra_the_error_says_what_to_install(
    answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith("viz.report.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(UsageError) as caught:
        exported(answers["trace"], "pdf", ASKED)
    assert "credit-graph[report]" in caught.value.hint
