"""Ownership and control: owners in a large component, one holder's control, everybody's control."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import numpy as np

from bench.asking import DAY, some_parties
from bench.loading import ensure_loaded, run_job
from bench.timing import Figure, alternating, best_of, in_ms, percentile, spread, took
from bench.world import World, clear
from graph_service.identity import load_id_key
from graph_service.model import Budget
from graph_service.store.open import open_store
from loaders.load import load
from queries.ask import Ask
from queries.control.control import controlled
from queries.control.forest import Arrays
from queries.control.growing import control_forest
from queries.ownership.holdings import owners
from queries.stakes import ONE

COMPANIES = 10_000
_HOLDERS = 400
_SOURCE = "component"


def component_rows(companies: int, seed: int) -> tuple[list[str], list[str]]:
    """Rows of companies that all own each other through a ring and random stakes, each with a
    natural person outside; and the companies' own rows."""
    dice = random.Random(seed)
    stakes = []
    for number in range(companies):
        stakes.append(f"C{number},C{(number + 1) % companies},enterprise,{dice.randint(5, 40)}%")
        others = sorted({dice.randrange(companies) for _ in range(2)} - {number, number - 1})
        stakes += [f"C{other},C{number},enterprise,{dice.randint(1, 12)}%" for other in others]
        stakes.append(f"人{number},C{number},person,{dice.randint(5, 30)}%")
    return [f"C{number},成分{number}有限公司" for number in range(companies)], stakes


def write_component(folder: Path, companies: int = COMPANIES, seed: int = 1) -> Path:
    """The component as canonical tables in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    firms, stakes = component_rows(companies, seed)
    people = [f"人{number},自然人{number}" for number in range(companies)]
    for name, header, rows in (
        ("enterprises", "id,name", firms),
        ("persons", "id,name", people),
        ("shareholders", "holder,enterprise,holder_kind,share", stakes),
    ):
        text = "\n".join([header, *rows]) + "\n"
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def ask() -> Ask:
    """The options of every question here."""
    return Ask(as_of=DAY, budget=Budget(seconds=120.0))


def in_a_component(world: World) -> list[Figure]:
    """``owners`` of one company of a component of 10,000 that own each other."""
    place = world.folder / "component.db"
    clear(place)
    settings = world.settings(place)
    store = open_store(settings, create=True)
    try:
        folder = write_component(world.folder / "component")
        load(store, settings, [folder], source=_SOURCE, key=load_id_key(settings), who="bench")
        party = store.parties([f"{_SOURCE}:C0"])[f"{_SOURCE}:C0"]
        answer = owners(store, party, ask())
        known = sum(line.integrated is not None for line in answer.holdings)
        time = best_of(lambda: owners(store, party, ask()), 3)
    finally:
        store.close()
    detail = {"owners": len(answer.holdings), "figures": known, "cpu": round(time.cpu, 3)}
    what = f"owners in a component of {COMPANIES:,}"
    return [Figure("owners", what, time.clock, "s", 2.0, detail=detail)]


def of_one_holder(world: World) -> list[Figure]:
    """``controlled`` of holders drawn at random."""
    ensure_loaded(world)
    with world.opened() as store:
        parties = some_parties(store, world, _HOLDERS, seed=7)
        for party in parties[:20]:
            controlled(store, party, ask())
        times = [took(partial(controlled, store, party, ask())) for party in parties]
    late = percentile([time.clock * 1000 for time in times], 0.99)
    return [
        *in_ms("controlled", "controlled of one holder, p50", times, 2.0, spread(times)),
        Figure("controlled", "controlled of one holder, p99", late, "ms", 50.0),
    ]


def scale_free(size: int, seed: int = 1) -> Arrays:
    """As many stakes as parties: few own much of what there is, companies own each other, and no
    company is held above the whole; one component of cross-holdings is large."""
    dice = np.random.default_rng(seed)
    companies = size // 3
    issuer = np.sort(dice.integers(0, companies, size))
    rank = (companies * dice.random(size) ** 3).astype(np.int64)  # few are drawn often
    holder = np.where(dice.random(size) < 0.75, rank, dice.integers(companies, size, size))
    kept = np.unique(issuer * size + holder)
    issuer, holder = kept // size, kept % size
    issuer, holder = issuer[issuer != holder], holder[issuer != holder]
    part = dice.random(issuer.size) ** 2
    whole = np.bincount(issuer, part, size)[issuer]
    share = np.floor(part / whole * 10_000).astype(np.int64) * (ONE // 10_000)
    return Arrays(size, holder, issuer, share)


def of_all(world: World) -> list[Figure]:
    """The control forest of everybody against scipy's strongly connected components of the same
    arrays, in turn."""
    try:
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components
    except ImportError as error:
        raise RuntimeError("scipy is not installed: the extra for tests brings it") from error
    arrays = scale_free(world.scale.relations)

    def peer() -> int:
        ones = np.ones(arrays.holder.size, np.int8)
        shape = (arrays.size, arrays.size)
        graph = coo_matrix((ones, (arrays.holder, arrays.issuer)), shape=shape).tocsr()
        return int(connected_components(graph, connection="strong")[0])

    forest, theirs = alternating(partial(control_forest, arrays), peer, 3)
    made = control_forest(arrays)
    place = world.folder / "forest.npz"
    size = np.int64(arrays.size)
    np.savez(place, size=size, holder=arrays.holder, issuer=arrays.issuer, share=arrays.share)
    alone = run_job(world, "forest", place)
    place.unlink()
    detail = {
        "stakes": int(arrays.holder.size),
        "controlled": int((made.nearest >= 0).sum()),
        "jointly": int(made.joint.sum()),
        "cpu": round(forest.cpu, 2),
        "scipy": round(theirs.clock, 2),
        "alone": alone,
    }
    peak = alone["peaks_mb"]["own"]  # its high-water mark, with the arrays and the interpreter
    ratio = forest.clock / theirs.clock
    return [
        Figure("forest", f"control forest of {arrays.size:,}", forest.clock, "s", detail=detail),
        Figure("forest", "control forest over scipy's components", ratio, "×", 4.0),
        Figure("forest", "peak memory of a process that makes it", peak, "MB", 1_500),
    ]
