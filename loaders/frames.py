"""Frames between the process that parses and the one that writes: length, then marshalled data.

Marshal is the fastest way to hand tuples of text and numbers over, and unlike pickle it builds
nothing but plain data. Both ends run the same interpreter.
"""

from __future__ import annotations

import marshal
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">Q")
_LARGEST = 1 << 30


def put(out: IO[bytes], frame: Any) -> None:
    """Write one frame."""
    data = marshal.dumps(frame)
    out.write(_LENGTH.pack(len(data)))
    out.write(data)
    out.flush()


def get(source: IO[bytes]) -> Any:
    """The next frame; None at the end. Raises ValueError for what is no frame."""
    data = packed(source)
    return None if data is None else unpacked(data)


def packed(source: IO[bytes]) -> bytes | None:
    """The next frame as it came; None at the end. Raises ValueError for what is no frame."""
    head = source.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LARGEST:
        raise ValueError("frame too large")
    data = source.read(length)
    return data if len(data) == length else None


def unpacked(data: bytes) -> Any:
    """The frame in what ``packed`` gave."""
    return marshal.loads(data)  # noqa: S302 - plain data only
