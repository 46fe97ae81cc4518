"""Smallest hitting sets: the fewest things of which every given set holds at least one."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def smallest(sets: Sequence[frozenset[int]], tick: Callable[[], None]) -> frozenset[int]:
    """A smallest hitting set, of those the first by its sorted members. No set may be empty.

    Depth first with growing size: the first set not yet hit must be hit by one of its members.
    """
    for size in range(len(sets) + 1):
        found = _sorted_first(sets, size, tick)
        if found is not None:
            return frozenset(found)
    raise ValueError("an empty set cannot be hit")


def _sorted_first(
    sets: Sequence[frozenset[int]], size: int, tick: Callable[[], None]
) -> tuple[int, ...] | None:
    """The first hitting set of at most ``size`` members, or None."""
    best: tuple[int, ...] | None = None
    todo: list[tuple[frozenset[int], frozenset[int]]] = [(frozenset(), frozenset())]
    while todo:
        tick()
        chosen, refused = todo.pop()
        left = next((s for s in sets if not s & chosen), None)
        if left is None:
            made = tuple(sorted(chosen))
            if best is None or made < best:
                best = made
        elif len(chosen) < size:
            gone = refused
            for member in sorted(left - refused):
                todo.append((chosen | {member}, gone))
                gone = gone | {member}
    return best
