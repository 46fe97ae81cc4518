"""A workbench notes what a write changes, whatever statement changes it."""

from __future__ import annotations

from pathlib import Path

from graph_service.store.sqlite.engine import SqliteStore
from graph_service.store.sqlite.outbox import make_outbox
from tests.support.facts import KEY, put


def test_a_name_that_is_said_in_two_ways_is_noted_once(tmp_path: Path) -> None:
    """The second spelling is an upsert, whose rule for conflicts is to fail."""
    store = SqliteStore.open(tmp_path / "bench.db", KEY, create=True)
    with store.database.transaction() as c:
        make_outbox(c)
    for spelling in ("银河有限公司", "银 河有限公司"):
        row = {"enterprise_name": spelling, "person_name": "𠮷田"}
        put(store, "gs", {"legal_representatives": [row]})
    with store.database.reading() as c:
        noted = c.execute("SELECT kind, a, b, c FROM outbox").fetchall()
        nodes = [n for (n,) in c.execute("SELECT n FROM node")]
    assert len(noted) == len(set(noted))
    assert {a for kind, a, _, _ in noted if kind == "n"} == set(nodes)
    store.close()
