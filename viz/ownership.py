"""Answers about ownership and control as views: each owner or holding with the chains that lead
there and its share; owners stand above the party asked about, holdings below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from graph_service.words import Wire

Subject = Literal[
    "owners", "holdings", "controllers", "controlled", "beneficial_owners", "close_links"
]
UPWARD = frozenset({"owners", "controllers", "beneficial_owners"})
DOWNWARD = frozenset({"holdings", "controlled"})
_LISTS: dict[Subject, str] = {
    "owners": "owners",
    "holdings": "holdings",
    "controllers": "controllers",
    "controlled": "controlled",
    "beneficial_owners": "owners",
    "close_links": "links",
}


def ownership_subject(answer: Wire) -> Subject | None:
    """Which answer about ownership or control this is; None for any other."""
    if "party" not in answer:
        return None
    if "owners" in answer:
        return "beneficial_owners" if "not" in answer else "owners"
    return next((subject for subject, name in _LISTS.items() if name in answer), None)


def entries(answer: Wire, subject: Subject) -> list[Wire]:
    """The owners, holdings, controllers … of the answer."""
    return list(answer[_LISTS[subject]])


def entry_steps(entry: Wire) -> Iterator[Wire]:
    """The ties that lead to an entry."""
    for path in entry.get("paths") or ():
        yield from path["steps"]
    yield from entry.get("path") or ()
    yield from entry.get("evidence") or ()


def entry_share(entry: Wire) -> float | None:
    """The look-through or joint share, a fraction in [0, 1]; None where only bounds are known."""
    share = entry.get("integrated", entry.get("share"))
    return None if share is None else float(share)


def shares(answer: Wire, subject: Subject) -> dict[str, float]:
    """The share of each party that has one in this answer, the largest where it has several."""
    found: dict[str, float] = {}
    for entry in entries(answer, subject):
        party, share = entry["party"]["id"], entry_share(entry)
        if share is not None:
            found[party] = max(share, found.get(party, 0.0))
    return found
