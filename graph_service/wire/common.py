"""Answers as JSON-ready dicts, exactly as the contract says; the command line and the web share it.

Shares become numbers, days ISO texts, parties ``{id, name, kind}`` (+ ``aliases``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from graph_service.answers.common import (
    Answer,
    Completeness,
    Controlled,
    ControlledAnswer,
    ControllersAnswer,
    Dossier,
    EndedFlag,
    Exposure,
    Flag,
    FlagAll,
    FlagsAnswer,
    FlagsList,
    Holding,
    HoldingsAnswer,
    InfoAnswer,
    LookedAt,
    Missing,
    Path,
    PathsAnswer,
    RowAnswer,
    SearchAnswer,
    Step,
    Trace,
)
from graph_service.days import iso
from graph_service.model import Conflict, Party, Record, Relation, SourceRef
from graph_service.places import told
from graph_service.reasons import reason_zh

Json = dict[str, Any]


def to_json(answer: Answer) -> Json:
    """Any answer as a JSON-ready dict."""
    return {**head(answer), **_BODIES[type(answer)](answer)}


def head(answer: Answer) -> Json:
    """What every answer begins with."""
    return {
        "as_of": iso(answer.as_of),
        "data_version": answer.data_version,
        "completeness": completeness(answer.completeness),
    }


def party(p: Party) -> Json:
    """``{id, name, kind}`` and its aliases, if any."""
    shown: Json = {"id": p.id, "name": p.name, "kind": p.kind, "key": p.key}
    if p.aliases:
        shown["aliases"] = list(p.aliases)
    return shown


def number(share: Decimal | None) -> float | None:
    """A share as a JSON number."""
    return None if share is None else float(share)


def completeness(c: Completeness) -> Json:
    """How complete an answer is."""
    return {
        "status": c.status,
        "depth": c.depth,
        "explored": c.explored,
        "budget": c.budget,
        "hubs": list(c.hubs),
        "missing": [missing(m) for m in c.missing],
    }


def missing(m: Missing) -> Json:
    """Something that is not in an answer, or a warning."""
    return {"what": m.what, "id": m.id, "why": m.why, "why_zh": reason_zh(m.why)}


def sources(refs: Iterable[SourceRef]) -> list[Json]:
    """Where statements stand; ``sheet`` only where the file is a workbook."""
    return [told(*ref) for ref in refs]


def relation(r: Relation, start: Json, end: Json) -> Json:
    """A relation between two parties (as JSON already) as a step without parallels."""
    (id, type_, _from, _to, role, title, share, low, high, votes, since, until, ended, former,
     attributes, refs) = r  # fmt: skip
    return {
        "id": id,
        "type": type_,
        "from": start,
        "to": end,
        "role": role,
        "title": title,
        "share": None if share is None else float(share),
        "share_min": None if low is None else float(low),
        "share_max": None if high is None else float(high),
        "votes": None if votes is None else float(votes),
        "since": iso(since),
        "until": iso(until),
        "ended": ended,
        "former": former,
        "attributes": dict(attributes),
        "parallel": [],
        "sources": sources(refs),
    }


def step(s: Step) -> Json:
    """A step of a path."""
    shown = relation(s.relation, party(s.start), party(s.end))
    shown["parallel"] = [step(other) for other in s.parallel]
    if s.nominee is not None:
        shown["nominee"] = party(s.nominee)
    return shown


def steps(path: Iterable[Step]) -> list[Json]:
    """The steps of a path."""
    return [step(s) for s in path]


def record(r: Record) -> Json:
    """A record in full."""
    return {
        "id": r.id,
        "subject": r.subject,
        "list": r.list,
        "label": r.label,
        "honour": r.honour,
        "document_no": r.document_no,
        "authority": r.authority,
        "basis": r.basis,
        "reason": r.reason,
        "measures": r.measures,
        "penalty_kind": r.penalty_kind,
        "fine_amount": None if r.fine is None else float(r.fine),
        "personally_responsible": r.personally_responsible,
        "disclosure": r.disclosure,
        "decided": iso(r.decided),
        "listed": iso(r.listed),
        "valid_until": iso(r.valid_until),
        "status": r.status,
        "until": iso(r.until),
        "sources": sources(r.sources),
    }


def brief(r: Record) -> Json:
    """A record as a flag shows it."""
    return {
        "id": r.id,
        "list": r.list,
        "document_no": r.document_no,
        "authority": r.authority,
        "decided": iso(r.decided),
        "listed": iso(r.listed),
        "valid_until": iso(r.valid_until),
        "status": r.status or "in_force",
        "sources": sources(r.sources),
    }


def flag(f: Flag) -> Json:
    """A flag with its proof."""
    shown: Json = {
        "party": party(f.party),
        "grade": f.grade,
        "severity": f.severity,
        "rule": f.rule,
        "pack": f.pack,
        "article": f.article,
        "listed": party(f.listed),
        "record": brief(f.record),
        "records": list(f.records),
        "path": steps(f.path),
        "evidence": steps(f.evidence),
        "share": number(f.share),
        "statement": {"zh": f.statement_zh, "en": f.statement_en},
        "certain": f.certain,
    }
    if f.former_of is not None:
        shown["former_of"] = f.former_of
    return shown


def _ended(item: EndedFlag) -> Json:
    return {**flag(item.flag), "reason": {"zh": item.reason_zh, "en": item.reason_en}}


def _looked_at(looked: LookedAt) -> Json:
    return {
        "records": looked.records,
        "relations": dict(looked.relations),
        "rules": list(looked.rules),
        "quarantined": looked.quarantined,
    }


def _trace(a: Trace) -> Json:
    shown = {p.id: party(p) for p in a.parties}
    return {
        "root": party(a.root),
        "parties": [{**shown[p.id], "depth": a.depths[p.id]} for p in a.parties],
        "relations": [relation(r, shown[r.from_id], shown[r.to_id]) for r in a.relations],
    }


def path(p: Path) -> Json:
    """A path and its length."""
    return {"length": p.length, "steps": steps(p.steps)}


def _paths(a: PathsAnswer) -> Json:
    shown: Json = {
        "from": party(a.start),
        "to": party(a.end),
        "paths": [path(p) for p in a.paths],
    }
    if a.within is not None:
        shown["within"] = a.within
    return shown


def _exposure(a: Exposure) -> Json:
    return {
        "subject": party(a.subject),
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "records": [record(r) for r in a.records],
        "flags": [flag(f) for f in a.flags],
    }


def _flags(a: FlagsAnswer) -> Json:
    return {
        "party": party(a.party),
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "flags": [flag(f) for f in a.flags],
        "ended": [_ended(item) for item in a.ended],
        "looked_at": _looked_at(a.looked_at),
    }


def _row(a: RowAnswer) -> Json:
    shown: Json = {
        "row": a.row,
        "given": a.given,
        "party": None if a.party is None else party(a.party),
        "flags": [flag(f) for f in a.flags],
        "ended": [_ended(item) for item in a.ended],
        "looked_at": None if a.looked_at is None else _looked_at(a.looked_at),
    }
    if a.error is not None:
        shown["error"] = a.error
        shown["candidates"] = list(a.candidates)
    return shown


def _flags_list(a: FlagsList) -> Json:
    return {
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "answers": [_row(row) for row in a.answers],
    }


def _flag_all(a: FlagAll) -> Json:
    return {
        "pack": a.pack,
        "pack_hash": a.pack_hash,
        "flags": [flag(f) for f in a.flags],
        "counts": dict(a.counts),
    }


def _control(c: Controlled) -> Json:
    shown: Json = {
        "party": party(c.party),
        "share": number(c.share),
        "path": steps(c.path),
        "evidence": steps(c.evidence),
    }
    if c.group:
        shown["group"] = [party(member) for member in c.group]
    return shown


def _controlled(a: ControlledAnswer) -> Json:
    return {
        "party": party(a.party),
        "controlled": [_control(c) for c in a.controlled],
        "warnings": [missing(w) for w in a.warnings],
    }


def _controllers(a: ControllersAnswer) -> Json:
    return {
        "party": party(a.party),
        "controllers": [_control(c) for c in a.controllers],
        "warnings": [missing(w) for w in a.warnings],
    }


def _holding(h: Holding) -> Json:
    return {
        "party": party(h.party),
        "direct": number(h.direct),
        "direct_min": number(h.direct_min),
        "direct_max": number(h.direct_max),
        "integrated": number(h.integrated),
        "integrated_min": number(h.integrated_min),
        "integrated_max": number(h.integrated_max),
        "controls": h.verdict == "certain",
        "verdict": h.verdict,
        "control_share": number(h.control_share),
        "paths": [path(p) for p in h.paths],
        "explained": number(h.explained),
        "settled_by": steps(h.settled_by),
    }


def _holdings(a: HoldingsAnswer) -> Json:
    return {
        "party": party(a.party),
        "method": a.method,
        "holdings" if a.down else "owners": [_holding(h) for h in a.holdings],
        "warnings": [missing(w) for w in a.warnings],
    }


def conflict(c: Conflict) -> Json:
    """What sources disagree about; the first value is the one shown."""
    return {
        "party": c.party,
        "about": c.about,
        "values": [{"value": value, "source": sources([ref])[0]} for value, ref in c.values],
    }


def _dossier(a: Dossier) -> Json:
    return {
        "party": {**party(a.party), "key": a.party.key, "known": a.party.known},
        "attributes": dict(a.party.attributes),
        "records": [record(r) for r in a.records],
        "upcoming_records": [record(r) for r in a.upcoming_records],
        "ended_records": [record(r) for r in a.ended_records],
        "honours": [record(r) for r in a.honours],
        "relations": steps(a.relations),
        "flags": [flag(f) for f in a.flags],
        "conflicts": [conflict(c) for c in a.conflicts],
        "sources": sources(a.sources),
    }


def _search(a: SearchAnswer) -> Json:
    return {
        "parties": [
            {**party(h.party), "score": round(h.score, 6), "matched": h.matched} for h in a.hits
        ]
    }


def _info(a: InfoAnswer) -> Json:
    return {
        "parties": dict(a.parties),
        "relations": dict(a.relations),
        "records": dict(a.records),
        "sources": list(a.sources),
        "digest": a.digest,
    }


_BODIES: Mapping[type[Answer], Callable[[Any], Json]] = {
    Trace: _trace,
    PathsAnswer: _paths,
    Exposure: _exposure,
    FlagsAnswer: _flags,
    FlagsList: _flags_list,
    FlagAll: _flag_all,
    ControlledAnswer: _controlled,
    ControllersAnswer: _controllers,
    HoldingsAnswer: _holdings,
    Dossier: _dossier,
    SearchAnswer: _search,
    InfoAnswer: _info,
}
