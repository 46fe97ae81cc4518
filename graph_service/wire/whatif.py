"""Flags as if ties were absent, as JSON-ready dicts: the flags' own answer and more."""

from __future__ import annotations

from graph_service.answers.whatif import MinimalCut, WhatIf
from graph_service.wire.common import Json, flag, steps, to_json


def whatif_json(a: WhatIf) -> Json:
    """The answer of ``flags``, with what was left out and what that changes."""
    shown = to_json(a.answer)
    if a.without:
        shown["without"] = steps(a.without)
        shown["cleared"] = [flag(f) for f in a.cleared]
        shown["appeared"] = [flag(f) for f in a.appeared]
    if a.minimal is not None:
        shown["minimal"] = _minimal(a.minimal)
    return shown


def _minimal(cut: MinimalCut) -> Json:
    return {
        "ties": steps(cut.ties),
        "method": "smallest" if cut.exact else "inclusion_minimal",
        "clears": cut.clears,
        "stays": [flag(f) for f in cut.stays],
    }
