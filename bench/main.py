"""The benchmarks' one command: make the files, run the cases, print a table and JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import (
    asking,
    console,
    crowd,
    drawing,
    graphs,
    loading,
    owning,
    population,
    screening,
    service,
)
from bench.generate import Scale, generate
from bench.timing import Figure, best_of, table, took
from bench.world import World

CASES: dict[str, Callable[[World], list[Figure]]] = {
    "load": loading.first_load,
    "increment": loading.increment,
    "reload": loading.reload,
    "trace": asking.walks,
    "http": service.over_http,
    "exposure": asking.exposures,
    "screen": screening.screenings,
    "flag-all": loading.flag_all,
    "rings": population.rings,
    "groups": population.groups,
    "diff": population.diff,
    "search": asking.searches,
    "owners": owning.in_a_component,
    "controlled": owning.of_one_holder,
    "picture": drawing.pictures,
    "console": console.in_a_browser,
    "forest": owning.of_all,
    "help": service.startup,
    "neo4j-import": graphs.imports,
    "neo4j-load": graphs.load,
    "neo4j-trace": graphs.walks,
    "neo4j-soak": crowd.crowd,
}
_ONLY_WHEN_NAMED = ("neo4j-", "console")  # they need a server, or a browser

_PACE = 500_000


def main(argv: Sequence[str]) -> int:
    """Run the benchmarks; 0 when all ran (kept bars or not), 1 when a case failed."""
    order = _parser().parse_args(argv)
    scale = Scale(order.parties, order.relations or 4 * order.parties, order.seed)
    base = order.dir or Path(tempfile.gettempdir()) / "credit-graph-bench"
    world = World(base / f"{scale.parties}-{scale.relations}-{scale.seed}", scale)
    world.prepare()
    made: list[dict[str, int]] = []
    seconds = took(lambda: made.append(generate(world.folder, scale))).clock
    _say(f"{sum(made[0].values()):,} rows in {world.folder} ({seconds:.1f} s)")
    if order.profile is not None:
        order.profile.mkdir(parents=True, exist_ok=True)
        for target in loading.profile(world, order.profile):
            _say(f"profile: {target}")
        return 0
    usual = [case for case in CASES if not case.startswith(_ONLY_WHEN_NAMED)]
    return _run(world, order.cases or usual, order.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="credit-graph bench", description="Benchmarks: rows per second, ratios, latencies."
    )
    parser.add_argument("cases", nargs="*", metavar="case", help=f"any of: {', '.join(CASES)}")
    parser.add_argument("--parties", type=int, default=1_000_000)
    parser.add_argument("--relations", type=int, help="default: four times the parties")
    parser.add_argument("--seed", type=int, default=Scale().seed)
    parser.add_argument("--dir", type=Path, help="where generated files and stores are kept")
    parser.add_argument("--out", type=Path, help="write the figures to this file too")
    parser.add_argument(
        "--profile", type=Path, metavar="FOLDER", help="profile a load instead of measuring"
    )
    return parser


def _run(world: World, cases: Sequence[str], target: Path | None) -> int:
    unknown = [case for case in cases if case not in CASES]
    if unknown:
        _say(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}")
        return 2
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    machine = _machine()
    for case in sorted(cases, key=list(CASES).index):
        _say(f"{case} …")
        try:
            figures += CASES[case](world)
        except (AssertionError, RuntimeError, OSError) as error:
            failed[case] = str(error) or type(error).__name__
            _say(f"{case} failed: {failed[case]}")
    document = {
        **machine,
        "parties": world.scale.parties,
        "relations": world.scale.relations,
        "figures": [figure.as_dict() for figure in figures],
        "failed": failed,
    }
    _say(table(figures))
    print(json.dumps(document, ensure_ascii=False))
    if target is not None:
        target.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return 1 if failed else 0


def _machine() -> dict[str, Any]:
    """What the figures depend on: cores, versions, and how busy the machine is.

    ``pace_ms``: a fixed piece of plain Python, on the clock and of CPU; its clock stands far above
    its CPU where other work takes the cores.
    """
    pace = best_of(lambda: sum(number * number for number in range(_PACE)), 5)
    return {
        "pace_ms": [round(pace.clock * 1000, 1), round(pace.cpu * 1000, 1)],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "cores": os.cpu_count(),
        "busy": [round(load, 2) for load in os.getloadavg()],
    }


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
