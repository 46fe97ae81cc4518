"""A screening as JSON, exactly as the contract says; additions are told in ``docs/tenders.md``."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from graph_service.answers.screen import (
    Bidder,
    Candidate,
    Cluster,
    Indicator,
    Interest,
    LotSummary,
    Pair,
    PriceFinding,
    Reason,
    Screening,
    Side,
)
from graph_service.bids import Bid, Named, Tender
from graph_service.days import iso
from graph_service.wire.common import completeness, flag, party, steps

Json = dict[str, Any]


def screening(answer: Screening) -> Json:
    """The whole answer."""
    return {
        "as_of": iso(answer.as_of),
        "data_version": answer.data_version,
        "completeness": completeness(answer.completeness),
        "tenders": [tender(one) for one in answer.tenders],
        "regime": answer.regime or None,
        "k": answer.k,
        "bidders": [_bidder(one) for one in answer.bidders],
        "pairs": [_pair(one) for one in answer.pairs],
        "pairs_checked": answer.pairs_checked,
        "pairs_insufficient": answer.pairs_insufficient,
        "clusters": [[one.id for one in cluster.parties] for cluster in answer.clusters],
        "cluster_details": [_cluster(one) for one in answer.clusters],
        "interests": [_interest(one) for one in answer.interests],
        "prices": [_price(one) for one in answer.prices],
        "history": dict(answer.history),
        "lots": [_lot(one) for one in answer.lots],
        "pack": answer.pack,
        "pack_hash": answer.pack_hash,
        "digest": answer.digest,
        "question": dict(answer.question),
        "notice": {"zh": "供人工复核", "en": "For human review"},
    }


def bid(b: Bid) -> Json:
    """A row as it was given, without its empty cells."""
    shown: Json = {"row": b.row, "bidder": b.bidder, "name": b.name, "uscc": b.uscc}
    shown |= {"tender": b.tender, "lot": b.lot, "price": _number(b.price)}
    shown |= {"currency": b.currency if b.price is not None else ""}
    shown |= {"status": b.status, "submitted": b.submitted, "agent": b.agent}
    shown |= {"preparer": b.preparer, "project_manager": b.project_manager}
    shown |= {"deposit_account": b.deposit_account, "device": b.device}
    shown |= {"address": b.address, "phone": b.phone, "consortium": b.consortium}
    shown |= {"notes": list(b.notes) or None}
    return {name: value for name, value in shown.items() if value not in ("", None)}


def tender(t: Tender) -> Json:
    """What is told about a tender."""
    return {
        "id": t.id,
        "name": t.name,
        "lot": t.lot,
        "regime": t.regime or None,
        "method": t.method,
        "announced": iso(t.announced),
        "opened": iso(t.opened),
        "buyers": _names(t.buyers),
        "designers": _names(t.designers),
        "supervisors": _names(t.supervisors),
        "reviewers": _names(t.reviewers),
    }


def asked_tender(t: Tender) -> Json:
    """The same for a question that is to be asked again: with the keyed ID numbers of reviewers."""
    return {**tender(t), "reviewer_ids": [one.pid for one in t.reviewers]}


def verdicts_hash(answer: Json) -> str:
    """SHA-256 of what a screening decides: the verdict of every row and of every pair listed, with
    its articles. Equal for answers that say the same, whatever the data's version."""
    rows = [
        [row["row"], (row["party"] or {}).get("id"), row["verdict"]] for row in answer["bidders"]
    ]
    pairs = sorted(
        [pair["a"]["row"], pair["b"]["row"], pair["verdict"], pair["articles"]]
        for pair in answer["pairs"]
    )
    text = json.dumps([rows, pairs], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _names(named: tuple[Named, ...]) -> list[str]:
    return [one.text or one.pid for one in named]


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _bidder(b: Bidder) -> Json:
    return {
        "row": b.bid.row,
        "given": bid(b.bid),
        "lot": b.lot,
        "party": None if b.party is None else party(b.party),
        "match": b.match,
        "candidates": [_candidate(one) for one in b.candidates],
        "flags": [flag(one) for one in b.flags],
        "verdict": b.verdict,
        "reasons": [_reason(one) for one in b.reasons],
        "notes": list(b.notes),
        "duplicate_of": b.duplicate_of,
    }


def _candidate(c: Candidate) -> Json:
    return {**party(c.party), "score": c.score}


def _reason(r: Reason) -> Json:
    return {
        "code": r.code,
        "verdict": r.verdict,
        "statement": {"zh": r.zh, "en": r.en},
        "article": r.article,
        "path": steps(r.path),
        "about": None if r.about is None else party(r.about),
        "certain": r.certain,
    }


def _side(s: Side) -> Json:
    shown: Json = {"id": None, "name": s.name, "kind": None}
    return {**(shown if s.party is None else party(s.party)), "row": s.row}


def _pair(p: Pair) -> Json:
    return {
        "a": _side(p.a),
        "b": _side(p.b),
        "lot": p.lot,
        "verdict": p.verdict,
        "articles": list(p.articles),
        "path": steps(p.path),
        "evidence": steps(p.evidence),
        "indicators": list(dict.fromkeys(one.code for one in p.indicators)),
        "indicator_details": [_indicator(one) for one in p.indicators],
        "hops": p.hops,
        "certain": p.certain,
        "statement": {"zh": p.zh, "en": p.en},
    }


def _indicator(i: Indicator) -> Json:
    return {
        "code": i.code,
        "label": {"zh": i.zh, "en": i.en},
        "value": i.value,
        "path": steps(i.path),
        "about": None if i.about is None else party(i.about),
        "certain": i.certain,
    }


def _cluster(c: Cluster) -> Json:
    return {
        "parties": [party(one) for one in c.parties],
        "by": c.by,
        "hub": None if c.hub is None else party(c.hub),
        "rows": list(c.rows),
        "cores": [list(core) for core in c.cores],
    }


def _interest(i: Interest) -> Json:
    return {
        "row": i.row,
        "bidder": party(i.bidder),
        "role": i.role,
        "other": party(i.other),
        "kind": i.kind,
        "article": i.article,
        "path": steps(i.path),
        "certain": i.certain,
        "statement": {"zh": i.zh, "en": i.en},
    }


def _price(p: PriceFinding) -> Json:
    return {
        "code": p.code,
        "lot": p.lot,
        "rows": list(p.rows),
        "value": None if p.value is None else float(p.value),
        "fence": None if p.fence is None else float(p.fence),
        "statement": {"zh": p.zh, "en": p.en},
    }


def _lot(s: LotSummary) -> Json:
    return {
        "tender": s.tender,
        "lot": s.lot,
        "regime": s.regime or None,
        "rows": s.rows,
        "pairs_checked": s.pairs_checked,
        "pairs_insufficient": s.pairs_insufficient,
    }
