"""Frames read ahead: all of them, in order; and an end, whatever happens."""

from __future__ import annotations

import gc
import os
from threading import active_count
from typing import IO

import pytest

from loaders.ahead import Ahead, seldom_collected
from loaders.frames import put


def pipe() -> tuple[IO[bytes], IO[bytes]]:
    """Both ends of a pipe."""
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def test_frames_come_in_order_though_they_are_taken_late() -> None:
    """More than are read ahead; the first is taken when the pipe is full."""
    reading, writing = pipe()
    ahead = Ahead(reading)
    told: list[object] = []
    source = ahead.frames()
    for number in range(30):
        put(writing, ("rows", number, "䶮"))
    told.append(next(source))
    for number in range(30, 60):
        put(writing, ("rows", number, "䶮"))
        told.append(next(source))
    writing.close()
    told.extend(source)
    assert told == [("rows", number, "䶮") for number in range(60)]
    ahead.end()
    reading.close()


def test_what_is_no_frame_is_told_where_frames_are_taken() -> None:
    """Not in the thread, where nobody would hear it."""
    reading, writing = pipe()
    ahead = Ahead(reading)
    put(writing, "one")
    writing.write(b"\xff" * 8)
    writing.close()
    source = ahead.frames()
    assert next(source) == "one"
    with pytest.raises(ValueError, match="too large"):
        next(source)
    ahead.end()
    reading.close()


def test_an_end_leaves_no_thread_behind() -> None:
    """Also when nobody takes what waits, and more waits than is read ahead."""
    before = active_count()
    reading, writing = pipe()
    ahead = Ahead(reading)
    for number in range(60):
        put(writing, number)
    writing.close()
    ahead.end()
    reading.close()
    assert active_count() == before


def test_cycles_are_looked_for_as_before_when_the_last_is_done() -> None:
    """Two that take rows at one time, one of which fails."""
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() > before
        with pytest.raises(ZeroDivisionError), seldom_collected():
            raise ZeroDivisionError
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before
