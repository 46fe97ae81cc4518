"""Sheets that load with no mapping: headers, names, 双公示 penalties, registry extracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.schema import TABLE_LIST, table_columns
from loaders.headers import read_header, table_of_name
from loaders.templates import find_header, recognise
from tests.loaders.support import ID_NUMBER, USCC, Parsed, write_csv


def _tables(header: list[str], *names: str) -> list[str]:
    return [plan.table for plan in recognise([read_header(h) for h in header], names, False)]


@pytest.mark.parametrize("table", TABLE_LIST, ids=lambda table: str(table.name))
def test_every_table_is_known_by_its_names_and_either_headers(table: object) -> None:
    from graph_service.schema import Table

    assert isinstance(table, Table)
    columns = [column for column in table_columns(table) if column.name != "source_file"]
    english = [column.name for column in columns]
    for name in (table.name, *table.files):
        assert table_of_name(name) == table.name
        assert _tables(english, name)[0] == table.name
    own = [column.zh[0] for column in table.columns]
    assert _tables(own, table.name)[0] == table.name


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("股东信息_20260101", "shareholders"),
        ("enterprises-2026", "enterprises"),
        ("企业信息表", "enterprises"),
        ("黑名单(2026年)", "sanctions"),
        ("legal_representatives", "legal_representatives"),
        ("杂项", None),
    ],
)
def test_table_of_name(name: str, table: str | None) -> None:
    assert table_of_name(name) == table


@pytest.mark.parametrize(
    ("header", "tables"),
    [
        (["企业编号", "姓名", "职务"], ["executives"]),
        (["编号", "姓名", "身份证号"], ["persons"]),
        (["企业名称", "股东名称", "持股比例（%）"], ["shareholders"]),
        (["统一社会信用代码", "企业名称", "法定代表人"], ["enterprises", "legal_representatives"]),
        (["统一社会信用代码", "企业名称", "成立日期", "股东名称", "持股比例"],
         ["enterprises", "shareholders"]),
        (["企业名称", "姓名", "职务", "联系电话"], ["executives"]),
        (["主体名称", "名单", "列入日期"], ["sanctions"]),
        (["id", "name"], []),
        (["a", "b"], []),
    ],
)  # fmt: skip
def test_headers_alone(header: list[str], tables: list[str]) -> None:
    assert _tables(header, "资料") == tables


def test_a_named_table_without_a_required_column_is_read_and_refused_row_by_row(
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / "executives.csv", [["enterprise", "person"], ["E1", "P1"]])
    assert Parsed([path]).rules == ["missing_required"]


def test_the_header_is_found_below_titles() -> None:
    rows = [(1, ["企业名录", ""]), (2, ["", ""]), (3, ["企业编号", "企业名称"])]
    found = find_header(rows, ["企业"], False)
    assert found is not None
    assert found[0] == 2


_ZH = [
    *("行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)"),
    *("行政相对人代码_2(工商注册号)", "法定代表人", "证件类型", "证件号码", "行政处罚决定书文号"),
    *("违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容", "罚款金额（万元）"),
    *("处罚决定日期", "处罚有效期", "公示截止期", "处罚机关", "备注"),
]
_CF = [
    *("CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_FRDB", "CF_XDR_ZJLX"),
    *("CF_XDR_ZJHM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK"),
    *("CF_JDRQ", "CF_YXQ", "CF_GSJZQ", "CF_CFJG", "BZ"),
]
_PENALTIES = [
    [
        *("星河公司", "法人及非法人组织", USCC, "", "张三", "", "", "京罚〔2026〕1号", "其他"),
        *("无证经营", "某法第一条", "罚款", "罚款五万元", "5", "2026/1/2", "2029/1/2"),
        *("2026/7/2", "某局", ""),
    ],
    [
        *("李四", "自然人", "", "", "", "身份证", ID_NUMBER, "京罚〔2026〕2号", "其他", "超速"),
        *("某法", "警告", "警告", "", "2026/1/2", "", "2099/12/31", "某局", ""),
    ],
    [
        *("John", "自然人", "", "", "", "护照号", "E1234567", "京罚〔2026〕3号", "其他", "超速"),
        *("某法", "警告", "警告", "", "2026/1/2", "长期", "", "某局", ""),
    ],
]


@pytest.mark.parametrize("header", [_ZH, _CF], ids=["headers", "codes"])
def test_the_national_penalty_sheet(tmp_path: Path, header: list[str]) -> None:
    path = write_csv(tmp_path / "双公示.csv", [header, *_PENALTIES], "gb18030")
    parsed = Parsed([path])
    assert parsed.rules == []
    first, second, third = parsed.rows("sanctions")
    assert first == {
        "authority": "某局",
        "basis": "某法第一条",
        "decided": "2026-01-02",
        "document_no": "京罚〔2026〕1号",
        "fine_amount": "50000",
        "list": "行政处罚",
        "measures": "罚款五万元",
        "penalty_kind": "罚款",
        "reason": "无证经营",
        "subject": f"uscc:{USCC}",
        "subject_kind": "enterprise",
        "subject_name": "星河公司",
        "valid_until": "2029-01-02",
    }
    assert second["subject_pid"]
    assert second["valid_until"] == "2099-12-31"
    assert second["subject_kind"] == "person"
    assert "subject_pid" not in third  # a passport is no citizen's number


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("统一社会信用代码", ["违法行为类型", "违法事实"]),
        ("行政相对人代码_1 (统一社会信用代码)", ["违法行为类型", "违法事实"]),
        ("CF_XDR_SHXYM", ["CF_WFXW", "CF_WFSS"]),
    ],
)
def test_every_edition_of_the_penalty_sheet_gives_the_code_and_the_facts(
    tmp_path: Path, code: str, facts: list[str]
) -> None:
    header = ["行政相对人名称", code, "行政处罚决定书文号", *facts, "处罚决定日期"]
    rows = [
        ["星河公司", USCC, "京罚1号", "其他", "无证经营", "2026/1/2"],
        ["星河公司", USCC, "京罚2号", "其他", "", "2026/1/2"],
    ]
    parsed = Parsed([write_csv(tmp_path / "a.csv", [header, *rows])])
    found = list(parsed.rows("sanctions"))
    assert [row["subject"] for row in found] == [f"uscc:{USCC}"] * 2
    assert [row["reason"] for row in found] == ["无证经营", "其他"]
    assert parsed.counts["ignored"] == {}


def test_a_bad_code_in_the_penalty_sheet_is_a_bad_code(tmp_path: Path) -> None:
    row = [cell.replace(USCC, USCC[:17] + "1") for cell in _PENALTIES[0]]
    assert Parsed([write_csv(tmp_path / "a.csv", [_ZH, row])]).rules == ["bad_uscc"]


def test_a_registry_extract_feeds_several_tables(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "登记信息.csv",
        [
            ["注册号", "统一社会信用代码", "企业名称", "法定代表人", "法定代表人证件号码",
             "成立日期", "股东名称", "持股比例(%)", "认缴出资额(万元)", "联系电话"],
            ["110", USCC, "星河公司", "张三", ID_NUMBER, "2020年1月1日", "李四", "60", "30", "1"],
            ["111", "", "月河公司", "", "", "20200102", "", "", "", ""],
        ],
    )  # fmt: skip
    parsed = Parsed([path])
    assert parsed.counts["read"] == {
        "enterprises": 2,
        "legal_representatives": 1,
        "shareholders": 1,
    }
    assert parsed.rules == []
    (boss,) = parsed.rows("legal_representatives")
    assert boss["enterprise"] == f"uscc:{USCC}"
    assert boss["person_name"] == "张三"
    (stake,) = parsed.rows("shareholders")
    assert (stake["share"], stake["amount"]) == ("0.6", "300000")
    assert [row["id"] for row in parsed.rows("enterprises")] == ["110", "111"]
    assert parsed.counts["ignored"] == {}


def test_a_code_header_in_shareholders_is_the_enterprise(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "股东.csv",
        [["统一社会信用代码", "股东名称", "持股比例"], [USCC, "张三", "0.5"],
         [USCC[:17] + "1", "张三", "0.5"]],
    )  # fmt: skip
    parsed = Parsed([path])
    assert [row["enterprise"] for row in parsed.rows("shareholders")] == [f"uscc:{USCC}"]
    assert parsed.rules == ["bad_uscc"]


def test_of_two_columns_for_one_field_the_code_comes_first(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "股东.csv",
        [["企业编号", "企业统一社会信用代码", "股东名称"], ["E1", USCC, "张三"],
         ["E2", "", "李四"]],
    )  # fmt: skip
    rows = Parsed([path]).rows("shareholders")
    assert [row["enterprise"] for row in rows] == [f"uscc:{USCC}", "E2"]
