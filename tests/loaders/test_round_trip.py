"""Export and load again: the statement comes back the same, whatever the cells were."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.model import StoredStatement
from graph_service.schema import TABLES, table_columns
from loaders.export import HEADERS, exported_row
from loaders.headers import bind, plan_of, read_header
from loaders.rows import RowMapper
from tests.loaders.support import ID_NUMBER, KEY, OTHER_ID_NUMBER, TODAY, USCC

_CELLS = st.one_of(
    st.sampled_from(
        [
            *("E1", "P-7", USCC, f"uscc:{USCC}", ID_NUMBER, OTHER_ID_NUMBER, "甲局:E1", "乙:9"),
            *("张三", "示例市星河科技有限公司", "是", "否", "0", "1", "35%", "<5%", ">50%"),
            *("25-50%", "0.123456789012345678", "2020-01-31", "长期", "43861", "100万元"),
            *("董事长/总经理", "董事", "spouse", "侄子", "失信被执行人", "怪名单", "电话", "有效"),
            *("110105********002X", "=1+1", "'引号", "+86 10", "-", "person", "企业", "自然人"),
            *(f"P-{ID_NUMBER}", "190001195105292943"),
            *(
                "甲局:name:星河",
                "甲局:甲局:E1",
                f"P-{ID_NUMBER}",
                "a b/c?d#e%20",
                "pid:" + "a" * 32,
                "行一\n行二",
            ),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)
_TABLES = st.sampled_from(sorted(TABLES))


@st.composite
def _rows(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    table = draw(_TABLES)
    columns = [column.name for column in table_columns(TABLES[table])]
    chosen = draw(st.lists(st.sampled_from(columns), unique=True, max_size=8))
    required = [column.name for column in TABLES[table].columns if column.required]
    ends = [group[0] for group in TABLES[table].one_of]
    return table, {column: draw(_CELLS) for column in dict.fromkeys(required + ends + chosen)}


@settings(max_examples=600, deadline=None)
@given(_rows())
def test_what_is_exported_loads_into_the_same_statement(made: tuple[str, dict[str, str]]) -> None:
    table, row = made
    row.pop("source", None)
    mapped = RowMapper("甲局", KEY, TODAY).map(table, row, "表.csv", 2)
    for statement in mapped.statements:
        if statement.type in ("BUYS", "DESIGNS", "SUPERVISES"):
            continue  # the tender's own row gives them again
        stored = StoredStatement(
            statement.source, table, statement.key, "", "", statement.type, statement.values,
            statement.record_date, statement.file, statement.row, True, True,
        )  # fmt: skip
        out = io.StringIO(newline="")
        csv.writer(out).writerows([HEADERS[table], exported_row(stored)])
        header, cells = csv.reader(io.StringIO(out.getvalue(), newline=""))
        headers = [read_header(text) for text in header]
        (again,) = plan_of(bind(table, headers), headers, typed=False).rows(cells)
        back = RowMapper("别局", KEY, TODAY).map(table, again, "export.csv", 9)
        assert back.rejections == []
        assert [s._replace(part=0) for s in back.statements[:1]] == [statement._replace(part=0)]
