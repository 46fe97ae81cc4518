"""The house as it is meant to be: rooms by level, doors, limits. ``tests/house/walls.py`` holds it.

A room may import rooms of lower levels only; rooms of one level are strangers. The same picture
stands in ``docs/architecture.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

OURS = ("graph_service", "loaders", "queries", "viz", "bench")
ROOT = Path(__file__).resolve().parents[2]

_FOUNDATION = (
    (
        "graph_service.errors",
        "graph_service.days",
        "graph_service.text",
        "graph_service.lists",
        "graph_service.places",
        "graph_service.tables",
        "graph_service.cases",
        "graph_service.phrasebook",
    ),
    (
        "graph_service.settings",
        "graph_service.model",
        "graph_service.reasons",
        "graph_service.again",
    ),
    ("graph_service.identity", "graph_service.codes"),
    ("graph_service.schema", "graph_service.answers.common", "graph_service.bids"),
    (
        "graph_service.auth",
        "graph_service.wire.common",
        "graph_service.wire.cases",
        "graph_service.words",
        "graph_service.answers.statute",
        "graph_service.answers.groups",
        "graph_service.answers.diff",
        "graph_service.answers.phoenix",
        "graph_service.answers.whatif",
        "graph_service.answers.screen",
        "graph_service.answers.ownership",
    ),
    (
        "graph_service.store.port",
        "graph_service.wire.statute",
        "graph_service.wire.groups",
        "graph_service.wire.diff",
        "graph_service.wire.phoenix",
        "graph_service.wire.whatif",
        "graph_service.wire.screen",
        "graph_service.wire.ocds",
        "graph_service.wire.ownership",
    ),
)
_SHARED_BY_ENGINES = (
    ("graph_service.store.rank", "graph_service.store.derive", "graph_service.store.fields"),
    ("graph_service.store.showing", "graph_service.store.workbench"),
)
_ROOMS = (
    (
        "graph_service.store.sqlite",
        "graph_service.store.neo4j",
        "loaders",
        "queries",
        "viz",
        "graph_service.demo",
    ),
)
_FRONT = (("graph_service.store.open",), ("graph_service.web",), ("bench",), ("graph_service.cli",))


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``walls.breaches`` holds a source tree to.

    ``levels``: rooms, lowest first. ``lazy``: (room, room) that may be imported inside a function.
    ``doors``: a library's only rooms. ``dynamic``: modules that may import by a computed name.
    """

    levels: tuple[tuple[str, ...], ...]
    lazy: frozenset[tuple[str, str]]
    doors: dict[str, tuple[str, ...]]
    dynamic: frozenset[str]
    longest_file: int = 400
    packages: tuple[str, ...] = OURS


HOUSE = Plan(
    levels=(*_FOUNDATION, *_SHARED_BY_ENGINES, *_ROOMS, *_FRONT),
    lazy=frozenset(
        {
            ("graph_service.cli", "graph_service.web"),
            ("graph_service.cli", "viz"),
            ("graph_service.cli", "bench"),
            ("graph_service.web", "viz"),
            ("graph_service.store.open", "graph_service.store.sqlite"),
            ("graph_service.store.open", "graph_service.store.neo4j"),
        }
    ),
    doors={
        "click": ("graph_service.cli",),
        "fastapi": ("graph_service.web",),
        "neo4j": ("graph_service.store.neo4j",),
        "docx": ("viz",),
        "PIL": ("viz",),
        "networkx": ("queries", "viz"),
        "numpy": ("queries", "viz", "bench"),
        "scipy": ("bench",),
        "openpyxl": ("loaders", "graph_service.demo", "graph_service.cli", "viz"),
        "playwright": ("bench",),
        "pydantic": ("graph_service.web",),
        "pydantic_core": ("graph_service.web",),
        "pypinyin": ("graph_service.store.rank",),
        "pyvis": ("viz",),
        "reportlab": ("viz",),
        "rich": ("graph_service.cli",),
        "sqlite3": ("graph_service.store.sqlite", "bench"),
        "starlette": ("graph_service.web",),
        "uvicorn": ("graph_service.cli", "graph_service.web"),
        "yaml": ("loaders", "queries"),
    },
    # Commands are loaded when they are called, by the names that stand in graph_service.cli.main.
    dynamic=frozenset({"graph_service.cli.command"}),
)
