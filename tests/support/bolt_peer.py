"""A scripted peer that speaks enough of Bolt 5.4 to be a cluster: a router, a writer and a reader.

Written from the published descriptions of PackStream and of the Bolt messages; it shares no code
with the driver that it meets.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

_VERSION = b"\x00\x00\x04\x05"
_SUCCESS, _RECORD = 0x70, 0x71
_GOODBYE, _RUN, _BEGIN, _COMMIT, _PULL, _ROUTE = 0x02, 0x10, 0x11, 0x12, 0x3F, 0x66


def packed(value: Any) -> bytes:
    """A value in PackStream, in its longest forms."""
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        return b"\xcb" + struct.pack(">q", value)
    if isinstance(value, str):
        text = value.encode()
        return b"\xd2" + struct.pack(">I", len(text)) + text
    if isinstance(value, list):
        return b"\xd6" + struct.pack(">I", len(value)) + b"".join(map(packed, value))
    inner = b"".join(packed(key) + packed(item) for key, item in value.items())
    return b"\xda" + struct.pack(">I", len(value)) + inner


class _Unpacked:
    """Reads values off the bytes of one message."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _take(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def _number(self, width: int) -> int:
        return int.from_bytes(self._take(width), "big")

    def value(self) -> Any:
        """The next value; of a message the list of its fields."""
        mark = self._number(1)
        if mark < 0x80 or mark >= 0xF0:
            return mark if mark < 0x80 else mark - 0x100
        if mark in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[mark]
        if 0xC8 <= mark <= 0xCB:
            return int.from_bytes(self._take(1 << (mark - 0xC8)), "big", signed=True)
        if mark == 0xC1:
            return struct.unpack(">d", self._take(8))[0]
        high, count = mark & 0xF0, mark & 0x0F
        if high in (0xD0,):
            high = {0: 0x80, 4: 0x90, 8: 0xA0}[mark & 0x0C]
            count = self._number(1 << (mark & 0x03))
        if high == 0x80:
            return self._take(count).decode()
        if high == 0xA0:
            return {self.value(): self.value() for _ in range(count)}
        return [self.value() for _ in range(count)]

    def message(self) -> tuple[int, list[Any]]:
        """Tag and fields."""
        count = self._number(1) & 0x0F
        tag = self._number(1)
        return tag, [self.value() for _ in range(count)]


@dataclass(slots=True)
class Cluster:
    """A router and writer, and a reader that lags: it knows of a write only when it is told to wait
    for the write's bookmark. ``empty``: the routing table names nobody."""

    empty: bool = False
    writes: int = 0
    heard: list[tuple[str, list[str]]] = field(default_factory=list)  # who was asked, and bookmarks
    _sockets: list[socket.socket] = field(default_factory=list)
    _ports: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Cluster:
        for role in ("writer", "reader"):
            listening = socket.create_server(("127.0.0.1", 0))
            self._sockets.append(listening)
            self._ports[role] = listening.getsockname()[1]
            threading.Thread(target=self._accept, args=(listening, role), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for made in self._sockets:
            with suppress(OSError):
                made.shutdown(socket.SHUT_RDWR)
            made.close()

    @property
    def address(self) -> str:
        """Where a driver begins."""
        return f"neo4j://127.0.0.1:{self._ports['writer']}"

    def _accept(self, listening: socket.socket, role: str) -> None:
        with suppress(OSError):
            while True:
                made, _ = listening.accept()
                self._sockets.append(made)
                threading.Thread(target=self._talk, args=(made, role), daemon=True).start()

    def _talk(self, made: socket.socket, role: str) -> None:
        with suppress(OSError, EOFError), made.makefile("rb") as stream:
            _exactly(stream, 20)
            made.sendall(_VERSION)
            while True:
                tag, fields = _Unpacked(_message(stream)).message()
                if tag == _GOODBYE:
                    return
                for kind, answer in self._answers(role, tag, fields):
                    body = bytes((0xB1, kind)) + packed(answer)
                    made.sendall(struct.pack(">H", len(body)) + body + b"\x00\x00")

    def _answers(self, role: str, tag: int, fields: list[Any]) -> list[tuple[int, Any]]:
        if tag == _ROUTE:
            return [(_SUCCESS, {"rt": self._table()})]
        if tag in (_RUN, _BEGIN):
            self.heard.append((role, list(fields[-1].get("bookmarks", []))))
            self.writes += role == "writer"
            return [(_SUCCESS, {"fields": ["seen"], "qid": 0})]
        if tag == _PULL:
            seen = self.writes if role == "writer" else self._waited_for()
            return [(_RECORD, [seen]), (_SUCCESS, {"bookmark": f"至{seen}", "has_more": False})]
        if tag == _COMMIT:
            return [(_SUCCESS, {"bookmark": f"至{self.writes}"})]
        return [(_SUCCESS, {"server": "Neo4j/5.26.0", "connection_id": "bolt-1"})]

    def _waited_for(self) -> int:
        _, bookmarks = self.heard[-1]
        return max((int(mark.removeprefix("至")) for mark in bookmarks), default=0)

    def _table(self) -> dict[str, Any]:
        where = {role: f"127.0.0.1:{port}" for role, port in self._ports.items()}
        named = {"ROUTE": "writer", "WRITE": "writer", "READ": "reader"}
        servers = [
            {"role": role, "addresses": [] if self.empty else [where[who]]}
            for role, who in named.items()
        ]
        return {"ttl": 0, "db": "neo4j", "servers": servers}


def _exactly(stream: Any, count: int) -> bytes:
    data: bytes = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _message(stream: Any) -> bytes:
    parts: list[bytes] = []
    while True:
        size = int.from_bytes(_exactly(stream, 2), "big")
        if size:
            parts.append(_exactly(stream, size))
        elif parts:
            return b"".join(parts)
