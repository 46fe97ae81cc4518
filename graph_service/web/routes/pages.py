"""The few pages: a landing page and the API's documentation, from this origin alone."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Request, Response

from graph_service.web.problems import Refused
from graph_service.web.reply import reply

router = APIRouter(include_in_schema=False)
_KINDS = {
    "index.html": "text/html; charset=utf-8",
    "docs.html": "text/html; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def _file(name: str) -> Response:
    if name not in _KINDS:
        raise Refused("not_found")
    content = files("graph_service.web").joinpath("static", name).read_bytes()
    return Response(content, media_type=_KINDS[name])


@router.get("/")
def index() -> Response:
    """Where to go from here."""
    return _file("index.html")


@router.get("/docs")
def docs() -> Response:
    """The API's documentation, drawn from ``/openapi.json``."""
    return _file("docs.html")


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """The API's description."""
    return reply(request.app.openapi())


@router.get("/static/{name}")
def static(name: str) -> Response:
    """A page's own style or script."""
    return _file(name)


@router.get("/favicon.ico")
def icon() -> Response:
    """The icon."""
    return _file("icon.svg")
