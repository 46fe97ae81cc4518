"""Promises to readers while a load runs: all of it or none, one state per scope, threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest

from graph_service.errors import StoreChanged, UnknownParty
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


def crossed(
    store: Store, question: Callable[[], T], error: UnknownParty | None = None
) -> tuple[list[T], bool]:
    """What a scope is told before and after a load that another thread ends meanwhile, and whether
    it says that the state changed; ``error``: how the scope ends."""
    told: list[T] = []
    try:
        with reader() as other, store.reading():
            told.append(question())
            other.ask(lambda: put(store, "gs", NEW))
            told.append(question())
            if error is not None:
                raise error
    except StoreChanged:
        return told, True
    except UnknownParty:
        pass
    return told, False


def test_a_reading_scope_sees_one_state_while_a_load_ends_or_says_that_it_changed(
    store: Store,
) -> None:
    put(store, "gs", OLD)
    told, changed = crossed(store, lambda: seen(store))
    assert changed or told[0] == told[1]
    assert told[0][:3] == (2, 0, 0)
    assert seen(store)[:3] == (7, 5, 5)


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "info": lambda store: store.info(),
    "parties": lambda store: store.parties(["gs:e1"]),
    "expand": lambda store: ties(store, "gs:p"),
    "find": lambda store: store.find("新"),
    "scan": lambda store: list(scan_parties(store)),
    "statements": lambda store: list(store.statements()),
    "conflicts": lambda store: store.conflicts(["gs:e1"]),
    "loads": lambda store: store.loads(),
    "rejected": lambda store: [store.rejected(), store.info().sources],
}


@pytest.mark.parametrize("asked", QUESTIONS)
def test_whatever_a_scope_asks_first_holds_it_to_one_state(store: Store, asked: str) -> None:
    """The state is that of the first question, whichever it is, and the same for every other."""
    put(store, "gs", OLD)
    told, changed = crossed(store, lambda: QUESTIONS[asked](store))
    assert changed or told[0] == told[1]


def test_a_refusal_is_of_one_state_too(store: Store) -> None:
    """Who looks for a party on both sides of a load must not be told that it is unknown."""
    put(store, "gs", OLD)
    told, changed = crossed(store, lambda: store.find("新1公司").hits, UnknownParty("nobody"))
    assert changed or told[0] == told[1]


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
