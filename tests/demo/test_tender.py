"""The demo's bidder list: the verdicts that the README tells."""

from __future__ import annotations

from graph_service.demo.tender import BIDDERS
from tests.demo.conftest import Ask, Demo


def test_the_planted_tender(demo: Demo, ask: Ask) -> None:
    listed = demo.folder / "files" / BIDDERS
    answer = ask("screen", str(listed), "--regime", "bidding_law")
    verdicts = [(p["a"]["row"], p["b"]["row"], p["verdict"]) for p in answer["pairs"]]
    assert verdicts == [
        (2, 3, "void_art34"),
        (2, 4, "void_art34"),
        (6, 7, "deemed_art40"),
        (3, 4, "suspicious"),
    ]
    assert (answer["pairs_checked"], answer["pairs_insufficient"]) == (15, 6)
    assert [row["verdict"] for row in answer["bidders"]] == [
        *("flagged", "review", "flagged", "clear", "clear", "clear"),
        "insufficient_data",
    ]
