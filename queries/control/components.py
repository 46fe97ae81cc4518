"""Strongly connected components by Tarjan's method, without recursion."""

from __future__ import annotations

from collections.abc import Sequence


def components(after: Sequence[Sequence[int]]) -> list[list[int]]:
    """The components of a graph, each sorted; one that others lead to comes before them.

    ``after``: by node, the nodes it leads to. Linear in nodes and edges (Tarjan 1972).
    """
    search = _Search(after)
    for node in range(len(after)):
        if search.seen[node] < 0:
            search.from_(node)
    return search.found


class _Search:
    def __init__(self, after: Sequence[Sequence[int]]) -> None:
        self.after = after
        self.seen = [-1] * len(after)
        self.low = [0] * len(after)
        self.on = [False] * len(after)
        self.stack: list[int] = []
        self.clock = 0
        self.found: list[list[int]] = []

    def from_(self, root: int) -> None:
        """Every component that ``root`` leads to."""
        self._enter(root)
        open_ = [(root, iter(self.after[root]))]
        while open_:
            node, rest = open_[-1]
            for other in rest:
                if self.seen[other] < 0:
                    self._enter(other)
                    open_.append((other, iter(self.after[other])))
                    break
                if self.on[other]:
                    self.low[node] = min(self.low[node], self.seen[other])
            else:
                open_.pop()
                if open_:
                    above = open_[-1][0]
                    self.low[above] = min(self.low[above], self.low[node])
                if self.low[node] == self.seen[node]:
                    self.found.append(self._take(node))

    def _enter(self, node: int) -> None:
        self.seen[node] = self.low[node] = self.clock
        self.clock += 1
        self.stack.append(node)
        self.on[node] = True

    def _take(self, node: int) -> list[int]:
        taken = []
        while True:
            other = self.stack.pop()
            self.on[other] = False
            taken.append(other)
            if other == node:
                return sorted(taken)
