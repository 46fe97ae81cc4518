"""What changed between two days, as JSON-ready dicts."""

from __future__ import annotations

from decimal import Decimal

from graph_service.answers.diff import HOWS, WHATS, Cause, Change, DiffAnswer, Figures
from graph_service.days import iso
from graph_service.wire.common import Json, flag, head, number, party, record, step


def diff_json(a: DiffAnswer) -> Json:
    """Every change, and how many there are of each kind."""
    return {
        **head(a),
        "from": iso(a.start),
        "to": iso(a.as_of),
        **({} if a.party is None else {"party": party(a.party)}),
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "changes": [change(c) for c in a.changes],
        "counts": {what: {how: a.counts.get((what, how), 0) for how in HOWS} for what in WHATS},
    }


def change(c: Change) -> Json:
    """One change, with the rows because of which it is."""
    shown: Json = {"what": c.what, "change": c.change, "party": party(c.subject)}
    if c.other is not None:
        shown["other"] = party(c.other)
    if c.record is not None:
        shown["record"] = record(c.record)
    if c.step is not None:
        shown["tie"] = step(c.step)
    if c.was is not None:
        shown["was"] = step(c.was)
    if c.flag is not None:
        shown["flag"] = flag(c.flag)
    if c.before or c.after:
        shown["before"], shown["after"] = _figures(c.before), _figures(c.after)
    shown["because"] = [_cause(cause) for cause in c.because]
    return shown


def _figures(figures: Figures) -> Json | None:
    if not figures:
        return None
    return {
        name: number(value) if isinstance(value, Decimal) else value
        for name, value in figures.items()
    }


def _cause(cause: Cause) -> Json:
    shown: Json = {"change": cause.change}
    if cause.step is not None:
        shown["tie"] = step(cause.step)
    if cause.record is not None:
        shown["record"] = record(cause.record)
    return shown
