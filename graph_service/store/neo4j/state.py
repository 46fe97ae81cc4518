"""Which state of the store a question saw: a server that is read-committed holds none for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph_service.errors import StoreChanged, StoreDamaged, StoreMissing
from graph_service.model import StoreInfo
from graph_service.store.neo4j import reading
from graph_service.store.neo4j.server import Server


class State:
    """Counts and digest, and scopes that notice when they change."""

    def __init__(self, server: Server, store: str) -> None:
        self._server = server
        self._store = store
        self._scope = threading.local()

    def info(self) -> StoreInfo:
        """See ``GraphStore.info``: the counts were made when the last write ended."""
        meta, running = self._asked()
        if getattr(self._scope, "depth", 0) and self._scope.seen is None:
            self._scope.seen = _version(meta)
        counts = json.loads(meta["counts"])
        unfinished = set(running)
        if meta["publishing"]:
            unfinished.add(int(meta.get("publishing_load", 0)))
        return StoreInfo(
            counts[0], counts[1], counts[2], tuple(counts[3]), meta["digest"],
            tuple(sorted(unfinished)),
        )  # fmt: skip

    def _asked(self) -> tuple[dict[str, Any], list[int]]:
        meta, running = self._server.ask(reading.INFO, {})[0]
        if meta is None:
            raise StoreMissing(
                "The store on this server is gone", "Restore it: credit-graph restore FILE"
            )
        if meta["store"] != self._store:
            raise StoreDamaged(
                "Another store has been put on this server", "Ask again: it is opened anew."
            )
        return meta, running

    def _compare(self, seen: tuple[str, str, str]) -> None:
        if _version(self._asked()[0]) != seen:
            raise StoreChanged(
                "A load ended while the question was asked", "Ask again: it takes a moment."
            )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A scope of this thread; scopes nest, the outermost one looks back when it ends.

        Raises StoreChanged when what was asked was partly of the state before a write and partly of
        the one after it.
        """
        scope = self._scope
        scope.depth = getattr(scope, "depth", 0) + 1
        if scope.depth == 1:
            scope.seen = None
        try:
            yield
            if scope.depth == 1 and scope.seen is not None:
                self._compare(scope.seen)
        finally:
            scope.depth = getattr(scope, "depth", 1) - 1  # a dropped scope may end elsewhere


def _version(meta: dict[str, Any]) -> tuple[str, str, str]:
    return (meta["digest"], meta["source_order"], meta["publishing"])
