"""Clusters: bidders joined by legal verdicts, and then by indicators, each with its hub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from graph_service.answers.screen import Cluster, Pair
from graph_service.model import CONTACT, Party

LEGAL_VERDICTS = frozenset({"void_art34", "barred_art18", "deemed_art40"})


class _Joined:
    """Union and find over the keys of bidders; the smallest key stands for its set."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def top(self, key: str) -> str:
        """Who stands for the set of ``key``."""
        found = key
        while (above := self._above.get(found, found)) != found:
            found = above
        self._above[key] = found
        return found

    def join(self, one: str, other: str) -> None:
        """Make two sets one."""
        first, second = sorted((self.top(one), self.top(other)))
        self._above[second] = first

    def sets(self, keys: Iterable[str]) -> list[list[str]]:
        """The sets of these keys, each in order, by their first key."""
        groups: dict[str, list[str]] = {}
        for key in sorted(set(keys)):
            groups.setdefault(self.top(key), []).append(key)
        return list(groups.values())


def clusters(pairs: Sequence[Pair]) -> tuple[Cluster, ...]:
    """The clusters that pairs join, by their first party; rows without a party join by row."""
    all_, core = _Joined(), _Joined()
    sides = {_key(side.party, side.row): side for pair in pairs for side in (pair.a, pair.b)}
    for pair in pairs:
        a, b = _key(pair.a.party, pair.a.row), _key(pair.b.party, pair.b.row)
        if pair.verdict in LEGAL_VERDICTS:
            core.join(a, b)
        if pair.verdict in LEGAL_VERDICTS or pair.verdict == "suspicious":
            all_.join(a, b)
    found = []
    for keys in all_.sets(sides):
        if len(keys) < 2:
            continue
        members = set(keys)
        own = [p for p in pairs if _key(p.a.party, p.a.row) in members]
        cores = [tuple(some) for some in core.sets(keys) if len(some) > 1]
        parties = [side.party for key in keys if (side := sides[key]).party is not None]
        found.append(
            Cluster(
                parties=tuple(p for p in parties if p is not None),
                by="verdict" if cores and len(cores[0]) == len(keys) else "indicators",
                hub=_hub(own, members),
                rows=tuple(sorted(sides[k].row for k in keys if sides[k].party is None)),
                cores=tuple(cores),
            )
        )
    return tuple(found)


def _key(party: Party | None, row: int) -> str:
    return f"#{row}" if party is None else party.id


def _hub(pairs: Sequence[Pair], members: set[str]) -> Party | None:
    """Who stands on the proofs of most pairs: a person or company between bidders before a bidder.

    Among equals the smallest id.
    """
    between: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    known: dict[str, Party] = {}
    for pair in pairs:
        if pair.verdict not in LEGAL_VERDICTS and pair.verdict != "suspicious":
            continue
        ends = {
            party.id: party
            for step in pair.path
            for party in (step.start, step.end)
            if party.kind != CONTACT
        }
        known |= ends
        between.update(ends.keys() - members)
        for side in (pair.a, pair.b):
            if side.party is not None:
                known[side.party.id] = side.party
                inside[side.party.id] += 1
    counts = between or inside
    if not counts:
        return None
    return known[min(counts, key=lambda id: (-counts[id], id))]
