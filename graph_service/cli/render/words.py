"""The words of answers, as the terminal shows them, and its styles."""

from __future__ import annotations

from graph_service.words import (
    GRADES,
    SEVERITIES,
    STATUSES,
    Wire,
    bounds,
    chain,
    clean,
    either,
    kind_word,
    list_word,
    missing_line,
    nodes_of,
    party_line,
    percent,
    relation_word,
    source_line,
    span,
    status_word,
    tie,
    unanswered,
    word,
)

STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}
__all__ = [
    "GRADES",
    "SEVERITIES",
    "STATUSES",
    "STYLES",
    "Wire",
    "bounds",
    "chain",
    "clean",
    "either",
    "kind_word",
    "list_word",
    "missing_line",
    "nodes_of",
    "party_line",
    "percent",
    "relation_word",
    "source_line",
    "span",
    "status_word",
    "tie",
    "unanswered",
    "word",
]
