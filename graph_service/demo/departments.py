"""Six departments write down what they know of the city, each in its own format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph_service.demo.names import REGION
from graph_service.demo.people import DATA_DAY, City, Firm, Human, Listing, Stake
from graph_service.demo.sheets import Row, write_book, write_csv

REGISTRY, COURT, CIVIL, SAFETY, ASSETS, CREDIT = (
    "市场监管局",
    "人民法院",
    "民政局",
    "应急管理局",
    "国资委",
    "信用办",
)
DEPARTMENTS = (REGISTRY, COURT, CIVIL, SAFETY, ASSETS, CREDIT)
_OLD_DATA = "2026-03-31"  # the assets office sends its figures once a quarter


def write_departments(city: City, directory: Path) -> tuple[tuple[str, Path], ...]:
    """Write each department's files into a folder of its name; gives (source, folder) pairs."""
    folders = {name: directory / name for name in DEPARTMENTS}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    _registry(city, folders[REGISTRY])
    _court(city, folders[COURT])
    _civil(city, folders[CIVIL])
    _safety(city, folders[SAFETY])
    _assets(city, folders[ASSETS])
    _credit(city, folders[CREDIT])
    return tuple(folders.items())


def _registry(city: City, folder: Path) -> None:
    write_csv(
        folder / "登记信息.csv",
        (
            *("统一社会信用代码", "企业名称", "企业类型", "登记状态", "法定代表人"),
            *("法定代表人证件号码", "注册资本", "成立日期", "注销日期", "行政区划", "住所"),
            *("联系电话", "数据日期", "数据来源"),
        ),
        (_wide(firm) for firm in city.firms),
    )
    write_csv(
        folder / "股东.csv",
        _SHAREHOLDERS,
        (_stake(stake, stake.firm.code, DATA_DAY.isoformat(), REGISTRY) for stake in city.stakes),
        encoding="gb18030",
    )
    posts = sorted(city.posts, key=lambda post: (post.firm.code, post.since, post.human.local))
    write_book(
        folder / "主要人员.xlsx",
        ("示例市市场主体主要人员名录", f"制表单位：{REGISTRY}　　数据日期：{DATA_DAY}"),
        (
            *("统一社会信用代码", "企业名称", "姓名", "证件号码", "职务"),
            *("任职起始日期", "任职终止日期", "数据来源"),
        ),
        [
            (
                *(post.firm.code, post.firm.name, post.human.name, post.human.id_number),
                *(post.title, f"{post.since:%Y/%m/%d}"),
                f"{post.until:%Y/%m/%d}" if post.until else None,
                REGISTRY,
            )
            for post in posts
        ],
        merge=2,
    )


def _wide(firm: Firm) -> Row:
    return (
        *(firm.code, firm.name, "有限责任公司", firm.status, firm.rep.name, firm.rep.id_number),
        f"{firm.capital}万元人民币",
        f"{firm.established.year}年{firm.established.month}月{firm.established.day}日",
        *(firm.dissolved, REGION, firm.address, firm.phone, DATA_DAY, REGISTRY),
    )


_SHAREHOLDERS = (
    *("企业统一社会信用代码", "股东名称", "股东类型", "股东统一社会信用代码", "股东证件号码"),
    *("持股比例", "起始日期", "数据日期", "数据来源"),
)


def _stake(stake: Stake, enterprise: str, record_date: str, source: str) -> Row:
    who = stake.holder
    person = isinstance(who, Human)
    return (
        *(enterprise, who.name, "自然人股东" if person else "企业法人"),
        *("" if isinstance(who, Human) else who.code, _id_number(who)),
        *(stake.share, f"{stake.since:%Y%m%d}", record_date, source),
    )


def _id_number(who: Human | Firm) -> str:
    return who.id_number if isinstance(who, Human) else ""


_RECORDS = (
    *("记录编号", "主体名称", "主体类型", "主体统一社会信用代码", "证件号码", "名单"),
    *("是否列入", "文书号", "认定机关", "事由", "列入日期", "截止日期", "状态", "失效日期"),
    *("数据日期", "数据来源"),
)


def _records(listings: Iterable[Listing], authority: str, source: str) -> list[Row]:
    return [
        (
            *(record.number, record.subject.name),
            "个人" if isinstance(record.subject, Human) else "企业",
            "" if isinstance(record.subject, Human) else record.subject.code,
            *(_id_number(record.subject), record.list, record.label, record.document),
            *(authority, record.reason, record.listed, record.until, record.status),
            *(record.ended, DATA_DAY, source),
        )
        for record in listings
    ]


def _court(city: City, folder: Path) -> None:
    write_csv(folder / "失信名单.csv", _RECORDS, _records(city.court, "示例市中级人民法院", COURT))


def _civil(city: City, folder: Path) -> None:
    write_csv(
        folder / "人员.csv",
        ("人员编号", "姓名", "证件号码", "出生日期", "性别", "数据来源"),
        (
            (
                *(who.local, who.name, who.id_number, who.born),
                *("男" if int(who.id_number[16]) % 2 else "女", CIVIL),
            )
            for who in city.humans
        ),
    )
    write_csv(
        folder / "亲属.csv",
        ("人员", "亲属", "亲属关系", "数据来源"),
        ((one.local, other.local, kin, CIVIL) for one, other, kin in city.kin),
    )


_PENALTY = (
    *("行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)"),
    *("行政相对人代码_2(工商注册号)", "法定代表人", "行政处罚决定书文号", "违法行为类型"),
    *("违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额(万元)", "处罚决定日期"),
    *("处罚有效期", "公示截止期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位"),
    *("数据来源单位统一社会信用代码", "备注"),
)
_OFFICE_CODE = "11159999000000019F"


def _safety(city: City, folder: Path) -> None:
    rows = [_penalty(record) for record in city.penalties]
    write_book(folder / "行政处罚.xlsx", ("示例市行政处罚信息公示表",), _PENALTY, rows)


def _penalty(record: Listing) -> Row:
    firm = record.subject
    assert isinstance(firm, Firm)  # noqa: S101  - the safety office punishes companies only
    fine = (int(record.number[1:]) % 9) * 0.5
    return (
        *(firm.name, "法人及非法人组织", firm.code, "", firm.rep.name, record.document),
        *("违反安全生产管理规定", record.reason, "《安全生产法》第九十七条"),
        "罚款" if fine else "警告",
        f"罚款{fine}万元" if fine else "警告",
        fine or None,
        *(f"{record.listed:%Y/%m/%d}", f"{record.until:%Y/%m/%d}", f"{record.until:%Y/%m/%d}"),
        *(SAFETY, _OFFICE_CODE, SAFETY, _OFFICE_CODE, None),
    )


def _assets(city: City, folder: Path) -> None:
    unnamed = {local for local, _ in city.same}
    write_csv(
        folder / "企业.csv",
        ("企业编号", "统一社会信用代码", "企业名称", "成立日期", "数据日期", "数据来源"),
        [
            (local, code, firm.name + suffix, firm.established, _OLD_DATA, ASSETS)
            for local, firm in city.state_firms
            for code, suffix in [
                ("", "（国资）") if f"{ASSETS}:{local}" in unnamed else (firm.code, "")
            ]
        ]
        + [(local, *rest, _OLD_DATA, ASSETS) for local, *rest in _BROKEN_FIRMS],
    )
    locals_of = {firm.code: local for local, firm in city.state_firms}
    rows = [
        _stake(stake, locals_of[stake.firm.code], _OLD_DATA, ASSETS) for stake in city.state_stakes
    ]
    write_csv(
        folder / "出资信息.csv",
        ("企业编号", *_SHAREHOLDERS[1:]),
        rows + [_broken(row, index) for index, row in enumerate(rows[2 : 2 + len(_FAULTS)])],
    )


_BROKEN_FIRMS = (
    ("G9001", "91159999MA0000000X", "示例市坏码商贸有限公司", "2011-01-01"),  # check character
    ("G9002", "", "示例市坏日商贸有限公司", "2021-02-30"),
    ("G9003", "", "", "2011-01-01"),
)
# Each fault: the column it breaks and what stands there, in the order of the rules' names.
_FAULTS: tuple[tuple[int, str], ...] = (
    (0, "G7777"),  # dangling_reference
    (3, "91159999MA0000000X"),  # a holder that is neither a valid code nor a known id
    (4, "190001199002301234"),  # bad_id_number: 30 February
    (5, "135%"),  # bad_share
    (6, "2020-13-01"),  # bad_date
    (1, ""),  # missing_required, with the holder's numbers left out too
)


def _broken(row: Row, index: int) -> Row:
    column, value = _FAULTS[index]
    cells = list(row)
    if column in (1, 3):  # an ID number would tell the holder all the same
        cells[3] = cells[4] = ""
    cells[column] = value
    return tuple(cells)


def _credit(city: City, folder: Path) -> None:
    write_csv(
        folder / "同一主体.csv",
        ("主体", "同一主体", "复核人", "数据来源"),
        ((one, other, "复核员甲", CREDIT) for one, other in city.same),
    )
    write_csv(folder / "红名单.csv", _RECORDS, _records(city.honours, "示例市税务局", CREDIT))
    write_csv(folder / "黑名单.csv", _RECORDS, _records(city.credit, "示例市信用办", CREDIT))
    write_csv(
        folder / "联系方式.csv",
        ("主体", "联系方式类型", "联系方式", "数据来源"),
        ((firm.code, kind, value, CREDIT) for firm, kind, value in city.contacts),
    )
