"""What the service holds while it runs: settings, the store, the loads' queue, log and metrics."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from graph_service.auth import ApiKeys
from graph_service.days import today
from graph_service.errors import CreditGraphError, StoreDamaged, StoreError, StoreUnavailable
from graph_service.identity import IdKey, load_id_key
from graph_service.model import RelationFilter
from graph_service.schema import WALKED
from graph_service.settings import Settings
from graph_service.store.open import is_server, mends_itself, open_store, store_stamp
from graph_service.store.port import Ahead, Store
from graph_service.web.logs import Log
from graph_service.web.metrics import Metrics
from graph_service.web.sessions import Sessions

_WARMING = 10.0  # seconds that the end waits for a warm-up


class StoreDoor:
    """The store, opened when it is first needed and again when it was away or replaced."""

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._settings = settings
        self._given = store
        self._store = store
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None

    def store(self, *, create: bool = False) -> Store:
        """The open store; raises StoreError when there is none to open."""
        if self._given is not None:
            return self._given
        with self._lock:
            stamp = store_stamp(self._settings)
            if self._store is None or stamp != self._stamp:
                self._store = open_store(self._settings, create=create)
                self._stamp = store_stamp(self._settings)
            return self._store

    def failed(self, error: StoreError) -> None:
        """Take note of an error: a store that does not answer is opened anew next time."""
        away = isinstance(error, StoreUnavailable) and not mends_itself(self._settings)
        if away or isinstance(error, StoreDamaged):
            with self._lock:
                self._store = self._given

    def answers(self) -> bool:
        """Whether the store can be asked right now."""
        try:
            alive(self.store())
        except StoreError as error:
            self.failed(error)
            return False
        return True

    def warm(self) -> None:
        """Begin to warm a server's store up, beside what else goes on: the first question of a kind
        costs it some hundred times what the next ones do."""
        if self._given is None and is_server(self._settings):
            self._warming = threading.Thread(target=self._warm, name="warm", daemon=True)
            self._warming.start()

    def _warm(self) -> None:
        try:
            warm(self.store())
        except CreditGraphError as error:  # who asks next is told
            if isinstance(error, StoreError):
                self.failed(error)

    def close(self) -> None:
        """Close what this door opened."""
        if self._warming is not None:
            self._warming.join(timeout=_WARMING)
        with self._lock:
            if self._store is not None and self._given is None:
                self._store.close()
            self._store = None


def alive(store: Store) -> None:
    """Ask the store for a sign of life, without counting anything; raises StoreError."""
    with store.reading():
        store.parties(("uscc:",))


def warm(store: Store) -> None:
    """Ask what walks, dossiers and searches ask, about nobody; raises StoreError."""
    nobody = ("nobody:1",)
    only = RelationFilter(today(), WALKED)
    with store.reading(Ahead(nobody, only, 1, 3)):
        store.info()
        store.expand(("nobody:2",), only, 1)
        store.expand(nobody, only)
        store.parties(("nobody:2",), records=True)
        store.quarantined()
        store.rejected(naming=nobody)
        store.find("无人")
    store.info()


@dataclass(frozen=True, slots=True)
class Service:
    """Everything a route may need."""

    settings: Settings
    door: StoreDoor
    log: Log
    metrics: Metrics
    keys: ApiKeys | None
    sessions: Sessions

    def key(self) -> IdKey:
        """The user's ID key; raises SettingsError."""
        return load_id_key(self.settings)
