"""Where everything stands: positions made here, so that one question has one picture everywhere.

Roots in the middle, what is one hop away around them, and so on: a ring that would be too wide is
wound into several. Springs then draw tied parties together while all push each other off (the
forces of Fruchterman and Reingold, 1991, with the rings as anchors), and last the labels are moved
apart until no two overlap. There is no chance in it: no random number, no clock, and the order of
the input does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, log, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from viz.layers import layered
from viz.ownership import DOWNWARD, UPWARD
from viz.view import View

Places = dict[str, tuple[int, int]]
Points = NDArray[np.float64]
Index = NDArray[np.intp]

WIDE, HIGH = 148, 58  # pixels that a node takes with its label
_GAP = 120  # pixels between two rings
_PAIRS = 30_000_000  # pairs of nodes whose forces are worked out in one picture, bounds the time
_MOST_ROUNDS, _SPREADS = 60, 80
_SMALL = 80  # parties of a picture that is drawn close together
_FLAT = 0.8  # how high such a picture is beside what it would be
_FAR = 1_000_000  # the depth of what hangs on no root


@dataclass(frozen=True, slots=True)
class _Graph:
    """Nodes by number, in order of id; ``levels``: hops from a root, nearest first."""

    ids: tuple[str, ...]
    beside: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]


def places_of(view: View) -> Places:
    """A place for every node, in pixels: x to the right, y down, the first root at (0, 0)."""
    pairs = [(edge.start, edge.end) for edge in view.edges]
    if view.subject in UPWARD | DOWNWARD:
        depths = {node.id: _FAR if node.depth is None else node.depth for node in view.nodes}
        return layered(depths, pairs, upward=view.subject in UPWARD)
    return places([node.id for node in view.nodes], pairs, view.roots)


def places(nodes: Iterable[str], edges: Iterable[tuple[str, str]], roots: Sequence[str]) -> Places:
    """The same from bare ids. Parts that hang together stand together, each around its own roots;
    a part without a root is drawn around its best tied node."""
    graph = _graph(nodes, edges, roots)
    if not graph.ids:
        return {}
    parts = [_part(graph, members) for members in _parts(graph)]
    points = np.zeros((len(graph.ids), 2))
    for members, spots in zip(_parts(graph), _packed(parts), strict=True):
        points[members] = spots
    first = graph.roots[0] if graph.roots else 0
    whole = np.rint(points - points[first]).astype(int)
    return {name: (int(x), int(y)) for name, (x, y) in zip(graph.ids, whole, strict=True)}


def _graph(nodes: Iterable[str], edges: Iterable[tuple[str, str]], roots: Sequence[str]) -> _Graph:
    ids = tuple(sorted(set(nodes)))
    number = {name: place for place, name in enumerate(ids)}
    beside: list[set[int]] = [set() for _ in ids]
    for start, end in edges:
        if start != end and start in number and end in number:
            beside[number[start]].add(number[end])
            beside[number[end]].add(number[start])
    known = dict.fromkeys(number[root] for root in roots if root in number)
    return _Graph(ids, tuple(tuple(sorted(one)) for one in beside), tuple(known))


def _parts(graph: _Graph) -> list[list[int]]:
    """What hangs together, the part of the first root first, then the larger before the smaller."""
    part: dict[int, int] = {}
    members: list[list[int]] = []
    for start in (*graph.roots, *range(len(graph.ids))):
        if start in part:
            continue
        found = [start]
        part[start] = len(members)
        for node in found:
            for other in graph.beside[node]:
                if other not in part:
                    part[other] = len(members)
                    found.append(other)
        members.append(found)
    first, *rest = members
    return [first, *sorted(rest, key=lambda one: (-len(one), min(one)))]


def _part(graph: _Graph, members: Sequence[int]) -> Points:
    """The places of one part, around (0, 0)."""
    here = {node: place for place, node in enumerate(members)}
    beside = [[here[other] for other in graph.beside[node]] for node in members]
    centres = [here[root] for root in graph.roots if root in here]
    centres = centres or [max(range(len(members)), key=lambda n: (len(beside[n]), -members[n]))]
    air = _air(len(members))
    points, weights = _rings(beside, centres, air)
    pairs = [(a, b) for a, others in enumerate(beside) for b in others if a < b]
    if pairs and len(members) > 2:
        ties = np.array(pairs, dtype=np.intp)
        points = _closer(_drawn_together(points, ties, weights, air), ties, air)
    return _apart(points, np.array([WIDE, HIGH]) * air)


def _air(count: int) -> float:
    """How much room each has, as a multiple of its box: small pictures have words on their lines
    to be read, large ones must not grow out of sight."""
    return 1.0 + 0.35 * min(1.0, max(0.0, (300 - count) / 260))


def _rings(
    beside: Sequence[Sequence[int]], centres: Sequence[int], air: float
) -> tuple[Points, Points]:
    """Each node on the ring of its depth, in the wedge of the node that leads to it."""
    parent, levels = _tree(beside, centres)
    leaves = _leaves(parent, levels)
    angles = _angles(parent, levels, leaves)
    points = np.zeros((len(beside), 2))
    inner = 0.0
    for depth, level in enumerate(levels):
        inner = _set_ring(points, sorted(level, key=lambda n: (angles[n], n)), angles, depth, inner)
    points *= air
    held = np.ones(len(beside))
    held[list(centres)] = 8.0
    return points, held


def _tree(
    beside: Sequence[Sequence[int]], centres: Sequence[int]
) -> tuple[dict[int, int], list[list[int]]]:
    """Breadth first: who leads to whom, and the nodes by depth."""
    parent = dict.fromkeys(centres, -1)
    levels = [list(centres)]
    while levels[-1]:
        level: list[int] = []
        for node in levels[-1]:
            for other in beside[node]:
                if other not in parent:
                    parent[other] = node
                    level.append(other)
        levels.append(level)
    return parent, levels[:-1]


def _leaves(parent: Mapping[int, int], levels: Sequence[Sequence[int]]) -> dict[int, float]:
    """How wide a wedge each node needs: the ends of its branches, those far out counting less."""
    weight = dict.fromkeys(parent, 0.0)
    for level in reversed(levels):
        for node in level:
            weight[node] = max(weight[node], 1.0)
            if parent[node] >= 0:
                weight[parent[node]] += sqrt(weight[node])
    return weight


def _angles(
    parent: Mapping[int, int], levels: Sequence[Sequence[int]], weight: Mapping[int, float]
) -> dict[int, float]:
    """The middle of each node's wedge, in radians; a wedge is shared among the branches in it."""
    wedge: dict[int, tuple[float, float]] = {}
    branches: dict[int, list[int]] = {}
    for level in levels[1:]:
        for node in level:
            branches.setdefault(parent[node], []).append(node)
    _share(wedge, levels[0], weight, -pi / 2, 2 * pi)
    for level in levels:
        for node in level:
            begins, width = wedge[node]
            _share(wedge, branches.get(node, ()), weight, begins, width)
    return {node: begins + width / 2 for node, (begins, width) in wedge.items()}


def _share(
    wedge: dict[int, tuple[float, float]],
    nodes: Sequence[int],
    weight: Mapping[int, float],
    begins: float,
    width: float,
) -> None:
    total = sum(weight[node] for node in nodes)
    for node in nodes:
        part = width * weight[node] / total
        wedge[node] = (begins, part)
        begins += part


def _set_ring(
    points: Points, level: Sequence[int], angles: Mapping[int, float], depth: int, inner: float
) -> float:
    """Put a depth's nodes around the middle from radius ``inner`` on; the radius after them."""
    if depth == 0 and len(level) == 1:
        return float(_GAP)
    step = HIGH * 1.2
    turns = max(1, ceil(sqrt(max(0, len(level) * WIDE / (2 * pi) - inner) / step)))
    radius = max(inner, len(level) * WIDE / (2 * pi * turns))
    for place, node in enumerate(level):
        far = radius + step * (place % turns)
        points[node] = (far * cos(angles[node]), far * sin(angles[node]))
    return radius + step * (turns - 1) + _GAP


def _drawn_together(points: Points, pairs: Index, held: Points, air: float) -> Points:
    """Springs along ties, everybody pushing everybody off, each held at its place on the rings."""
    count = len(points)
    rounds = min(_MOST_ROUNDS, _PAIRS // (count * count))
    anchor, ideal = points.copy(), 1.15 * air * sqrt(WIDE * HIGH) + 20 * log(1 + count / 50)
    for turn in range(rounds):
        force = _pushes(points, ideal) + _pulls(points, pairs, ideal)
        force += 0.05 * held[:, None] * (anchor - points)
        length = np.sqrt((force**2).sum(axis=1))
        most = ideal * 0.6 * (1 - turn / rounds)
        points = points + force * (np.minimum(length, most) / np.maximum(length, 1e-9))[:, None]
    return points


def _closer(points: Points, pairs: Index, air: float) -> Points:
    """A small picture no larger than its names need, and wider than high, as windows are: so that
    all of it can be seen at a size at which its words can be read."""
    if len(points) > _SMALL:
        return points
    away = points[pairs[:, 0]] - points[pairs[:, 1]]
    usual = float(np.median(np.sqrt((away**2).sum(axis=1))))
    near = min(1.0, WIDE * air / max(usual, 1.0))
    closer: Points = points * np.array([near, near * _FLAT])
    return closer


def _pushes(points: Points, ideal: float) -> Points:
    """ideal² / distance away from each of the others; flat boxes count as wide as high."""
    x, y = points[:, 0], points[:, 1] * (WIDE / HIGH) ** 0.5
    dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
    weight = ideal * ideal / np.maximum(dx * dx + dy * dy, ideal * ideal / 100)
    weight *= weight > 0.02  # beyond seven lengths nobody is felt: far parts do not blow it up
    return np.stack([(dx * weight).sum(axis=1), (dy * weight).sum(axis=1)], axis=1)


def _pulls(points: Points, pairs: Index, ideal: float) -> Points:
    """distance² / ideal along each tie, weaker where a party has very many."""
    start, end = pairs[:, 0], pairs[:, 1]
    away = points[end] - points[start]
    count = len(points)
    ties = np.bincount(start, minlength=count) + np.bincount(end, minlength=count)
    weaker = 1 / np.sqrt(np.maximum(ties[start], ties[end]))
    pull = away * (np.sqrt((away**2).sum(axis=1)) / ideal * weaker)[:, None]
    total = np.zeros_like(points)
    for axis in (0, 1):
        total[:, axis] += np.bincount(start, pull[:, axis], count)
        total[:, axis] -= np.bincount(end, pull[:, axis], count)
    return total


def _apart(points: Points, box: Points) -> Points:
    """Move overlapping boxes apart; what still overlaps in the end is spread until nothing does."""
    points = points + _tiny(len(points))
    for _ in range(_SPREADS):
        first, second = _overlaps(points, box)
        if not len(first):
            return points
        points = _pushed(points, first, second, box)
    return _spread(points, box)


def _tiny(count: int) -> Points:
    """A hair's breadth for each, so that no two stand on the very same spot."""
    turn = np.arange(count) * 2.399963
    return np.stack([np.cos(turn), np.sin(turn)], axis=1) * (0.5 + np.arange(count)[:, None] / 1e3)


def _overlaps(points: Points, box: Points) -> tuple[Index, Index]:
    """All pairs whose boxes overlap, by a sweep from left to right."""
    order = np.argsort(points[:, 0], kind="stable")
    x, y = points[order, 0], points[order, 1]
    until = np.searchsorted(x, x + box[0], side="left")
    reach = until - np.arange(len(points)) - 1
    left = np.repeat(np.arange(len(points)), reach)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(reach) - reach, reach)
    near = np.abs(y[left] - y[right]) < box[1]
    return order[left[near]], order[right[near]]


def _pushed(points: Points, first: Index, second: Index, box: Points) -> Points:
    """Each overlapping pair half out of each other, along the shorter way."""
    away = points[second] - points[first]
    need = box * 1.02 - np.abs(away)
    need[np.arange(len(need)), np.argmax(need / box, axis=1)] = 0
    push = np.where(away >= 0, 1, -1) * need * 0.5
    moved = points.copy()
    for axis in (0, 1):
        moved[:, axis] += np.bincount(second, push[:, axis], len(points))
        moved[:, axis] -= np.bincount(first, push[:, axis], len(points))
    return moved


def _spread(points: Points, box: Points) -> Points:
    """Everything farther from the middle by the factor that parts the closest pair."""
    while True:
        first, second = _overlaps(points, box)
        if not len(first):
            return points
        away = np.maximum(np.abs(points[second] - points[first]), 1e-6)
        factor = np.minimum(box[0] / away[:, 0], box[1] / away[:, 1]).max()
        points = points * min(max(factor * 1.001, 1.01), 1.25)


def _packed(parts: Sequence[Points]) -> list[Points]:
    """Parts side by side in rows, so that the whole is about as wide as high."""
    sizes = [np.ptp(part, axis=0) + np.array([WIDE + _GAP, HIGH + _GAP]) for part in parts]
    widest = max(float(size[0]) for size in sizes)
    row_width = max(widest, sqrt(sum(float(size[0] * size[1]) for size in sizes)) * 1.3)
    x = y = tallest = 0.0
    placed = []
    for part, size in zip(parts, sizes, strict=True):
        if x and x + size[0] > row_width:
            x, y, tallest = 0.0, y + tallest, 0.0
        placed.append(part - part.min(axis=0) + np.array([x, y]))
        x, tallest = x + float(size[0]), max(tallest, float(size[1]))
    return placed
