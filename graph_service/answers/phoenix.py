"""What questions about phoenix companies answer."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.answers.common import Answer, Step
from graph_service.days import Day
from graph_service.model import Party, Record

FEATURES = ("officers", "address", "phone", "industry")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that both companies have: ``steps`` from the old over it to the new one, empty
    where only the registered texts are equal."""

    kind: str
    value: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Phoenix:
    """A suspicion, low and never certain: ``new`` took over what ``old`` left behind.

    ``record``: the gravest blacklist or bar record of the old one in force; ``ended``: the day of
    its end, ``founded``: of the new one's beginning.
    """

    old: Party
    new: Party
    record: Record
    ended: Day
    founded: Day
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoenixAnswer(Answer):
    """Suspected phoenix companies that ``party`` is an end of, most features first."""

    party: Party
    least: int
    phoenixes: tuple[Phoenix, ...]
