"""Signing in and out of the console: a key for a cookie, and back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from graph_service.web.access import cookie_of
from graph_service.web.console_models import KeyBody, SessionAnswer
from graph_service.web.problems import Refused
from graph_service.web.reply import answers, reply, service_of
from graph_service.web.service import Service
from graph_service.web.sessions import COOKIE

router = APIRouter(tags=["console"])


@router.get("/session", **answers(SessionAnswer, "session"), summary="会话 · Session")
def get_session(request: Request) -> Response:
    """Whether the service asks for a key, and whether this browser is signed in."""
    service = service_of(request)
    return reply(_state(service, _signed_in(service, request)))


@router.post("/session", **answers(SessionAnswer, "session", 413), summary="登录 · Sign in")
def post_session(request: Request, body: KeyBody) -> Response:
    """A key for a session: the cookie is `HttpOnly` and `SameSite=Strict`, and ends with the
    browser, with `DELETE`, or when nothing was asked for `CG_SESSION_MINUTES`."""
    service = service_of(request)
    user = "" if service.keys is None else service.keys.label(body.key.strip())
    if user is None:
        raise Refused("unauthorized")
    answer = reply(_state(service, True))
    if service.keys is not None:
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, service.sessions.begin(user), httponly=True, samesite="strict", secure=secure
        )
    return answer


@router.delete("/session", **answers(SessionAnswer, "session"), summary="退出 · Sign out")
def delete_session(request: Request) -> Response:
    """End the session, here and in the browser."""
    service = service_of(request)
    service.sessions.end(cookie_of(request.scope))
    answer = reply(_state(service, service.keys is None))
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _signed_in(service: Service, request: Request) -> bool:
    return service.keys is None or service.sessions.accepts(cookie_of(request.scope))


def _state(service: Service, signed_in: bool) -> dict[str, object]:
    return {
        "keys": service.keys is not None,
        "signed_in": signed_in,
        "idle_minutes": service.settings.session_minutes,
    }
