"""No character is left as an empty box: rare ones are drawn, and what no font has is said."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from graph_service.errors import UsageError
from tests.viz.support import STAMP, trace
from tests.viz.test_exports import needs_fonts
from viz.report.files import docx_file, pdf_file, png_file
from viz.report.fonts import CHAIN, characters, fonts
from viz.view import view_of

RARE = "䶮𠮷"


def embedded(content: bytes) -> set[str]:
    """The names of the fonts that a PDF brings along."""
    found = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        listed: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        for reference in listed.values():
            font = reference.get_object()
            if "/FontDescriptor" in font and "/FontFile2" in font["/FontDescriptor"]:
                found.add(str(font["/BaseFont"]).partition("+")[2])
    return found


@needs_fonts
def test_rare_characters_are_in_the_pdf_and_can_be_copied() -> None:
    chain = fonts()
    lacking = [char for char in RARE if not any(ord(char) in characters(f) for f in chain.faces)]
    if lacking:
        pytest.skip(f"no font here has {'、'.join(lacking)}: install fonts-hanazono")
    content = pdf_file(view_of(trace([f"示例{RARE}有限公司", "乙"])), STAMP, "zh", None)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert f"示例{RARE}有限公司" in text.replace("\n", "")
    assert "U+20BB7" not in text
    assert len(embedded(content)) >= 2


@needs_fonts
def test_what_no_font_has_is_said() -> None:
    lost = "\U0010fffd"
    content = pdf_file(view_of(trace([f"甲{lost}", "乙"])), STAMP, "zh", None)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "甲[U+10FFFD]" in text
    assert "本机字体缺少的字符" in text
    assert png_file(view_of(trace([f"甲{lost}", "乙"])), STAMP, "zh", None)


@needs_fonts
def test_each_character_is_drawn_by_the_first_font_that_has_it() -> None:
    chain = fonts()
    text = f"Abc 王伟{RARE} 50%→（甲）"
    runs = list(chain.runs(text))
    if not chain.missing:
        assert "".join(piece for _, piece in runs) == text
    for face, piece in runs:
        before = chain.faces[: chain.faces.index(face)]
        for char in piece:
            assert ord(char) in characters(face)
            assert not any(ord(char) in characters(other) for other in before)
    assert list(chain.runs("")) == []


def test_a_named_font_must_be_one_that_can_be_embedded(tmp_path: Path) -> None:
    path = tmp_path / "坏.ttf"
    path.write_bytes(b"OTTO not a font")
    with pytest.raises(UsageError, match=r"坏\.ttf cannot be embedded"):
        fonts(str(path))
    with pytest.raises(UsageError, match=r"没有\.ttf cannot be embedded"):
        fonts(str(tmp_path / "没有.ttf"))


@needs_fonts
def test_a_named_font_comes_first() -> None:
    path = next(face.path for face in fonts().faces if face.path.endswith(".ttf"))
    assert fonts(path).faces[0].path == path


def test_without_any_font_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_folders: Sequence[Path]) -> dict[str, str]:
        return {}

    from viz.report import fonts as room

    room._found.cache_clear()
    monkeypatch.setattr(room, "_files", nowhere)
    try:
        with pytest.raises(UsageError) as caught:
            fonts()
        assert "CG_REPORT_FONT" in caught.value.hint
        with pytest.raises(UsageError):
            pdf_file(view_of(trace(["甲", "乙"])), STAMP, "zh", None)
        document = Document(io.BytesIO(docx_file(view_of(trace(["甲", "乙"])), STAMP, "zh", None)))
        assert len(document.inline_shapes) == 0
        assert any("图从略" in paragraph.text for paragraph in document.paragraphs)
    finally:
        room._found.cache_clear()


def test_the_chain_names_each_font_once() -> None:
    assert len({name.lower() for name, _ in CHAIN}) == len(CHAIN)
