"""Columns of a printed table: they fit the page, and nothing is cut that had room."""

from __future__ import annotations

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.report.columns import columns, lines
from viz.style import ems_of
from viz.tables import Table

PAGE = 60.0
CELL = st.text("星河䶮𠮷ＡＢab 1%\n", max_size=60)
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)


def table(*rows: list[str]) -> Table:
    """A table of which the first row is the heading."""
    return Table("table", "表", tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


@given(TABLES, st.floats(5, 200))
def test_columns_never_pass_the_page_and_none_is_lost(rows: list[list[str]], page: float) -> None:
    widths = columns(table(*rows), page)
    assert len(widths) == len(rows[0])
    assert sum(widths) <= page + 1e-6
    assert min(widths) > 0


def test_a_table_that_fits_gives_every_cell_its_line() -> None:
    made = table(["名称", "比例"], ["星河贸易有限公司", "35%"], ["䶮", "100%"])
    widths = columns(made, PAGE)
    assert widths == [ems_of("星河贸易有限公司") + 1, ems_of("100%") + 1]
    assert [lines(row, widths) for row in made.rows] == [1, 1]


def test_the_long_column_gets_what_the_short_ones_leave() -> None:
    made = table(["编号", "说明", "日"], ["1", "证据" * 80, "1"], ["2", "无", "2"])
    widths = columns(made, PAGE)
    assert sum(widths) == pytest.approx(PAGE)
    assert (widths[0], widths[2]) == (ems_of("编号") + 1, ems_of("日") + 1)
    assert lines(made.rows[0], widths) == ceil(160 / (widths[1] - 0.5))
    assert lines(made.rows[1], widths) == 1


def test_two_long_columns_share_what_is_left() -> None:
    first, second = columns(table(["甲", "乙"], ["长" * 99, "长" * 99]), PAGE)
    assert first == pytest.approx(second) == pytest.approx(PAGE / 2)


def test_a_page_too_narrow_for_the_headings_narrows_all_alike() -> None:
    widths = columns(table(["统一社会信用代码", "统一社会信用代码"], ["", ""]), 9.0)
    assert widths == pytest.approx([4.5, 4.5])


def test_only_the_first_rows_say_how_wide_a_column_is() -> None:
    rows = [["短"]] * 300
    seen = columns(table(["甲"], *rows), PAGE)
    assert columns(table(["甲"], *rows, ["长" * 50]), PAGE) == seen
    assert columns(table(["甲"], *rows[1:], ["长" * 50]), PAGE) > seen


@pytest.mark.parametrize(
    ("text", "taken"), [("", 1), ("甲", 1), ("甲\n乙", 2), ("甲\n\n乙", 3), ("甲" * 10, 2)]
)
def test_a_row_is_as_high_as_its_fullest_cell(text: str, taken: int) -> None:
    assert lines(["短", text], [5.5, 5.5]) == taken
