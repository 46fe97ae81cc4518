"""Promises about parties known by name: inside one enterprise, across sources, and never beyond."""

from __future__ import annotations

import pytest

from graph_service.model import ENTERPRISE, PERSON, Written
from graph_service.store.port import Store
from graph_service.text import fold
from tests.contract.asking import ends, one, scan_parties, ties
from tests.support.facts import KEY, put
from tests.support.numbers import citizen, uscc
from tests.support.rows import Tables, enterprise, legal, person, post, sanction, stake

LEGAL = "LEGAL_REPRESENTATIVE_OF"
FIRM = uscc(1)


def rules(written: Written) -> list[tuple[str, str]]:
    return [(row.table, row.rule) for row in written.withheld]


def named_post(name: str, **more: str) -> dict[str, str]:
    return post(FIRM, "", person_name=name, **more)


def named_legal(name: str, **more: str) -> dict[str, str]:
    return legal(FIRM, "", person_name=name, **more)


def test_equal_names_inside_one_enterprise_are_one_person(store: Store) -> None:
    put(
        store,
        "gs",
        {"executives": [named_post("张三")], "legal_representatives": [named_legal("张 三")]},
    )
    assert {tie.from_id for tie in ties(store, f"uscc:{FIRM}")} == {f"gs:uscc:{FIRM}:name:张三"}
    [found] = [party for party in scan_parties(store) if party.kind == PERSON]
    assert (fold(found.name), found.known) == ("张三", False)


def test_equal_names_at_two_enterprises_are_two_persons(store: Store) -> None:
    rows = [named_post("张三"), post(uscc(2), "", person_name="张三")]
    put(store, "gs", {"executives": rows})
    assert len([party for party in scan_parties(store) if party.kind == PERSON]) == 2


@pytest.mark.parametrize("bare_first", [False, True], ids=["number first", "bare name first"])
@pytest.mark.parametrize("other", ["gs", "sw"], ids=["one source", "across sources"])
def test_a_bare_name_is_the_one_person_of_that_name_there(
    store: Store, other: str, bare_first: bool
) -> None:
    loads: list[tuple[str, Tables]] = [
        ("gs", {"executives": [named_post("张三", person_id_number=citizen(1))]}),
        (other, {"legal_representatives": [named_legal("张三")]}),
    ]
    for source, tables in reversed(loads) if bare_first else loads:
        put(store, source, tables)
    [tie] = ties(store, f"uscc:{FIRM}", LEGAL)
    assert tie.from_id == "pid:" + KEY.id_hash(citizen(1))
    assert len([party for party in scan_parties(store) if party.kind == PERSON]) == 1


def test_a_bare_name_is_the_declared_person_of_that_name_there(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "persons": [person("p1", "张三"), person("p2", "张三")],
            "executives": [post(FIRM, "p1")],
            "legal_representatives": [named_legal("张三")],
        },
    )
    assert ends(ties(store, f"uscc:{FIRM}", LEGAL)) == [(LEGAL, "gs:p1", f"uscc:{FIRM}")]


def test_a_person_of_that_name_elsewhere_is_not_taken(store: Store) -> None:
    put(store, "gs", {"persons": [person("p1", "张三")], "executives": [post(uscc(2), "p1")]})
    put(store, "sw", {"legal_representatives": [named_legal("张三")]})
    [tie] = ties(store, f"uscc:{FIRM}")
    assert tie.from_id == f"sw:uscc:{FIRM}:name:张三"


@pytest.mark.parametrize(
    "rows",
    [
        [
            named_post("张三", person_id_number=citizen(1)),
            named_post("张三", person_id_number=citizen(2)),
        ],
        [post(FIRM, "p1"), post(FIRM, "p2")],
    ],
    ids=["two ID numbers", "two local ids"],
)
def test_a_bare_name_that_two_people_bear_there_is_ambiguous(
    store: Store, rows: list[dict[str, str]]
) -> None:
    people = [person("p1", "张三"), person("p2", "张三")]
    put(store, "gs", {"persons": people, "executives": rows})
    written = put(store, "sw", {"legal_representatives": [named_legal("张三")]})
    [row] = written.withheld
    assert (row.source, row.rule, row.column, row.row) == (
        "sw",
        "ambiguous_reference",
        "person_name",
        2,
    )
    assert ties(store, f"uscc:{FIRM}", LEGAL) == []


def test_a_name_that_becomes_ambiguous_is_withheld_and_comes_back(store: Store) -> None:
    put(store, "gs", {"executives": [named_post("张三", person_id_number=citizen(1))]})
    put(store, "sw", {"legal_representatives": [named_legal("张三")]})
    assert len(ties(store, f"uscc:{FIRM}", LEGAL)) == 1
    put(store, "ga", {"executives": [named_post("张三", person_id_number=citizen(2))]})
    assert ties(store, f"uscc:{FIRM}", LEGAL) == []
    store.forget("ga")
    assert len(ties(store, f"uscc:{FIRM}", LEGAL)) == 1


def test_bare_names_of_two_sources_inside_one_enterprise_are_one_person(store: Store) -> None:
    put(store, "gs", {"executives": [named_post("张三")]})
    put(store, "sw", {"legal_representatives": [named_legal("张三")]})
    assert len({tie.from_id for tie in ties(store, f"uscc:{FIRM}")}) == 1


def test_an_enterprise_name_that_one_enterprise_bears_is_that_enterprise(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("1", "北京星河科技（集团）有限公司")]})
    put(
        store,
        "sw",
        {"sanctions": [{"subject_name": "北京星河科技(集团) 有限公司", "list": "行政处罚"}]},
    )
    [record] = one(store, "gs:1").records
    assert record.subject == "gs:1"


@pytest.mark.parametrize("name_first", [False, True])
def test_the_enterprise_may_be_declared_before_or_after(store: Store, name_first: bool) -> None:
    loads: list[tuple[str, Tables]] = [
        ("gs", {"enterprises": [enterprise("1", "北京星河科技有限公司")]}),
        ("sw", {"executives": [{"enterprise_name": "北京星河科技有限公司", "role": "董事"}]}),
    ]
    loads[1][1]["executives"][0]["person_name"] = "张三"
    for source, tables in reversed(loads) if name_first else loads:
        put(store, source, tables)
    [tie] = ties(store, "gs:1")
    assert tie.to_id == "gs:1"
    assert [party.id for party in scan_parties(store) if party.kind == ENTERPRISE] == ["gs:1"]


def test_a_name_nobody_bears_makes_a_party_of_its_own(store: Store) -> None:
    put(store, "sw", {"sanctions": [{"subject_name": "上海银河贸易有限公司", "list": "行政处罚"}]})
    found = one(store, "sw:name:上海银河贸易有限公司")
    assert (found.kind, found.name, found.known) == (ENTERPRISE, "上海银河贸易有限公司", False)
    assert len(found.records) == 1


def test_a_name_that_several_bear_is_ambiguous(store: Store) -> None:
    twins = [enterprise("1", "星河有限公司"), enterprise("2", "星河有限公司")]
    put(store, "gs", {"enterprises": twins})
    row = {"subject_name": "星河有限公司", "list": "行政处罚"}
    assert rules(put(store, "sw", {"sanctions": [row]})) == [("sanctions", "ambiguous_reference")]
    assert sum(store.info().records.values()) == 0


def test_the_sources_own_enterprise_of_that_name_comes_first(store: Store) -> None:
    for source in ("gs", "sw"):
        put(store, source, {"enterprises": [enterprise("1", "星河有限公司")]})
    row = {"subject_name": "星河有限公司", "list": "行政处罚"}
    assert rules(put(store, "sw", {"sanctions": [row]})) == []
    assert [record.subject for record in one(store, "sw:1").records] == ["sw:1"]
    assert one(store, "gs:1").records == ()


def test_one_enterprise_in_two_sources_is_no_ambiguity(store: Store) -> None:
    for source in ("gs", "sw"):
        put(store, source, {"enterprises": [enterprise("1", "星河有限公司", uscc=FIRM)]})
    row = {"subject_name": "星河有限公司", "list": "行政处罚"}
    assert rules(put(store, "fy", {"sanctions": [row]})) == []
    assert len(one(store, f"uscc:{FIRM}").records) == 1


def test_a_sanctioned_person_known_only_by_name_is_a_person_of_its_own(store: Store) -> None:
    put(store, "gs", {"persons": [person("p", "王伟")]})
    rows = [
        {"id": "R1", "subject_name": "王伟", "subject_kind": "person", "list": "失信被执行人"},
        {"id": "R2", "subject_name": "王伟", "subject_kind": "person", "list": "失信被执行人"},
    ]
    put(store, "fy", {"sanctions": rows})
    assert one(store, "gs:p").records == ()
    assert [record.id for record in one(store, "fy:R1:name:王伟").records] == ["fy:R1"]
    assert len([party for party in scan_parties(store) if party.kind == PERSON]) == 3


def test_a_reference_that_dangles_is_withheld_and_recovered(store: Store) -> None:
    written = put(
        store, "gs", {"enterprises": [enterprise("1", "星河")], "executives": [post("1", "p9")]}
    )
    [row] = written.withheld
    assert (row.table, row.rule, row.column, row.row) == (
        "executives",
        "dangling_reference",
        "person",
        2,
    )
    assert ties(store, "gs:1") == []
    written = put(store, "gs", {"persons": [person("p9", "王伟")]})
    assert dict(written.recovered) == {"executives": 1}
    assert written.withheld == ()
    assert ends(ties(store, "gs:1")) == [("EXECUTIVE_OF", "gs:p9", "gs:1")]


def test_a_dangling_reference_to_another_source_is_recovered_when_that_declares_it(
    store: Store,
) -> None:
    rows = {"shareholders": [stake(FIRM, "gs:1", "0.5")]}
    assert rules(put(store, "sw", rows)) == [("shareholders", "dangling_reference")]
    written = put(store, "gs", {"enterprises": [enterprise("1", "星河")]})
    assert dict(written.recovered) == {"shareholders": 1}
    assert ends(ties(store, "gs:1")) == [("SHAREHOLDER_OF", "gs:1", f"uscc:{FIRM}")]


def test_a_recovered_load_is_as_if_declared_first(store: Store) -> None:
    put(store, "gs", {"sanctions": [sanction("p1", id="R1")]})
    assert [party.id for party in scan_parties(store)] == []
    put(store, "gs", {"persons": [person("p1", "王伟")]})
    assert [record.id for record in one(store, "gs:p1").records] == ["gs:R1"]
