// 关联追溯：三步之内、截止日仍有效的全部关联主体，及其距离。
// Trace: every party within three hops along ties in force on the day, with its distance.
// :param id => 'uscc:9115999910000317X2'
// :param as_of => '2026-06-30'
WITH duration.inDays(date('0001-01-01'), date($as_of)).days + 1 AS day
CALL () {
  MATCH (root:Party {id: $id}) RETURN root
  UNION  // 来源:本地编号 — what a source calls it
  MATCH (d:Designator {id: $id}) MATCH (root:Entity {n: d.canon}) RETURN root
}
MATCH p = SHORTEST 1 (root)-[r:LEGAL_REPRESENTATIVE_OF|SHAREHOLDER_OF|EXECUTIVE_OF|CONTROLS
  |BRANCH_OF|SUCCESSOR_OF|RELATIVE_OF|CONCERT_WITH|GUARANTEES
  WHERE r.ended = 0 AND r.start <= day AND day < r.stop]-{1,3}(party:Party)
WHERE party <> root
RETURN party.id AS id, party.name AS name, length(p) AS depth
ORDER BY depth, id
