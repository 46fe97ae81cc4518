"""What stands before every route: request ids, headers, host, origin, key and body limits.

Plain ASGI, outermost first: ``Observe`` (id, log, metrics, headers, last resort for errors),
``Gate`` (host, origin, key), ``Limit`` (size of bodies).
"""

from __future__ import annotations

import getpass
import secrets
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.auth import ApiKeys
from graph_service.web.languages import language_of
from graph_service.web.logs import Log
from graph_service.web.metrics import Metrics
from graph_service.web.problems import problem, trace_id_of
from graph_service.web.sessions import COOKIE, Sessions

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_LIMIT = 256 * 1024
UPLOADS = ("/v1/loads", "/v1/screenings", "/v1/cases/imports")
_FIXED_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, never its path."""
    route = scope.get("route")
    return str(getattr(route, "path_format", getattr(route, "path", "unmatched")))


class Observe:
    """Gives each request an id and a language, logs it, adds headers, and catches what is left."""

    def __init__(self, app: ASGIApp, log: Log, metrics: Metrics, lang: str) -> None:
        self.app, self.log, self.metrics, self.lang = app, log, metrics, lang

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        trace_id = scope["trace_id"] = secrets.token_hex(8)
        scope["language"] = language_of(scope, self.lang)

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(scope, message, trace_id)
            await send(message)

        try:
            await self.app(scope, receive, observed)
        except Exception as error:
            self.log.error(error, request_id=trace_id, route=route_of(scope))
            if not status:
                await problem("internal_error", scope)(scope, receive, observed)
        self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), _method(scope)
        self.metrics.request(route, method, status, seconds)
        self.log.event(
            "request",
            request_id=trace_id_of(scope),
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 2),
        )


def _method(scope: Scope) -> str:
    """The method when it is a usual one: a client's own word must not become a label."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return scope["method"] if scope["method"] in known else "OTHER"


def _add_headers(scope: Scope, message: Message, trace_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["x-request-id"] = trace_id
    for name, value in _FIXED_HEADERS.items():
        headers[name] = value
    if not scope["path"].startswith("/static/"):
        headers["cache-control"] = "no-store"


class Gate:
    """Lets in requests for an accepted host, from this origin, and to ``/v1`` only with a key.

    Any web page can make a browser post to a service on the loopback address, and a rebinding
    name server can make it read from there: hence origin and host.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str],
        keys: ApiKeys | None,
        sessions: Sessions,
    ) -> None:
        self.app, self.keys, self.sessions = app, keys, sessions
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on."""
        code = self._refusal(scope) if scope["type"] == "http" else None
        if code is None:
            await self.app(scope, receive, send)
            return
        headers = {"www-authenticate": "Bearer"} if code == "unauthorized" else {}
        await problem(code, scope, headers)(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if _host_name(headers.get("host", "")) not in self.hosts:
            return "bad_host"
        if scope["method"] not in SAFE_METHODS and not _same_origin(headers):
            return "cross_origin"
        if self.keys is not None and _under_v1(scope["path"]):
            user = self._user(scope, self.keys)
            if user is None:
                return "unauthorized"
            scope["user_label"] = user
        return None

    def _user(self, scope: Scope, keys: ApiKeys) -> str | None:
        """The label of the key, or of the session's key; None when there is neither."""
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        known = keys.label(key.strip()) if scheme.lower() == "bearer" else None
        return self.sessions.user(cookie_of(scope)) if known is None else known


def user_of(scope: Scope) -> str:
    """Who asks: the label of the key; without keys, on the loopback address, who runs the
    service."""
    label: str | None = scope.get("user_label")
    if label is not None:
        return label
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def cookie_of(scope: Scope) -> str:
    """The session's token that a request brings, else an empty text."""
    for pair in Headers(scope=scope).get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def _under_v1(path: str) -> bool:
    return path == "/v1" or path.startswith("/v1/")


def _host_name(host: str) -> str:
    """The name in a Host header, without its port: ``[::1]:8000`` → ``[::1]``."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _same_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
        except ValueError:
            return False
    return headers.get("sec-fetch-site", "none") in ("none", "same-origin")


class Limit:
    """Stops bodies that are larger than their address takes, by their stated or real size."""

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self.app, self.upload_bytes = app, upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on with a counting ``receive``."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.upload_bytes if scope["path"].rstrip("/") in UPLOADS else JSON_LIMIT
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isascii() or not stated.isdigit() or int(stated[:20]) > limit:
            await problem("too_large", scope)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
