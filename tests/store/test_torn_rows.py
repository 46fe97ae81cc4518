"""What a load removes while it is read comes as nulls: the question is asked again, not answered.

A server that is read-committed finds a node by its number and, once the node is gone, gives null
for each of its properties.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from neo4j.exceptions import ClientError, Neo4jError

from graph_service.errors import StoreChanged
from graph_service.model import RelationFilter
from graph_service.store.neo4j import papers, rows
from graph_service.store.neo4j.ahead import Near
from graph_service.store.neo4j.faults import in_our_words
from graph_service.store.port import Ahead

FIRM = [1, 1, "gs:e", "Enterprise", "星河", True, "", None]
GONE = [2, None, None, None, None, None, "", None]
TIE = [
    "EXECUTIVE_OF",
    1,
    1,
    None,
    None,
    "gs",
    "1\x1f2\x1f\x1f\x1f0\x1f\x1f\x1fa\x1f{}\x1f[]\x1f",
    [1],
]
AHEAD = Ahead(("gs:e",), RelationFilter(1), 5, 3)


def near(**more: Any) -> Near:
    """Surroundings as a server tells them."""
    told = {"before": {}, "after": {}, "running": [], "rejected": False, "cut": [],
            "levels": [[FIRM]], "relations": []}  # fmt: skip
    return Near(AHEAD, told | more)


@pytest.mark.parametrize(
    "read",
    [
        lambda: rows.party_row(GONE),
        lambda: rows.told("EXECUTIVE_OF", "gs:p", "gs:e", None, None, "gs", None),
        lambda: rows.told("EXECUTIVE_OF", None, "gs:e", None, None, "gs", "a"),
        lambda: rows.record("gs:e", {}),
        lambda: rows.rejected_row({}),
        lambda: list(papers._keyed([("gs", None, None, None, None)])),
        lambda: near(levels=[[FIRM], [GONE]]),
        lambda: near(relations=[["EXECUTIVE_OF", 2, *TIE[2:]]]),
        lambda: near(relations=[[*TIE[:6], None, [1]]]),
    ],
)
def test_what_went_while_it_was_read_is_no_answer(read: Callable[[], object]) -> None:
    assert near().parties(["gs:e"])
    with pytest.raises(StoreChanged, match="ended while"):
        read()


def test_a_server_that_misses_what_it_found_says_that_it_changed() -> None:
    gone = Neo4jError._hydrate_neo4j(code="Neo.ClientError.Statement.EntityNotFound", message="")
    assert isinstance(gone, ClientError)
    assert isinstance(in_our_words(gone), StoreChanged)
