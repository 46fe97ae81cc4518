"""Constraints and indexes: made with the store, checked by ``doctor``."""

from __future__ import annotations

from typing import LiteralString

SCHEMA_VERSION = 1

CONSTRAINTS: dict[str, LiteralString] = {
    "cg_store": "CREATE CONSTRAINT cg_store IF NOT EXISTS"
    " FOR (m:CreditGraph) REQUIRE m.one IS UNIQUE",
    "cg_lock": "CREATE CONSTRAINT cg_lock IF NOT EXISTS"
    " FOR (m:CreditGraphLock) REQUIRE m.one IS UNIQUE",
    "cg_entity": "CREATE CONSTRAINT cg_entity IF NOT EXISTS FOR (e:Entity) REQUIRE e.n IS UNIQUE",
    "cg_designator": "CREATE CONSTRAINT cg_designator IF NOT EXISTS"
    " FOR (d:Designator) REQUIRE d.n IS UNIQUE",
    "cg_record": "CREATE CONSTRAINT cg_record IF NOT EXISTS FOR (r:Record) REQUIRE r.sid IS UNIQUE",
    "cg_statement": "CREATE CONSTRAINT cg_statement IF NOT EXISTS"
    " FOR (s:Statement) REQUIRE s.sid IS UNIQUE",
    "cg_load": "CREATE CONSTRAINT cg_load IF NOT EXISTS FOR (l:Load) REQUIRE l.id IS UNIQUE",
    "cg_reject": "CREATE CONSTRAINT cg_reject IF NOT EXISTS"
    " FOR (q:Rejected) REQUIRE q.id IS UNIQUE",
}
INDEXES: dict[str, LiteralString] = {
    "cg_name": "CREATE INDEX cg_name IF NOT EXISTS FOR (e:Entity) ON (e.name_hash)",
    "cg_about": "CREATE INDEX cg_about IF NOT EXISTS FOR (s:Statement) ON (s.about)",
    "cg_of": "CREATE INDEX cg_of IF NOT EXISTS FOR (s:Statement) ON (s.of)",
    "cg_naming": "CREATE INDEX cg_naming IF NOT EXISTS FOR (q:Naming) ON (q.hash)",
    "cg_canon": "CREATE INDEX cg_canon IF NOT EXISTS FOR (d:Designator) ON (d.canon)",
    "cg_nominator": "CREATE INDEX cg_nominator IF NOT EXISTS"
    " FOR ()-[r:SHAREHOLDER_OF]-() ON (r.nominator)",
    # tokens are plain ASCII made by store.rank, so no analyzer sees what a user typed
    "cg_search": "CREATE FULLTEXT INDEX cg_search IF NOT EXISTS FOR (e:Party) ON EACH [e.t, e.i]"
    " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}",
}
SHOW_CONSTRAINTS: LiteralString = "SHOW CONSTRAINTS YIELD name RETURN name"
SHOW_INDEXES: LiteralString = "SHOW INDEXES YIELD name, state RETURN name, state"
AWAIT: LiteralString = "CALL db.awaitIndexes(300)"
ANYTHING: LiteralString = "MATCH (n) RETURN 1 LIMIT 1"
META: LiteralString = "OPTIONAL MATCH (m:CreditGraph {one: 1}) RETURN properties(m) AS meta"
CREATE_META: LiteralString = """
MERGE (m:CreditGraph {one: 1})
ON CREATE SET m += $meta
MERGE (k:CreditGraphLock {one: 1})
"""
# the import tool makes neither constraints nor empty lists: who opens the store first makes them
NAME_NOBODY: LiteralString = """
MATCH (q:Rejected) WHERE q.names IS NULL
WITH q LIMIT 20000
SET q.names = []
RETURN count(*) AS done
"""
# each alone: so the server looks its own count up, and counts nothing
NODES: LiteralString = "MATCH (n) RETURN count(n) AS size"
RELATIONS: LiteralString = "MATCH ()-[r]->() RETURN count(r) AS size"
SETTLE_IMPORT: LiteralString = """
MATCH (m:CreditGraph {one: 1})
REMOVE m.imported, m.imported_nodes, m.imported_relations
"""
