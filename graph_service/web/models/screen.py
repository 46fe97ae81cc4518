"""What the routes of screenings take and answer, for checks and for the description."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from graph_service.web.models.common import JobError, Open, Progress
from graph_service.web.params import DayText, PackName, PartyText, SpanText, Strict

MOST_ROWS = 100_000
_Cell = str | int | float | bool | None
Row = dict[Annotated[str, Field(max_length=100)], _Cell]


class ScreeningOptions(Strict):
    """How bidders are screened."""

    tender: PartyText | None = Field(None, description="已加载的项目编号 · A loaded tender's id")
    regime: Literal["bidding_law", "government_procurement"] | None = Field(
        None, description="适用法律 · The law that applies; unknown: the graver verdict"
    )
    as_of: DayText | None = Field(None, description="截止日 · As of; default: today in Shanghai")
    look_back: SpanText | None = Field(None, description="回溯期 · Also ties ended within, e.g. 3y")
    all_pairs: bool = Field(False, description="列出全部投标人对 · List every pair")
    pack: PackName = Field("default", description="规则集 · Rule pack of the flags")


class ScreeningBody(Strict):
    """A bidder list as JSON; columns are those of the table ``bids``, in either language."""

    tender: PartyText | Row | None = Field(
        None, description="已加载的项目编号，或项目信息 · A loaded tender's id, or its facts"
    )
    bidders: list[Row | Annotated[str, Field(max_length=400)]] = Field(
        min_length=1, max_length=MOST_ROWS
    )
    tenders: list[Row] = Field(default_factory=list, max_length=1000)
    reviewers: list[Row | Annotated[str, Field(max_length=400)]] = Field(
        default_factory=list, max_length=1000
    )
    regime: Literal["bidding_law", "government_procurement"] | None = None
    as_of: DayText | None = None
    look_back: SpanText | None = None
    all_pairs: bool = False
    pack: PackName = "default"


class ScreeningJob(Open):
    """A screening: `result` is the answer once it is done; at `expires` it is erased."""

    id: str
    status: Literal["queued", "running", "done", "failed"]
    progress: Progress
    result: dict[str, Any] | None
    error: JobError | None
    created: str
    expires: str | None
