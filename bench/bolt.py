"""A Neo4j server to measure: the one that ``CG_STORE`` names, or one started for the benchmarks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.loading import run_job
from bench.timing import Took, took
from bench.world import World, clear
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.neo4j.importing import Imported
from graph_service.store.open import open_store, write_import

HEAP, CACHE = "2g", "2g"
_PHASE = re.compile(r"^(.*) COMPLETED in (.*)$", re.MULTILINE)
_SPAN = re.compile(r"(\d+)(h|ms|m|s)\b")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_STARTER = [sys.executable, "-m", "tests.support.neo4j_server"]


def home_of(world: World) -> Path:
    """Where a server of ours keeps its data, to be used again by the next run."""
    return world.folder / "neo4j"


def backup_of(world: World) -> Path:
    """The server's store as an embedded one: what it must answer, told by another engine."""
    return world.folder / "neo4j.db"


@contextmanager
def server(world: World, *, new: bool = False) -> Iterator[str]:
    """A server's address, with its credentials in the environment; ``new``: one that is empty."""
    benches = world.folder / "workbenches"
    if new:
        shutil.rmtree(benches, ignore_errors=True)
    os.environ["CG_WORKBENCH_DIR"] = str(benches)
    given = os.environ.get("CG_STORE", "")
    if given.startswith(("bolt", "neo4j")):
        yield given
        return
    if new:
        shutil.rmtree(home_of(world), ignore_errors=True)
    process = subprocess.Popen(
        [*_STARTER, str(home_of(world)), "--port", "0", "--heap", HEAP, "--cache", CACHE],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        said = dict(word.split("=", 1) for word in process.stdout.readline().split())
        if "CG_STORE" not in said:
            raise RuntimeError("no Neo4j server can be had here; name one in CG_STORE")
        address = said.pop("CG_STORE")
        os.environ.update(said)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def loaded(world: World) -> Iterator[tuple[str, Neo4jStore]]:
    """A server that holds the population, and its store."""
    with server(world) as address:
        if not _holds(world, address):
            run_job(world, "load", address, "--folder", str(world.folder / "first"))
        store = opened(world, address)
        try:
            ensure_backup(world, address, store)
            yield address, store
        finally:
            store.close()


def opened(world: World, address: str) -> Neo4jStore:
    """The store on a server."""
    store = open_store(world.settings_at(address), create=True)
    assert isinstance(store, Neo4jStore)
    return store


def _holds(world: World, address: str) -> bool:
    store = opened(world, address)
    try:
        return bool(store.info().relations)
    finally:
        store.close()


def ensure_backup(world: World, address: str, store: Neo4jStore) -> None:
    """Write the server's store as an embedded one, unless that has been done."""
    target = backup_of(world)
    if target.exists():
        with world.opened(target) as kept:
            if kept.info().digest == store.info().digest:
                return
    clear(target)
    run_job(world, "backup", address, "--folder", str(target))


def write_files(world: World, folder: Path) -> Imported:
    """The loaded embedded store as files for the import tool."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return write_import(world.settings(), folder, lambda phase, done, total: None)


def run_import(world: World, made: Imported) -> tuple[Took, dict[str, float]]:
    """The import tool's whole run, into the home that the next cases use, and what it says of its
    own phases, in seconds: the start of Java is in none of them."""
    home = home_of(world)
    shutil.rmtree(home, ignore_errors=True)
    starter = [*_STARTER, str(home), "--heap", HEAP, "--cache", CACHE, "--run"]
    subprocess.run([*starter, "true"], check=True)  # makes the home, with its password
    os.sync()  # putting the files just written on the disk is not the tool's work
    said: list[str] = []
    ran = took(lambda: said.append(subprocess.check_output([*starter, made.command], text=True)))
    clear(backup_of(world))
    shutil.copyfile(world.store, backup_of(world))
    return ran, phases_of(said[0])


def phases_of(said: str) -> dict[str, float]:
    """The import tool's phases and their seconds, by what it said."""
    return {
        name.strip(): sum(float(count) * _SECONDS[unit] for count, unit in _SPAN.findall(span))
        for name, span in _PHASE.findall(said)
    }


def first_opening(world: World) -> Took:
    """What opening an imported server's store takes: constraints and indexes are made with it."""
    with server(world) as address:
        return took(lambda: opened(world, address).close())
