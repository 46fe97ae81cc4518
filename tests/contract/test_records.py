"""Promises about records: every field, one id each, and what of several rows is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph_service.model import SourceRef
from graph_service.store.port import Store
from tests.contract.asking import day, one, scan_records, told
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import Row, person, sanction

FIRM = uscc(1)
WHOLE: Row = {
    "id": "R1",
    "subject": FIRM,
    "list": "失信被执行人名单",
    "label": "是",
    "document_no": "(2024)京01执1号",
    "authority": "北京市第一中级人民法院",
    "basis": "民事诉讼法",
    "reason": "有履行能力而拒不履行",
    "measures": "限制高消费",
    "penalty_kind": "罚款",
    "fine_amount": "2.5万元",
    "personally_responsible": "是",
    "disclosure": "公开",
    "decided": "2024-01-02",
    "listed": "2024-01-03",
    "valid_until": "2027-01-03",
    "status": "异议中",
}


def test_a_record_keeps_every_field(store: Store) -> None:
    put(store, "fy", {"sanctions": [WHOLE]}, file="失信.csv")
    [record] = one(store, f"uscc:{FIRM}").records
    assert (record.id, record.subject) == ("fy:R1", f"uscc:{FIRM}")
    assert (record.honour, record.list, record.label) == (False, "失信被执行人", True)
    assert record.document_no == "(2024)京01执1号"
    assert record.authority == "北京市第一中级人民法院"
    assert record.basis == "民事诉讼法"
    assert record.reason == "有履行能力而拒不履行"
    assert record.measures == "限制高消费"
    assert record.penalty_kind == "罚款"
    assert record.fine == Decimal(25000)
    assert record.personally_responsible is True
    assert record.disclosure == "public"
    assert (record.decided, record.listed) == (day("2024-01-02"), day("2024-01-03"))
    assert record.valid_until == day("2027-01-03")
    assert (record.status, record.until) == ("under_objection", None)
    assert record.sources == (SourceRef("fy", "失信.csv", 2),)


def test_a_bare_record_says_nothing_it_was_not_told(store: Store) -> None:
    put(store, "fy", {"sanctions": [{"subject": FIRM, "list": "某市黑名单"}]})
    [record] = one(store, f"uscc:{FIRM}").records
    assert record.list == "某市黑名单"
    assert record.label is True
    assert (record.fine, record.personally_responsible, record.status) == (None, None, None)
    assert (record.listed, record.decided, record.valid_until) == (None, None, None)


def test_records_come_only_when_asked_for_and_in_id_order(store: Store) -> None:
    put(store, "fy", {"sanctions": [sanction(FIRM, id=f"R{n}") for n in (2, 10, 1)]})
    asked = f"uscc:{FIRM}"
    assert store.parties([asked])[asked].records == ()
    assert [record.id for record in one(store, asked).records] == ["fy:R1", "fy:R10", "fy:R2"]


@pytest.mark.parametrize(
    ("row", "id_"),
    [
        ({"id": "R1", "document_no": "文1"}, "fy:R1"),
        ({"document_no": "文1"}, f"fy:文1:uscc:{FIRM}"),
        ({}, f"fy:uscc:{FIRM}:行政处罚"),
    ],
)
def test_a_record_is_known_by_its_id_its_document_or_its_list(
    store: Store, row: Row, id_: str
) -> None:
    put(store, "fy", {"sanctions": [sanction(FIRM, "行政处罚", **row)]})
    assert [record.id for record in scan_records(store)] == [id_]


def test_one_document_about_two_subjects_is_two_records(store: Store) -> None:
    rows = [sanction(FIRM, document_no="文1"), sanction(uscc(2), document_no="文1")]
    put(store, "fy", {"sanctions": rows})
    assert len(list(scan_records(store))) == 2
    assert len(one(store, f"uscc:{FIRM}").records) == 1


@pytest.mark.parametrize("turned", [False, True])
def test_the_later_record_date_of_one_record_shows(store: Store, turned: bool) -> None:
    rows = [
        sanction(FIRM, id="R1", record_date="2024-01-01", status="有效"),
        sanction(FIRM, id="R1", record_date="2025-01-01", status="已修复", until="2025-01-01"),
    ]
    for row in rows[::-1] if turned else rows:
        put(store, "fy", {"sanctions": [row]})
    [record] = one(store, f"uscc:{FIRM}").records
    assert (record.status, record.until) == ("repaired", day("2025-01-01"))


def test_a_later_load_corrects_a_record(store: Store) -> None:
    put(store, "fy", {"sanctions": [sanction(FIRM, id="R1", reason="误")]})
    put(store, "fy", {"sanctions": [sanction(FIRM, id="R1", reason="正")]})
    assert [record.reason for record in scan_records(store)] == ["正"]


def test_a_record_that_changes_its_subject_moves(store: Store) -> None:
    people = [person("p", "王伟"), person("q", "李强")]
    put(store, "fy", {"persons": people, "sanctions": [sanction("p", id="R1")]})
    put(store, "fy", {"sanctions": [sanction("q", id="R1")]})
    assert one(store, "fy:p").records == ()
    assert [record.id for record in one(store, "fy:q").records] == ["fy:R1"]


def test_two_sources_give_two_records(store: Store) -> None:
    for source in ("fy", "xy"):
        put(store, source, {"sanctions": [sanction(FIRM, id="R1")]})
    assert [record.id for record in one(store, f"uscc:{FIRM}").records] == ["fy:R1", "xy:R1"]


def test_two_values_of_one_record_in_one_load_show_one_whatever_their_order(
    maker: Maker,
) -> None:
    rows = [sanction(FIRM, id="R1", reason="甲"), sanction(FIRM, id="R1", reason="乙")]
    first, second = maker.new(), maker.new()
    put(first, "fy", {"sanctions": rows})
    put(second, "fy", {"sanctions": rows[::-1]})
    assert len(list(scan_records(first))) == 1
    shown = [record.reason for store in (first, second) for record in scan_records(store)]
    assert shown[0] == shown[1]
    assert first.info().digest == second.info().digest


def test_honours_and_sanctions_stand_side_by_side(store: Store) -> None:
    put(
        store,
        "xy",
        {
            "honours": [sanction(FIRM, "纳税信用A级", id="H1")],
            "sanctions": [sanction(FIRM, id="S1")],
        },
    )
    records = one(store, f"uscc:{FIRM}").records
    assert [(record.id, record.honour) for record in records] == [("xy:H1", True), ("xy:S1", False)]
    assert [record.id for record in scan_records(store, "2026-01-01")] == ["xy:S1"]


def test_a_record_of_a_withheld_row_is_nowhere(store: Store) -> None:
    written = put(store, "fy", {"sanctions": [sanction("nobody", id="R1")]})
    assert [row.rule for row in written.withheld] == ["dangling_reference"]
    assert told(store)["records"] == []
    assert store.info().digest == "0" * 64
