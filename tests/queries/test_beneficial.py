"""Beneficial owners: every test, its threshold to the unit, and the law's special cases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graph_service.answers.ownership import BeneficialAnswer
from graph_service.errors import UsageError
from graph_service.wire.ownership import beneficial_json
from queries.ownership.beneficial import beneficial_owners
from tests.queries.stories import NOW, firm, person, stake, tie, world
from tests.queries.test_control import examples

PEOPLE = [person("张", "张三"), person("李", "李四"), person("䶮", "王䶮"), person("𠮷", "𠮷田")]
T = firm("T", "目标有限公司", type="有限责任公司", capital="50000000")
FIRMS = [firm("甲"), firm("乙"), T]


def asked(*ties: Any, rule: str = "cn_25", more: Any = (), about: Any = T) -> BeneficialAnswer:
    chosen = {p.id: p for p in [*PEOPLE, *FIRMS, *more, about]}
    return beneficial_owners(world(list(chosen.values()), *ties), about, NOW, rule)


def told(answer: BeneficialAnswer) -> dict[str, tuple[str, Decimal | None]]:
    return {owner.party.id: (owner.rule, owner.share) for owner in answer.owners}


@pytest.mark.parametrize("example", examples("beneficial_owner_cn_25"))
def test_worked_examples(example: dict[str, Any]) -> None:
    names = {name for h, c, _ in example["holdings"] for name in (h, c)}
    issuers = {c for _, c, _ in example["holdings"]}
    parties = [firm(n) if n in issuers else person(n, n) for n in sorted(names)]
    store = world(parties, *(stake(h, c, str(share)) for h, c, share in example["holdings"]))
    answer = beneficial_owners(store, firm("T"), NOW)
    by_share = sorted(o.party.id for o in answer.owners if o.rule == "equity")
    assert by_share == example.get("expected", example.get("expected_by_share"))
    if "expected" in example:
        assert sorted(told(answer)) == example["expected"]
    else:
        assert told(answer) == {"X": ("votes_or_income", Decimal("0.49"))}


@pytest.mark.parametrize(
    ("share", "found"),
    [("0.25", True), ("0.2499", False), ("0.249999999999999999", False), ("0.26", True)],
)
def test_a_quarter_is_in_and_a_hair_less_is_out(share: str, found: bool) -> None:
    answer = asked(stake("张", "T", share), stake("李", "T", "0.5"))
    assert ("张" in told(answer)) is found
    if not found:
        assert {(m.party.id, m.rule) for m in answer.misses} == {
            ("张", "equity"),
            ("张", "votes_or_income"),
            ("张", "control"),
        }
        why = answer.misses[0].why
        assert "25%" in why.zh
        assert "24.99" in why.zh
        assert "24.99" in why.en


def test_tenths_add_up_without_drift() -> None:
    answer = asked(
        stake("张", "T", "0.1"),
        stake("张", "甲", "0.5"),
        stake("甲", "T", "0.3"),
        stake("李", "T", "0.249999999999999999"),
    )
    assert told(answer) == {"张": ("equity", Decimal("0.25"))}


def test_amounts_over_capital_are_shares_and_thirds_are_exact() -> None:
    """A third of three quarters is a quarter, though no decimal says so."""
    third = stake("张", "甲", attributes={"amount": "1000000"})
    answer = asked(third, stake("甲", "T", "0.75"), more=[firm("甲", capital="3000000")])
    assert told(answer) == {"张": ("equity", Decimal("0.25"))}
    assert ("amount", "甲") in {(w.what, w.id) for w in answer.warnings}
    foreign = stake("张", "甲", attributes={"amount": "1000000 USD"})
    unknown = asked(foreign, stake("甲", "T", "0.75"), more=[firm("甲", capital="3000000")])
    assert told(unknown) == {}


def test_votes_go_whole_along_control() -> None:
    answer = asked(stake("张", "甲", "0.51"), stake("甲", "T", "0.49"), stake("李", "T", "0.2"))
    assert told(answer) == {"张": ("votes_or_income", Decimal("0.49"))}
    (owner,) = answer.owners
    (path,) = owner.paths
    assert [(s.start.id, s.end.id) for s in path.steps] == [("张", "甲"), ("甲", "T")]
    assert "24.99%" in owner.why.zh
    half = asked(stake("张", "甲", "0.5"), stake("甲", "T", "0.49"))
    assert told(half) == {}


def test_the_higher_of_capital_and_votes_counts() -> None:
    voted = stake("李", "T", "0.9", votes=Decimal("0.7"))
    answer = asked(stake("张", "T", "0.1", votes=Decimal("0.3")), voted)
    assert told(answer)["张"] == ("equity", Decimal("0.3"))


def test_a_declared_controller_is_an_owner_without_a_share() -> None:
    answer = asked(tie("CONTROLS", "张", "T"), stake("李", "T", "0.3"))
    assert told(answer) == {"李": ("equity", Decimal("0.3")), "张": ("control", None)}
    through = asked(tie("CONTROLS", "张", "甲"), tie("CONTROLS", "甲", "T"))
    assert told(through) == {"张": ("control", None)}
    assert len(through.owners[0].paths[0].steps) == 2


def test_acting_in_concert_is_joint_control() -> None:
    six = [stake(p, "T", "0.18") for p in ("张", "李", "䶮")]
    alone = asked(*six)
    assert told(alone) == {}
    answer = asked(*six, tie("CONCERT_WITH", "张", "李"), tie("CONCERT_WITH", "李", "䶮"))
    assert set(told(answer).values()) == {("control", Decimal("0.54"))}
    assert set(told(answer)) == {"张", "李", "䶮"}
    two = asked(*six, tie("CONCERT_WITH", "张", "李"))
    assert told(two) == {}


def test_management_only_when_nobody_meets_a_test() -> None:
    posts = [
        tie("LEGAL_REPRESENTATIVE_OF", "李", "T"),
        tie("EXECUTIVE_OF", "䶮", "T", role="general_manager"),
        tie("EXECUTIVE_OF", "𠮷", "T", role="supervisor"),
    ]
    small = [stake("张", "T", "0.2"), *posts]
    assert told(asked(*small)) == {"李": ("management", None), "䶮": ("management", None)}
    assert told(asked(stake("张", "T", "0.3"), *posts)) == {"张": ("equity", Decimal("0.3"))}


def test_a_nominee_is_replaced_by_the_nominator() -> None:
    held = stake("李", "T", "0.6", attributes={"nominee_for": "张"})
    answer = asked(held, stake("䶮", "T", "0.4"))
    assert told(answer) == {"张": ("equity", Decimal("0.6")), "䶮": ("equity", Decimal("0.4"))}
    (step,) = answer.owners[0].paths[0].steps
    assert step.nominee is not None
    assert step.nominee.id == "李"


def test_state_ownership_stops_and_deems_the_legal_representative() -> None:
    state = firm("国", "国有资本有限公司", nature="国有独资")
    ties = [
        stake("国", "T", "0.6"),
        stake("张", "国", "0.9"),
        stake("李", "T", "0.3"),
        tie("LEGAL_REPRESENTATIVE_OF", "䶮", "T"),
    ]
    answer = asked(*ties, more=[state])
    assert told(answer) == {"李": ("equity", Decimal("0.3")), "䶮": ("state", None)}
    assert [(s.party.id, s.reason) for s in answer.stops] == [("国", "state")]
    organ = firm("委", "某市人民政府国有资产监督管理委员会")
    by_name = asked(stake("委", "T", "1"), ties[3], more=[organ])
    assert told(by_name) == {"䶮": ("state", None)}
    anyway = asked(*ties, more=[state], rule="any")
    assert "张" in told(anyway)
    assert anyway.stops == ()


def test_listed_companies_are_stops_with_their_reason() -> None:
    listed = firm("沪", "某股份有限公司", securities_code="600000")
    abroad = firm("港", "某控股有限公司", securities_code="00700.HK")
    answer = asked(
        stake("沪", "T", "0.5"),
        stake("港", "T", "0.5"),
        stake("张", "沪", "0.8"),
        stake("李", "港", "0.8"),
        tie("LEGAL_REPRESENTATIVE_OF", "䶮", "T"),
        more=[listed, abroad],
    )
    assert [(s.party.id, s.reason) for s in answer.stops] == [
        ("沪", "listed"),
        ("港", "foreign_listed"),
    ]
    assert told(answer) == {"䶮": ("management", None)}


SMALL = firm("T", "小店有限公司", type="有限责任公司", capital="10000000")


def test_a_small_company_of_natural_persons_may_be_exempt() -> None:
    ties = [stake("张", "T", "0.6"), stake("李", "T", "0.4")]
    assert asked(*ties, about=SMALL).exempt
    large = firm("T", capital="10000000.01")
    assert not asked(*ties, about=large).exempt
    assert not asked(*ties, about=firm("T")).exempt
    assert not asked(*ties, about=firm("T", capital="900 USD")).exempt
    assert not asked(*ties, tie("CONTROLS", "䶮", "T"), about=SMALL).exempt
    assert not asked(stake("甲", "T", "1"), stake("张", "甲", "1"), about=SMALL).exempt
    assert not asked(*ties, about=SMALL, rule="any").exempt


@pytest.mark.parametrize(
    ("type_", "files"),
    [
        ("有限责任公司", True),
        ("合伙企业", True),
        ("个体工商户", False),
        ("个人独资企业", False),
        ("农民专业合作社", False),
        ("某某分公司", False),
        ("全民所有制", False),
    ],
)
def test_kinds_that_do_not_file_are_said_and_answered(type_: str, files: bool) -> None:
    answer = asked(stake("张", "T", "0.9"), about=firm("T", type=type_))
    assert answer.files is files
    assert "张" in told(answer)


def test_unknown_shares_make_possible_owners_and_say_what_settles_them() -> None:
    answer = asked(stake("张", "T"), stake("李", "T", "0.4"))
    assert told(answer) == {"李": ("equity", Decimal("0.4"))}
    possible = {m.rule: m for m in answer.misses if m.party.id == "张"}
    assert all(miss.possible for miss in possible.values())
    assert "张三→目标有限公司" in possible["control"].why.zh
    assert answer.completeness.status == "insufficient_data"
    narrow = asked(stake("张", "T", "0.1", "0.2"), stake("李", "T", "0.4"))
    assert not any(m.possible for m in narrow.misses)


def test_other_rules() -> None:
    ties = [stake("张", "T", "0.1"), stake("李", "T", "0.09"), stake("䶮", "T", "0.81")]
    assert set(told(asked(*ties, rule="10%"))) == {"张", "䶮"}
    assert set(told(asked(*ties, rule="0.1"))) == {"张", "䶮"}
    assert set(told(asked(*ties, rule="10"))) == {"张", "䶮"}
    assert set(told(asked(*ties, rule="any"))) == {"张", "李", "䶮"}
    assert set(told(asked(*ties, rule="fatf_25"))) == {"䶮"}
    for bad in ("0", "-1", "101%", "四分之一", "nan", ""):
        with pytest.raises(UsageError):
            asked(rule=bad)


def test_bad_graphs_give_warnings_and_no_invented_number() -> None:
    over = asked(stake("张", "T", "0.7"), stake("李", "T", "0.6"))
    assert {w.what for w in over.warnings} == {"share_sum"}
    assert {o.rule for o in over.owners} == {"votes_or_income"}
    ring = asked(stake("甲", "T", "1"), stake("T", "甲", "1"))
    assert (ring.owners, [w.what for w in ring.warnings]) == ((), ["self_owned"])
    alone = asked(stake("T", "T", "1"))
    assert {w.what for w in alone.warnings} == {"self_owned", "treasury"}
    nobody = asked()
    assert nobody.completeness.status == "insufficient_data"
    assert {m.what for m in nobody.completeness.missing} == {"share", "post"}


def test_a_person_has_no_beneficial_owner() -> None:
    answer = asked(about=PEOPLE[0])
    assert (answer.owners, answer.files) == ((), False)
    assert answer.completeness.status == "complete"


def test_the_json_is_the_contract_s() -> None:
    shown = beneficial_json(asked(stake("张", "T", "0.3"), stake("李", "T", "0.2")))
    assert {"party", "rule", "owners", "not", "exempt", "stops"} <= shown.keys()
    (owner,) = shown["owners"]
    assert {"party", "share", "rule", "paths", "why"} <= owner.keys()
    assert (owner["share"], owner["rule"]) == (0.3, "equity")
    assert all({"rule", "why"} <= miss.keys() for miss in shown["not"])


def test_a_branch_is_answered_for_its_head_office() -> None:
    branch = firm("支", "目标有限公司北京分公司")
    answer = asked(tie("BRANCH_OF", "支", "T"), stake("张", "T", "0.6"), about=branch)
    assert told(answer) == {"张": ("equity", Decimal("0.6"))}
    assert (answer.party.id, answer.files, answer.exempt) == ("支", False, False)
    assert [(w.what, w.id) for w in answer.warnings] == [("branch", "支")]


def test_what_would_settle_each_test_and_the_person_is_named() -> None:
    """甲 holds 30 % of T; 张 holds an unknown part of 甲 and 20 % of T."""
    answer = asked(
        stake("张", "甲"),
        stake("李", "甲", "0.4"),
        stake("甲", "T", "0.3"),
        stake("张", "T", "0.2"),
    )
    found = {m.rule: [s.start.id for s in m.settled_by] for m in answer.misses if m.possible}
    assert found == {"equity": ["张"], "votes_or_income": ["张"]}
    assert [(p.party.id, p.settled_by[0].end.id) for p in answer.possible] == [("张", "甲")]
    shown = beneficial_json(answer)
    assert shown["possible"][0]["settled_by"][0]["from"]["id"] == "张"
    assert "张三→甲有限公司" in shown["not"][0]["statement"]["zh"]


def test_two_unknown_shares_of_which_neither_settles_alone() -> None:
    answer = asked(stake("张", "甲"), stake("甲", "T"))
    assert [(p.party.id, p.settled_by) for p in answer.possible] == [("张", ())]
    assert all(not m.settled_by for m in answer.misses)


def test_unknown_votes_keep_votes_and_control_open() -> None:
    """By capital 张 is out for certain; 李's votes are known, those of 甲 only as its capital."""
    answer = asked(
        stake("张", "T", "0.1"),
        stake("李", "T", "0.2", votes=Decimal("0.1")),
        stake("䶮", "T", "", ""),
    )
    assert told(answer) == {}
    (one,) = answer.possible
    assert one.party.id == "䶮"
    assert [s.start.id for s in one.settled_by] == ["䶮"]


def test_control_with_a_company_in_concert_is_joint_and_may_be_open() -> None:
    pact = tie("CONCERT_WITH", "张", "甲")
    sure = asked(stake("张", "T", "0.2"), stake("甲", "T", "0.4"), pact)
    assert told(sure) == {"张": ("control", Decimal("0.6"))}
    assert "甲有限公司" in sure.owners[0].why.zh
    open_ = asked(stake("张", "T", "0.2"), stake("甲", "T"), stake("乙", "T", "0.4"), pact)
    assert told(open_) == {}
    (miss,) = [m for m in open_.misses if m.rule == "control"]
    assert miss.possible
    assert [s.start.id for s in miss.settled_by] == ["甲"]


def test_a_withheld_figure_is_not_told_as_nothing() -> None:
    over = asked(
        stake("张", "甲", "0.7"),
        stake("李", "甲", "0.6"),
        stake("甲", "T", "0.6"),
        stake("乙", "T", "0.4"),
    )
    assert {o.rule for o in over.owners} == {"votes_or_income"}
    assert all("0%" not in o.why.en.replace("60%", "") for o in over.owners)
    assert all("无法可靠计算" in o.why.zh for o in over.owners)


def test_votes_above_the_whole_are_a_warning_too() -> None:
    answer = asked(stake("张", "T", "0.6"), stake("李", "T", "0.4", votes=Decimal("0.9")))
    assert [(w.what, w.id) for w in answer.warnings] == [("share_sum", "T")]
    assert answer.warnings[0].why.startswith("by votes")


def test_a_state_company_whose_representative_owns_it_anyway_lacks_nobody() -> None:
    state = firm("T", "国有公司", nature="国有独资")
    ties = [stake("张", "T", "1"), tie("LEGAL_REPRESENTATIVE_OF", "张", "T")]
    answer = asked(*ties, about=state)
    assert told(answer) == {"张": ("equity", Decimal(1))}
    assert answer.completeness.status == "complete"
