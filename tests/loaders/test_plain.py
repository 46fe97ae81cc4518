"""The short way of plain rows gives what the long way gives, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.identity import DesignatorClass
from graph_service.model import NodeRow, Statement
from graph_service.text import uscc
from loaders.cells import Cell
from loaders.headers import read_header
from loaders.nodes import Nodes
from loaders.pieces import Kinds, Known
from loaders.plain import NotPlain
from loaders.rows import RowMapper
from loaders.specs import known_fields
from loaders.templates import recognise
from tests.loaders.support import ID_NUMBER, KEY, TODAY, USCC, Parsed, write_csv
from tests.support.proof import times

_TABLES = (
    *("enterprises", "persons", "legal_representatives", "shareholders", "executives"),
    *("employments", "controllers", "branches", "successors", "guarantees"),
    *("relatives", "concerts", "same_as"),
)


def _code(body: str) -> str:
    """A credit code that passes its check."""
    return next(body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if uscc(body + last))


_CODES = tuple(map(_code, ("91110105MA0123456", "9111010519491231E", "91110105194912310")))
_IDS = ("E1", "e-2", "P_9", "1E5", "12", "甲局:E1", "甲局:name:星河", "uscc:" + USCC, USCC.lower())
_CELLS = st.sampled_from(
    (
        *("", "", " ", "-", "null", "　E1 ", "pid:" + "0f" * 16, ID_NUMBER, "110***********1234"),
        *_IDS,
        *_CODES,
        *(USCC, USCC[:-1] + "1", "11010519491231002", "9.1E+17", "a b", "王伟", "䶮𠮷"),
        *("星河科技有限公司", "Li Lei", f"见{ID_NUMBER}号", "是", "否", "yes", "个人", "企业", "?"),
        *("2020-01-01", "2020年2月", "长期", "20200101", "2020-13-01", "43831", "03/04/2020"),
        *("35%", "0.35", "25-50%", "<5%", "35", "0", "1", "100万", "3 USD", "三百万"),
        *(
            "董事长",
            "董事长/总经理",
            "董事兼总经理",
            "chair",
            "园长",
            "兄弟姐妹",
            "配偶",
            '引"号\\',
        ),
    )
)


def _ways(table: str, header: list[str], rows: list[list[str]]) -> None:
    """Ask both ways about some rows."""
    mapper = RowMapper("甲局", KEY, TODAY)
    (plan,) = (one for one in recognise([read_header(h) for h in header], [table], False)[:1])
    if plan.table != table:
        return
    short = mapper.plain_reader(plan, "表.csv")
    for number, cells in enumerate(rows, 2):
        if short is None:
            return
        typed: list[Cell] = list(cells)
        try:
            statement, a, b = short(typed, number)
        except NotPlain:
            continue
        (row,) = plan.rows(typed)
        told = mapper.map(table, row, "表.csv", number)
        assert (told.rejections, told.warnings) == ([], [])
        assert [Statement(*statement)] == told.statements
        assert {NodeRow(*a), NodeRow(*(b or a))} == set(told.nodes)


@given(st.sampled_from(_TABLES), st.data())
@settings(max_examples=times(200, 5_000), deadline=None)
def test_both_ways_give_the_same(table: str, data: st.DataObject) -> None:
    fields = known_fields(table)
    header = data.draw(st.lists(st.sampled_from(fields), unique=True, min_size=2, max_size=9))
    rows = st.lists(_CELLS, min_size=len(header), max_size=len(header))
    _ways(table, header, data.draw(st.lists(rows, min_size=1, max_size=12)))


_PLAIN = {
    "enterprises": (["id", "uscc", "name", "capital"], ["E1", USCC, "星河科技", "100万"]),
    "persons": (["id", "name", "birth_date"], ["P1", "䶮𠮷", "1990-02-05"]),
    "shareholders": (
        ["enterprise", "holder", "holder_kind", "share", "since"],
        ["E1", "P1", "个人", "35%", "2020年1月1日"],
    ),
    "executives": (["enterprise", "person_name", "role"], [USCC, "王伟", "总经理"]),
    "controllers": (["enterprise_name", "controller"], ["星河科技", "P1"]),
    "relatives": (["person", "relative", "kin"], ["P2", "P1", "配偶"]),
    "guarantees": (["guarantor", "debtor", "amount"], ["E1", "星河科技有限公司", "3 USD"]),
}


@pytest.mark.parametrize("table", _PLAIN)
def test_a_plain_row_goes_the_short_way(table: str) -> None:
    header, cells = _PLAIN[table]
    mapper = RowMapper("甲局", KEY, TODAY)
    (plan,) = recognise([read_header(h) for h in header], [table], False)
    short = mapper.plain_reader(plan, "表.csv")
    assert short is not None
    statement, _, _ = short(list[Cell](cells), 2)
    assert statement[1] == table
    _ways(table, header, [cells])


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [
        ("persons", "id", ID_NUMBER[:-1] + "*"),
        ("shareholders", "share", "35"),
        ("shareholders", "holder", "E1"),  # the holder is the issuer: warned about
        ("executives", "role", "董事长/总经理"),
        ("relatives", "kin", "邻居"),
    ],
)
def test_whatever_a_rule_is_about_goes_the_long_way(table: str, column: str, cell: str) -> None:
    header, cells = _PLAIN[table]
    mapper = RowMapper("甲局", KEY, TODAY)
    (plan,) = recognise([read_header(h) for h in header], [table], False)
    short = mapper.plain_reader(plan, "表.csv")
    assert short is not None
    changed: list[Cell] = [
        cell if name == column else old for name, old in zip(header, cells, strict=True)
    ]
    if (table, column) == ("shareholders", "holder"):
        changed[2] = "企业"
    with pytest.raises(NotPlain):
        short(changed, 2)


def test_a_designator_is_handed_over_once_and_a_named_one_with_every_spelling() -> None:
    nodes = Nodes()
    local = NodeRow(7, "甲局:E1", DesignatorClass.LOCAL, "", "", "", 0, "甲局")
    named = NodeRow(
        8, "甲局:name:星河", DesignatorClass.ENTERPRISE_NAME, "", "星河", "星河", 0, "甲局"
    )
    wide = named._replace(name="星 河")
    for row in (local, named, local, named, wide, wide):
        nodes.hand_over(row)
    assert nodes.taken() == [tuple(local), tuple(named), tuple(wide)]
    assert nodes.taken() == []


def test_idle_rows_between_plain_ones_stay_idle(tmp_path: Path) -> None:
    rows = [
        ["id", "name"],
        ["P1", "王伟"],
        ["id ", "name\u3000"],
        ["合计", "1"],
        ["", ""],
        ["P2", "李四"],
    ]
    parsed = Parsed([write_csv(tmp_path / "persons.csv", rows)])
    assert [one["id"] for one in parsed.rows("persons")] == ["P1", "P2"]
    assert (parsed.counts["read"], parsed.counts["skipped"]) == ({"persons": 2}, {"persons": 3})


def test_however_many_kinds_a_file_says_few_are_remembered() -> None:
    made: list[str] = []

    def make(cell: str) -> list[Known]:
        made.append(cell)
        return []

    kinds = Kinds(make)
    for number in range(1_000):
        kinds[f"企业{number}"]
    assert len(kinds) <= 20
    kinds["企业999"]
    assert (made[-1], len(made)) == ("企业999", 1_000)
