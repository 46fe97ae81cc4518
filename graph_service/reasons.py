"""Why something is missing in an answer, in Chinese, and the names of the rules of loading.

Questions say it in English (``Missing.why``); every front shows one of the two.
"""

from __future__ import annotations

from functools import lru_cache

from graph_service.phrasebook import Phrasebook
from graph_service.tables import TABLE_LIST

RULES = {
    "dangling_reference": ("引用的编号不存在", "Reference to nothing"),
    "ambiguous_reference": ("名称对应多个主体", "Ambiguous reference"),
    "bad_uscc": ("信用代码有误", "Bad credit code"),
    "bad_id_number": ("证件号码有误", "Bad ID number"),
    "float_id": ("编号被存成数字", "Id kept as a number"),
    "bad_date": ("日期有误", "Bad date"),
    "bad_share": ("比例有误", "Bad share"),
    "bad_amount": ("金额有误", "Bad amount"),
    "missing_required": ("缺少必填项", "Missing value"),
    "kind_conflict": ("企业与个人混用编号", "Kind conflict"),
    "duplicate_row": ("重复行", "Duplicate row"),
    "ragged_row": ("列数与表头不符", "Ragged row"),
    "label_conflict": ("名单记载冲突", "Label conflict"),
    "share_sum_over_100": ("持股合计超过 100%", "Shares above 100 %"),
    "self_holding": ("自我持股", "Holds itself"),
    "unknown_code": ("未知代码", "Unknown code"),
    "kind_guessed": ("类别为推断", "Kind guessed"),
    "masked_id": ("证件号码已脱敏", "Masked ID number"),
    "share_conflict": ("持股比例冲突", "Share conflict"),
    "id_upgraded": ("编号升级", "Id upgraded"),
}
REASONS = (
    ("{} of at least {} parties, at depth {}", "只展开了 {} 个主体，至少有 {} 个（第 {} 层）"),
    ("{} of {}", "只取 {} 项，共 {} 项"),
    ("{} explored, not all", "只查看了 {} 个主体，并非全部"),
    ("{} of more", "只列出 {} 项，还有更多"),
    ("known only by its code", "只见其代码，没有登记资料"),
    ("not finished when the question was asked", "提问时加载尚未完成"),
    ("unknown", "比例不详"),
    ("a range", "只知比例范围"),
    ("the day of founding or end is not known", "成立或终止的日期不详"),
    ("not loaded: its facts are unknown", "未加载，其情况不详"),
    ("named by the tender, not matched", "招标文件中有其名，但未能匹配"),
    (
        "more may control it, or be controlled, than are listed",
        "可能还有其他控制或被控制的主体未列出",
    ),
    ("{} stakes of unknown size count as 0", "{} 项比例不详的持股按 0 计"),
    ("the chains of {} parties are not shown", "{} 个主体的路径未列出"),
    ("{} may control it: up to {}", "{} 可能控制它，至多 {}"),
    ("{} may hold enough of it: up to {}", "{} 可能持有足够的份额，至多 {}"),
    ("{} and {} may be linked: up to {}", "{} 与 {} 可能存在密切关联，至多 {}"),
    ("blocked holders may hold up to {}", "在列股东合计至多可达 {}"),
    ("stakes sum to {}", "持股合计 {}"),
    ("stakes sum to {}: figures through it are withheld", "持股合计 {}，经过它的穿透数字不予给出"),
    ("{} verdicts not decided: too many unknown shares", "{} 个结论未判定：比例不详的持股过多"),
    ("what would settle a verdict was not sought for all", "并非每个结论都查找了可使其确定的数字"),
    ("answered for its head office {}", "按其总公司 {} 作答"),
    ("no holder of it is known", "没有其股东的记载"),
    ("no legal representative or manager is known", "没有法定代表人或管理人员的记载"),
    (
        "{} owners inside a large component of cross-holdings have bounds only;"
        " ask for all inside owners",
        "大型交叉持股中的 {} 个内部股东只有上下界；可要求列出全部内部股东",
    ),
    ("more simple chains than are listed: bounds only", "持股链过多，只给出上下界"),
    (
        "more chains than are listed: shares may be larger, by at most {}",
        "持股链未全部列出：比例可能更大，至多再加 {}",
    ),
    ("owned wholly by itself: {}: no figure", "完全为自身所有：{}，不给数字"),
    ("holds {} of itself", "持有自身股份：{}"),
    ("{} holds {}: amount over registered capital", "{} 持有 {}：由认缴出资额除以注册资本推得"),
    ("{} holds {} of it", "{} 的持股：{}"),
    ("an unknown part", "比例不详"),
    ("between {} and {}", "{} 至 {}"),
    ("{} more unknown stakes", "另有 {} 项持股比例不详"),
    ("by votes: {}", "按表决权：{}"),
    ("a major violation of an unknown day", "重大违法的日期不详"),
    ("ended on an unknown day", "终止日期不详"),
    ("{} days of change before {} looked at", "只查看了 {1} 之前有变化的 {0} 天"),
    (
        "no securities code: these rules bind listed companies",
        "没有证券代码：这些规则只约束上市公司",
    ),
    ("the day of {} is not known: {}", "{}的日期不详：{}"),
    ("personal responsibility for {} is not known: {}", "对{}的个人责任不详：{}"),
    ("the bankruptcy of {}", "{} 破产清算"),
    ("the revoked licence of {}", "{} 被吊销营业执照"),
    ("the order to close {}", "{} 被责令关闭"),
    ("{} rows of {}: {}", "{1} {0} 行：{2}"),
)
_NAMES = {table.name: table.zh for table in TABLE_LIST} | {
    rule: zh for rule, (zh, _en) in RULES.items()
}
_BOOK = Phrasebook(REASONS, _NAMES.get)


@lru_cache(4096)
def reason_zh(why: str) -> str:
    """The Chinese of a reason; as it is where no template fits."""
    return _BOOK.chinese(why)
