"""Related parties by statute: each rule, and each exception as hard as the rule."""

from __future__ import annotations

import pytest

from graph_service.answers.statute import RelatedAnswer
from graph_service.days import parse_iso
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.statute.related import related
from tests.queries.stories import DAY, NOW, firm, person, stake, tie, world

LEGAL, POST, KIN, CONCERT = (
    "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "RELATIVE_OF", "CONCERT_WITH",
)  # fmt: skip


def ask(
    who: Party, parties: list[Party], *ties: Relation, pack: str = "company_law_265", on: int = DAY
) -> RelatedAnswer:
    return related(world([who, *parties], *ties), who, Ask(as_of=on), pack)


def said(answer: RelatedAnswer) -> set[tuple[str, str]]:
    return {(("~" if r.inverse else "") + r.rule, r.party.id) for r in answer.related}


甲, 乙, 丙, 丁 = firm("甲"), firm("乙"), firm("丙䶮"), firm("丁𠮷")
张, 李 = person("张"), person("李")


# --- 公司法 ---------------------------------------------------------------------------------------


def test_sisters_under_one_parent_are_related() -> None:
    answer = ask(甲, [乙, 丙], stake("丙䶮", "甲", "0.6"), stake("丙䶮", "乙", "0.7"))
    assert said(answer) == {
        ("controlling_shareholder", "丙䶮"),
        ("actual_controller", "丙䶮"),
        ("controlled_by_controller", "乙"),
    }
    sister = next(r for r in answer.related if r.party.id == "乙")
    assert [(s.start.id, s.end.id) for s in sister.path] == [("丙䶮", "甲"), ("丙䶮", "乙")]
    assert sister.article_zh == "《公司法》（2023年修订）第二百六十五条第四项"
    assert sister.verified


@pytest.mark.parametrize(
    "holder",
    [
        firm("丙䶮", "某市国有资产监督管理委员会"),
        firm("丙䶮", "某市财政局"),
        firm("丙䶮", "某中心", type="机关"),
        firm("丙䶮", "某县国资委", type="特设机构"),
        firm("丙䶮", "某区国有资产管理中心", type="事业单位"),
    ],
    ids=lambda party: party.name,
)
@pytest.mark.parametrize("pack", ["company_law_265", "cas_36", "sse", "szse"])
def test_state_control_alone_relates_nobody(holder: Party, pack: str) -> None:
    ties = (stake("丙䶮", "甲", "1"), stake("丙䶮", "乙", "1"))
    answer = ask(甲, [乙, holder], *ties, pack=pack)
    assert {r.party.id for r in answer.related} == {"丙䶮"}


def test_a_company_that_the_state_owns_relates_its_subsidiaries() -> None:
    group = firm("丙䶮", "某市城市投资集团有限公司", nature="国有")
    body = firm("丁𠮷", "某市国资委")
    ties = (stake("丁𠮷", "丙䶮", "1"), stake("丙䶮", "甲", "1"), stake("丙䶮", "乙", "1"))
    answer = ask(甲, [乙, group, body], *ties)
    assert ("controlled_by_controller", "乙") in said(answer)
    named = firm("丙䶮", "某市国资委投资公司", type="公司")
    assert ("controlled_by_controller", "乙") in said(ask(甲, [乙, named, body], *ties))


def test_half_is_control_of_a_shareholder_until_june_2024_only() -> None:
    half = stake("丙䶮", "甲", "0.5")
    assert said(ask(甲, [丙], half)) == set()
    before = ask(甲, [丙], half, on=parse_iso("2024-06-30"))
    assert said(before) == {("controlling_shareholder", "丙䶮")}
    assert "第二百一十六条第二、四项" in before.related[0].article_zh


def test_until_june_2024_an_actual_controller_could_not_be_a_shareholder() -> None:
    ties = (tie("CONTROLS", "张", "甲"), stake("张", "甲", "0.1"), stake("丙䶮", "甲", "0.9"))
    parties = [张, 丙]
    assert ("actual_controller", "张") in said(ask(甲, parties, *ties))
    old = ask(甲, parties, *ties, on=parse_iso("2024-06-30"))
    assert ("actual_controller", "张") not in said(old)
    above = (stake("张", "丙䶮", "0.9"), stake("丙䶮", "甲", "0.9"))
    old = ask(甲, parties, *above, on=parse_iso("2024-06-30"))
    assert ("actual_controller", "张") in said(old)


def test_votes_above_half_make_a_controlling_shareholder() -> None:
    from decimal import Decimal

    voting = stake("丙䶮", "甲", "0.3", votes=Decimal("0.6"))
    assert said(ask(甲, [丙], voting)) == {("controlling_shareholder", "丙䶮")}


def test_what_an_officer_controls_is_related_what_one_serves_is_not() -> None:
    answer = ask(
        甲,
        [乙, 丙, 张],
        tie(POST, "张", "甲", role="independent_director"),
        tie(POST, "张", "乙", role="director"),
        stake("张", "丙䶮", "0.8"),
    )
    assert said(answer) == {("officer", "张"), ("controlled_by_officer", "丙䶮")}


@pytest.mark.parametrize(
    ("role", "is_officer"),
    [("liquidator", False), ("supervisor", True), ("other", False), ("finance_officer", True)],
)
def test_who_is_an_officer(role: str, is_officer: bool) -> None:
    answer = ask(甲, [张], tie(POST, "张", "甲", role=role))
    assert bool(answer.related) is is_officer


def test_close_kin_are_the_open_clause_and_never_certain() -> None:
    answer = ask(
        甲,
        [乙, 张, 李],
        tie(LEGAL, "张", "甲"),
        tie(KIN, "张", "李", attributes={"kin": "child"}),
        stake("李", "乙", "0.9"),
    )
    other = [r for r in answer.related if r.rule == "other_relation"]
    assert {(r.party.id, r.certain) for r in other} == {("李", False), ("乙", False)}


def test_an_unknown_share_relates_nobody_but_is_said() -> None:
    answer = ask(甲, [丙], stake("丙䶮", "甲"))
    assert answer.related == ()
    assert answer.completeness.status == "insufficient_data"
    assert {line.id for line in answer.completeness.missing} == {"甲"}


def test_of_a_person_the_companies_are_given_backwards() -> None:
    answer = ask(张, [甲, 乙], tie(POST, "张", "甲", role="chair"), stake("张", "乙", "0.9"))
    assert {("~officer", "甲"), ("~controlling_shareholder", "乙")} <= said(answer)


# --- 企业会计准则第36号 ---------------------------------------------------------------------------

OLD = parse_iso("2019-12-31")


def test_under_one_partys_influence_two_were_related_until_2019() -> None:
    ties = (stake("丙䶮", "甲", "0.3"), stake("丙䶮", "乙", "0.3"))
    now = ask(甲, [乙, 丙], *ties, pack="cas_36")
    assert said(now) == {("significant_investor", "丙䶮")}
    before = ask(甲, [乙, 丙], *ties, pack="cas_36", on=OLD)
    assert said(before) == {("significant_investor", "丙䶮"), ("same_influence", "乙")}
    assert not any(r.verified for r in before.related)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("0.1999", set()),
        ("0.2", {("associate", "乙")}),
        ("0.5", {("associate", "乙")}),
        ("0.5001", {("subsidiary", "乙")}),
    ],
)
def test_twenty_per_cent_is_significant_influence(
    share: str, expected: set[tuple[str, str]]
) -> None:
    assert said(ask(甲, [乙], stake("甲", "乙", share), pack="cas_36")) == expected


def test_influence_counts_what_subsidiaries_hold() -> None:
    ties = (stake("甲", "丙䶮", "0.6"), stake("丙䶮", "乙", "0.15"), stake("甲", "乙", "0.1"))
    answer = ask(甲, [乙, 丙], *ties, pack="cas_36")
    assert ("associate", "乙") in said(answer)
    associate = next(r for r in answer.related if r.rule == "associate")
    assert str(associate.share) == "0.25"
    assert {(s.start.id, s.end.id) for s in associate.evidence} == {
        ("甲", "丙䶮"), ("丙䶮", "乙"), ("甲", "乙"),
    }  # fmt: skip
    investor = next(
        r for r in ask(乙, [甲, 丙], *ties, pack="cas_36").related if r.party.id == "甲"
    )
    assert (investor.rule, str(investor.share)) == ("significant_investor", "0.25")


def test_two_equal_halves_are_joint_control_inferred() -> None:
    ties = (stake("丙䶮", "甲", "0.5"), stake("丁𠮷", "甲", "0.5"))
    answer = ask(甲, [丙, 丁], *ties, pack="cas_36")
    joint = {(r.party.id, r.certain) for r in answer.related if r.rule == "joint_controller"}
    assert joint == {("丙䶮", False), ("丁𠮷", False)}
    # 重大影响 is what is neither control nor joint control: one or the other, never both.
    assert {r.rule for r in answer.related} == {"joint_controller"}
    assert {r.rule for r in ask(丙, [甲, 丁], *ties, pack="cas_36").related} == {"joint_venture"}
    # 第五条第三项: the venturers of one joint venture are not related for that alone
    assert {r.party.id for r in ask(丙, [甲, 丁], *ties, pack="cas_36").related} == {"甲"}


def test_concert_parties_with_a_majority_control_jointly() -> None:
    ties = (
        stake("丙䶮", "甲", "0.3"), stake("丁𠮷", "甲", "0.3"), tie(CONCERT, "丁𠮷", "丙䶮"),
    )  # fmt: skip
    answer = ask(甲, [丙, 丁], *ties, pack="cas_36")
    joint = {(r.party.id, r.certain) for r in answer.related if r.rule == "joint_controller"}
    assert joint == {("丙䶮", True), ("丁𠮷", True)}


def test_associates_of_the_groups_other_members_are_related_since_2020() -> None:
    ties = (stake("丙䶮", "甲", "0.6"), stake("丙䶮", "乙", "0.6"), stake("乙", "丁𠮷", "0.3"))
    answer = ask(甲, [乙, 丙, 丁], *ties, pack="cas_36")
    assert ("group_venture", "丁𠮷") in said(answer)
    assert ("~group_venture", "甲") in said(ask(丁, [甲, 乙, 丙], *ties, pack="cas_36"))
    old = ask(甲, [乙, 丙, 丁], *ties, pack="cas_36", on=OLD)
    assert "丁𠮷" not in {r.party.id for r in old.related}


def test_key_managers_family_and_what_they_influence() -> None:
    answer = ask(
        甲,
        [乙, 丙, 张, 李],
        tie(POST, "张", "甲", role="finance_officer"),
        tie(KIN, "张", "李", attributes={"kin": "spouse"}),
        stake("李", "乙", "0.2"),
        tie(POST, "张", "丙䶮", role="director"),
        pack="cas_36",
    )
    assert said(answer) == {
        ("key_manager", "张"), ("manager_family", "李"), ("enterprise_of_individuals", "乙"),
    }  # fmt: skip
    supervisor = ask(甲, [张], tie(POST, "张", "甲", role="supervisor"), pack="cas_36")
    assert supervisor.related == ()


# --- exchanges ------------------------------------------------------------------------------------


def test_five_per_cent_and_family_and_boards() -> None:
    answer = ask(
        甲,
        [乙, 丙, 丁, 张, 李],
        stake("张", "甲", "0.05"),
        stake("丙䶮", "甲", "0.0499"),
        tie(KIN, "张", "李", attributes={"kin": "sibling"}),
        tie(POST, "李", "乙", role="director"),
        tie(POST, "李", "丁𠮷", role="supervisor"),
        pack="sse",
    )
    assert said(answer) == {
        ("individual_holder_5", "张"), ("family", "李"), ("enterprise_of_related_person", "乙"),
    }  # fmt: skip
    assert [w.what for w in answer.warnings] == ["not_listed"]


def test_indirect_five_per_cent_goes_through_controlled_companies_only() -> None:
    ties = (stake("张", "丙䶮", "0.6"), stake("丙䶮", "甲", "0.05"))
    assert ("individual_holder_5", "张") in said(ask(甲, [丙, 张], *ties, pack="sse"))
    ties = (stake("张", "丙䶮", "0.5"), stake("丙䶮", "甲", "0.9"))
    assert ("individual_holder_5", "张") not in said(ask(甲, [丙, 张], *ties, pack="sse"))


@pytest.mark.parametrize(
    ("here", "there", "is_related"),
    [
        ("independent_director", "independent_director", False),
        ("independent_director", "director", True),
        ("director", "independent_director", True),
    ],
)
def test_independent_directors_of_both_boards(here: str, there: str, is_related: bool) -> None:
    ties = (tie(POST, "张", "甲", role=here), tie(POST, "张", "乙", role=there))
    answer = ask(甲, [乙, 张], *ties, pack="szse")
    assert (("enterprise_of_related_person", "乙") in said(answer)) is is_related
    listed = firm("甲", securities_code="600000")
    other_way = ask(乙, [listed, 张], *ties, pack="szse")
    assert (("~enterprise_of_related_person", "甲") in said(other_way)) is is_related


def test_the_companys_own_subsidiaries_are_left_out() -> None:
    ties = (
        stake("丙䶮", "甲", "0.6"), stake("甲", "乙", "0.9"), tie(POST, "张", "甲", role="chair"),
        tie(POST, "张", "乙", role="chair"),
    )  # fmt: skip
    answer = ask(甲, [乙, 丙, 张], *ties, pack="sse")
    assert "乙" not in {r.party.id for r in answer.related}


@pytest.mark.parametrize(
    ("until", "is_related"),
    [("2025-03-01", False), ("2025-03-02", True), ("2026-03-01", True)],
)
def test_twelve_months_back(until: str, is_related: bool) -> None:
    gone = tie(POST, "张", "甲", role="chair", until=parse_iso(until))
    answer = ask(甲, [乙, 张], gone, stake("张", "乙", "0.9"), pack="sse")
    assert {r.party.id for r in answer.related} == ({"张", "乙"} if is_related else set())
    assert all(r.former and r.day == parse_iso(until) - 1 for r in answer.related)
    assert all(r.path[0].relation.former for r in answer.related)
    assert ask(甲, [乙, 张], gone, stake("张", "乙", "0.9")).related == ()


def test_a_past_control_is_that_of_its_day_not_a_mixture() -> None:
    half_a_year_ago = DAY - 180
    ties = (
        stake("丙䶮", "甲", "0.3", until=half_a_year_ago),
        stake("丙䶮", "甲", "0.3", since=half_a_year_ago),
    )
    answer = ask(甲, [丙], *ties, pack="sse")
    assert said(answer) == {("holder_5", "丙䶮")}


def test_an_unknown_end_is_said() -> None:
    answer = ask(甲, [张], tie(POST, "张", "甲", role="chair", ended=True), pack="sse")
    assert answer.related == ()
    assert [line.what for line in answer.completeness.missing] == ["relation"]


def test_more_changes_than_are_looked_at_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [person(f"人{n:02d}") for n in range(20)]
    ties = [tie(POST, p.id, "甲", role="chair", until=DAY - n - 1) for n, p in enumerate(people)]
    whole = ask(甲, people, *ties, pack="sse")
    assert (whole.completeness.status, len(whole.related)) == ("complete", 20)
    monkeypatch.setattr("queries.statute.related._MOST_DAYS", 15)
    cut = ask(甲, people, *ties, pack="sse")
    assert (cut.completeness.status, len(cut.related)) == ("truncated", 15)
    assert [line.what for line in cut.completeness.missing] == ["look_back"]


@pytest.mark.parametrize("birth", ["2015-01-01", "2015-03", "2015"])
def test_kin_is_read_in_its_own_direction(birth: str) -> None:
    born = Party("小", "Person", "小张", "c" * 16, (), {"birth_date": birth})
    grown = Party("大", "Person", "大张", "d" * 16, (), {"birth_date": "2000-01-01"})
    ties = (
        tie(POST, "张", "甲", role="chair"),
        tie(KIN, "张", "小", attributes={"kin": "child"}),
        tie(KIN, "大", "张", attributes={"kin": "parent"}),
        tie(KIN, "大", "李", attributes={"kin": "spouse"}),
    )
    answer = ask(甲, [张, 李, born, grown], *ties, pack="sse")
    assert {r.party.id for r in answer.related if r.rule == "family"} == {"大", "李"}


def test_a_stranger_changes_nothing_and_order_neither() -> None:
    ties = [
        stake("丙䶮", "甲", "0.6"),
        stake("丙䶮", "乙", "0.7"),
        tie(POST, "张", "甲", role="chair"),
    ]
    parties = [乙, 丙, 张]
    for pack in ("company_law_265", "cas_36", "sse"):
        here = ask(甲, parties, *ties, pack=pack).related
        far = [*parties, firm("远"), firm("方")]
        there = ask(甲, far[::-1], *ties[::-1], stake("远", "方", "0.6"), pack=pack).related
        assert here == there
    assert related(world([甲, *parties], *ties), 甲, NOW).related


@pytest.mark.parametrize("pack", ["company_law_265", "cas_36", "sse"])
def test_a_hop_is_one_expand_however_many_companies_stand_on_it(pack: str) -> None:
    def asked(size: int) -> int:
        firms = [firm(f"企{n:02d}䶮", securities_code=f"{600000 + n}") for n in range(size)]
        below = [firm(f"子{n:02d}𠮷") for n in range(size)]
        chairs = [person(f"人{n:02d}") for n in range(size)]
        ties = [
            made
            for one, under, chair in zip(firms, below, chairs, strict=True)
            for made in (
                stake("张", one.id, "0.3"),
                stake(one.id, under.id, "0.6"),
                tie(POST, chair.id, one.id, role="chair"),
                tie(POST, "张", under.id, role="director"),
            )
        ]
        store = world([张, *firms, *below, *chairs], *ties)
        answer = related(store, 张, Ask(as_of=DAY), pack)
        assert len(answer.related) >= size
        return store.expands

    assert asked(12) == asked(3)
