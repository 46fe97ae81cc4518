"""Reading papers from a server: statements, the ledger, the quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, NamedTuple

from graph_service.model import LoadEntry, RejectedRow, StoredStatement
from graph_service.schema import RELATION_NAMES, TABLE_LIST
from graph_service.store import showing
from graph_service.store.neo4j import reading, rows
from graph_service.store.neo4j.faults import torn
from graph_service.store.neo4j.server import Server
from graph_service.store.neo4j.sorting import Keyed, in_order
from graph_service.store.neo4j.sweep import sweep
from graph_service.store.workbench import Said

_TABLE_PLACES = {table.name: place for place, table in enumerate(TABLE_LIST)}
_CHUNK = 2_000
_REMEMBERED = 200_000


class _Line(NamedTuple):
    """A place of a statement; ``f`` and ``t``: the parties of its relation, 0 of its record."""

    source: str
    values: str
    said: Said
    f: int | None
    t: int | None


class Papers:
    """The questions of ``Archive``, asked of a server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def loads(self, source: str | None) -> list[LoadEntry]:
        """See ``Archive.loads``."""
        params = {"source": None if source is None else rows.clean(source)}
        return [rows.load_entry(row[0]) for row in self._server.ask(reading.LOADS, params)]

    def other_ids(self, nodes: Sequence[int]) -> list[str]:
        """Every other id by which a source may name these parties (``gs:p1`` of a ``pid:…``)."""
        found: list[str] = self._server.ask(reading.OTHER_IDS, {"ns": list(nodes)})[0][0]
        return found

    def any_rejected(self) -> bool:
        """Whether a row is quarantined at all."""
        return bool(self._server.ask(reading.ANY_REJECTED, {}))

    def rejected(
        self, source: str | None, load: int | None, rule: str | None, naming: Sequence[str]
    ) -> list[RejectedRow]:
        """See ``Archive.rejected``."""
        params: dict[str, Any] = {
            "source": None if source is None else rows.clean(source),
            "load": None if load is None else min(load, showing.LARGEST),
            "rule": rule,
        }
        if not naming:
            answer = self._server.ask(reading.REJECTED, params)
            return [rows.rejected_row(row[0]) for row in answer]
        texts = {rows.clean(name) for name in naming}
        params["hashes"] = [rows.text_hash(text) for text in texts]
        answer = self._server.ask(reading.REJECTED_NAMING, params)
        return [rows.rejected_row(row) for (row,) in answer if not texts.isdisjoint(row["names"])]

    def statements(
        self, nodes: Sequence[int] | None, source: str | None
    ) -> Iterator[StoredStatement]:
        """See ``Archive.statements``; ``nodes`` are those of the parties, None means all."""
        params = {"source": None if source is None else rows.clean(source)}
        if nodes is None:
            answer: Iterable[Any] = every_statement(self._server, source)
        else:
            answer = self._server.ask(reading.STATEMENTS_OF, {**params, "ns": list(nodes)})
        meant = _Meant(self._server)
        for chunk in _chunks(_once(in_order(_keyed(answer)))):
            meant.look_up(line.said for line in chunk)
            for line in chunk:
                yield _statement(line, meant)


def every_statement(server: Server, source: str | None) -> Iterator[tuple[Any, ...]]:
    """(source, values, said, f, t) of each place of a statement; ``f`` and ``t`` as ``_Line`` has
    them."""
    params = {"source": None if source is None else rows.clean(source)}
    for told, text, *ends in sweep(server, reading.ALL_STATEMENTS, params):
        if text is None:
            raise torn()
        yield (told, *text.split(rows.BETWEEN), *(ends or (None, None)))
    yield from map(tuple, server.stream(reading.OTHER_STATEMENTS, params))


def _keyed(answer: Iterable[Any]) -> Iterator[Keyed]:
    for source, values, text, f, t in answer:
        if text is None:
            raise torn()
        said = Said.of(text)
        key = (source, _TABLE_PLACES[said.table], said.file, said.row, said.part, said.sid)
        yield key, (source, values, text, f, t)


def _once(lines: Iterable[Sequence[Any]]) -> Iterator[_Line]:
    """Each statement once, from the place that says most of it."""
    made = (_Line(source, values, Said.of(text), f, t) for source, values, text, f, t in lines)
    for _, group in groupby(made, key=lambda line: line.said.sid):
        yield max(group, key=lambda line: line.f is not None)


def _chunks(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    while chunk := list(islice(lines, _CHUNK)):
        yield chunk


def _statement(line: _Line, meant: _Meant) -> StoredStatement:
    source, values, said, f, t = line
    (a, a_id), (b, b_id) = meant.of(said.a), meant.of(said.b)
    # a record stands at its subject (0, 0), a relation between the parties that its ends mean
    shown = f is not None and (f, t) in ((0, 0), (a, b))
    return StoredStatement(
        source, said.table, said.key, a_id, b_id, RELATION_NAMES.get(said.type, ""), values,
        said.record_date, said.file, said.row, said.state == 0, shown,
    )  # fmt: skip


class _Meant:
    """Which party each node of a statement means, remembered."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._known: dict[int, tuple[int, str]] = {}

    def look_up(self, statements: Iterable[Said]) -> None:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        ends = {node for said in statements for node in (said.a, said.b) if node}
        unknown = [node for node in ends if node not in self._known]
        if unknown:
            for node, canon, id_ in self._server.ask(reading.MEANT, {"ns": unknown}):
                self._known[node] = (canon or 0, id_ or "")

    def of(self, node: int) -> tuple[int, str]:
        return self._known.get(node, (0, "")) if node else (0, "")
