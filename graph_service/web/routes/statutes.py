"""Parties before the statutes: who is barred, who is related."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from graph_service.web.again import Question
from graph_service.web.models.statute import BarredAnswer, PhoenixAnswer, RelatedAnswer
from graph_service.web.params import AsOf, PhoenixQuery, RelatedQuery
from graph_service.web.questions import statute as questions
from graph_service.web.questions.common import When
from graph_service.web.reply import answers, reply, service_of, store_of
from graph_service.web.routes.parties import ABOUT, PartyId

router = APIRouter(tags=["parties"], route_class=Question)


@router.get(
    "/v1/parties/{id:path}/barred",
    **answers(BarredAnswer, "barred", *ABOUT),
    summary="禁止任职与投标 · Barred",
)
def barred(request: Request, party: PartyId, query: Annotated[AsOf, Query()]) -> Response:
    """From what a party is barred: office, tenders, and an enterprise's barred officers."""
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.barred(store, settings, party, When(query.as_of)))


@router.get(
    "/v1/parties/{id:path}/related",
    **answers(RelatedAnswer, "related", *ABOUT),
    summary="关联方 · Related",
)
def related(request: Request, party: PartyId, query: Annotated[RelatedQuery, Query()]) -> Response:
    """Related parties by statute: rule, article and role path of each."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    return reply(questions.related(store, settings, party, when, query.pack))


@router.get(
    "/v1/parties/{id:path}/phoenix",
    **answers(PhoenixAnswer, "phoenix", *ABOUT),
    summary="疑似换壳 · Phoenix",
)
def phoenix(request: Request, party: PartyId, query: Annotated[PhoenixQuery, Query()]) -> Response:
    """Suspected phoenix companies: what a new one took over of a listed one that ended."""
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.phoenix(store, settings, party, When(query.as_of), query.least))
