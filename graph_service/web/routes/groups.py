"""The whole population: rings and groups."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from graph_service.web import questions_groups as questions
from graph_service.web.models_groups import GroupsAnswer, RingsAnswer
from graph_service.web.params import GroupsQuery, RingsQuery
from graph_service.web.questions import When
from graph_service.web.reply import answers, reply, service_of, store_of

router = APIRouter(tags=["population"])


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
