"""What the store holds, as an answer."""

from __future__ import annotations

from graph_service.answers.common import Completeness, InfoAnswer, Missing
from graph_service.days import Day, today
from graph_service.store.port import GraphStore


def info(store: GraphStore, as_of: Day | None = None) -> InfoAnswer:
    """Counts of parties, relations and records, the sources, the data's version and digest."""
    held = store.info()
    unfinished = tuple(
        Missing("load", str(load), "not finished when the question was asked")
        for load in held.unfinished
    )
    return InfoAnswer(
        as_of=today() if as_of is None else as_of,
        data_version=held.data_version,
        completeness=Completeness(
            status="insufficient_data" if unfinished else "complete", missing=unfinished
        ),
        parties=held.parties,
        relations=held.relations,
        records=held.records,
        sources=held.sources,
        digest=held.digest,
    )
