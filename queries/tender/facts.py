"""A tender's facts: from the loaded tables, from the list's own sheets, or from both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graph_service.bids import Bid, Named, Tender
from graph_service.codes import code_of
from graph_service.days import Day, parse_iso
from graph_service.errors import UsageError
from graph_service.identity import encode_local
from graph_service.model import TENDER, Party, RelationFilter
from graph_service.text import fold
from queries.ask import Question

_ROLES = {"BUYS": "buyers", "DESIGNS": "designers", "SUPERVISES": "supervisors"}
_TIES = frozenset({*_ROLES, "REVIEWS"})


def loaded_tenders(question: Question, tender: str, lots: Iterable[str]) -> list[Tender]:
    """What the store knows of a tender and of these lots of it; raises UsageError for none.

    ``tender``: its stored id (``<source>:<id>:<lot>``), ``<source>:<id>``, or its own id.
    """
    nodes = _nodes(question, tender, sorted({"", *lots}))
    if not nodes:
        raise UsageError(
            "no tender has this id", "Load it as the table tenders, or leave --tender out."
        )
    only = RelationFilter(as_of=question.ask.as_of, types=_TIES, direction="in")
    ties = question.expand(sorted(nodes), only).relations
    told = _rows(question, sorted(nodes))
    found = []
    for id in sorted(nodes):
        own: dict[str, list[Named]] = {name: [] for name in (*_ROLES.values(), "reviewers")}
        for r in ties:
            if r.to_id == id:
                own[_ROLES.get(r.type, "reviewers")].append(Named(r.from_id))
        found.append(_tender(id, told.get(id, {}), own))
    # Reviewers are named for a tender, days and regimes for its lots: one tells for the other.
    days = [one.announced for one in found if one.announced is not None]
    regimes = {one.regime for one in found if one.regime}
    return [
        replace(
            one,
            announced=one.announced or min(days, default=None),
            regime=one.regime or (next(iter(regimes)) if len(regimes) == 1 else ""),
        )
        for one in found
    ]


def _rows(question: Question, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the rows of ``tenders`` state of each lot: per field the later record, then the source's
    name. (A tender is no party: nothing is derived of it.)"""
    rows = [
        row
        for row in question.store.statements(parties=ids)
        if row.table == "tenders" and row.live and row.a in ids
    ]
    told: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=lambda one: (-one.record_date, one.source, one.file, one.row)):
        own = told.setdefault(row.a, {})
        for field, value in json.loads(row.values).items():
            own.setdefault(field, str(value))
    return told


def _nodes(question: Question, tender: str, lots: Sequence[str]) -> dict[str, Party]:
    sources = question.store.info().sources
    ids = [tender]
    if tender.count(":") > 1:  # one lot's stored id: its tender's other lots are looked at too
        base = tender.rpartition(":")[0]
        ids += [f"{base}:{encode_local(lot)}" for lot in lots]
    for lot in lots:
        ids.append(f"{tender}:{encode_local(lot)}")
        ids += [f"{source}:{encode_local(tender)}:{encode_local(lot)}" for source in sources]
    known = question.parties(ids)
    return {party.id: party for party in known.values() if party.kind == TENDER}


def _tender(id: str, told: Mapping[str, str], ties: Mapping[str, list[Named]]) -> Tender:
    parts = id.split(":")
    return Tender(
        id=told.get("id") or (parts[1] if len(parts) > 1 else id),
        name=told.get("name", ""),
        lot=told.get("lot", ""),
        regime=code_of("regimes", told.get("regime", "")) or "",
        method=told.get("method", ""),
        announced=_day(told.get("announced")),
        opened=_day(told.get("opened")),
        buyers=tuple(ties["buyers"]),
        designers=tuple(ties["designers"]),
        supervisors=tuple(ties["supervisors"]),
        reviewers=tuple(ties["reviewers"]),
    )


def _day(text: str | None) -> Day | None:
    try:
        return parse_iso(text) if text else None
    except ValueError:
        return None


def joined(loaded: Sequence[Tender], stated: Sequence[Tender]) -> list[Tender]:
    """The loaded tenders with what the list itself states, which comes first where both speak."""
    found = list(stated)
    for tender in loaded:
        twin = next((one for one in found if one.id == tender.id and one.lot == tender.lot), None)
        if twin is None:
            found.append(tender)
            continue
        found[found.index(twin)] = replace(
            tender,
            name=twin.name or tender.name,
            regime=twin.regime or tender.regime,
            method=twin.method or tender.method,
            announced=twin.announced or tender.announced,
            opened=twin.opened or tender.opened,
            buyers=twin.buyers or tender.buyers,
            designers=twin.designers or tender.designers,
            supervisors=twin.supervisors or tender.supervisors,
            reviewers=(*twin.reviewers, *tender.reviewers),
        )
    return found


def of_lot(tenders: Sequence[Tender], bid: Bid) -> list[Tender]:
    """The tenders that speak of a row's lot: those of its lot, and those of all lots.

    A row that does not say its lot, or its tender, may be of any.
    """
    lot, tender = fold(bid.lot), fold(bid.tender)
    return [
        one
        for one in tenders
        if (not lot or fold(one.lot) in ("", lot)) and (not tender or fold(one.id) in ("", tender))
    ]
