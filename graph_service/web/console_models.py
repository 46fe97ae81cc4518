"""The shapes of what only the console asks for: marks, places, sessions."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from graph_service.web.models.common import Answer, Open
from graph_service.web.params import DayText, PackName, Strict

MOST_MARKED = 500
MOST_PLACED = 2_000
PartyKey = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[int, Field(ge=0, lt=MOST_PLACED)]
Ends = Annotated[list[Number], Field(min_length=2, max_length=2)]
Spot = Annotated[list[int], Field(min_length=2, max_length=2)]


class MarksBody(Strict):
    """Whose marks are asked for, by key."""

    parties: list[PartyKey] = Field(min_length=1, max_length=MOST_MARKED)
    as_of: DayText | None = None
    pack: PackName = "default"


class Mark(Open):
    """How a party is marked: `listed`, and its gravest flag that rests on another party."""

    listed: bool
    grade: str | None
    severity: str | None


class MarksAnswer(Answer):
    """Marks by key; a party without any is listed with none, an unknown one is left out."""

    marks: dict[str, Mark]


class LayoutBody(Strict):
    """A graph: names of nodes, edges and roots by the nodes' places in that list, from 0."""

    nodes: list[Name] = Field(min_length=1, max_length=MOST_PLACED)
    edges: list[Ends] = Field(default_factory=list, max_length=20_000)
    roots: list[Number] = Field(default_factory=list, max_length=MOST_PLACED)

    @model_validator(mode="after")
    def _inside(self) -> LayoutBody:
        if len(set(self.nodes)) < len(self.nodes):
            raise ValueError("a node is named twice")
        most = len(self.nodes)
        if any(end >= most for edge in self.edges for end in edge) or any(
            root >= most for root in self.roots
        ):
            raise ValueError("an edge or a root is no node's place")
        return self


class LayoutAnswer(Open):
    """Pixels in the nodes' order, x to the right, y down, the first root at [0, 0]."""

    positions: list[Spot]


class KeyBody(Strict):
    """The key to sign in with."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: str = Field(min_length=1, max_length=200)


class SessionAnswer(Open):
    """`keys`: the service asks for a key. `signed_in`: this browser may ask questions now.
    `idle_minutes`: a session that asks nothing for so long ends."""

    keys: bool
    signed_in: bool
    idle_minutes: int
