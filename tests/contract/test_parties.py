"""Promises about parties: ids, aliases, keys, kinds, and what several sources say of one."""

from __future__ import annotations

import pytest

from graph_service.identity import key_of
from graph_service.model import ENTERPRISE, PERSON
from graph_service.store.port import Store
from tests.contract.asking import ends, one, scan_parties, ties, told
from tests.contract.conftest import Maker
from tests.support.facts import KEY, put
from tests.support.numbers import citizen, uscc
from tests.support.rows import enterprise, legal, person, post, same, sanction, stake


@pytest.mark.parametrize(
    "unknown",
    ["gs:404", "", "0" * 16, "uscc:" + uscc(9), "' OR 1=1 --", "gs:%", "*", "𠮷", "\x00"],
)
def test_an_unknown_id_is_left_out(store: Store, unknown: str) -> None:
    put(store, "gs", {"enterprises": [enterprise("1", "北京星河科技有限公司")]})
    assert set(store.parties([unknown, "gs:1"])) == {"gs:1"}
    assert ties(store, unknown) == []


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert store.parties(["gs:1"]) == {}
    assert store.find("星河").hits == ()
    assert list(scan_parties(store)) == []
    info = store.info()
    assert (sum(info.parties.values()), info.sources, info.digest) == (0, (), "0" * 64)
    assert info.data_version == "0" * 16


def test_a_party_answers_to_its_id_its_local_id_and_its_key(store: Store) -> None:
    code = "uscc:" + uscc(1)
    put(store, "gs", {"enterprises": [enterprise("1", "北京星河科技有限公司", uscc=uscc(1))]})
    key = key_of(KEY.node(code))
    found = store.parties([code, "gs:1", key])
    assert set(found) == {code, "gs:1", key}
    assert {party.id for party in found.values()} == {code}
    assert found[code].key == key
    assert found[code].kind == ENTERPRISE
    assert found[code].known


def test_a_local_key_is_taken_too(store: Store) -> None:
    put(store, "gs", {"persons": [person("7", "䶮𠮷")]})
    key = key_of(KEY.node("gs:7"))
    assert store.parties([key], records=True)[key] == one(store, "gs:7")
    assert store.parties([key])[key].id == "gs:7"
    assert one(store, "gs:7").name == "䶮𠮷"


def test_a_key_is_taken_where_an_id_is(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("1", "星河")],
            "persons": [person("7", "王伟")],
            "executives": [post("1", "7")],
        },
    )
    assert ends(ties(store, one(store, "gs:7").key)) == [("EXECUTIVE_OF", "gs:7", "gs:1")]


def test_a_person_with_an_id_number_is_known_by_its_hash_only(store: Store) -> None:
    number = citizen(1)
    put(store, "gs", {"persons": [person("7", "王伟", id_number=number)]})
    found = one(store, "gs:7")
    assert found.id == "pid:" + KEY.id_hash(number)
    assert found.kind == PERSON
    assert one(store, found.id) == found
    assert number not in repr(told(store, "王伟"))


def test_one_code_in_two_sources_is_one_party(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("1", "星河", uscc=uscc(1))]})
    put(store, "sw", {"enterprises": [enterprise("9", "星河", uscc=uscc(1))]})
    assert one(store, "gs:1") == one(store, "sw:9")
    assert len(list(scan_parties(store))) == 1
    assert {ref.source for ref in one(store, "gs:1").sources} == {"gs", "sw"}


def test_one_id_number_in_two_sources_is_one_person(store: Store) -> None:
    put(store, "gs", {"persons": [person("7", "王伟", id_number=citizen(1))]})
    put(store, "sw", {"persons": [person("x", "王伟", id_number=citizen(1))]})
    put(store, "ga", {"persons": [person("7", "王伟", id_number=citizen(2))]})
    assert one(store, "gs:7").id == one(store, "sw:x").id
    assert one(store, "ga:7").id != one(store, "gs:7").id


def test_equal_names_and_local_ids_of_two_sources_stay_two_parties(store: Store) -> None:
    for source in ("gs", "sw"):
        put(store, source, {"persons": [person("7", "王伟")]})
    assert [party.id for party in scan_parties(store)] == ["gs:7", "sw:7"]


def test_characters_that_break_an_address_are_encoded(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("A 1/2", "星河")]})
    assert [party.id for party in scan_parties(store)] == ["gs:A%201%2F2"]
    assert one(store, "gs:A%201%2F2").name == "星河"


def test_an_unknown_code_makes_a_party_known_only_by_it(store: Store) -> None:
    put(
        store,
        "gs",
        {"persons": [person("7", "王伟")], "executives": [post(uscc(5), "7")]},
    )
    found = one(store, "uscc:" + uscc(5))
    assert (found.kind, found.known) == (ENTERPRISE, False)
    put(store, "sw", {"enterprises": [enterprise("", "星河", uscc=uscc(5))]})
    found = one(store, "uscc:" + uscc(5))
    assert (found.name, found.known) == ("星河", True)


KINDS_CROSSED = {
    "enterprises": [enterprise("7", "星河")],
    "persons": [person("7", "王伟")],
}


@pytest.mark.parametrize("together", [True, False], ids=["one load", "person first"])
def test_an_id_of_two_kinds_is_the_enterprise(store: Store, together: bool) -> None:
    if together:
        written = put(store, "gs", KINDS_CROSSED)
        assert [(row.table, row.rule) for row in written.withheld] == [("persons", "kind_conflict")]
    else:
        put(store, "gs", {"persons": KINDS_CROSSED["persons"]})
        put(store, "gs", {"enterprises": KINDS_CROSSED["enterprises"]})
    assert [(party.id, party.kind, party.name) for party in scan_parties(store)] == [
        ("gs:7", ENTERPRISE, "星河")
    ]


def test_a_withheld_row_is_in_no_answer_and_no_digest(maker: Maker) -> None:
    crossed, plain = maker.new(), maker.new()
    put(crossed, "gs", KINDS_CROSSED)
    put(plain, "gs", {"enterprises": KINDS_CROSSED["enterprises"]})
    assert crossed.info().digest == plain.info().digest
    assert [hit.party.id for hit in crossed.find("王伟").hits] == []
    assert [line.live for line in crossed.statements()].count(False) == 1


def test_ids_of_two_kinds_keep_apart_per_kind(store: Store) -> None:
    written = put(
        store,
        "gs",
        KINDS_CROSSED | {"executives": [post("7", "7")]},
        per_kind=True,
    )
    assert written.withheld == ()
    assert ends(ties(store, "gs:person:7")) == [("EXECUTIVE_OF", "gs:person:7", "gs:enterprise:7")]


def test_an_enterprise_cannot_hold_a_post(store: Store) -> None:
    written = put(
        store,
        "gs",
        {
            "enterprises": [enterprise("1", "星河"), enterprise("2", "银河")],
            "executives": [post("1", "2")],
        },
    )
    assert [(row.table, row.rule) for row in written.withheld] == [("executives", "kind_conflict")]
    assert ties(store, "gs:1") == []


SHARED = {
    "gs": {
        "enterprises": [enterprise("e1", "星河"), enterprise("e2", "银河")],
        "persons": [person("p1", "王伟")],
        "executives": [post("e1", "p1")],
    },
    "sw": {
        "persons": [person("q1", "王玮")],
        "shareholders": [stake("gs:e2", "q1", "0.3")],
        "sanctions": [sanction("q1", id="R1")],
    },
}


def test_a_confirmed_same_as_makes_two_ids_one_party_in_every_answer(store: Store) -> None:
    for source, tables in SHARED.items():
        put(store, source, tables)
    put(store, "fh", {"same_as": [same("sw:q1", "gs:p1")]})
    assert one(store, "gs:p1") == one(store, "sw:q1")
    joined = one(store, "gs:p1")
    assert (joined.id, joined.aliases) == ("gs:p1", ("sw:q1",))
    assert [(record.id, record.subject) for record in joined.records] == [("sw:R1", "gs:p1")]
    assert ends(ties(store, "sw:q1")) == [
        ("EXECUTIVE_OF", "gs:p1", "gs:e1"),
        ("SHAREHOLDER_OF", "gs:p1", "gs:e2"),
    ]
    for name in ("王伟", "王玮"):
        assert [hit.party.id for hit in store.find(name).hits] == ["gs:p1"]
    assert store.info().parties[PERSON] == 1
    assert [record.subject for record in one(store, "sw:q1").records] == ["gs:p1"]
    assert [party.id for party in scan_parties(store) if party.kind == PERSON] == ["gs:p1"]


def test_withdrawing_a_same_as_splits_the_party_with_nothing_lost(maker: Maker) -> None:
    joined, never = maker.new(), maker.new()
    for target in (joined, never):
        for source, tables in SHARED.items():
            put(target, source, tables)
    put(joined, "fh", {"same_as": [same("sw:q1", "gs:p1")]})
    assert joined.forget("fh") == 1
    assert told(joined, "王伟", "王玮") == told(never, "王伟", "王玮")
    assert one(joined, "gs:p1").aliases == ()


def test_same_as_is_transitive_and_may_come_first(store: Store) -> None:
    put(store, "fh", {"same_as": [same("c:3", "b:2"), same("a:1", "b:2")]})
    for source, local in (("a", "1"), ("b", "2"), ("c", "3")):
        put(store, source, {"persons": [person(local, "王伟")]})
    assert {one(store, id_).id for id_ in ("a:1", "b:2", "c:3")} == {"a:1"}
    assert one(store, "c:3").aliases == ("b:2", "c:3")


def test_same_as_across_kinds_is_withheld(store: Store) -> None:
    written = put(
        store,
        "gs",
        {
            "enterprises": [enterprise("e", "星河")],
            "persons": [person("p", "王伟")],
            "same_as": [same("e", "p")],
        },
    )
    assert [(row.table, row.rule) for row in written.withheld] == [("same_as", "kind_conflict")]
    assert [party.id for party in scan_parties(store)] == ["gs:e", "gs:p"]


def test_possibly_same_joins_nothing(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "persons": [person("p", "王伟"), person("q", "王伟")],
            "same_as": [same("p", "q", reviewer="", score="0.9")],
        },
    )
    assert one(store, "gs:p").id != one(store, "gs:q").id
    assert ends(ties(store, "gs:q", "POSSIBLY_SAME_AS")) == [("POSSIBLY_SAME_AS", "gs:p", "gs:q")]


def test_a_same_as_is_no_step_between_parties(store: Store) -> None:
    put(
        store,
        "gs",
        {"persons": [person("p", "王伟"), person("q", "王伟")], "same_as": [same("p", "q")]},
    )
    assert ties(store, "gs:q") == []


def test_a_reviewed_tie_between_both_ids_becomes_one_tie(store: Store) -> None:
    """A post that two sources state of one person under two ids is shown once, with both rows."""
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("e", "星河")],
            "persons": [person("p", "王伟")],
            "legal_representatives": [legal("e", "p")],
        },
    )
    put(
        store,
        "sw",
        {"persons": [person("q", "王伟")], "legal_representatives": [legal("gs:e", "q")]},
    )
    put(store, "fh", {"same_as": [same("gs:p", "sw:q")]})
    [tie] = ties(store, "gs:e")
    assert {ref.source for ref in tie.sources} == {"gs", "sw"}
