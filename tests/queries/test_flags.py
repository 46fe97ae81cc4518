"""Flags, one rule of the domain at a time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph_service.answers.common import Flag
from graph_service.days import Span
from graph_service.errors import OverBudget
from graph_service.model import Budget, RejectedRow
from queries.ask import Ask
from queries.flags.exposure import exposure, exposure_many
from queries.flags.flags import flags, flags_list
from queries.flags.population import flag_all
from tests.queries.stories import (
    DAY,
    LAST_THREE_YEARS,
    NOW,
    contact,
    day,
    firm,
    person,
    record,
    stake,
    tie,
    world,
)
from tests.support.memory import MemoryStore


def found(store: MemoryStore, subject: str, ask: Ask = NOW) -> dict[tuple[str, str], Flag]:
    party = store.parties([subject])[subject]
    return {(f.party.id, f.grade): f for f in exposure(store, party, ask).flags}


ZHANG = person("张", "张三", record("张"))


def test_sixty_per_cent_is_held_and_controlled() -> None:
    flagged = found(world([ZHANG, firm("甲")], stake("张", "甲", "0.6")), "张")
    assert set(flagged) == {("张", "listed"), ("甲", "controlled"), ("甲", "held")}
    assert flagged["甲", "controlled"].severity == "high"
    assert flagged["甲", "controlled"].share == Decimal("0.6")
    assert flagged["甲", "controlled"].evidence == ()
    assert flagged["甲", "held"].severity == "medium"


@pytest.mark.parametrize("pack", ["default", "linked", "control", "aggregate_50"])
def test_a_stake_of_nothing_is_no_stake(pack: str) -> None:
    nothing = stake("张", "甲", "0")
    store = world([ZHANG, firm("甲"), firm("乙")], nothing, stake("甲", "乙", "1"))
    listed = store.parties(["张"])["张"]
    assert {f.party.id for f in exposure(store, listed, NOW, pack).flags} == {"张"}
    assert {f.party.id for f in flag_all(store, NOW, pack).flags} == {"张"}
    assert flags(store, store.parties(["甲"])["甲"], NOW, pack).flags == ()


def test_a_former_stake_of_nothing_is_none_and_votes_make_it_one() -> None:
    old = stake("张", "甲", "0", until=day("2026-01-01"))
    assert set(found(world([ZHANG, firm("甲")], old), "张", LAST_THREE_YEARS)) == {("张", "listed")}
    votes = stake("张", "甲", "0", votes=Decimal("0.3"))
    assert found(world([ZHANG, firm("甲")], votes), "张")["甲", "held"].severity == "low"
    unknown = stake("张", "甲", "0", "0.05")
    assert found(world([ZHANG, firm("甲")], unknown), "张")["甲", "held"].severity == "low"


def test_exactly_half_is_not_control() -> None:
    flagged = found(world([ZHANG, firm("甲")], stake("张", "甲", "0.5")), "张")
    assert ("甲", "controlled") not in flagged


def test_joint_control_shows_the_whole_set_of_ties() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙")],
        stake("张", "甲", "0.6"),
        stake("甲", "乙", "0.3"),
        stake("张", "乙", "0.3"),
    )
    flag = found(store, "张")["乙", "controlled"]
    assert flag.share == Decimal("0.6")
    assert [(s.start.id, s.end.id) for s in flag.path] == [("张", "乙")]
    assert {(s.start.id, s.end.id) for s in flag.evidence} == {
        ("张", "甲"), ("甲", "乙"), ("张", "乙"),
    }  # fmt: skip
    assert flag.evidence[0].end.id == "甲"
    assert "合计持股60%" in flag.statement_zh


def test_an_unknown_share_is_held_and_missing_but_not_controlled() -> None:
    store = world([ZHANG, firm("甲")], stake("张", "甲"))
    answer = exposure(store, ZHANG, NOW)
    assert [(f.grade, f.severity, f.certain) for f in answer.flags] == [
        ("listed", "high", True),
        ("held", "medium", False),
    ]
    assert answer.completeness.status == "insufficient_data"
    assert [(m.what, m.id) for m in answer.completeness.missing] == [("share", "甲")]


def test_what_others_hold_bounds_an_unknown_share() -> None:
    store = world(
        [ZHANG, person("李", "李四"), firm("甲")], stake("张", "甲"), stake("李", "甲", "0.5")
    )
    assert exposure(store, ZHANG, NOW).completeness.missing == ()


@pytest.mark.parametrize(
    ("high", "severity_", "certain"),
    [("0.24", "low", True), ("0.25", "medium", False), ("0.4", "medium", False)],
)
def test_a_ranged_stake_is_graded_by_its_upper_bound(
    high: str, severity_: str, certain: bool
) -> None:
    flagged = found(world([ZHANG, firm("甲")], stake("张", "甲", "0.1", high)), "张")
    assert flagged["甲", "held"].severity == severity_
    assert flagged["甲", "held"].certain is certain
    assert flagged["甲", "held"].share is None


def test_several_posts_are_one_flag_with_the_gravest_first() -> None:
    store = world(
        [ZHANG, firm("甲")],
        tie("EXECUTIVE_OF", "张", "甲", role="independent_director", title="独立董事"),
        tie("EXECUTIVE_OF", "张", "甲", role="director", title="董事"),
        tie("LEGAL_REPRESENTATIVE_OF", "张", "甲"),
    )
    flag = found(store, "张")["甲", "managed"]
    assert flag.severity == "high"
    (step,) = flag.path
    assert step.relation.type == "LEGAL_REPRESENTATIVE_OF"
    assert [other.relation.role for other in step.parallel] == ["director", "independent_director"]
    assert "法定代表人、董事、独立董事" in flag.statement_zh


@pytest.mark.parametrize(
    ("role", "expected"),
    [("director", "medium"), ("independent_director", "low"), ("employee_supervisor", "low")],
)
def test_posts_have_their_own_severity(role: str, expected: str) -> None:
    store = world([ZHANG, firm("甲")], tie("EXECUTIVE_OF", "张", "甲", role=role))
    assert found(store, "张")["甲", "managed"].severity == expected


def test_management_is_not_transitive_but_control_carries_on() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙"), firm("丙")],
        tie("EXECUTIVE_OF", "张", "甲", role="chair"),
        stake("甲", "乙", "1"),
        tie("CONTROLS", "张", "丙"),
        stake("丙", "丁", "0.51"),
    )
    flagged = found(store, "张")
    assert ("乙", "controlled") not in flagged
    assert ("丙", "controlled") in flagged
    assert ("丁", "controlled") in flagged
    assert flagged["丙", "controlled"].share is None


def test_an_operator_holds_all_of_an_individual_business_unless_shares_are_stated() -> None:
    shop, stated = firm("店", type="个体工商户"), firm("二店", type="个体工商户")
    store = world(
        [ZHANG, person("李", "李四"), shop, stated, firm("独", type="个人独资企业")],
        tie("LEGAL_REPRESENTATIVE_OF", "张", "店"),
        tie("LEGAL_REPRESENTATIVE_OF", "张", "二店"),
        stake("李", "二店", "1"),
        stake("张", "独"),
    )
    flagged = found(store, "张")
    assert flagged["店", "controlled"].share == 1
    assert ("二店", "controlled") not in flagged
    assert ("独", "controlled") in flagged


def test_a_stake_held_for_another_belongs_to_the_nominator() -> None:
    held = stake("李", "甲", "0.6", attributes={"nominee_for": "张"})
    store = world([ZHANG, person("李", "李四", record("李")), firm("甲")], held)
    mine, nominees = found(store, "张"), found(store, "李")
    assert mine["甲", "controlled"].path[0].start.id == "张"
    nominee = mine["甲", "controlled"].path[0].nominee
    assert nominee is not None
    assert nominee.id == "李"
    assert ("甲", "controlled") not in nominees
    assert ("甲", "held") in nominees


def test_a_listed_company_reaches_those_responsible_and_their_other_companies() -> None:
    listed = firm("甲", "甲公司", record("甲"))
    store = world(
        [listed, person("王", "王伟"), person("董", "董事"), firm("乙"), firm("丙")],
        tie("LEGAL_REPRESENTATIVE_OF", "王", "甲"),
        tie("EXECUTIVE_OF", "董", "甲", role="director"),
        tie("EXECUTIVE_OF", "王", "乙", role="supervisor"),
        tie("LEGAL_REPRESENTATIVE_OF", "董", "丙"),
    )
    flagged = found(store, "甲")
    assert set(flagged) == {("甲", "listed"), ("王", "responsible"), ("乙", "sibling")}
    assert [s.relation.type for s in flagged["乙", "sibling"].path] == [
        "LEGAL_REPRESENTATIVE_OF",
        "EXECUTIVE_OF",
    ]


def test_branches_go_one_hop_both_ways() -> None:
    listed = firm("甲", "甲公司", record("甲"))
    store = world(
        [listed, firm("分"), firm("分分"), firm("总")],
        tie("BRANCH_OF", "分", "甲"),
        tie("BRANCH_OF", "分分", "分"),
        tie("BRANCH_OF", "甲", "总"),
    )
    flagged = {key for key in found(store, "甲") if key[1] == "branch"}
    assert flagged == {("分", "branch"), ("总", "branch")}


def test_a_former_tie_flags_only_within_the_look_back() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙"), firm("丙")],
        tie("LEGAL_REPRESENTATIVE_OF", "张", "甲", until=day("2025-01-01")),
        tie("LEGAL_REPRESENTATIVE_OF", "张", "乙", until=day("2019-01-01")),
        tie("EXECUTIVE_OF", "张", "丙", ended=True),
    )
    assert {id for id, grade in found(store, "张") if grade == "former"} == set()
    flagged = found(store, "张", LAST_THREE_YEARS)
    assert flagged["甲", "former"].former_of == "managed"
    assert flagged["甲", "former"].certain
    assert not flagged["丙", "former"].certain
    assert ("乙", "former") not in flagged
    answer = flags(store, firm("乙"), LAST_THREE_YEARS)
    assert answer.flags == ()
    assert [item.reason_zh for item in answer.ended] == ["该关联已于2019-01-01终止"]


@pytest.mark.parametrize(("users", "flagged"), [(2, True), (20, True), (21, False)])
def test_a_shared_contact_suspects_unless_it_is_a_hub(users: int, flagged: bool) -> None:
    others = [firm(f"企{n}") for n in range(users - 1)]
    store = world(
        [ZHANG, contact("phone:1"), *others],
        tie("HAS_CONTACT", "张", "phone:1"),
        *(tie("HAS_CONTACT", other.id, "phone:1") for other in others),
    )
    answer = exposure(store, ZHANG, NOW)
    assert (("企0", "suspected") in found(store, "张")) is flagged
    assert answer.completeness.hubs == (() if flagged else ("phone:1",))
    assert answer.completeness.status == "complete"
    inward = flags(store, others[0], NOW)
    assert [f.grade for f in inward.flags] == (["suspected"] if flagged else [])
    assert all(not f.certain for f in inward.flags)


def test_parallel_relations_to_a_contact_do_not_make_it_a_hub() -> None:
    ties = [
        tie("HAS_CONTACT", id, "phone:1", id=f"{id}{n}", since=day("2020-01-01") + n)
        for id in ("张", "甲")
        for n in range(60)
    ]
    store = world([ZHANG, contact("phone:1"), firm("甲")], *ties)
    assert ("甲", "suspected") in found(store, "张")


def test_close_kin_and_possible_namesakes_are_only_suspected() -> None:
    store = world(
        [ZHANG, person("侄", "张小"), person("远", "远亲"), firm("甲"), firm("乙"), person("张2")],
        tie("RELATIVE_OF", "侄", "张", attributes={"kin": "nephew_niece"}),
        tie("RELATIVE_OF", "张", "远", attributes={"kin": "other"}),
        stake("侄", "甲", "0.8"),
        tie("LEGAL_REPRESENTATIVE_OF", "远", "乙"),
        tie("POSSIBLY_SAME_AS", "张2", "张"),
    )
    flagged = found(store, "张")
    assert {key for key in flagged if key[1] == "suspected"} == {
        ("甲", "suspected"), ("张2", "suspected"),
    }  # fmt: skip
    assert not flagged["甲", "suspected"].certain


def test_the_successor_of_a_dissolved_listed_company_is_suspected() -> None:
    gone = day("2025-06-01")
    listed = firm("旧", "旧公司", record("旧"), status="注销", dissolved="2025-06-01")
    ties = tie("SUCCESSOR_OF", "新", "旧", until=gone)  # deregistration ended it, as all its ties
    assert ("新", "suspected") in found(world([listed, firm("新")], ties), "旧")
    early = ties._replace(until=gone - 1)
    assert ("新", "suspected") not in found(world([listed, firm("新")], early), "旧")
    alive = listed._replace(attributes={"status": "存续"})
    current = ties._replace(until=None)
    assert ("新", "suspected") not in found(world([alive, firm("新")], current), "旧")


def test_flags_are_never_cut() -> None:
    firms = [firm(f"企{n:04d}") for n in range(1200)]
    store = world([ZHANG, *firms], *(stake("张", f.id, "0.1") for f in firms))
    answer = exposure(store, ZHANG, Ask(as_of=DAY, budget=Budget(per_party=5, parties=10)))
    assert len(answer.flags) == 1201
    assert answer.completeness.status == "complete"


def test_a_question_that_takes_too_long_fails_instead_of_answering_half() -> None:
    store = world([ZHANG, firm("甲")], stake("张", "甲", "0.6"))
    with pytest.raises(OverBudget):
        exposure(store, ZHANG, Ask(as_of=DAY, budget=Budget(seconds=0.0)))


def test_one_expand_serves_a_whole_hop_of_many_listed_parties() -> None:
    people = [person(f"人{n}", f"人{n}", record(f"人{n}")) for n in range(50)]
    firms = [firm(f"企{n}") for n in range(50)]
    ties = [stake(p.id, f.id, "0.6") for p, f in zip(people, firms, strict=True)]
    one, many = world([people[0], firms[0]], ties[0]), world([*people, *firms], *ties)
    assert len(flag_all(one, NOW).flags) == 3
    assert len(flag_all(many, NOW).flags) == 150
    assert many.expands == one.expands


def test_exposure_of_many_is_the_exposure_of_each() -> None:
    people = [person(f"人{n}", f"人{n}", record(f"人{n}")) for n in range(4)]
    store = world([*people, firm("甲")], *(stake(p.id, "甲", "0.2") for p in people))
    together = list(exposure_many(store, [p.id for p in people], NOW))
    for part, subject in zip(together, people, strict=True):
        assert part.flags == exposure(store, subject, NOW).flags


def test_a_clean_party_says_what_was_looked_at() -> None:
    row = RejectedRow(
        1, 1, "市监", "shareholders", "股东.csv", "", 7, "share", "bad_share", "", "", "", {},
        ("甲有限公司",),
    )  # fmt: skip
    store = MemoryStore(
        [firm("甲"), person("李", "李四")], [stake("李", "甲", "0.6")], quarantine=[row]
    )
    answer = flags(store, firm("甲"), NOW)
    assert answer.flags == ()
    assert answer.looked_at.relations == {"SHAREHOLDER_OF": 1}
    assert answer.looked_at.quarantined == 1
    assert "controlled" in answer.looked_at.rules
    assert answer.completeness.status == "insufficient_data"
    assert [(m.what, m.id) for m in answer.completeness.missing] == [("quarantined", "股东.csv#7")]


def test_of_a_list_each_party_is_told_of_the_quarantined_rows_that_name_it() -> None:
    rows = [
        RejectedRow(
            no, 1, "市监", "shareholders", "股东.csv", "", no, "share", "bad_share", "", "", "", {},
            names,
        )
        for no, names in enumerate([("甲有限公司",), ("乙有限公司", "甲有限公司"), ("丁",)], 1)
    ]  # fmt: skip
    store = MemoryStore([firm("甲"), firm("乙"), firm("丙")], [], quarantine=rows)
    answer = flags_list(store, [(2, "甲"), (3, "乙"), (4, "丙")], NOW)
    assert [row.looked_at and row.looked_at.quarantined for row in answer.answers] == [2, 1, 0]
    assert [line.id for line in answer.completeness.missing] == ["股东.csv#1", "股东.csv#2"]


def test_a_list_is_answered_row_by_row_in_its_own_order() -> None:
    store = world([ZHANG, person("张2", "张三"), firm("甲")], stake("张", "甲", "0.6"))
    rows = [(2, "甲"), (3, "查无此人"), (4, "name:张三"), (5, "name:甲有限公司"), (6, "甲")]
    answer = flags_list(store, rows, NOW)
    assert [(a.row, a.error, bool(a.flags)) for a in answer.answers] == [
        (2, None, True),
        (3, "unknown_party", False),
        (4, "ambiguous_name", False),
        (5, None, True),
        (6, None, True),
    ]
    assert answer.answers[2].candidates == ("张", "张2")


@pytest.mark.parametrize(("days", "flagged"), [(5, False), (10, False), (11, True)])
def test_the_look_back_leaves_out_its_first_day(days: int, flagged: bool) -> None:
    store = world([ZHANG, firm("甲")], tie("EXECUTIVE_OF", "张", "甲", until=DAY - 10))
    ask = Ask(as_of=DAY, look_back=Span(days, "d"))
    assert (("甲", "former") in found(store, "张", ask)) is flagged
    answer = flags(store, firm("甲"), ask)
    assert [f.grade for f in answer.flags] == (["former"] if flagged else [])
    assert [item.flag.grade for item in answer.ended] == ([] if flagged else ["former"])


def test_a_small_stake_held_for_a_listed_party_is_found_from_the_company() -> None:
    held = stake("李", "甲", "0.3", attributes={"nominee_for": "张"})
    store = world([ZHANG, person("李", "李四"), firm("甲")], held)
    assert [f.grade for f in flags(store, firm("甲"), NOW).flags] == ["held"]


def test_the_shortest_way_is_shown_whoever_comes_first() -> None:
    listed = firm("甲", "甲公司", record("甲"))
    store = world(
        [listed, person("人1", "王一"), person("人2", "王二"), firm("中"), firm("乙")],
        tie("LEGAL_REPRESENTATIVE_OF", "人1", "甲"),
        tie("LEGAL_REPRESENTATIVE_OF", "人2", "甲"),
        stake("人1", "中", "0.6"),
        tie("CONTROLS", "中", "乙"),
        stake("人2", "乙", "0.6"),
    )
    path = found(store, "甲")["乙", "sibling"].path
    assert [step.start.id for step in path] == ["人2", "人2"]
