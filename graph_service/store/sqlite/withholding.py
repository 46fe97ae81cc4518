"""Which statements are withheld: those whose references do not resolve, or mean the wrong kind."""

from __future__ import annotations

from graph_service.store.sqlite.ingest import Ingest
from graph_service.store.sqlite.marking import NOT_RELATIONS
from graph_service.store.sqlite.newties import note_fates
from graph_service.store.sqlite.singles import ENDS, MISMATCHED
from graph_service.store.sqlite.tables import (
    KIND_NUMBERS,
    LIVE,
    TABLE_NAMES,
    TABLE_NUMBERS,
    TYPE_NUMBERS,
    WRONG_KIND,
)

_ENTERPRISE, _PERSON = KIND_NUMBERS["Enterprise"], KIND_NUMBERS["Person"]
_PERSONS = TABLE_NUMBERS["persons"]
_SAME_AS = TYPE_NUMBERS["SAME_AS"]


# Parties' own rows and sameness whose ends are not of the kinds that they must be.
_MISNAMED_PARTY = f"(s.tbl = {_PERSONS} AND s.type = 0 AND na.kind <> {_PERSON})"
_MISNAMED_PAIR = f"(s.type = {_SAME_AS} AND na.kind <> nb.kind)"


def withhold(ingest: Ingest) -> None:
    """Statements whose references do not resolve, or mean the wrong kind, are withheld."""
    c = ingest.c
    if ingest.fresh:
        ingest.sound = _all_sound(ingest)
        if ingest.sound:
            return
    else:
        for end in ("a", "b"):
            c.execute(
                "INSERT OR IGNORE INTO temp.ts SELECT s.sid FROM temp.oldc o"
                f" CROSS JOIN stmt s ON s.{end} = o.n"
            )
        note_fates(c, ingest.last_sid)
    flips = _state_flips(ingest)
    for sid, state, column, was, source, tbl, vals, rdate in flips:
        if (was == LIVE) != (state == LIVE):
            ingest.add_digest(source, tbl, vals, rdate, 1 if state == LIVE else -1)
        c.execute("UPDATE stmt SET state = ?, col = ? WHERE sid = ?", (state, column, sid))
        c.execute("INSERT OR IGNORE INTO temp.flip VALUES (?, ?)", (sid, was))
        if state != LIVE:
            c.execute("DELETE FROM rec WHERE sid = ?", (sid,))
    if ingest.fresh:
        c.execute("DELETE FROM temp.own WHERE sid IN (SELECT sid FROM temp.flip)")


def _all_sound(ingest: Ingest) -> bool:
    """On a first load: make the relations that are not made yet; whether all ends are sound."""
    c = ingest.c
    made = 0 if ingest.singles is None else ingest.singles.end()
    ties = c.execute(f"SELECT count(*) FROM stmt WHERE type NOT IN {NOT_RELATIONS}").fetchone()[0]
    doubtful = (
        "SELECT 1 FROM node WHERE state <> 0",
        # a party's row declares its node to be of its kind, unless another row does otherwise
        "SELECT 1 FROM temp.twice t CROSS JOIN node na ON na.n = t.n CROSS JOIN stmt s ON s.a = t.n"
        f" WHERE {_MISNAMED_PARTY}",
        "SELECT 1 FROM stmt s CROSS JOIN node na ON na.n = s.a CROSS JOIN node nb ON nb.n = s.b"
        f" WHERE {_MISNAMED_PAIR}",
    )
    return made == ties and not any(c.execute(f"{one} LIMIT 1").fetchone() for one in doubtful)


def _state_flips(ingest: Ingest) -> list[tuple[int, int, str, int, int, int, str, int]]:
    c = ingest.c
    scope, node = "stmt s", "node"
    if not ingest.fresh:
        scope, node = "temp.ts t CROSS JOIN stmt s ON s.sid = t.sid", "temp.fate"
    rows = c.execute(
        "SELECT s.sid, s.state, s.tbl, s.type, na.state, na.kind, coalesce(nb.state, 0),"
        f" coalesce(nb.kind, 0), s.source, s.vals, s.rdate, s.col FROM {scope}"
        f" CROSS JOIN {node} na ON na.n = s.a LEFT JOIN {node} nb ON nb.n = s.b AND s.type <> 0"
        " WHERE s.state <> 0 OR na.state <> 0 OR coalesce(nb.state, 0) <> 0"
        f" OR {MISMATCHED} OR {_MISNAMED_PARTY} OR {_MISNAMED_PAIR}"
    )
    found = []
    for sid, was, tbl, type_, a_state, a_kind, b_state, b_kind, source, vals, rdate, col in rows:
        state, column = _state(TABLE_NAMES[tbl], type_, a_state, a_kind, b_state, b_kind)
        if (state, column) != (was, col):
            found.append((sid, state, column, was, source, tbl, vals, rdate))
    return found


def _state(
    table: str, type_: int, a_state: int, a_kind: int, b_state: int, b_kind: int
) -> tuple[int, str]:
    first, second = _columns(table)
    if a_state:
        return a_state, first
    if b_state:
        return b_state, second
    want_a, want_b = ENDS.get(type_, (0, 0))
    if table == "persons" and type_ == 0 and a_kind != _PERSON:
        return WRONG_KIND, "id"
    if type_ == _SAME_AS and a_kind != b_kind:
        return WRONG_KIND, second
    if want_a and a_kind != want_a:
        return WRONG_KIND, first
    if want_b and b_kind != want_b:
        return WRONG_KIND, second
    return LIVE, ""


_COLUMNS = {
    "legal_representatives": ("person", "enterprise"),
    "shareholders": ("holder", "enterprise"),
    "executives": ("person", "enterprise"),
    "employments": ("person", "enterprise"),
    "controllers": ("controller", "enterprise"),
    "branches": ("branch", "enterprise"),
    "successors": ("successor", "predecessor"),
    "guarantees": ("guarantor", "debtor"),
    "relatives": ("person", "relative"),
    "concerts": ("party", "other"),
    "same_as": ("party", "same"),
    "contacts": ("party", "value"),
    "sanctions": ("subject", "subject"),
    "honours": ("subject", "subject"),
    "bids": ("bidder", "tender"),
    "reviewers": ("person", "tender"),
    "tenders": ("buyer", "id"),
}


def _columns(table: str) -> tuple[str, str]:
    """The columns that name the ends ``a`` and ``b`` of a table's statements."""
    return _COLUMNS.get(table, ("id", "id"))
