"""The domain's types: frozen, no I/O.

Units: a share is an exact fraction in [0, 1] (``Decimal``), an unknown share is ``None``, never 0;
a day is an ordinal (``graph_service.days``); money is in yuan unless a currency is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from graph_service.days import Day

ENTERPRISE = "Enterprise"
PERSON = "Person"
CONTACT = "Contact"
TENDER = "Tender"
Direction = Literal["both", "out", "in"]

SHARE_SCALE = 10**18  # shares inside engines: integers in units of 1e-18, exact for comparison


class SourceRef(NamedTuple):
    """Where a statement stands: source, file relative to what was loaded, row (the header is 1)."""

    source: str
    file: str
    row: int


@dataclass(frozen=True, slots=True)
class Record:
    """One sanction or honour about one party, as one source states it.

    ``label`` False: the source states that the subject is *not* on the list. ``until`` is the day
    on which ``status`` (revoked, repaired, removed) took effect; without it such a record is in
    force on no day.
    """

    id: str
    subject: str
    honour: bool
    list: str
    label: bool = True
    document_no: str | None = None
    authority: str | None = None
    basis: str | None = None
    reason: str | None = None
    measures: str | None = None
    penalty_kind: str | None = None
    fine: Decimal | None = None
    personally_responsible: bool | None = None
    disclosure: str | None = None
    decided: Day | None = None
    listed: Day | None = None
    valid_until: Day | None = None
    status: str | None = None
    until: Day | None = None
    sources: tuple[SourceRef, ...] = ()


class Party(NamedTuple):
    """An enterprise, a person or another node, as its statements make it.

    ``attributes`` hold canonical text by catalogue field. ``known`` False: only a code or a name
    in somebody else's row speaks of it. ``records`` and ``sources`` are there when asked for. A
    tuple, as relations are.
    """

    id: str
    kind: str
    name: str
    key: str
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, str] = MappingProxyType({})
    known: bool = True
    records: tuple[Record, ...] = ()
    sources: tuple[SourceRef, ...] = ()


class Relation(NamedTuple):
    """One derived relation between two parties, held on ``[since, until)``.

    Derived: of all statements about it the precedence rules have picked what is shown, and of
    stakes one source's total; ``until`` is also the day a deregistered end ended it. ``ended``:
    known to have ended, on an unknown day. ``former``: it does not hold on the as-of day asked
    for, and was given because of a look-back. Shares and votes come as exact bounds; ``share`` is
    set when both bounds meet, all three are None when nothing is known. A tuple, since walks make
    many: that takes a third of the time of a frozen dataclass.
    """

    id: str
    type: str
    from_id: str
    to_id: str
    role: str | None = None
    title: str | None = None
    share: Decimal | None = None
    share_min: Decimal | None = None
    share_max: Decimal | None = None
    votes: Decimal | None = None
    since: Day | None = None
    until: Day | None = None
    ended: bool = False
    former: bool = False
    attributes: Mapping[str, str] = MappingProxyType({})
    sources: tuple[SourceRef, ...] = ()

    @property
    def order(self) -> tuple[str, str, str, Day, str, str]:
        """Port order: type, from, to, since (unknown first), role, id."""
        return (self.type, self.from_id, self.to_id, self.since or 0, self.role or "", self.id)


@dataclass(frozen=True, slots=True)
class RelationFilter:
    """Which relations a question follows.

    ``types`` None means every type between parties. ``as_of``: the day whose facts are asked for.
    ``back_to``: also ties whose ``until`` lies in (back_to, as_of], and ended ties of unknown day.
    ``min_share`` binds shareholdings only, by their upper bound; an unknown share passes unless
    ``known_only``. ``sources``: only relations that one of these states.
    """

    as_of: Day
    types: frozenset[str] | None = None
    direction: Direction = "both"
    back_to: Day | None = None
    min_share: Decimal | None = None
    known_only: bool = False
    sources: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The relations of a frontier in port order, each once; ``cut``: each hub's full count."""

    relations: tuple[Relation, ...]
    cut: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """One party found by a search, with a score in (0, 1]."""

    party: Party
    score: float
    matched: str


@dataclass(frozen=True, slots=True)
class Found:
    """Search hits, best first; ``truncated`` says that more candidates matched than were ranked."""

    hits: tuple[Hit, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """What a walk may use up: hops, parties, relations of one party, seconds."""

    hops: int = 3
    parties: int = 10_000
    per_party: int = 500
    seconds: float = 30.0


class Statement(NamedTuple):
    """What one source, file and row said, once: the unit of storage, provenance and digest.

    ``key``: keyed 64-bit hash of the natural key (the source is not part of it). ``a`` and ``b``:
    nodes of the ends as the source names them (``b`` 0 when there is none; of a party row it is the
    code that the row gives for its local id). ``type``: relation type, ``""`` for a party row.
    Days are ordinals, 0 unknown or open. ``share_low``/``share_high``: bounds in units of 1e-18,
    both -1 when unknown. ``values``: canonical JSON of the row's fields, with references as the
    source names them: exporting it gives the row again. ``part``: 0 for the first statement of a
    row, 1… for further ones (several roles in one cell, one wide row in several tables keeps 0 for
    each table).
    """

    source: str
    table: str
    key: int
    a: int
    b: int
    type: str
    role: str
    since: Day
    until: Day
    ended: int
    share_low: int
    share_high: int
    record_date: Day
    values: str
    file: str
    row: int
    part: int


class NodeRow(NamedTuple):
    """One name of a party as a batch hands it to the store: its node, its text, what it says.

    ``cls``: a ``graph_service.identity.DesignatorClass``. ``kind``: ``Enterprise``, ``Person`` or
    ``""`` when the reference does not tell. ``name``, ``folded``: the name that a name-made
    designator carries, as written and folded. ``scope``: node of the enterprise inside which a
    person's name counts, else 0.
    """

    node: int
    text: str
    cls: int
    kind: str
    name: str
    folded: str
    scope: int
    source: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some statements of one load and the designators they mention for the first time."""

    statements: list[Statement]
    nodes: list[NodeRow]


@dataclass(frozen=True, slots=True)
class FullOf:
    """``--full``: the load is all that ``source`` states on ``day`` in ``tables`` and beyond."""

    source: str
    day: Day


@dataclass(frozen=True, slots=True)
class Withheld:
    """A row that was read well but does not resolve: dangling, ambiguous or of the wrong kind."""

    source: str
    table: str
    file: str
    row: int
    column: str
    rule: str
    value: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did. Row counts are per table; ``withheld`` rows are rejected, never lost."""

    unchanged: Mapping[str, int]
    recovered: Mapping[str, int]
    withheld: tuple[Withheld, ...]
    created: Mapping[str, int]
    updated: Mapping[str, int]
    ended: Mapping[str, int]
    warnings: Mapping[str, int]
    conflicts: int


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """Counts of what answers show, and the store's version. ``digest``: 64 hex digits."""

    parties: Mapping[str, int]
    relations: Mapping[str, int]
    records: Mapping[str, int]
    sources: tuple[str, ...]
    digest: str
    unfinished: tuple[int, ...] = ()

    @property
    def data_version(self) -> str:
        """The first 16 hex digits of the digest."""
        return self.digest[:16]


class StoredStatement(NamedTuple):
    """A statement as the archive gives it back: with texts for nodes, for dossiers and exports.

    ``live`` False: withheld because a reference does not resolve. ``a``/``b`` are party ids.
    """

    source: str
    table: str
    key: int
    a: str
    b: str
    type: str
    values: str
    record_date: Day
    file: str
    row: int
    live: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources (or files of one source) that disagree about one thing; the first value is shown."""

    party: str
    about: str
    values: tuple[tuple[str, SourceRef], ...]


@dataclass(frozen=True, slots=True)
class LoadFile:
    """One file of a load: path relative to what was loaded, SHA-256 of its bytes, size."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """A line of the ledger. ``status``: running, done or failed. ``report`` is the load report."""

    id: int
    source: str
    status: str
    started: str
    seconds: float
    who: str
    files: tuple[LoadFile, ...]
    report: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A quarantined row: where it stood, why it was refused, and its own columns (masked)."""

    id: int
    load: int
    source: str
    table: str
    file: str
    sheet: str
    row: int
    column: str
    rule: str
    value: str
    hint_zh: str
    hint_en: str
    columns: Mapping[str, str]
    names: tuple[str, ...] = ()
