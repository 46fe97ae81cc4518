"""The driver behind one small door: questions, streams and writes, each with a deadline."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, LiteralString

import neo4j
from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Driver,
    GraphDatabase,
    NotificationMinimumSeverity,
    Query,
    Session,
    Transaction,
    TrustCustomCAs,
)
from neo4j.exceptions import DriverError, Neo4jError

from graph_service.errors import StoreUnavailable
from graph_service.store.neo4j.faults import in_our_words, passes, translated, undone
from graph_service.store.neo4j.watch import Limit, Watch

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # errors are told, not logged
Params = dict[str, Any]
_PULL = 1000  # rows of a stream under one deadline: one for each costs as much as the row
LONG = 24 * 3600.0  # a load's own transaction; the server ends it when the client dies


@dataclass(frozen=True, slots=True)
class Link:
    """How a server is reached. ``seconds`` bound a question, ``step_seconds`` a step of a stream
    or of a load; ``retry_seconds``: pauses between tries of such a step, in all; ``ca_file``:
    certificates to trust instead of the system's.

    ``grace_seconds``: what the server has to end a question itself before its connection is cut.
    It looks for slow ones every two (``db.transaction.monitor.check.interval``).
    """

    address: str
    user: str = ""
    password: str = ""
    database: str = "neo4j"
    seconds: float = 30.0
    grace_seconds: float = 3.0
    connect_seconds: float = 5.0
    step_seconds: float = 600.0
    retry_seconds: float = 4.0
    pool: int = 50
    ca_file: Path | None = None


def _driver(link: Link) -> Driver:
    address = link.address
    trust: Params = {}
    scheme, _, rest = address.partition("://")
    if link.ca_file is not None and scheme.endswith("+s"):
        address = scheme.removesuffix("+s") + "://" + rest
        trust = {"encrypted": True, "trusted_certificates": TrustCustomCAs(str(link.ca_file))}
    try:
        return GraphDatabase.driver(
            address,
            auth=(link.user or "neo4j", link.password) if link.user or link.password else None,
            connection_timeout=link.connect_seconds,
            connection_acquisition_timeout=link.connect_seconds * 2,
            max_connection_pool_size=link.pool,
            max_transaction_retry_time=link.retry_seconds,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            user_agent="credit-graph",
            keep_alive=True,
            telemetry_disabled=True,  # it would tell the server which calls of the driver are used
            **trust,
        )
    except (DriverError, ValueError, OSError) as error:
        raise in_our_words(error) from error


def pauses(seconds: float, first: float = 0.05) -> Iterator[float]:
    """How long to wait before each further try: ever longer, ``seconds`` in all."""
    pause, left = first, seconds
    while left > 0:
        yield min(pause, left)
        left -= pause
        pause *= 4


class _Calls(threading.local):
    """How often a thread has asked."""

    count = 0


class Server:
    """One server. Readers see what this process wrote, also where a cluster routes them."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._driver = _driver(link)
        self._bookmarks = GraphDatabase.bookmark_manager()
        self._watch = Watch()
        self._calls = _Calls()

    def calls(self) -> tuple[int, int]:
        """This thread, and how often it has asked."""
        return threading.get_ident(), self._calls.count

    @contextmanager
    def _session(self, access: str, fetch: int = 1000) -> Iterator[Session]:
        self._calls.count += 1
        session = self._driver.session(
            database=self.link.database,
            default_access_mode=access,
            bookmark_manager=self._bookmarks,
            fetch_size=fetch,
        )
        try:
            yield session
        finally:
            with self._watch.limit(session, self.link.connect_seconds):
                session.close()

    def ask(self, cypher: LiteralString, params: Params) -> list[neo4j.Record]:
        """All rows of a question; asked once more when the connection had been lost."""
        try:
            return self._asked(cypher, params, READ_ACCESS, self.link.seconds)
        except (DriverError, Neo4jError, OSError) as error:
            if not passes(error):
                raise in_our_words(error) from error
        with translated():
            return self._asked(cypher, params, READ_ACCESS, self.link.seconds)

    def _asked(
        self, cypher: LiteralString, params: Params, access: str, seconds: float
    ) -> list[neo4j.Record]:
        with (
            self._session(access, -1) as session,
            self._watch.limit(session, seconds + self.link.grace_seconds) as limit,
        ):
            try:
                return list(session.run(Query(cypher, timeout=seconds), params))
            except Exception:
                _late(limit, seconds)
                raise

    def stream(self, cypher: LiteralString, params: Params) -> Iterator[neo4j.Record]:
        """The rows of a long question, as they come; every some rows have their own deadline."""
        seconds = self.link.step_seconds
        with translated(), self._session(READ_ACCESS, 5 * _PULL) as session:
            with self._watch.limit(session, seconds) as limit:
                try:
                    rows = iter(session.run(Query(cypher, timeout=LONG), params))
                except Exception:
                    _late(limit, seconds)
                    raise
            while True:
                with self._watch.limit(session, seconds) as limit:
                    try:
                        pulled = list(islice(rows, _PULL))
                    except Exception:
                        _late(limit, seconds)
                        raise
                if not pulled:
                    return
                yield from pulled

    def put(self, cypher: LiteralString, params: Params) -> list[neo4j.Record]:
        """Run a statement that may be repeated; tried again while the server is only at its limit
        or its answer was lost."""
        return self._tried(cypher, params, passes)

    def make(self, cypher: LiteralString, params: Params) -> list[neo4j.Record]:
        """Run a statement that may not be repeated: tried again only when the server says that it
        was undone (two batches waited for each other's locks)."""
        return self._tried(cypher, params, undone)

    def _tried(
        self, cypher: LiteralString, params: Params, again: Callable[[Exception], bool]
    ) -> list[neo4j.Record]:
        for pause in (*pauses(self.link.retry_seconds), None):
            try:
                return self._asked(cypher, params, WRITE_ACCESS, self.link.step_seconds)
            except (DriverError, Neo4jError, OSError) as error:
                if pause is None or not again(error):
                    raise in_our_words(error) from error
            time.sleep(pause)
        raise AssertionError("unreachable")

    @contextmanager
    def transaction(self) -> Iterator[Writing]:
        """A transaction of its own, rolled back on any exception; the caller commits."""
        with translated(), self._session(WRITE_ACCESS) as session:
            with self._watch.limit(session, self.link.connect_seconds * 2) as limit:
                try:
                    transaction = session.begin_transaction(timeout=LONG)
                except Exception:
                    _late(limit, self.link.connect_seconds)
                    raise
            with transaction:
                yield Writing(session, transaction, self._watch, self.link.step_seconds)

    def close(self) -> None:
        """Let go of all connections."""
        self._watch.close()
        self._driver.close()


@dataclass(slots=True)
class Writing:
    """An open transaction; each step has its deadline."""

    session: Session
    transaction: Transaction
    watch: Watch
    seconds: float

    def run(
        self, cypher: LiteralString, params: Params, seconds: float | None = None
    ) -> Sequence[neo4j.Record]:
        """Run one statement and take its rows."""
        limit_seconds = seconds or self.seconds
        with self.watch.limit(self.session, limit_seconds) as limit:
            try:
                return list(self.transaction.run(cypher, params))
            except Exception:
                _late(limit, limit_seconds)
                raise

    def commit(self) -> None:
        """Make it last."""
        with self.watch.limit(self.session, self.seconds) as limit:
            try:
                self.transaction.commit()
            except Exception:
                _late(limit, self.seconds)
                raise


def _late(limit: Limit, seconds: float) -> None:
    if limit.over:
        raise TooLate(
            f"The store's server did not answer within {seconds:g} seconds",
            "Check that the server is well, then run this again.",
        )


class TooLate(StoreUnavailable):
    """A deadline of ours passed; nobody knows what the server made of the call."""
