"""Query parameters of questions about ownership and control."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from graph_service.errors import UsageError
from graph_service.web.params import LookBack, PartyText, Share
from queries.ownership.beneficial_rules import rule_of
from queries.ownership.lookthrough import Method


def _known_rule(text: str) -> str:
    try:
        rule_of(text)
    except UsageError as error:
        raise ValueError("cn_25, any, fatf_25, or a threshold like 10% or 0.1") from error
    return text


RuleText = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_known_rule)]


class HoldingsQuery(LookBack):
    """Which look-through figure."""

    method: Method = Field(
        "baldone", description="穿透算法 · Look-through: baldone, brioschi or simple (chains)"
    )


class OwnersQuery(HoldingsQuery):
    """The same, and how much of it."""

    all_inside: bool = Field(
        False, description="大型交叉持股内部股东全部计算 · Every inside owner of a large component"
    )


class ControlQuery(LookBack):
    """What counts as control."""

    threshold: Share | None = Field(None, description="控制门槛，默认 0.5 · Threshold: 0.3, 30%")
    at_least: bool = Field(False, description="达到门槛即算 · Reaching the threshold is enough")
    votes: bool = Field(False, description="按表决权 · By votes where stated")
    exclude_treasury: bool = Field(False, description="剔除库存股 · Own shares carry no vote")
    group: list[PartyText] = Field(
        default_factory=list, max_length=50, description="合并为一个控制人 · As one controller"
    )


class BeneficialQuery(LookBack):
    """By which rule."""

    rule: RuleText = Field("cn_25", description="cn_25, any, fatf_25 or a threshold like 10%")


class CloseLinksQuery(LookBack):
    """From which share."""

    threshold: Share | None = Field(None, description="门槛，默认 0.2 · Threshold: 0.2, 20%")
