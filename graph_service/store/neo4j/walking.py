"""What a walk will ask for, in one statement: a constant text, values only as parameters."""

from __future__ import annotations

from typing import LiteralString

# What a walk of up to three hops asks for, at once: the state before and after, hop by hop the
# relations of all parties met, capped, each with the parties that give it, and the parties, told
# by the hop that met them. A hop from more than $most parties is left to be asked for by itself.
# The server counts the lists that a row holds for each row that LIMIT or UNION keeps, up to its
# limit of memory: so a hub is sorted whole and its list cut, and parties are told apart as a list.
AHEAD: LiteralString = """
MATCH (m:CreditGraph {one: 1})
WITH properties(m) AS before
CALL () {
  UNWIND $ns AS x
  CALL (x) {
    MATCH (e:Entity {n: x}) RETURN e
    UNION
    MATCH (d:Designator {n: x}) MATCH (e:Entity {n: d.canon}) RETURN e
  }
  RETURN collect(DISTINCT e) AS at0
}
CALL (at0) {
  WITH CASE WHEN $hops > 0 AND size(at0) <= $most THEN at0 ELSE [] END AS now
  CALL (now) {
    UNWIND now AS e
    MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS|BRANCH_OF
      |SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN|REVIEWS
      |BUYS|DESIGNS|SUPERVISES]-()
    WHERE type(r) IN $types
      AND ($out AND startNode(r) = e OR $in AND endNode(r) = e OR type(r) IN $undirected)
    RETURN e, r
    UNION ALL
    UNWIND now AS e
    MATCH (f)-[r:SHAREHOLDER_OF {nominator: e.n}]->(t)
    WHERE $out AND 'SHAREHOLDER_OF' IN $types AND f <> e AND t <> e
    RETURN e, r
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
  CALL (found, k) {
    WITH found, k WHERE k <= $cap
    RETURN found AS kept
    UNION ALL
    WITH found, k WHERE k > $cap
    UNWIND found AS r
    WITH r ORDER BY type(r), startNode(r).id, endNode(r).id, coalesce(r.since_day, r.start),
      coalesce(r.role, ''), r.id, r.start
    RETURN collect(r)[..$cap] AS kept
  }
  RETURN collect([e.n, k, kept]) AS hop0
}
CALL (at0, hop0) {
  CALL (hop0) {
    UNWIND hop0 AS one
    UNWIND one[2] AS r
    WITH collect(DISTINCT startNode(r)) + collect(DISTINCT endNode(r)) AS ends,
      collect(DISTINCT CASE type(r) WHEN 'SHAREHOLDER_OF' THEN r.nominator END) AS holders
    CALL (ends, holders) {
      UNWIND ends AS e
      RETURN e
      UNION ALL
      UNWIND holders AS holder
      MATCH (e:Entity {n: holder})
      RETURN e
    }
    RETURN collect(DISTINCT e) AS met
  }
  UNWIND met AS e
  WITH e WHERE NOT e IN at0
  RETURN collect(e) AS at1
}
CALL (at1) {
  WITH CASE WHEN $hops > 1 AND size(at1) <= $most THEN at1 ELSE [] END AS now
  CALL (now) {
    UNWIND now AS e
    MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS|BRANCH_OF
      |SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN|REVIEWS
      |BUYS|DESIGNS|SUPERVISES]-()
    WHERE type(r) IN $types
      AND ($out AND startNode(r) = e OR $in AND endNode(r) = e OR type(r) IN $undirected)
    RETURN e, r
    UNION ALL
    UNWIND now AS e
    MATCH (f)-[r:SHAREHOLDER_OF {nominator: e.n}]->(t)
    WHERE $out AND 'SHAREHOLDER_OF' IN $types AND f <> e AND t <> e
    RETURN e, r
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
  CALL (found, k) {
    WITH found, k WHERE k <= $cap
    RETURN found AS kept
    UNION ALL
    WITH found, k WHERE k > $cap
    UNWIND found AS r
    WITH r ORDER BY type(r), startNode(r).id, endNode(r).id, coalesce(r.since_day, r.start),
      coalesce(r.role, ''), r.id, r.start
    RETURN collect(r)[..$cap] AS kept
  }
  RETURN collect([e.n, k, kept]) AS hop1
}
CALL (at0, at1, hop1) {
  CALL (hop1) {
    UNWIND hop1 AS one
    UNWIND one[2] AS r
    WITH collect(DISTINCT startNode(r)) + collect(DISTINCT endNode(r)) AS ends,
      collect(DISTINCT CASE type(r) WHEN 'SHAREHOLDER_OF' THEN r.nominator END) AS holders
    CALL (ends, holders) {
      UNWIND ends AS e
      RETURN e
      UNION ALL
      UNWIND holders AS holder
      MATCH (e:Entity {n: holder})
      RETURN e
    }
    RETURN collect(DISTINCT e) AS met
  }
  UNWIND met AS e
  WITH e WHERE NOT e IN at0 AND NOT e IN at1
  RETURN collect(e) AS at2
}
CALL (at2) {
  WITH CASE WHEN $hops > 2 AND size(at2) <= $most THEN at2 ELSE [] END AS now
  CALL (now) {
    UNWIND now AS e
    MATCH (e)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|EMPLOYED_BY|CONTROLS|BRANCH_OF
      |SUCCESSOR_OF|GUARANTEES|RELATIVE_OF|CONCERT_WITH|POSSIBLY_SAME_AS|HAS_CONTACT|BID_IN|REVIEWS
      |BUYS|DESIGNS|SUPERVISES]-()
    WHERE type(r) IN $types
      AND ($out AND startNode(r) = e OR $in AND endNode(r) = e OR type(r) IN $undirected)
    RETURN e, r
    UNION ALL
    UNWIND now AS e
    MATCH (f)-[r:SHAREHOLDER_OF {nominator: e.n}]->(t)
    WHERE $out AND 'SHAREHOLDER_OF' IN $types AND f <> e AND t <> e
    RETURN e, r
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
  CALL (found, k) {
    WITH found, k WHERE k <= $cap
    RETURN found AS kept
    UNION ALL
    WITH found, k WHERE k > $cap
    UNWIND found AS r
    WITH r ORDER BY type(r), startNode(r).id, endNode(r).id, coalesce(r.since_day, r.start),
      coalesce(r.role, ''), r.id, r.start
    RETURN collect(r)[..$cap] AS kept
  }
  RETURN collect([e.n, k, kept]) AS hop2
}
CALL (at0, at1, at2, hop2) {
  CALL (hop2) {
    UNWIND hop2 AS one
    UNWIND one[2] AS r
    WITH collect(DISTINCT startNode(r)) + collect(DISTINCT endNode(r)) AS ends,
      collect(DISTINCT CASE type(r) WHEN 'SHAREHOLDER_OF' THEN r.nominator END) AS holders
    CALL (ends, holders) {
      UNWIND ends AS e
      RETURN e
      UNION ALL
      UNWIND holders AS holder
      MATCH (e:Entity {n: holder})
      RETURN e
    }
    RETURN collect(DISTINCT e) AS met
  }
  UNWIND met AS e
  WITH e WHERE NOT e IN at0 AND NOT e IN at1 AND NOT e IN at2
  RETURN collect(e) AS at3
}
CALL (hop0, hop1, hop2) {
  UNWIND hop0 + hop1 + hop2 AS one
  UNWIND one[2] AS r
  WITH r, collect(one[0]) AS givers
  WITH type(r) AS type, startNode(r).n AS f, endNode(r).n AS t, properties(r) AS r, givers
  RETURN collect([type, f, t, r.role, r.nominee_for, r.source, r.start, r.stop, r.since_day,
    r.until_day, r.ended, r.low, r.high, r.id, r.values, r.said, r.others, givers]) AS relations
}
WITH before, relations, [one IN hop0 + hop1 + hop2 WHERE one[1] > $cap | one[..2]] AS cut,
  [at IN [at0, at1, at2, at3] | [e IN at | [e.n, e.n, e.id, e.kind, e.name, e.known,
    coalesce(e.attributes, e.values[0], ''), e.aliases]]] AS levels
MATCH (m:CreditGraph {one: 1})
RETURN relations, cut, levels, EXISTS { MATCH (q:Rejected) } AS rejected, before,
  properties(m) AS after,
  COLLECT { MATCH (l:Load) WHERE l.status = 'running' RETURN l.id ORDER BY l.id } AS running
"""
