"""The rules by which rows are refused or warned about: data for reports, rejects files and docs."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """A rule: whether it refuses the row or only warns, and what the user can do about it."""

    name: str
    severity: Literal["reject", "warn"]
    zh: str
    en: str


_RULES = (
    Rule(
        "dangling_reference",
        "reject",
        "引用的编号在本来源中不存在；请补充对应的企业或个人行，或更正编号。以后同一来源加载时会自动重试。",
        "The id is not declared anywhere; add the enterprise or person row, or correct the id. "
        "The row is tried again at each later load of its source.",
    ),
    Rule(
        "ambiguous_reference",
        "reject",
        "名称对应多个主体；请改用统一社会信用代码或编号。",
        "The name fits several parties; give the credit code or the id instead.",
    ),
    Rule(
        "bad_uscc",
        "reject",
        "统一社会信用代码校验不通过（GB 32100）；请核对18位代码。",
        "The unified social credit code fails its check (GB 32100); compare all 18 characters.",
    ),
    Rule(
        "bad_id_number",
        "reject",
        "证件号码校验不通过（GB 11643）；请核对号码、出生日期和校验位。",
        "The ID number fails its check (GB 11643); compare digits, birth date and check character.",
    ),
    Rule(
        "float_id",
        "reject",
        "编号被电子表格存成了数字，末几位已丢失；请把该列设为“文本”后重新导出。",
        "A spreadsheet kept the id as a number and lost its last digits; "
        "set the column to Text and export it again.",
    ),
    Rule(
        "bad_date",
        "reject",
        "日期无法识别；请写成 2020-01-31，长期有效请写“长期”。",
        "Not a date; write 2020-01-31, or 长期 for one that never ends.",
    ),
    Rule(
        "bad_share",
        "reject",
        "比例无法识别；请写成 0.35、35% 或 25-50%，大于1的数字须带百分号。",
        "Not a share; write 0.35, 35% or 25-50%; a number above 1 needs a per cent sign.",
    ),
    Rule(
        "missing_required",
        "reject",
        "缺少必填项；请补充该列。",
        "A required value is missing; fill in the column.",
    ),
    Rule(
        "kind_conflict",
        "reject",
        "同一编号既用于企业又用于个人；请在映射文件中写 ids: per_kind，或更正编号。",
        "One id is used for an enterprise and for a person; "
        "say `ids: per_kind` in the mapping file, or correct the id.",
    ),
    Rule(
        "duplicate_row", "warn", "同一事实在文件中重复出现。", "The same fact stands there twice."
    ),
    Rule(
        "ragged_row",
        "reject",
        "单元格多于表头，各列可能已错位；请给含分隔符的单元格加引号。",
        "The row has more cells than the header, so columns may have shifted; "
        "put cells that hold the delimiter into quotes.",
    ),
    Rule(
        "label_conflict",
        "warn",
        "不同来源或文件对是否列入名单说法不一；两者均保留。",
        "Sources or files disagree whether the subject is on the list; both are kept.",
    ),
    Rule(
        "share_sum_over_100",
        "warn",
        "该企业股东比例合计超过100%。",
        "The shares of this issuer sum to more than 100 %.",
    ),
    Rule("self_holding", "warn", "股东与被投资企业相同。", "The holder is the issuer itself."),
    Rule(
        "unknown_code",
        "warn",
        "代码表中没有该值；按原文保留。",
        "The code list does not know this value; it is kept as written.",
    ),
    Rule(
        "kind_guessed",
        "warn",
        "未说明是企业还是个人，按名称判断。",
        "Whether it is an enterprise or a person was guessed from the name.",
    ),
    Rule(
        "masked_id",
        "warn",
        "证件号码已打星，不能用于关联。",
        "The ID number is starred: it is kept as a mask and joins nothing.",
    ),
    Rule(
        "share_conflict",
        "warn",
        "不同来源对同一持股比例说法不一。",
        "Sources state different shares for one holding.",
    ),
    Rule(
        "id_upgraded",
        "warn",
        "15位旧证件号码已升为18位。",
        "A 15-digit ID number was upgraded to 18 characters.",
    ),
    Rule(
        "bad_amount",
        "warn",
        "金额无法识别；该行保留，但不含金额。",
        "Not an amount; the row is kept without it.",
    ),
)
RULES = {rule.name: rule for rule in _RULES}
REJECTING = frozenset(rule.name for rule in _RULES if rule.severity == "reject")
# Rules about one value, which `on_bad: warn` may drop while the row is kept.
DROPPABLE = frozenset({"bad_uscc", "bad_id_number", "bad_date", "bad_share", "float_id"})


def hint(rule: str) -> tuple[str, str]:
    """What to do about a rule, in Chinese and English; empty for a rule nobody declared."""
    known = RULES.get(rule)
    return (known.zh, known.en) if known else ("", "")
