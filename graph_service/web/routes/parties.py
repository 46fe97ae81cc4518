"""Parties: search, dossier, walk, flags, ownership and control."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from graph_service.web.again import Question
from graph_service.web.models.common import (
    DossierAnswer,
    ExposureAnswer,
    FlagsAnswer,
    PathsAnswer,
    SearchAnswer,
    SearchBody,
    TraceAnswer,
)
from graph_service.web.params import (
    FlagsQuery,
    Packed,
    PathsQuery,
    SearchQuery,
    TraceQuery,
)
from graph_service.web.questions import common as questions
from graph_service.web.questions.common import Json, When
from graph_service.web.questions.owning import paths_and_links
from graph_service.web.questions.whatif import flags_what_if
from graph_service.web.reply import answers, reply, service_of, store_of

router = APIRouter(tags=["parties"], route_class=Question)
PartyId = Annotated[
    str,
    Path(
        alias="id",
        max_length=1000,
        description="编号、统一社会信用代码、<来源>:<本地编号>、键或 name:名称",
    ),
]
ABOUT = (404, 503, 504)


@router.get("/v1/parties", **answers(SearchAnswer, "search", 503, 504), summary="查找 · Search")
def search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
    """Parties by name, former name, USCC, id or pinyin initials, best first."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of)
    return reply(questions.search(store, settings, query.q, when, query.kind, query.limit))


@router.post(
    "/v1/search", **answers(SearchAnswer, "search", 413, 503, 504), summary="查找 · Search"
)
def search_body(request: Request, body: SearchBody) -> Response:
    """By text, or by an ID number, which never stands in an address."""
    service, store = service_of(request), store_of(request)
    if body.id_number is not None:
        found = questions.search_id_number(store, service.settings, service.key(), body.id_number)
        return reply(found)
    kind, limit = body.kind, body.limit
    found = questions.search(store, service.settings, body.text or "", When(), kind, limit)
    return reply(found)


@router.get(
    "/v1/parties/{id:path}/trace", **answers(TraceAnswer, "trace", *ABOUT), summary="追溯 · Walk"
)
def trace(request: Request, party: PartyId, query: Annotated[TraceQuery, Query()]) -> Response:
    """The walk from a party; an unknown share passes `min_share` unless `known_only`."""
    answer = questions.trace(
        store_of(request),
        service_of(request).settings,
        party,
        When(query.as_of, query.look_back),
        depth=query.depth,
        types=query.types,
        min_share=None if query.min_share is None else str(query.min_share),
        known_only=query.known_only,
        per_party=query.per_party,
    )
    return reply(answer)


@router.get(
    "/v1/parties/{id:path}/exposure",
    **answers(ExposureAnswer, "exposure", *ABOUT),
    summary="牵连 · Exposure",
)
def exposure(request: Request, party: PartyId, query: Annotated[Packed, Query()]) -> Response:
    """Every party flagged because of this one, each flag with its proof."""
    when = When(query.as_of, query.look_back)
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.exposure(store, settings, party, when, query.pack))


@router.get(
    "/v1/parties/{id:path}/flags", **answers(FlagsAnswer, "flags", *ABOUT), summary="标记 · Flags"
)
def flags(request: Request, party: PartyId, query: Annotated[FlagsQuery, Query()]) -> Response:
    """Why this party is flagged, or what was looked at; `without`: as if these ties were absent;
    `why_minimal`: the fewest ties whose absence clears the flags."""
    when = When(query.as_of, query.look_back)
    settings, store = service_of(request).settings, store_of(request)
    if query.without or query.why_minimal:
        return reply(
            flags_what_if(
                store, settings, party, when, query.pack, query.without, query.why_minimal
            )
        )
    return reply(questions.flags(store, settings, party, when, query.pack))


@router.get(
    "/v1/parties/{id:path}", **answers(DossierAnswer, "show", *ABOUT), summary="档案 · Dossier"
)
def show(request: Request, party: PartyId, query: Annotated[Packed, Query()]) -> Response:
    """Attributes, records in force and ended, relations, flags, conflicts and sources."""
    when = When(query.as_of, query.look_back)
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.show(store, settings, party, when, query.pack))


@router.get("/v1/paths", **answers(PathsAnswer, "paths", *ABOUT), summary="路径 · Paths")
def paths(request: Request, query: Annotated[PathsQuery, Query()]) -> Response:
    """Ties between two parties, shortest first."""
    return reply(ties(request, query))


def ties(request: Request, query: PathsQuery) -> Json:
    """The answer of a question about paths, as its pictures and files show it too."""
    return paths_and_links(
        store_of(request),
        service_of(request).settings,
        query.from_,
        query.to,
        When(query.as_of, query.look_back),
        k=query.k,
        all_simple=query.all,
        types=query.types,
        avoid=query.avoid,
        require=query.require,
        close_links=None if query.close_links is None else str(query.close_links),
        aggregate=None if query.aggregate is None else str(query.aggregate),
    )
