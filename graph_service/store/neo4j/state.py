"""Which state of the store a question saw: a server that is read-committed holds none for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graph_service.errors import StoreDamaged, StoreMissing
from graph_service.model import StoreInfo
from graph_service.store.neo4j import reading
from graph_service.store.neo4j.ahead import Near
from graph_service.store.neo4j.faults import torn
from graph_service.store.neo4j.server import Server
from graph_service.store.port import Ahead

_Version = tuple[str, str, str]
_Meta = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class _Scope:
    """A scope that is open. ``compared``: the count of calls at which it was known unchanged."""

    ahead: Ahead | None
    near: Near | None = None
    seen: _Version | None = None
    compared: tuple[int, int] | None = None


class _Thread(threading.local):
    """The open scopes of a thread, the outermost first."""

    def __init__(self) -> None:
        self.scopes: list[_Scope] = []


class State:
    """Counts and digest, and scopes that notice when they change."""

    def __init__(self, server: Server, store: str, fetch: Callable[[Ahead], Near | None]) -> None:
        self._server = server
        self._store = store
        self._fetch = fetch
        self._thread = _Thread()

    def info(self) -> StoreInfo:
        """See ``GraphStore.info``: the counts were made when the last write ended."""
        scopes = self._thread.scopes
        meta, running = self._ahead(scopes[-1]) if scopes else self._asked()
        if scopes:
            self._note(scopes, _version(meta))
        counts = json.loads(meta["counts"])
        unfinished = set(running)
        if meta["publishing"]:
            unfinished.add(int(meta.get("publishing_load", 0)))
        return StoreInfo(
            counts[0], counts[1], counts[2], tuple(counts[3]), meta["digest"],
            tuple(sorted(unfinished)),
        )  # fmt: skip

    def near(self) -> Near | None:
        """What the innermost scope of this thread fetched ahead."""
        scopes = self._thread.scopes
        return scopes[-1].near if scopes else None

    def _ahead(self, scope: _Scope) -> tuple[_Meta, list[int]]:
        """What the store says of itself, with all that the scope will ask where it told that."""
        if scope.ahead is None or scope.near is not None:
            return self._asked()
        found = self._fetch(scope.ahead)
        if found is None:
            return self._asked()
        meta = self._ours(found.after)
        if _version(found.before) != _version(meta):
            raise torn()
        scope.near = found
        return meta, found.running

    def _note(self, scopes: list[_Scope], version: _Version) -> None:
        """Hold the outermost scope to the state that it sees first."""
        first = scopes[0]
        if first.seen is not None and first.seen != version:
            raise torn()
        first.seen = version
        first.compared = self._server.calls() if scopes[-1].near is not None else None

    def _asked(self) -> tuple[_Meta, list[int]]:
        meta, running = self._server.ask(reading.INFO, {})[0]
        return self._ours(meta), running

    def _ours(self, meta: _Meta | None) -> _Meta:
        if meta is None:
            raise StoreMissing(
                "The store on this server is gone", "Restore it: credit-graph restore FILE"
            )
        if meta["store"] != self._store:
            raise StoreDamaged(
                "Another store has been put on this server", "Ask again: it is opened anew."
            )
        return meta

    def _compare(self, scope: _Scope) -> None:
        """Look back, unless nothing was asked since the state was last looked at."""
        if scope.seen is None or scope.compared == self._server.calls():
            return
        if _version(self._asked()[0]) != scope.seen:
            raise torn()

    @contextmanager
    def reading(self, ahead: Ahead | None) -> Iterator[None]:
        """A scope of this thread; scopes nest, the outermost one looks back when it ends.

        Raises StoreChanged when what was asked was partly of the state before a write and partly of
        the one after it.
        """
        scopes, scope = self._thread.scopes, _Scope(ahead)
        scopes.append(scope)
        try:
            yield
            if scopes[0] is scope:
                self._compare(scope)
        finally:
            scopes.remove(scope)  # of the thread that opened it, wherever a dropped one ends


def _version(meta: _Meta) -> _Version:
    return (meta["digest"], meta["source_order"], meta["publishing"])
