"""Lists of records: blacklists, bars, restrictions, penalties, warnings and red lists.

Everybody reads them through ``graph_service.codes``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListCode:
    """A list or category of records; ``cls`` is ``honour`` for red lists.

    Its code is its official name, so that a record says what its document says.
    """

    code: str
    cls: str
    severity: str
    en: str
    also: tuple[str, ...] = ()


_L = ListCode
LISTS: tuple[ListCode, ...] = (
    _L(
        "失信被执行人",
        "blacklist",
        "high",
        "Dishonest judgment debtor",
        ("失信被执行人名单", "失信被执行人信息"),
    ),
    _L(
        "严重违法失信企业名单",
        "blacklist",
        "high",
        "Serious violation and dishonesty list",
        ("严重违法失信名单", "严重违法失信", "市场监督管理严重违法失信名单"),
    ),
    _L(
        "重大税收违法失信主体",
        "blacklist",
        "high",
        "Major tax violation",
        ("重大税收违法案件当事人", "重大税收违法失信案件当事人", "税收违法黑名单"),
    ),
    _L(
        "拖欠农民工工资失信联合惩戒",
        "blacklist",
        "high",
        "Arrears of migrant workers' wages",
        ("拖欠农民工工资失信联合惩戒对象名单", "拖欠农民工工资黑名单"),
    ),
    _L(
        "政府采购严重违法失信行为记录名单",
        "blacklist",
        "high",
        "Government procurement: serious violations",
        ("政府采购严重违法失信", "政府采购严重违法失信行为信息记录"),
    ),
    _L(
        "安全生产领域严重失信",
        "blacklist",
        "high",
        "Work safety: serious dishonesty",
        ("安全生产严重失信", "安全生产严重失信主体名单"),
    ),
    _L(
        "食品药品领域严重失信",
        "blacklist",
        "high",
        "Food and drugs: serious dishonesty",
        ("食品安全严重违法失信", "食品药品严重失信"),
    ),
    _L(
        "环保领域严重失信",
        "blacklist",
        "high",
        "Environment: serious dishonesty",
        ("环境保护领域严重失信", "环保严重失信"),
    ),
    _L("境外制裁名单", "blacklist", "high", "Foreign sanctions list", ("foreign_sanctions",)),
    _L("OFAC", "blacklist", "high", "OFAC SDN list", ("OFAC SDN", "SDN", "美国财政部SDN名单")),
    _L("市场禁入", "bar", "high", "Market ban", ("证券市场禁入", "市场禁入决定")),
    _L(
        "行贿犯罪",
        "bar",
        "high",
        "Bribery conviction",
        ("行贿犯罪档案", "行贿犯罪记录"),
    ),
    _L(
        "禁止参加招标投标",
        "bar",
        "high",
        "Barred from tenders",
        ("禁止参加政府采购活动", "取消投标资格", "禁止参加采购活动"),
    ),
    _L("任职限制", "bar", "high", "Barred from posts", ("禁止任职", "行业禁入")),
    _L(
        "限制高消费",
        "restriction",
        "medium",
        "Restriction of high consumption",
        ("限制消费令", "限制消费人员", "限制高消费人员"),
    ),
    _L(
        "行政处罚",
        "penalty",
        "medium",
        "Administrative penalty",
        ("行政处罚决定", "行政处罚信息", "处罚"),
    ),
    _L(
        "经营异常名录",
        "warning",
        "low",
        "List of abnormal operations",
        ("经营异常", "列入经营异常名录"),
    ),
    _L("守信激励对象", "honour", "", "Trustworthiness incentive"),
    _L("纳税信用A级", "honour", "", "Tax credit class A", ("纳税信用 A 级", "A级纳税人")),
    _L("守合同重信用", "honour", "", "Honours contracts and credit"),
    _L("红名单", "honour", "", "Red list", ("守信红名单",)),
)
