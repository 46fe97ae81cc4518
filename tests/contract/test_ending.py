"""Promises about what ends ties and records: deregistration, ``--full``, and nothing else."""

from __future__ import annotations

import pytest

from graph_service.days import iso
from graph_service.model import FullOf
from graph_service.store.port import Store
from tests.contract.asking import day, ends, one, scan_records, ties, told
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import Tables, enterprise, legal, person, post, sanction, stake

FIRM = uscc(1)


def city(**more: str) -> Tables:
    """A firm with a director and a daughter."""
    return {
        "enterprises": [enterprise("e", "星河", **more), enterprise("d", "星河分部")],
        "persons": [person("p", "王伟")],
        "executives": [post("e", "p", since="2015-01-01")],
        "shareholders": [stake("d", "e", "0.6")],
    }


def test_deregistration_ends_all_ties_on_its_day(store: Store) -> None:
    put(store, "gs", city(status="注销", dissolved="2022-01-01"))
    assert ties(store, "gs:e") == []
    assert ties(store, "gs:e", as_of="2022-01-01") == []
    before = ties(store, "gs:e", as_of="2021-12-31")
    assert [iso(tie.until) for tie in before] == ["2022-01-01"] * 2
    former = ties(store, "gs:e", as_of="2023-01-01", back_to="2020-01-01")
    assert [tie.former for tie in former] == [True] * 2


def test_a_tie_that_ended_earlier_keeps_its_own_day(store: Store) -> None:
    tables = city(status="注销", dissolved="2022-01-01")
    tables["executives"] = [post("e", "p", until="2020-01-01")]
    put(store, "gs", tables)
    [tie] = ties(store, "gs:p", as_of="2019-01-01")
    assert iso(tie.until) == "2020-01-01"
    assert ties(store, "gs:p", as_of="2021-01-01") == []


def test_a_tie_on_a_deregistered_firm_stated_later_is_ended_too(store: Store) -> None:
    put(store, "gs", {"enterprises": city(status="注销", dissolved="2022-01-01")["enterprises"]})
    put(
        store,
        "sw",
        {"persons": [person("p", "王伟")], "legal_representatives": [legal("gs:e", "p")]},
    )
    assert ties(store, "gs:e") == []
    assert len(ties(store, "gs:e", as_of="2021-01-01")) == 1


def test_a_withdrawn_deregistration_gives_the_ties_back(store: Store) -> None:
    put(store, "gs", city())
    put(
        store,
        "sw",
        {"same_as": [], "enterprises": [enterprise("", "星河", uscc=FIRM)]},
    )
    put(
        store,
        "gs",
        {"enterprises": [enterprise("e", "星河", status="注销", dissolved="2022-01-01")]},
    )
    assert ties(store, "gs:e") == []
    put(store, "gs", {"enterprises": [enterprise("e", "星河", status="存续")]})
    assert len(ties(store, "gs:e")) == 2


@pytest.mark.parametrize("status", ["吊销", "吊销，未注销", "停业", "责令关闭", "存续"])
def test_a_revoked_licence_and_other_statuses_end_nothing(store: Store, status: str) -> None:
    put(store, "gs", city(status=status, status_date="2022-01-01"))
    assert len(ties(store, "gs:e")) == 2


FULL_BEFORE: Tables = {
    "enterprises": [
        enterprise("e", "星河", region="北京"),
        enterprise("f", "银河", region="上海"),
    ],
    "persons": [person("p", "王伟", gender="男"), person("q", "王强")],
    "executives": [post("e", "p"), post("e", "q")],
    "sanctions": [sanction("p", id="R1"), sanction("q", id="R2")],
}
FULL_AFTER: Tables = {
    "enterprises": [enterprise("e", "星河", region="北京")],
    "persons": [person("q", "王强")],
    "executives": [post("e", "q")],
    "sanctions": [sanction("q", id="R2")],
}
DAY = FullOf("gs", day("2025-06-01"))


def test_an_ordinary_load_ends_nothing(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    put(store, "gs", FULL_AFTER)
    assert len(ties(store, "gs:e")) == 2
    assert len(list(scan_records(store, "2026-01-01"))) == 2


def test_a_full_load_ends_what_its_source_no_longer_says(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    written = put(store, "gs", FULL_AFTER, full=[DAY])
    assert sum(written.ended.values()) >= 2
    assert ends(ties(store, "gs:e")) == [("EXECUTIVE_OF", "gs:q", "gs:e")]
    assert ties(store, "gs:p", as_of="2001-01-01") == []
    [tie] = ties(store, "gs:p", back_to="2025-01-01")
    assert (tie.ended, tie.until, tie.former) == (True, None, True)


def test_a_full_load_removes_the_records_it_no_longer_has(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    put(store, "gs", FULL_AFTER, full=[DAY])
    [record] = one(store, "gs:p").records
    assert record.status == "removed"
    for when in ("2001-01-01", "2025-05-31", "2026-01-01"):
        assert [found.id for found in scan_records(store, when)] == ["gs:R2"]


def test_a_record_that_a_full_load_removes_loses_its_own_end(store: Store) -> None:
    """Removed on an unknown day: it is in force on no day, whatever end its row had stated."""
    row = sanction(FIRM, id="R1", status="有效", until="2022-06-01")
    put(store, "gs", {"sanctions": [row]})
    put(store, "gs", {"persons": [person("p", "王伟")]}, full=[DAY])
    [record] = one(store, f"uscc:{FIRM}").records
    assert (record.status, record.until) == ("removed", None)
    assert list(scan_records(store, "2020-01-01")) == []


def test_a_party_that_a_full_load_leaves_out_loses_its_attributes_only(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    put(store, "gs", FULL_AFTER, full=[DAY])
    left = one(store, "gs:f")
    assert (left.id, left.kind) == ("gs:f", "Enterprise")
    assert "region" not in left.attributes
    assert "gender" not in one(store, "gs:p").attributes
    assert one(store, "gs:e").attributes["region"] == "北京"


def test_a_full_load_touches_only_its_own_source(maker: Maker) -> None:
    store = maker.new("sw")
    firm = [enterprise("", "星河", uscc=FIRM, region="北京")]
    tables: Tables = {
        "enterprises": firm,
        "executives": [post(FIRM, "", person_name="张三")],
        "sanctions": [sanction(FIRM, id="R1")],
    }
    for source in ("gs", "sw"):
        put(store, source, tables)
    put(store, "gs", {"enterprises": [enterprise("z", "其他")]}, full=[DAY])
    assert len(ties(store, f"uscc:{FIRM}")) == 1
    assert one(store, f"uscc:{FIRM}").attributes["region"] == "北京"
    assert [found.id for found in scan_records(store, "2026-01-01")] == ["sw:R1"]
    store.forget("gs")
    alone = maker.new("sw")
    put(alone, "sw", tables)
    assert told(store) == told(alone)


def test_what_is_said_again_after_a_full_load_holds_again(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    put(store, "gs", FULL_AFTER, full=[DAY])
    put(store, "gs", {"executives": [post("e", "p")], "sanctions": [sanction("p", id="R1")]})
    assert len(ties(store, "gs:e")) == 2
    assert len(list(scan_records(store, "2026-01-01"))) == 2


def test_the_same_full_load_twice_changes_nothing(store: Store) -> None:
    put(store, "gs", FULL_BEFORE)
    put(store, "gs", FULL_AFTER, full=[DAY])
    once = told(store)
    written = put(store, "gs", FULL_AFTER, full=[DAY])
    assert told(store) == once
    assert sum(written.ended.values()) == 0


def test_a_full_load_of_everything_ends_nothing(maker: Maker) -> None:
    full, plain = maker.new(), maker.new()
    for target in (full, plain):
        put(target, "gs", FULL_BEFORE)
    written = put(full, "gs", FULL_BEFORE, full=[DAY])
    assert sum(written.ended.values()) == 0
    assert told(full) == told(plain)


def test_a_full_load_of_an_earlier_day_does_not_end_what_a_later_row_says(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("e", "星河")],
            "persons": [person("p", "王伟")],
            "executives": [post("e", "p", record_date="2025-07-01")],
        },
    )
    put(store, "gs", {"enterprises": [enterprise("e", "星河")]}, full=[DAY])
    assert len(ties(store, "gs:e")) == 1


@pytest.mark.parametrize(
    ("row", "in_force"),
    [
        ({}, {"1990-01-01", "2020-01-01", "2026-01-01"}),
        ({"listed": "2020-01-01"}, {"2020-01-01", "2026-01-01"}),
        ({"decided": "2020-01-01"}, {"2020-01-01", "2026-01-01"}),
        ({"decided": "1980-01-01", "listed": "2020-01-01"}, {"2020-01-01", "2026-01-01"}),
        ({"valid_until": "2020-01-01"}, {"1990-01-01", "2020-01-01"}),
        ({"valid_until": "2019-12-31"}, {"1990-01-01"}),
        ({"status": "有效", "valid_until": "2020-01-01"}, {"1990-01-01", "2020-01-01"}),
        ({"status": "异议中"}, {"1990-01-01", "2020-01-01", "2026-01-01"}),
        ({"status": "已修复", "until": "2020-01-01"}, {"1990-01-01"}),
        ({"status": "已修复", "until": "2020-01-02"}, {"1990-01-01", "2020-01-01"}),
        ({"status": "已修复"}, set()),
        ({"status": "撤销", "listed": "2010-01-01", "until": "2021-01-01"}, {"2020-01-01"}),
        ({"status": "移出"}, set()),
        ({"label": "no"}, set()),
    ],
)
def test_records_are_in_force_as_the_domain_says(
    store: Store, row: dict[str, str], in_force: set[str]
) -> None:
    put(store, "gs", {"sanctions": [sanction(FIRM, id="R1", **row)]})
    days = ("1990-01-01", "2020-01-01", "2026-01-01")
    assert {when for when in days if list(scan_records(store, when))} == in_force


def test_an_honour_is_kept_and_never_in_force(store: Store) -> None:
    put(store, "gs", {"honours": [sanction(FIRM, "守信激励对象", id="H1")]})
    assert list(scan_records(store, "2026-01-01")) == []
    [record] = one(store, f"uscc:{FIRM}").records
    assert (record.honour, record.id) == (True, "gs:H1")


def test_full_keeps_what_it_changes(store: Store) -> None:
    """The statements that a full load replaces give their places to nobody: it ends none of its
    own, whatever stood last."""
    first: Tables = {
        "enterprises": [enterprise("e", "星河"), enterprise("d", "星河分部")],
        "persons": [person("p", "王䶮")],
        "legal_representatives": [legal("e", "p")],
        "shareholders": [stake("d", "e", "0.6")],
    }
    put(store, "gs", first)
    digest = store.info().digest
    changed: Tables = {**first, "shareholders": [stake("d", "e", "0.7")]}
    written = put(store, "gs", changed, full=[FullOf("gs", day("2024-01-01"))])
    assert (dict(written.updated), dict(written.ended)) == ({"shareholders": 1}, {})
    assert len(ties(store, "gs:e")) == 2
    fewer: Tables = {**first, "legal_representatives": [], "shareholders": []}
    put(store, "gs", fewer, full=[FullOf("gs", day("2024-02-01"))])
    assert ties(store, "gs:e") == []
    again = put(store, "gs", first, full=[FullOf("gs", day("2024-03-01"))])
    assert dict(again.ended) == {}
    assert store.info().digest == digest
