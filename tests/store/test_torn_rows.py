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
SAID = '["e.csv",2,0,1,0,""]'
TIE = [
    "EXECUTIVE_OF",
    1,
    1,
    None,
    None,
    "gs",
    1,
    2,
    None,
    None,
    0,
    None,
    None,
    "a",
    "{}",
    SAID,
    None,
]
NEEDED = {1: "from", 2: "to", 5: "source", 6: "start", 7: "stop", 10: "ended", 13: "id",
          14: "values", 15: "said"}  # fmt: skip
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
        lambda: rows.record("gs:e", {}),
        lambda: rows.rejected_row({}),
        lambda: list(papers._keyed([("gs", None, None, None, None)])),
        lambda: near(levels=[[FIRM], [GONE]]),
        lambda: near(relations=[["EXECUTIVE_OF", 2, *TIE[2:], [1]]]),
    ],
)
def test_what_went_while_it_was_read_is_no_answer(read: Callable[[], object]) -> None:
    assert near().parties(["gs:e"])
    with pytest.raises(StoreChanged, match="ended while"):
        read()


@pytest.mark.parametrize("place", NEEDED, ids=NEEDED.get)
def test_a_relation_of_which_anything_went_is_no_answer(place: int) -> None:
    assert near(relations=[[*TIE, [1]]]).expand(["gs:e"], AHEAD.only, 5)
    torn = [*TIE[:place], None, *TIE[place + 1 :], [1]]
    with pytest.raises(StoreChanged, match="ended while"):
        near(relations=[torn])


def test_a_server_that_misses_what_it_found_says_that_it_changed() -> None:
    gone = Neo4jError._hydrate_neo4j(code="Neo.ClientError.Statement.EntityNotFound", message="")
    assert isinstance(gone, ClientError)
    assert isinstance(in_our_words(gone), StoreChanged)
