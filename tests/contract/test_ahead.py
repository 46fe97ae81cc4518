"""What a scope said it would ask is a hint: every answer is the one without it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle

from graph_service.model import Expansion, RelationFilter
from graph_service.store.port import Ahead, Store
from tests.contract.asking import one, ties, wanted
from tests.contract.test_reading import NEW, OLD, reader
from tests.support.facts import TODAY, put
from tests.support.numbers import uscc
from tests.support.proof import times
from tests.support.rows import Tables, enterprise, person, post, same, stake
from tests.twins.worlds import tables_of

HOPS = 4
FILTERS = [
    wanted(),
    wanted(as_of="2019-06-01"),
    wanted(back_to="2015-01-01"),
    wanted(direction="out"),
    wanted(direction="in", min_share="0.3"),
    wanted("SHAREHOLDER_OF", "RELATIVE_OF", known_only=True, min_share="0.2"),
    wanted(sources=["sw"]),
]


def walked(store: Store, root: str, only: RelationFilter, cap: int) -> Iterator[Expansion]:
    """Hop by hop as a walk asks: all of a frontier, and some of it."""
    frontier, seen = [root], {root}
    for _ in range(HOPS):
        found = store.expand(frontier, only, cap)
        yield found
        yield store.expand(sorted(frontier)[::2], only, cap)
        ends = chain.from_iterable((r.from_id, r.to_id) for r in found.relations)
        held = (r.attributes.get("nominee_for", r.from_id) for r in found.relations)
        frontier = sorted({*ends, *held} - seen)
        seen.update(frontier)
    yield store.expand([root], only, cap + 1)
    yield store.expand([root], only)


def told(store: Store, root: str, only: RelationFilter, cap: int) -> list[object]:
    """All that a walk is told, in order."""
    found = list(walked(store, root, only, cap))
    ids = {end for hop in found for r in hop.relations for end in (r.from_id, r.to_id)} | {root}
    return [
        [(hop.relations, list(hop.cut.items())) for hop in found],
        store.parties(ids),
        store.parties([root, "gs:nobody"]),
        store.parties([root], records=True),
        store.quarantined(),
        store.rejected(naming=[root]),
        store.info(),
    ]


def ahead(store: Store, root: str, only: RelationFilter, cap: int, hops: int) -> list[object]:
    """The same in a scope that was told what comes."""
    with store.reading(Ahead((root,), only, cap, hops)):
        info = store.info()
        found = told(store, root, only, cap)
        assert found[-1] == info
        return found


def town() -> Tables:
    """A hub, stakes held for others, a ring, a self-holding, a code, a joined person."""
    firms = [enterprise(f"e{n}", f"星河{n}公司") for n in range(8)]
    return {
        "enterprises": [*firms, enterprise("c", "䶮科技", uscc=uscc(1))],
        "persons": [person("p", "王伟"), person("q", "𠮷田"), person("w", "李雷")],
        "executives": [post(f"e{n}", "p", since=f"201{n}-01-01") for n in range(8)],
        "shareholders": [
            stake("e0", "q", "0.4", nominee_for="w"),
            stake("e1", "e0", "0.5"),
            stake("e0", "e1", "0.5"),
            stake("e2", "e2", "0.1"),
            stake("e3", "q"),
            stake("c", "e3", "0.6", until="2020-01-01"),
        ],
    }


def test_a_walk_is_told_the_same(store: Store) -> None:
    put(store, "gs", town())
    put(store, "sw", {"shareholders": [stake("gs:e1", "gs:e0", "0.5"), stake("gs:e3", "gs:q")]})
    put(store, "审核", {"same_as": [same("gs:p", "gs:q")]})
    hops = cycle((3, 1, 0, 9))
    caps = cycle((2, 500, 2))
    for turn, root in enumerate(("gs:p", "gs:w", "gs:e0", f"uscc:{uscc(1)}")):
        shown = one(store, root).id
        for only, many, cap in zip(FILTERS[turn % 2 :: 2], hops, caps, strict=False):
            assert ahead(store, shown, only, cap, many) == told(store, shown, only, cap), only


def test_an_allowance_of_any_size_is_one(store: Store) -> None:
    put(store, "gs", town())
    whole = store.expand(["gs:p"], wanted())
    assert whole.relations
    for many in (1 << 31, 1 << 63, 10**30):
        assert store.expand(["gs:p"], wanted(), many) == whole
        with store.reading(Ahead(("gs:p",), wanted(), many, 2)):
            store.info()
            assert store.expand(["gs:p"], wanted(), many) == whole


def test_random_graphs_are_told_the_same(store: Store) -> None:
    tables, worlds = tables_of(times(3, 60), seed=20261126)
    put(store, "gs", tables)
    day = RelationFilter(TODAY.toordinal())
    for root in chain.from_iterable(world[::3] for world in worlds):
        shown = one(store, f"gs:{root}").id
        assert ahead(store, shown, day, 4, 3) == told(store, shown, day, 4), root


def test_whoever_is_not_there_is_left_out(store: Store) -> None:
    put(store, "gs", town())
    with store.reading(Ahead(("gs:nobody",), wanted(), 5, 3)):
        store.info()
        assert store.expand(["gs:nobody"], wanted(), 5) == Expansion((), {})
        assert store.parties(["gs:nobody"]) == {}


def test_what_was_fetched_ahead_is_of_one_state_while_a_load_ends(store: Store) -> None:
    put(store, "gs", OLD)
    put(store, "gs", {"executives": [post("e0", "p")]})
    before = ties(store, "gs:p"), store.info()
    with reader() as other:
        scope = store.reading(Ahead(("gs:p",), wanted(), 500, 3))
        other.ask(scope.__enter__)
        assert other.ask(store.info) == before[1]
        put(store, "gs", NEW)
        found = other.ask(lambda: store.expand(["gs:p"], wanted(), 500))
        assert list(found.relations) == before[0]
        assert set(other.ask(lambda: store.parties(["gs:p", "gs:e0"]))) == {"gs:p", "gs:e0"}
        other.ask(lambda: scope.__exit__(None, None, None))
    assert len(ties(store, "gs:p")) == 6
