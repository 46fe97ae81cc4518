"""Answers as pictures, for both front doors; the room that draws is entered only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]


def arranged(
    nodes: Sequence[str], edges: Iterable[Sequence[int]], roots: Sequence[int]
) -> list[tuple[int, int]]:
    """Places of a graph in the order of its nodes; edges and roots name nodes by their places."""
    from viz.layout import places

    ends = [(nodes[start], nodes[end]) for start, end in edges]
    found = places(nodes, ends, [nodes[root] for root in roots])
    return [found[node] for node in nodes]


def drawn(answer: Json, most: int) -> Json:
    """An answer's nodes, edges and positions; ``most``: at most so many parties, nearest first."""
    from viz.layout import places_of
    from viz.view import picture, view_of

    view = view_of(answer, most)
    return picture(view, places_of(view))
