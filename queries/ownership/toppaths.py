"""The chains of stakes that contribute most to a figure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from heapq import heappop, heappush

from queries.ownership.lattice import Lattice
from queries.stakes import ONE

EACH = 3  # chains shown for one party
_TRIED = 20_000
_LONGEST = 50


def top_paths(
    lattice: Lattice,
    wanted: Collection[int],
    each: int = EACH,
    tick: Callable[[], None] = lambda: None,
) -> dict[int, list[tuple[int, ...]]]:
    """Up to ``each`` simple chains from the start to every wanted number, the largest product
    first; unknown shares count by their upper bound.

    Best first, every party passed ``each`` times at most; bounded in chains tried and in length, so
    that a far party of a large component may have none.
    """
    found: dict[int, list[tuple[int, ...]]] = {number: [] for number in wanted}
    left = {number for number in wanted if number != lattice.start}
    passed = [0] * len(lattice.ids)
    heap: list[tuple[float, int, tuple[int, ...]]] = [(-1.0, 0, (lattice.start,))]
    for _ in range(_TRIED):
        if not heap or not left:
            break
        tick()
        product, length, chain = heappop(heap)
        end = chain[-1]
        if passed[end] >= each:
            continue
        passed[end] += 1
        if end in found and length:
            found[end].append(chain)
            if len(found[end]) >= each:
                left.discard(end)
        if length < _LONGEST:
            for other, stake in lattice.away[end]:
                if passed[other] < each and other not in chain:
                    heappush(heap, (product * (stake.high / ONE), length + 1, (*chain, other)))
    return found
