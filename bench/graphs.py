"""The engine on a Neo4j server: loading, walking, importing."""

from __future__ import annotations

import shutil
from functools import partial
from statistics import median
from typing import Any, LiteralString

from bench import bolt, peers
from bench.asking import (
    DAY,
    DEPTH,
    PER_PARTY,
    TYPES,
    comparable,
    rows_of,
    some_parties,
    walk,
)
from bench.loading import ensure_loaded, run_job
from bench.timing import Figure, Took, in_ms, spread, took
from bench.world import World
from graph_service.identity import node_of_key
from graph_service.model import Party
from graph_service.store.neo4j.importing import Imported
from graph_service.store.sqlite.tables import TYPE_NUMBERS

_STARTS = 200

# The best of several forms by hand. A count without a date is a look-up of the degree, so that only
# parties with many ties are counted twice. Who met more than the cap is left out (where the program
# gives the first of them).
_HOPS: LiteralString = """
MATCH (s:Entity {n: $n})
CALL (s) {
  WITH s
  WHERE COUNT { (s)-[:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-() } <= $cap
    OR COUNT { (s)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-()
      WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day } <= $cap
  MATCH (s)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-(o)
  WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day
  RETURN collect(DISTINCT r) AS first, collect(DISTINCT o) AS one
}
CALL (one) {
  UNWIND one AS x
  WITH x
  WHERE COUNT { (x)-[:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-() } <= $cap
    OR COUNT { (x)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-()
      WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day } <= $cap
  MATCH (x)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-(o)
  WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day
  RETURN collect(DISTINCT r) AS second, collect(DISTINCT o) AS two
}
CALL (two) {
  UNWIND two AS x
  WITH x
  WHERE COUNT { (x)-[:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-() } <= $cap
    OR COUNT { (x)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-()
      WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day } <= $cap
  MATCH (x)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|GUARANTEES]-()
  WHERE r.ended = 0 AND r.start <= $day AND r.stop > $day
  RETURN collect(DISTINCT r) AS third
}
UNWIND first + second + third AS r
"""
# It names the walk's relations, nothing else;
NAMES: LiteralString = _HOPS + "RETURN collect(DISTINCT r.id) AS ids"
# and it tells of relations and parties all that the program's answer tells, as they are stored.
WHOLE: LiteralString = (
    _HOPS
    + """
WITH DISTINCT r
WITH collect(r) AS found
CALL (found) {
  UNWIND found AS r
  RETURN collect([r.id, type(r), startNode(r).id, endNode(r).id, r.role, r.nominee_for, r.start,
    r.stop, r.since_day, r.until_day, r.ended, r.low, r.high, r.values, r.source, r.said,
    r.others]) AS relations
}
CALL (found) {
  UNWIND found AS r
  UNWIND [startNode(r), endNode(r)] AS e
  WITH DISTINCT e
  RETURN collect([e.n, e.id, e.kind, e.name, e.known, coalesce(e.attributes, e.values[0], ''),
    e.aliases]) AS parties
}
RETURN [r IN relations | r[0]] AS ids, relations, parties
"""
)
NOTHING: LiteralString = "RETURN 1"


def load(world: World) -> list[Figure]:
    """Canonical CSV into an empty server with every check, then more; and a workbench filled from
    the server, as the first write from another machine does."""
    with bolt.server(world, new=True) as address:
        first = run_job(world, "load", address, "--folder", str(world.folder / "first"))
        bolt.backup_of(world).unlink(missing_ok=True)
        more = run_job(world, "load", address, "--folder", str(world.folder / "more"))
        shutil.rmtree(world.folder / "workbenches")
        filled = run_job(world, "backup", address, "--folder", str(bolt.backup_of(world)))
    rows = first["read"] + more["read"]
    return [
        *_rates("first load", first, 10_000),
        *_rates("increment", more, 10_000),
        Figure("neo4j-load", "a workbench filled from it", rows / filled["seconds"], "rows/s",
               detail=filled),
        Figure("neo4j-load", "peak memory of that", filled["peaks_mb"]["together"], "MB"),
    ]  # fmt: skip


def _rates(what: str, found: dict[str, Any], bar: float) -> list[Figure]:
    rate, cpu = found["read"] / found["seconds"], found["cpu"]
    per_cpu = found["read"] / (cpu["own"] + cpu["child"])
    memory = found["peaks_mb"]["together"]
    return [
        Figure("neo4j-load", what, rate, "rows/s", bar, "at least", found),
        Figure("neo4j-load", f"{what}: rows per CPU second of the client", per_cpu, "rows/s"),
        Figure("neo4j-load", f"{what}: peak memory of the client", memory, "MB", 500),
    ]


def walks(world: World) -> list[Figure]:
    """The walk through the port, in turn with the best single statement, of the same content and
    of ids alone, and with one that asks nothing; each answer is compared with brute force over the
    same rows in another engine."""
    with bolt.loaded(world) as (_, store):
        c = peers.connect(bolt.backup_of(world))
        numbers = [TYPE_NUMBERS[name] for name in TYPES]
        roots = some_parties(store, world, _STARTS)
        for root in roots[:40]:
            walk(store, root)
            store.server.ask(WHOLE, _params(root))
            store.server.ask(NAMES, _params(root))
        wrong = 0
        times: tuple[list[Took], ...] = ([], [], [], [])
        for root in roots:
            answer = walk(store, root)
            node = _params(root)["n"]
            raw = peers.walk(c, node, DAY, numbers, DEPTH, PER_PARTY)
            wrong += rows_of(answer) != comparable(raw)
            if not answer.completeness.hubs:
                ids = {relation.id for relation in answer.relations}
                wrong += ids != set(store.server.ask(WHOLE, _params(root))[0][0])
                wrong += ids != set(store.server.ask(NAMES, _params(root))[0][0])
            times[0].append(took(partial(walk, store, root)))
            times[1].append(took(partial(store.server.ask, WHOLE, _params(root))))
            times[2].append(took(partial(store.server.ask, NAMES, _params(root))))
            times[3].append(took(partial(store.server.ask, NOTHING, {})))
        c.close()
    ours, whole, names, nothing = times
    clock = median(one.clock for one in ours)
    detail = {"ours_ms": spread(ours), "cypher_ms": spread(whole), "cypher_ids_ms": spread(names),
              "return_1_ms": spread(nothing)}  # fmt: skip
    return [
        Figure("neo4j-trace", "through the port against one statement of the same content, p50",
               clock / median(one.clock for one in whole), "×", 2.5, detail=detail),
        Figure("neo4j-trace", "the same against one that returns relation ids alone",
               clock / median(one.clock for one in names), "×"),
        Figure("neo4j-trace", f"wrong among {len(roots)}", float(wrong), "answers", 0),
        *in_ms("neo4j-trace", "through the port, p50", ours),
        *in_ms("neo4j-trace", "one statement of the same content, p50", whole),
        *in_ms("neo4j-trace", "one statement of ids alone, p50", names),
        *in_ms("neo4j-trace", "RETURN 1, p50", nothing),
    ]  # fmt: skip


def _params(root: Party) -> dict[str, Any]:
    return {"n": node_of_key(root.key), "day": DAY, "cap": PER_PARTY}


def imports(world: World) -> list[Figure]:
    """The embedded store as files, the import tool's whole run over them, and the first opening;
    what was imported stays for the cases after it."""
    ensure_loaded(world)
    folder = world.folder / "import"
    made: list[Imported] = []
    written = took(lambda: made.append(bolt.write_files(world, folder)))
    ran, phases = bolt.run_import(world, made[0])
    shutil.rmtree(folder)
    opening = bolt.first_opening(world)
    rate = made[0].relations / ran.clock
    return [
        Figure("neo4j-import", "import tool, start to end", rate, "relations/s", 100_000,
               "at least", {"seconds": ran.clock, "relations": made[0].relations}),
        *(Figure("neo4j-import", f"of it: {name}", long, "s") for name, long in phases.items()),
        Figure("neo4j-import", "export of the files", made[0].relations / written.clock,
               "relations/s"),
        Figure("neo4j-import", "first opening: constraints and indexes", opening.clock, "s"),
    ]  # fmt: skip
