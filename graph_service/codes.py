"""Code lists of the catalogue: lists (sanctions and honours), roles, kinship, statuses.

Each code has Chinese and English labels and the spellings that files use. An unknown list loads
with the warning ``unknown_code`` and counts as a blacklist until somebody classifies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from graph_service.lists import LISTS, ListCode
from graph_service.text import fold

__all__ = [
    "CLASSES",
    "CODE_LISTS",
    "CONTACTS",
    "DISCLOSURES",
    "EDITION",
    "KIN",
    "LISTS",
    "LISTS_BY_CODE",
    "NATURES",
    "PARTY_KINDS",
    "RECORD_STATUSES",
    "REGIMES",
    "ROLES",
    "ROLE_RANK",
    "SEVERITIES",
    "STATUSES",
    "TYPES",
    "Code",
    "ListCode",
    "code_of",
    "label",
    "list_class",
    "list_code",
    "list_label",
]

EDITION = "2026-11-01"

CLASSES = ("blacklist", "bar", "restriction", "penalty", "warning")  # gravest first
SEVERITIES = ("high", "medium", "low")  # gravest first


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its labels and spellings; ``rank`` orders roles by weight (0 gravest)."""

    code: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    severity: str = ""
    degree: int = 0


_K = Code
# The order is the order of weight: a flag's step shows the gravest post first.
ROLES: tuple[Code, ...] = (
    _K(
        "chair",
        "董事长",
        "chair",
        ("董事局主席", "董事会主席", "主席", "代董事长", "执行董事长", "chairman", "chairwoman"),
        "medium",
    ),
    _K("executive_director", "执行董事", "executive director", (), "medium"),
    _K(
        "general_manager",
        "总经理",
        "general manager",
        ("经理", "总裁", "CEO", "首席执行官", "行长", "厂长", "president"),
        "medium",
    ),
    _K(
        "vice_chair",
        "副董事长",
        "vice chair",
        ("常务副董事长", "董事局副主席", "董事局常务副主席", "董事会副主席"),
        "medium",
    ),
    _K(
        "director",
        "董事",
        "director",
        ("非独立董事", "非执行董事", "外部董事", "董事会成员"),
        "medium",
    ),
    _K("employee_director", "职工董事", "employee director", ("职工代表董事",), "medium"),
    _K(
        "deputy_general_manager",
        "副总经理",
        "deputy general manager",
        ("副经理", "副总裁", "副行长", "常务副总经理", "高级副总裁", "执行副总裁"),
        "medium",
    ),
    _K(
        "finance_officer",
        "财务负责人",
        "finance officer",
        ("财务总监", "CFO", "首席财务官", "总会计师"),
        "medium",
    ),
    _K("board_secretary", "董事会秘书", "board secretary", ("董秘",), "medium"),
    _K(
        "supervisory_chair",
        "监事会主席",
        "chair of the supervisory board",
        ("监事长", "监事会召集人"),
        "medium",
    ),
    _K(
        "supervisor",
        "监事",
        "supervisor",
        ("股东代表监事", "外部监事", "独立监事", "非职工代表监事"),
        "medium",
    ),
    _K("liquidator", "清算组成员", "member of the liquidation group", ("清算组负责人",), "medium"),
    _K(
        "senior_manager",
        "高级管理人员",
        "senior manager",
        ("高管", "总工程师", "总经济师", "总监", "其他高级管理人员"),
        "medium",
    ),
    _K(
        "independent_director",
        "独立董事",
        "independent director",
        ("独董", "独立非执行董事"),
        "low",
    ),
    _K("employee_supervisor", "职工监事", "employee supervisor", ("职工代表监事",), "low"),
    _K("other", "其他", "other", (), "medium"),
)

# degree: generations by 民法典 1045 and 三代以内旁系血亲 counting; close kin are those of art. 9.
# A pair of words does not say who is whose parent: either way they are lineal, of degree 1.
_LINEAL_PAIRS = ("父子", "父女", "母子", "母女", "养子", "养女")
KIN: tuple[Code, ...] = (
    _K("spouse", "配偶", "spouse", ("丈夫", "妻子", "夫妻", "夫", "妻", "爱人"), "close", 0),
    _K("parent", "父母", "parent", ("父亲", "母亲", "父", "母", "养父", "养母"), "close", 1),
    _K("child", "子女", "child", ("儿子", "女儿", "子", "女", *_LINEAL_PAIRS), "close", 1),
    _K(
        "sibling",
        "兄弟姐妹",
        "sibling",
        (
            *("兄弟", "姐妹", "兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"),
            *("兄妹", "姐弟", "姊妹", "兄弟姊妹", "胞兄", "胞弟", "胞姐", "胞妹"),
        ),
        "close",
        2,
    ),
    _K(
        "grandparent",
        "祖父母",
        "grandparent",
        ("祖父", "祖母", "外祖父", "外祖母", "外祖父母", "爷爷", "奶奶", "外公", "外婆", "祖孙"),
        "close",
        2,
    ),
    _K(
        "grandchild",
        "孙子女",
        "grandchild",
        ("孙子", "孙女", "外孙", "外孙女", "外孙子女"),
        "close",
        2,
    ),
    _K(
        "uncle_aunt",
        "伯叔姑舅姨",
        "uncle or aunt",
        ("叔叔", "伯父", "姑姑", "舅舅", "姨母", "叔父", "姑母", "舅父", "姨妈", "叔侄", "舅甥"),
        "close",
        3,
    ),
    _K(
        "nephew_niece",
        "侄甥",
        "nephew or niece",
        ("侄子", "侄女", "外甥", "外甥女", "侄"),
        "close",
        3,
    ),
    _K("cousin", "堂表兄弟姐妹", "cousin", ("堂兄弟", "表兄弟", "堂姐妹", "表姐妹"), "close", 4),
    _K(
        "in_law",
        "近姻亲",
        "near in-law",
        (
            *(
                "岳父",
                "岳母",
                "公公",
                "婆婆",
                "女婿",
                "儿媳",
                "姻亲",
                "连襟",
                "妯娌",
                "翁婿",
                "婆媳",
            ),
            *("嫂子", "弟媳", "姐夫", "妹夫", "配偶的父母", "配偶的兄弟姐妹", "子女的配偶"),
        ),
        "close",
        0,
    ),
    _K("other", "其他亲属", "other relative", ("亲属",), "", 9),
)

TYPES: tuple[Code, ...] = (
    _K(
        "company",
        "公司",
        "company",
        ("有限责任公司", "股份有限公司", "有限公司", "有限责任公司(自然人独资)"),
    ),
    _K("partnership", "合伙企业", "partnership", ("有限合伙企业", "普通合伙企业", "有限合伙")),
    _K("sole_proprietorship", "个人独资企业", "sole proprietorship", ("个人独资",)),
    _K("individual_business", "个体工商户", "individual business", ("个体户", "个体")),
    _K("institution", "事业单位", "institution"),
    _K(
        "social_organisation",
        "社会组织",
        "social organisation",
        ("社会团体", "民办非企业单位", "基金会"),
    ),
    _K("branch", "分支机构", "branch", ("分公司", "有限责任公司分公司")),
    _K("cooperative", "农民专业合作社", "cooperative", ("合作社",)),
    _K("government", "机关", "government body", ("国家机关", "行政机关")),
)

NATURES: tuple[Code, ...] = (
    _K("state", "国有", "state-owned", ("国有企业", "国有独资", "国有控股", "全民所有制")),
    _K("collective", "集体", "collective", ("集体企业", "集体所有制")),
    _K("private", "民营", "private", ("私营", "私有", "民营企业")),
    _K("foreign", "外资", "foreign-owned", ("外商投资", "外商独资", "港澳台投资", "中外合资")),
)

STATUSES: tuple[Code, ...] = (
    _K(
        "active",
        "存续",
        "active",
        ("在业", "开业", "在营", "存续(在营、开业、在册)", "正常", "在册"),
    ),
    _K("revoked", "吊销", "licence revoked", ("吊销，未注销", "吊销未注销", "吊销营业执照")),
    _K("cancelled", "注销", "deregistered", ("已注销", "吊销，已注销", "吊销已注销", "dissolved")),
    _K("withdrawn", "撤销", "registration withdrawn", ("撤销登记",)),
    _K("ordered_closed", "责令关闭", "ordered to close", ("责令停业关闭",)),
    _K("moved_out", "迁出", "moved out"),
    _K("liquidating", "清算", "in liquidation", ("清算中",)),
    _K("suspended", "停业", "suspended", ("歇业",)),
)

RECORD_STATUSES: tuple[Code, ...] = (
    _K("in_force", "有效", "in force", ("在列", "生效", "执行中", "正常", "公示中", "0")),
    _K("under_objection", "异议中", "under objection", ("异议", "异议处理中", "复议中")),
    _K("expired", "已到期", "expired", ("到期", "已过期", "过期", "失效", "已失效", "期满")),
    _K("revoked", "撤销", "revoked", ("已撤销", "撤回", "已撤回", "1")),
    _K("repaired", "已修复", "repaired", ("信用修复", "修复", "已信用修复")),
    _K("removed", "移出", "removed", ("已移出", "移除", "已移除", "已删除", "屏蔽")),
)

CONTACTS: tuple[Code, ...] = (
    _K("address", "地址", "address", ("住所", "注册地址")),
    _K("phone", "电话", "phone", ("联系电话", "手机", "手机号")),
    _K("email", "邮箱", "email", ("电子邮箱", "e-mail")),
    _K("account", "账户", "account", ("银行账户", "账号")),
    _K("device", "设备", "device", ("设备指纹",)),
)

REGIMES: tuple[Code, ...] = (
    _K("bidding_law", "招标投标法", "bidding law", ("招投标",)),
    _K("government_procurement", "政府采购法", "government procurement", ("政府采购",)),
)

PARTY_KINDS: tuple[Code, ...] = (
    _K(
        "enterprise",
        "企业",
        "enterprise",
        (
            "法人",
            "企业法人",
            "公司",
            "单位",
            "法人及非法人组织",
            "法人和其他组织",
            "organization",
            "entity",
            "company",
            "机构",
            "企业股东",
            "法人股东",
        ),
    ),
    _K("person", "个人", "person", ("自然人", "自然人股东", "individual", "个体工商户经营者")),
)

DISCLOSURES: tuple[Code, ...] = (
    _K("public", "公开", "public", ("社会公开", "主动公开")),
    _K("authorised", "授权查询", "by authorisation", ("依授权查询",)),
    _K("government", "政府共享", "shared inside government", ("政务共享",)),
)

CODE_LISTS: dict[str, tuple[Code, ...]] = {
    "roles": ROLES,
    "kin": KIN,
    "types": TYPES,
    "natures": NATURES,
    "statuses": STATUSES,
    "record_statuses": RECORD_STATUSES,
    "contacts": CONTACTS,
    "regimes": REGIMES,
    "party_kinds": PARTY_KINDS,
    "disclosures": DISCLOSURES,
}
LISTS_BY_CODE = {entry.code: entry for entry in LISTS}
ROLE_RANK = {role.code: rank for rank, role in enumerate(ROLES)}


def list_class(code: str) -> str:
    """The class of a list; an unknown list counts as a blacklist."""
    known = LISTS_BY_CODE.get(code)
    return known.cls if known else "blacklist"


@cache
def _spellings(name: str) -> dict[str, str]:
    return {
        fold(spelling): code.code
        for code in CODE_LISTS[name]
        for spelling in (code.code, code.zh, code.en, *code.also)
    }


@cache
def _list_spellings() -> dict[str, str]:
    return {
        fold(spelling): entry.code
        for entry in LISTS
        for spelling in (entry.code, entry.en, *entry.also)
    }


def code_of(name: str, text: str) -> str | None:
    """The code of ``text`` in the code list ``name``, or None when the list does not know it."""
    return _spellings(name).get(fold(text))


def list_code(text: str) -> str | None:
    """The code of a list of records by any of its spellings, or None."""
    return _list_spellings().get(fold(text))


def label(name: str, code: str, lang: str) -> str:
    """The label of a code in ``zh`` or ``en``; the code itself when unknown."""
    for entry in CODE_LISTS[name]:
        if entry.code == code:
            return entry.zh if lang == "zh" else entry.en
    return code


def list_label(code: str, lang: str) -> str:
    """The name of a list in ``zh`` or ``en``; the code itself when unknown."""
    known = LISTS_BY_CODE.get(code)
    return known.en if known and lang == "en" else code
