"""Sessions of browsers: a key becomes a random token that only a cookie and this process know.

Kept in memory as hashes, so that a restart signs everybody out and no file can be stolen. A session
ends when nothing was asked for a while, at the latest after twelve hours.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable

COOKIE = "cg_session"
LONGEST = 12 * 3600.0  # seconds
MOST = 10_000  # sessions at once; the one idle longest goes first


class Sessions:
    """Who is signed in. ``idle``: seconds without a question after which a session ends."""

    def __init__(self, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.idle = idle
        self._clock = clock
        self._lock = threading.Lock()
        # hash → (begun, last question, whose)
        self._begun: dict[str, tuple[float, float, str]] = {}

    def begin(self, user: str = "") -> str:
        """A new session of ``user``, a key's label; its token, which is told this once."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._begun = {h: times for h, times in self._begun.items() if self._lives(times, now)}
            if len(self._begun) >= MOST:
                del self._begun[min(self._begun, key=lambda h: self._begun[h][1])]
            self._begun[_hash(token)] = (now, now, user)
        return token

    def accepts(self, token: str) -> bool:
        """Whether the session lives; asking keeps it alive."""
        return self.user(token) is not None

    def user(self, token: str) -> str | None:
        """Whose session it is, None when it does not live; asking keeps it alive."""
        key, now = _hash(token), self._clock()
        with self._lock:
            times = self._begun.get(key)
            if times is None or not self._lives(times, now):
                self._begun.pop(key, None)
                return None
            self._begun[key] = (times[0], now, times[2])
            return times[2]

    def end(self, token: str) -> None:
        """End a session; one that is none is no error."""
        with self._lock:
            self._begun.pop(_hash(token), None)

    def _lives(self, times: tuple[float, float, str], now: float) -> bool:
        begun, last, _ = times
        return now - last < self.idle and now - begun < LONGEST


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
