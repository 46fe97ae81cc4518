"""The trees of a control forest: their tops, their sizes, and how deep each member stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from queries.control.components import components
from queries.control.forest import ControlForest
from queries.control.projection import Ints


@dataclass(frozen=True, slots=True)
class Tree:
    """``tops`` control all members, nobody outside controls them. ``size``: tops and members."""

    tops: tuple[int, ...]
    size: int


def trees_of(forest: ControlForest, least: int = 2) -> list[Tree]:
    """Every tree of at least ``least`` parties; a party under two tops counts in both trees."""
    label = forest.trees()
    inside = forest.nearest >= 0
    inside[forest.nearest[inside]] = True
    for more in forest.others.values():
        inside[list(more)] = True
    members = np.flatnonzero(inside)
    sizes = np.bincount(label[members], minlength=1)
    several = sorted({int(label[company]) for company in forest.others})
    sizes[several] = 0
    found = [
        Tree(_circle(forest, top), int(sizes[top]))
        for top in np.flatnonzero(sizes >= least).tolist()
    ]
    if several:
        found += _several(forest, members[np.isin(label[members], several)], least)
    return found


def _circle(forest: ControlForest, top: int) -> tuple[int, ...]:
    """A tree's top, or the tops that control each other in a circle."""
    circle = [top]
    while (above := int(forest.nearest[circle[-1]])) >= 0 and above != top:
        circle.append(above)
    return tuple(sorted(circle))


def _several(forest: ControlForest, members: Ints, least: int) -> list[Tree]:
    """The trees among parties of which some have several nearest controllers."""
    nodes: list[int] = members.tolist()
    place = {node: at for at, node in enumerate(nodes)}
    found = []
    for group in components([[place[top] for top in forest.above(node)] for node in nodes]):
        tops = {nodes[at] for at in group}
        if all(tops.issuperset(forest.above(top)) for top in tops):
            size = len(forest.under(tops))
            if size >= least:
                found.append(Tree(tuple(sorted(tops)), size))
    return found


def depths(forest: ControlForest, tops: Iterable[int]) -> dict[int, int]:
    """By member of a tree, tops included, how many steps it stands below the nearest top."""
    found = dict.fromkeys(tops, 0)
    level, depth = list(found), 0
    while level:
        depth += 1
        level = sorted({c for node in level for c in forest.children(node)} - found.keys())
        found.update(dict.fromkeys(level, depth))
    return found
