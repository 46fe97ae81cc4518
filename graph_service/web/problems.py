"""Errors as RFC 9457 ``application/problem+json``: one shape, never an echo of the input.

``detail`` and ``hint`` are fixed texts per code, because what an error says may quote the question,
and a question may hold a name or a number of a person. They are in the request's language, which
``graph_service.web.access.Observe`` puts into its scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from graph_service.errors import AmbiguousName, CreditGraphError
from graph_service.phrasebook import Phrasebook

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


class Kind(NamedTuple):
    """What is always said about one code: status, title and detail in both languages."""

    status: int
    zh: str
    en: str
    detail_zh: str
    detail_en: str


KINDS: dict[str, Kind] = {
    "bad_request": Kind(
        422, "参数有误", "Bad parameter", "有参数不可用。", "A parameter cannot be used."
    ),
    "bad_body": Kind(422, "请求体有误", "Bad body", "请求体无法读取。", "The body cannot be read."),
    "unauthorized": Kind(
        401,
        "需要密钥",
        "A key is needed",
        "请在 Authorization: Bearer 中给出 API 密钥。",
        "Give an API key as Authorization: Bearer.",
    ),
    "bad_host": Kind(
        403,
        "主机名不被接受",
        "Host not accepted",
        "请求的主机名不在 CG_ALLOWED_HOSTS 之中。",
        "The request's host name is not among CG_ALLOWED_HOSTS.",
    ),
    "cross_origin": Kind(
        403,
        "跨站请求被拒绝",
        "Request from another origin",
        "写操作只接受本站页面发起的请求。",
        "Only this service's own pages may send this.",
    ),
    "not_found": Kind(404, "没有此地址", "No such address", "参见 /docs。", "See /docs."),
    "unknown_party": Kind(
        404,
        "查无此主体",
        "Unknown party",
        "存储中没有此编号、代码、键或名称。",
        "No party has this id, code, key or name.",
    ),
    "unknown_case": Kind(
        404, "没有此案件", "Unknown case", "没有此编号的案件。", "There is no case of this id."
    ),
    "case_changed": Kind(
        412,
        "案件已被他人修改",
        "The case was changed meanwhile",
        "请重新读取后再修改；未覆盖任何内容。",
        "Read it again, then change it; nothing was overwritten.",
    ),
    "version_needed": Kind(
        428,
        "缺少 If-Match",
        "If-Match is needed",
        "请在 If-Match 中给出所读到的 ETag。",
        "Give the ETag that was read as If-Match.",
    ),
    "unknown_load": Kind(
        404, "没有此加载", "Unknown load", "台账中没有此编号。", "The ledger has no such load."
    ),
    "unknown_screening": Kind(
        404,
        "没有此排查",
        "Unknown screening",
        "没有此编号，或其结果已到期删除。",
        "There is none of this id, or its result has been erased.",
    ),
    "screening_not_done": Kind(
        409,
        "排查尚未完成",
        "Screening not done",
        "请待其完成后再取结果文件。",
        "Ask for its file once it is done.",
    ),
    "idempotency_mismatch": Kind(
        422,
        "幂等键已用于其他内容",
        "Idempotency-Key used before",
        "同一幂等键曾用于不同的请求内容。",
        "The same Idempotency-Key came with another body.",
    ),
    "too_many_screenings": Kind(
        429,
        "排查任务过多",
        "Too many screenings",
        "等待中的排查任务已满，请稍后再试。",
        "Too many screenings are waiting; try again later.",
    ),
    "method_not_allowed": Kind(
        405,
        "方法不适用",
        "Method not allowed",
        "此地址不接受该方法，参见 /docs。",
        "This address does not take that method; see /docs.",
    ),
    "too_large": Kind(
        413, "内容过大", "Too large", "请求体超出大小限制。", "The body is above the limit."
    ),
    "unsupported_media_type": Kind(
        415,
        "内容类型不支持",
        "Unsupported media type",
        "请按 /docs 所示的内容类型发送。",
        "Send the media type that /docs shows.",
    ),
    "ambiguous_name": Kind(
        422,
        "名称不唯一",
        "Ambiguous name",
        "多个主体使用该名称；candidates 列出其键。",
        "Several parties bear this name; candidates lists their keys.",
    ),
    "bad_pack": Kind(
        422, "规则集有误", "Unknown rule pack", "没有此规则集。", "There is no such rule pack."
    ),
    "bad_mapping": Kind(
        422,
        "映射文件有误",
        "Mapping does not fit",
        "映射文件与数据不符。",
        "The mapping does not fit its data.",
    ),
    "input_refused": Kind(
        422,
        "文件被拒绝",
        "File refused",
        "文件无法安全读取，或与其名称不符。",
        "The file cannot be read safely, or is not what its name says.",
    ),
    "not_overwritten": Kind(
        409, "目标已存在", "Target exists", "目标已存在，未被替换。", "Nothing was replaced."
    ),
    "too_many_loads": Kind(
        429,
        "加载任务过多",
        "Too many loads",
        "等待中的加载任务已满，请稍后再试。",
        "Too many loads are waiting; try again later.",
    ),
    "internal_error": Kind(
        500,
        "内部错误",
        "Internal error",
        "服务出错；请提供 trace_id 以便查找。",
        "The service failed; quote the trace_id.",
    ),
    "store_error": Kind(
        503, "存储出错", "Store failed", "存储无法查询。", "The store could not be asked."
    ),
    "store_missing": Kind(
        503,
        "存储不存在",
        "No store there",
        "配置的地址上没有存储；请先加载数据。",
        "No store stands at the configured address; load data first.",
    ),
    "store_unavailable": Kind(
        503,
        "存储无响应",
        "Store does not answer",
        "存储暂时无响应。",
        "The store does not answer at the moment.",
    ),
    "store_busy": Kind(
        503,
        "另一加载正在进行",
        "Another load is running",
        "同一时间只允许一个写入者。",
        "There is one writer at a time.",
    ),
    "store_changed": Kind(
        503,
        "提问期间有加载完成",
        "A load ended meanwhile",
        "请重新提问。",
        "Ask again.",
    ),
    "store_damaged": Kind(
        503,
        "存储损坏或非本系统文件",
        "Store damaged or foreign",
        "请运行 credit-graph doctor。",
        "Run credit-graph doctor.",
    ),
    "key_mismatch": Kind(
        503,
        "证件密钥不一致",
        "Another ID key",
        "存储由另一证件密钥建立。",
        "The store was made with another ID key.",
    ),
    "over_budget": Kind(
        504,
        "超出时间预算",
        "Over the time budget",
        "请减小层数或缩小范围。",
        "Ask for fewer hops or fewer types.",
    ),
}
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
    return problem(code, scope)


def of_http(error: HTTPException, scope: Scope) -> JSONResponse:
    """The response for an error of the framework."""
    return problem(_BY_STATUS.get(error.status_code, "internal_error"), scope, error.headers)


def of_validation(error: RequestValidationError, scope: Scope) -> JSONResponse:
    """The response for parameters that do not fit: which ones and why, never what was sent."""
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return problem("bad_body", scope)
    errors = [_fault(fault, scope["language"]) for fault in error.errors()]
    return problem("bad_request", scope, errors=errors)


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
