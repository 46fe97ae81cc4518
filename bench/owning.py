"""Ownership and control: owners in a large component, one holder's control, everybody's control."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

from bench.asking import DAY, some_parties
from bench.loading import ensure_loaded
from bench.timing import Figure, best_of, in_ms, percentile, spread, took
from bench.world import World, clear
from graph_service.identity import load_id_key
from graph_service.model import Budget
from graph_service.store.open import open_store
from loaders.load import load
from queries.ask import Ask
from queries.control import controlled
from queries.holdings import owners

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
