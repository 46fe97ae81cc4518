"""Promises about ``scan``: everything once, in a fixed order, as a stream."""

from __future__ import annotations

from itertools import islice

import pytest

from graph_service.store.port import Store
from tests.contract.asking import (
    around,
    one,
    scan_parties,
    scan_records,
    scan_relations,
    wanted,
)
from tests.support.facts import put
from tests.support.rows import enterprise, legal, person, post, sanction, stake

FIRMS = [f"e{n}" for n in (3, 1, 10, 2)]


@pytest.fixture
def city(store: Store) -> Store:
    """Four firms, two people, ties of three kinds, some ended."""
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise(firm, f"{firm}公司") for firm in FIRMS],
            "persons": [person("p", "王伟"), person("𠮷", "李强")],
            "executives": [post(firm, "p") for firm in FIRMS]
            + [post("e1", "𠮷", until="2020-01-01")],
            "shareholders": [stake(firm, "p", f"0.{n + 1}") for n, firm in enumerate(FIRMS)],
            "legal_representatives": [legal("e1", "𠮷", since="2020-01-01")],
            "sanctions": [sanction(firm, id=f"R{firm}") for firm in FIRMS],
        },
    )
    return store


def test_parties_come_once_in_id_order(city: Store) -> None:
    ids = [party.id for party in scan_parties(city)]
    assert ids == ["gs:e1", "gs:e10", "gs:e2", "gs:e3", "gs:p", "gs:𠮷"]
    assert list(scan_parties(city)) == [city.parties([id_])[id_] for id_ in ids]


def test_relations_come_once_in_a_fixed_order(city: Store) -> None:
    found = list(scan_relations(city, wanted(back_to="2000-01-01")))
    assert len({tie.id for tie in found}) == len(found) == 10
    assert list(scan_relations(city, wanted(back_to="2000-01-01"))) == found


def test_a_filtered_scan_is_what_expanding_everyone_gives(city: Store) -> None:
    everyone = [party.id for party in scan_parties(city)]
    for only in (
        wanted(),
        wanted("SHAREHOLDER_OF", min_share="0.3"),
        wanted("EXECUTIVE_OF", as_of="2019-01-01"),
        wanted(as_of="2020-06-01", back_to="2019-06-01"),
        wanted(sources=["sw"]),
    ):
        scanned = sorted(scan_relations(city, only), key=lambda tie: tie.order)
        assert tuple(scanned) == city.expand(everyone, only).relations


def test_records_come_once_in_id_order(city: Store) -> None:
    found = list(scan_records(city))
    assert [record.id for record in found] == ["gs:Re1", "gs:Re10", "gs:Re2", "gs:Re3"]
    assert found == [
        record for party in scan_parties(city) for record in one(city, party.id).records
    ]


def test_a_scan_may_be_left_and_others_asked_meanwhile(city: Store) -> None:
    stream = scan_relations(city)
    first = list(islice(stream, 3))
    inner = list(scan_parties(city))
    assert len(inner) == 6
    assert len(around(city, "gs:p").relations) == 8
    assert first + list(stream) == list(scan_relations(city))
    abandoned = scan_parties(city)
    next(abandoned)
    del abandoned
    put(city, "sw", {"persons": [person("z", "赵六")]})
    assert len(list(scan_parties(city))) == 7


def test_contacts_are_no_parties_but_have_ties(store: Store) -> None:
    contact = {"party": "e", "kind": "地址", "value": "朝阳区１号"}
    put(store, "gs", {"enterprises": [enterprise("e", "星河")], "contacts": [contact]})
    kinds = {party.kind: party.id for party in scan_parties(store)}
    assert kinds == {"Enterprise": "gs:e"}
    assert one(store, "address:朝阳区1号").kind == "Contact"
    assert [tie.type for tie in scan_relations(store, wanted("HAS_CONTACT"))] == ["HAS_CONTACT"]
