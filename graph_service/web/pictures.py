"""Answers as pictures and files, for both front doors; the room that draws is entered only here.

Its libraries take a third of a second to import, so nothing of it is imported before it is asked
for; those of reports are an extra, and where they are missing the error says what to install.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from graph_service.days import SHANGHAI
from graph_service.errors import UsageError

Json = dict[str, Any]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "graphml": "application/graphml+xml",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, and the ``question`` (command and options) that asks for the same again."""

    user: str = ""
    question: Mapping[str, Any] = field(default_factory=dict)
    lang: str = "zh"


def arranged(
    nodes: Sequence[str], edges: Iterable[Sequence[int]], roots: Sequence[int]
) -> list[tuple[int, int]]:
    """Places of a graph in the order of its nodes; edges and roots name nodes by their places."""
    from viz.layout import places

    ends = [(nodes[start], nodes[end]) for start, end in edges]
    found = places(nodes, ends, [nodes[root] for root in roots])
    return [found[node] for node in nodes]


def drawn(answer: Json, most: int) -> Json:
    """An answer's nodes, edges and positions; ``most``: at most so many parties, nearest first."""
    from viz.layout import places_of
    from viz.view import limited, picture, view_of

    view = limited(view_of(answer), most)
    return picture(view, places_of(view))


def exported(answer: Json, ending: str, asked: Asked, font: str = "") -> bytes:
    """The answer as a file of this ending; ``font``: paths of fonts to print with first.

    Raises UsageError for an unknown ending, a missing extra or missing fonts.
    """
    if ending not in MEDIA:
        raise UsageError(f"nothing is written as .{ending}", f"Use one of: {', '.join(MEDIA)}.")
    from importlib.metadata import version

    from viz.exports import WRITERS
    from viz.stamp import Stamp
    from viz.view import view_of

    made = datetime.now(SHANGHAI).isoformat(" ", "seconds")
    program = version("credit-graph")
    stamp = Stamp(asked.user, made, program, asked.question)
    view = view_of(answer)
    if ending in WRITERS:
        return WRITERS[ending](view, stamp, asked.lang)
    if ending == "xlsx":
        from viz.report.sheet import workbook

        return workbook(view, stamp, asked.lang)
    try:
        from viz.report.files import FILES
    except ImportError as error:
        raise UsageError(
            f".{ending} needs {error.name}, which is not installed",
            "pip install 'credit-graph[report]'",
        ) from None
    made_file: bytes = FILES[ending](view, stamp, asked.lang, font)
    return made_file
