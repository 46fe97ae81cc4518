"""What is always said about each code of a problem, in both languages."""

from __future__ import annotations

from typing import NamedTuple

from graph_service import errors


class Kind(NamedTuple):
    """One code: its status, its title, and what it means or what to do."""

    status: int
    zh: str
    en: str
    detail_zh: str
    detail_en: str


def _of(error: type[errors.CreditGraphError], zh: str, en: str) -> tuple[str, Kind]:
    """The kind of an error of the domain, whose code, status and titles are the error's own."""
    return error.code, Kind(error.status, error.title_zh, error.title, zh, en)


_OF_THE_SERVICE = {
    "bad_request": Kind(
        422, "参数有误", "Bad parameter", "有参数不可用。", "A parameter cannot be used."
    ),
    "not_http": Kind(
        400,
        "不是 HTTP 请求",
        "Not an HTTP request",
        "网址中的中文须编码 (Chinese in an address must be encoded): "
        "curl -G --data-urlencode 'q=星河' http://…/v1/search",
        "Chinese in an address must be encoded: "
        "curl -G --data-urlencode 'q=星河' http://…/v1/search",
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
    "unsupported_media_type": Kind(
        415,
        "内容类型不支持",
        "Unsupported media type",
        "请按 /docs 所示的内容类型发送。",
        "Send the media type that /docs shows.",
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
        "服务出错，请重试；若仍如此，请把 trace_id 告诉系统管理员。",
        "The service failed. Try again; if it fails again, give the trace_id to the administrator.",
    ),
}
KINDS: dict[str, Kind] = _OF_THE_SERVICE | dict(
    (
        _of(
            errors.UnknownParty,
            "没有此编号、代码、键或名称；可能已随来源更新而移除。",
            "No party has this id, code, key or name; it may have gone with its source.",
        ),
        _of(
            errors.UnknownCase,
            "没有此编号的案件，可能已被删除。",
            "There is no case of this id; it may have been deleted.",
        ),
        _of(
            errors.CaseChanged,
            "请重新读取后再修改；未覆盖任何内容。",
            "Read it again, then change it; nothing was overwritten.",
        ),
        _of(errors.TooLarge, "请求体超出大小限制。", "The body is above the limit."),
        _of(
            errors.AmbiguousName,
            "多个主体使用该名称；candidates 列出其键。",
            "Several parties bear this name; candidates lists their keys.",
        ),
        _of(errors.PackError, "没有此规则集。", "There is no such rule pack."),
        _of(
            errors.MappingError,
            "请核对表头，或更正映射文件。",
            "Check the header, or mend the mapping file.",
        ),
        _of(
            errors.InputRefused,
            "文件无法安全读取，或与其名称不符。",
            "The file cannot be read safely, or is not what its name says.",
        ),
        _of(errors.NotOverwritten, "目标已存在，未被替换。", "Nothing was replaced."),
        _of(
            errors.StoreError,
            "这不表示“没有记录”。请稍后重试，或联系系统管理员。",
            "This does not mean that there are no records. Try again, or tell the administrator.",
        ),
        _of(
            errors.StoreMissing,
            "配置的地址上没有存储；请先加载数据。",
            "No store stands at the configured address; load data first.",
        ),
        _of(
            errors.StoreUnavailable,
            "这不表示“没有记录”。请稍后重试。",
            "This does not mean that there are no records. Try again later.",
        ),
        _of(
            errors.StoreBusy,
            "同一时间只允许一个写入者，请稍后重试。",
            "There is one writer at a time; try again later.",
        ),
        _of(errors.StoreChanged, "请重新提问。", "Ask again."),
        _of(errors.StoreDamaged, "请运行 credit-graph doctor。", "Run credit-graph doctor."),
        _of(
            errors.KeyMismatch,
            "存储由另一证件密钥建立，请管理员检查。",
            "The store was made with another ID key; tell the administrator.",
        ),
        _of(
            errors.OverBudget,
            "范围太大，未能在限定时间内得出完整答案。请减少层数或缩小范围。",
            "It could not be answered whole in time. Ask for fewer hops or fewer types.",
        ),
    )
)
# How a job may end besides, which is no answer to a request.
JOB_ENDS = {
    "interrupted": Kind(
        500,
        "任务被中断",
        "The job was interrupted",
        "服务曾停止运行，请重新提交。",
        "The service stopped; send it again.",
    ),
    "failed": Kind(
        500,
        "任务失败",
        "The job failed",
        "请核对文件后重试；若仍如此，请联系系统管理员。",
        "Check the file and try again; if it fails again, tell the administrator.",
    ),
}
