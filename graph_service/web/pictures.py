"""Answers as pictures, for both front doors; the room that draws is entered only when asked."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def drawn(answer: Json, most: int) -> Json:
    """An answer's nodes, edges and positions; ``most``: at most so many parties, nearest first."""
    from viz.layout import places_of
    from viz.view import picture, view_of

    view = view_of(answer, most)
    return picture(view, places_of(view))
