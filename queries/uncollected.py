"""Work that makes many objects at once, without the collector of cycles looking at them meanwhile.

Large answers are hundreds of thousands of small objects without cycles among them; looking at all
of them again and again costs a third of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_inside = [0, 0]  # how many pieces of such work run now; whether the collector ran before


@contextmanager
def uncollected() -> Iterator[None]:
    """A scope, in any number of threads, in which the collector rests."""
    with _lock:
        if not _inside[0]:
            _inside[1] = int(gc.isenabled())
            gc.disable()
        _inside[0] += 1
    try:
        yield
    finally:
        with _lock:
            _inside[0] -= 1
            if not _inside[0] and _inside[1]:
                gc.enable()
