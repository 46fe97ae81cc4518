"""A process that loads a town into a server and may be killed at any moment.

Run as ``python -m tests.neo4j.writer ADDRESS USER PASSWORD FOLDER SIZE AT_ONCE``; says one line
when it has opened the store, one per batch, one when it publishes, and the digest at the end.
"""

from __future__ import annotations

import sys
from pathlib import Path

from graph_service.store.neo4j import publish
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.server import Link
from graph_service.store.sqlite.workbench import SqliteBenches
from tests.store.writer import town
from tests.support.facts import KEY, put_facts


def say(phase: str, done: int, total: int) -> None:
    """Tell whoever waits how far the load is."""
    print(phase, done, total, flush=True)


def main(address: str, user: str, password: str, folder: str, size: str, at_once: str) -> None:
    """Load the town."""
    publish.AT_ONCE = int(at_once)
    store = Neo4jStore.open(
        Link(address, user, password), KEY, SqliteBenches(KEY), Path(folder), create=True
    )
    store.progress = say
    print("opened", flush=True)
    put_facts(store, town(int(size)), size=100)
    print(store.info().digest, flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
