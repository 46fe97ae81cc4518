"""The shapes of answers, for the API's description; answers themselves come from ``wire``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Bounded = float | None


class Open(BaseModel):
    """An object that may gain members inside ``/v1``."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class PartyRef(Open):
    """A party, briefly. `aliases`: other ids of the same party."""

    id: str
    name: str
    kind: str
    key: str
    aliases: list[str] | None = None


class Source(Open):
    """Where a statement stands; the header is row 1. ``sheet``: of a workbook."""

    source: str
    file: str
    row: int
    sheet: str | None = None


class Step(Open):
    """A relation in its own direction; shares are fractions in [0, 1], null when unknown."""

    id: str
    type: str
    from_: PartyRef = Field(alias="from")
    to: PartyRef
    role: str | None
    share: Bounded
    share_min: Bounded
    share_max: Bounded
    since: str | None
    until: str | None
    former: bool
    parallel: list[Step]
    sources: list[Source]


class Missing(Open):
    """Something unknown or cut that could change the answer."""

    what: str
    id: str | None = None
    why: str
    why_zh: str


class Completeness(Open):
    """How complete an answer is, and what is missing."""

    status: Literal["complete", "truncated", "insufficient_data"]
    depth: int | None
    explored: int | None
    budget: Any
    hubs: list[str]
    missing: list[Missing]


class Answer(Open):
    """What every answer carries."""

    as_of: str
    data_version: str
    completeness: Completeness


class RecordRef(Open):
    """A record, briefly."""

    id: str
    list: str
    document_no: str | None
    authority: str | None
    decided: str | None
    listed: str | None
    valid_until: str | None
    status: str | None


class Sentence(Open):
    """A sentence in both languages."""

    zh: str
    en: str


class Flag(Open):
    """A tie to a listed party by a rule, with its proof."""

    party: PartyRef
    grade: str
    severity: Literal["high", "medium", "low"]
    rule: str
    pack: str
    article: str | None
    listed: PartyRef
    record: RecordRef
    records: list[str]
    path: list[Step]
    evidence: list[Step]
    share: Bounded
    statement: Sentence
    certain: bool


class HitParty(PartyRef):
    """A party found, with a score in (0, 1]."""

    score: float


class SearchAnswer(Answer):
    """Parties found, best first."""

    parties: list[HitParty]


class DossierAnswer(Answer):
    """The dossier of a party."""

    party: PartyRef
    attributes: dict[str, Any]
    records: list[dict[str, Any]]
    upcoming_records: list[dict[str, Any]]
    ended_records: list[dict[str, Any]]
    honours: list[dict[str, Any]]
    relations: list[Step]
    flags: list[Flag]
    conflicts: list[dict[str, Any]]
    sources: list[Any]


class TracedParty(PartyRef):
    """A party met by a walk; `depth`: hops from the root."""

    depth: int


class TraceAnswer(Answer):
    """The walk from a party."""

    root: PartyRef
    parties: list[TracedParty]
    relations: list[Step]


class PictureNode(Open):
    """A party in a picture; `grade` and `severity`: the gravest flag it has in it; `hub`: not all
    of its relations are here."""

    id: str
    name: str
    kind: str
    depth: int | None
    grade: str | None
    severity: str | None
    root: bool
    hub: bool


class PictureEdge(Open):
    """The parallel relations from one party to another, as one line."""

    id: str
    from_: str = Field(alias="from")
    to: str
    types: list[str]
    label: Sentence
    directed: bool
    former: bool
    relations: list[str]


class PictureAnswer(Answer):
    """A picture with its places: `positions` are [x, y] in pixels, x to the right, y down, the
    first root at [0, 0], and no two labels overlap. `total`: parties in the answer, of which
    `nodes` are the nearest; `relations`: each relation of the edges in full."""

    subject: str
    title: Sentence
    roots: list[str]
    total: int
    nodes: list[PictureNode]
    edges: list[PictureEdge]
    positions: dict[str, tuple[int, int]]
    relations: list[Step]


class Path(Open):
    """One path."""

    length: int
    steps: list[Step]


class PathsAnswer(Answer):
    """Paths, shortest first; `within` is said when something beyond k was left unexplored."""

    paths: list[Path]
    within: int | None = None
    close_links: dict[str, Any] | None = None
    aggregate: dict[str, Any] | None = None


class ExposureAnswer(Answer):
    """Every party flagged because of the subject."""

    subject: PartyRef
    records: list[dict[str, Any]]
    flags: list[Flag]


class MinimalTies(Open):
    """Ties whose absence clears the flags; `method`: `smallest`, or `inclusion_minimal` where no
    single tie can be spared but fewer others might do."""

    ties: list[Step]
    method: Literal["smallest", "inclusion_minimal"]
    clears: int
    stays: list[Flag]


class FlagsAnswer(Answer):
    """Why a party is flagged; `looked_at` says what was looked at. With `without` also the ties
    left out and the flags `cleared` and `appeared`; with `why_minimal` the `minimal` ties."""

    party: PartyRef
    flags: list[Flag]
    ended: list[dict[str, Any]]
    looked_at: Any
    without: list[Step] | None = None
    cleared: list[Flag] | None = None
    appeared: list[Flag] | None = None
    minimal: MinimalTies | None = None


class InfoAnswer(Open):
    """Counts, sources and the digest of all current statements."""

    parties: dict[str, int]
    relations: dict[str, int]
    records: dict[str, int]
    sources: list[str]
    data_version: str
    digest: str


class RecordsAnswer(Answer):
    """A page of records; `next` is the cursor of the following page, null on the last."""

    records: list[dict[str, Any]]
    next: str | None


class Progress(Open):
    """How far a load is; `total` null when not known."""

    phase: str
    done: int
    total: int | None


class JobError(Open):
    """Why a job failed: `detail` is about its file; `title` and `hint` are those of the code."""

    code: str
    detail: str
    title: Sentence
    hint: Sentence


class LoadAnswer(Open):
    """A load: `result` is its report once it is done."""

    id: str
    status: Literal["queued", "running", "done", "failed"]
    progress: Progress
    result: dict[str, Any] | None
    error: JobError | None


class LoadsAnswer(Open):
    """The ledger, newest first, and the loads that wait or run."""

    loads: list[dict[str, Any]]
    jobs: list[LoadAnswer]


class RejectsAnswer(Open):
    """Quarantined rows in order, at most `limit` of `total`."""

    total: int
    rejects: list[dict[str, Any]]


class Health(Open):
    """Alive or ready."""

    status: str


class Fault(Open):
    """One parameter that does not fit."""

    in_: str = Field(alias="in")
    name: str
    rule: str
    message: str


class Problem(Open):
    """RFC 9457. `trace_id` stands in the service's log; nothing of the request is repeated.

    Texts are in the request's `Accept-Language` (zh or en), else in the language of the service.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    trace_id: str
    errors: list[Fault] | None = None
    candidates: list[str] | None = None
    unfinished: list[int] | None = None


class SearchBody(BaseModel):
    """Exactly one of `text` and `id_number`."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(None, min_length=1, max_length=200)
    id_number: str | None = Field(None, min_length=1, max_length=40)
    kind: Literal["Enterprise", "Person"] | None = None
    limit: int = Field(20, ge=1, le=1000)

    @model_validator(mode="after")
    def _one_of(self) -> SearchBody:
        if (self.text is None) == (self.id_number is None):
            raise ValueError("give either text or id_number")
        return self
