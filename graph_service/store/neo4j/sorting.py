"""Sorting what a server streams: in order, in bounded memory, with what does not fit on disk."""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Any

_RUN = 20_000  # rows held in memory
_READ = 500  # rows read from disk at once, of each run

Keyed = tuple[tuple[Any, ...], Any]


def in_order(rows: Iterable[Keyed]) -> Iterator[Any]:
    """The second parts of (key, row) pairs by their keys.

    Rows are of JSON's kinds and come back so; temporary files have no name.
    """
    with ExitStack() as stack:
        runs: list[Iterator[Keyed]] = []
        held: list[Keyed] = []
        for row in rows:
            held.append(row)
            if len(held) >= _RUN:
                file = stack.enter_context(
                    tempfile.TemporaryFile("w+", encoding="utf-8", prefix="credit-graph-")
                )
                _spill(held, file)
                runs.append(_read(file))
                held = []
        held.sort(key=_key)
        for _, row in heapq.merge(*runs, held, key=_key):
            yield row


def _key(pair: Keyed) -> tuple[Any, ...]:
    return pair[0]


def _spill(held: list[Keyed], file: IO[str]) -> None:
    held.sort(key=_key)
    for start in range(0, len(held), _READ):
        file.write(json.dumps(held[start : start + _READ]) + "\n")
    file.seek(0)


def _read(file: IO[str]) -> Iterator[Keyed]:
    for line in file:
        for key, row in json.loads(line):
            yield tuple(key), row
