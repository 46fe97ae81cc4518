"""The whole population: rings, groups, and what changed between two days."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from graph_service.web.again import Question
from graph_service.web.models.diff import DiffAnswer
from graph_service.web.models.groups import GroupsAnswer, RingsAnswer
from graph_service.web.params import DiffQuery, GroupsQuery, RingsQuery
from graph_service.web.questions import groups as questions
from graph_service.web.questions.common import When
from graph_service.web.questions.diff import diff as ask_diff
from graph_service.web.reply import answers, reply, service_of, store_of
from graph_service.web.routes.parties import ABOUT, PartyId

router = APIRouter(tags=["population"], route_class=Question)


@router.get("/v1/rings", **answers(RingsAnswer, "rings", 404, 503, 504), summary="循环持股 · Rings")
def rings(request: Request, query: Annotated[RingsQuery, Query()]) -> Response:
    """Rings of shareholding and self-holdings, each with a shortest cycle."""
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.rings(store, settings, When(query.as_of), query.of, query.limit))


@router.get("/v1/groups", **answers(GroupsAnswer, "groups", 404, 503, 504), summary="集团 · Groups")
def groups(request: Request, query: Annotated[GroupsQuery, Query()]) -> Response:
    """Control trees with their tops, each member with its nearest controllers."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of)
    return reply(questions.groups(store, settings, when, query.of, query.limit, query.min_size))


@router.get("/v1/diff", **answers(DiffAnswer, "diff", 503, 504), summary="变化 · What changed")
def diff(request: Request, query: Annotated[DiffQuery, Query()]) -> Response:
    """What appeared, ended or changed between two days, and because of which rows."""
    settings, store = service_of(request).settings, store_of(request)
    found = ask_diff(store, settings, query.from_, query.to, None, query.pack, query.limit)
    return reply(found)


@router.get(
    "/v1/parties/{id:path}/diff",
    **answers(DiffAnswer, "diff", *ABOUT),
    summary="主体变化 · What changed",
)
def party_diff(request: Request, party: PartyId, query: Annotated[DiffQuery, Query()]) -> Response:
    """What appeared, ended or changed of one party between two days, and because of which rows."""
    settings, store = service_of(request).settings, store_of(request)
    found = ask_diff(store, settings, query.from_, query.to, party, query.pack, query.limit)
    return reply(found)
