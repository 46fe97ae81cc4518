"""A line between a client and a server that can be treated badly: cut, silent, or not there."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class Proxy:
    """Passes bytes on to a port of this machine, both ways, until it is told otherwise."""

    target: int
    port: int = 0
    opened: int = 0
    _silent: threading.Event = field(default_factory=threading.Event)
    _listening: socket.socket | None = None
    _pairs: set[tuple[socket.socket, socket.socket]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Proxy:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    @property
    def lines(self) -> int:
        """How many are open."""
        with self._lock:
            return len(self._pairs)

    def listen(self) -> None:
        """Take connections, on the same port as before, and pass everything on."""
        self._silent.clear()
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self.port))
            self.port = self._listening.getsockname()[1]
            threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def silence(self) -> None:
        """Swallow whatever is sent from now on; what is open stays open."""
        self._silent.set()

    def cut(self) -> None:
        """Close every open line."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            self._end(pair)

    def refuse(self) -> None:
        """Close every line and take no new one."""
        listening, self._listening = self._listening, None
        if listening is not None:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        self.cut()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                pair = (near, far)
                with self._lock:
                    self._pairs.add(pair)
                    self.opened += 1
                for way in (pair, pair[::-1]):
                    threading.Thread(target=self._pass, args=(*way, pair), daemon=True).start()

    def _pass(
        self, source: socket.socket, sink: socket.socket, pair: tuple[socket.socket, socket.socket]
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._silent.is_set():
                    sink.sendall(data)
        self._end(pair)

    def _end(self, pair: tuple[socket.socket, socket.socket]) -> None:
        with self._lock:
            self._pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
