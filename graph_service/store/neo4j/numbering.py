"""The place of each node among many: what the import tool is to know it by."""

from __future__ import annotations

import mmap
import struct
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from graph_service.errors import StoreDamaged

_NUMBER = struct.Struct("q")


class Places:
    """Places, from 0, of numbers of 64 bits that ascend: first all are added, then asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._numbers = memoryview(b"").cast("q")
        self._last = -(1 << 63) - 1
        self._count = 0

    def add(self, number: int) -> None:
        """The next number; raises StoreDamaged for one that does not ascend, OSError."""
        if number <= self._last:
            raise StoreDamaged(
                "The store does not tell its parties in order",
                "Restore the last backup: credit-graph restore FILE",
            )
        self._file.write(_NUMBER.pack(number))
        self._last = number
        self._count += 1

    def end(self) -> None:
        """All have been added; raises OSError."""
        self._file.flush()
        if self._count:
            whole = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
            self._numbers = memoryview(whole).cast("q")  # the map goes with its last view

    def of(self, number: int) -> int:
        """The place of a number; raises StoreDamaged for one that was not added."""
        place = bisect_left(self._numbers, number)
        if place == self._count or self._numbers[place] != number:
            raise StoreDamaged(
                "The store names a party that it does not hold",
                "Restore the last backup: credit-graph restore FILE",
            )
        return place


@contextmanager
def places() -> Iterator[Places]:
    """An empty one, in a file without a name: what is in memory of it can be taken back."""
    with tempfile.TemporaryFile(prefix="credit-graph-") as file:
        yield Places(file)
