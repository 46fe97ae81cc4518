"""Flags and the records they rest on: which count, which have ended, what is shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from graph_service.answers.common import Flag
from queries.ask import Ask
from queries.flags.exposure import exposure
from queries.flags.flags import flags
from queries.records import severity
from tests.queries.stories import DAY, NOW, day, firm, person, record, stake, world
from tests.support.memory import MemoryStore


def found(store: MemoryStore, subject: str, ask: Ask = NOW) -> dict[tuple[str, str], Flag]:
    party = store.parties([subject])[subject]
    return {(f.party.id, f.grade): f for f in exposure(store, party, ask).flags}


ZHANG = person("张", "张三", record("张"))


def test_penalties_flag_nobody_else() -> None:
    fined = person("罚", "王五", record("罚", "行政处罚"))
    flagged = found(world([fined, firm("甲")], stake("罚", "甲", "1")), "罚")
    assert {(key, f.severity) for key, f in flagged.items()} == {(("罚", "listed"), "medium")}


@pytest.mark.parametrize(
    ("kind", "fine", "expected"),
    [
        ("警告", None, "low"),
        ("罚款", Decimal("9999.99"), "low"),
        ("罚款", Decimal(10_000), "medium"),
        ("警告、罚款", Decimal(500), "low"),
        ("吊销许可证", Decimal(500), "medium"),
        (None, None, "medium"),
    ],
)
def test_a_light_penalty_is_low(kind: str | None, fine: Decimal | None, expected: str) -> None:
    assert severity(record("甲", "行政处罚", penalty_kind=kind, fine=fine)) == expected


def test_an_unknown_list_counts_as_a_blacklist() -> None:
    odd = person("某", "赵六", record("某", "某局自设名单"))
    assert ("甲", "held") in found(world([odd, firm("甲")], stake("某", "甲", "0.1")), "某")


def test_the_record_shown_is_the_gravest_and_latest() -> None:
    records = (
        record("张", "行政处罚", "c", listed=day("2025-12-01")),
        record("张", "市场禁入", "b", listed=day("2024-05-01")),
        record("张", "失信被执行人", "a", listed=day("2023-01-01")),
    )
    listed = person("张", "张三", *records)
    flagged = found(world([listed, firm("甲")], stake("张", "甲", "0.3")), "张")
    assert flagged["甲", "held"].record.id == "b"
    assert flagged["甲", "held"].records == ("a", "b")
    assert flagged["张", "listed"].records == ("a", "b", "c")


@pytest.mark.parametrize("ending", ["repaired", "removed", "revoked"])
def test_an_ended_record_raises_nothing_and_is_shown_apart(ending: str) -> None:
    over = record("张", status=ending, until=day("2026-03-01"))
    boss = person("张", "张三", over)
    store = world([boss, firm("甲")], stake("张", "甲", "0.6"))
    assert exposure(store, boss, NOW).flags == ()
    assert exposure(store, boss, Ask(as_of=DAY - 1)).flags != ()
    answer = flags(store, firm("甲"), NOW)
    assert answer.flags == ()
    assert {item.flag.grade for item in answer.ended} == {"controlled", "held"}
    assert all("2026-03-01" in item.reason_zh for item in answer.ended)
    assert answer.ended[0].flag.statement_zh.startswith("不构成标记")


def test_an_objection_leaves_the_record_in_force_and_is_told() -> None:
    boss = person("张", "张三", record("张", status="under_objection"))
    flagged = found(world([boss, firm("甲")], stake("张", "甲", "0.6")), "张")
    assert "异议处理中" in flagged["甲", "held"].statement_zh


def test_a_source_that_denies_the_listing_makes_it_uncertain() -> None:
    denial = record("张", id="他源", label=False)
    boss = person("张", "张三", record("张"), denial)
    flagged = found(world([boss, firm("甲")], stake("张", "甲", "0.6")), "张")
    assert not flagged["甲", "controlled"].certain
    assert not flagged["张", "listed"].certain
    other = replace(denial, list="市场禁入")
    boss = person("张", "张三", record("张"), other)
    assert found(world([boss]), "张")["张", "listed"].certain


def test_the_article_is_the_one_in_force_on_the_day() -> None:
    store = world([ZHANG, firm("甲")], stake("张", "甲", "0.6"))
    new = found(store, "张")["甲", "controlled"].article
    old = found(store, "张", Ask(as_of=day("2024-06-30")))["甲", "controlled"].article
    assert "第二百六十五条" in new
    assert "第二百一十六条" in old
