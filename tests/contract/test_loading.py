"""Promises about writing and forgetting: idempotent, in any order, exact, with a true digest."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph_service.store.port import Store
from tests.contract.asking import around, exported, one, scan_parties, scan_relations, ties, told
from tests.contract.conftest import Maker
from tests.support.facts import Fact, facts_of, put, put_facts
from tests.support.numbers import citizen, uscc
from tests.support.rows import Tables, enterprise, legal, person, post, same, sanction, stake

FIRM = uscc(1)
TOWN: dict[str, Tables] = {
    "gs": {
        "enterprises": [
            enterprise("1", "北京星河科技有限公司", uscc=FIRM, region="北京"),
            enterprise("2", "上海银河贸易有限公司", former_names="银河厂;老银河"),
        ],
        "persons": [person("p", "王伟", id_number=citizen(1)), person("q", "李强")],
        "executives": [post("1", "p", "董事长/总经理"), post("2", "q", since="2020-01-01")],
        "shareholders": [stake("1", "2", "0.6"), stake("2", "p", "25-50%")],
    },
    "sw": {
        "enterprises": [enterprise("9", "北京星河科技有限公司", uscc=FIRM, region="北京市")],
        "legal_representatives": [legal("9", "", person_name="王伟")],
        "shareholders": [stake("9", "gs:2", "0.55"), stake("9", "missing", "0.1")],
        "contacts": [{"party": "9", "kind": "电话", "value": "010-1234567"}],
    },
    "fy": {
        "sanctions": [
            sanction("", subject_name="上海银河贸易有限公司", id="R1"),
            sanction("", subject_id_number=citizen(1), document_no="(2024)京01执1号"),
        ],
        "same_as": [same("gs:q", f"pid:{'0' * 32}")],
    },
}
SEARCHES = ("星河", "王伟", "李强", "老银河", FIRM)


def town(store: Store, *sources: str) -> None:
    for source in sources or tuple(TOWN):
        put(store, source, TOWN[source])


def test_writing_the_same_again_changes_nothing(store: Store) -> None:
    town(store)
    before = told(store, *SEARCHES)
    for source, tables in TOWN.items():
        written = put(store, source, tables)
        assert dict(written.created) == dict(written.updated) == dict(written.ended) == {}
        withheld = {row.table for row in written.withheld}
        assert withheld == ({"shareholders"} if source == "sw" else set())
        for table, rows in tables.items():
            unchanged = len(rows) - sum(row.table == table for row in written.withheld)
            assert written.unchanged.get(table, 0) == unchanged
    assert told(store, *SEARCHES) == before


def test_a_first_write_counts_what_it_made(store: Store) -> None:
    written = put(store, "gs", TOWN["gs"])
    assert sum(written.unchanged.values()) == 0
    assert sum(written.created.values()) > 0
    assert dict(written.updated) == {}
    assert sum(put(store, "gs", {"enterprises": [enterprise("2", "新名")]}).updated.values()) >= 1


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_batches_may_be_split_anyhow(maker: Maker, size: int) -> None:
    split, plain = maker.new(), maker.new()
    town(plain)
    for source, tables in TOWN.items():
        put(split, source, tables, size=size)
    assert told(split, *SEARCHES) == told(plain, *SEARCHES)


def test_rows_of_a_load_may_come_in_any_order(maker: Maker) -> None:
    turned, plain = maker.new(), maker.new()
    town(plain)
    for source, tables in TOWN.items():
        put_facts(turned, facts_of(source, tables)[::-1], size=2)
    assert told(turned, *SEARCHES) == told(plain, *SEARCHES)


@pytest.mark.parametrize("order", [("sw", "gs", "fy"), ("fy", "sw", "gs"), ("gs", "fy", "sw")])
def test_sources_may_come_in_any_order(maker: Maker, order: tuple[str, ...]) -> None:
    other, plain = maker.new(), maker.new()
    town(plain)
    town(other, *order)
    assert told(other, *SEARCHES) == told(plain, *SEARCHES)


def test_a_load_may_mix_sources(maker: Maker) -> None:
    mixed, plain = maker.new(), maker.new()
    town(plain)
    put_facts(mixed, [fact for source in TOWN for fact in facts_of(source, TOWN[source])], size=3)
    assert told(mixed, *SEARCHES) == told(plain, *SEARCHES)


def test_a_row_twice_in_a_load_is_one_statement(maker: Maker) -> None:
    twice, plain = maker.new(), maker.new()
    rows = [stake(FIRM, uscc(2), "0.5")]
    put(twice, "gs", {"shareholders": rows * 2})
    put(plain, "gs", {"shareholders": rows})
    assert twice.info().digest == plain.info().digest
    assert len(list(scan_relations(twice))) == 1
    assert twice.conflicts([f"uscc:{FIRM}"]) == []


@pytest.mark.parametrize("loads", [1, 2])
def test_a_number_that_only_a_replaced_row_gave_is_no_party(maker: Maker, loads: int) -> None:
    """Also when the row was replaced inside the very load that brought it."""
    store, plain = maker.new(), maker.new()
    rows = [
        person("p", "王伟", id_number=citizen(1), record_date="2022-01-01"),
        person("p", "王伟", record_date="2023-01-01"),
    ]
    if loads == 1:
        put(store, "gs", {"persons": rows})
    else:
        put(store, "gs", {"persons": rows[:1]})
        put(store, "gs", {"persons": rows[1:]})
    put(plain, "gs", {"persons": rows[1:]})
    assert [party.id for party in scan_parties(store)] == ["gs:p"]
    assert store.info().digest == plain.info().digest


@pytest.mark.parametrize("source", ["gs", "sw", "fy"])
def test_forgetting_a_source_leaves_what_a_store_has_that_never_saw_it(
    maker: Maker, source: str
) -> None:
    forgetful, never = maker.new(), maker.new()
    town(forgetful)
    town(never, *[name for name in TOWN if name != source])
    assert forgetful.forget(source) == sum(len(rows) for rows in TOWN[source].values()) + (
        1 if source == "gs" else 0
    ), "董事长/总经理 is two statements"
    assert told(forgetful, *SEARCHES) == told(never, *SEARCHES)


def test_forgetting_all_leaves_an_empty_store(store: Store) -> None:
    town(store)
    for source in TOWN:
        store.forget(source)
    assert told(store, *SEARCHES) == {
        "digest": "0" * 64,
        "counts": ({}, {}, {}, ()),
        "parties": [],
        "with records": {},
        "relations": [],
        "records": [],
        "around": around(store, []),
        "in force": [],
        "statements": [],
        "conflicts": [],
        "found": {text: store.find(text) for text in SEARCHES},
    }
    assert [hit for text in SEARCHES for hit in store.find(text).hits] == []


def test_forgetting_an_unknown_source_is_nothing(store: Store) -> None:
    town(store)
    before = told(store)
    assert store.forget("nobody") == 0
    assert told(store) == before


def test_a_forgotten_source_may_be_loaded_again(maker: Maker) -> None:
    again, plain = maker.new(), maker.new()
    town(plain)
    town(again)
    again.forget("gs")
    town(again, "gs")
    assert told(again, *SEARCHES) == told(plain, *SEARCHES)


def test_forgetting_but_for_a_load_keeps_what_that_load_said(maker: Maker) -> None:
    kept, plain = maker.new(), maker.new()
    old = [enterprise("1", "甲"), enterprise("2", "乙"), enterprise("4", "丁")]
    new = [enterprise("2", "乙改"), enterprise("3", "丙"), enterprise("4", "丁")]
    put(kept, "gs", {"enterprises": old}, file="年.csv")
    put(kept, "gs", {"enterprises": new}, file="年.csv")
    put(plain, "gs", {"enterprises": new}, file="年.csv")
    newest = kept.loads("gs")[0].id
    kept.forget("gs", keep_load=newest)
    assert told(kept, "甲", "乙") == told(plain, "甲", "乙")


def test_the_digest_is_the_sum_over_statements(maker: Maker) -> None:
    """Mod 2^256: what two stores hold apart adds up to what one holds together."""
    left, right, both = maker.new(), maker.new(), maker.new()
    first: Tables = {"enterprises": [enterprise("1", "星河"), enterprise("2", "银河")]}
    second: Tables = {"persons": [person("p", "王伟")], "sanctions": [sanction("p", id="R")]}
    put(left, "gs", first)
    put(right, "sw", second)
    put(both, "gs", first)
    put(both, "sw", second)
    numbers = [int(made.info().digest, 16) for made in (left, right, both)]
    assert (numbers[0] + numbers[1]) % 2**256 == numbers[2]
    assert all(numbers)
    assert len(both.info().digest) == 64
    assert both.info().data_version == both.info().digest[:16]


CHANGES: list[tuple[str, Callable[[Fact], Fact]]] = [
    ("value", lambda fact: fact._replace(row=fact.row | {"region": "天津"})),
    ("name", lambda fact: fact._replace(row=fact.row | {"name": "䶮𠮷"})),
    ("source", lambda fact: fact._replace(source="other")),
    ("key", lambda fact: fact._replace(row=fact.row | {"id": "2"})),
    ("record_date", lambda fact: fact._replace(row=fact.row | {"record_date": "2020-01-01"})),
]


@pytest.mark.parametrize(("what", "change"), CHANGES, ids=[what for what, _ in CHANGES])
def test_the_digest_changes_with_what_is_stated(
    maker: Maker, what: str, change: Callable[[Fact], Fact]
) -> None:
    one_store, other = maker.new(), maker.new()
    fact = Fact("gs", "enterprises", enterprise("1", "星河"), "a.csv", 2)
    put_facts(one_store, [fact])
    put_facts(other, [change(fact)])
    assert one_store.info().digest != other.info().digest, what


def test_the_digest_does_not_change_with_files_rows_or_settings(maker: Maker) -> None:
    here, there = maker.new("gs", "sw"), maker.new("sw")
    for source, tables in TOWN.items():
        put(here, source, tables, file="一.csv")
    for source, tables in TOWN.items():
        facts = facts_of(source, tables, "二.csv")
        put_facts(there, [fact._replace(no=fact.no + 100) for fact in facts])
    assert here.info().digest == there.info().digest


def test_an_export_of_the_statements_loads_into_an_equal_store(maker: Maker) -> None:
    old, new = maker.new(), maker.new()
    town(old)
    put_facts(new, exported(old), size=2)
    assert new.info().digest == old.info().digest
    assert told(new, *SEARCHES)["relations"] == told(old, *SEARCHES)["relations"]


def test_info_counts_what_answers_show(store: Store) -> None:
    town(store)
    info = store.info()
    parties = list(scan_parties(store))
    assert dict(info.parties) == {
        kind: sum(party.kind == kind for party in parties)
        for kind in {party.kind for party in parties}
    }
    assert sum(info.records.values()) == 2
    assert dict(info.records) == {"失信被执行人": 2}
    assert info.sources == ("fy", "gs", "sw")
    assert dict(info.relations) == {
        "EXECUTIVE_OF": 3,
        "HAS_CONTACT": 1,
        "LEGAL_REPRESENTATIVE_OF": 1,
        "SAME_AS": 1,
        "SHAREHOLDER_OF": 2,
    }


def test_an_unfinished_load_is_named(store: Store) -> None:
    put(store, "gs", TOWN["gs"])
    load = store.begin_load("sw", [], "测试员", "2026-01-01T08:00:00+08:00")
    assert store.info().unfinished == (load,)
    store.end_load(load, "failed", 0.1, {})
    assert store.info().unfinished == ()


def test_an_empty_write_is_a_load_too(store: Store) -> None:
    written = put(store, "gs", {})
    assert written.withheld == ()
    assert store.info().digest == "0" * 64


def test_a_tie_of_two_sources_survives_forgetting_one(store: Store) -> None:
    for source in ("gs", "sw"):
        put(store, source, {"shareholders": [stake(FIRM, uscc(2), "0.5")]})
    store.forget("gs")
    [tie] = ties(store, f"uscc:{FIRM}")
    assert [ref.source for ref in tie.sources] == ["sw"]
    assert {ref.source for ref in one(store, f"uscc:{FIRM}").sources} <= {"sw"}
