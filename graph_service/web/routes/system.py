"""The store's facts, records, the catalogue, and signs of life."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from graph_service.web.catalogue import catalogue
from graph_service.web.models.common import Health, InfoAnswer, Open, RecordsAnswer
from graph_service.web.params import AsOf, Nothing, RecordsQuery
from graph_service.web.questions import common as questions
from graph_service.web.questions.common import When
from graph_service.web.records import records_page
from graph_service.web.reply import answers, problems, reply, service_of, store_of
from graph_service.web.service import alive

router = APIRouter(tags=["system"])


@router.get("/v1/info", **answers(InfoAnswer, "info", 503), summary="概况 · Info")
def info(request: Request, query: Annotated[AsOf, Query()]) -> Response:
    """Counts of parties, relations and records, the sources, data version and digest."""
    return reply(questions.info(store_of(request), When(query.as_of)))


@router.get("/v1/records", **answers(RecordsAnswer, "records", 503), summary="记录 · Records")
def records(request: Request, query: Annotated[RecordsQuery, Query()]) -> Response:
    """Records page by page; give `next` back as `cursor`."""
    page = records_page(
        store_of(request), query.as_of, query.in_force, query.list, query.cursor, query.limit
    )
    return reply(page)


@router.get("/v1/catalogue", **answers(Open, "catalogue"), summary="目录 · Catalogue")
def get_catalogue(_query: Annotated[Nothing, Query()]) -> Response:
    """Kinds, relation types, tables with headers, lists, codes and words of answers, zh and en."""
    return reply(catalogue())


@router.get("/healthz", **answers(Health, "healthz"), summary="进程 · The process lives")
def healthz() -> Response:
    """The process answers; says nothing of the store."""
    return reply({"status": "ok"})


@router.get("/readyz", **answers(Health, "healthz", 503), summary="就绪 · The store answers")
def readyz(request: Request) -> Response:
    """The store answers."""
    alive(store_of(request))
    return reply({"status": "ready"})


@router.get(
    "/metrics",
    summary="指标 · Metrics",
    response_class=Response,
    responses={**problems(), 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request) -> Response:
    """Counters in Prometheus text format, by route template; nothing about anybody."""
    service = service_of(request)
    text = service.metrics.text(service.door.answers())
    return Response(text, media_type="text/plain; version=0.0.4")
