"""The shape of answers about what changed, for the API's description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from graph_service.web.models.common import Answer, Flag, Open, PartyRef, Step

How = Literal["appeared", "ended", "changed"]


class Cause(Open):
    """A tie or a record because of which something changed, with its rows."""

    change: How
    tie: Step | None = None
    record: dict[str, Any] | None = None


class Change(Open):
    """One change about `party`; `other`: the owner or controller; `was`: a tie as it stood."""

    what: Literal["record", "tie", "owner", "controller", "flag"]
    change: How
    party: PartyRef
    other: PartyRef | None = None
    record: dict[str, Any] | None = None
    tie: Step | None = None
    was: Step | None = None
    flag: Flag | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    because: list[Cause]


class DiffAnswer(Answer):
    """What changed between two days; `counts` by what and how, also beyond the limit."""

    from_: str = Field(alias="from")
    to: str
    party: PartyRef | None = None
    changes: list[Change]
    counts: dict[str, dict[str, int]]
