"""What writes publish, in Cypher: constant texts, values only as parameters, each repeatable."""

from __future__ import annotations

from typing import LiteralString

LOCK: LiteralString = "MATCH (k:CreditGraphLock {one: 1}) SET k.holder = $holder"
META: LiteralString = "MATCH (m:CreditGraph {one: 1}) SET m += $meta"
WIPE: LiteralString = """
MATCH (n) WHERE NOT n:CreditGraph AND NOT n:CreditGraphLock
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
PUT_DESIGNATORS: LiteralString = """
UNWIND $rows AS row
MERGE (d:Designator {n: row.n})
SET d = row
"""
GONE_UNITS: LiteralString = """
UNWIND $rows AS row
MATCH (:Entity {n: row[0]})-[r]->(:Entity {n: row[1]}) WHERE type(r) = row[2]
DELETE r
"""
PUT_RELATIONS: LiteralString = """
UNWIND $rows AS row
MATCH (f:Entity {n: row.f})
MATCH (t:Entity {n: row.t})
CREATE (f)-[r:$(row.type)]->(t)
SET r = row.shown
"""
GONE_RECORDS: LiteralString = """
UNWIND $rows AS row
MATCH (r:Record {sid: row})
DETACH DELETE r
"""
PUT_RECORDS: LiteralString = """
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
PUT_LOADS: LiteralString = """
UNWIND $rows AS row
MERGE (l:Load {id: row.id})
SET l = row
"""
GONE_REJECTS: LiteralString = """
UNWIND $rows AS row
MATCH (q:Rejected {id: row})
OPTIONAL MATCH (n:Naming)-[:NAMES]->(q)
DETACH DELETE n, q
"""
PUT_REJECTS: LiteralString = """
UNWIND $rows AS row
CREATE (q:Rejected)
SET q = row.shown
WITH q, row
UNWIND row.hashes AS hash
CREATE (:Naming {hash: hash})-[:NAMES]->(q)
"""
