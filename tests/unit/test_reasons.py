"""Why something is missing is told in both languages, and the catalogue follows the questions."""

from __future__ import annotations

import re

import pytest

from graph_service.reasons import REASONS, RULES, reason_zh
from graph_service.words import MISSING, missing_line, record_span
from loaders.rules import RULES as LOADING
from tests.support.told import reasons

HAN = re.compile("[\u4e00-\u9fff]")


NAMES_ALL = {"{}: {}", "{} {} {} is not known: {}"}  # tables, rules and events: told below


@pytest.mark.parametrize("why", sorted(reasons().keys() - NAMES_ALL))
def test_every_reason_is_told_in_chinese(why: str) -> None:
    told = reason_zh(why.replace("{}", "7"))
    assert HAN.search(told), told
    assert not re.search("[a-z]{2}", told), told


def test_the_code_holds_the_reasons_that_it_is_searched_for() -> None:
    assert len(reasons()) > 30
    assert "{} may control it: up to {}" in reasons()
    assert not HAN.search("".join(reasons()))


def test_what_is_missing_has_a_word() -> None:
    assert {what for said in reasons().values() for what in said} <= MISSING.keys()


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("12 rows of shareholders: bad_share", "股东 12 行：比例有误"),
        ("enterprises: bad_uscc", "企业：信用代码有误"),
        ("uscc:1 holds an unknown part of it", "uscc:1 的持股：比例不详"),
        ("by votes: stakes sum to 120%", "按表决权：持股合计 120%"),
        (
            "甲:1 holds between 5% and 10% of it",
            "甲:1 的持股：5% 至 10%",
        ),
        (
            "personal responsibility for the revoked licence of 甲:1 is not known: 乙:2",
            "对甲:1 被吊销营业执照的个人责任不详：乙:2",
        ),
        ("the day of the bankruptcy of 甲:1 is not known: 乙:2", "甲:1 破产清算的日期不详：乙:2"),
        (
            "the day of the order to close 甲:1 is not known: 乙:2",
            "甲:1 被责令关闭的日期不详：乙:2",
        ),
        ("30 days of change before 2026-01-01 looked at", "只查看了 2026-01-01 之前有变化的 30 天"),
        ("something that nobody says", "something that nobody says"),
    ],
)
def test_what_a_reason_names_stays(why: str, told: str) -> None:
    assert reason_zh(why) == told


def test_a_rule_of_loading_has_a_name_in_both_languages() -> None:
    assert RULES.keys() == LOADING.keys()
    for zh, en in RULES.values():
        assert HAN.search(zh)
        assert not HAN.search(en)


def test_a_template_and_its_chinese_name_the_same() -> None:
    for english, chinese in REASONS:
        assert english.count("{}") == len(re.findall(r"{\d?}", chinese)), english


def test_a_line_says_what_of_whom_and_why() -> None:
    line = {"what": "share", "id": "甲:1", "why": "unknown", "why_zh": "比例不详"}
    assert missing_line(line, "zh") == "持股比例 甲:1：比例不详"
    assert missing_line(line, "en", {"甲:1": "甲公司"}) == "share 甲公司 [甲:1]: unknown"
    assert missing_line({"what": "groups", "id": "", "why": "2 of 3"}, "zh") == "集团：2 of 3"


def test_a_record_stands_from_its_listing_else_from_its_decision() -> None:
    record = {"decided": "2024-01-05", "listed": None, "valid_until": "2027-01-05"}
    assert record_span(record, "zh") == "2024-01-05 至 2027-01-05"
    assert record_span(record | {"listed": "2024-02-01"}, "en") == "2024-02-01 to 2027-01-05"
    assert record_span({"listed": None, "valid_until": None}, "zh") == ""
