"""What writes publish, in Cypher: constant texts, values only as parameters.

``PUT_…`` and ``GONE_…`` may be repeated; ``MAKE_…`` double what they make when they are.
"""

from __future__ import annotations

from typing import LiteralString

LOCK: LiteralString = "MATCH (k:CreditGraphLock {one: 1}) SET k.holder = $holder"
META: LiteralString = "MATCH (m:CreditGraph {one: 1}) SET m += $meta"
WIPE: LiteralString = """
MATCH (n) WHERE NOT n:CreditGraph AND NOT n:CreditGraphLock AND NOT n:Case
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(*) AS gone
"""

GONE_ENTITIES: LiteralString = """
UNWIND $rows AS row
MATCH (e:Entity {n: row})
DETACH DELETE e
"""
GONE_DESIGNATORS: LiteralString = """
UNWIND $rows AS row
MATCH (d:Designator {n: row})
DETACH DELETE d
"""
PUT_ENTITIES: LiteralString = """
UNWIND $rows AS row
MERGE (e:Entity {n: row.n})
SET e = row
REMOVE e:Party:Person:Enterprise:Contact:Tender
SET e:$(CASE row.kind WHEN 'Person' THEN ['Party', 'Person']
  WHEN 'Enterprise' THEN ['Party', 'Enterprise'] WHEN 'Contact' THEN ['Contact']
  WHEN 'Tender' THEN ['Tender'] ELSE [] END)
"""
MAKE_ENTITIES: LiteralString = """
UNWIND $rows AS row
CREATE (e:Entity {n: row[0], id: row[1], name: row[2], folded: row[3], known: row[4], kind: row[5],
  attributes: row[6], aliases: row[7], cls: row[8], scope: row[9], node_name: row[10],
  node_folded: row[11], node_source: row[12], t: row[13], i: row[14], uscc: row[15],
  sources: row[16], values: row[17], said: row[18], name_hash: row[19]})
SET e:$(CASE row[5] WHEN 'Person' THEN ['Party', 'Person']
  WHEN 'Enterprise' THEN ['Party', 'Enterprise'] WHEN 'Contact' THEN ['Contact']
  WHEN 'Tender' THEN ['Tender'] ELSE [] END)
"""
PUT_DESIGNATORS: LiteralString = """
UNWIND $rows AS row
MERGE (d:Designator {n: row.n})
SET d = row
"""
MAKE_DESIGNATORS: LiteralString = """
UNWIND $rows AS row
CREATE (d:Designator {n: row[0], id: row[1], cls: row[2], kind: row[3], scope: row[4],
  node_name: row[5], node_folded: row[6], node_source: row[7], canon: row[8], canon_id: row[9]})
"""
PUT_UNITS: LiteralString = """
UNWIND $rows AS row
CALL (row) {
  MATCH (:Entity {n: row[0]})-[r]->(:Entity {n: row[1]}) WHERE type(r) = row[2]
  DELETE r
}
WITH count(*) AS replaced
UNWIND $made AS row
MATCH (f:Entity {n: row[0]})
MATCH (t:Entity {n: row[1]})
CREATE (f)-[:$(row[2]) {id: row[3], role: row[4], since: row[5], until: row[6], share: row[7],
  source: row[8], values: row[9], said: row[10], start: row[11], stop: row[12], ended: row[13],
  since_day: row[14], until_day: row[15], low: row[16], high: row[17], others: row[18],
  other_sources: row[19], nominator: row[20], nominee_for: row[21]}]->(t)
"""
MAKE_RELATIONS: LiteralString = """
UNWIND $rows AS row
MATCH (f:Entity {n: row[0]})
MATCH (t:Entity {n: row[1]})
CREATE (f)-[:$(row[2]) {id: row[3], role: row[4], since: row[5], until: row[6], share: row[7],
  source: row[8], values: row[9], said: row[10], start: row[11], stop: row[12], ended: row[13],
  since_day: row[14], until_day: row[15], low: row[16], high: row[17], others: row[18],
  other_sources: row[19], nominator: row[20], nominee_for: row[21]}]->(t)
"""
GONE_RECORDS: LiteralString = """
UNWIND $rows AS row
MATCH (r:Record {sid: row})
DETACH DELETE r
"""
PUT_RECORDS: LiteralString = """
UNWIND $rows AS row
MATCH (e:Entity {n: row.n})
MERGE (r:Record {sid: row.sid})
SET r = row.shown
REMOVE r:HonourRecord:SanctionRecord
SET r:$(CASE WHEN row.honour THEN 'HonourRecord' ELSE 'SanctionRecord' END)
WITH e, r
OPTIONAL MATCH (r)<-[old:SUBJECT_OF]-(other:Entity) WHERE other <> e
DELETE old
MERGE (e)-[:SUBJECT_OF]->(r)
"""
MAKE_RECORDS: LiteralString = """
UNWIND $rows AS row
MATCH (e:Entity {n: row.n})
CREATE (e)-[:SUBJECT_OF]->(r:Record)
SET r = row.shown
SET r:$(CASE WHEN row.honour THEN 'HonourRecord' ELSE 'SanctionRecord' END)
"""
GONE_STATEMENTS: LiteralString = """
UNWIND $rows AS row
MATCH (s:Statement {sid: row})
DETACH DELETE s
"""
PUT_STATEMENTS: LiteralString = """
UNWIND $rows AS row
MERGE (s:Statement {sid: row.sid})
SET s = row
"""
MAKE_STATEMENTS: LiteralString = """
UNWIND $rows AS row
CREATE (s:Statement)
SET s = row
"""
PUT_LOADS: LiteralString = """
UNWIND $rows AS row
MERGE (l:Load {id: row.id})
SET l = row
"""
PUT_REJECTS: LiteralString = """
UNWIND $rows AS row
CALL (row) {
  MATCH (q:Rejected {id: row})
  OPTIONAL MATCH (n:Naming)-[:NAMES]->(q)
  DETACH DELETE n, q
}
WITH count(*) AS replaced
UNWIND $made AS row
CREATE (q:Rejected)
SET q = row.shown
WITH q, row
UNWIND row.hashes AS hash
CREATE (:Naming {hash: hash})-[:NAMES]->(q)
"""

# One writer of cases at a time: setting the mark to what it is takes its lock.
PUT_CASE: LiteralString = """
MATCH (m:CreditGraph {one: 1})
SET m.one = 1
WITH m
OPTIONAL MATCH (old:Case {id: $id})
WITH old WHERE coalesce(old.version, 0) = $was
MERGE (c:Case {id: $id})
SET c = $row
RETURN c.version
"""
GONE_CASE: LiteralString = """
MATCH (m:CreditGraph {one: 1})
SET m.one = 1
WITH m
MATCH (c:Case {id: $id}) WHERE c.version = $was
DELETE c
RETURN 1 AS gone
"""
GONE_CASES: LiteralString = """
MATCH (m:CreditGraph {one: 1})
SET m.one = 1
WITH m
MATCH (c:Case)
DELETE c
"""
