"""What the console's canvas asks for: who of many is marked, and places for what it shows."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from graph_service.web.again import Question
from graph_service.web.console_models import LayoutAnswer, LayoutBody, MarksAnswer, MarksBody
from graph_service.web.pictures import arranged
from graph_service.web.questions import common as questions
from graph_service.web.questions.common import When
from graph_service.web.reply import answers, reply, service_of, store_of

router = APIRouter(tags=["console"], route_class=Question)


@router.post("/v1/marks", **answers(MarksAnswer, "marks", 413, 503, 504), summary="标识 · Marks")
def marks(request: Request, body: MarksBody) -> Response:
    """Who of many parties is listed or flagged, and how gravely; unknown keys are left out."""
    settings, store = service_of(request).settings, store_of(request)
    return reply(questions.marks(store, settings, body.parties, When(body.as_of), body.pack))


@router.post("/v1/layout", **answers(LayoutAnswer, "layout", 413), summary="布局 · Layout")
def layout(body: LayoutBody) -> Response:
    """Places for a graph that the client holds: the same graph has the same places."""
    return reply({"positions": arranged(body.nodes, body.edges, body.roots)})
