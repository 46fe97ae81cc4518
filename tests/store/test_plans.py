"""A load onto a large store touches what it changes: no statement of it scans a large table."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from graph_service.days import parse_iso
from graph_service.model import RelationFilter
from graph_service.store.sqlite.engine import SqliteStore
from tests.support.facts import KEY, put
from tests.support.rows import Tables, enterprise, person, post, same, sanction, stake

ALIAS = re.compile(r"\b(stmt|node|party|rel|rec|pname|sname) (?:AS )?([a-z]{1,2})\b")
TOWN: Tables = {
    "enterprises": [enterprise("1", "星河有限公司"), enterprise("", "银河有限公司")],
    "persons": [person("p", "王伟"), person("q", "王伟")],
    "executives": [post("1", "p"), post("1", "", person_name="李强")],
    "shareholders": [stake("1", "q", "0.6", nominee_for="p")],
    "same_as": [same("p", "q")],
    "sanctions": [sanction("", subject_name="银河有限公司", id="R1")],
}


class Explained(sqlite3.Connection):
    """A connection that keeps the plan of every statement it runs."""

    plans: dict[str, list[str]] = {}

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            plan = super().execute(f"EXPLAIN QUERY PLAN {sql}", *values).fetchall()
            self.plans[sql] = [str(step[3]) for step in plan]
        return super().execute(sql, *values)


def scans(plans: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(statement, step) of every step that walks a whole large table."""
    found = []
    for sql, steps in plans.items():
        large = {alias for _, alias in ALIAS.findall(sql)} | {"stmt", "node", "party", "rel"}
        for step in steps:
            scan = re.match(r"SCAN (\w+)", step)
            if "LIMIT 1" in sql or "stmt_held" in step or "party_dissolved" in step:
                continue  # is there anything at all; indexes of the few that matter
            if (scan and scan[1] in large) or re.search(r"AUTOMATIC .*INDEX \((?!p=)", step):
                found.append((sql, step))
    return found


# Records are few enough to be counted whenever a load ends.
COUNTS = ("SELECT list, count(*)",)


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    plans: dict[str, list[str]] = {}
    monkeypatch.setattr(Explained, "plans", plans)
    connect = sqlite3.connect

    def explaining(*args: Any, **more: Any) -> sqlite3.Connection:
        return connect(*args, **more, factory=Explained)

    monkeypatch.setattr(sqlite3, "connect", explaining)
    return plans


def test_a_later_load_and_a_hop_scan_no_large_table(
    tmp_path: Path, explained: dict[str, list[str]]
) -> None:
    store = SqliteStore.open(tmp_path / "store.db", KEY, create=True)
    put(store, "gs", TOWN)
    explained.clear()
    put(store, "sw", TOWN)
    put(store, "gs", {"executives": [post("1", "p", "总经理")]})
    store.parties(["gs:1"], records=True)
    store.conflicts(["gs:1"])
    store.expand(["gs:1"], RelationFilter(parse_iso("2026-01-01")), 500)
    store.find("星河")
    store.close()
    assert explained
    assert [one for one in scans(explained) if not one[0].startswith(COUNTS)] == []


def test_a_scan_would_be_seen(tmp_path: Path, explained: dict[str, list[str]]) -> None:
    store = SqliteStore.open(tmp_path / "store.db", KEY, create=True)
    with store.database.reading() as c:
        c.execute("SELECT count(*) FROM node n WHERE n.name = ''")
    store.close()
    assert len(scans(explained)) == 1
