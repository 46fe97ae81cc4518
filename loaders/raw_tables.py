"""Tables as text from a file that is asked about and not stored, read by the limited child."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from graph_service.errors import InputRefused
from graph_service.settings import Settings
from loaders.frames import get, put
from loaders.stream import ended, start

Row = tuple[int, list[str]]


@dataclass(slots=True)
class RawFile:
    """What a file holds: its sheets as (name, rows), or its JSON document."""

    sheets: list[tuple[str, list[Row]]] = field(default_factory=list)
    document: Any = None
    is_json: bool = False


def read_raw(path: Path, settings: Settings, name: str = "") -> RawFile:
    """Read a CSV, TSV, XLSX or JSON file; raises InputRefused for one that cannot be read safely.

    ``name``: how errors call the file; default: its own name.
    """
    shown = name or path.name
    child = start("loaders.table_child")
    order = {
        "path": str(path),
        "name": shown,
        "memory_mb": settings.parser_memory_mb,
        "seconds": settings.parser_seconds,
    }
    found = RawFile()
    try:
        with suppress(BrokenPipeError):  # how it ended is told below
            put(cast("Any", child.stdin), order)
            cast("Any", child.stdin).close()
        while (frame := get(cast("Any", child.stdout))) is not None:
            if frame[0] == "done":
                return found
            _take(found, frame)
        raise InputRefused(
            f"{shown}: the process that reads it was stopped ({ended(child.wait())})",
            "CG_PARSER_MEMORY_MB and CG_PARSER_SECONDS set its limits; or split the file.",
        )
    finally:
        child.kill()
        cast("Any", child.stdout).close()
        child.wait()


def _take(found: RawFile, frame: tuple[Any, ...]) -> None:
    if frame[0] == "sheet":
        found.sheets.append((frame[1], []))
    elif frame[0] == "rows":
        found.sheets[-1][1].extend((number, list(cells)) for number, cells in frame[1])
    elif frame[0] == "json":
        found.document, found.is_json = frame[1], True
    else:
        raise InputRefused(frame[1], frame[2])
