"""Ends of either kind, where one id may be a person's and an enterprise's."""

from __future__ import annotations

import pytest

from loaders.rows import RowMapper
from tests.loaders.support import KEY, TODAY, stated, values


@pytest.mark.parametrize(
    ("table", "row", "ends"),
    [
        (
            "guarantees",
            {"guarantor": "7", "debtor": "8", "guarantor_kind": "企业", "debtor_kind": "person"},
            {"guarantor": "enterprise:7", "debtor": "person:8"},
        ),
        (
            "concerts",
            {"party": "7", "other": "8", "party_kind": "个人", "other_kind": "个人"},
            {"party": "person:7", "other": "person:8"},
        ),
        (
            "same_as",
            {"party": "7", "same": "8", "party_kind": "person", "same_kind": "person"},
            {"party": "person:7", "same": "person:8"},
        ),
        (
            "contacts",
            {"party": "7", "party_kind": "enterprise", "kind": "phone", "value": "010-1"},
            {"party": "enterprise:7", "kind": "phone", "value": "010-1"},
        ),
    ],
)
def test_a_kind_beside_tells_which_of_two_an_id_is(
    table: str, row: dict[str, str], ends: dict[str, str]
) -> None:
    mapped = RowMapper("甲局", KEY, TODAY, per_kind=True).map(table, row, "表.csv", 2)
    assert values(stated(mapped)) == ends  # written in full, so that an export needs no kind
    texts = {node.text for node in mapped.nodes}
    assert {f"甲局:{value}" for value in ends.values() if ":" in value} <= texts


def test_without_a_kind_the_id_stays_as_written() -> None:
    row = {"guarantor": "7", "debtor": "enterprise:8"}
    mapped = RowMapper("甲局", KEY, TODAY, per_kind=True).map("guarantees", row, "表.csv", 2)
    assert values(stated(mapped)) == row
