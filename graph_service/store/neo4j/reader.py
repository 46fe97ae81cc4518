"""Reading facts from a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graph_service.identity import IdKey
from graph_service.model import (
    Expansion,
    Found,
    Party,
    Record,
    RelationFilter,
    SourceRef,
)
from graph_service.store import rank, showing
from graph_service.store.neo4j import reading, rows, walking
from graph_service.store.neo4j.ahead import Near, asked_ahead
from graph_service.store.neo4j.server import Server
from graph_service.store.neo4j.sorting import in_order
from graph_service.store.neo4j.sweep import sweep
from graph_service.store.port import Ahead, Scan
from graph_service.store.showing import PartyRow
from graph_service.store.workbench import Said
from graph_service.text import fold


class Reader:
    """The questions of ``GraphStore``, asked of a server."""

    def __init__(self, server: Server, key: IdKey) -> None:
        self._server = server
        self._key = key

    def _nodes(self, ids: Iterable[str]) -> dict[int, list[str]]:
        wanted: dict[int, list[str]] = {}
        for text in ids:
            for node in showing.possible_nodes(self._key, text):
                wanted.setdefault(node, []).append(text)
        return wanted

    def found(self, ids: Iterable[str]) -> dict[str, PartyRow]:
        """The known ones of some ids, by the id as given."""
        wanted = self._nodes(ids)
        if not wanted:
            return {}
        answer = self._server.ask(reading.PARTIES, {"ns": list(wanted)})
        return _by_text(wanted, (row for (_, lines) in answer for row in lines))

    def seen(self, ids: Iterable[str]) -> tuple[Mapping[str, Any] | None, dict[str, PartyRow]]:
        """What ``found`` gives, and before it what the store says of itself, None where there is
        no store."""
        wanted = self._nodes(ids)
        for meta, lines in self._server.ask(reading.PARTIES_SEEN, {"ns": list(wanted)}):
            return meta, _by_text(wanted, lines)
        return None, {}

    def nodes(self, ids: Iterable[str]) -> list[int]:
        """The parties that some ids mean, by number."""
        wanted = self._nodes(ids)
        if not wanted:
            return []
        return sorted(self._server.ask(reading.NODES, {"ns": list(wanted)})[0][0])

    def possible(self, ids: Iterable[str]) -> list[int]:
        """The numbers of all that some ids may mean; nobody is asked whether it is there."""
        return list(self._nodes(ids))

    def parties(self, found: Mapping[str, PartyRow], records: bool) -> dict[str, Party]:
        """See ``GraphStore.parties``, of what ``found`` gave."""
        own = self._own({row.node: row.id for row in found.values()}) if records else {}
        nothing: tuple[tuple[Record, ...], tuple[SourceRef, ...]] = ((), ())
        made = {row.node: showing.party(row, *own.get(row.node, nothing)) for row in found.values()}
        return {text: made[row.node] for text, row in found.items()}

    def _own(
        self, ids: dict[int, str]
    ) -> dict[int, tuple[tuple[Record, ...], tuple[SourceRef, ...]]]:
        """Records and places of the own rows of some parties."""
        if not ids:
            return {}
        found = {}
        for node, sources, said, records in self._server.ask(reading.OWN_ROWS, {"ns": list(ids)}):
            places = zip(sources or (), said or (), strict=True)
            refs = {Said.of(text).ref(source) for source, text in places}
            held = [rows.record(ids[node], record) for record in records]
            held.sort(key=lambda record: (record.id, not record.label))
            found[node] = (tuple(held), tuple(sorted(refs)))
        return found

    def find(self, text: str, kinds: Sequence[str], limit: int) -> Found:
        """See ``GraphStore.find``."""
        text = rows.clean(text)
        wanted = [kind for kind in kinds if kind in ("Person", "Enterprise", "Contact", "Tender")]
        folded = fold(text)
        asked = [text.strip()] if text.strip() else []
        exact = set(self.nodes(asked))
        if folded:
            params = {"hash": rows.text_hash(folded), "folded": folded}
            exact.update(row[0] for row in self._server.ask(reading.NAMED, params))
        candidates, truncated = self._candidates(text)
        phrase = " ".join(rank.tokens(text)[: showing.WORDS])
        chosen = list(exact | candidates)
        answer = self._server.ask(reading.HITS, {"ns": chosen}) if chosen else []
        hits = [
            showing.hit(rows.party_row(row), folded, row[8], row[10] or "", row[1] in exact)
            for (_, lines) in answer
            for row in lines
            if row[3] in (wanted or ("Enterprise", "Person"))
            # candidates were asked for without their legal form; a prefix is no phrase
            and (row[1] in exact or phrase in (row[9] or "") or rank.is_initials(text))
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.party.id))
        return Found(tuple(hits[:limit]), truncated)

    def _candidates(self, text: str) -> tuple[set[int], bool]:
        words = rank.tokens(rank.core(fold(text)))[: showing.WORDS]
        if not words:
            return set(), False
        queries = ['t:"' + " ".join(words) + '"']
        if rank.is_initials(text):
            queries.append(f"t:{words[0]}* OR i:{words[0]}*")
        found: set[int] = set()
        truncated = False
        for query in queries:
            params = {"query": query, "limit": rank.CANDIDATES + 1}
            nodes = [row[0] for row in self._server.ask(reading.SEARCH, params)]
            truncated = truncated or len(nodes) > rank.CANDIDATES
            found.update(nodes[: rank.CANDIDATES])
        return found, truncated

    def expand(self, ids: Iterable[str], only: RelationFilter, per_party: int | None) -> Expansion:
        """See ``GraphStore.expand``."""
        wanted = self._nodes(ids)
        if not wanted:
            return Expansion((), {})
        params = {"ns": list(wanted), "cap": rows.cap(per_party), **rows.filter_params(only)}
        found = []
        cut: dict[int, tuple[str, int]] = {}
        for _, lines in self._server.ask(reading.EXPAND, params):
            for *row, hubs in lines:
                found.append(rows.told(*row))
                cut.update((node, (id_, count)) for node, id_, count in hubs)
        found.sort(key=lambda told: rows.port_order(told[0]))
        return Expansion(
            tuple(showing.relation(*told, only.as_of) for told in found),
            dict(cut[node] for node in sorted(cut)),
        )

    def near(self, ahead: Ahead) -> Near | None:
        """What a scope will ask, in one statement; None when it has to be asked piece by piece."""
        nodes = self._nodes(ahead.ids)
        for row in self._server.ask(walking.AHEAD, asked_ahead(nodes, ahead)):
            near = Near(ahead, row)
            return near if near.plain else None
        return None

    def scan(self, what: Scan, only: RelationFilter) -> Iterator[Any]:
        """See ``GraphStore.scan``."""
        if what.what == "parties":
            parties = (((row[2],), row) for row in sweep(self._server, reading.SCAN_PARTIES, {}))
            return (showing.party(rows.party_row(row)) for row in in_order(parties))
        if what.what == "relations":
            params = rows.filter_params(only)
            lines = (rows.told(*row) for row in sweep(self._server, reading.SCAN_RELATIONS, params))
            ordered = in_order((rows.port_order(line[0]), line) for line in lines)
            return (showing.relation(*rows.told_again(row), only.as_of) for row in ordered)
        answer = self._server.stream(reading.SCAN_RECORDS, {"day": what.in_force_on})
        records = (
            ((row[0], row[1]["id"], not row[1]["label"]), (row[0], row[1])) for row in answer
        )
        return (rows.record(*row) for row in in_order(records))


def _by_text(wanted: Mapping[int, list[str]], lines: Iterable[Any]) -> dict[str, PartyRow]:
    return {
        text: party for row in lines for party in (rows.party_row(row),) for text in wanted[row[0]]
    }
