"""The mapping of canonical rows to statements and designators."""

from __future__ import annotations

from datetime import date

import pytest

from graph_service.identity import DesignatorClass
from graph_service.model import SHARE_SCALE, NodeRow
from graph_service.text import citizen_id, uscc
from loaders.batches import batch
from loaders.rows import Mapped, RowMapper
from tests.loaders.support import (
    ID_NUMBER,
    KEY,
    TODAY,
    USCC,
    one,
    stated,
    values,
)


def _nodes(mapped: Mapped) -> dict[str, NodeRow]:
    return {node.text: node for node in mapped.nodes}


def _rules(mapped: Mapped) -> list[tuple[str, str]]:
    return [(rejection.column, rejection.rule) for rejection in mapped.rejections]


def test_an_enterprise_by_local_id_with_its_code_beside() -> None:
    mapped = one("enterprises", id="E1", uscc=USCC.lower(), name=" 星河科技　", capital="100万元")
    statement = stated(mapped)
    assert values(statement) == {
        "capital": "1000000",
        "id": "E1",
        "name": "星河科技",
        "uscc": USCC,
    }
    assert statement.values == (
        f'{{"capital":"1000000","id":"E1","name":"星河科技","uscc":"{USCC}"}}'
    )
    nodes = _nodes(mapped)
    assert statement.a == nodes["甲局:E1"].node
    assert statement.b == nodes[f"uscc:{USCC}"].node
    assert nodes["甲局:E1"].cls == DesignatorClass.LOCAL
    assert (statement.type, statement.part, statement.row) == ("", 0, 2)


def test_an_enterprise_by_name_only() -> None:
    mapped = one("enterprises", name="北京（星河）科技")
    (node,) = mapped.nodes
    assert (node.text, node.cls) == ("甲局:name:北京(星河)科技", DesignatorClass.ENTERPRISE_NAME)
    assert (node.name, node.folded) == ("北京（星河）科技", "北京(星河)科技")


def test_an_id_number_leaves_only_its_hash_and_mask() -> None:
    mapped = one("persons", id="P1", name="䶮𠮷", id_number=ID_NUMBER)
    statement = stated(mapped)
    pid = KEY.id_hash(ID_NUMBER)
    assert values(statement)["pid"] == pid
    assert values(statement)["id_mask"] == "1****************X"
    assert statement.b == _nodes(mapped)[f"pid:{pid}"].node
    assert ID_NUMBER not in repr(mapped)


def test_a_clear_id_number_in_an_id_cell_is_hashed_too() -> None:
    for table, row in (
        ("persons", {"id": ID_NUMBER, "name": "张三"}),
        ("executives", {"enterprise": "E1", "person": ID_NUMBER, "role": "董事"}),
        ("shareholders", {"enterprise": "E1", "holder": ID_NUMBER}),
        ("sanctions", {"subject": ID_NUMBER, "list": "市场禁入"}),
    ):
        mapped = one(table, **row)
        assert f"pid:{KEY.id_hash(ID_NUMBER)}" in _nodes(mapped)
        assert ID_NUMBER not in repr(mapped)


def test_an_id_number_that_passes_for_a_code_is_a_persons() -> None:
    number = "190001195105292943"
    assert citizen_id(number, TODAY)
    assert uscc(number)
    for table, row in (
        ("legal_representatives", {"enterprise": "E1", "person_name": "甲",
                                   "person_id_number": number}),
        ("shareholders", {"enterprise": "E1", "holder": number}),
        ("sanctions", {"subject": number, "list": "OFAC"}),
        ("same_as", {"party": number, "same": "P1"}),
    ):  # fmt: skip
        mapped = one(table, **row)
        assert f"pid:{KEY.id_hash(number)}" in _nodes(mapped)
        assert number not in repr(mapped)


def test_an_organisations_code_in_the_number_column() -> None:
    mapped = one("shareholders", enterprise="E1", holder_name="星河公司", holder_id_number=USCC)
    assert f"uscc:{USCC}" in _nodes(mapped)
    assert values(stated(mapped))["holder"] == f"uscc:{USCC}"


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("executives", {"enterprise": "E1", "person": "P1", "role": f"董事{ID_NUMBER}"}),
        ("tenders", {"id": f"T{ID_NUMBER}"}),
        ("sanctions", {"subject": "E1", "list": f"黑榜{ID_NUMBER}"}),
        ("sanctions", {"subject": "E1", "list": "OFAC", "reason": f"冒用{ID_NUMBER}办证"}),
        ("sanctions", {"subject": "E1", "list": "OFAC", "id": f"R-{ID_NUMBER}"}),
        ("sanctions", {"subject_name": f"张三({ID_NUMBER})", "list": "OFAC"}),
        ("executives", {"enterprise": "E1", "person": f"P-{ID_NUMBER}", "role": "董事"}),
        ("persons", {"id": f"P-{ID_NUMBER}", "name": "张三"}),
    ],
)
def test_a_clear_id_number_inside_a_text_is_hidden(table: str, row: dict[str, str]) -> None:
    mapped = one(table, **row)
    again = one(table, **values(stated(mapped)))
    assert ID_NUMBER not in repr(mapped)
    assert stated(again).values == stated(mapped).values
    assert stated(again).key == stated(mapped).key


def test_a_fifteen_digit_number_is_upgraded_with_a_note() -> None:
    mapped = one("persons", name="张三", id_number="110105491231002")
    assert f"pid:{KEY.id_hash(ID_NUMBER)}" in _nodes(mapped)
    assert mapped.warnings == ["id_upgraded"]


def test_a_starred_number_is_kept_as_a_mask_and_joins_nothing() -> None:
    mapped = one("executives", enterprise="E1", person_name="张三", role="董事",
                 person_id_number="110105********002X")  # fmt: skip
    assert mapped.warnings == ["masked_id"]
    assert values(stated(mapped))["id_mask"] == "1****************X"
    assert _nodes(mapped)["甲局:甲局:E1:name:张三"].cls == DesignatorClass.PERSON_NAME


@pytest.mark.parametrize(
    ("table", "row", "column", "rule"),
    [
        ("persons", {"name": "张三", "id_number": ID_NUMBER[:17] + "1"}, "id_number",
         "bad_id_number"),
        ("persons", {"name": "张三", "id_number": "1.10105E+17"}, "id_number", "float_id"),
        ("persons", {"name": "张三"}, "id", "missing_required"),
        ("persons", {"name": "张三", "id_number": "110105********002X"}, "id", "missing_required"),
        ("persons", {"id": "P1"}, "name", "missing_required"),
        ("enterprises", {"name": "甲", "uscc": USCC[:17] + "1"}, "uscc", "bad_uscc"),
        ("enterprises", {"name": "甲", "established": "2020-02-30"}, "established", "bad_date"),
        ("executives", {"enterprise": "E1", "person": "P1"}, "role", "missing_required"),
        ("executives", {"enterprise": "E1", "role": "董事"}, "person_name", "missing_required"),
        ("executives", {"person": "P1", "role": "董事"}, "enterprise_name", "missing_required"),
        ("executives", {"enterprise": "E1", "person": USCC, "role": "董事"}, "person",
         "kind_conflict"),
        ("shareholders", {"enterprise": "E1", "holder": "P1", "share": "35"}, "share",
         "bad_share"),
        ("shareholders", {"enterprise": "uscc:" + USCC[:17] + "1", "holder": "P1"}, "enterprise",
         "bad_uscc"),
        ("shareholders", {"enterprise": "9.1350211E+17", "holder": "P1"}, "enterprise",
         "float_id"),
        ("shareholders", {"enterprise": "uscc:9.1350211E+17", "holder": "P1"}, "enterprise",
         "float_id"),
        ("sanctions", {"subject": "E1"}, "list", "missing_required"),
        ("sanctions", {"list": "市场禁入"}, "subject_name", "missing_required"),
        ("relatives", {"person": "P1"}, "relative", "missing_required"),
        ("contacts", {"party": "P1", "kind": "电话"}, "value", "missing_required"),
    ],
)  # fmt: skip
def test_rejections(table: str, row: dict[str, str], column: str, rule: str) -> None:
    mapped = one(table, **row)
    assert _rules(mapped)[0] == (column, rule)
    assert mapped.statements == []
    assert mapped.nodes == []


def test_what_is_told_of_a_bad_number_is_masked() -> None:
    mapped = one("persons", name="张三", id_number=ID_NUMBER[:17] + "1")
    assert mapped.rejections[0].value == "1****************1"


def test_on_bad_keeps_the_row_without_the_value() -> None:
    mapper = RowMapper("甲局", KEY, TODAY, on_bad={"bad_uscc": "warn", "bad_date": "warn"})
    row = {"id": "E1", "name": "甲公司", "uscc": "坏", "established": "坏"}
    mapped = mapper.map("enterprises", row, "表.csv", 2)
    assert sorted(mapped.warnings) == ["bad_date", "bad_uscc"]
    assert values(stated(mapped)) == {"id": "E1", "name": "甲公司"}


def test_one_title_cell_gives_several_posts() -> None:
    mapped = one("executives", enterprise="E1", person="P1", role="董事长/总经理、党委书记")
    found = [(s.role, values(s)["title"], s.part) for s in mapped.statements]
    assert found == [
        ("chair", "董事长", 0),
        ("general_manager", "总经理", 1),
        ("other", "党委书记", 2),
    ]
    assert mapped.warnings == ["unknown_code"]
    assert len({s.key for s in mapped.statements}) == 3


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("董事兼副总经理", ["director", "deputy_general_manager"]),
        ("董事，监事；总经理", ["director", "supervisor", "general_manager"]),
        ("总经理/经理", ["general_manager"]),
        ("独立董事", ["independent_director"]),
        ("董事 副总经理", ["director", "deputy_general_manager"]),
        ("监事（职工）", ["employee_supervisor"]),
        ("总经理（代）", ["general_manager"]),
        ("Managing Partner", ["other"]),
        ("chair", ["chair"]),
    ],
)
def test_titles(cell: str, codes: list[str]) -> None:
    mapped = one("executives", enterprise="E1", person="P1", role=cell)
    assert [statement.role for statement in mapped.statements] == codes


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("张三", "Person"),
        ("欧阳娜娜", "Person"),
        ("阿卜杜热合曼·买买提江", "Person"),
        ("John Smith", "Person"),
        ("李社", "Person"),
        ("星河投资合伙企业（有限合伙）", "Enterprise"),
        ("天健会计师事务所(特殊普通合伙)", "Enterprise"),
        ("国资委", "Enterprise"),
        ("示例市财政局", "Enterprise"),
        ("红星养殖专业户联合经营", "Enterprise"),
        ("ACME Holdings Ltd.", "Enterprise"),
        ("东方红农业社", "Enterprise"),
    ],
)
def test_a_holder_known_by_name_is_guessed_and_warned(name: str, kind: str) -> None:
    mapped = one("shareholders", enterprise="E1", holder_name=name)
    assert mapped.warnings == ["kind_guessed"]
    (holder,) = [node for node in mapped.nodes if node.text != "甲局:E1"]
    assert holder.kind == kind


def test_a_stated_kind_is_not_guessed() -> None:
    mapped = one("shareholders", enterprise="E1", holder_name="宇宙", holder_kind="企业法人")
    assert mapped.warnings == []
    assert values(stated(mapped))["holder_kind"] == "enterprise"
    assert "甲局:name:宇宙" in _nodes(mapped)


def test_shares_and_self_holding() -> None:
    mapped = one("shareholders", enterprise="E1", holder="E1", share="25-50%")
    statement = stated(mapped)
    assert (statement.share_low, statement.share_high) == (SHARE_SCALE // 4, SHARE_SCALE // 2)
    assert values(statement)["share"] == "0.25-0.5"
    assert mapped.warnings == ["self_holding"]
    unknown = stated(one("shareholders", enterprise="E1", holder="P1"))
    assert (unknown.share_low, unknown.share_high) == (-1, -1)


def test_a_nominator_is_a_designator_of_its_own() -> None:
    mapped = one("shareholders", enterprise="E1", holder="P1", nominee_for="P9")
    assert "甲局:P9" in _nodes(mapped)


def test_persons_of_one_enterprise_share_a_scope() -> None:
    mapped = one("legal_representatives", enterprise="E1", person_name="张 三")
    nodes = _nodes(mapped)
    assert nodes["甲局:甲局:E1:name:张三"].scope == nodes["甲局:E1"].node


def test_a_sanctioned_person_by_name_is_scoped_by_the_record() -> None:
    mapped = one("sanctions", subject_name="张三", list="失信被执行人", document_no="(2020)京01")
    (node,) = mapped.nodes
    assert (node.text, node.cls) == ("甲局:(2020)京01:name:张三", DesignatorClass.RECORD_NAME)


def test_an_unknown_list_stays_as_written() -> None:
    mapped = one("sanctions", subject="E1", list="本市黑榜")
    assert mapped.warnings == ["unknown_code"]
    assert values(stated(mapped))["list"] == "本市黑榜"


def test_record_keys() -> None:
    by_id = {stated(one("sanctions", id="R1", subject=s, list="OFAC")).key for s in ("E1", "E2")}
    assert len(by_id) == 1
    by_document = {
        stated(one("sanctions", document_no="X", subject="E1", list=name)).key
        for name in ("OFAC", "市场禁入")
    }
    assert len(by_document) == 1
    by_list = {stated(one("sanctions", subject="E1", list=n)).key for n in ("OFAC", "市场禁入")}
    assert len(by_list) == 2


def test_relation_keys_hold_role_and_since() -> None:
    def key(**more: str) -> int:
        row = {"enterprise": "E1", "person": "P1", "role": "董事"} | more
        return stated(one("executives", **row)).key

    assert key() == key(until="2021-01-01")
    assert len({key(), key(role="监事"), key(since="2020-01-01")}) == 3


def test_undirected_relations_have_one_key() -> None:
    first = stated(one("relatives", person="P1", relative="P2", kin="侄子"))
    second = stated(one("relatives", person="P2", relative="P1", kin="叔叔"))
    assert first.key == second.key
    assert first.a == second.b
    assert values(first)["kin"] == "nephew_niece"


def test_a_reviewer_confirms_and_a_score_only_suspects() -> None:
    assert stated(one("same_as", party="P1", same="P2", reviewer="甲")).type == "SAME_AS"
    assert stated(one("same_as", party="P1", same="P2", score="0.9")).type == "POSSIBLY_SAME_AS"


def test_contacts_but_addresses_are_hashed() -> None:
    nodes = _nodes(one("contacts", party="E1", kind="手机", value="138 0000-0000"))
    assert any(text.startswith("phone:") for text in nodes)
    assert not any("138" in text for text in nodes)
    same = _nodes(one("contacts", party="E1", kind="phone", value="13800000000"))
    assert nodes.keys() == same.keys()
    nodes = _nodes(one("contacts", party="E1", kind="地址", value="示例路 1号"))
    assert "address:示例路1号" in nodes


def test_a_tender_gives_its_buyer_and_others() -> None:
    mapped = one("tenders", id="T1", lot="2", buyer="示例市财政局", designer="E7")
    assert [s.type for s in mapped.statements] == ["", "BUYS", "DESIGNS"]
    assert {"甲局:T1:2", "甲局:name:示例市财政局", "甲局:E7"} <= _nodes(mapped).keys()


def test_bidders_by_id_code_and_name() -> None:
    for bidder, text in (
        ("E1", "甲局:E1"),
        (USCC, f"uscc:{USCC}"),
        ("星河科技", "甲局:name:星河科技"),
    ):
        assert text in _nodes(one("bids", tender="T1", bidder=bidder))


def test_a_controller_cell_may_hold_a_name() -> None:
    nodes = _nodes(one("controllers", enterprise="E1", controller="张三"))
    assert "甲局:甲局:E1:name:张三" in nodes


def test_the_row_may_name_its_own_source_and_place() -> None:
    statement = stated(
        one(
            "shareholders",
            enterprise="E1",
            holder="E2",
            source="乙局",
            source_file="原.csv",
            source_row="7",
            record_date="2020年1月1日",
        )
    )
    assert (statement.source, statement.file, statement.row) == ("乙局", "原.csv", 7)
    assert statement.record_date == date(2020, 1, 1).toordinal()
    assert values(statement) == {"enterprise": "E1", "holder": "E2"}


def test_a_stored_id_of_the_own_source_is_its_local_id() -> None:
    assert _nodes(one("same_as", party="甲局:P1", same="乙局:P1")).keys() == {
        "甲局:P1",
        "甲局:乙局:P1",
    }


def test_ids_per_kind() -> None:
    mapper = RowMapper("甲局", KEY, TODAY, per_kind=True)
    row = {"enterprise": "7", "person": "7", "role": "董事"}
    mapped = mapper.map("executives", row, "表.csv", 2)
    assert _nodes(mapped).keys() == {"甲局:person:7", "甲局:enterprise:7"}
    again = one("executives", **values(stated(mapped)))
    assert _nodes(again).keys() == _nodes(mapped).keys()


def test_unreadable_amounts_and_answers_are_left_out_aloud() -> None:
    mapped = one("guarantees", guarantor="E1", debtor="E2", amount="若干", ended="也许")
    assert sorted(mapped.warnings) == ["bad_amount", "unknown_code"]
    assert values(stated(mapped)) == {"debtor": "E2", "guarantor": "E1"}


def test_a_batch_names_each_designator_once() -> None:
    rows = [one("shareholders", enterprise="E1", holder=f"P{n % 2}") for n in range(4)]
    made = batch(rows)
    assert len(made.statements) == 4
    assert sorted(node.text for node in made.nodes) == ["甲局:E1", "甲局:P0", "甲局:P1"]
