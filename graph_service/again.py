"""Asking again: an engine that cannot hold one state for a question says when it changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from graph_service.errors import StoreChanged

T = TypeVar("T")
MOST = 4  # times: one load is several writes, one soon after the other
_SECONDS = 5.0  # after which a question that was asked again is given up


class Patience:
    """How often one question is asked again: once, and a few times more while that is quick."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._asked = 0

    def is_out(self) -> bool:
        """Whether it is not asked again; to be called each time that a write crossed it."""
        self._asked += 1
        slow = self._asked > 1 and time.monotonic() - self._begun > _SECONDS
        return slow or self._asked > MOST


def asked_again(question: Callable[[], T]) -> T:
    """The answer of a question, asked again when a write crosses it.

    Raises StoreChanged when the writes do not cease.
    """
    patience = Patience()
    while True:
        try:
            return question()
        except StoreChanged:
            if patience.is_out():
                raise
