"""Work that is measured in a process of its own: one order in, one JSON line out.

``python -m bench.job load|forget|backup|flag-all|forest|rings|groups|diff|parse …``. A process of
its own has its own memory to watch, and starts as a user's run does.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.generate import AS_OF
from bench.world import settings_of
from graph_service.identity import load_id_key
from graph_service.model import Budget
from graph_service.store.open import open_store
from graph_service.store.port import Store
from loaders.frames import put
from loaders.load import find_files, load
from loaders.parse import Parser
from queries.ask import Ask
from queries.changes.diff import diff_stream
from queries.control.forest import Arrays
from queries.control.groups import groups
from queries.control.growing import control_forest
from queries.control.rings import rings
from queries.flags.population import flag_stream

_SHOWN = 1_000  # of the rings and groups, all of which are counted


class Phases:
    """How long each phase of a write took, from the progress that the store reports.

    ``seconds`` on the clock, ``cpu`` of this process alone: on a shared machine the second is what
    can be compared.
    """

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self._name = "start"
        self._since = (self.begun, time.process_time())
        self.seconds: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase != self._name:
            self.end(phase)

    def end(self, phase: str = "") -> None:
        """Close the phase that runs, and begin the next."""
        now = (time.perf_counter(), time.process_time())
        for kept, new, old in zip((self.seconds, self.cpu), now, self._since, strict=True):
            kept[self._name] = round(kept.get(self._name, 0.0) + new - old, 3)
        self._name, self._since = phase, now


def main(argv: Sequence[str]) -> int:
    """Do the job and print what it took."""
    parser = argparse.ArgumentParser(prog="bench.job")
    parser.add_argument("job", choices=sorted(_JOBS))
    parser.add_argument("--store", required=True, help="a path, or a server with CG_STORE_USER …")
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--source", default="registry")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--keep", type=int, help="the load whose statements are not forgotten")
    parser.add_argument("--profile", type=Path, help="write the most expensive functions here")
    order = parser.parse_args(argv)
    work: Callable[[], dict[str, Any]] = lambda: _JOBS[order.job](order)  # noqa: E731
    found = work() if order.profile is None else _profiled(work, order.profile)
    own = resource.getrusage(resource.RUSAGE_SELF)
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["cpu"] = {
        "own": round(own.ru_utime + own.ru_stime, 2),
        "child": round(child.ru_utime + child.ru_stime, 2),
    }
    print(json.dumps(found, ensure_ascii=False))
    return 0


def _load(order: argparse.Namespace) -> dict[str, Any]:
    settings = settings_of(order.store, order.key)
    store = open_store(settings, create=True)
    phases = Phases()
    assert hasattr(store, "progress")
    store.progress = phases
    try:
        report = load(store, settings, [order.folder], source=order.source)
    finally:
        phases.end()
        store.close()
    rows = report["rows"].values()
    counted = {name: sum(row[name] for row in rows) for name in ("read", "rejected", "unchanged")}
    return {
        "seconds": round(time.perf_counter() - phases.begun, 3),
        "phases": phases.seconds,
        "phases_cpu": phases.cpu,
        "rejected_by_rule": report["rejected_by_rule"],
        "warnings_by_rule": report["warnings_by_rule"],
        "store_mb": _size_mb(order.store),
        **counted,
    }


def _size_mb(store: str) -> float | None:
    path = Path(store)
    return round(path.stat().st_size / 1e6, 1) if path.exists() else None


def _forget(order: argparse.Namespace) -> dict[str, Any]:
    store = open_store(settings_of(order.store, order.key))
    begun = time.perf_counter()
    try:
        return {
            "gone": store.forget(order.source, order.keep),
            "seconds": time.perf_counter() - begun,
        }
    finally:
        store.close()


def _backup(order: argparse.Namespace) -> dict[str, Any]:
    """On a machine without a workbench it fills one from the server first."""
    store = open_store(settings_of(order.store, order.key))
    begun = time.perf_counter()
    try:
        store.backup(str(order.folder))
        return {"seconds": round(time.perf_counter() - begun, 3), "digest": store.info().digest}
    finally:
        store.close()


def _flag_all(order: argparse.Namespace) -> dict[str, Any]:
    settings = settings_of(order.store, order.key)
    store = open_store(settings)
    begun = time.perf_counter()
    counts: dict[str, int] = {}
    first = 0.0
    ask = Ask(as_of=AS_OF.toordinal(), budget=Budget(seconds=600.0))
    for flag in flag_stream(store, ask):
        first = first or time.perf_counter() - begun
        counts[flag.grade] = counts.get(flag.grade, 0) + 1
    seconds = time.perf_counter() - begun
    store.close()
    return {"seconds": round(seconds, 3), "first_flag": round(first, 3), "counts": counts}


def _forest(order: argparse.Namespace) -> dict[str, Any]:
    """The control of everybody in arrays that a file holds; the store is that file."""
    with np.load(order.store) as held:
        arrays = Arrays(int(held["size"]), held["holder"], held["issuer"], held["share"])
    begun = time.perf_counter()
    made = control_forest(arrays)
    seconds = round(time.perf_counter() - begun, 3)
    return {"seconds": seconds, "controlled": int((made.nearest >= 0).sum())}


def _rings(order: argparse.Namespace) -> dict[str, Any]:
    return _timed(order, lambda store: {"found": rings(store, _whole(), limit=_SHOWN).total})


def _groups(order: argparse.Namespace) -> dict[str, Any]:
    return _timed(order, lambda store: {"found": groups(store, _whole(), limit=_SHOWN).total})


def _diff(order: argparse.Namespace) -> dict[str, Any]:
    def work(store: Store) -> dict[str, Any]:
        changes = diff_stream(store, _whole(), _whole().as_of - 365)
        counts = Counter(f"{change.what} {change.change}" for change in changes)
        return {"found": counts.total(), "counts": dict(sorted(counts.items()))}

    return _timed(order, work)


def _whole() -> Ask:
    return Ask(as_of=AS_OF.toordinal(), budget=Budget(seconds=600.0))


def _timed(order: argparse.Namespace, work: Callable[[Store], dict[str, Any]]) -> dict[str, Any]:
    """What a question about the whole population found, and how long it took."""
    store = open_store(settings_of(order.store, order.key))
    begun = time.perf_counter()
    try:
        return {**work(store), "seconds": round(time.perf_counter() - begun, 3)}
    finally:
        store.close()


def _parse(order: argparse.Namespace) -> dict[str, Any]:
    """What the child process does in a load, here, so that it can be profiled."""
    settings = settings_of(order.store, order.key)
    begun = time.perf_counter()
    with Path("/dev/null").open("wb") as nowhere:
        parser = Parser(
            load_id_key(settings), date.today(), None, lambda frame: put(nowhere, frame)
        )
        for task in find_files([order.folder], order.source, None)[0]:
            parser.file(task)
    return {
        "seconds": round(time.perf_counter() - begun, 3),
        "read": sum(parser.counts.read.values()),
    }


_JOBS = {
    "load": _load,
    "forget": _forget,
    "backup": _backup,
    "flag-all": _flag_all,
    "forest": _forest,
    "rings": _rings,
    "groups": _groups,
    "diff": _diff,
    "parse": _parse,
}


def _profiled(work: Callable[[], dict[str, Any]], target: Path) -> dict[str, Any]:
    profile = cProfile.Profile(time.process_time)  # the machine may be busy with other work
    found = profile.runcall(work)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(25)
    target.write_text(text.getvalue(), encoding="utf-8")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
