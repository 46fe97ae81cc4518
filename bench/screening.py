"""Bidders of a tender: all pairs at once against a loop over pairs, and long lists row by row."""

from __future__ import annotations

import os
import random
from functools import partial

from bench.asking import DAY, some_parties
from bench.loading import ensure_loaded
from bench.memory import Watch
from bench.timing import Figure, middle, took
from bench.world import World
from graph_service.bids import Bid
from graph_service.model import ENTERPRISE, Budget, Party
from graph_service.store.port import Store
from queries.ask import Ask, asking
from queries.tender.balls import K, ties
from queries.tender.screen import screen
from queries.walk.paths import paths

_TOGETHER = 1_000  # bidders of one lot
_SINGLY = 10_000  # rows, each the only bidder of its lot
_SAMPLE = 40  # pairs of the loop that are really run
_LONG = Budget(seconds=3600)


def screenings(world: World) -> list[Figure]:
    """All pairs of 1,000 bidders within four hops, the whole screening of them, 10,000 rows."""
    ensure_loaded(world)
    with world.opened() as store, Watch(os.getpid()) as watch:
        firms = [p for p in some_parties(store, world, 30_000, seed=5) if p.kind == ENTERPRISE]
        firms = list({firm.id: firm for firm in firms}.values())
        lot, singly = firms[:_TOGETHER], firms[:_SINGLY]
        figures = _all_pairs(store, lot)
        whole = took(partial(_screen, store, lot, one_lot=True))
        rows = took(partial(_screen, store, singly, one_lot=False))
    figures += [
        Figure("screen", f"{len(lot):,} bidders, every check", whole.clock, "s", 10),
        Figure("screen", f"{len(lot):,} bidders, every check: CPU", whole.cpu, "s"),
        Figure("screen", f"{len(singly):,} rows singly", rows.clock, "s", 60),
        Figure("screen", f"{len(singly):,} rows singly: CPU", rows.cpu, "s"),
        Figure("screen", "peak memory", watch.peaks.together, "MB", 600),
    ]
    return figures


def _ask() -> Ask:
    return Ask(as_of=DAY, budget=_LONG)


def _all_pairs(store: Store, lot: list[Party]) -> list[Figure]:
    """One ball per party and their intersections, against shortest paths pair by pair."""
    tied: dict[tuple[str, str], int] = {}
    ids = [firm.id for firm in lot]

    def at_once() -> None:
        with asking(store, _ask()) as question:
            found = ties(question, ids, K)
            tied.clear()
            tied.update(found.tied(ids))

    ours = took(at_once)
    rng = random.Random(7)
    pairs = [tuple(rng.sample(lot, 2)) for _ in range(_SAMPLE)]
    times = [took(partial(paths, store, a, b, _ask(), k=K)) for a, b in pairs]
    count = len(lot) * (len(lot) - 1) // 2
    loop = middle(times).clock * count
    detail = {"pairs": count, "tied": len(tied), "sampled": len(pairs), "loop_seconds": loop}
    return [
        Figure(
            "screen", f"all pairs of {len(lot):,} within {K} hops", ours.clock, "s", detail=detail
        ),
        Figure("screen", "the loop over pairs against it", loop / ours.clock, "×", 100, "at least"),
    ]


def _screen(store: Store, firms: list[Party], *, one_lot: bool) -> None:
    rows = [
        Bid(row=number, bidder=firm.id, lot="1" if one_lot else str(number))
        for number, firm in enumerate(firms, 2)
    ]
    screen(store, rows, [], _ask())
