"""One error tree: each error a user can meet has a code, HTTP status, exit status and hint.

CreditGraphError                    500 · exit 1
├── UsageError                      422 · exit 2   the question or option is wrong
│   ├── UnknownParty                404 · exit 2
│   ├── UnknownCase                 404 · exit 2
│   ├── AmbiguousName               422 · exit 2   carries the candidates' ids
│   ├── MappingError                422 · exit 2   a mapping file does not fit its data
│   ├── PackError                   422 · exit 2   a rule pack is malformed
│   └── SettingsError               500 · exit 2   an unknown or bad CG_* setting stops the start
├── InputRefused                    422 · exit 1   a file that cannot be read safely
│   └── TooLarge                    413 · exit 1
├── OverBudget                      504 · exit 1   the time budget was used up
├── StoreError                      503 · exit 3
│   ├── StoreMissing                503 · exit 3   nothing is there, this command creates none
│   ├── StoreUnavailable            503 · exit 3   the store does not answer
│   ├── StoreBusy                   503 · exit 3   another writer holds the store
│   ├── StoreChanged                503 · exit 3   a load ended while the question was asked
│   ├── StoreDamaged                503 · exit 3   damaged, foreign or of another schema version
│   └── KeyMismatch                 503 · exit 3   the store was made with another ID key
├── NotOverwritten                  409 · exit 2   the target exists and is not replaced silently
└── CaseChanged                     412 · exit 1   somebody else changed the case meanwhile

``title`` is a fixed text; ``detail`` may name a file, row or option, never an ID number.
"""

from __future__ import annotations


class CreditGraphError(Exception):
    """Base of every error the program raises on purpose.

    ``detail``: what happened, in the user's terms. ``hint``: what to do about it.
    """

    code = "error"
    status = 500
    exit_status = 1
    title = "The request failed"
    title_zh = "请求失败"

    def __init__(self, detail: str = "", hint: str = "") -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.hint = hint


class UsageError(CreditGraphError):
    """The question, an option or a parameter is wrong."""

    code, status, exit_status = "bad_request", 422, 2
    title, title_zh = "Wrong use", "用法有误"


class UnknownParty(UsageError):
    """No party has this id, code, key or name.

    ``unfinished``: loads that are not finished, any of which may yet bring it.
    """

    code, status = "unknown_party", 404
    title, title_zh = "Unknown party", "查无此主体"

    def __init__(self, detail: str = "", hint: str = "", unfinished: tuple[int, ...] = ()) -> None:
        super().__init__(detail, hint)
        self.unfinished = unfinished


class UnknownCase(UsageError):
    """The store has no case of this id."""

    code, status = "unknown_case", 404
    title, title_zh = "Unknown case", "没有此案件"


class AmbiguousName(UsageError):
    """A name that several parties bear; ``candidates`` are their ids."""

    code = "ambiguous_name"
    title, title_zh = "Ambiguous name", "名称不唯一"

    def __init__(self, detail: str, candidates: tuple[str, ...], hint: str = "") -> None:
        super().__init__(detail, hint)
        self.candidates = candidates


class MappingError(UsageError):
    """A mapping file names something that its data or the catalogue does not have."""

    code = "bad_mapping"
    title, title_zh = "Mapping does not fit", "映射文件有误"


class PackError(UsageError):
    """A rule pack is unknown or malformed."""

    code = "bad_pack"
    title, title_zh = "Rule pack refused", "规则集有误"


class SettingsError(UsageError):
    """An unknown ``CG_*`` setting, or a value it cannot take."""

    code, status = "bad_setting", 500
    title, title_zh = "Bad setting", "配置有误"


class InputRefused(CreditGraphError):
    """A file that cannot be read safely, or is not what it says it is."""

    code, status, exit_status = "input_refused", 422, 1
    title, title_zh = "File refused", "文件被拒绝"


class TooLarge(InputRefused):
    """A body or file above a limit."""

    code, status = "too_large", 413
    title, title_zh = "Too large", "超出大小限制"


class OverBudget(CreditGraphError):
    """The time budget was used up; no partial answer is given."""

    code, status, exit_status = "over_budget", 504, 1
    title, title_zh = "Over the time budget", "超出时间预算"


class StoreError(CreditGraphError):
    """The store could not be asked."""

    code, status, exit_status = "store_error", 503, 3
    title, title_zh = "Store failed", "存储出错"


class StoreMissing(StoreError):
    """No store stands at the address, and this command creates none."""

    code = "store_missing"
    title, title_zh = "No store there", "存储不存在"


class StoreUnavailable(StoreError):
    """The store does not answer."""

    code = "store_unavailable"
    title, title_zh = "Store does not answer", "存储无响应"


class StoreBusy(StoreError):
    """Another writer holds the store."""

    code = "store_busy"
    title, title_zh = "Another load is running", "另一加载正在进行"


class StoreChanged(StoreError):
    """A load ended while the question was asked, and the engine cannot hold one state of it."""

    code = "store_changed"
    title, title_zh = "A load ended meanwhile", "提问期间有加载完成"


class StoreDamaged(StoreError):
    """The file is damaged, is no credit-graph store, or has another schema version."""

    code = "store_damaged"
    title, title_zh = "Store damaged or foreign", "存储损坏或非本系统文件"


class KeyMismatch(StoreError):
    """The store was made with another ID key: joining on it would silently miss people."""

    code = "key_mismatch"
    title, title_zh = "Another ID key", "证件密钥不一致"


class NotOverwritten(CreditGraphError):
    """The target exists; nothing is replaced silently."""

    code, status, exit_status = "not_overwritten", 409, 2
    title, title_zh = "Target exists", "目标已存在"


class CaseChanged(CreditGraphError):
    """A case was changed by somebody else since it was read; nothing of theirs is overwritten."""

    code, status = "case_changed", 412
    title, title_zh = "The case was changed meanwhile", "案件已被他人修改"
