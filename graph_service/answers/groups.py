"""What questions about the whole population answer: rings and groups."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from graph_service.answers.common import Answer, Step
from graph_service.model import Party


@dataclass(frozen=True, slots=True)
class Ring:
    """Parties, by id, that hold each other in a circle; ``cycle``: a shortest one."""

    parties: tuple[Party, ...]
    cycle: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingsAnswer(Answer):
    """Rings, the largest first; of ``party`` alone when it is not None. ``total``: how many are."""

    party: Party | None
    rings: tuple[Ring, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """A nearest controller of a member, and the joint share that it holds (None: declared only)."""

    party: Party
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Member:
    """A controlled member of a group; ``depth``: steps below the top along nearest controllers."""

    party: Party
    depth: int
    controllers: tuple[Nearest, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A control tree: ``tops`` control all members and nobody controls them from outside.

    Several tops control each other. ``size``: tops and members.
    """

    tops: tuple[Party, ...]
    members: tuple[Member, ...]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsAnswer(Answer):
    """Groups, the largest first; those of ``party`` if it is not None. ``total``: how many are."""

    party: Party | None
    groups: tuple[Group, ...]
    total: int
