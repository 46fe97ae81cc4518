"""Peak memory of a process and of the processes that it starts, watched from outside (Linux)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_EVERY = 0.05
_PROC = Path("/proc")


@dataclass(slots=True)
class Peaks:
    """The most memory seen, in MB. ``together``: all processes at one moment, without mapped files.

    ``own`` and ``child``: the high-water marks of the process and of its largest child, mapped file
    pages included (those the kernel takes back when anybody needs memory).
    """

    together: float = 0.0
    resident: float = 0.0
    own: float = 0.0
    child: float = 0.0

    def as_dict(self) -> dict[str, float]:
        """Plain data, rounded to a tenth of a MB."""
        names = ("together", "resident", "own", "child")
        return {name: round(getattr(self, name), 1) for name in names}


@dataclass(slots=True)
class Watch:
    """Watches a process tree while the scope lasts."""

    pid: int
    peaks: Peaks = field(default_factory=Peaks)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def stopped_within(self, seconds: float) -> bool:
        """Wait so long, or until the scope ends; whether it has ended."""
        return self._stop.wait(seconds)

    def _run(self) -> None:
        while not self._stop.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        own = _status(self.pid)
        children = [_status(pid) for pid in _children(self.pid)]
        everyone = [own, *children]
        peaks = self.peaks
        peaks.together = max(peaks.together, sum(one.get("RssAnon", 0.0) for one in everyone))
        peaks.resident = max(peaks.resident, sum(one.get("VmRSS", 0.0) for one in everyone))
        peaks.own = max(peaks.own, own.get("VmHWM", 0.0))
        peaks.child = max([peaks.child, *(one.get("VmHWM", 0.0) for one in children)])


def _children(pid: int) -> list[int]:
    try:
        text = (_PROC / str(pid) / "task" / str(pid) / "children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _status(pid: int) -> dict[str, float]:
    """The memory lines of a process's status, in MB; empty when it has ended."""
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return {}
    found = {}
    for line in lines:
        name, _, rest = line.partition(":")
        if rest.endswith(" kB"):
            found[name] = int(rest[:-3]) / 1024
    return found
