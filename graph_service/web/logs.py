"""Structured logs: one JSON object a line on stderr, with nothing personal in it.

A request is its route's template, status, time and id: no path, no query string, no address of the
client. An unexpected error is its type and places in the code: its message could quote data.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, datetime
from typing import IO, Any


class Log:
    """Writes events; ``out`` None is the process's stderr."""

    def __init__(self, out: IO[str] | None = None) -> None:
        self._out = out
        self._lock = threading.Lock()

    def event(self, event: str, **fields: Any) -> None:
        """Write one event with its fields."""
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "event": event, **fields}, ensure_ascii=False)
        out = self._out or sys.stderr
        with self._lock:
            out.write(line + "\n")
            out.flush()

    def error(self, error: BaseException, **fields: Any) -> None:
        """Write an unexpected error: its type and where it arose."""
        self.event("error", error=type(error).__name__, places=places(error), **fields)


def places(error: BaseException) -> list[str]:
    """The innermost ten places of an error's trace as ``file:line function``."""
    found, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{os.path.basename(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-10:]
