"""Answers about ultimate ownership as JSON-ready dicts, exactly as the contract says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graph_service.answers.common import ControlledAnswer, Missing
from graph_service.answers.ownership import (
    BeneficialAnswer,
    BeneficialOwner,
    CloseLink,
    CloseLinksAnswer,
    NearMiss,
    PossibleOwner,
    Said,
    Stop,
)
from graph_service.model import Party
from graph_service.wire.common import Json, head, number, party, path, steps, to_json
from graph_service.wire.common import missing as missing_json


def beneficial_json(a: BeneficialAnswer) -> Json:
    """The answer to ``beneficial-owners``."""
    return {
        **head(a),
        "party": party(a.party),
        "rule": a.rule,
        "threshold": number(a.threshold),
        "owners": [_owner(owner) for owner in a.owners],
        "not": [_miss(miss) for miss in a.misses],
        "possible": [_possible(one) for one in a.possible],
        "exempt": a.exempt,
        "exempt_why": _said(a.exempt_why),
        "files": a.files,
        "files_why": _said(a.files_why),
        "stops": [_stop(stop) for stop in a.stops],
        "warnings": [missing_json(w) for w in a.warnings],
    }


def close_links_json(a: CloseLinksAnswer) -> Json:
    """The answer to ``close-links``."""
    return {
        **head(a),
        "party": party(a.party),
        "threshold": number(a.threshold),
        "links": [_link(link) for link in a.links],
        "warnings": [missing_json(w) for w in a.warnings],
    }


def aggregate_json(threshold: Decimal, found: Sequence[tuple[Party, ControlledAnswer]]) -> Json:
    """Which of two parties holds the other together with what it so holds: ``found`` has the other
    one and everything that each holds so."""
    held: list[Json] = []
    missing: list[Missing] = []
    for other, answer in found:
        missing += [line for line in answer.completeness.missing if line.id == other.id]
        holder = {"holder": party(answer.party)}
        held += [
            holder | item
            for item in to_json(answer)["controlled"]
            if item["party"]["id"] == other.id
        ]
    return {
        "threshold": number(threshold),
        "held": held,
        "completeness": {
            "status": "insufficient_data" if missing else "complete",
            "missing": [missing_json(line) for line in missing],
        },
    }


def _owner(owner: BeneficialOwner) -> Json:
    return {
        "party": party(owner.party),
        "share": number(owner.share),
        "rule": owner.rule,
        "paths": [path(p) for p in owner.paths],
        **_why(owner.why),
    }


def _miss(miss: NearMiss) -> Json:
    return {
        "party": party(miss.party),
        "rule": miss.rule,
        "share": number(miss.share),
        "verdict": "possible" if miss.possible else "no",
        **_why(miss.why),
        "settled_by": steps(miss.settled_by),
    }


def _possible(one: PossibleOwner) -> Json:
    return {"party": party(one.party), "settled_by": steps(one.settled_by)}


def _stop(stop: Stop) -> Json:
    return {"party": party(stop.party), "reason": stop.reason, **_why(stop.why)}


def _link(link: CloseLink) -> Json:
    return {
        "party": party(link.party),
        "share": number(link.share),
        "via": link.via if isinstance(link.via, str) else party(link.via),
        "other_share": number(link.other_share),
        "paths": [path(p) for p in link.paths],
    }


def _why(said: Said) -> Json:
    return {"why": said.en, "statement": _said(said)}


def _said(said: Said) -> Json:
    return {"zh": said.zh, "en": said.en}
