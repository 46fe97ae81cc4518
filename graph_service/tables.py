"""The canonical tables: their columns, headers and names, declared once.

Header recognition, checks, exports and ``docs/data-formats.md`` come from here. Everybody reads
them through ``graph_service.schema``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ValueKind = Literal[
    "text", "date", "birth", "share", "amount", "yes_no", "code", "id_number", "uscc", "ref", "name"
]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a canonical table. ``zh``: Chinese headers, the first is the label."""

    name: str
    value: ValueKind
    zh: tuple[str, ...]
    required: bool = False
    also: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header under which the column is known."""
        return (self.name, *self.zh, *self.also)


@dataclass(frozen=True, slots=True)
class Table:
    """A canonical table. ``relation``: the type each of its rows states, if it states one.

    ``one_of``: groups of columns of which each row needs at least one.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    relation: str | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    files: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)


_C = Column
COMMON = (
    _C("source", "text", ("来源", "数据来源", "来源单位")),
    _C("since", "date", ("起始日期", "任职起始日期", "生效日期", "开始日期")),
    _C("until", "date", ("终止日期", "任职终止日期", "失效日期", "结束日期")),
    _C("ended", "yes_no", ("是否已终止", "已终止")),
    _C("record_date", "date", ("数据日期", "更新日期", "数据更新日期")),
    _C("source_file", "text", ("来源文件",)),
    _C("source_row", "text", ("来源行号",)),
)
_ENTERPRISE = (
    _C(
        "enterprise",
        "ref",
        ("企业", "企业统一社会信用代码", "统一社会信用代码", "企业编号", "公司编号"),
    ),
    _C("enterprise_name", "name", ("企业名称", "公司名称", "单位名称", "机构名称")),
)
_PERSON = (
    _C("person", "ref", ("人员编号", "个人编号")),
    _C("person_name", "name", ("姓名", "人员姓名")),
    _C("person_id_number", "id_number", ("证件号码", "身份证号", "身份证号码", "居民身份证号")),
)
_PERSON_REQUIRED = (
    ("enterprise", "enterprise_name"),
    ("person", "person_name", "person_id_number"),
)

TABLE_LIST: tuple[Table, ...] = (
    Table(
        "enterprises",
        "企业",
        "Enterprises",
        (
            _C("id", "ref", ("编号", "企业编号", "主体编号", "注册号")),
            _C(
                "uscc",
                "uscc",
                ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码"),
                also=("credit_code",),
            ),
            _C("name", "name", ("企业名称", "公司名称", "单位名称", "机构名称", "名称"), True),
            _C("former_names", "text", ("曾用名", "企业曾用名")),
            _C("type", "code", ("企业类型", "公司类型", "市场主体类型", "类型")),
            _C("nature", "code", ("企业性质", "经济性质", "所有制")),
            _C("securities_code", "text", ("证券代码", "股票代码")),
            _C("status", "code", ("登记状态", "经营状态", "企业状态")),
            _C("status_date", "date", ("状态日期", "登记状态日期", "吊销日期")),
            _C("established", "date", ("成立日期", "设立日期", "注册日期")),
            _C("dissolved", "date", ("注销日期",)),
            _C("capital", "amount", ("注册资本", "注册资金")),
            _C("region", "text", ("行政区划", "行政区划代码", "所属地区", "地区")),
            _C("industry", "text", ("行业", "行业代码", "所属行业")),
            _C("address", "text", ("住所", "地址", "注册地址", "经营场所")),
            _C("phone", "text", ("联系电话", "电话")),
            _C("email", "text", ("电子邮箱", "邮箱")),
        ),
        files=("companies", "企业", "企业信息", "企业基本信息", "公司"),
    ),
    Table(
        "persons",
        "个人",
        "Persons",
        (
            _C("id", "ref", ("编号", "人员编号", "个人编号")),
            _C("name", "name", ("姓名", "人员姓名"), True),
            _C(
                "id_number",
                "id_number",
                ("证件号码", "身份证号", "身份证号码", "居民身份证号"),
            ),
            _C("birth_date", "birth", ("出生日期",)),
            _C("gender", "text", ("性别",)),
            _C("nationality", "text", ("国籍",)),
        ),
        one_of=(("id", "id_number"),),
        files=("people", "个人", "人员", "自然人"),
    ),
    Table(
        "legal_representatives",
        "法定代表人",
        "Legal representatives",
        (
            *_ENTERPRISE,
            _C("person", "ref", ("法定代表人编号", "人员编号")),
            _C("person_name", "name", ("法定代表人", "法定代表人姓名", "负责人", "执行事务合伙人")),
            _C("person_kind", "code", ("法定代表人类型",)),
            _C(
                "person_id_number",
                "id_number",
                ("证件号码", "法定代表人证件号码", "法定代表人身份证号", "身份证号"),
            ),
            _C("title", "text", ("职务", "身份")),
        ),
        "LEGAL_REPRESENTATIVE_OF",
        _PERSON_REQUIRED,
        ("法定代表人", "法人代表", "负责人"),
    ),
    Table(
        "shareholders",
        "股东",
        "Shareholders",
        (
            *_ENTERPRISE,
            _C("holder", "ref", ("股东编号", "股东统一社会信用代码", "股东证照号码")),
            _C("holder_name", "name", ("股东名称", "股东", "股东姓名", "投资人", "出资人")),
            _C("holder_kind", "code", ("股东类型",)),
            _C(
                "holder_id_number",
                "id_number",
                ("股东证件号码", "股东身份证号", "证件号码", "身份证号"),
            ),
            _C("share", "share", ("持股比例", "出资比例", "股权比例", "持股比例(%)")),
            _C("votes", "share", ("表决权比例", "投票权比例")),
            _C("amount", "amount", ("认缴出资额", "出资额", "认缴额")),
            _C("nominee_for", "ref", ("代持人", "实际出资人", "被代持人")),
        ),
        "SHAREHOLDER_OF",
        (("enterprise", "enterprise_name"), ("holder", "holder_name", "holder_id_number")),
        ("股东", "股东信息", "出资信息", "holders"),
    ),
    Table(
        "executives",
        "董监高",
        "Directors, supervisors and senior managers",
        (*_ENTERPRISE, *_PERSON, _C("role", "code", ("职务", "职位", "任职"), True)),
        "EXECUTIVE_OF",
        _PERSON_REQUIRED,
        ("董监高", "高管", "主要人员", "任职信息", "directors"),
    ),
    Table(
        "employments",
        "雇员",
        "Staff",
        (*_ENTERPRISE, *_PERSON, _C("role", "text", ("岗位", "职务"))),
        "EMPLOYED_BY",
        _PERSON_REQUIRED,
        ("雇员", "员工", "社保参保"),
    ),
    Table(
        "controllers",
        "实际控制人",
        "Declared controllers",
        (
            *_ENTERPRISE,
            _C("controller", "ref", ("实际控制人编号", "实际控制人")),
            _C("controller_name", "name", ("实际控制人名称", "实际控制人姓名")),
            _C("controller_kind", "code", ("实际控制人类型",)),
            _C("controller_id_number", "id_number", ("实际控制人证件号码", "证件号码")),
            _C("basis", "text", ("控制依据", "控制方式")),
        ),
        "CONTROLS",
        (
            ("enterprise", "enterprise_name"),
            ("controller", "controller_name", "controller_id_number"),
        ),
        ("实际控制人",),
    ),
    Table(
        "branches",
        "分支机构",
        "Branches",
        (
            _C("branch", "ref", ("分支机构", "分支机构编号"), True),
            _C("enterprise", "ref", ("企业", "所属企业", "隶属企业"), True),
        ),
        "BRANCH_OF",
        files=("分支机构",),
    ),
    Table(
        "successors",
        "承继",
        "Successors",
        (
            _C("predecessor", "ref", ("前身", "被承继企业"), True),
            _C("successor", "ref", ("承继企业", "后身"), True),
        ),
        "SUCCESSOR_OF",
        files=("承继",),
    ),
    Table(
        "guarantees",
        "担保",
        "Guarantees",
        (
            _C("guarantor", "ref", ("担保人", "担保方"), True),
            _C("debtor", "ref", ("被担保人", "被担保方"), True),
            _C("amount", "amount", ("担保金额",)),
        ),
        "GUARANTEES",
        files=("担保",),
    ),
    Table(
        "relatives",
        "亲属",
        "Relatives",
        (
            _C("person", "ref", ("人员", "人员编号"), True),
            _C("relative", "ref", ("亲属", "亲属编号"), True),
            _C("kin", "code", ("亲属关系", "关系", "与本人关系")),
        ),
        "RELATIVE_OF",
        files=("亲属",),
    ),
    Table(
        "concerts",
        "一致行动",
        "Parties acting in concert",
        (
            _C("party", "ref", ("主体",), True),
            _C("other", "ref", ("一致行动人",), True),
            _C("agreement", "text", ("协议",)),
        ),
        "CONCERT_WITH",
        files=("一致行动", "一致行动人"),
    ),
    Table(
        "same_as",
        "同一主体",
        "Same parties",
        (
            _C("party", "ref", ("主体",), True),
            _C("same", "ref", ("同一主体", "相同主体"), True),
            _C("reviewer", "text", ("复核人", "审核人")),
            _C("score", "text", ("相似度", "得分")),
        ),
        "SAME_AS",
        files=("同一主体",),
    ),
    Table(
        "contacts",
        "联系方式",
        "Contacts",
        (
            _C("party", "ref", ("主体", "主体编号"), True),
            _C("kind", "code", ("联系方式类型", "类型"), True),
            _C("value", "text", ("联系方式", "值", "内容"), True),
        ),
        "HAS_CONTACT",
        files=("联系方式",),
    ),
)

_RECORD_COLUMNS = (
    _C("id", "text", ("记录编号", "编号")),
    _C(
        "subject",
        "ref",
        ("主体编号", "统一社会信用代码", "行政相对人代码", "主体统一社会信用代码"),
    ),
    _C("subject_name", "name", ("主体名称", "行政相对人名称", "企业名称", "姓名", "名称")),
    _C("subject_kind", "code", ("主体类型", "主体类别", "行政相对人类别")),
    _C("subject_id_number", "id_number", ("证件号码", "身份证号", "主体证件号码")),
    _C("list", "code", ("名单", "名单类型", "名单名称", "记录类型"), True),
    _C("label", "yes_no", ("是否列入",)),
    _C("document_no", "text", ("文书号", "决定书文号", "案号")),
    _C("authority", "text", ("认定机关", "决定机关", "列入机关", "执行法院", "处罚机关")),
    _C("basis", "text", ("依据", "法律依据", "处罚依据")),
    _C("reason", "text", ("事由", "列入事由", "列入原因", "违法事实")),
    _C("measures", "text", ("惩戒措施", "措施")),
    _C("penalty_kind", "text", ("处罚类别", "处罚种类")),
    _C("fine_amount", "amount", ("罚款金额",)),
    _C("personally_responsible", "yes_no", ("是否负有个人责任", "个人责任")),
    _C("disclosure", "code", ("公开级别", "公开类型", "公示级别")),
    _C("decided", "date", ("决定日期", "认定日期", "处罚决定日期")),
    _C("listed", "date", ("列入日期",)),
    _C("valid_until", "date", ("截止日期", "有效期", "有效期至", "列入截止日期")),
    _C("status", "code", ("状态", "记录状态", "名单状态")),
)
_RECORD_NEEDS = (("subject", "subject_name", "subject_id_number"),)

TABLE_LIST += (
    Table(
        "sanctions",
        "失信/处罚记录",
        "Sanction records",
        _RECORD_COLUMNS,
        "SUBJECT_OF",
        _RECORD_NEEDS,
        ("失信", "失信名单", "黑名单", "失信记录", "blacklist"),
    ),
    Table(
        "honours",
        "守信记录",
        "Honour records",
        _RECORD_COLUMNS,
        "SUBJECT_OF",
        _RECORD_NEEDS,
        ("守信", "红名单", "守信记录"),
    ),
    Table(
        "tenders",
        "招标项目",
        "Tenders",
        (
            _C("id", "ref", ("项目编号", "招标编号"), True),
            _C("name", "name", ("项目名称",)),
            _C("lot", "text", ("标段", "包号")),
            _C("buyer", "ref", ("采购人", "招标人")),
            _C("method", "text", ("采购方式", "招标方式")),
            _C("regime", "code", ("适用法律",)),
            _C("announced", "date", ("公告日期",)),
            _C("opened", "date", ("开标日期",)),
            _C("designer", "ref", ("设计单位",)),
            _C("supervisor", "ref", ("监理单位",)),
        ),
        files=("招标项目",),
    ),
    Table(
        "bids",
        "投标",
        "Bids",
        (
            _C("tender", "ref", ("项目编号", "招标编号")),
            _C("lot", "text", ("标段", "包号", "标段号", "标段编号", "分包号")),
            _C("bidder", "ref", ("投标人", "供应商", "投标单位", "投标人编号", "供应商编号"), True),
            _C("name", "name", ("投标人名称", "供应商名称", "投标单位名称")),
            _C("uscc", "uscc", ("统一社会信用代码", "投标人统一社会信用代码")),
            _C("price", "amount", ("报价", "投标报价", "投标总价", "响应报价", "报价金额")),
            _C("currency", "text", ("币种",)),
            _C("status", "text", ("投标状态",)),
            _C("submitted", "text", ("提交时间", "递交时间")),
            _C("agent", "text", ("代理人", "委托代理人", "授权代表", "被授权人")),
            _C("preparer", "text", ("编制人", "文件编制人", "投标文件编制人", "编制单位")),
            _C("project_manager", "text", ("项目经理", "项目负责人", "拟派项目经理")),
            _C("deposit_account", "text", ("保证金账户", "保证金账号", "保证金转出账户")),
            _C("device", "text", ("设备指纹", "设备特征码", "MAC地址", "机器码")),
            _C("address", "text", ("地址",)),
            _C("phone", "text", ("联系电话", "电话")),
            _C("consortium", "text", ("联合体", "联合体名称", "联合体编号")),
        ),
        "BID_IN",
        files=("投标", "投标人名单"),
    ),
    Table(
        "reviewers",
        "评审人员",
        "Reviewers",
        (
            _C("tender", "ref", ("项目编号", "招标编号"), True),
            *_PERSON,
        ),
        "REVIEWS",
        (("person", "person_name", "person_id_number"),),
        ("评审专家", "评标委员会", "评审人员"),
    ),
)
