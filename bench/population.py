"""Questions about the whole population that end in one answer: rings, groups, what changed.

Each in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

from functools import partial

from bench.loading import ensure_loaded, run_job
from bench.timing import Figure
from bench.world import World

_SAID = {"rings": "rings", "groups": "groups", "diff": "changes within a year"}


def measured(question: str, world: World) -> list[Figure]:
    """One question of all parties: time, CPU and memory; ``rings``, ``groups`` or ``diff``."""
    ensure_loaded(world)
    found = run_job(world, question, world.store)
    what = f"{found['found']:,} {_SAID[question]}"
    return [
        Figure(question, what, found["seconds"], "s", detail=found),
        Figure(question, "CPU", found["cpu"]["own"], "s"),
        Figure(question, "peak memory", found["peaks_mb"]["together"], "MB", 1_500),
    ]


rings = partial(measured, "rings")
groups = partial(measured, "groups")
diff = partial(measured, "diff")
