"""A screening as a view: bidders and who stands between them, marked by the gravest verdict.

Bidders that share a sign without a tie in the data (one agent, one account) have a line of its own
between them. Groups come gravest first, so that a picture that is cut shows whole groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph_service.words import Wire

# A node's mark: verdicts of a bidder and of its pairs, gravest first, with their severity.
_MARKS = (
    ("barred", "high"),
    ("void_art34", "high"),
    ("barred_art18", "high"),
    ("deemed_art40", "high"),
    ("flagged", "high"),
    ("review", "medium"),
    ("suspicious", "medium"),
    ("insufficient_data", "low"),
)
_ORDER = {code: place for place, (code, _) in enumerate(_MARKS)}
_SEVERITY = dict(_MARKS)
Mark = tuple[str, str]


def bid_marks(answer: Wire) -> dict[str, Mark]:
    """The gravest (verdict, severity) of each bidder, its pairs' verdicts included."""
    found: dict[str, str] = {}
    for party, verdict in _verdicts(answer):
        if verdict in _ORDER:
            found[party] = min(found.get(party, verdict), verdict, key=_ORDER.__getitem__)
    return {party: (verdict, _SEVERITY[verdict]) for party, verdict in found.items()}


def _verdicts(answer: Wire) -> Iterator[tuple[str, str]]:
    for row in answer["bidders"]:
        if row.get("party"):
            yield row["party"]["id"], row["verdict"]
    for pair in answer["pairs"]:
        if pair["verdict"] == "insufficient_data":
            continue  # says nothing of either bidder
        for side in (pair["a"], pair["b"]):
            if side.get("id"):
                yield side["id"], pair["verdict"]


def bid_steps(answer: Wire) -> Iterator[Wire]:
    """Every tie that proves something in a screening, then the signs that are no ties."""
    for pair in answer["pairs"]:
        yield from pair["path"]
        yield from pair["evidence"]
        for sign in pair.get("indicator_details") or ():
            yield from sign["path"]
    for row in answer["bidders"]:
        for why in (*(row.get("flags") or ()), *(row.get("reasons") or ())):
            yield from why.get("path") or ()
            yield from why.get("evidence") or ()
    for interest in answer.get("interests") or ():
        yield from interest["path"]
    for pair in answer["pairs"]:
        yield from _signs(pair)


def _signs(pair: Wire) -> Iterator[Wire]:
    a, b = pair["a"], pair["b"]
    if not (a.get("id") and b.get("id")):
        return
    for place, sign in enumerate(pair.get("indicator_details") or ()):
        if not sign["path"]:
            yield _sign(f"{a['row']}-{b['row']}-{place}", a, b, sign)


def _sign(name: str, a: Wire, b: Wire, sign: Wire) -> dict[str, Any]:
    """A sign in the shape of a step; ``label`` is what its line says."""
    unknown = ("role", "share", "share_min", "share_max", "since", "until")
    return {
        "id": f"sign:{name}",
        "type": f"sign:{sign['code']}",
        "label": sign["label"],
        "from": _party(a),
        "to": _party(b),
        **dict.fromkeys(unknown),
        "former": False,
        "parallel": [],
        "sources": [],
    }


def _party(side: Wire) -> dict[str, Any]:
    return {name: side[name] for name in ("id", "name", "kind")}


def group_ranks(
    parties: Iterable[str], ties: Iterable[tuple[str, str]], marks: Mapping[str, Mark]
) -> dict[str, int]:
    """The rank of the group that each party hangs together with: gravest first, then larger."""
    beside: dict[str, list[str]] = {party: [] for party in parties}
    for start, end in ties:
        beside[start].append(end)
        beside[end].append(start)
    seen: set[str] = set()
    groups = [_group(party, beside, seen) for party in beside if party not in seen]
    least = len(_MARKS)

    def weight(group: Sequence[str]) -> tuple[bool, int, int, str]:
        gravest = min((_ORDER.get(marks[p][0], least) for p in group if p in marks), default=least)
        return (len(group) == 1, gravest, -len(group), min(group))

    ranked = sorted(groups, key=weight)
    return {party: rank for rank, group in enumerate(ranked) for party in group}


def _group(start: str, beside: Mapping[str, Sequence[str]], seen: set[str]) -> list[str]:
    group = [start]
    seen.add(start)
    for party in group:
        for other in beside[party]:
            if other not in seen:
                seen.add(other)
                group.append(other)
    return group


def bid_title(answer: Wire) -> str:
    """The tenders' names; empty where none is told."""
    names = dict.fromkeys(one.get("name") or one.get("id") for one in answer.get("tenders") or ())
    return "、".join(str(name) for name in names if name)
