"""Query parameters: the command line's options in snake_case, bounded, nothing unknown accepted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from fastapi import UploadFile
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from graph_service.schema import RELATIONS

MAX_DEPTH = 20
MAX_K = 20
MAX_LIMIT = 1000
_PARTY_KINDS = Literal["Enterprise", "Person", "Contact", "Tender"]


def _real_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("not a day like 2024-01-31") from None
    return text


def _known_types(text: str) -> str:
    for name in text.split(","):
        if name.strip() not in RELATIONS:
            raise ValueError("not a comma-separated list of relation types; see /v1/catalogue")
    return text


def _as_fraction(given: object) -> object:
    """``25%`` as 0.25, as the command line takes it; anything else is left to be judged."""
    if isinstance(given, str) and given.endswith("%"):
        try:
            return Decimal(given[:-1]) / 100
        except InvalidOperation:
            return given
    return given


Fraction = Annotated[Decimal, Field(ge=0, le=1, max_digits=19), BeforeValidator(_as_fraction)]
Share = Annotated[Decimal, Field(gt=0, le=1, max_digits=19), BeforeValidator(_as_fraction)]
DayText = Annotated[
    str,
    Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
    AfterValidator(_real_day),
]
SpanText = Annotated[str, Field(pattern="^[0-9]{1,4}[dmy]$")]
PackName = Literal["default", "linked", "control", "aggregate_50", "close_links"]  # never a path
StatuteName = Literal["company_law_265", "cas_36", "sse", "szse"]
RelationId = Annotated[str, Field(min_length=1, max_length=64)]
PartyText = Annotated[str, Field(min_length=1, max_length=400)]
TypesText = Annotated[str, Field(max_length=600), AfterValidator(_known_types)]


class Strict(BaseModel):
    """No unknown parameters: a misspelt one must not be ignored silently."""

    model_config = ConfigDict(extra="forbid")


class AsOf(Strict):
    """The day whose facts are asked for."""

    as_of: DayText | None = Field(None, description="截止日 · As of; default: today in Shanghai")


class LookBack(AsOf):
    """With a look-back."""

    look_back: SpanText | None = Field(None, description="回溯期 · Also ties ended within, e.g. 3y")


class Packed(LookBack):
    """With a rule pack."""

    pack: PackName = Field("default", description="规则集 · Rule pack")


class PhoenixQuery(AsOf):
    """How many features must match."""

    least: int = Field(3, ge=2, le=4)


class DiffQuery(Strict):
    """Which two days, by which pack, and how many changes."""

    from_: DayText = Field(alias="from", description="较早的一日 · The earlier day")
    to: DayText | None = Field(None, description="较晚的一日 · The later day; default: today")
    pack: PackName = Field("default", description="规则集 · Rule pack")
    limit: int = Field(10_000, ge=1, le=100_000)


class FlagsQuery(Packed):
    """As if some ties were absent, and which matter."""

    without: list[RelationId] = Field(
        default_factory=list, max_length=50, description="假设不存在的关系 · As if absent"
    )
    why_minimal: bool = False


class RingsQuery(AsOf):
    """Whose rings, and how many."""

    of: PartyText | None = Field(None, description="所在主体 · Only those that this party is in")
    limit: int = Field(10_000, ge=1, le=100_000)


class GroupsQuery(RingsQuery):
    """Whose groups, how many, and how large."""

    min_size: int = Field(2, ge=2, le=1_000_000)


class RelatedQuery(LookBack):
    """By which statute."""

    pack: StatuteName = Field("company_law_265", description="法规 · Statute")


class SearchQuery(AsOf):
    """What to search for."""

    q: str = Field(min_length=1, max_length=200, description="名称、代码、编号或拼音首字母")
    kind: _PARTY_KINDS | None = None
    limit: int = Field(20, ge=1, le=MAX_LIMIT)


class TraceQuery(LookBack):
    """How far to walk, and along what."""

    depth: int | None = Field(None, ge=0, le=MAX_DEPTH)
    types: TypesText | None = Field(None, description="Relation types, comma-separated")
    min_share: Fraction | None = Field(None, description="最低持股比例 · Smallest share: 0.25, 25%")
    known_only: bool = False
    per_party: int | None = Field(None, ge=1, le=100_000)


class PictureQuery(TraceQuery):
    """Which answer to draw, and the parameters of that answer."""

    of: Literal[
        "trace",
        "exposure",
        "flags",
        "owners",
        "holdings",
        "controllers",
        "controlled",
        "beneficial-owners",
        "close-links",
    ] = Field("trace", description="画什么 · Which answer is drawn")
    pack: PackName = Field("default", description="规则集 · Rule pack (exposure, flags)")
    most: int = Field(2000, ge=1, le=2000, description="最多几个主体 · At most so many parties")


class ExportQuery(TraceQuery):
    """The parameters of the answer that becomes a file."""

    pack: PackName = Field("default", description="规则集 · Rule pack (exposure, flags)")
    lang: Literal["zh", "en"] | None = Field(None, description="语言 · Language of the file")


class PathsQuery(LookBack):
    """Which ties between two parties."""

    from_: PartyText = Field(alias="from")
    to: PartyText
    k: int = Field(6, ge=0, le=MAX_K)
    all: bool = False
    avoid: list[PartyText] = Field(default_factory=list, max_length=50)
    require: list[PartyText] = Field(default_factory=list, max_length=50)
    types: TypesText | None = None
    close_links: Share | None = Field(
        None, description="紧密关联门槛 · Close links from this share"
    )
    aggregate: Share | None = Field(None, description="合计持股门槛 · Held together, this share")


class PathsExportQuery(PathsQuery):
    """Which ties become a file."""

    lang: Literal["zh", "en"] | None = Field(None, description="语言 · Language of the file")


class RecordsQuery(AsOf):
    """Which records, and which page of them."""

    in_force: bool = Field(False, description="Only those in force on as_of")
    list: str | None = Field(None, min_length=1, max_length=100)
    cursor: str | None = Field(None, pattern="^[A-Za-z0-9_-]{1,400}$")
    limit: int = Field(100, ge=1, le=MAX_LIMIT)


class LoadsQuery(Strict):
    """Which loads."""

    source: str | None = Field(None, min_length=1, max_length=200)
    limit: int = Field(100, ge=1, le=MAX_LIMIT)


class RejectsQuery(Strict):
    """Which quarantined rows."""

    source: str | None = Field(None, min_length=1, max_length=200)
    rule: str | None = Field(None, pattern="^[a-z_]{1,40}$")
    limit: int = Field(1000, ge=1, le=10_000)


class LoadForm(Strict):
    """Tables to load, optionally with the mapping that explains them."""

    files: list[UploadFile] = Field(
        default_factory=list, max_length=200, description="表格文件 · Tables"
    )
    file: list[UploadFile] = Field(
        default_factory=list, max_length=200, description="同 files · The same as files"
    )
    mapping: UploadFile | None = Field(None, description="映射文件 · Mapping")
    source: str | None = Field(None, min_length=1, max_length=200, description="来源 · Source")
    full: bool = Field(False, description="全量 · These files are all that the source states")
    data_date: DayText | None = Field(None, description="数据日期 · The day of full data")

    @model_validator(mode="after")
    def _whole(self) -> LoadForm:
        if not self.files and not self.file:
            raise ValueError("no files")
        if self.data_date is not None and not self.full:
            raise ValueError("data_date goes with full")
        return self


class Nothing(Strict):
    """No parameters at all."""
