"""Every verdict of a pair and every exception, planted one by one."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from graph_service.errors import UsageError
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.tender.basis import ART_18, ART_34, ART_40, ORDER_87
from tests.queries.stories import LAST_THREE_YEARS, NOW, contact, day, firm, person, tie
from tests.tender.planted import asked, bid, bids, codes, pair

HALF = Decimal("0.51")
ALL = Decimal(1)


def owns(start: str, end: str, share: Decimal = HALF, **more: object) -> Relation:
    """A stake of an exact size."""
    return tie("SHAREHOLDER_OF", start, end, share=share, share_min=share, share_max=share, **more)


def heads(start: str, *ends: str, **more: object) -> list[Relation]:
    """One head of several enterprises."""
    return [tie("LEGAL_REPRESENTATIVE_OF", start, end, **more) for end in ends]


FIRMS = [firm(name) for name in "甲乙丙丁"]


@pytest.mark.parametrize(
    ("regime", "verdict", "articles"),
    [
        ("b", "void_art34", (ART_34,)),
        ("g", "barred_art18", (ART_18,)),
        ("", "void_art34", (ART_34, ART_18)),
    ],
)
def test_one_head(regime: str, verdict: str, articles: tuple[str, ...]) -> None:
    world = [*FIRMS, person("王", "王伟")]
    answer = asked(world, heads("王", "甲", "乙"), bids("甲", "乙", "丙"), regime=regime)
    found = pair(answer, "甲", "乙")
    assert (found.verdict, found.articles) == (verdict, articles)
    assert [step.relation.type for step in found.path] == ["LEGAL_REPRESENTATIVE_OF"] * 2
    assert pair(answer, "甲", "丙").verdict == "none_within_k"
    assert (answer.pairs_checked, answer.pairs_insufficient) == (3, 0)


@pytest.mark.parametrize(
    ("regime", "verdict", "articles"),
    [
        ("b", "void_art34", (ART_34,)),
        ("g", "suspicious", ()),
        ("", "void_art34", (ART_34,)),
    ],
)
def test_a_chain_of_two_levels_voids_under_one_law_only(
    regime: str, verdict: str, articles: tuple[str, ...]
) -> None:
    world = [*FIRMS, firm("中间")]
    ties = [owns("甲", "中间"), owns("中间", "乙")]
    found = pair(asked(world, ties, bids("甲", "乙"), regime=regime), "甲", "乙")
    assert (found.verdict, found.articles) == (verdict, articles)
    assert "indirect_control" in codes(found)
    assert [step.end.id for step in found.path] == ["中间", "乙"]


@pytest.mark.parametrize("regime", ["b", "g", ""])
def test_direct_control_counts_under_both_laws(regime: str) -> None:
    verdict = "barred_art18" if regime == "g" else "void_art34"
    for ties in ([owns("甲", "乙")], [tie("CONTROLS", "甲", "乙")]):
        found = pair(asked(FIRMS, ties, bids("乙", "甲"), regime=regime), "甲", "乙")
        assert found.verdict == verdict
        assert "direct_control" in codes(found)


def test_exactly_half_is_no_control_but_a_sign() -> None:
    found = pair(asked(FIRMS, [owns("甲", "乙", Decimal("0.5"))], bids("甲", "乙")), "甲", "乙")
    assert (found.verdict, codes(found)) == ("suspicious", {"tie"})


def test_control_far_beyond_k_hops_voids_all_the_same() -> None:
    chain = ["甲", *(f"层{number}" for number in range(9)), "乙"]
    world = [firm(name) for name in chain]
    ties = [owns(a, b) for a, b in pairwise(chain)]
    found = pair(asked(world, ties, bids("甲", "乙")), "甲", "乙")
    assert (found.verdict, found.hops, len(found.path)) == ("void_art34", None, 10)


def test_joint_control_is_proved_by_all_its_ties() -> None:
    world = [*FIRMS, firm("左"), firm("右")]
    part = Decimal("0.3")
    ties = [owns("甲", "左"), owns("甲", "右"), owns("左", "乙", part), owns("右", "乙", part)]
    found = pair(asked(world, ties, bids("甲", "乙")), "甲", "乙")
    assert found.verdict == "void_art34"
    assert len(found.evidence) == 4


def test_private_sisters_are_suspicious_never_void() -> None:
    world = [*FIRMS, firm("母")]
    ties = [owns("母", "甲", ALL), owns("母", "乙", ALL)]
    for regime in ("b", "g", ""):
        found = pair(asked(world, ties, bids("甲", "乙"), regime=regime), "甲", "乙")
        assert (found.verdict, found.articles) == ("suspicious", ())
        assert "common_controller" in codes(found)


@pytest.mark.parametrize(
    "owner",
    [
        firm("国资委", "某市国有资产监督管理委员会"),
        firm("国资委", "某集团", nature="国有"),
        firm("国资委", "某机关", type="机关"),
    ],
)
def test_state_ownership_alone_is_nothing(owner: Party) -> None:
    ties = [owns("国资委", "甲", ALL), owns("国资委", "乙", ALL)]
    found = pair(asked([*FIRMS, owner], ties, bids("甲", "乙")), "甲", "乙")
    assert (found.verdict, found.indicators) == ("none_within_k", ())


def test_a_state_bidder_still_voids_with_what_it_controls() -> None:
    state = firm("国", "某国有集团", nature="国有")
    found = pair(asked([*FIRMS, state], [owns("国", "甲")], bids("国", "甲")), "国", "甲")
    assert found.verdict == "void_art34"


def test_namesakes_are_two_people() -> None:
    world = [*FIRMS, person("王1", "王伟"), person("王2", "王伟")]
    ties = [*heads("王1", "甲"), *heads("王2", "乙")]
    assert pair(asked(world, ties, bids("甲", "乙")), "甲", "乙").verdict == "none_within_k"


def test_a_company_at_the_head_of_two_partnerships_is_no_one_head() -> None:
    world = [*FIRMS, firm("管理人")]
    found = pair(asked(world, heads("管理人", "甲", "乙"), bids("甲", "乙")), "甲", "乙")
    assert found.verdict == "suspicious"


@pytest.mark.parametrize(
    ("ask", "until", "verdict", "marks"),
    [
        (NOW, day("2025-01-01"), "none_within_k", set()),
        (LAST_THREE_YEARS, day("2025-01-01"), "suspicious", {"former_same_head", "tie"}),
        (LAST_THREE_YEARS, day("2023-02-01"), "none_within_k", set()),
        (LAST_THREE_YEARS, day("2026-03-02"), "void_art34", {"same_head", "tie"}),
    ],
)
def test_ended_ties_inside_and_outside_three_years(
    ask: Ask, until: int, verdict: str, marks: set[str]
) -> None:
    world = [*FIRMS, person("王")]
    ties = [*heads("王", "甲"), *heads("王", "乙", until=until)]
    found = pair(asked(world, ties, bids("甲", "乙"), ask=ask), "甲", "乙")
    assert (found.verdict, codes(found)) == (verdict, marks)


def test_a_contact_of_many_is_a_hub_and_proves_nothing() -> None:
    clients = [firm(f"客户{number}") for number in range(20)]
    world = [*FIRMS, *clients, contact("phone:1"), contact("phone:2")]
    shared = [tie("HAS_CONTACT", id, "phone:1") for id in ("甲", "乙")]
    mass = [tie("HAS_CONTACT", id, "phone:2") for id in ("丙", "丁", *(c.id for c in clients))]
    answer = asked(world, [*shared, *mass], bids("甲", "乙", "丙", "丁"))
    assert codes(pair(answer, "甲", "乙")) == {"shared_phone"}
    assert pair(answer, "甲", "乙").verdict == "suspicious"
    assert pair(answer, "丙", "丁").verdict == "none_within_k"
    assert answer.completeness.hubs == ("phone:2",)


def test_an_agent_of_many_companies_is_a_hub() -> None:
    clients = [firm(f"客户{number}") for number in range(20)]
    world = [*FIRMS, *clients, person("代办")]
    ends = ["甲", "乙", *(c.id for c in clients)]
    ties = [tie("EXECUTIVE_OF", "代办", end, role="finance_officer") for end in ends]
    answer = asked(world, ties, bids("甲", "乙"))
    assert pair(answer, "甲", "乙").verdict == "none_within_k"
    assert answer.completeness.hubs == ("代办",)
    few = asked(world, ties[:6], bids("甲", "乙"))
    assert codes(pair(few, "甲", "乙")) == {"shared_executive", "tie"}


def test_one_head_of_many_companies_voids_although_it_is_a_hub() -> None:
    clients = [firm(f"客户{number}") for number in range(30)]
    world = [*FIRMS, *clients, person("王")]
    ties = heads("王", "甲", "乙", *(c.id for c in clients))
    assert pair(asked(world, ties, bids("甲", "乙")), "甲", "乙").verdict == "void_art34"


@pytest.mark.parametrize("column", ["preparer", "agent", "project_manager", "deposit_account"])
@pytest.mark.parametrize(
    ("regime", "articles"),
    [("b", (ART_40,)), ("g", (ORDER_87,)), ("", (ART_40, ORDER_87))],
)
def test_facts_of_article_40(column: str, regime: str, articles: tuple[str, ...]) -> None:
    rows = [bid(2, "甲", **{column: "李 强"}), bid(3, "乙", **{column: "李强"}), bid(4, "丙")]
    found = pair(asked(FIRMS, [], rows, regime=regime), "甲", "乙")
    assert (found.verdict, found.articles) == ("deemed_art40", articles)
    assert codes(found) == {f"same_{column}"}


@pytest.mark.parametrize("column", ["device", "address", "phone"])
def test_contacts_in_bids_are_signs_only(column: str) -> None:
    rows = [bid(2, "甲", **{column: "０１０-1"}), bid(3, "乙", **{column: "010-1"})]
    found = pair(asked(FIRMS, [], rows), "甲", "乙")
    assert (found.verdict, codes(found)) == ("suspicious", {f"same_{column}"})


def test_a_row_without_a_party_is_counted_and_its_own_facts_apply() -> None:
    rows = [bid(2, "甲", agent="李"), bid(3, "外国公司", agent="李"), bid(4, "乙")]
    answer = asked(FIRMS, [], rows, all_pairs=False)
    assert [one.verdict for one in answer.pairs] == ["deemed_art40"]
    assert answer.pairs[0].b.party is None
    assert (answer.pairs_checked, answer.pairs_insufficient) == (1, 2)
    assert pair(asked(FIRMS, [], rows), "#3", "乙").verdict == "insufficient_data"


def test_lots_are_told_apart() -> None:
    world = [*FIRMS, person("王")]
    rows = [bid(2, "甲", lot="一"), bid(3, "乙", lot="二"), bid(4, "丙", lot="一")]
    answer = asked(world, heads("王", "甲", "乙"), rows)
    assert {(one.a.row, one.b.row) for one in answer.pairs} == {(2, 4)}
    assert [one.rows for one in answer.lots] == [2, 1]


def test_members_of_a_joint_bid_are_one_bidder() -> None:
    world = [*FIRMS, person("王"), person("李")]
    rows = [bid(2, "甲", consortium="联"), bid(3, "乙", consortium="联"), bid(4, "丙")]
    ties = [*heads("王", "甲", "乙"), *heads("李", "乙", "丙", id="x")]
    ties = [*heads("王", "甲", "乙"), *(t for t in heads("李", "丙", "丁"))]
    answer = asked(world, ties, [*rows, bid(5, "丁", consortium="另")])
    assert {(p.a.row, p.b.row) for p in answer.pairs} == {(2, 4), (2, 5), (3, 4), (3, 5), (4, 5)}
    assert pair(answer, "丙", "丁").verdict == "void_art34"
    assert answer.pairs_checked == 3
    assert len(answer.bidders) == 4


def test_a_bidder_said_twice_is_one_bidder() -> None:
    rows = [bid(2, "甲", agent="李"), bid(3, "甲"), bid(4, "乙", agent="李")]
    answer = asked(FIRMS, [], rows)
    assert [(p.a.row, p.b.row) for p in answer.pairs] == [(2, 4)]
    assert [b.duplicate_of for b in answer.bidders] == [None, 2, None]
    assert answer.bidders[1].verdict == "review"
    assert answer.pairs_checked == 1


def test_the_gravest_verdict_stands_and_every_sign_is_told() -> None:
    world = [*FIRMS, person("王")]
    rows = [bid(2, "甲", agent="李"), bid(3, "乙", agent="李")]
    found = pair(asked(world, heads("王", "甲", "乙"), rows), "甲", "乙")
    assert found.verdict == "void_art34"
    assert found.articles == (ART_34, ART_18, ART_40, ORDER_87)
    assert codes(found) == {"same_head", "same_agent", "tie"}


def test_only_pairs_with_something_are_listed_unless_all_are_asked_for() -> None:
    world = [*FIRMS, person("王")]
    answer = asked(world, heads("王", "甲", "乙"), bids("甲", "乙", "丙", "丁"), all_pairs=False)
    assert [(one.a.row, one.b.row) for one in answer.pairs] == [(2, 3)]
    assert answer.pairs_checked == 6


def test_more_pairs_than_can_be_listed_are_refused_not_cut() -> None:
    rows = [bid(n, f"外国公司{n}", agent="李") for n in range(1_100)]
    with pytest.raises(UsageError, match="make more than 600,000 pairs"):
        asked([], [], rows, all_pairs=False)


def test_a_cluster_has_its_hub() -> None:
    world = [*FIRMS, person("王")]
    answer = asked(world, heads("王", "甲", "乙", "丙"), bids("甲", "乙", "丙", "丁"))
    (cluster,) = answer.clusters
    assert {one.id for one in cluster.parties} == {"甲", "乙", "丙"}
    assert cluster.hub is not None
    assert (cluster.hub.id, cluster.by) == ("王", "verdict")


def test_unknown_shares_may_make_a_control_and_it_is_said() -> None:
    found = asked(FIRMS, [tie("SHAREHOLDER_OF", "甲", "乙")], bids("甲", "乙"))
    one = pair(found, "甲", "乙")
    assert (one.verdict, codes(one)) == ("suspicious", {"possible_control", "tie"})
    assert found.completeness.status == "insufficient_data"
