"""Control and holdings: the worked examples, groups, votes, warnings."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graph_service.answers.common import HoldingsAnswer
from graph_service.model import Relation
from queries.control.closure import ControlRule
from queries.control.control import controlled, controllers
from queries.flags.population import flag_all
from queries.ownership.holdings import holdings, owners
from queries.stakes import units
from tests.queries.stories import NOW, firm, person, record, stake, tie, world
from tests.support.memory import MemoryStore

SHARED = Path(os.environ.get("CG_TEST_SHARED", Path(__file__).parents[3] / "shared"))
EXAMPLES = SHARED / "oracles" / "worked_examples.json"


def examples(kind: str) -> list[Any]:
    if not EXAMPLES.exists():
        reason = f"the worked examples are not at {EXAMPLES.name}: set CG_TEST_SHARED"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    held = json.loads(EXAMPLES.read_text(encoding="utf-8"))[kind]
    return [pytest.param(example, id=example["id"]) for example in held]


def ties(example: dict[str, Any]) -> list[Relation]:
    return [stake(h, c, str(share)) for h, c, share in example["holdings"]]


@pytest.mark.parametrize("example", examples("control"))
def test_worked_examples_of_control(example: dict[str, Any]) -> None:
    names = sorted({name for h, c, _ in example["holdings"] for name in (h, c)})
    store = world([firm(name) for name in names], *ties(example))
    rule = ControlRule(units(Decimal(str(example["threshold"]))))
    expected = example["expected"]
    for name in names:
        answer = controlled(store, firm(name), NOW, rule=rule)
        shares = {c.party.id: float(c.share or 0) for c in answer.controlled}
        assert shares == pytest.approx(expected.get(name, {}))
        up = controllers(store, firm(name), NOW, rule=rule)
        assert {c.party.id for c in up.controllers} == {
            top for top, below in expected.items() if name in below
        }


@pytest.mark.parametrize("example", examples("aggregate_50"))
def test_worked_examples_of_aggregate_holdings(example: dict[str, Any]) -> None:
    names = sorted({name for h, c, _ in example["holdings"] for name in (h, c)})
    store = world(
        [firm(n, n, record(n)) if n in example["blocked"] else firm(n) for n in names],
        *ties(example),
    )
    flags = flag_all(store, NOW, "aggregate_50").flags
    assert sorted(f.party.id for f in flags if f.grade != "listed") == example["expected"]


def test_each_blocked_holder_that_contributes_has_its_flag_with_the_shared_evidence() -> None:
    store = world(
        [person(p, p, record(p)) for p in "张李"] + [firm("甲")],
        stake("张", "甲", "0.3"),
        stake("李", "甲", "0.2"),
    )
    flags = [f for f in flag_all(store, NOW, "aggregate_50").flags if f.grade != "listed"]
    assert {(f.listed.id, f.share, len(f.evidence)) for f in flags} == {
        ("张", Decimal("0.5"), 2),
        ("李", Decimal("0.5"), 2),
    }


def test_a_companys_own_shares_do_not_block_it() -> None:
    store = world(
        [person("张", "张三", record("张")), firm("甲", "甲", record("甲"))],
        stake("甲", "甲", "0.6"),
        stake("张", "甲", "0.1"),
    )
    assert {f.grade for f in flag_all(store, NOW, "aggregate_50").flags} == {"listed"}


PAIR = [person("夫", "王伟"), person("妻", "李娜"), firm("甲"), firm("乙")]


def test_a_group_counts_as_one_controller() -> None:
    store = world(PAIR, stake("夫", "甲", "0.3"), stake("妻", "甲", "0.3"), stake("甲", "乙", "1"))
    assert controlled(store, PAIR[0], NOW).controlled == ()
    answer = controlled(store, PAIR[0], NOW, group=["妻"])
    assert [(c.party.id, c.share) for c in answer.controlled] == [
        ("乙", Decimal(1)),
        ("甲", Decimal("0.6")),
    ]


def test_votes_stand_in_for_capital_where_they_are_stated() -> None:
    tied = stake("夫", "甲", "0.3", votes=Decimal("0.6"))
    store = world(PAIR, tied)
    assert controlled(store, PAIR[0], NOW).controlled == ()
    (found,) = controlled(store, PAIR[0], NOW, rule=ControlRule(votes=True)).controlled
    assert found.share == Decimal("0.6")


def test_own_shares_carry_no_vote_when_treasury_is_left_out() -> None:
    store = world(PAIR, stake("夫", "甲", "0.45"), stake("甲", "甲", "0.2"))
    assert controlled(store, PAIR[0], NOW).controlled == ()
    (found,) = controlled(store, PAIR[0], NOW, rule=ControlRule(exclude_treasury=True)).controlled
    assert found.share == Decimal("0.5625")


def test_at_least_takes_the_threshold_itself_and_sums_are_exact() -> None:
    store = world(PAIR, stake("夫", "甲", "0.1"), stake("夫", "甲", "0.15", id="又"))
    quarter = ControlRule(units(Decimal("0.25")), inclusive=True)
    assert [c.party.id for c in controlled(store, PAIR[0], NOW, rule=quarter).controlled] == ["甲"]
    strict = ControlRule(units(Decimal("0.25")))
    assert controlled(store, PAIR[0], NOW, rule=strict).controlled == ()


def test_an_issuer_held_above_the_whole_is_a_warning() -> None:
    store = world(PAIR, stake("夫", "甲", "0.7"), stake("妻", "甲", "0.6"))
    answer = controlled(store, PAIR[0], NOW)
    assert [(w.what, w.id, w.why) for w in answer.warnings] == [
        ("share_sum", "甲", "stakes sum to 130%")
    ]
    rounded = world(PAIR, stake("夫", "甲", "0.501"), stake("妻", "甲", "0.5"))
    assert controlled(rounded, PAIR[0], NOW).warnings == ()


def test_who_may_control_is_missing_from_below_too() -> None:
    store = world(PAIR, stake("夫", "甲", "0.3", "0.6"), stake("妻", "甲", "0.3", "0.45"))
    answer = controllers(store, PAIR[2], NOW)
    assert answer.controllers == ()
    assert [(m.what, m.id) for m in answer.completeness.missing] == [("share", "甲")]
    assert "夫" in answer.completeness.missing[0].why


def lines(answer: HoldingsAnswer) -> dict[str, tuple[object, ...]]:
    return {
        h.party.id: (h.direct, h.direct_min, h.direct_max, h.verdict, h.control_share)
        for h in answer.holdings
    }


def test_holdings_give_direct_stakes_bounds_and_control() -> None:
    store = world(
        [*PAIR, firm("丙"), firm("丁"), firm("戊")],
        stake("夫", "甲", "0.6"),
        stake("甲", "乙", "0.4"),
        stake("夫", "乙", "0.2"),
        stake("夫", "丙"),
        stake("妻", "丙", "0.3"),
        stake("夫", "丁", "0.1", "0.2"),
        tie("CONTROLS", "乙", "戊"),
    )
    answer = holdings(store, PAIR[0], NOW)
    assert lines(answer) == {
        "甲": (Decimal("0.6"), Decimal("0.6"), Decimal("0.6"), "certain", Decimal("0.6")),
        "乙": (Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), "certain", Decimal("0.6")),
        "丙": (None, Decimal(0), Decimal("0.7"), "possible", None),
        "丁": (None, Decimal("0.1"), Decimal("0.2"), "no", None),
        "戊": (Decimal(0), Decimal(0), Decimal(0), "certain", None),
    }
    assert answer.warnings == ()
    assert answer.completeness.status == "insufficient_data"


def test_owners_are_the_same_seen_from_below() -> None:
    store = world(
        PAIR, stake("夫", "甲", "0.6"), stake("甲", "乙", "0.4"), stake("夫", "乙", "0.2")
    )
    answer = owners(store, PAIR[3], NOW)
    assert lines(answer) == {
        "甲": (Decimal("0.4"), Decimal("0.4"), Decimal("0.4"), "no", None),
        "夫": (Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), "certain", Decimal("0.6")),
    }
    through, direct = next(h for h in answer.holdings if h.party.id == "夫").paths
    assert [(s.start.id, s.end.id) for s in through.steps] == [("夫", "甲"), ("甲", "乙")]
    assert [(s.start.id, s.end.id) for s in direct.steps] == [("夫", "乙")]


def test_a_ring_of_120_companies_is_answered() -> None:
    firms = [firm(f"企{n:03d}") for n in range(120)]
    ring = [stake(f"企{n:03d}", f"企{(n + 1) % 120:03d}", "0.6") for n in range(120)]
    store: MemoryStore = world(firms, *ring)
    assert len(controlled(store, firms[0], NOW).controlled) == 119
    assert len(controllers(store, firms[0], NOW).controllers) == 119


def test_an_issuer_above_the_whole_anywhere_on_the_way_is_a_warning_from_below_too() -> None:
    over = [stake("夫", "甲", "0.7"), stake("妻", "甲", "0.6"), stake("甲", "乙", "0.6")]
    answer = controllers(world(PAIR, *over), PAIR[3], NOW)
    assert [c.party.id for c in answer.controllers] == ["夫", "妻", "甲"]
    assert [(w.what, w.id) for w in answer.warnings] == [("share_sum", "甲")]


def test_members_of_a_group_are_shown_with_their_names() -> None:
    store = world(PAIR, stake("夫", "甲", "0.3"), stake("妻", "甲", "0.3"))
    (found,) = controllers(store, PAIR[2], NOW, group=["夫", "妻"]).controllers
    assert [(p.id, p.name, p.kind) for p in found.group] == [
        (p.id, p.name, p.kind) for p in sorted(PAIR[:2], key=lambda p: p.id)
    ]


def test_who_may_control_through_an_issuer_above_the_whole_is_said_from_both_sides() -> None:
    """夫 may control 甲, which holds 70 % of 乙 for certain, though 妻 holds 60 % of it too."""
    over = [stake("夫", "甲", "0.45", "0.7"), stake("甲", "乙", "0.7"), stake("妻", "乙", "0.6")]
    store = world(PAIR, *over)
    said = "夫 may control it: up to 70%"
    for answer in (controlled(store, PAIR[0], NOW), controllers(store, PAIR[3], NOW)):
        assert ("乙", said) in {(m.id, m.why) for m in answer.completeness.missing}
