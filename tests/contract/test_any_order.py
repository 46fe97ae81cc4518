"""On random towns: the order of rows, batches, files, loads and sources changes no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import wraps
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.model import FullOf
from graph_service.store.port import Store
from tests.contract.asking import day, exported, scan_parties, told
from tests.contract.conftest import Maker
from tests.contract.engines import Engine
from tests.support.facts import Fact, put_facts
from tests.support.proof import times
from tests.support.worlds import SEARCHES, SOURCES, dated_towns, towns

tried = settings(
    max_examples=times(40, 600),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


_TRIED: Counter[tuple[str, str]] = Counter()


def bounded(test: Callable[..., None]) -> Callable[..., None]:
    """Try a slow engine on its first examples only; all of them once one has failed."""

    @wraps(test)
    def trying(engine: Engine, **more: Any) -> None:
        place = (engine.name, test.__name__)
        _TRIED[place] += 1
        if engine.examples is not None and _TRIED[place] > engine.examples:
            return
        try:
            test(engine=engine, **more)
        except BaseException:
            _TRIED[place] = -1_000_000
            raise

    return trying


def by_source(facts: Sequence[Fact], order: Sequence[str] = SOURCES) -> list[list[Fact]]:
    """One load for each source that says something."""
    loads = [[fact for fact in facts if fact.source == source] for source in order]
    return [load for load in loads if load]


def filled(store: Store, loads: Sequence[Sequence[Fact]], size: int = 500) -> dict[str, object]:
    """A store's whole answer after some loads."""
    for load in loads:
        put_facts(store, load, size=size)
    return told(store, *SEARCHES)


def assert_same(found: dict[str, object], expected: dict[str, object], *story: object) -> None:
    """Compare two whole answers; a difference is told with the rows that lead to it."""
    parts = [what for what in expected if found[what] != expected[what]]
    told_apart = "\n".join(
        [f"{what}:\n  {found[what]}\n  {expected[what]}" for what in parts]
        + [str(chapter) for chapter in story]
    )
    assert parts == [], told_apart


@tried
@given(towns(), st.randoms(use_true_random=False), st.permutations(SOURCES), st.integers(1, 5))
@bounded
def test_rows_batches_and_sources_in_any_order(
    engine: Engine, facts: list[Fact], chance: Random, order: list[str], size: int
) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        plain = filled(maker.new(), by_source(facts))
        turned = [*facts]
        chance.shuffle(turned)
        other = filled(maker.new(), by_source(turned, order), size)
    assert_same(other, plain, turned, order, size)


@tried
@given(dated_towns(), st.randoms(use_true_random=False), st.integers(1, 4), st.integers(1, 5))
@bounded
def test_dated_rows_in_any_loads(
    engine: Engine, facts: list[Fact], chance: Random, loads: int, size: int
) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        plain = filled(maker.new(), by_source(facts))
        turned = [*facts]
        chance.shuffle(turned)
        parts = [part for n in range(loads) if (part := turned[n::loads])]
        other = filled(maker.new(), parts, size)
    assert_same(other, plain, parts, size)


@tried
@given(towns(), st.sampled_from(SOURCES), st.permutations(SOURCES))
@bounded
def test_a_forgotten_source_was_never_there(
    engine: Engine, facts: list[Fact], gone: str, order: list[str]
) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        forgetful = maker.new()
        filled(forgetful, by_source(facts, order))
        forgetful.forget(gone)
        left = told(forgetful, *SEARCHES)
        never = filled(maker.new(), by_source([fact for fact in facts if fact.source != gone]))
    assert_same(left, never, facts, gone, order)


@tried
@given(towns())
@bounded
def test_the_same_loads_again_change_nothing(engine: Engine, facts: list[Fact]) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        store = maker.new()
        once = filled(store, by_source(facts))
        again = filled(store, by_source(facts))
    assert_same(again, once, facts)


@tried
@given(st.lists(towns(), min_size=1, max_size=3), st.sampled_from([*SOURCES, ""]), st.booleans())
@bounded
def test_a_history_ends_where_its_statements_begin(
    engine: Engine, history: list[list[Fact]], gone: str, full: bool
) -> None:
    """After loads, corrections, a ``--full`` load and a forgotten source the store answers as a
    new one does that was given, in one load, just what the old one still has as statements."""
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        store, fresh = maker.new(), maker.new()
        for facts in history[:-1]:
            filled(store, by_source(facts))
        for load in by_source(history[-1]):
            whole = [FullOf(load[0].source, day("2024-06-01"))] if full else []
            put_facts(store, load, size=3, full=whole)
        store.forget(gone)
        left = told(store, *SEARCHES)
        rebuilt = filled(fresh, [load] if (load := exported(store)) else [])
    assert_same(left, rebuilt, history, gone, full)


@tried
@given(towns(), st.permutations(SOURCES))
@bounded
def test_precedence_settings_do_not_change_the_digest(
    engine: Engine, facts: list[Fact], order: list[str]
) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        plain, trusting = maker.new(), maker.new(*order)
        filled(plain, by_source(facts))
        filled(trusting, by_source(facts, order))
        digests = plain.info().digest, trusting.info().digest
    assert digests[0] == digests[1], (facts, order)


@tried
@given(towns())
@bounded
def test_everybody_is_found_by_their_whole_name(engine: Engine, facts: list[Fact]) -> None:
    with TemporaryDirectory() as folder, closing(Maker(engine, Path(folder))) as maker:
        store = maker.new()
        filled(store, by_source(facts))
        lost = [
            party
            for party in scan_parties(store)
            if 1.0
            not in [h.score for h in store.find(party.name, (), 500).hits if h.party == party]
        ]
    assert lost == []
