"""Text files: encoding found strictly, rows streamed, hostile input refused before it is parsed."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, cast

from loaders.cells import Cell
from loaders.safety import check_compound, refuse

MAX_LINE = 8 << 20  # bytes of one physical line
MAX_FIELD = 1 << 20  # characters of one cell
MAX_COLUMNS = 2_000
_CHUNK = 1 << 20
_GZ_RATIO, _GZ_FROM = 200, 64 << 20
_SNIFFED = 64 << 10
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t|;"
_END = ["\x1e\x1f\x1e"]  # a row that is put behind the last one


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when its name ends in .gz."""
    if path.name.lower().endswith(".gz"):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def encoding_of(path: Path, name: str, stated: str | None = None) -> str:
    """The encoding of the whole file: BOM, then what the user states, strict UTF-8, strict GB18030.

    Raises InputRefused when none fits, and for NUL bytes, endless lines and unpacking bombs.
    """
    try:
        with open_bytes(path) as source:
            head = source.read(4)
        check_compound(head, name)
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                return _fits(path, name, [encoding])
        return _fits(path, name, [stated] if stated else ["utf-8", "gb18030"])
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refuse(name, f"the archive is damaged ({type(error).__name__})") from None


def _fits(path: Path, name: str, candidates: list[str]) -> str:
    wide = candidates[0] in ("utf-16", "utf-32")
    decoders = {codec: codecs.getincrementaldecoder(codec)("strict") for codec in candidates}
    packed, unpacked, line = max(path.stat().st_size, 1), 0, 0
    with open_bytes(path) as source:
        while chunk := source.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > _GZ_FROM and unpacked > _GZ_RATIO * packed:
                raise refuse(name, "it unpacks to more than 200 times its size")
            if not wide and b"\0" in chunk:
                raise refuse(name, "it holds NUL bytes: no text file", "Export it as CSV again.")
            line = _line_length(chunk, line)
            if line > MAX_LINE:
                raise refuse(name, f"a line is longer than {MAX_LINE >> 20} MB")
            _feed(decoders, chunk, final=False)
            if not decoders:
                break
    _feed(decoders, b"", final=True)
    if not decoders:
        raise refuse(
            name,
            f"its text is not {' or '.join(candidates)}",
            "Say `encoding:` in a mapping file, or save it as UTF-8.",
        )
    return next(iter(decoders))


def _feed(decoders: dict[str, codecs.IncrementalDecoder], chunk: bytes, final: bool) -> None:
    for codec in list(decoders):
        try:
            decoders[codec].decode(chunk, final)
        except UnicodeDecodeError:
            del decoders[codec]


def _line_length(chunk: bytes, before: int) -> int:
    """The longest line that ends in or runs through the chunk; the length of an unfinished one."""
    pieces = chunk.replace(b"\r", b"\n").split(b"\n")
    longest = max(before + len(pieces[0]), max(map(len, pieces)))
    if longest > MAX_LINE:
        return longest
    return len(pieces[-1]) + (before if len(pieces) == 1 else 0)


def open_text(path: Path, encoding: str) -> IO[str]:
    """The file's text with its own line ends, strictly decoded."""
    return io.TextIOWrapper(open_bytes(path), encoding, errors="strict", newline="")


def delimiter_of(path: Path, encoding: str) -> str:
    """The delimiter: the one that the first lines hold most often; a comma when they hold none."""
    with open_text(path, encoding) as text:
        sample = text.read(_SNIFFED)
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    if path.name.lower().removesuffix(".gz").endswith(".tsv"):
        return "\t"
    for line in lines[:1]:
        outside = "".join(line.split('"')[::2])
        if any(char in outside for char in _DELIMITERS):
            return max(_DELIMITERS, key=outside.count)
    counts = {char: sum(line.count(char) for line in lines) for char in _DELIMITERS}
    return max(_DELIMITERS, key=lambda char: counts[char]) if any(counts.values()) else ","


def csv_rows(
    path: Path, name: str, encoding: str, delimiter: str
) -> Iterator[tuple[int, list[Cell]]]:
    """Row number (the first is 1) and cells of each row; raises InputRefused where it breaks."""
    csv.field_size_limit(MAX_FIELD)
    number = 0
    try:
        with open_text(path, encoding) as text:
            # an open quote swallows every row below it, and the end mark too
            lines = chain(text, _END)
            for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1):
                if len(row) > MAX_COLUMNS:
                    raise refuse(name, f"row {number} has {len(row)} columns")
                if len(row) == 1 and row == _END:
                    return
                yield number, cast("list[Cell]", row)
        raise refuse(name, f"row {number}: a quote that never closes", "Close or double it.")
    except csv.Error as error:
        why = "a quote that never closes, or a cell of more than 1 MB"
        detail = why if "field larger" in str(error) else str(error)
        raise refuse(name, f"after row {number}: {detail}") from None
    except (EOFError, zlib.error, UnicodeDecodeError) as error:
        raise refuse(name, f"after row {number}: {type(error).__name__}") from None


def json_rows(path: Path, name: str, encoding: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Line number and object of each line of a JSON Lines file; raises InputRefused."""
    number = 0
    try:
        with open_text(path, encoding) as text:
            for number, line in enumerate(text, 1):
                if line.strip(" \t\r\n\x1a"):
                    yield number, _flat(json.loads(line, parse_float=Decimal))
                else:
                    yield number, {}
    except (ValueError, RecursionError, EOFError, zlib.error) as error:
        why = "no JSON object" if isinstance(error, ValueError) else type(error).__name__
        raise refuse(name, f"line {number}: {why}") from None


def _flat(found: object) -> dict[str, Cell]:
    if not isinstance(found, dict):
        raise ValueError("not an object")
    flat: dict[str, Cell] = {}
    for key, value in found.items():
        if isinstance(value, list):
            flat[key] = ";".join(str(item) for item in value if item is not None)
        elif isinstance(value, dict):
            flat[key] = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        elif isinstance(value, int) and not isinstance(value, bool):
            flat[key] = str(value)  # JSON keeps every digit of an integer
        else:
            flat[key] = value
    json.dumps(flat, ensure_ascii=False, default=str).encode()  # a lone surrogate is no text
    return flat
