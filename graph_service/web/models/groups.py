"""The shapes of answers about rings and groups, for the API's description."""

from __future__ import annotations

from graph_service.web.models.common import Answer, Bounded, Open, PartyRef, Step


class Ring(Open):
    """Parties that hold each other in a circle, or one that holds itself; `cycle`: a shortest."""

    parties: list[PartyRef]
    cycle: list[Step]


class RingsAnswer(Answer):
    """Rings of shareholding, the largest first; `total`: how many there are."""

    party: PartyRef | None = None
    rings: list[Ring]
    total: int


class NearestController(Open):
    """A nearest controller and the joint share it holds; null when only declared."""

    party: PartyRef
    share: Bounded


class GroupMember(Open):
    """A controlled member; `depth`: steps below the top."""

    party: PartyRef
    depth: int
    controllers: list[NearestController]


class Group(Open):
    """A control tree; several tops control each other."""

    tops: list[PartyRef]
    size: int
    members: list[GroupMember]


class GroupsAnswer(Answer):
    """Control trees, the largest first; `total`: how many there are."""

    party: PartyRef | None = None
    groups: list[Group]
    total: int
