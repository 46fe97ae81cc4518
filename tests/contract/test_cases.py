"""Promises of the ``Archive`` about cases: kept whole, version after version, beside the facts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from graph_service.cases import Case, Comment, Import, Pinned
from graph_service.store.port import Store
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.rows import enterprise

DAY = "2026-06-30T09:00:00+08:00"
ID = "3f2a91c07d5be846"


def made(id: str = ID, version: int = 1, changed: str = DAY, **more: object) -> Case:
    """A case with something in every field."""
    case = Case(
        id, version, "𠮷䶮一案", "open", "=1+1\n“备注”", DAY, "张审", changed, "李审",
        (Pinned("gs:e1", "星河", "Enterprise", ("uscc:1", "sw:7"), DAY, "张审"),),
        (Comment(DAY, "李审", "第一条\n第二行"),),
        Import(DAY, "王审", DAY, "赵审", "0123456789abcdef"),
    )  # fmt: skip
    return replace(case, **more)  # type: ignore[arg-type]


def test_a_case_is_kept_whole(store: Store) -> None:
    assert store.cases() == []
    assert store.case(ID) is None
    assert store.keep_case(ID, 0, made())
    assert store.case(ID) == made()
    assert store.cases() == [made().head]
    plain = Case("0" * 16, 1, "空", "closed", "", DAY, "", DAY, "")
    assert store.keep_case(plain.id, 0, plain)
    assert store.case(plain.id) == plain


def test_the_case_changed_last_comes_first(store: Store) -> None:
    for id, day in (("b" * 16, "2026-01-02"), ("c" * 16, "2026-01-03"), ("a" * 16, "2026-01-02")):
        assert store.keep_case(id, 0, made(id, changed=day))
    assert [head.id[0] for head in store.cases()] == ["c", "a", "b"]


def test_only_the_version_that_stands_is_replaced(store: Store) -> None:
    first, second = made(), made(version=2, name="乙")
    assert not store.keep_case(ID, 1, first)
    assert store.case(ID) is None
    assert store.keep_case(ID, 0, first)
    assert not store.keep_case(ID, 0, second)
    assert store.keep_case(ID, 1, second)
    assert not store.keep_case(ID, 1, made(version=2, name="丙"))
    assert store.case(ID) == second
    assert not store.keep_case(ID, 1, None)
    assert store.case(ID) == second
    assert store.keep_case(ID, 2, None)
    assert not store.keep_case(ID, 2, None)
    assert (store.case(ID), store.cases()) == (None, [])


def test_of_two_at_the_same_time_one_is_kept(store: Store) -> None:
    assert store.keep_case(ID, 0, made())
    versions = [made(version=2, name=name) for name in "甲乙丙丁"]
    with ThreadPoolExecutor(max_workers=4) as pool:
        kept = list(pool.map(lambda case: store.keep_case(ID, 1, case), versions))
    assert sum(kept) == 1
    assert store.case(ID) == versions[kept.index(True)]


def test_cases_touch_no_fact_and_outlive_a_forgotten_source(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("e1", "星河")]})
    before = store.info()
    assert store.keep_case(ID, 0, made())
    assert store.info() == before
    store.forget("gs")
    assert store.case(ID) == made()
    put(store, "gs", {"enterprises": [enterprise("e1", "星河")]})
    assert store.case(ID) == made()


def test_a_backup_carries_the_cases_that_stand_when_it_is_made(maker: Maker) -> None:
    store, first, second = maker.new(), maker.place("first"), maker.place("second")
    put(store, "gs", {"enterprises": [enterprise("e1", "星河")]})
    other = made("a" * 16)
    assert store.keep_case(ID, 0, made())
    assert store.keep_case(other.id, 0, other)
    store.backup(str(first))
    assert store.keep_case(ID, 1, None)
    changed = replace(other, version=2, name="改")
    assert store.keep_case(other.id, 1, changed)
    store.backup(str(second))
    earlier, later = maker.open(first), maker.open(second)
    assert [earlier.case(head.id) for head in earlier.cases()] == [made(), other]
    assert [later.case(head.id) for head in later.cases()] == [changed]
