"""Barred from office and from tenders: who, for what, until when, and who is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph_service.answers.statute import Bar, Bars
from graph_service.model import Party, Record, Relation
from queries.ask import Ask, asking
from queries.statute.bar_law import years_after
from queries.statute.barred import barred, barred_from_office, barred_from_tenders
from tests.queries.stories import DAY, NOW, day, firm, person, record, tie, world

REVOKED_ON = day("2024-05-10")
LEGAL = "LEGAL_REPRESENTATIVE_OF"


def penalty(subject: str, kind: str, **more: object) -> Record:
    more = {"penalty_kind": kind, "listed": None, "decided": REVOKED_ON} | more
    return record(subject, "行政处罚", "", **more)


def office(parties: list[Party], *relations: Relation, who: str = "王", on: int = DAY) -> Bars:
    with asking(world(parties, *relations), Ask(as_of=on)) as question:
        return barred_from_office(question, [who], on)


def tenders(enterprise: Party, on: int = DAY) -> tuple[Bar, ...]:
    with asking(world([enterprise]), Ask(as_of=on)) as question:
        return barred_from_tenders(question, [enterprise.id], on).bars


def rules(found: Bars) -> set[tuple[str, bool]]:
    return {(bar.rule, bar.certain) for bar in found.bars}


def closed(responsible: bool | None = True, **more: object) -> Party:
    shut = penalty("星", "吊销营业执照", personally_responsible=responsible, **more)
    return firm("星", "星河䶮业有限公司", shut, status="revoked", status_date="2024-05-10")


WANG = person("王", "王伟")
ANSWERED = {("company_law_178_4", True), ("registration_12_4", True)}


def test_the_legal_representative_of_a_company_whose_licence_was_revoked() -> None:
    found = office([WANG, closed()], tie(LEGAL, "王", "星"))
    assert rules(found) == ANSWERED
    bar = found.bars[0]
    assert (bar.since, bar.until) == (REVOKED_ON, day("2027-05-10"))
    assert [(s.start.id, s.end.id) for s in bar.path] == [("王", "星")]
    assert bar.article_zh.endswith("第一百七十八条第一款第四项")
    assert found.missing == ()


@pytest.mark.parametrize(
    ("on", "is_barred"),
    [("2024-05-09", False), ("2024-05-10", True), ("2027-05-10", True), ("2027-05-11", False)],
)
def test_three_years_to_the_day(on: str, is_barred: bool) -> None:
    found = office([WANG, closed()], tie(LEGAL, "王", "星"), on=day(on))
    assert bool(found.bars) is is_barred


def test_a_term_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert years_after(day("2024-02-29")) == day("2027-02-28")


@pytest.mark.parametrize(
    "relation",
    [
        tie("EXECUTIVE_OF", "王", "星", role="director"),
        tie(LEGAL, "王", "星", until=REVOKED_ON),  # left that very day: held on [since, until)
        tie(LEGAL, "王", "星", since=REVOKED_ON + 1),
        tie("SHAREHOLDER_OF", "王", "星"),
    ],
    ids=["a director", "left before", "came after", "a shareholder"],
)
def test_only_the_legal_representative_of_that_day(relation: Relation) -> None:
    assert office([WANG, closed()], relation) == Bars()


def test_who_left_the_post_after_the_revocation_is_barred() -> None:
    gone = tie(LEGAL, "王", "星", until=REVOKED_ON + 30)
    assert rules(office([WANG, closed()], gone)) == ANSWERED


def test_a_post_that_ended_on_an_unknown_day_is_not_certain() -> None:
    found = office([WANG, closed()], tie(LEGAL, "王", "星", ended=True))
    assert {certain for _, certain in rules(found)} == {False}


def test_not_personally_responsible_is_not_barred() -> None:
    assert office([WANG, closed(False)], tie(LEGAL, "王", "星")) == Bars()


def test_where_responsibility_is_not_known_nobody_is_barred_but_it_is_said() -> None:
    found = office([WANG, closed(None)], tie(LEGAL, "王", "星"))
    assert found.bars == ()
    (line,) = found.missing
    assert (line.what, line.id) == ("responsibility", "星")
    long_ago = office([WANG, closed(None)], tie(LEGAL, "王", "星"), on=day("2027-05-11"))
    assert long_ago == Bars()


def test_a_decision_that_was_set_aside_bars_nobody() -> None:
    shut = penalty("星", "吊销营业执照", personally_responsible=True, status="revoked")
    assert office([WANG, firm("星", "", shut)], tie(LEGAL, "王", "星")) == Bars()


def test_the_persons_own_record_that_names_the_company() -> None:
    own = penalty(
        "王", "", reason="对星河䶮业有限公司被吊销营业执照负有个人责任", personally_responsible=True
    )
    bare = firm("星", "星河䶮业有限公司", status="revoked", status_date="2024-05-10")
    found = office([person("王", "王伟", own), bare], tie(LEGAL, "王", "星"))
    assert rules(found) == ANSWERED
    assert found.bars[0].record == own


def test_a_record_that_names_another_company_proves_nothing_surely() -> None:
    own = penalty(
        "王", "", reason="对银河贸易有限公司被吊销营业执照负有个人责任", personally_responsible=True
    )
    bare = firm("星", "星河䶮业有限公司", status="revoked", status_date="2024-05-10")
    found = office([person("王", "王伟", own), bare], tie(LEGAL, "王", "星"))
    assert {certain for _, certain in rules(found)} == {False}


def test_a_record_that_says_no_beats_the_companys_yes() -> None:
    own = penalty("王", "吊销营业执照", reason="星河䶮业有限公司", personally_responsible=False)
    assert office([person("王", "王伟", own), closed()], tie(LEGAL, "王", "星")) == Bars()


def test_ordered_to_close_counts_for_directors_since_2024_and_never_for_registration() -> None:
    shut = penalty("星", "责令关闭", personally_responsible=True, decided=day("2023-05-10"))
    world_ = [WANG, firm("星", "", shut, status="ordered_closed", status_date="2023-05-10")]
    assert rules(office(world_, tie(LEGAL, "王", "星"))) == {("company_law_178_4", True)}
    assert office(world_, tie(LEGAL, "王", "星"), on=day("2024-06-30")) == Bars()


def test_the_edition_of_the_day_is_cited() -> None:
    old = closed(decided=day("2023-05-10"))
    old = firm("星", "", *old.records, status="revoked", status_date="2023-05-10")
    found = office([WANG, old], tie(LEGAL, "王", "星"), on=day("2024-06-30"))
    assert rules(found) == {("company_law_146_4", True), ("registration_12_4", True)}
    shut = closed(listed=day("2021-05-10"), decided=day("2021-05-10")).records
    before = firm("星", "", *shut, status="revoked", status_date="2021-05-10")
    found = office([WANG, before], tie(LEGAL, "王", "星"), on=day("2022-02-28"))
    assert rules(found) == {("company_law_146_4", True)}


# --- bankruptcy ---------------------------------------------------------------------------------


def bankrupt(responsible: bool | None = None) -> Party:
    ruled = record(
        "星", "破产案件", reason="裁定终结破产程序", decided=REVOKED_ON,
        personally_responsible=responsible,
    )  # fmt: skip
    return firm("星", "星河䶮业有限公司", ruled)


BLAMED = record(
    "王", "破产案件", reason="对星河䶮业有限公司破产负有个人责任", personally_responsible=True
)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("director", {("company_law_178_3", True), ("registration_12_3", True)}),
        ("general_manager", {("company_law_178_3", True), ("registration_12_3", True)}),
        ("supervisor", set()),
        ("deputy_general_manager", set()),
    ],
)
def test_directors_and_managers_answer_for_a_bankruptcy(
    role: str, expected: set[tuple[str, bool]]
) -> None:
    post = tie("EXECUTIVE_OF", "王", "星", role=role)
    found = office([person("王", "王伟", BLAMED), bankrupt()], post)
    assert rules(found) == expected
    assert all(bar.until == day("2027-05-10") for bar in found.bars)


def test_a_legal_representative_answers_for_a_bankruptcy_by_the_registration_rule_alone() -> None:
    found = office([person("王", "王伟", BLAMED), bankrupt()], tie(LEGAL, "王", "星"))
    assert rules(found) == {("registration_12_3", True)}


def test_a_record_about_the_company_does_not_say_which_director() -> None:
    found = office([WANG, bankrupt(True)], tie("EXECUTIVE_OF", "王", "星", role="chair"))
    assert rules(found) == {("company_law_178_3", False), ("registration_12_3", False)}


def test_a_record_that_names_the_bankrupt_company_is_enough() -> None:
    gone = firm("星", "星河䶮业有限公司", status="cancelled", dissolved="2024-05-10")
    post = tie("EXECUTIVE_OF", "王", "星", role="chair", until=REVOKED_ON)
    found = office([person("王", "王伟", BLAMED), gone], post)
    assert rules(found) == {("company_law_178_3", True), ("registration_12_3", True)}
    assert {bar.until for bar in found.bars} == {day("2027-05-10")}
    nothing_more = firm("星", "星河䶮业有限公司")
    found = office([person("王", "王伟", BLAMED), nothing_more], post)
    assert {certain for _, certain in rules(found)} == {False}
    assert [(s.start.id, s.end.id) for s in found.bars[0].path] == [("王", "星")]


def test_a_record_that_names_the_revoked_company_is_enough() -> None:
    own = penalty("王", "吊销营业执照", reason="星河䶮业有限公司", personally_responsible=True)
    found = office(
        [person("王", "王伟", own), firm("星", "星河䶮业有限公司")], tie(LEGAL, "王", "星")
    )
    assert rules(found) == {("company_law_178_4", False), ("registration_12_4", False)}
    assert found.bars[0].since == REVOKED_ON


def test_a_bankruptcy_that_is_not_over_bars_nobody_yet() -> None:
    going_on = firm("星", "星河䶮业有限公司", status="破产")
    found = office(
        [person("王", "王伟", BLAMED), going_on], tie("EXECUTIVE_OF", "王", "星", role="chair")
    )
    assert found.bars == ()
    assert [line.what for line in found.missing] == ["responsibility"]


# --- debtors, and records that bar ---------------------------------------------------------------


def test_a_person_listed_as_a_debtor_is_barred_while_listed() -> None:
    debtor = person("王", "王伟", record("王", valid_until=DAY))
    assert rules(office([debtor])) == {("company_law_178_5", True), ("registration_12_5", True)}
    assert office([debtor], on=DAY + 1) == Bars()
    repaired = person("王", "王伟", record("王", status="repaired"))
    assert office([repaired]) == Bars()
    doubted = person("王", "王伟", record("王"), record("王", id="否", label=False))
    assert {certain for _, certain in rules(office([doubted]))} == {False}


def test_an_enterprise_on_the_debtors_list_is_not_barred_from_office() -> None:
    assert office([firm("星", "", record("星"))], who="星") == Bars()


def test_a_ban_from_posts_is_a_bar_by_its_own_basis() -> None:
    banned = person("王", "王伟", record("王", "市场禁入", basis="《证券法》第二百二十一条"))
    (bar,) = office([banned]).bars
    assert (bar.rule, bar.article_zh) == ("stated_in_record", "《证券法》第二百二十一条")


def test_a_record_of_responsibility_without_a_known_post_is_never_certain() -> None:
    own = penalty("王", "吊销营业执照", personally_responsible=True)
    found = office([person("王", "王伟", own)])
    assert rules(found) == {("company_law_178_4", False), ("registration_12_4", False)}


# --- tenders --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (record("甲", "政府采购严重违法失信行为记录名单"), [("procurement_list", True)]),
        (record("甲", "政府采购严重违法失信行为记录名单", valid_until=DAY - 1), []),
        (record("甲", "禁止参加招标投标", valid_until=DAY), [("tender_ban", True)]),
        (record("甲", "禁止参加招标投标", valid_until=DAY - 1), []),
        (record("甲", "行贿犯罪"), [("major_violation", True)]),
        (penalty("甲", "责令停产停业"), [("major_violation", True)]),
        (penalty("甲", "吊销许可证"), [("major_violation", True)]),
        (penalty("甲", "暂扣许可证"), []),
        (penalty("甲", "暂扣或者吊销许可证"), [("major_violation", False)]),
        (penalty("甲", "罚款", fine=Decimal("2000000")), [("major_violation", True)]),
        (penalty("甲", "罚款", fine=Decimal("1999999.99")), []),
        (penalty("甲", "罚款", fine=Decimal("2000000"), status="revoked"), []),
        (penalty("甲", "吊销许可证", status="repaired"), [("major_violation", False)]),
        (penalty("甲", "警告"), []),
        (record("甲"), []),
    ],
)
def test_bars_from_procurement(said: Record, expected: list[tuple[str, bool]]) -> None:
    assert [(b.rule, b.certain) for b in tenders(firm("甲", "", said))] == expected


@pytest.mark.parametrize(
    ("decided", "count"),
    [("2023-02-28", 0), ("2023-03-01", 1), ("2026-03-01", 1), ("2026-03-02", 0)],
)
def test_a_violation_counts_for_three_years(decided: str, count: int) -> None:
    shut = penalty("甲", "责令停产停业", decided=day(decided))
    assert len(tenders(firm("甲", "", shut))) == count


def test_before_the_notice_a_large_fine_had_no_national_threshold() -> None:
    fined = penalty("甲", "罚款", fine=Decimal("3000000"), decided=day("2022-02-07"))
    (bar,) = tenders(firm("甲", "", fined), on=day("2023-01-01"))
    assert not bar.certain


def test_an_undated_violation_is_said() -> None:
    fined = penalty("甲", "吊销许可证", decided=None)
    with asking(world([firm("甲", "", fined)]), NOW) as question:
        found = barred_from_tenders(question, ["甲"], DAY)
    assert found.bars == ()
    assert [line.what for line in found.missing] == ["record"]


# --- the answer ----------------------------------------------------------------------------------


def test_an_enterprise_names_its_barred_officers() -> None:
    debtor = person("王", "王伟", record("王"))
    store = world(
        [debtor, person("李", "李𠮷"), firm("甲")],
        tie(LEGAL, "王", "甲"),
        tie("EXECUTIVE_OF", "王", "甲", role="chair"),
        tie("EXECUTIVE_OF", "李", "甲", role="director"),
        tie("EXECUTIVE_OF", "王", "甲", role="director", until=DAY),
    )
    answer = barred(store, firm("甲"), NOW)
    (officer,) = answer.officers
    assert officer.party.id == "王"
    assert [s.relation.type for s in officer.posts] == ["EXECUTIVE_OF", LEGAL]
    assert {bar.rule for bar in officer.bars} == {"company_law_178_5", "registration_12_5"}
    assert [s.end.id for s in barred(store, debtor, NOW).offices] == ["甲", "甲"]


def test_a_party_far_away_changes_nothing() -> None:
    ties = [tie(LEGAL, "王", "星")]
    here = office([WANG, closed()], *ties)
    far = [closed().__class__("远", "Enterprise", "远方有限公司", "f" * 16), person("赵", "赵六")]
    assert office([*far, WANG, closed()], tie(LEGAL, "赵", "远"), *ties) == here
