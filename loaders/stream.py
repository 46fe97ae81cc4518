"""The writing side's view of the child process: batches as they come, and how it ended."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

from graph_service.errors import InputRefused
from graph_service.identity import IdKey
from graph_service.model import Batch, NodeRow, Statement
from graph_service.settings import Settings
from loaders.ahead import Ahead, seldom_collected
from loaders.child import ERRORS, mapping_frame
from loaders.frames import put
from loaders.mapping import MappingFile
from loaders.parse import FileTask

_PIPE = 1 << 20  # bytes: the most that Linux lets everybody have
# as ``_make`` does it, but row by row in C: every row of a load comes this way
_statement = partial(tuple.__new__, Statement)
_node = partial(tuple.__new__, NodeRow)


class Parsing:
    """One run of the child over some files. Iterate ``batches`` to its end, then ask ``counts``."""

    def __init__(
        self,
        tasks: Sequence[FileTask],
        settings: Settings,
        key: IdKey,
        today: int,
        mapping: MappingFile | None,
        wanted: Sequence[tuple[str, str, int]] | None = None,
        on_refused: Callable[[list[tuple[Any, ...]]], None] = lambda rows: None,
        on_rows: Callable[[str, int], None] = lambda file, rows: None,
    ) -> None:
        self._order = {
            "files": [(str(task.path), task.name, task.source) for task in tasks],
            "memory_mb": settings.parser_memory_mb,
            "seconds": settings.parser_seconds,
            "key": key.secret,
            "today": today,
            "mapping": mapping_frame(mapping),
            "wanted": None if wanted is None else list(wanted),
        }
        self._on_refused = on_refused
        self._on_rows = on_rows
        self._at = tasks[0].name if tasks else ""
        self.counts: dict[str, Any] = {}

    def batches(self) -> Iterator[Batch]:
        """The batches of the files; raises InputRefused or MappingError as the child tells."""
        child = start("loaders.child")
        _widen(child)
        ahead = Ahead(cast("Any", child.stdout))
        try:
            with suppress(BrokenPipeError):  # how it ended is told below
                put(cast("Any", child.stdin), self._order)
                cast("Any", child.stdin).close()
            with seldom_collected():
                yield from self._frames(child, ahead.frames())
        finally:
            child.kill()
            ahead.end()
            cast("Any", child.stdout).close()
            child.wait()

    def _frames(self, child: subprocess.Popen[bytes], frames: Iterator[Any]) -> Iterator[Batch]:
        for frame in frames:
            what = frame[0]
            if what == "rows":
                yield Batch(list(map(_statement, frame[1])), list(map(_node, frame[2])))
            elif what == "refused":
                self._on_refused(frame[1])
            elif what == "at":
                self._at = frame[1]
                self._on_rows(frame[1], frame[2])
            elif what == "done":
                self.counts = frame[1]
                return
            else:
                raise ERRORS.get(frame[1], InputRefused)(frame[2], frame[3])
        raise InputRefused(
            f"{self._at}: the process that parses it was stopped ({ended(child.wait())})",
            "CG_PARSER_MEMORY_MB and CG_PARSER_SECONDS set its limits; or split the file.",
        )


def start(module: str) -> subprocess.Popen[bytes]:
    """A child process that runs ``module``, without our settings, its pipes open."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CG_")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-B", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the parent, which then ends the child
    )


def _widen(child: subprocess.Popen[bytes]) -> None:
    """Let the pipe hold a batch, so that the child need not wait until it is asked for the next."""
    with suppress(OSError, AttributeError):  # not every system can, nor lets everybody
        fcntl.fcntl(cast("Any", child.stdout), fcntl.F_SETPIPE_SZ, _PIPE)


def ended(status: int) -> str:
    """How a child ended, in words."""
    if status == -24:
        return "out of processor time"
    return f"signal {-status}" if status < 0 else f"status {status}"
