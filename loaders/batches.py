"""Batches: mapped rows put together, each designator once."""

from __future__ import annotations

from collections.abc import Iterable

from graph_service.model import Batch, NodeRow, Statement
from loaders.rows import Mapped


def batch(mapped: Iterable[Mapped]) -> Batch:
    """The statements of some rows and the designators they mention, each of them once."""
    statements: list[Statement] = []
    nodes: dict[NodeRow, None] = {}
    for row in mapped:
        statements.extend(row.statements)
        nodes.update(dict.fromkeys(row.nodes))
    return Batch(statements, list(nodes))
