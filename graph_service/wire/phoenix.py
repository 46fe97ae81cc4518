"""Phoenix companies as JSON-ready dicts."""

from __future__ import annotations

from graph_service.answers.phoenix import Phoenix, PhoenixAnswer
from graph_service.days import iso
from graph_service.wire.common import Json, brief, head, party, steps

ARTICLE = ("本程序约定，无专门条文", "A convention of this program, no article")


def phoenix_json(a: PhoenixAnswer) -> Json:
    """Suspected phoenix companies around a party."""
    return {
        **head(a),
        "party": party(a.party),
        "least": a.least,
        "phoenixes": [_phoenix(p) for p in a.phoenixes],
    }


def _phoenix(p: Phoenix) -> Json:
    return {
        "old": party(p.old),
        "new": party(p.new),
        "grade": "suspected",
        "severity": "low",
        "certain": False,
        "article": ARTICLE[0],
        "article_en": ARTICLE[1],
        "record": brief(p.record),
        "ended": iso(p.ended),
        "founded": iso(p.founded),
        "features": [
            {"kind": f.kind, "value": f.value, "path": steps(f.steps)} for f in p.features
        ],
    }
