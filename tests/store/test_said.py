"""The compact text of a statement: what is read of it without parsing is what it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import example, given
from hypothesis import strategies as st

from graph_service.store.workbench import Said

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=12
) | st.sampled_from(['","', ',""]', '"]', "a,1,2,3,4,5", "\\", '\\"', "登记/高管，䶮.csv", "𠮷"])


@given(TEXTS, TEXTS, TEXTS, st.integers(1, 1 << 40))
@example("executives.csv", "", "", 7)
@example("x,1,2,3,4", ',""]', "", 7)
@example("登记.csv", "a,", "", 7)
def test_a_place_is_where_the_statement_stands(file: str, column: str, role: str, row: int) -> None:
    fields = (5, "executives", -9, 8, 7, 3, role, 1, 0, 0, -1, -1, 0, file, row, 0, 2, 0, column)
    with closing(sqlite3.connect(":memory:")) as c:
        marks = ",".join("?" * len(fields))
        text = str(c.execute(f"SELECT json_array({marks})", fields).fetchone()[0])
    assert Said.place(text, "gs") == Said.of(text).ref("gs")
    assert Said.place(text, "gs")[1:] == (file, row)
