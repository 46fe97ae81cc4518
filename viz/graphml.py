"""A view as GraphML, which networkx, Gephi, yEd and others open."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import networkx as nx

from graph_service.words import Wire, file_line, legal
from viz.layout import Places
from viz.stamp import Stamp, watermark
from viz.view import View, step_word


def graphml(view: View, places: Places, stamp: Stamp, lang: str) -> bytes:
    """Every party a node, every relation an edge of its own with its id as key; unknown left out.

    Shares are fractions in [0, 1]; x and y are pixels.
    """
    graph: Any = nx.MultiDiGraph(watermark=legal(watermark(view.answer, stamp, lang)))
    for node in view.nodes:
        x, y = places[node.id]
        known = {"grade": node.grade, "severity": node.severity, "depth": node.depth}
        graph.add_node(legal(node.id), **_said(name=node.name, kind=node.kind, x=x, y=y, **known))
    for edge in view.edges:
        for step in edge.steps:
            ends = legal(str(step["from"]["id"])), legal(str(step["to"]["id"]))
            graph.add_edge(*ends, key=legal(str(step["id"])), **_attributes(step, lang))
    out = BytesIO()
    nx.write_graphml(graph, out, encoding="utf-8", named_key_ids=True)
    return out.getvalue()


def _attributes(step: Wire, lang: str) -> dict[str, Any]:
    wanted = ("type", "role", "share", "share_min", "share_max", "since", "until", "former")
    rows = "; ".join(f"{s['source']}:{file_line(s)}#{s['row']}" for s in step.get("sources") or ())
    return _said(
        **{name: step.get(name) for name in wanted}, label=step_word(step, lang), rows=rows
    )


def _said(**values: Any) -> dict[str, Any]:
    return {
        name: legal(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }
