"""Writing what follows from the statements, in order: parties, relations, records.

A first load derives everything in bulk; a later one only the parties and the relation units that
its statements touch. The rules themselves stand in ``graph_service.store.derive``; the bulk path
writes units of one statement directly and hands all others to those rules.
"""

from __future__ import annotations

from graph_service.identity import IdKey
from graph_service.store.derive import Precedence
from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import NOT_RELATIONS, mark_units
from graph_service.store.sqlite.parties import derive_parties
from graph_service.store.sqlite.records import derive_records
from graph_service.store.sqlite.relations import derive_relations, note_nominators
from graph_service.store.sqlite.sorting import make_indexes
from graph_service.store.sqlite.tables import INDEXES


def derive_all(ingest: Ingest, key: IdKey, precedence: Precedence) -> int:
    """Derive what changed; how many conflicts stand in what was derived."""
    _mark(ingest)
    ingest.say("derive", 0, 0)
    conflicts = derive_parties(ingest, precedence)
    conflicts += derive_relations(ingest, precedence)
    note_nominators(ingest, key)
    conflicts += derive_records(ingest)
    if ingest.fresh:
        make_indexes(ingest.c, INDEXES)
    return conflicts


def _mark(ingest: Ingest) -> None:
    """Which parties and units to derive: before and after what moved."""
    if ingest.fresh:
        return
    c = ingest.c
    for canon in ("SELECT canon FROM temp.oldc", "SELECT n FROM temp.oldc"):
        c.execute(f"INSERT OR IGNORE INTO temp.dp {canon}")
    for moved in ("oldc", "td"):
        c.execute(
            f"INSERT OR IGNORE INTO temp.dp SELECT n.canon FROM temp.{moved} x"
            " CROSS JOIN node n ON n.n = x.n"
        )
    known = f"x.sid <= {ingest.last_sid}"  # the ties of new statements are sorted later
    c.execute(
        "INSERT OR IGNORE INTO temp.du SELECT coalesce(oa.canon, na.canon),"
        " coalesce(ob.canon, nb.canon), s.type FROM temp.ts x CROSS JOIN stmt s ON s.sid = x.sid"
        " CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        " LEFT JOIN temp.oldc oa ON oa.n = s.a LEFT JOIN temp.oldc ob ON ob.n = s.b"
        f" WHERE {known} AND s.type NOT IN {NOT_RELATIONS}"
    )
    mark_units(c, f"temp.ts x CROSS JOIN stmt s ON s.sid = x.sid AND {known}")
    c.execute(
        "INSERT OR IGNORE INTO temp.dp SELECT m.n FROM (SELECT coalesce(o.canon, o.n) AS n"
        " FROM temp.tn t CROSS JOIN temp.fate o ON o.n = t.n ORDER BY 1) m"
        " LEFT JOIN party p ON p.n = m.n WHERE p.n IS NULL OR p.known = 0"
    )
    for end in ("a", "b"):
        c.execute(
            "INSERT OR IGNORE INTO temp.dp SELECT n.canon FROM temp.flip x"
            f" CROSS JOIN stmt s ON s.sid = x.sid CROSS JOIN node n ON n.n = s.{end}"
        )
