"""Large sorts of a first load: indexes made once, and tables put in their order, on both cores.

SQLite sorts in pieces as large as the cache may be. Small pieces stay near the processor, and with
helper threads (``PRAGMA threads``) they are sorted beside the reading of the next ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from graph_service.store.sqlite.tables import create_index

_PIECE_KB = 8_192
_HELPERS = 2  # one sorts while the other waits for its turn to merge; answers do not depend on it


@contextmanager
def sorting(c: sqlite3.Connection) -> Iterator[None]:
    """Sorts inside are as above; the cache, of which they need little, is then as it was before."""
    before = c.execute("PRAGMA cache_size").fetchone()[0]
    c.execute(f"PRAGMA threads = {_HELPERS}")
    c.execute(f"PRAGMA cache_size = {-_PIECE_KB}")
    try:
        yield
    finally:
        c.execute(f"PRAGMA cache_size = {before}")
        c.execute("PRAGMA threads = 0")


def make_indexes(c: sqlite3.Connection, names: Iterable[str]) -> None:
    """Make those of ``INDEXES`` that do not stand yet."""
    with sorting(c):
        for name in names:
            c.execute(create_index(name))
