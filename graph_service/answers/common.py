"""What questions answer: frozen dataclasses, no I/O. ``graph_service.wire`` gives their JSON.

Every answer carries the day it speaks of, the version of the data and how complete it is. Units
are those of ``graph_service.model``: shares are exact fractions, unknown is ``None``, days are
ordinals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from graph_service.days import Day
from graph_service.model import Conflict, Hit, Party, Record, Relation, SourceRef

Status = Literal["complete", "truncated", "insufficient_data"]
Verdict = Literal["certain", "possible", "no"]

# In the order in which flags are listed; ``linked`` is the one grade of packs that know no others.
GRADES = (
    "listed",
    "controlled",
    "managed",
    "held",
    "responsible",
    "sibling",
    "branch",
    "former",
    "suspected",
    "linked",
)
GRADE_ORDER = {grade: place for place, grade in enumerate(GRADES)}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not in an answer, or not known: what it is, about whom or what, and why."""

    what: str
    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete an answer is.

    ``depth``: the last level that was fully expanded (level 0 is the party asked about; None when
    not even that was, or the question knows no levels). ``explored``: parties expanded.
    ``budget``: the name of the budget that was used up, or None.
    """

    status: Status = "complete"
    depth: int | None = None
    explored: int = 0
    budget: str | None = None
    hubs: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every answer has."""

    as_of: Day
    data_version: str
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a relation in its own direction, and what runs beside it.

    A stake held for another belongs to the nominator: then ``start`` is the nominator and
    ``nominee`` the registered holder.
    """

    relation: Relation
    start: Party
    end: Party
    parallel: tuple[Step, ...] = ()
    nominee: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(Answer):
    """A walk: ``parties`` by (depth, id), ``relations`` in port order; ``depths`` by party id."""

    root: Party
    parties: tuple[Party, ...]
    depths: Mapping[str, int]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One path of as many hops as it has steps."""

    steps: tuple[Step, ...]

    @property
    def length(self) -> int:
        """Hops."""
        return len(self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathsAnswer(Answer):
    """Paths, shortest first. ``within``: what lies beyond so many hops was not explored."""

    start: Party
    end: Party
    paths: tuple[Path, ...]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A statement that a party is tied to a listed party by a rule, with what proves it.

    ``path`` runs from the listed party to the flagged one. ``evidence``: the whole set of ties
    where the path alone is not the proof, in order of derivation. ``share``: the stake or joint
    share that the rule rests on. ``record``: the gravest in force; ``records``: the ids of all that
    count.
    """

    party: Party
    grade: str
    severity: str
    rule: str
    pack: str
    article: str
    listed: Party
    record: Record
    records: tuple[str, ...]
    path: tuple[Step, ...]
    evidence: tuple[Step, ...]
    share: Decimal | None
    statement_zh: str
    statement_en: str
    certain: bool
    former_of: str | None = None

    @property
    def order(self) -> tuple[int, int, str, str, str]:
        """Grade, path length, party, listed party, rule."""
        return (
            GRADE_ORDER.get(self.grade, len(GRADES)),
            len(self.path),
            self.party.id,
            self.listed.id,
            self.rule,
        )


@dataclass(frozen=True, slots=True)
class EndedFlag:
    """What would be a flag but for an ended record or an ended tie, and why it is none."""

    flag: Flag
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What a question about flags looked at: so that "none" says what was searched."""

    records: int = 0
    relations: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    quarantined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure(Answer):
    """Every party flagged because of ``subject``; ``records``: its records in force."""

    subject: Party
    pack: str
    pack_hash: str
    records: tuple[Record, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsAnswer(Answer):
    """Why ``party`` is flagged, or what was looked at to find that it is not."""

    party: Party
    pack: str
    pack_hash: str
    flags: tuple[Flag, ...]
    ended: tuple[EndedFlag, ...]
    looked_at: LookedAt


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One row of a list of parties: what it names and why it is flagged, or why it is unanswered.

    ``error`` is the code of an error (``unknown_party``, ``ambiguous_name``), with ``candidates``.
    """

    row: int
    given: str
    party: Party | None = None
    flags: tuple[Flag, ...] = ()
    ended: tuple[EndedFlag, ...] = ()
    looked_at: LookedAt | None = None
    error: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsList(Answer):
    """Answers for a list of parties, in the rows' order."""

    pack: str
    pack_hash: str
    answers: tuple[RowAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagAll(Answer):
    """The flags of the whole population, by listed party; ``counts`` by grade."""

    pack: str
    pack_hash: str
    flags: tuple[Flag, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Controlled:
    """A company and the joint share by which it is controlled (None: declared only).

    ``path``: the shortest chain; ``evidence``: all ties that count, in order of derivation, where
    the path alone is not the proof. ``group``: the members, where several count as one controller.
    """

    party: Party
    share: Decimal | None
    path: tuple[Step, ...]
    evidence: tuple[Step, ...]
    group: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlledAnswer(Answer):
    """Everything that ``party`` controls."""

    party: Party
    controlled: tuple[Controlled, ...]
    warnings: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllersAnswer(Answer):
    """Everything that controls ``party``."""

    party: Party
    controllers: tuple[Controlled, ...]
    warnings: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """What one party holds of another. ``verdict`` is about control; a figure is None when only its
    bounds are known, and the integrated bounds are None too where no sound figure can be given.

    ``paths``: the chains that contribute most; ``explained``: the part of the integrated figure, in
    [0, 1], that they make. ``settled_by``: unknown stakes that each alone would settle a
    ``possible`` verdict."""

    party: Party
    direct: Decimal | None
    direct_min: Decimal
    direct_max: Decimal
    verdict: Verdict
    control_share: Decimal | None
    paths: tuple[Path, ...]
    integrated: Decimal | None = None
    integrated_min: Decimal | None = None
    integrated_max: Decimal | None = None
    explained: Decimal | None = None
    settled_by: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsAnswer(Answer):
    """What ``party`` holds (``down``), or who holds it, by the ``method`` of look-through named."""

    party: Party
    down: bool
    holdings: tuple[Holding, ...]
    warnings: tuple[Missing, ...]
    method: str = "baldone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier(Answer):
    """All that is known of one party. ``upcoming_records`` begin after the day asked for."""

    party: Party
    records: tuple[Record, ...]
    upcoming_records: tuple[Record, ...]
    ended_records: tuple[Record, ...]
    honours: tuple[Record, ...]
    relations: tuple[Step, ...]
    flags: tuple[Flag, ...]
    conflicts: tuple[Conflict, ...]
    sources: tuple[SourceRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer(Answer):
    """Parties found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoAnswer(Answer):
    """What the store holds."""

    parties: Mapping[str, int]
    relations: Mapping[str, int]
    records: Mapping[str, int]
    sources: tuple[str, ...]
    digest: str
