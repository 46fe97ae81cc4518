"""Promises about one natural key: whatever names it again replaces it, in a load or a later one.

A key is found again by what it is made of, so each kind of key has its own way to go wrong.
"""

from __future__ import annotations

import pytest

from graph_service.store.port import Store
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import Tables, enterprise, person, post, same, sanction

PEOPLE = [person("w", "王伟"), person("l", "李䶮")]
FIRMS = [enterprise("1", "北京星河科技有限公司"), enterprise("2", "上海天宇商贸有限公司")]


def kin(a: str, b: str, kind: str) -> Tables:
    return {"relatives": [{"person": a, "relative": b, "kin": kind}]}


# what is stated first, and then in its place
CORRECTED: dict[str, tuple[Tables, Tables]] = {
    "a tie": (
        {"executives": [post("1", "w", until="2020-01-01")]},
        {"executives": [post("1", "w", until="2021-01-01")]},
    ),
    "a tie without direction": (kin("w", "l", "配偶"), kin("w", "l", "父母")),
    "the same, named the other way round": (kin("w", "l", "配偶"), kin("l", "w", "父母")),
    "a pair, named the other way round": (
        {"same_as": [same("w", "l", reviewer="李审")]},
        {"same_as": [same("l", "w", reviewer="王审")]},
    ),
    "a party of another code": (
        {"enterprises": [enterprise("3", "广州恒信有限公司", uscc=uscc(3))]},
        {"enterprises": [enterprise("3", "广州恒信有限公司", uscc=uscc(4))]},
    ),
    "a record of another subject": (
        {"sanctions": [sanction("w", id="R1")]},
        {"sanctions": [sanction("l", id="R1")]},
    ),
    "a record by its document": (
        {"sanctions": [sanction("w", document_no="京罚〔2020〕1号", authority="甲")]},
        {"sanctions": [sanction("w", document_no="京罚〔2020〕1号", authority="乙")]},
    ),
}


@pytest.mark.parametrize("what", CORRECTED)
def test_what_a_later_load_states_of_a_key_replaces_it(maker: Maker, what: str) -> None:
    before, after = CORRECTED[what]
    town: Tables = {"persons": PEOPLE, "enterprises": FIRMS}
    corrected, plain = maker.new(), maker.new()
    for tables in (town, before, after):
        put(corrected, "gs", tables)
    for tables in (town, after):
        put(plain, "gs", tables)
    assert corrected.info().digest == plain.info().digest
    assert [line.values for line in corrected.statements()] == [
        line.values for line in plain.statements()
    ]


@pytest.mark.parametrize("what", CORRECTED)
def test_the_same_again_is_unchanged(store: Store, what: str) -> None:
    put(store, "gs", {"persons": PEOPLE, "enterprises": FIRMS})
    put(store, "gs", CORRECTED[what][1])
    before = store.info().digest
    put(store, "gs", CORRECTED[what][1])
    assert store.info().digest == before


@pytest.mark.parametrize("what", CORRECTED)
def test_two_values_in_one_load_are_both_kept(maker: Maker, what: str) -> None:
    first, second = CORRECTED[what]
    (table,) = first
    both: Tables = {table: [*first[table], *second[table]]}
    town: Tables = {"persons": PEOPLE, "enterprises": FIRMS}
    at_once, later = maker.new(), maker.new()
    put(at_once, "gs", town | {table: [*town.get(table, []), *both[table]]})
    put(later, "gs", town)
    put(later, "gs", both)
    assert at_once.info().digest == later.info().digest
    put(later, "gs", second)
    put(at_once, "gs", second)
    assert at_once.info().digest == later.info().digest


def test_former_names_that_are_no_longer_stated_are_not_found(store: Store) -> None:
    firm = enterprise("1", "北京星河科技有限公司", former_names="京星厂；𠮷田社")
    put(store, "gs", {"enterprises": [firm]})
    assert [hit.party.id for hit in store.find("京星厂", (), 5).hits] == ["gs:1"]
    put(store, "gs", {"enterprises": [enterprise("1", "北京星河科技有限公司")]})
    for name in ("京星厂", "𠮷田社", "jxc"):
        assert store.find(name, (), 5).hits == ()
    put(store, "gs", {"enterprises": [enterprise("1", "北京天河科技有限公司")]})
    assert store.find("星河", (), 5).hits == ()
    assert [hit.score for hit in store.find("北京天河科技有限公司", (), 5).hits] == [1.0]
