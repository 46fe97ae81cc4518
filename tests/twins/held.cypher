// 列入名单主体直接持股的企业，及其股份（上下限）。
// Enterprises in which a listed party holds shares directly.
// :param as_of => '2026-06-30'
// 只影响本身的名单 — lists that flag nobody else:
// :param quiet => ['限制高消费', '行政处罚', '经营异常名录']
WITH duration.inDays(date('0001-01-01'), date($as_of)).days + 1 AS day
MATCH (listed:Party)-[:SUBJECT_OF]->(s:SanctionRecord)
WHERE s.label AND NOT s.list IN $quiet
  AND CASE WHEN s.listed_day = 0 THEN s.decided_day ELSE s.listed_day END <= day
  AND (s.valid_until_day = 0 OR s.valid_until_day >= day)
  AND (NOT coalesce(s.status, '') IN ['revoked', 'repaired', 'removed'] OR s.until_day > day)
WITH DISTINCT day, listed
MATCH (listed)-[r:SHAREHOLDER_OF
  WHERE r.ended = 0 AND r.start <= day AND day < r.stop]->(party:Party)
WHERE party <> listed
RETURN DISTINCT party.id AS party, listed.id AS listed
ORDER BY party, listed
