"""The shapes of answers about ownership and control, for the API's description."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graph_service.web.models.common import Answer, Missing, Open, PartyRef, Path, Sentence, Step


class Holding(Open):
    """What one party holds of another: a figure is null where only its bounds are known."""

    party: PartyRef
    direct: float | None
    direct_min: float
    direct_max: float
    integrated: float | None
    integrated_min: float | None
    integrated_max: float | None
    controls: bool
    verdict: Literal["certain", "possible", "no"]
    control_share: float | None
    paths: list[Path]
    explained: float | None
    settled_by: list[Step]


class HoldingsAnswer(Answer):
    """What a party holds, largest look-through share first."""

    party: PartyRef
    method: str
    holdings: list[Holding]
    warnings: list[Missing]


class OwnersAnswer(Answer):
    """Who holds a party, largest look-through share first."""

    party: PartyRef
    method: str
    owners: list[Holding]
    warnings: list[Missing]


class Controlled(Open):
    """A party and the joint share by which it is controlled; `group`: members that count as one."""

    party: PartyRef
    share: float | None
    path: list[Step]
    evidence: list[Step]
    group: list[PartyRef] | None = None


class ControlledAnswer(Answer):
    """What a party controls."""

    party: PartyRef
    controlled: list[Controlled]
    warnings: list[Missing]


class ControllersAnswer(Answer):
    """Who controls a party."""

    party: PartyRef
    controllers: list[Controlled]
    warnings: list[Missing]


class BeneficialOwner(Open):
    """A natural person who meets a test."""

    party: PartyRef
    share: float | None
    rule: Literal["equity", "votes_or_income", "control", "state", "management"]
    paths: list[Path]
    why: str
    statement: Sentence


class NearMiss(Open):
    """A test that a person does not meet, or not for certain; `settled_by`: the unknown stakes that
    each alone would settle it."""

    party: PartyRef
    rule: str
    share: float | None
    verdict: Literal["possible", "no"]
    why: str
    statement: Sentence
    settled_by: list[Step]


class PossibleOwner(Open):
    """A person whom only unknown shares keep from being an owner; `settled_by`: the unknown stakes
    that each alone would settle whether."""

    party: PartyRef
    settled_by: list[Step]


class Stop(Open):
    """A party at which looking through ends: state, listed or foreign_listed."""

    party: PartyRef
    reason: str
    why: str
    statement: Sentence


class BeneficialAnswer(Answer):
    """The beneficial owners of a party."""

    party: PartyRef
    rule: str
    threshold: float
    owners: list[BeneficialOwner]
    not_: list[NearMiss] = Field(alias="not")
    possible: list[PossibleOwner]
    exempt: bool
    exempt_why: Sentence
    files: bool
    files_why: Sentence
    stops: list[Stop]
    warnings: list[Missing]


class CloseLink(Open):
    """One way of being linked; `via`: owns, owned, or the third party that holds both."""

    party: PartyRef
    share: float
    via: Literal["owns", "owned"] | PartyRef
    other_share: float | None
    paths: list[Path]


class CloseLinksAnswer(Answer):
    """Every close link of a party."""

    party: PartyRef
    threshold: float
    links: list[CloseLink]
    warnings: list[Missing]
