// 查关系：两个主体之间最短的全部关联路径（六步之内）。
// All shortest ties between two parties within six hops.
// :param from => '民政局:R00001'
// :param to => 'uscc:9115999910000317X2'
// :param as_of => '2026-06-30'
WITH duration.inDays(date('0001-01-01'), date($as_of)).days + 1 AS day
CALL () {
  MATCH (a:Party {id: $from}) RETURN a
  UNION  // 来源:本地编号 — what a source calls it
  MATCH (d:Designator {id: $from}) MATCH (a:Entity {n: d.canon}) RETURN a
}
CALL () {
  MATCH (b:Party {id: $to}) RETURN b
  UNION  // 来源:本地编号 — what a source calls it
  MATCH (d:Designator {id: $to}) MATCH (b:Entity {n: d.canon}) RETURN b
}
MATCH p = ALL SHORTEST (a)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|CONTROLS
  |BRANCH_OF|SUCCESSOR_OF|RELATIVE_OF|CONCERT_WITH|GUARANTEES
  WHERE r.ended = 0 AND r.start <= day AND day < r.stop]-{1,6}(b)
// parallel relations are one step: paths through the same parties are one path
RETURN DISTINCT [n IN nodes(p) | n.id] AS parties, length(p) AS length
ORDER BY length, parties
