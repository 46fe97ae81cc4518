"""Questions through the Python API: the walk against raw SQL, exposure, search."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from statistics import median

from bench import peers
from bench.generate import AS_OF, star_id
from bench.loading import ensure_loaded
from bench.peers import PartyRow, RelationRow
from bench.timing import (
    Figure,
    Took,
    alternating,
    best_of,
    in_ms,
    plain_spread,
    spread,
    took,
)
from bench.world import SOURCE, World
from graph_service.answers.common import Trace
from graph_service.identity import node_of_key
from graph_service.model import SHARE_SCALE, Budget, Party, Relation
from graph_service.store.derive import OPEN
from graph_service.store.port import Store
from graph_service.store.rank import initials
from graph_service.store.sqlite.tables import KIND_NUMBERS, TYPE_NUMBERS
from queries.ask import Ask
from queries.flags.exposure import exposure
from queries.search import search
from queries.walk.trace import trace

DAY = AS_OF.toordinal()
TYPES = ("LEGAL_REPRESENTATIVE_OF", "SHAREHOLDER_OF", "EXECUTIVE_OF", "GUARANTEES")
DEPTH = 3
PER_PARTY = 100
_ROOTS = 60
_ROUNDS = 5
_SMALL = 100
_NAMES = 60
_UNKNOWN = (-1, -1)


def ask() -> Ask:
    """The options of every question here."""
    return Ask(as_of=DAY, budget=Budget(per_party=PER_PARTY))


def some_parties(store: Store, world: World, count: int, seed: int = 1) -> list[Party]:
    """Parties drawn at random, persons and enterprises as they come."""
    rng, scale = random.Random(seed), world.scale
    ids = [
        f"{SOURCE}:P{rng.randrange(scale.persons):07d}"
        if rng.random() * scale.parties < scale.persons
        else f"{SOURCE}:E{rng.randrange(scale.enterprises):07d}"
        for _ in range(count)
    ]
    found = store.parties(ids)
    return [found[id] for id in ids if id in found]


def walk(store: Store, root: Party) -> Trace:
    """The walk that is measured: three hops, four kinds, as of a day, hubs capped."""
    return trace(store, root, ask(), depth=DEPTH, types=TYPES)


def walks(world: World) -> list[Figure]:
    """The walk against the same in raw SQL, in turn, root by root; equal answers are asserted."""
    ensure_loaded(world)
    with world.opened() as store:
        c = peers.connect(world.store)
        numbers = [TYPE_NUMBERS[name] for name in TYPES]
        ours, theirs, sizes, hubs = [], [], [], 0
        for root in some_parties(store, world, _ROOTS):
            answer = walk(store, root)
            node = node_of_key(root.key)
            assert node is not None
            raw = peers.walk(c, node, DAY, numbers, DEPTH, PER_PARTY)
            assert rows_of(answer) == comparable(raw), f"answers differ for {root.key}"
            sizes.append(float(len(answer.relations)))
            hubs += bool(answer.completeness.hubs)
            pair = alternating(
                partial(walk, store, root),
                partial(peers.walk, c, node, DAY, numbers, DEPTH, PER_PARTY),
                _ROUNDS,
            )
            ours.append(pair[0])
            theirs.append(pair[1])
        c.close()
    detail = {
        "api_ms": spread(ours),
        "raw_sql_ms": spread(theirs),
        "relations": plain_spread(sizes),
        "roots_that_meet_hubs": hubs,
    }
    ratio = median(a.clock / b.clock for a, b in zip(ours, theirs, strict=True))
    ratio_cpu = median(a.cpu for a in ours) / median(b.cpu for b in theirs)
    return [
        Figure("trace", "CPU against raw SQL, p50", ratio_cpu, "×", 3, detail=detail),
        Figure("trace", "clock against raw SQL, p50", ratio, "×"),
        *in_ms("trace", "through the Python API, p50", ours),
        *in_ms("trace", "raw SQL, p50", theirs),
        Figure("trace", "relations in the answer, p50", median(sizes), "rows"),
    ]


def small_roots(store: Store, world: World, count: int) -> list[Party]:
    """Random parties whose walk has between 1 and 100 relations."""
    found = []
    for root in some_parties(store, world, count * 20, seed=2):
        if 0 < len(walk(store, root).relations) <= _SMALL:
            found.append(root)
        if len(found) == count:
            break
    return found


def rows_of(answer: Trace) -> tuple[list[PartyRow], list[RelationRow]]:
    """An answer in the form in which answers are compared."""
    parties = [
        (party.id, KIND_NUMBERS[party.kind], party.name, answer.depths[party.id])
        for party in answer.parties
    ]
    return parties, [_row_of(relation) for relation in answer.relations]


def _row_of(r: Relation) -> RelationRow:
    low, high = _UNKNOWN
    if r.share_min is not None and r.share_max is not None:
        low, high = _units(r.share_min), _units(r.share_max)
    (source,) = r.sources
    days = (r.since or 0, r.until or 0, r.ended)
    told = (r.title, None if r.votes is None else str(r.votes))
    return (r.id, r.type, r.from_id, r.to_id, r.role or "", *days, low, high, *told, *source)


def _units(share: Decimal) -> int:
    return int(share * SHARE_SCALE)


def comparable(
    raw: tuple[list[PartyRow], list[RelationRow]],
) -> tuple[list[PartyRow], list[RelationRow]]:
    """The peer's rows in the same form."""
    return raw[0], [_raw_row(row) for row in raw[1]]


def _raw_row(row: RelationRow) -> RelationRow:
    id, type_, start, end, role, since, until, ended, low, high, values, *place = row
    told = json.loads(values)
    title = told.get("title") or (told.get("role") if not role else None)
    return (
        id, type_, start, end, role, since, 0 if until >= OPEN else until, bool(ended), low, high,
        title, told.get("votes"), *place,
    )  # fmt: skip


def exposures(world: World) -> list[Figure]:
    """Everything flagged because of a listed person with 200 ties."""
    ensure_loaded(world)
    with world.opened() as store:
        ids = [f"{SOURCE}:{star_id(world.scale, n)}" for n in range(world.scale.stars)]
        stars = list(store.parties(ids).values())
        plain = Ask(as_of=DAY)
        flags = [float(len(exposure(store, star, plain).flags)) for star in stars]
        times = [best_of(partial(exposure, store, star, plain), _ROUNDS) for star in stars]
    detail = {"ms": spread(times), "flags": plain_spread(flags)}
    return [
        *in_ms("exposure", "listed person with 200 ties, p50", times, 20, detail),
        Figure("exposure", "flags in the answer, p50", median(flags), "flags"),
    ]


def searches(world: World) -> list[Figure]:
    """Names as people type them: whole, two characters, a part, initials, codes."""
    ensure_loaded(world)
    with world.opened() as store:
        parties = some_parties(store, world, _NAMES * 6, seed=3)
        firms = [p for p in parties if p.kind == "Enterprise"][:_NAMES]
        persons = [p for p in parties if p.kind == "Person"][:_NAMES]
        kinds: dict[str, list[str]] = {
            "full names of enterprises": [p.name for p in firms],
            "names of persons": [p.name for p in persons],
            "two characters": [p.name[:2] for p in persons],
            "parts of names": [p.name[3:7] for p in firms],
            "common words": ["科技", "有限公司", "示例市", "投资有限", "建设"],
            "pinyin initials": [initials(p.name)[:6] for p in (*firms[:30], *persons[:30])],
            "codes": [p.id.removeprefix("uscc:") for p in firms],
        }
        timed = {
            kind: [took(partial(search, store, text)) for text in texts if text]
            for kind, texts in kinds.items()
        }
    everything = [one for times in timed.values() for one in times]
    return [
        figure
        for kind, times in (("everything", everything), *timed.items())
        for figure in _search_figures(kind, times)
    ]


def _search_figures(kind: str, times: Sequence[Took]) -> list[Figure]:
    found = spread(times)
    cpu = spread([Took(one.cpu, one.cpu) for one in times])["p95"]
    return [
        Figure("search", f"{kind}, p95", found["p95"], "ms", 50, detail=found),
        Figure("search", f"{kind}, p95 of CPU", cpu, "ms"),
    ]
