"""Reading everything: part by part, two parts ahead, in bounded memory.

Nodes are numbered by keyed hashes, so equal ranges of numbers hold about as many nodes. A part
comes in few records of many rows each, for a record costs a client more than a row in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import Any, LiteralString

from graph_service.store.neo4j import reading
from graph_service.store.neo4j.server import Params, Server

_PART = 2_000  # nodes; with what hangs on them some megabytes
_AHEAD = 2
_LOWEST, _NUMBERS = -(1 << 63), 1 << 64


def sweep(server: Server, cypher: LiteralString, params: Params) -> Iterator[list[Any]]:
    """The rows of a question that takes ``$low`` and ``$high``, asked range by range, in the
    ranges' order."""
    with ThreadPoolExecutor(_AHEAD, thread_name_prefix="sweep") as pool:
        asked: deque[Future[list[Any]]] = deque()
        for low, high in _ranges(server):
            asked.append(pool.submit(_part, server, cypher, {**params, "low": low, "high": high}))
            if len(asked) > _AHEAD:
                yield from asked.popleft().result()
        while asked:
            yield from asked.popleft().result()


def _ranges(server: Server) -> Iterator[tuple[int, int]]:
    parts = 1 + server.ask(reading.SIZE, {})[0][0] // _PART
    edges = [_LOWEST + _NUMBERS * part // parts for part in range(parts + 1)]
    return ((low, high - 1) for low, high in pairwise(edges))


def _part(server: Server, cypher: LiteralString, params: Params) -> list[Any]:
    return [row for (rows,) in server.stream(cypher, params) for row in rows]
