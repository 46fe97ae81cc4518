// 由过半数持股或已声明的实际控制逐级相连的企业：控制闭包中一条链即可证明的部分。
// Companies reached by a chain of single majorities (more than half of the capital) or declared
// control. Majorities that several stakes make together are beyond a path pattern: ask `controlled`.
// :param id => '民政局:R00001'
// :param as_of => '2026-06-30'
WITH duration.inDays(date('0001-01-01'), date($as_of)).days + 1 AS day
CALL () {
  MATCH (top:Party {id: $id}) RETURN top
  UNION  // 来源:本地编号 — what a source calls it
  MATCH (d:Designator {id: $id}) MATCH (top:Entity {n: d.canon}) RETURN top
}
MATCH p = SHORTEST 1 (top)-[r:SHAREHOLDER_OF|CONTROLS
  WHERE r.ended = 0 AND r.start <= day AND day < r.stop
    AND (type(r) = 'CONTROLS' OR r.low > 500000000000000000)]->+(party:Party)
WHERE party <> top
RETURN party.id AS id, party.name AS name, length(p) AS length
ORDER BY length, id
