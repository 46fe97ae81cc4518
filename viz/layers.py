"""Places in rows: the party asked about below its owners or above its holdings, row by row.

Within a row each stands near those it is tied to in the row before (barycentres, swept a few
times); a row that would be too long is folded. No chance in it, and no two labels overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Places = dict[str, tuple[int, int]]

_ACROSS, _FOLD, _DOWN = 185, 92, 185  # pixels between neighbours, folded rows, rows
_MOST_IN_ROW, _SWEEPS = 12, 6


def layered(depths: Mapping[str, int], edges: Iterable[tuple[str, str]], *, upward: bool) -> Places:
    """A place for every node by its depth; ``upward``: greater depths stand higher."""
    beside: dict[str, set[str]] = {node: set() for node in depths}
    for start, end in edges:
        beside[start].add(end)
        beside[end].add(start)
    rows = [
        sorted(node for node, depth in depths.items() if depth == level)
        for level in sorted(set(depths.values()))
    ]
    _sort_rows(rows, beside)
    return _placed(rows, -1 if upward else 1)


def _sort_rows(rows: list[list[str]], beside: Mapping[str, set[str]]) -> None:
    """Order each row by where its neighbours in the row before, then in the row after, stand."""
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        order = range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)
        for level in order:
            other = rows[level - 1 if forward else level + 1]
            middle = _middles(rows[level], other, beside)
            rows[level].sort(key=lambda node: (middle[node], node))


def _middles(
    row: Sequence[str], other: Sequence[str], beside: Mapping[str, set[str]]
) -> dict[str, float]:
    spot = {node: (place + 0.5) / len(other) for place, node in enumerate(other)}
    own = {node: (place + 0.5) / len(row) for place, node in enumerate(row)}
    found = {}
    for node in row:
        spots = sorted(spot[near] for near in beside[node] if near in spot)
        found[node] = round(sum(spots) / len(spots), 9) if spots else own[node]
    return found


def _placed(rows: Sequence[Sequence[str]], sign: int) -> Places:
    places: Places = {}
    y = 0
    for row in rows:
        folds = -(-len(row) // _MOST_IN_ROW)
        length = -(-len(row) // folds)
        for fold in range(folds):
            part = row[fold * length : (fold + 1) * length]
            for place, node in enumerate(part):
                shift = 2 * place - (len(part) - 1)
                places[node] = (shift * _ACROSS // 2, sign * y)
            y += _FOLD
        y += _DOWN - _FOLD
    first = places[rows[0][0]] if rows else (0, 0)
    return {node: (x - first[0], y - first[1]) for node, (x, y) in places.items()}
