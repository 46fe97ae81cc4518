"""Designators on their way to the store: each is handed over once, or seldom twice."""

from __future__ import annotations

from mmap import mmap
from typing import Any

from graph_service.identity import DesignatorClass
from graph_service.model import NodeRow

_PLACES = 1 << 22  # at most 32 MB, whatever the size of the files
_MASK = _PLACES - 1
_NAMED = 100_000  # designators with a name that are remembered; then they are handed over again
_BARE = frozenset({DesignatorClass.LOCAL, DesignatorClass.CODE, DesignatorClass.PID})


class Nodes:
    """What waits to be handed over, and what has been.

    A local id, a code or an ID number says nothing but itself: its hash is enough to know it again,
    and a table of hashes in which a newer one may take an older one's place costs little memory.
    One that carries a name is handed over with every spelling of it.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Any, ...]] = []
        self._bare = memoryview(mmap(-1, 8 * _PLACES)).cast("q")  # pages come as they are used
        self._named: dict[int, NodeRow] = {}

    def hand_over(self, row: NodeRow) -> None:
        """Let a designator wait unless it has been handed over."""
        node = row[0]
        if row[2] in _BARE:
            if self._bare[node & _MASK] == node:
                return
            self._bare[node & _MASK] = node
        else:
            if self._named.get(node) is row:
                return
            if len(self._named) >= _NAMED:
                self._named.clear()
            self._named[node] = row
        self._waiting.append(tuple(row))

    def taken(self) -> list[tuple[Any, ...]]:
        """What waits, as plain rows; nothing waits any more."""
        waiting, self._waiting = self._waiting, []
        return waiting
