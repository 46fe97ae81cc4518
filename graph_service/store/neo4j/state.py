"""Which state of the store a question saw: a server that is read-committed holds none for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from graph_service.errors import StoreBusy, StoreDamaged, StoreError, StoreMissing
from graph_service.model import StoreInfo
from graph_service.store.neo4j import reading
from graph_service.store.neo4j.ahead import Near
from graph_service.store.neo4j.faults import torn
from graph_service.store.neo4j.server import Server
from graph_service.store.port import Ahead

T = TypeVar("T")
_Version = tuple[int, str, str]  # writes that ended, digest, who has announced another write
_Meta = Mapping[str, Any]
_MOMENT = 2.0  # seconds that a single commit may take
_PAUSE = 0.01


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
        self._left: _Version | None = None  # an announcement whose writer never comes back

    def info(self) -> StoreInfo:
        """See ``GraphStore.info``: the counts were made when the last write ended."""
        meta, (running, near) = self._looked(self._around)
        if near is not None:
            self._thread.scopes[-1].near = near
            self._thread.scopes[0].compared = self._server.calls()
        counts = json.loads(meta["counts"])
        unfinished = set(running)
        if meta["publishing"]:
            unfinished.add(int(meta.get("publishing_load", 0)))
        return StoreInfo(
            counts[0], counts[1], counts[2], tuple(counts[3]), meta["digest"],
            tuple(sorted(unfinished)),
        )  # fmt: skip

    def begin(self) -> None:
        """Note which state the outermost scope sees, before it asks for anything of it."""
        if self.fresh:
            self._looked(self._asked)

    def first(self, look: Callable[[], tuple[_Meta | None, T]]) -> T:
        """What a statement gives that also says what the store says of itself, before it: as
        ``begin`` does, in the same call."""

        def ours() -> tuple[_Meta, T]:
            meta, found = look()
            return self._ours(meta), found

        return self._looked(ours)[1]

    @property
    def fresh(self) -> bool:
        """Whether a scope is open that has not seen a state yet."""
        scopes = self._thread.scopes
        return bool(scopes) and scopes[0].seen is None

    def whole(self) -> None:
        """Refuse to give out everything in a scope whose state is half of a write: StoreBusy."""
        scopes = self._thread.scopes
        if scopes and scopes[0].seen is not None and scopes[0].seen[2]:
            raise StoreBusy(
                "A load is being written to the server",
                "Wait until it has ended; one that was interrupted must be run again.",
            )

    def near(self) -> Near | None:
        """What the innermost scope of this thread fetched ahead."""
        scopes = self._thread.scopes
        return scopes[-1].near if scopes else None

    def _looked(self, look: Callable[[], tuple[_Meta, T]]) -> tuple[_Meta, T]:
        """What a look at the store gives; it holds the outermost scope to the state that it saw."""
        scopes = self._thread.scopes
        if scopes and not self.fresh:
            meta, found = look()
        else:
            meta, found = self._settled(look)
        if scopes:
            self._note(scopes[0], _version(meta))
        return meta, found

    def _settled(self, look: Callable[[], tuple[_Meta, T]]) -> tuple[_Meta, T]:
        """Look again while a single commit is under way: it ends in a moment, with one state."""
        ends = time.monotonic() + _MOMENT
        while True:
            meta, found = look()
            seen = _version(meta)
            if not meta["publishing"] or meta.get("publishing_parts") or seen == self._left:
                return meta, found
            if time.monotonic() > ends:
                self._left = seen
                return meta, found
            time.sleep(_PAUSE)

    def _note(self, first: _Scope, version: _Version) -> None:
        """Hold the outermost scope to the state that it sees first."""
        if first.seen is not None and first.seen != version:
            raise torn()
        first.seen, first.compared = version, None

    def _around(self) -> tuple[_Meta, tuple[list[int], Near | None]]:
        """What the store says of itself, with all that the scope will ask where it told that."""
        scopes = self._thread.scopes
        scope = scopes[-1] if scopes else None
        if scope is not None and scope.ahead is not None and scope.near is None:
            found = self._fetch(scope.ahead)
            if found is not None:
                meta = self._ours(found.after)
                if _version(found.before) != _version(meta):
                    raise torn()
                return meta, (found.running, found)
        meta, running = self._asked()
        return meta, (running, None)

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
        the one after it, also in the place of an error: a party that was not found may only have
        been looked for on both sides of a write.
        """
        scopes, scope = self._thread.scopes, _Scope(ahead)
        scopes.append(scope)
        try:
            yield
            if scopes[0] is scope:
                self._compare(scope)
        except StoreError:
            raise
        except Exception:
            if scopes[0] is scope:
                self._compare(scope)
            raise
        finally:
            scopes.remove(scope)  # of the thread that opened it, wherever a dropped one ends


def _version(meta: _Meta) -> _Version:
    return (meta["stamp"], meta["digest"], meta["publishing"])
