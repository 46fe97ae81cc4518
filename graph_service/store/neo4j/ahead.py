"""What a scope said it would ask, fetched in one statement, and given out question by question.

The hops of a walk stay the caller's: here stands only which parties have been expanded, and what
each of them gave. What is not there is asked of the server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from graph_service.model import Expansion, Party, Relation, RelationFilter
from graph_service.store import showing
from graph_service.store.neo4j import rows
from graph_service.store.neo4j.faults import torn
from graph_service.store.port import Ahead

HOPS = 3  # that the statement holds
MOST = 1_000  # parties of a hop; a larger one is asked for by itself


def asked_ahead(nodes: Iterable[int], ahead: Ahead) -> dict[str, Any]:
    """The statement's parameters. ``nodes``: what the ids of ``ahead`` may mean."""
    return {
        "ns": list(nodes),
        "cap": rows.cap(ahead.per_party),
        "hops": min(ahead.hops, HOPS),
        "most": MOST,
        **rows.filter_params(ahead.only),
    }


class Near:
    """The surroundings of some parties: what each of those met gives, and the parties.

    Raises StoreChanged when what was read went meanwhile.

    ``before``, ``after``: what the store said of itself then. ``running``: loads at work.
    ``plain``: no two of the parties have one id, which is all that their caller asks by.
    """

    def __init__(self, ahead: Ahead, told: Mapping[str, Any]) -> None:
        self.before: dict[str, Any] = told["before"]
        self.after: dict[str, Any] = told["after"]
        self.running: list[int] = told["running"]
        self.any_rejected: bool = told["rejected"]
        self._only = ahead.only
        self._per_party = ahead.per_party
        levels = told["levels"]
        if any(row[1] is None or row[2] is None for level in levels for row in level):
            raise torn()
        self._rows = {row[2]: row for level in levels for row in level}
        ids = {row[1]: row[2] for level in levels for row in level}
        self.plain = len(ids) == len(self._rows)
        self._cut = {ids[node]: (node, count) for node, count in told["cut"]}
        self._given = _expanded(levels, ahead.hops)
        self._relations = self._made(told["relations"], ids)

    def _made(self, told: Sequence[Sequence[Any]], ids: dict[int, str]) -> list[Relation]:
        """All relations in port order; each party that gives one remembers its place."""
        day, given = self._only.as_of, self._given
        lines = [
            (*rows.told(type_, ids.get(start), ids.get(end), *rest), givers)
            for type_, start, end, *rest, givers in told
        ]
        lines.sort(key=lambda line: rows.port_order(line[0]))
        for place, (_, _, givers) in enumerate(lines):
            for giver in givers:
                given[ids[giver]].append(place)
        return [showing.relation(row, sources, day) for row, sources, _ in lines]

    def expand(
        self, asked: Collection[str], only: RelationFilter, per_party: int | None
    ) -> Expansion | None:
        """What these parties give, or None when the server must be asked for one of them."""
        given = self._given
        if per_party != self._per_party or only != self._only:
            return None
        if not all(id in given for id in asked):
            return None
        places = sorted({place for id in asked for place in given[id]})
        cut = sorted((*self._cut[id], id) for id in set(asked) if id in self._cut)
        return Expansion(
            tuple(self._relations[place] for place in places),
            {id: count for _, count, id in cut},
        )

    def parties(self, asked: Collection[str]) -> dict[str, Party] | None:
        """These parties, or None when the server must be asked for one of them."""
        found = self._rows
        if not all(id in found for id in asked):
            return None
        return {id: showing.party(rows.party_row(found[id])) for id in asked}


def _expanded(levels: Sequence[Sequence[Sequence[Any]]], hops: int) -> dict[str, list[int]]:
    """The parties that were expanded, none of whose relations is known yet."""
    found: dict[str, list[int]] = {}
    for level in levels[: min(hops, HOPS)]:
        if len(level) > MOST:
            break
        found.update((row[2], []) for row in level)
    return found
