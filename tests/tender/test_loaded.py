"""A tender that was loaded: its facts count; what was loaded of other bids is history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.bids import Bid, BidderList
from graph_service.errors import UsageError
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.store.sqlite.engine import SqliteStore
from graph_service.web.questions.common import When
from graph_service.web.screening import Options, screen
from tests.support.facts import KEY, put
from tests.support.numbers import citizen
from tests.support.rows import Tables, enterprise, legal, person

AS_OF = "2026-03-01"
TABLES: Tables = {
    "enterprises": [
        enterprise("e1", "甲建设有限公司"),
        enterprise("e2", "乙建设有限公司"),
        enterprise("e3", "丙设计院有限公司"),
        enterprise("e4", "丁采购中心"),
    ],
    "persons": [person("p1", "王伟", id_number=citizen(1)), person("p2", "李强")],
    "legal_representatives": [legal("e1", "p1"), legal("e2", "p1"), legal("e4", "p2")],
    "employments": [{"enterprise": "e2", "person": "p2", "until": "2024-01-01"}],
    "tenders": [
        {
            "id": "T1", "name": "某工程", "lot": "一", "buyer": "e4", "regime": "政府采购",
            "announced": "2026-02-01", "designer": "e3",
        },
        {"id": "T0", "lot": "一", "announced": "2025-02-01"},
    ],
    "reviewers": [{"tender": "T1", "person": "p2"}],
    "bids": [
        {"tender": "T0", "lot": "一", "bidder": "e1", "price": "100", "status": "中标"},
        {"tender": "T0", "lot": "一", "bidder": "e2", "price": "120"},
        {"tender": "T1", "lot": "一", "bidder": "e1", "price": "90"},
    ],
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = SqliteStore.open(tmp_path / "t.db", KEY, create=True)
    put(made, "采购办", TABLES)
    yield made
    made.close()


def _asked(store: Store, tender: str | None, lot: str = "一") -> dict[str, Any]:
    rows = [Bid(row=n, bidder=f"采购办:e{n}", lot=lot) for n in (1, 2, 3)]
    options = Options(tender=tender)
    return screen(store, Settings(), BidderList(tuple(rows)), When(AS_OF), options)


@pytest.mark.parametrize("name", ["T1", "采购办:T1", "采购办:T1:一"])
def test_the_loaded_tenders_facts_count(store: Store, name: str) -> None:
    answer = _asked(store, name)
    assert answer["regime"] == "government_procurement"
    assert [(p["a"]["row"], p["b"]["row"], p["verdict"]) for p in answer["pairs"]] == [
        (1, 2, "barred_art18")
    ]
    kinds = {(one["row"], one["kind"]) for one in answer["interests"]}
    assert kinds == {(2, "employed"), (3, "designer")}
    assert [row["verdict"] for row in answer["bidders"]] == ["clear", "flagged", "barred"]
    assert answer["history"]["lots"] == 1


def test_without_a_tender_the_regime_is_unknown_and_all_bids_are_history(store: Store) -> None:
    answer = _asked(store, None)
    assert answer["regime"] is None
    assert answer["pairs"][0]["verdict"] == "void_art34"
    assert answer["interests"] == []
    assert answer["history"]["lots"] == 2


def test_a_tender_that_nobody_loaded_is_an_error(store: Store) -> None:
    with pytest.raises(UsageError, match="no tender has this id"):
        _asked(store, "T9")


def test_a_serial_number_beside_a_name_is_nobodys_local_id(store: Store) -> None:
    rows = [
        Bid(row=1, bidder="e1", name="某外国公司"),
        Bid(row=2, bidder="e2"),
        Bid(row=3, bidder="e9"),
    ]
    answer = screen(store, Settings(), BidderList(tuple(rows)), When(AS_OF))
    assert [row["match"] for row in answer["bidders"]] == ["none", "id", "none"]
