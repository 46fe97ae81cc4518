"""Pictures: places for 200, 1,000 and 2,000 parties, the single-file page, the printed workbook."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.timing import Figure, best_of
from bench.world import World
from viz.layout import places
from viz.page import MOST_DRAWN, page
from viz.report.sheet import workbook
from viz.stamp import Stamp
from viz.view import view_of

BARS: dict[int, float | None] = {200: 300.0, 1_000: 2_000.0, 2_000: None}  # milliseconds
ROWS = 5_000


def planted(count: int, seed: int = 1) -> list[tuple[int, int]]:
    """Ties of a picture: a tree in which every third party hangs on the first, and a third more."""
    dice = random.Random(seed)
    tree = [(dice.randrange(n) if n % 3 else 0, n) for n in range(1, count)]
    return tree + [(dice.randrange(count), dice.randrange(count)) for _ in range(count // 3)]


def walked(count: int) -> dict[str, Any]:
    """The answer of a walk over such ties."""
    parties = [
        {"id": f"n{n}", "name": f"示例{n}有限公司", "kind": "Enterprise"} for n in range(count)
    ]
    unknown = dict.fromkeys(("role", "share", "share_min", "share_max", "since", "until"))
    beside = {"former": False, "parallel": [], "sources": []}
    return {
        "as_of": "2026-01-01",
        "data_version": "0" * 16,
        "completeness": {"status": "complete", "depth": 9, "hubs": [], "missing": []},
        "root": parties[0],
        "parties": [{**party, "depth": int(n > 0)} for n, party in enumerate(parties)],
        "relations": [
            {"id": f"r{n}", "type": "SHAREHOLDER_OF", **unknown, **beside}
            | {"from": parties[start], "to": parties[end]}
            for n, (start, end) in enumerate(planted(count))
        ],
    }


def pictures(_world: World) -> list[Figure]:
    """Each on the clock, and of CPU."""
    figures: list[Figure] = []
    for count, bar in BARS.items():
        ties = [(f"n{start}", f"n{end}") for start, end in planted(count)]
        names = [f"n{n}" for n in range(count)]
        figures += _timed(f"places of {count:,}", partial(places, names, ties, ["n0"]), bar)
    view, stamp = view_of(walked(MOST_DRAWN)), Stamp("bench")
    figures += _timed(f"page of {MOST_DRAWN}", partial(page, view, stamp, "zh"), 1_000.0)
    large = view_of(walked(ROWS))
    figures += _timed(f"workbook of {ROWS:,}", partial(workbook, large, stamp, "zh"), None)
    return figures


def _timed(what: str, work: Callable[[], object], bar: float | None) -> list[Figure]:
    found = best_of(work, 3)
    return [
        Figure("picture", what, found.clock * 1000, "ms", bar),
        Figure("picture", f"{what}: CPU", found.cpu * 1000, "ms"),
    ]
