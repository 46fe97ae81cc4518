"""Errors as RFC 9457 ``application/problem+json``: one shape, never an echo of the input.

``detail`` and ``hint`` are fixed texts per code, because what an error says may quote the question,
and a question may hold a name or a number of a person. They are in the request's language, which
``graph_service.web.access.Observe`` puts into its scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from graph_service.errors import AmbiguousName, CreditGraphError, UnknownParty
from graph_service.phrasebook import Phrasebook
from graph_service.web.problem_kinds import JOB_ENDS, KINDS

# What the library says of parameters that do not fit; one that is not here stays in English.
_FAULTS = Phrasebook(
    (
        ("Field required", "缺少此项"),
        ("Extra inputs are not permitted", "没有这个参数"),
        ("String should match pattern {}", "须符合格式 {}"),
        ("String should have at least {} character", "至少 {} 个字符"),
        ("String should have at least {} characters", "至少 {} 个字符"),
        ("String should have at most {} characters", "至多 {} 个字符"),
        ("Input should be less than or equal to {}", "不得大于 {}"),
        ("Input should be greater than or equal to {}", "不得小于 {}"),
        ("Input should be less than {}", "须小于 {}"),
        ("Input should be greater than {}", "须大于 {}"),
        ("Input should be {}", "只能是 {}"),
        ("'{}' or '{}'", "'{}' 或 '{}'"),
        ("Input should be a valid string", "须为文本"),
        ("Input should be a valid list", "须为列表"),
        (
            "Input should be a valid integer, unable to parse string as an integer",
            "须为整数",
        ),
        (
            "Input should be a valid number, unable to parse string as a number",
            "须为数",
        ),
        (
            "Input should be a valid boolean, unable to interpret input",
            "须为 true 或 false",
        ),
        (
            "Input should be a valid dictionary or object to extract fields from",
            "须为 JSON 对象",
        ),
    )
)
MEDIA_TYPE = "application/problem+json"
_AWAITED = {
    "zh": "目前查无此主体；但有加载尚未完成（unfinished），其中可能有它。请待其结束后再查。",
    "en": "Not here, but a load is not finished (unfinished) and may bring it: ask again later.",
}
# Seconds after which asking again may help: nobody has to do anything about the question itself.
_AGAIN = {"store_changed": "1", "store_busy": "5", "store_unavailable": "10"}


_BY_STATUS = {
    400: "bad_body",
    401: "unauthorized",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "bad_request",
}


class Refused(Exception):
    """A refusal of the service itself (not of the domain), by its code."""

    def __init__(self, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.headers = dict(headers or {})


def trace_id_of(scope: Scope) -> str:
    """The request's id; every log line and problem carries it."""
    return str(scope.get("trace_id", ""))


def problem(
    code: str, scope: Scope, headers: Mapping[str, str] | None = None, **members: Any
) -> JSONResponse:
    """The response for a code, in the request's language; ``members``: more of the document."""
    kind = KINDS.get(code) or KINDS["internal_error"]
    lang = scope["language"]
    body = {
        "type": f"urn:credit-graph:problem:{code}",
        "title": kind.zh if lang == "zh" else kind.en,
        "status": kind.status,
        "detail": kind.detail_zh if lang == "zh" else kind.detail_en,
        "code": code,
        "trace_id": trace_id_of(scope),
        **members,
    }
    told = {**(headers or {}), "content-language": lang, "vary": "accept-language"}
    return JSONResponse(body, kind.status, headers=told, media_type=MEDIA_TYPE)


def of_domain(error: CreditGraphError, scope: Scope, keys: Iterable[str]) -> JSONResponse:
    """The response for an error of the domain; ``keys``: of an ambiguous name's candidates."""
    code = error.code if error.code in KINDS else "internal_error"
    if isinstance(error, AmbiguousName):
        return problem(code, scope, candidates=list(keys))
    if isinstance(error, UnknownParty) and error.unfinished:
        told = _AWAITED[scope["language"]]
        return problem(code, scope, detail=told, unfinished=list(error.unfinished))
    return problem(code, scope, {"retry-after": _AGAIN[code]} if code in _AGAIN else None)


def of_http(error: HTTPException, scope: Scope) -> JSONResponse:
    """The response for an error of the framework."""
    return problem(_BY_STATUS.get(error.status_code, "internal_error"), scope, error.headers)


def of_validation(error: RequestValidationError, scope: Scope) -> JSONResponse:
    """The response for parameters that do not fit: which ones and why, never what was sent."""
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problem("bad_body", scope)
    errors = [_fault(fault, scope["language"]) for fault in error.errors()]
    return problem("bad_request", scope, errors=errors)


def failure(code: str, detail: str) -> dict[str, Any] | None:
    """Why a job failed: ``detail`` is about its file, ``title`` and ``hint`` are about the code.

    Both are in both languages, as an answer's texts are; None without a code.
    """
    if not code:
        return None
    kind = JOB_ENDS.get(code) or KINDS.get(code) or KINDS["internal_error"]
    return {
        "code": code,
        "detail": detail,
        "title": {"zh": kind.zh, "en": kind.en},
        "hint": {"zh": kind.detail_zh, "en": kind.detail_en},
    }


def _fault(fault: Mapping[str, Any], lang: str) -> dict[str, str]:
    place = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":  # the name itself is the client's text
        place = place[:-1]
    where, name = (place[0] if place else "body"), ".".join(place[1:])
    said = _message(fault) if lang == "en" else _FAULTS.chinese(_message(fault))
    return {"in": where, "name": name, "rule": str(fault["type"]), "message": said}


def _message(fault: Mapping[str, Any]) -> str:
    """Pydantic's own text: it quotes limits and allowed values; ours are written without input."""
    return str(fault["msg"]).removeprefix("Value error, ")
