"""The reproducibility block inside a file, and how it is read back from one.

Excel: a hidden sheet of JSON; Word: a custom XML part; PDF: its keywords (zlib, base64); pages and
JSON: in the clear. A file is somebody else's: everything read from it is bounded.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from graph_service.errors import UsageError
from viz.report.sheet import BLOCK_SHEET
from viz.stamp import FORMAT

MARK = "credit-graph-report:"
NAMESPACE = "urn:credit-graph:reproducibility"
MOST_FILE, MOST_BLOCK = 200_000_000, 50_000_000  # bytes
_PAGE = re.compile(r'<script type="application/json" id="reproducibility">(.*?)</script>', re.S)


def packed(text: str) -> str:
    """The block as one word of ASCII letters."""
    return MARK + urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def custom_xml(text: str) -> bytes:
    """The block as the XML part of a Word file."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    whole = f'<reproducibility xmlns="{NAMESPACE}">{safe}</reproducibility>'
    return f'<?xml version="1.0"?>{whole}'.encode()


def read_block(path: Path) -> dict[str, Any]:
    """The reproducibility block of a report or export (.xlsx, .docx, .pdf, .html, .json).

    Raises UsageError when the file holds none that this program reads, OSError when it cannot be
    opened.
    """
    if path.stat().st_size > MOST_FILE:
        raise UsageError("the file is too large to be a report")
    readers = {".xlsx": _sheet, ".docx": _word, ".pdf": _pdf, ".html": _page, ".json": _json}
    reader, content = readers.get(path.suffix.lower()), path.read_bytes()
    try:
        found = json.loads(reader(content)) if reader else None
    except Exception:  # a broken workbook makes its reader raise anything
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UsageError(
            "the file holds no reproducibility block that this program reads",
            "Reports and exports hold one: .xlsx, .docx, .pdf, .html, .json.",
        )
    return found


def _sheet(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_FILE:
            raise ValueError("unpacks to too much")
    book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    try:
        rows = book[BLOCK_SHEET].iter_rows(values_only=True, max_col=1, max_row=5_000)
        return "".join(str(row[0]) for row in rows if row and row[0] is not None)
    finally:
        book.close()


def _word(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("customXml/item") and part.file_size <= MOST_BLOCK:
                text = archive.read(part).decode()
                found = re.search(rf'xmlns="{NAMESPACE}">(.*)</reproducibility>', text, re.S)
                if found:
                    return unescape(found[1])
    raise KeyError(NAMESPACE)


def _pdf(content: bytes) -> str:
    found = re.search(MARK.encode() + rb"([A-Za-z0-9_=-]+)", content)
    if found is None:
        raise KeyError(MARK)
    unpacker = zlib.decompressobj()
    return unpacker.decompress(urlsafe_b64decode(found[1]), MOST_BLOCK).decode()


def _page(content: bytes) -> str:
    found = _PAGE.search(content.decode("utf-8"))
    if found is None:
        raise KeyError("reproducibility")
    return found[1]


def _json(content: bytes) -> str:
    return json.dumps(json.loads(content)["export"]["reproducibility"])
