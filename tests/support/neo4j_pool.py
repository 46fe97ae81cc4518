"""Servers for tests that need a store of their own: started when asked for, wiped in between.

Community has one database a server, so a test that compares two stores needs two servers.
``CG_TEST_NEO4J_URI`` (with ``CG_STORE_USER`` and ``CG_STORE_PASSWORD``) names one to use instead;
tests that need a second one are then skipped.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from graph_service.store.neo4j.server import Link
from tests.support.neo4j_server import PASSWORD, USER, Neo4jServer, NoServer, classpath

MOST = 4  # servers at once
WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"


@dataclass(slots=True)
class Place:
    """One server, and which store of the test stands there."""

    link: Link
    server: Neo4jServer | None
    folder: tempfile.TemporaryDirectory[str] | None
    store: Path | None = None


_PLACES: list[Place] = []
_REASON: dict[str, str] = {}


def given_uri() -> str:
    """The server that the environment names, or nothing."""
    return os.environ.get("CG_TEST_NEO4J_URI", "")


def require() -> None:
    """Skip the test, with the reason, where no server can be had."""
    if "no" not in _REASON:
        _REASON["no"] = ""
        if not given_uri():
            try:
                classpath()
            except NoServer as error:
                _REASON["no"] = f"Neo4j cannot be run here: {error}"
    if _REASON["no"]:
        pytest.skip(_REASON["no"])


def link_to(uri: str, **more: float) -> Link:
    """A link with the tests' credentials."""
    user = os.environ.get("CG_STORE_USER", USER) if given_uri() else USER
    password = os.environ.get("CG_STORE_PASSWORD", "") if given_uri() else PASSWORD
    return Link(uri, user, password, **more)  # type: ignore[arg-type]


def place_of(store: Path) -> tuple[Link, bool]:
    """The server of a test's store, and whether it is empty: wiped when the store is new."""
    for place in _PLACES:
        if place.store == store:
            return place.link, False
        if place.store is not None and not place.store.parent.exists():
            place.store = None  # of a test that failed before it could say so
    place = next((place for place in _PLACES if place.store is None), None) or _another()
    place.store = store
    wipe(place.link)
    return place.link, True


def release(folder: Path) -> None:
    """The stores below a folder are needed no more."""
    for place in _PLACES:
        if place.store is not None and place.store.is_relative_to(folder):
            place.store = None


def process_of(link: Link) -> Neo4jServer | None:
    """The server's process, when this process started it."""
    return next((place.server for place in _PLACES if place.link.address == link.address), None)


def wipe(link: Link) -> None:
    """Remove all data of a server; constraints and indexes stay."""
    with (
        GraphDatabase.driver(link.address, auth=(link.user, link.password)) as driver,
        driver.session() as session,
    ):
        session.run(WIPE).consume()


def _another() -> Place:
    assert len(_PLACES) < MOST, "a test holds on to its servers"
    if given_uri():
        if _PLACES:
            pytest.skip("Neo4j: this test needs a second server")
        place = Place(link_to(given_uri()), None, None)
    else:
        folder = tempfile.TemporaryDirectory(prefix="credit-graph-neo4j-")
        server = Neo4jServer(Path(folder.name))
        server.start()
        place = Place(link_to(server.uri), server, folder)
    _PLACES.append(place)
    return place


def stop() -> None:
    """End every server that was started."""
    while _PLACES:
        place = _PLACES.pop()
        if place.server is not None:
            place.server.stop()
        if place.folder is not None:
            place.folder.cleanup()


atexit.register(stop)
