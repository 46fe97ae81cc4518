"""Deriving records: of each source and key the one shown, by subject."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from graph_service.days import parse_iso
from graph_service.identity import local_text
from graph_service.store.derive import OPEN, Stated
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import STATED
from graph_service.store.sqlite.marking import stated as stated_row
from graph_service.store.sqlite.tables import TABLE_NUMBERS, create_index

_RECORD_TABLES = f"({TABLE_NUMBERS['sanctions']}, {TABLE_NUMBERS['honours']})"


def derive_records(ingest: Ingest) -> int:
    """Derive the records of the marked parties; on how many lists their labels differ."""
    c = ingest.c
    scope = f"s.tbl IN {_RECORD_TABLES} AND s.type = 14 AND s.state = 0"
    if ingest.fresh:
        source = "stmt s JOIN node n ON n.n = s.a"
        c.execute(create_index("rec_n"))
        c.execute("CREATE TEMP TABLE subjects (n INTEGER PRIMARY KEY)")
        c.execute(f"INSERT OR IGNORE INTO temp.subjects SELECT n.canon FROM {source} WHERE {scope}")
    else:
        c.execute(
            "CREATE TEMP TABLE subjects AS SELECT n FROM temp.dp UNION SELECT n.canon"
            " FROM temp.ts x CROSS JOIN stmt s ON s.sid = x.sid AND s.type = 14"
            " CROSS JOIN node n ON n.n = s.a"
        )
        ingest.stood["label_conflict"] += c.execute(
            "SELECT count(*) FROM (SELECT 1 FROM temp.subjects j CROSS JOIN rec c ON c.n = j.n"
            " GROUP BY c.n, c.list HAVING count(DISTINCT c.label) > 1)"
        ).fetchone()[0]
        c.execute("DELETE FROM rec WHERE n IN (SELECT n FROM temp.subjects)")
    rows = c.execute(
        f"SELECT m.canon, s.tbl, m.id, {STATED} FROM temp.subjects j CROSS JOIN node m"
        " ON (m.n = j.n OR (m.canon = j.n AND m.canon <> m.n))"
        f" CROSS JOIN stmt s ON s.a = m.n WHERE {scope} AND m.canon = j.n ORDER BY m.canon, s.sid"
    )
    disagreements = 0
    for node, group in groupby(rows.fetchall(), key=itemgetter(0)):
        disagreements += _subject(ingest, node, list(group))
    return disagreements


def _subject(ingest: Ingest, node: int, rows: Sequence[tuple[object, ...]]) -> int:
    """Write a subject's records, one per source, key and label; how many lists disagree."""
    shown: dict[tuple[str, int, bool], tuple[Stated, dict[str, str], object, str]] = {}
    labels: dict[str, set[bool]] = {}
    for row in rows:
        stated = stated_row(ingest.source_names, row[3:])
        values: dict[str, str] = json.loads(stated.values)
        yes = values.get("label") != "no"
        labels.setdefault(values["list"], set()).add(yes)
        held = shown.get((stated.source, stated.key, yes))
        if held is None or _record_weight(stated, values) > _record_weight(held[0], held[1]):
            shown[stated.source, stated.key, yes] = (stated, values, row[1], str(row[2]))
    ingest.c.executemany(
        "INSERT OR REPLACE INTO rec VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [_record_row(node, *found) for found in shown.values()],
    )
    differing = sum(len(found) > 1 for found in labels.values())
    ingest.warnings["label_conflict"] += differing
    return differing


def _record_weight(stated: Stated, values: dict[str, str]) -> tuple[int, int, str, str]:
    """Open before ended, then the later end, then the larger value."""
    return (
        0 if values.get("status") in ("revoked", "repaired", "removed", "expired") else 1,
        stated.until or OPEN,
        values.get("valid_until", "9999"),
        stated.values,
    )


def _record_row(
    node: int, stated: Stated, values: dict[str, str], table: object, subject: str
) -> tuple[object, ...]:
    document = values.get("document_no")
    own = f"{document}:{subject}" if document else f"{subject}:{values['list']}"
    tail = values.get("id") or own
    return (
        stated.sid, node, local_text(stated.source, tail),
        int(table == TABLE_NUMBERS["honours"]), values["list"], int(values.get("label") != "no"),
        _day(values, "decided"), _day(values, "listed"), _day(values, "valid_until"),
        values.get("status", ""), stated.until,
    )  # fmt: skip


def _day(values: dict[str, str], field: str) -> int:
    return parse_iso(values[field]) if values.get(field) else 0
