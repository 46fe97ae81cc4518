"""The pages: the console and the API's documentation, from this origin alone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from graph_service.web.assets import serve
from graph_service.web.reply import reply

router = APIRouter(include_in_schema=False)


@router.get("/")
def index(request: Request) -> Response:
    """The console."""
    return serve(request, "console/index.html")


@router.get("/docs")
def docs(request: Request) -> Response:
    """The API's documentation, drawn from ``/openapi.json``."""
    return serve(request, "static/docs.html")


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """The API's description."""
    return reply(request.app.openapi())


@router.get("/static/console/{name:path}")
def console(request: Request, name: str) -> Response:
    """A file of the console: style, script, text or a vendored library."""
    return serve(request, f"console/{name}")


@router.get("/static/{name}")
def static(request: Request, name: str) -> Response:
    """A page's own style or script."""
    return serve(request, f"static/{name}")


@router.get("/favicon.ico")
def icon(request: Request) -> Response:
    """The icon."""
    return serve(request, "static/icon.svg")
