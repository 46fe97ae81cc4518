"""Frames read ahead of the work: neither process waits while the other is at a long piece."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Lock, Thread
from typing import IO, Any

from loaders.frames import packed, unpacked

_FRAMES = 32  # of 2,000 rows: about 16 MB
_SELDOM = (1_000_000, 50, 100)


class Ahead:
    """The frames of a child process, taken from its pipe by a thread as soon as they come."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._waiting: Queue[bytes | Exception | None] = Queue(_FRAMES)
        self._thread = Thread(target=self._read, name="frames", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        last: Exception | None = None
        try:
            while (data := packed(self._source)) is not None:
                self._waiting.put(data)
        except Exception as error:  # told where the frames are taken
            last = error
        self._waiting.put(last)

    def frames(self) -> Iterator[Any]:
        """The frames in their order; raises what reading them raised (ValueError, OSError)."""
        while (found := self._waiting.get()) is not None:
            if isinstance(found, Exception):
                raise found
            yield unpacked(found)

    def end(self) -> None:
        """Let the thread end: its pipe must have an end, as that of a child that was killed."""
        while self._thread.is_alive():
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._thread.join(0.01)


class _Collector:
    """How many are taking rows, and how often rubbish was looked for before."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.users = 0
        self.before = gc.get_threshold()


_collector = _Collector()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Rows make no cycles: while they are taken, cycles are looked for seldom.

    To look through them as often as usual takes an eighth of the writer's time.
    """
    with _collector.lock:
        if not _collector.users:
            _collector.before = gc.get_threshold()
            gc.set_threshold(*_SELDOM)
        _collector.users += 1
    try:
        yield
    finally:
        with _collector.lock:
            _collector.users -= 1
            if not _collector.users:
                gc.set_threshold(*_collector.before)
