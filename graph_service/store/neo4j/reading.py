"""The questions in Cypher: constant texts, values only as parameters."""

from __future__ import annotations

from typing import LiteralString

PARTIES: LiteralString = """
UNWIND $ns AS x
CALL (x) {
  MATCH (e:Entity {n: x}) RETURN e
  UNION
  MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e
}
RETURN e.n % 16 AS bucket, collect([x, e.n, e.id, e.kind, e.name, e.known,
  coalesce(e.attributes, e.values[0], ''), e.aliases]) AS found
"""
# The state comes first: a state that is the same later was that of the parties too.
PARTIES_SEEN: LiteralString = """
MATCH (m:CreditGraph {one: 1})
WITH m {.store, .stamp, .digest, .publishing, .publishing_parts} AS meta
CALL () {
  UNWIND $ns AS x
  CALL (x) {
    MATCH (e:Entity {n: x}) RETURN e
    UNION
    MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e
  }
  RETURN collect([x, e.n, e.id, e.kind, e.name, e.known,
    coalesce(e.attributes, e.values[0], ''), e.aliases]) AS found
}
RETURN meta, found
"""
NODES: LiteralString = """
UNWIND $ns AS x
CALL (x) {
  MATCH (e:Entity {n: x}) RETURN e.n AS n
  UNION
  MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e.n AS n
}
RETURN collect(DISTINCT n) AS found
"""
HITS: LiteralString = """
UNWIND $ns AS x
MATCH (e:Entity {n: x})
RETURN e.n % 16 AS bucket, collect([x, e.n, e.id, e.kind, e.name, e.known,
  coalesce(e.attributes, e.values[0], ''), e.aliases, e.folded, e.t, e.i]) AS found
"""

OWN_ROWS: LiteralString = """
UNWIND $ns AS x
MATCH (e:Entity {n: x})
RETURN x, e.sources, e.said, [(e)-[:SUBJECT_OF]->(r:Record) | r {.*}]
"""

# In few records of many relations, as records are what costs a client; and of each all properties
# at once, as the server looks for each of them from the first one on.
EXPAND: LiteralString = """
UNWIND $ns AS x
CALL (x) {
  MATCH (e:Entity {n: x}) RETURN e
  UNION
  MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e
}
WITH DISTINCT e
CALL (e) {
  MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS|BRANCH_OF
    |SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN|REVIEWS
    |BUYS|DESIGNS|SUPERVISES]-()
  WHERE type(r) IN $types
    AND ($out AND startNode(r) = e OR $in AND endNode(r) = e OR type(r) IN $undirected)
  RETURN r
  UNION
  MATCH ()-[r:SHAREHOLDER_OF {nominator: e.n}]->()
  WHERE $out AND 'SHAREHOLDER_OF' IN $types
  RETURN r
}
WITH e, r
WHERE (r.ended = 0 AND r.start <= $day AND r.stop > $day
    OR $back IS NOT NULL
      AND (r.ended = 1 OR r.until_day IS NULL AND r.stop <= $day AND r.stop > $back))
  AND ($share IS NULL OR type(r) <> 'SHAREHOLDER_OF' OR coalesce(r.high, -1) >= $share
    OR r.low IS NULL AND NOT $known_only)
  AND ($sources IS NULL OR r.source IN $sources
    OR any(source IN coalesce(r.other_sources, []) WHERE source IN $sources))
WITH e, collect(r) AS found
WITH e, found, size(found) AS k
CALL (e, found, k) {
  WITH found, k WHERE k <= $cap
  UNWIND found AS r
  RETURN r
  UNION ALL
  WITH found, k WHERE k > $cap
  UNWIND found AS r
  WITH r ORDER BY type(r), startNode(r).id, endNode(r).id, coalesce(r.since_day, r.start),
    coalesce(r.role, ''), r.id, r.start
  WITH collect(r)[..$cap] AS kept
  UNWIND kept AS r
  RETURN r
}
WITH r, collect(CASE WHEN k > $cap THEN [e.n, e.id, k] END) AS cut
WITH type(r) AS type, startNode(r).id AS f, endNode(r).id AS t, properties(r) AS r, cut
RETURN r.start % 16 AS bucket, collect([type, f, t, r.role, r.nominee_for, r.source, r.start,
  r.stop, r.since_day, r.until_day, r.ended, r.low, r.high, r.id, r.values, r.said, r.others,
  cut]) AS found
"""

SEARCH: LiteralString = """
CALL db.index.fulltext.queryNodes('cg_search', $query) YIELD node
RETURN node.n AS n ORDER BY n LIMIT $limit
"""
NAMED: LiteralString = "MATCH (e:Entity {name_hash: $hash}) WHERE e.folded = $folded RETURN e.n"

# -- everything, part by part: nodes' numbers are hashes, so equal ranges hold about as much -----

SIZE: LiteralString = "MATCH (e:Entity) RETURN count(e) AS size"
SCAN_PARTIES: LiteralString = """
MATCH (e:Entity) WHERE e.n >= $low AND e.n <= $high AND e:Party
WITH collect([e.n, e.n, e.id, e.kind, e.name, e.known, coalesce(e.attributes, e.values[0], ''),
  e.aliases]) AS found
UNWIND range(0, size(found) - 1, 500) AS i
RETURN found[i..i + 500] AS found
"""
SCAN_RELATIONS: LiteralString = """
MATCH (f:Entity)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS
  |BRANCH_OF|SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN
  |REVIEWS|BUYS|DESIGNS|SUPERVISES]->(t)
WHERE f.n >= $low AND f.n <= $high AND type(r) IN $types
  AND (r.ended = 0 AND r.start <= $day AND r.stop > $day
    OR $back IS NOT NULL
      AND (r.ended = 1 OR r.until_day IS NULL AND r.stop <= $day AND r.stop > $back))
  AND ($share IS NULL OR type(r) <> 'SHAREHOLDER_OF' OR coalesce(r.high, -1) >= $share
    OR r.low IS NULL AND NOT $known_only)
  AND ($sources IS NULL OR r.source IN $sources
    OR any(source IN coalesce(r.other_sources, []) WHERE source IN $sources))
WITH type(r) AS type, f.id AS f, t.id AS t, properties(r) AS r
WITH collect([type, f, t, r.role, r.nominee_for, r.source, r.start, r.stop, r.since_day,
  r.until_day, r.ended, r.low, r.high, r.id, r.values, r.said, r.others]) AS found
UNWIND range(0, size(found) - 1, 500) AS i
RETURN found[i..i + 500] AS found
"""
SCAN_RECORDS: LiteralString = """
MATCH (e:Entity)-[:SUBJECT_OF]->(r:Record)
WHERE $day IS NULL
  OR NOT r.honour AND r.label
    AND CASE WHEN r.listed_day = 0 THEN r.decided_day ELSE r.listed_day END <= $day
    AND (r.valid_until_day = 0 OR r.valid_until_day >= $day)
    AND (NOT coalesce(r.status, '') IN ['revoked', 'repaired', 'removed'] OR r.until_day > $day)
RETURN e.id, r {.*}
"""

# -- papers ------------------------------------------------------------------------------------

INFO: LiteralString = """
OPTIONAL MATCH (m:CreditGraph {one: 1})
RETURN properties(m) AS meta,
  COLLECT { MATCH (l:Load) WHERE l.status = 'running' RETURN l.id ORDER BY l.id } AS running
"""
LOADS: LiteralString = """
MATCH (l:Load) WHERE $source IS NULL OR l.source = $source
RETURN l {.*} ORDER BY l.id DESC
"""
REJECTED: LiteralString = """
MATCH (q:Rejected)
WHERE ($source IS NULL OR q.source = $source) AND ($load IS NULL OR q.load = $load)
  AND ($rule IS NULL OR q.rule = $rule)
RETURN q {.*} ORDER BY q.id
"""
REJECTED_NAMING: LiteralString = """
UNWIND $hashes AS hash
MATCH (:Naming {hash: hash})-[:NAMES]->(q:Rejected)
WITH DISTINCT q
WHERE ($source IS NULL OR q.source = $source) AND ($load IS NULL OR q.load = $load)
  AND ($rule IS NULL OR q.rule = $rule)
RETURN q {.*} ORDER BY q.id
"""
ANY_REJECTED: LiteralString = "MATCH (q:Rejected) RETURN 1 LIMIT 1"
OTHER_IDS: LiteralString = """
UNWIND $ns AS x
CALL (x) {
  MATCH (e:Entity {n: x}) RETURN e.n AS n
  UNION
  MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e.n AS n
}
MATCH (d:Designator {canon: n})
RETURN collect(DISTINCT d.id) AS ids
"""
ALL_STATEMENTS: LiteralString = """
MATCH (e:Entity) WHERE e.n >= $low AND e.n <= $high
CALL (e) {
  WITH e WHERE e.said IS NOT NULL
  UNWIND range(0, size(e.said) - 1) AS i
  WITH e, i WHERE $source IS NULL OR e.sources[i] = $source
  RETURN [e.sources[i], e.values[i] + '\\u001f' + e.said[i]] AS line
  UNION ALL
  MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS
  |BRANCH_OF|SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN
  |REVIEWS|BUYS|DESIGNS|SUPERVISES]->(t)
  WHERE $source IS NULL OR r.source = $source
  RETURN [r.source, r.values + '\\u001f' + r.said, e.n, t.n] AS line
  UNION ALL
  MATCH (e)-[:SUBJECT_OF]->(r:Record)
  WHERE $source IS NULL OR r.source = $source
  RETURN [r.source, r.values + '\\u001f' + r.said, 0, 0] AS line
}
WITH collect(line) AS found
UNWIND range(0, size(found) - 1, 500) AS i
RETURN found[i..i + 500] AS found
"""
OTHER_STATEMENTS: LiteralString = """
MATCH (s:Statement) WHERE $source IS NULL OR s.source = $source
RETURN s.source, s.values, s.said, NULL AS f, NULL AS t
"""
STATEMENTS_OF: LiteralString = """
UNWIND $ns AS x
MATCH (e:Entity {n: x})
CALL (e) {
  WITH e WHERE e.said IS NOT NULL
  UNWIND range(0, size(e.said) - 1) AS i
  RETURN e.sources[i] AS source, e.values[i] AS values, e.said[i] AS said, NULL AS f, NULL AS t
  UNION
  MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS|BRANCH_OF
    |SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN|REVIEWS
    |BUYS|DESIGNS|SUPERVISES]-()
  RETURN r.source AS source, r.values AS values, r.said AS said, startNode(r).n AS f,
    endNode(r).n AS t
  UNION
  MATCH (e)-[:SUBJECT_OF]->(r:Record)
  RETURN r.source AS source, r.values AS values, r.said AS said, 0 AS f, 0 AS t
  UNION
  MATCH (s:Statement {about: e.n})
  RETURN s.source AS source, s.values AS values, s.said AS said, NULL AS f, NULL AS t
  UNION
  MATCH (s:Statement {of: e.n})
  RETURN s.source AS source, s.values AS values, s.said AS said, NULL AS f, NULL AS t
}
WITH source, values, said, f, t WHERE $source IS NULL OR source = $source
RETURN source, values, said, f, t
"""
MEANT: LiteralString = """
UNWIND $ns AS x
OPTIONAL MATCH (e:Entity {n: x})
OPTIONAL MATCH (d:Designator {n: x})
RETURN x, coalesce(e.n, d.canon) AS n, coalesce(e.id, d.canon_id, d.id) AS id
"""

CASES: LiteralString = """
MATCH (c:Case)
RETURN c.id, c.version, c.name, c.status, c.changed, c.changed_by, c.parties, c.comments
ORDER BY c.changed DESC, c.id
"""
CASE: LiteralString = "MATCH (c:Case {id: $id}) RETURN c.content"
EVERY_CASE: LiteralString = "MATCH (c:Case) RETURN c.content ORDER BY c.id"

# -- everything, for a workbench ---------------------------------------------------------------

ALL_NODES: LiteralString = """
MATCH (e:Entity) WHERE e.n >= $low AND e.n <= $high
WITH collect([e.n, e.id, e.cls, e.kind, e.scope, e.node_name, e.node_folded, e.node_source])
  AS found
UNWIND range(0, size(found) - 1, 500) AS i
RETURN found[i..i + 500] AS found
UNION ALL
MATCH (d:Designator) WHERE d.n >= $low AND d.n <= $high
WITH collect([d.n, d.id, d.cls, d.kind, d.scope, d.node_name, d.node_folded, d.node_source])
  AS found
UNWIND range(0, size(found) - 1, 500) AS i
RETURN found[i..i + 500] AS found
"""
ALL_UNITS: LiteralString = """
MATCH (f:Entity)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS
  |BRANCH_OF|SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN
  |REVIEWS|BUYS|DESIGNS|SUPERVISES]->(t)
RETURN f.n, t.n, type(r)
"""
ALL_RECORDS: LiteralString = "MATCH (r:Record) RETURN r.sid"
ALL_LOADS: LiteralString = "MATCH (l:Load) RETURN l {.*} AS row"
ALL_REJECTED: LiteralString = "MATCH (q:Rejected) RETURN q {.*} AS row"
