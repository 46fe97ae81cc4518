"""Files of the pages: from the package, by a fixed list of names, compressed once, with tags.

A page's own files carry an entity tag and are asked for again each time, so that after an upgrade
no browser mixes old files with new ones.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import Request, Response

from graph_service.web.problems import Refused

_KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "LICENSE": "text/plain; charset=utf-8",
}
_HIDDEN = frozenset({"static/examples.json"})  # the API's description holds them
_ROOTS = ("static", "console")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes plain and compressed, its media type and its tag."""

    plain: bytes
    packed: bytes
    media_type: str
    tag: str


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every name that is given away: ``static/…`` and ``console/…``."""
    room = files("graph_service.web")
    return frozenset(name for root in _ROOTS for name in _walk(room / root, root)) - _HIDDEN


def _walk(folder: Traversable, prefix: str) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _walk(entry, name)
        elif _kind(entry.name) in _KINDS:
            found.append(name)
    return found


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


@lru_cache(maxsize=256)
def asset(name: str) -> Asset:
    """The file of a listed name; raises Refused for any other."""
    if name not in names():
        raise Refused("not_found")
    plain = files("graph_service.web").joinpath(*name.split("/")).read_bytes()
    tag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
    return Asset(plain, gzip.compress(plain, 9, mtime=0), _KINDS[_kind(name)], tag)


def serve(request: Request, name: str) -> Response:
    """The response with a file: 304 when the browser has it, compressed when it can take that."""
    found = asset(name)
    headers = {"etag": found.tag, "cache-control": "no-cache", "vary": "accept-encoding"}
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.media_type)
    return Response(found.plain, headers=headers, media_type=found.media_type)
