"""The child process that parses: limits first, then files; a hostile file can only end this one.

Reads one frame (the order) from standard input, writes frames to standard output.
"""

from __future__ import annotations

import gc
import resource
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from graph_service.errors import CreditGraphError, InputRefused, MappingError
from graph_service.identity import IdKey
from loaders.frames import get, put
from loaders.mapping import Entry, MappingFile
from loaders.parse import FileTask, Parser


def main() -> int:
    """Parse what the order says; exit status 0 when everything, also a refusal, was told."""
    out = sys.stdout.buffer
    order = get(sys.stdin.buffer)
    limit(order["memory_mb"], order["seconds"])
    gc.set_threshold(1_000_000, 50, 100)  # rows make no cycles; looking for them costs a tenth
    at = ""
    try:
        parser = _parser(order, out)
        for path, name, source in order["files"]:
            at = name
            parser.file(FileTask(Path(path), name, source))
        put(out, ("done", parser.counts.as_frame()))
    except CreditGraphError as error:
        put(out, ("error", type(error).__name__, error.detail, error.hint))
    except MemoryError:
        hint = "CG_PARSER_MEMORY_MB sets the limit; or split the file."
        put(out, ("error", InputRefused.__name__, f"{at}: needs too much memory", hint))
    except OSError as error:
        put(out, ("error", InputRefused.__name__, f"{at}: {error.strerror or 'unreadable'}", ""))
    return 0


def limit(memory_mb: int, seconds: int) -> None:
    """No more memory and processor time than the settings grant; no core file, no file writing."""
    size = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parser(order: dict[str, Any], out: Any) -> Parser:
    wanted = order["wanted"]
    return Parser(
        IdKey(order["key"]),
        date.fromordinal(order["today"]),
        mapping_of(order["mapping"]),
        lambda frame: put(out, frame),
        None if wanted is None else frozenset((t, f, r) for t, f, r in wanted),
    )


def mapping_frame(mapping: MappingFile | None) -> dict[str, Any] | None:
    """A mapping file as plain data."""
    if mapping is None:
        return None
    return {
        "name": mapping.name,
        "source": mapping.source,
        "per_kind": mapping.per_kind,
        "on_bad": dict(mapping.on_bad),
        "entries": [asdict(entry) for entry in mapping.entries],
    }


def mapping_of(frame: dict[str, Any] | None) -> MappingFile | None:
    """The mapping file of plain data."""
    if frame is None:
        return None
    entries = tuple(Entry(**entry) for entry in frame["entries"])
    return MappingFile(frame["name"], frame["source"], frame["per_kind"], frame["on_bad"], entries)


ERRORS: dict[str, type[CreditGraphError]] = {
    error.__name__: error for error in (InputRefused, MappingError)
}

if __name__ == "__main__":
    sys.exit(main())
