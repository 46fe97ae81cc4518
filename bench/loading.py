"""Loading: the first load, an increment onto it, and the same again; rows per second and memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.memory import Watch
from bench.peers import raw_load
from bench.timing import Figure, took
from bench.world import SOURCE, World, clear


def start_job(world: World, job: str, store: Path | str, *more: str) -> subprocess.Popen[str]:
    """One job in a process of its own (see ``bench.job``); it prints one line of JSON."""
    order = ["--store", str(store), "--key", str(world.key), "--source", SOURCE, *more]
    return subprocess.Popen(
        [sys.executable, "-m", "bench.job", job, *order], stdout=subprocess.PIPE, text=True
    )


def run_job(world: World, job: str, store: Path | str, *more: str) -> dict[str, Any]:
    """A job from start to end, with its peaks of memory."""
    process = start_job(world, job, store, *more)
    with Watch(process.pid) as watch:
        out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"bench.job {job} ended with {process.returncode}")
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return {**found, "peaks_mb": watch.peaks.as_dict()}


def ensure_loaded(world: World) -> None:
    """Load the population when that has not been done."""
    if not world.store.exists():
        first_load(world)


def first_load(world: World) -> list[Figure]:
    """Canonical CSV into a new store, and, for the machine's pace, into bare tables."""
    clear(world.store)
    files = sorted((world.folder / "first").glob("*.csv"))
    bare = world.folder / "bare.db"
    clear(bare)
    counted: list[int] = []
    pace = took(lambda: counted.append(raw_load(files, bare)))
    clear(bare)
    scratch = world.folder / "loading.db"
    clear(scratch)
    found = run_job(world, "load", scratch, "--folder", str(world.folder / "first"))
    scratch.rename(world.store)
    for ending in ("-wal", "-shm"):
        scratch.with_name(scratch.name + ending).unlink(missing_ok=True)
    return [
        Figure("load", "first load", _rate(found), "rows/s", 40_000, "at least", found),
        Figure("load", "rows per CPU second of the writer", _per_cpu(found, "own"), "rows/s"),
        Figure("load", "rows per CPU second of the parser", _per_cpu(found, "child"), "rows/s"),
        Figure("load", "bare inserts of the same rows", counted[0] / pace.clock, "rows/s"),
        Figure("load", "time against bare inserts", found["seconds"] / pace.clock, "×"),
        *_memory("load", found),
    ]


def _rate(found: dict[str, Any]) -> float:
    return float(found["read"]) / float(found["seconds"])


def _memory(case: str, found: dict[str, Any], what: str = "") -> list[Figure]:
    """The peak that counts (memory that nobody can take back), and with mapped file pages."""
    peaks = found["peaks_mb"]
    return [
        Figure(case, f"{what}peak memory, both processes", peaks["together"], "MB", 500),
        Figure(case, f"{what}with mapped pages of the store", peaks["resident"], "MB"),
    ]


def _per_cpu(found: dict[str, Any], which: str) -> float:
    return float(found["read"]) / max(0.01, float(found["cpu"][which]))


def increment(world: World) -> list[Figure]:
    """More rows onto the loaded store, then the same rows again."""
    ensure_loaded(world)
    store = world.folder / "more.db"
    clear(store)
    shutil.copyfile(world.store, store)
    folder = str(world.folder / "more")
    more = run_job(world, "load", store, "--folder", folder)
    again = run_job(world, "load", store, "--folder", folder)
    clear(store)
    if again["unchanged"] != again["read"]:
        raise RuntimeError(f"{again['unchanged']} of {again['read']} rows were unchanged")
    return [
        *_increment("increment", more),
        *_increment("same increment again", again, bar=None),
    ]


def _increment(what: str, found: dict[str, Any], bar: float | None = 15_000) -> list[Figure]:
    per_cpu = _per_cpu(found, "own")
    return [
        Figure("increment", what, _rate(found), "rows/s", bar, "at least", found),
        Figure("increment", f"{what}: rows per CPU second of the writer", per_cpu, "rows/s"),
        *_memory("increment", found, f"{what}: "),
    ]


def reload(world: World) -> list[Figure]:
    """The whole population once more: everything unchanged."""
    ensure_loaded(world)
    store = world.folder / "again.db"
    clear(store)
    shutil.copyfile(world.store, store)
    found = run_job(world, "load", store, "--folder", str(world.folder / "first"))
    clear(store)
    if found["unchanged"] != found["read"]:
        raise RuntimeError(f"{found['unchanged']} of {found['read']} rows were unchanged")
    return [
        Figure("reload", "everything again", _rate(found), "rows/s", None, "at least", found),
        *_memory("reload", found),
    ]


def flag_all(world: World) -> list[Figure]:
    """Every flag of the population, streamed, in a process of its own."""
    ensure_loaded(world)
    found = run_job(world, "flag-all", world.store)
    total = sum(found["counts"].values())
    what = f"{total:,} flags, streamed"
    return [
        Figure("flag-all", what, found["seconds"], "s", 60, detail=found),
        Figure("flag-all", "CPU", found["cpu"]["own"], "s"),
        Figure("flag-all", "peak memory", found["peaks_mb"]["together"], "MB"),
    ]


def profile(world: World, folder: Path) -> Sequence[Path]:
    """Profiles of the writer and of the parser over the population, as text files."""
    targets = [folder / "writer.txt", folder / "parser.txt"]
    scratch = world.folder / "profile.db"
    files = ("--folder", str(world.folder / "first"))
    for job, target in zip(("load", "parse"), targets, strict=True):
        clear(scratch)
        run_job(world, job, scratch, *files, "--profile", str(target))
    clear(scratch)
    return targets
