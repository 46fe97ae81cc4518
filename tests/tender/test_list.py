"""Bidder lists from files and bodies: headers, formats, hostile workbooks."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from graph_service.bids import BidderList
from graph_service.errors import InputRefused, UsageError
from graph_service.settings import Settings
from loaders.bidder_list import bidders_of_document, read_bidders
from tests.support.facts import KEY
from tests.support.numbers import citizen


def _read(path: Path) -> BidderList:
    return read_bidders(path, Settings(), KEY)


def _book(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_chinese_headers_with_a_unit_below_a_title(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    lines = (
        "某项目投标人名单",
        "投标人名称,标段号,投标报价(万元),委托代理人,保证金账号",
        "䶮建设有限公司,一,12.5,李强,6222",
        "合计,,12.5,,",
    )
    text = "\n".join(lines)
    path.write_text(text, "gb18030")
    (bid,) = _read(path).bids
    assert (bid.row, bid.name, bid.lot) == (3, "䶮建设有限公司", "一")
    assert (bid.price, bid.currency) == (Decimal(125000), "CNY")
    assert (bid.agent, bid.deposit_account) == ("李强", "6222")


def test_a_workbook_with_the_tender_and_its_reviewers(tmp_path: Path) -> None:
    path = _book(
        tmp_path / "x.xlsx",
        投标人=[["投标人", "标段", "报价"], ["𠮷建设", "1", 100.5], ["乙", "1", "USD 7"]],
        招标项目=[
            ["项目编号", "采购人", "适用法律", "公告日期"],
            ["T1", "某局", "政府采购", "2026-01-02"],
        ],
        评审人员=[["项目编号", "姓名", "证件号码"], ["T1", "王伟", citizen(3)]],
    )
    found = _read(path)
    assert [one.price for one in found.bids] == [Decimal("100.5"), Decimal(7)]
    assert found.bids[1].currency == "USD"
    (tender,) = found.tenders
    assert tender.regime == "government_procurement"
    assert [one.text for one in tender.buyers] == ["某局"]
    assert tender.reviewers[0].pid.startswith("pid:")
    assert citizen(3) not in repr(found)


def test_a_number_that_lost_digits_is_no_account(tmp_path: Path) -> None:
    path = _book(
        tmp_path / "x.xlsx",
        投标人=[["投标人", "保证金账户"], ["甲", 6222021234567890123], ["乙", 6222021234567890177]],
    )
    for bid in _read(path).bids:
        assert (bid.deposit_account, bid.notes) == ("", ("float_id",))


def test_json_body_json_lines_and_lists_of_names(tmp_path: Path) -> None:
    body = {
        "tender": {"id": "T", "regime": "bidding_law"},
        "bidders": [{"bidder": "甲", "price": 1.5}],
    }
    found = bidders_of_document(body, KEY)
    assert (found.bids[0].price, found.tenders[0].regime) == (Decimal("1.5"), "bidding_law")
    lines = tmp_path / "x.jsonl"
    lines.write_text('{"bidder": "甲"}\n{"投标人": "乙", "报价": 12345678901234567890}\n', "utf-8")
    assert [one.bidder for one in _read(lines).bids] == ["甲", "乙"]
    assert [b.bidder for b in bidders_of_document(["甲", "乙"], KEY).bids] == ["甲", "乙"]


@pytest.mark.parametrize(
    "body", [{}, {"bidders": {}}, [], {"bidders": []}, {"bidders": [{"x": 1}]}, 7]
)
def test_a_body_without_bidders_is_refused(body: object) -> None:
    with pytest.raises(UsageError):
        bidders_of_document(body, KEY)


def test_duplicate_headers_take_the_first(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", a=[["投标人", "投标人", "报价"], ["甲", "乙", 1]])
    assert _read(path).bids[0].bidder == "甲"


def test_merged_cells_are_read_as_what_they_show(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["投标人", "标段"], ["甲", "一"], ["乙", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    book.save(tmp_path / "x.xlsx")
    assert [one.lot for one in _read(tmp_path / "x.xlsx").bids] == ["一", "一"]


def test_each_sheet_of_bidders_is_a_lot_and_rows_are_numbered_on(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "一标段": [["投标人", "报价"], ["甲", 1], ["乙", 2]],
        "说明": [["请勿修改"]],
        "二标段": [["投标人", "报价"], ["甲", 3]],
    }
    found = _read(_book(tmp_path / "x.xlsx", **sheets)).bids
    assert [(one.row, one.lot, one.bidder) for one in found] == [
        (2, "一标段", "甲"),
        (3, "一标段", "乙"),
        (5, "二标段", "甲"),
    ]


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x","点")', "<script>alert(1)</script>", "@SUM(A1)"]
)
def test_live_text_stays_text(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([{"bidder": name}]), "utf-8")
    assert _read(path).bids[0].bidder == name


def test_a_workbook_with_formulas_and_macros_is_read_as_what_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsm"
    _book(path, 名单=[["投标人", "报价"], ["甲", "=1+1"], ['=HYPERLINK("http://x","乙")', 3]])
    found = _read(path).bids
    assert [(one.bidder, one.price) for one in found] == [("甲", None), ("", Decimal(3))]


def test_five_thousand_columns_of_a_workbook_are_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "x.xlsx", 名单=[["投标人", *map(str, range(5_000))]])
    with pytest.raises(InputRefused, match="columns"):
        _read(path)


def test_fifty_thousand_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("投标人" + ",甲" * 50_000 + "\n", "utf-8")
    with pytest.raises(InputRefused, match="columns"):
        _read(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xlsx", b"PK\x03\x04 no workbook"),
        ("x.json", b'{"bidders": '),
        ("x.json", b"[" * 5_000),
        ("x.json", b'[{"bidder": "\\ud800"}]'),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputRefused, match=name):
        _read(tmp_path / name)


def test_a_file_without_bidders_says_which_column_to_name(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError, match=r"x\.csv names no bidder"):
        _read(tmp_path / "x.csv")
