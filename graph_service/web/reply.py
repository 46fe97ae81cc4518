"""From a question to a response: the store at hand, the answer as JSON, the shapes for the docs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from fastapi import Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from graph_service.store.port import Store
from graph_service.web.models.common import Problem
from graph_service.web.service import Service

EXAMPLE = "x-example"  # replaced by the example of that name when the description is made
PROBLEM = "application/problem+json"
_SAID = {
    401: "A key is needed",
    403: "Host or origin not accepted",
    404: "No such party, load, case or address",
    405: "Method not allowed",
    409: "The target exists",
    412: "Changed by somebody else meanwhile",
    413: "The body is too large",
    415: "Media type not supported",
    422: "A parameter or the body cannot be used",
    428: "If-Match is needed",
    429: "Too many loads are waiting",
    500: "The service failed",
    503: "The store does not answer",
    504: "Over the time budget",
}
_ALWAYS = (401, 403, 422, 500)


def service_of(request: Request) -> Service:
    """The service behind a request."""
    return cast(Service, request.app.state.service)


def store_of(request: Request) -> Store:
    """The open store; raises StoreError."""
    return service_of(request).door.store()


def reply(document: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """The response with a document as JSON; ``location="…"`` gives a header."""
    return Response(to_json(document), status, headers, media_type="application/json")


def answers(model: type[BaseModel], name: str, *errors: int, status: int = 200) -> dict[str, Any]:
    """The keyword arguments that describe a route's responses: its answer and its problems."""
    good: dict[str, Any] = {"model": model, "description": (model.__doc__ or "").strip()}
    good["content"] = {"application/json": {EXAMPLE: name}}
    return {"responses": {status: good} | problems(*errors), "status_code": status}


def problems(*errors: int) -> dict[int | str, Any]:
    """The problems that a route may answer, besides those that every route may."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {
        code: {"description": _SAID[code], "content": {PROBLEM: {"schema": schema}}}
        for code in sorted({*_ALWAYS, *errors})
    }
