"""What changed between two days: answers of ``diff``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from graph_service.answers.common import Answer, Flag, Step
from graph_service.days import Day
from graph_service.model import Party, Record

What = Literal["record", "tie", "owner", "controller", "flag"]
How = Literal["appeared", "ended", "changed"]
WHATS: tuple[What, ...] = ("record", "tie", "owner", "controller", "flag")
HOWS: tuple[How, ...] = ("appeared", "ended", "changed")
Figures = Mapping[str, Decimal | str | None]


@dataclass(frozen=True, slots=True)
class Cause:
    """A row because of which something changed: a tie or a record that appeared or ended."""

    change: How
    step: Step | None = None
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one thing about ``subject``.

    ``other``: the owner or controller. ``before`` and ``after``: shares and verdicts on either day.
    ``step``: a tie (as it stands on the later day where it holds then); ``was``: as it stood.
    ``because`` is empty where no single row of the proof appeared or ended.
    """

    what: What
    change: How
    subject: Party
    other: Party | None = None
    record: Record | None = None
    step: Step | None = None
    was: Step | None = None
    flag: Flag | None = None
    before: Figures = field(default_factory=dict)
    after: Figures = field(default_factory=dict)
    because: tuple[Cause, ...] = ()

    @property
    def order(self) -> tuple[int, int, str, str, str]:
        """What, how, subject, other party, and what tells it apart."""
        apart = ""
        if self.record is not None:
            apart = self.record.id
        elif self.step is not None:
            apart = "\x1f".join(map(str, self.step.relation.order))
        elif self.flag is not None:
            apart = "\x1f".join(map(str, self.flag.order))
        other = self.other.id if self.other else ""
        return WHATS.index(self.what), HOWS.index(self.change), self.subject.id, other, apart


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffAnswer(Answer):
    """What changed from ``start`` to ``as_of``: of ``party``, or of the whole population (None).

    ``counts``: by (what, change) how many there are, also of those beyond the limit.
    """

    start: Day
    party: Party | None
    pack: str
    pack_hash: str
    changes: tuple[Change, ...]
    counts: Mapping[tuple[What, How], int]
