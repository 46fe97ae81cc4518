"""The same question in Cypher and in Python: on random graphs they differ nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from neo4j import GraphDatabase, Session

from graph_service.codes import LISTS
from graph_service.days import iso
from graph_service.model import Budget, Party
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.store.port import Store
from graph_service.store.sqlite.engine import SqliteStore
from graph_service.store.sqlite.workbench import SqliteBenches
from queries.ask import Ask
from queries.control.control import controlled
from queries.flags.population import flag_all
from queries.walk.paths import paths
from queries.walk.trace import trace
from tests.support import neo4j_pool
from tests.support.facts import KEY, TODAY, put
from tests.support.proof import times
from tests.twins.worlds import tables_of

WORLDS = times(60, 2000)
HERE = Path(__file__).parent
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.cypher"))}
DAY = TODAY.toordinal()
QUIET = [entry.code for entry in LISTS if entry.cls in ("restriction", "penalty", "warning")]
ASK = Ask(as_of=DAY, budget=Budget(per_party=10**6, seconds=600))


@dataclass(frozen=True, slots=True)
class Twins:
    """One population twice: on a server, asked in Cypher, and embedded, asked in Python."""

    session: Session
    store: Store
    worlds: list[list[str]]

    def ask(self, name: str, **params: Any) -> list[list[Any]]:
        """The rows of a twin on the day."""
        given = {"as_of": iso(DAY), "quiet": QUIET} | params
        return [record.values() for record in self.session.run(TEXTS[name], given)]

    def parties(self, world: int) -> list[Party]:
        """The parties of a world."""
        found = self.store.parties([f"市监:{local}" for local in self.worlds[world]])
        return list(found.values())


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """Both stores over the same rows."""
    neo4j_pool.require()
    folder = tmp_path_factory.mktemp("twins")
    tables, worlds = tables_of(WORLDS, seed=20260101)
    link, _ = neo4j_pool.place_of(folder / "store")
    remote = Neo4jStore.open(link, KEY, SqliteBenches(KEY), folder / "benches", create=True)
    local = SqliteStore.open(folder / "local.db", KEY, create=True)
    for store in (remote, local):
        put(store, "市监", tables)
    assert remote.info().digest == local.info().digest
    with GraphDatabase.driver(link.address, auth=(link.user, link.password)) as driver:
        with driver.session() as session:
            yield Twins(session, local, worlds)
    remote.close()
    local.close()
    neo4j_pool.release(folder)


def test_trace(twins: Twins) -> None:
    asked = 0
    for world in range(WORLDS):
        for root in twins.parties(world)[::2]:
            walk = trace(twins.store, root, ASK, depth=3)
            mine = sorted(
                ([p.id, p.name, walk.depths[p.id]] for p in walk.parties if p.id != root.id),
                key=lambda row: (row[2], row[0]),
            )
            assert twins.ask("trace", id=root.id) == mine, root.id
            asked += len(mine)
    assert asked > WORLDS


def test_shortest_paths(twins: Twins) -> None:
    found = 0
    for world in range(WORLDS):
        start, *others = twins.parties(world)
        for end in others[:3]:
            answer = paths(twins.store, start, end, ASK, k=6)
            mine = sorted(_along(start.id, path.steps) for path in answer.paths)
            theirs = twins.ask("shortest_paths", **{"from": start.id, "to": end.id})
            assert [parties for parties, _ in theirs] == mine, (start.id, end.id)
            found += len(mine)
    assert found > WORLDS // 2


@pytest.mark.parametrize("grade", ["managed", "held", "branch"])
def test_flags_of_one_step(twins: Twins, grade: str) -> None:
    flags = flag_all(twins.store, ASK).flags
    mine = sorted({(f.party.id, f.listed.id) for f in flags if f.grade == grade})
    assert mine
    assert [tuple(row) for row in twins.ask(grade)] == mine


def test_chains_of_majorities(twins: Twins) -> None:
    """Every chain is control, and all control that one path proves is a chain."""
    chains = 0
    for world in range(WORLDS):
        for top in twins.parties(world):
            mine = controlled(twins.store, top, ASK).controlled
            theirs = {row[0] for row in twins.ask("majority_chain", id=top.id)}
            assert theirs <= {item.party.id for item in mine}, top.id
            assert {item.party.id for item in mine if not item.evidence} <= theirs, top.id
            chains += len(theirs)
    assert chains > WORLDS // 2


def _along(start: str, steps: Any) -> list[str]:
    ids = [start]
    for step in steps:
        ids.append(step.end.id if step.start.id == ids[-1] else step.start.id)
    return ids
