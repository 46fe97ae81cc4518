"""``--full``: what a source no longer says ends, and nothing else does."""

from __future__ import annotations

import json

from graph_service.days import iso
from graph_service.model import FullOf
from graph_service.schema import PARTY_TABLES, RECORD_TABLES
from graph_service.store.sqlite.ingest import Ingest, remove
from graph_service.store.sqlite.tables import TABLE_NAMES, TYPE_NUMBERS

_FINAL_RECORD = frozenset({"revoked", "repaired", "removed", "expired"})
_SAMENESS = (TYPE_NUMBERS["SAME_AS"], TYPE_NUMBERS["POSSIBLY_SAME_AS"])
_KEPT_OF_A_PARTY = ("id", "name", "pid", "uscc", "id_mask")


def end_unsaid(ingest: Ingest, full: FullOf) -> None:
    """``--full``: what the source no longer says ends (a party loses only its attributes)."""
    c = ingest.c
    source = ingest.number("source", ingest.sources, full.source)
    rows = c.execute(
        # what a row says of a later day is not unsaid by files of an earlier one
        "SELECT s.sid, s.tbl, s.type, s.vals, s.until, s.state, s.rdate, s.key FROM stmt s"
        " CROSS JOIN file f ON f.no = s.file WHERE s.source = ?1"
        " AND NOT EXISTS (SELECT 1 FROM temp.same WHERE same.sid = s.sid)"
        " AND s.sid <= ?2 AND s.rdate <= ?3 AND s.since <= ?3 ORDER BY f.name, s.row, s.sid",
        (source, ingest.last_sid, full.day),
    ).fetchall()
    drop: list[int] = []
    left: set[tuple[object, ...]] = set()
    for sid, tbl, type_, vals, until, state, rdate, key in rows:
        values = _ended_values(TABLE_NAMES[tbl], vals, until, full.day) or vals
        # two values of one key may leave the same when their attributes go: one is enough
        if state or type_ in _SAMENESS or (tbl, key, values, rdate) in left:
            drop.append(sid)
            continue
        left.add((tbl, key, values, rdate))
        if values != vals:
            _rewrite(ingest, sid, source, tbl, vals, values, rdate)
            ingest.ended[TABLE_NAMES[tbl]] += 1
    remove(ingest, drop)


def _ended_values(table: str, vals: str, until: int, day: int) -> str | None:
    """The values of a statement that its source no longer makes; None when it had ended before."""
    values: dict[str, str] = json.loads(vals)
    if table in PARTY_TABLES:
        values = {field: values[field] for field in _KEPT_OF_A_PARTY if field in values}
    elif table in RECORD_TABLES:
        valid = values.get("valid_until", "")
        if values.get("status") in _FINAL_RECORD or (valid and valid < str(iso(day))):
            return None
        values["status"] = "removed"
        values.pop("until", None)
    elif table == "tenders" or (until and until <= day) or values.get("ended") == "yes":
        return None
    else:
        values["ended"] = "yes"
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _rewrite(
    ingest: Ingest, sid: int, source: int, tbl: int, old: str, new: str, rdate: int
) -> None:
    c = ingest.c
    ingest.add_digest(source, tbl, old, rdate, -1)
    ingest.add_digest(source, tbl, new, rdate, 1)
    values = json.loads(new)
    c.execute(
        "UPDATE stmt SET vals = ?, ended = ?, until = iif(?, until, 0) WHERE sid = ?",
        (new, int(values.get("ended") == "yes"), int("until" in values), sid),
    )
    c.execute("INSERT OR IGNORE INTO temp.ts VALUES (?)", (sid,))
    for marked in ("tn", "td"):
        for end in ("a", "b"):
            c.execute(
                f"INSERT OR IGNORE INTO temp.{marked} SELECT {end} FROM stmt"
                f" WHERE sid = ? AND {end} <> 0",
                (sid,),
            )
