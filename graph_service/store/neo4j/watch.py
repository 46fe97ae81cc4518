"""A deadline around every call: the driver itself waits for ever for a server that says nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import SHUT_RDWR, socket
from typing import Any

_EVERY = 0.1  # seconds between two looks at the clock


@dataclass(slots=True, eq=False)
class Limit:
    """A call that is watched; ``over`` once its connection was cut."""

    session: Any
    ends: float
    over: bool = False


class Watch:
    """Cuts the connection of calls that outlive their deadline; one thread, only while needed."""

    def __init__(self) -> None:
        self._calls: set[Limit] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def limit(self, session: Any, seconds: float) -> Iterator[Limit]:
        """Watch one call of a session."""
        call = Limit(session, time.monotonic() + seconds)
        with self._changed:
            self._calls.add(call)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bolt-watch", daemon=True)
                self._thread.start()
            elif len(self._calls) == 1:
                self._changed.notify()  # it sleeps while nothing is asked
        try:
            yield call
        finally:
            with self._changed:
                self._calls.discard(call)

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify()
        if thread is not None:
            thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                if not self._calls:
                    self._changed.wait()
                    continue
                now = time.monotonic()
                # again and again: a call that was late while it waited for a connection, and so
                # had none to cut, may have got one since
                late = [call for call in self._calls if call.ends <= now]
                for call in late:
                    call.over = True
            for call in late:
                _cut(call.session)
            with self._changed:
                self._changed.wait(_EVERY)


def _cut(session: Any) -> None:
    """Shut the line on which a session waits: its call then fails at once, and closes it.

    It must not be closed here: a thread that is about to wait on it would wait on whatever other
    line gets its number next, for as long as that one is silent.
    """
    line = getattr(getattr(session, "_connection", None), "socket", None)
    if line is not None:
        with suppress(Exception):  # it may just have gone
            socket.shutdown(line._socket, SHUT_RDWR)  # of TLS too: as of any other
