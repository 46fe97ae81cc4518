"""Dates, shares, amounts and yes/no in the many forms that files write them in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.model import SHARE_SCALE
from loaders.values import (
    NO_SHARE,
    OPEN,
    parse_amount,
    parse_birth,
    parse_day,
    parse_share,
    parse_yes_no,
    plain_decimal,
)

DAY = date(2020, 1, 31).toordinal()


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-31",
        "2020/1/31",
        "2020.01.31",
        "20200131",
        "2020年1月31日",
        "2020 年 1 月 31 日",
        "２０２０－０１－３１",
        "二〇二〇年一月三十一日",
        "43861",
        "43861.5",
        "2020-01-31 14:17:46.418",
        "2020-01-31T00:00:00Z",
        "2020/1/31 0:00",
        "2020年1月31日 12时30分",
        "20200131120000",
        "31 Jan 2020",
        " 2020-01-31　",
    ],
)
def test_forms_of_one_day(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["长期", "永久", "长期有效", "9999-12-31", "99991231", "9999年12月31日", "99999999", "至今"],
)
def test_open_days(text: str) -> None:
    assert parse_day(text) == OPEN


@pytest.mark.parametrize(
    "text",
    [
        *("2020-02-30", "2020-13-01", "31/01/2020", "01/02/2020", "0001-01-01", "昨天", "12"),
        *("2020", "2020-01-31x", "二〇二〇年十三月一日", "-43861", "1e5"),
    ],
)
def test_no_days(text: str) -> None:
    assert parse_day(text) is None


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("1990", "1990"), ("1990年", "1990"), ("１９９０", "1990"), ("1990-2", "1990-02"),
        ("1990年2月", "1990-02"), ("1990.12", "1990-12"), ("1990/2/5", "1990-02-05"),
        ("19900205", "1990-02-05"), ("32909", "1990-02-05"), ("不详", ""),
        ("1990-13", None), ("0190", None), ("90", None), ("1990-02-30", None), ("二月", None),
    ],
)  # fmt: skip
def test_a_birth_date_is_as_precise_as_it_is_stated(text: str, birth: str | None) -> None:
    assert parse_birth(text) == birth


def test_a_month_is_its_first_day() -> None:
    assert parse_day("2020年1月") == parse_day("2020-01") == date(2020, 1, 1).toordinal()


@given(st.dates(date(1600, 1, 1), date(2999, 12, 31)))
def test_every_day_survives_every_usual_form(day: date) -> None:
    forms = ("{0:%Y}-{0:%m}-{0:%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日")
    assert {parse_day(form.format(day)) for form in forms} == {day.toordinal()}


def _bounds(text: str, percent: bool = False) -> tuple[Decimal, Decimal] | None:
    share = parse_share(text, percent)
    if share is None:
        return None
    return Decimal(share.low) / SHARE_SCALE, Decimal(share.high) / SHARE_SCALE


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("0.35", "0.35", "0.35"),
        ("35%", "0.35", "0.35"),
        ("35％", "0.35", "0.35"),
        ("３５％", "0.35", "0.35"),
        ("35.00 %", "0.35", "0.35"),
        ("百分之35", "0.35", "0.35"),
        ("1", "1", "1"),
        ("100%", "1", "1"),
        ("0", "0", "0"),
        ("0%", "0", "0"),
        ("25-50%", "0.25", "0.5"),
        ("25%-50%", "0.25", "0.5"),
        ("50%～67%", "0.5", "0.67"),
        ("25%至50%", "0.25", "0.5"),
        ("0.25-0.5", "0.25", "0.5"),
        ("≥50%", "0.5", "1"),
        ("50%以上", "0.5", "1"),
        ("不超过5%", "0", "0.05"),
        ("5e-3", "0.005", "0.005"),
    ],
)
def test_forms_of_shares(text: str, low: str, high: str) -> None:
    assert _bounds(text) == (Decimal(low), Decimal(high))


def test_open_ends_are_strict() -> None:
    half, twentieth = SHARE_SCALE // 2, SHARE_SCALE // 20
    more, less = parse_share(">50%"), parse_share("<5%")
    assert more is not None
    assert less is not None
    assert (more.low, more.high, more.text) == (half + 1, SHARE_SCALE, "(0.5,1]")
    assert (less.low, less.high, less.text) == (0, twentieth - 1, "[0,0.05)")


@pytest.mark.parametrize(
    "text", ["35", "1.01", "101%", "-5%", "三分之一", "50-25%", "25-50", "abc", "%", "1/3", "5%5%"]
)
def test_bad_shares(text: str) -> None:
    assert parse_share(text) is None


def test_a_stated_unit_makes_bare_numbers_per_cents() -> None:
    assert _bounds("35", percent=True) == (Decimal("0.35"), Decimal("0.35"))
    assert _bounds("0.5", percent=True) == (Decimal("0.005"), Decimal("0.005"))
    assert _bounds("25-50", percent=True) == (Decimal("0.25"), Decimal("0.5"))
    assert _bounds("35%", percent=True) == (Decimal("0.35"), Decimal("0.35"))
    assert _bounds("101", percent=True) is None


def test_an_unknown_share_is_not_zero() -> None:
    assert parse_share("未知") == NO_SHARE
    assert parse_share("0") != NO_SHARE


@given(st.decimals(0, 1, allow_nan=False, places=18))
def test_a_share_is_exact_and_its_text_gives_it_again(value: Decimal) -> None:
    share = parse_share(plain_decimal(value))
    assert share is not None
    assert share.low == share.high == int(value * SHARE_SCALE)
    assert parse_share(share.text) == share


@given(st.sampled_from(["<{}%", ">{}%", "≤{}%", "{}%以上", "0-{}%"]), st.integers(1, 99))
def test_the_text_of_bounds_gives_them_again(form: str, value: int) -> None:
    share = parse_share(form.format(value))
    assert share is not None
    assert parse_share(share.text) == share


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1000万元", "10000000"),
        ("1,000,000.50元", "1000000.5"),
        ("5亿", "500000000"),
        ("100万美元", "1000000 USD"),
        ("USD 100", "100 USD"),
        ("100 USD", "100 USD"),
        ("人民币1000万元", "10000000"),
        ("1000万元人民币", "10000000"),
        ("￥100", "100"),
        ("1E3", "1000"),
        ("-5", "-5"),
        ("暂无", ""),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["若干", "12人", "万元", "1-2万"])
def test_no_amounts(text: str) -> None:
    assert parse_amount(text) is None


def test_the_unit_of_a_header_counts_for_bare_numbers_only() -> None:
    assert parse_amount("3", "万元") == "30000"
    assert parse_amount("3元", "万元") == "3"


@given(st.decimals(0, 10**12, allow_nan=False, places=2), st.sampled_from(["", " USD"]))
def test_the_text_of_an_amount_gives_it_again(value: Decimal, currency: str) -> None:
    text = plain_decimal(value) + currency
    assert parse_amount(text) == text


def test_yes_and_no() -> None:
    assert [parse_yes_no(text) for text in ("是", "yes", "TRUE", "1", "1.0")] == ["yes"] * 5
    assert [parse_yes_no(text) for text in ("否", "no", "0", "0.0", "未列入")] == ["no"] * 5
    assert parse_yes_no("也许") is None
