"""What questions about ultimate ownership answer: beneficial owners and close links.

Units are those of ``graph_service.model``: shares are exact fractions in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from graph_service.answers.common import Answer, Missing, Path, Step
from graph_service.model import Party

Test = Literal["equity", "votes_or_income", "control", "state", "management"]


@dataclass(frozen=True, slots=True)
class Said:
    """A reason in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """A natural person who meets a test. ``rule``: the first that is met; ``share``: the figure it
    rests on (None where none is known); ``paths``: what shows it."""

    party: Party
    rule: Test
    share: Decimal | None
    paths: tuple[Path, ...]
    why: Said


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A test that a natural person with some part in the company does not meet, or not for certain
    (``possible``: only unknown shares keep it open; ``settled_by``: the unknown stakes that each
    alone would settle this test)."""

    party: Party
    rule: Test
    share: Decimal | None
    possible: bool
    why: Said
    settled_by: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class PossibleOwner:
    """A natural person whom only unknown shares, or figures that are withheld, keep from being an
    owner. ``settled_by``: the unknown stakes that each alone would settle whether: at its most some
    test is met, at its least none, whatever the others are."""

    party: Party
    settled_by: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A party at which looking through ends, or of which something special holds: ``state``,
    ``listed`` or ``foreign_listed``."""

    party: Party
    reason: str
    why: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialAnswer(Answer):
    """The beneficial owners of ``party`` by a rule.

    ``exempt``: it may be exempt, on a written commitment. ``files``: whether its kind files at all.
    """

    party: Party
    rule: str
    threshold: Decimal
    owners: tuple[BeneficialOwner, ...]
    misses: tuple[NearMiss, ...]
    possible: tuple[PossibleOwner, ...]
    exempt: bool
    exempt_why: Said
    files: bool
    files_why: Said
    stops: tuple[Stop, ...]
    warnings: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class CloseLink:
    """A close link and its share. ``via``: ``owns`` (the party asked about holds this one),
    ``owned`` (it is held by this one), or the third party that holds both; then ``share`` is what
    the third holds of ``party`` and ``other_share`` what it holds of the party asked about."""

    party: Party
    share: Decimal
    via: Literal["owns", "owned"] | Party
    other_share: Decimal | None
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseLinksAnswer(Answer):
    """Every close link of ``party``, one entry per way."""

    party: Party
    threshold: Decimal
    links: tuple[CloseLink, ...]
    warnings: tuple[Missing, ...]
