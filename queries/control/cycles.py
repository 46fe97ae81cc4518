"""Rings of a graph of numbered nodes: components, and the first of their shortest cycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from queries.control.components import components
from queries.control.projection import Ints


def on_cycles(holder: Ints, issuer: Ints) -> tuple[Ints, Ints]:
    """The edges left when nodes without a way in or without a way out are taken away, again and
    again: every edge of a cycle is among them."""
    while len(holder):
        most = int(max(holder.max(), issuer.max())) + 1
        leads = np.zeros(most, np.bool_)
        comes = np.zeros(most, np.bool_)
        leads[holder], comes[issuer] = True, True
        kept = comes[holder] & leads[issuer]
        if kept.all():
            break
        holder, issuer = holder[kept], issuer[kept]
    return holder, issuer


def rings_of(holder: Ints, issuer: Ints) -> list[tuple[list[int], dict[int, list[int]]]]:
    """Components of at least two nodes, each with its inner edges; self-loops are left out."""
    apart = holder != issuer
    holder, issuer = on_cycles(holder[apart], issuer[apart])
    nodes = np.unique(np.concatenate((holder, issuer)))
    place = {int(node): number for number, node in enumerate(nodes)}
    after: list[list[int]] = [[] for _ in place]
    for start, end in sorted(set(zip(holder.tolist(), issuer.tolist(), strict=True))):
        after[place[start]].append(place[end])
    found = []
    for component in components(after):
        if len(component) > 1:
            inside = set(component)
            edges = {
                int(nodes[n]): [int(nodes[m]) for m in after[n] if m in inside] for n in component
            }
            found.append((sorted(edges), edges))
    return found


def shortest_cycle(
    nodes: Sequence[int], edges: dict[int, list[int]], tick: Callable[[], None]
) -> list[int]:
    """The shortest cycle of a component, of those the first by its nodes from the smallest on.

    ``nodes`` in the order that decides. The cycles whose first node is s are sought among the nodes
    after s, never farther than the shortest found so far.
    """
    rank = {node: number for number, node in enumerate(nodes)}
    before: dict[int, list[int]] = {node: [] for node in nodes}
    for start, ends in edges.items():
        for end in ends:
            before[end].append(start)
    best: list[int] = []
    for start in nodes:
        limit = len(best) - 1 if best else len(nodes)
        away = _away(start, before, rank, limit, tick)
        firsts = [end for end in edges[start] if away.get(end, limit) + 1 <= limit]
        if firsts:
            best = _walk(start, edges, rank, away)
        if len(best) == 2:
            break
    return best


def _away(
    start: int,
    before: dict[int, list[int]],
    rank: dict[int, int],
    limit: int,
    tick: Callable[[], None],
) -> dict[int, int]:
    """How many steps lead from each node after ``start`` back to it, up to ``limit`` - 1."""
    away = {start: 0}
    level, steps = [start], 0
    while level and steps < limit - 1:
        steps += 1
        grown = []
        for node in level:
            tick()
            for other in before[node]:
                if other not in away and rank[other] > rank[start]:
                    away[other] = steps
                    grown.append(other)
        level = grown
    return away


def _walk(
    start: int, edges: dict[int, list[int]], rank: dict[int, int], away: dict[int, int]
) -> list[int]:
    """From ``start`` back to it along the fewest steps, always to the first fitting node."""
    path, node = [start], start
    left = min(away[end] for end in edges[start] if end in away and end != start)
    while True:
        node = min(
            (e for e in edges[node] if away.get(e) == left and e != start), key=rank.__getitem__
        )
        path.append(node)
        if left == 1:
            return path
        left -= 1
