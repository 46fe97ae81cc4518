"""Promises to readers while a load runs: all of it or none, one state per scope, threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from graph_service.model import StoreInfo
from graph_service.store.port import Store
from tests.contract.asking import around, one, scan_parties, ties, told
from tests.contract.conftest import Maker
from tests.support.facts import KEY, put
from tests.support.rows import Tables, enterprise, person, post

T = TypeVar("T")
OLD: Tables = {"enterprises": [enterprise("e0", "星河")], "persons": [person("p", "王伟")]}
NEW: Tables = {
    "enterprises": [enterprise(f"e{n}", f"新{n}公司") for n in range(1, 6)],
    "executives": [post(f"e{n}", "p") for n in range(1, 6)],
}


class Reader:
    """Another thread, which stays the same one from question to question."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)

    def ask(self, question: Callable[[], T]) -> T:
        """What the other thread is told."""
        return self._pool.submit(question).result(timeout=60)

    def stop(self) -> None:
        """End the thread."""
        self._pool.shutdown()


@contextmanager
def reader() -> Iterator[Reader]:
    made = Reader()
    try:
        yield made
    finally:
        made.stop()


def seen(store: Store) -> tuple[int, int, int, str]:
    """How much of the new load is seen, by several ways of asking."""
    return (
        len(list(scan_parties(store))),
        len(ties(store, "gs:p")),
        len(store.find("新").hits),
        store.info().digest,
    )


def test_readers_see_all_of_a_load_or_none(store: Store) -> None:
    put(store, "gs", OLD)
    with reader() as other:
        before = other.ask(lambda: seen(store))
        during: list[tuple[int, int, int, str]] = []
        put(
            store,
            "gs",
            NEW,
            size=2,
            between=lambda _: during.append(other.ask(lambda: seen(store))),
        )
        after = other.ask(lambda: seen(store))
    assert before[:3] == (2, 0, 0)
    assert len(during) == 6
    assert set(during) == {before}
    assert after[:3] == (7, 5, 5)
    assert after == seen(store)


def test_a_reading_scope_sees_one_state_while_a_load_ends(store: Store) -> None:
    put(store, "gs", OLD)
    with reader() as other:
        scope = store.reading()
        other.ask(scope.__enter__)
        before = other.ask(lambda: seen(store))
        put(store, "gs", NEW)
        assert other.ask(lambda: seen(store)) == before
        assert seen(store) != before
        other.ask(lambda: scope.__exit__(None, None, None))
        assert other.ask(lambda: seen(store)) == seen(store)


def test_a_scope_that_asked_nothing_yet_has_its_state(store: Store) -> None:
    """The state is that of some moment inside the scope, the same for every question."""
    put(store, "gs", OLD)
    with reader() as other:
        scope = store.reading()
        other.ask(scope.__enter__)
        first: list[StoreInfo] = [other.ask(store.info)]
        put(store, "gs", NEW)
        first.append(other.ask(store.info))
        other.ask(lambda: scope.__exit__(None, None, None))
    assert first[0].digest == first[1].digest


def test_scopes_nest_and_leave_the_store_writable(store: Store) -> None:
    put(store, "gs", OLD)
    with store.reading():
        with store.reading():
            assert len(list(scan_parties(store))) == 2
        assert len(list(scan_parties(store))) == 2
    put(store, "gs", NEW)
    assert len(list(scan_parties(store))) == 7


def test_a_scope_ends_when_a_question_fails(store: Store) -> None:
    put(store, "gs", OLD)
    try:
        with store.reading():
            raise KeyError
    except KeyError:
        pass
    put(store, "gs", NEW)
    assert one(store, "gs:e1").name == "新1公司"


def test_many_threads_ask_at_once(store: Store) -> None:
    put(store, "gs", OLD | NEW | {"enterprises": OLD["enterprises"] + NEW["enterprises"]})
    expected = told(store, "新")
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: told(store, "新"), range(32)))
    assert all(answer == expected for answer in answers)


def test_a_load_that_fails_leaves_nothing(store: Store) -> None:
    put(store, "gs", OLD)
    before = told(store)

    def broken(number: int) -> None:
        if number == 2:
            raise RuntimeError("the file ended too early")

    try:
        put(store, "gs", NEW, size=2, between=broken)
    except RuntimeError:
        pass
    assert told(store) == before
    put(store, "gs", NEW)
    assert len(ties(store, "gs:p")) == 5


def test_a_store_is_the_same_when_opened_again(maker: Maker) -> None:
    place = maker.place("kept")
    first = maker.open(place, create=True)
    put(first, "gs", OLD)
    put(first, "gs", NEW)
    before = told(first, "新")
    first.close()
    again = maker.open(place)
    assert told(again, "新") == before
    assert len(around(again, one(again, "gs:p").key).relations) == 5


def test_two_openings_of_one_place_see_each_other(maker: Maker) -> None:
    place = maker.place("shared")
    writer = maker.open(place, create=True)
    other = maker.engine.open(place, KEY, False, ())
    put(writer, "gs", OLD)
    assert other.info().digest == writer.info().digest
    put(other, "gs", NEW)
    assert writer.info().digest == other.info().digest
    assert told(writer) == told(other)
    other.close()
