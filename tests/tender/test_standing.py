"""Each bidder by itself, and who else stands at the tender: planted one by one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from graph_service.answers.screen import Bidder, Interest
from graph_service.bids import Named, Tender
from graph_service.model import Party, Record
from tests.queries.stories import day, firm, person, record, tie
from tests.tender.planted import asked, bid, bids
from tests.tender.test_pairs import FIRMS, heads, owns


def _first(*world: Party, ties: Any = (), regime: str = "", tender: Tender | None = None) -> Bidder:
    tenders = [] if tender is None else [tender]
    return asked(world, ties, bids("甲"), regime=regime, tenders=tenders).bidders[0]


def _reasons(found: Bidder) -> dict[str, str]:
    return {reason.code: reason.verdict for reason in found.reasons}


def _fine(yuan: int, when: str, **more: Any) -> Record:
    return record(
        "甲",
        "行政处罚",
        fine=Decimal(yuan),
        penalty_kind="罚款",
        listed=None,
        decided=day(when),
        **more,
    )


def test_a_clean_bidder_is_clear() -> None:
    found = _first(firm("甲"))
    assert (found.verdict, found.reasons, found.match) == ("clear", (), "id")


@pytest.mark.parametrize(
    ("record_", "verdict", "code"),
    [
        (record("甲", "政府采购严重违法失信行为记录名单"), "barred", "barred_period"),
        (
            record("甲", "禁止参加招标投标", valid_until=day("2026-03-01")),
            "barred",
            "barred_period",
        ),
        (record("甲", "失信被执行人"), "flagged", "listed"),
        (_fine(2_000_000, "2023-03-02"), "barred", "major_violation"),
        (_fine(1_999_999, "2025-01-01"), "review", "listed_lightly"),
    ],
)
def test_records_in_force(record_: Record, verdict: str, code: str) -> None:
    found = _first(firm("甲", "", record_))
    assert found.verdict == verdict
    assert code in _reasons(found)


@pytest.mark.parametrize(
    "record_",
    [
        record("甲", "禁止参加招标投标", valid_until=day("2026-02-28")),
        record("甲", "失信被执行人", status="repaired", until=day("2025-01-01")),
        _fine(9_000_000, "2022-01-01", valid_until=day("2023-01-01")),
    ],
)
def test_an_expired_ban_allows_participation(record_: Record) -> None:
    assert _first(firm("甲", "", record_)).verdict == "clear"


def test_what_bars_from_government_procurement_alone_flags_under_bidding_law() -> None:
    listed = firm("甲", "", record("甲", "政府采购严重违法失信行为记录名单"))
    assert _first(listed, regime="b").verdict == "flagged"
    assert _first(listed, regime="g").verdict == "barred"


def test_a_listed_person_in_office_and_a_listed_controller() -> None:
    boss = person("王", "王伟", record("王"))
    found = _first(firm("甲"), boss, ties=heads("王", "甲"))
    assert _reasons(found)["listed_person_in_office"] == "flagged"
    assert {"barred_person_in_office"} <= _reasons(found).keys()  # art. 178(5): 失信被执行人
    found = _first(firm("甲"), firm("乙", "", record("乙")), ties=[owns("乙", "甲")])
    assert _reasons(found)["controller_listed"] == "flagged"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("吊销", "status_revoked"),
        ("注销", "status_cancelled"),
        ("责令关闭", "status_ordered_closed"),
    ],
)
def test_a_bidder_that_is_gone_is_barred(status: str, code: str) -> None:
    found = _first(firm("甲", status=status))
    assert (found.verdict, set(_reasons(found))) == ("barred", {code})
    later = firm("甲", status=status, status_date="2026-03-02")
    assert _first(later).verdict == "clear"


def test_established_after_the_announcement() -> None:
    tender = Tender(announced=day("2026-01-01"))
    assert _first(firm("甲", established="2026-01-02"), tender=tender).verdict == "review"
    assert _first(firm("甲", established="2026-01-01"), tender=tender).verdict == "clear"


def test_names_match_only_when_they_are_unique() -> None:
    world = [firm("甲", "星河有限公司"), firm("乙", "银河有限公司"), firm("丙", "银 河有限公司")]
    world += [person("王", "王伟")]
    rows = [bid(2, "", name="星河有限公司"), bid(3, "银河有限公司"), bid(4, "王伟"), bid(5, "星河")]
    answer = asked(world, [], rows)
    assert [one.match for one in answer.bidders] == ["name", "ambiguous", "ambiguous", "none"]
    assert [one.verdict for one in answer.bidders] == ["clear", *["insufficient_data"] * 3]
    assert [[c.party.id for c in one.candidates] for one in answer.bidders] == [
        [],
        ["丙", "乙"],
        ["王"],
        ["甲"],
    ]


def _interests(tender: Tender, ties: Any, *world: Party, regime: str = "g") -> list[Interest]:
    parties = [*FIRMS, *world]
    rows = bids("甲")
    return list(asked(parties, ties, rows, tenders=[tender], regime=regime).interests)


def test_designers_and_supervisors_may_not_bid_but_for_single_source() -> None:
    tender = Tender(designers=(Named("甲"),), supervisors=(Named("乙"),))
    (found,) = _interests(tender, [])
    assert (found.role, found.kind) == ("designer", "designer")
    assert _interests(replace(tender, method="单一来源采购"), []) == []
    assert _interests(tender, [], regime="b") == []
    answer = asked(FIRMS, [], bids("甲", "乙", "丙"), tenders=[tender])
    assert [one.verdict for one in answer.bidders] == ["barred", "barred", "clear"]


@pytest.mark.parametrize(
    ("ties", "kind"),
    [
        (heads("王", "甲", "采购"), "buyer_same_head"),
        ([owns("采购", "甲")], "buyer_control"),
        ([owns("甲", "采购")], "buyer_control"),
        ([owns("乙", "甲"), owns("乙", "采购")], "buyer_common_controller"),
    ],
)
def test_an_interest_in_the_buyer(ties: Any, kind: str) -> None:
    tender = Tender(buyers=(Named("采购"),))
    (found,) = _interests(tender, ties, firm("采购"), person("王"))
    assert (found.kind, found.role) == (kind, "buyer")
    assert found.path


def test_the_state_as_buyer_owning_the_bidder_is_nothing() -> None:
    tender = Tender(buyers=(Named("局"),))
    assert _interests(tender, [owns("局", "甲")], firm("局", "某局", type="机关")) == []


def _review(ties: Any, *more: Party) -> list[str]:
    tender = Tender(announced=day("2026-02-01"), reviewers=(Named("专家"),))
    return [one.kind for one in _interests(tender, ties, person("专家"), *more)]


def test_reviewers_within_three_years() -> None:
    staff = tie("EMPLOYED_BY", "专家", "甲", until=day("2023-02-02"))
    assert _review([staff]) == ["employed"]
    assert _review([staff._replace(until=day("2023-02-01"))]) == []
    post = tie("EXECUTIVE_OF", "专家", "甲", role="supervisor", since=day("2026-02-02"))
    assert _review([post]) == []
    assert _review([post._replace(since=None)]) == ["director"]
    assert _review([owns("专家", "甲")]) == ["controlling"]
    assert _review([owns("专家", "甲", Decimal("0.5"))]) == []


def test_a_reviewer_who_controls_through_others_or_in_parts() -> None:
    over = owns("专家", "乙", Decimal("0.6"))
    below = owns("乙", "甲", Decimal("0.7"))
    assert _review([over, below]) == ["controlling"]
    assert _review([over, below._replace(share=None, share_min=None, share_max=None)]) == []
    parts = [owns("专家", "甲", Decimal("0.3")), over, owns("乙", "甲", Decimal("0.3"))]
    assert _review(parts) == ["controlling"]
    named = owns("名义", "甲", Decimal("0.8"))._replace(attributes={"nominee_for": "专家"})
    assert _review([named], person("名义")) == ["controlling"]


def test_an_indirect_control_that_ended_counts_for_three_years() -> None:
    below = owns("乙", "甲", Decimal("0.7"))
    ended = owns("专家", "乙", Decimal("0.6"))._replace(until=day("2023-02-02"))
    assert _review([ended, below]) == ["controlling"]
    assert _review([ended._replace(until=day("2023-02-01")), below]) == []
    apart = below._replace(since=day("2023-02-02"))
    assert _review([ended, apart]) == []  # never on one day


def test_an_unknown_share_that_may_be_a_reviewers_control_is_said() -> None:
    tender = Tender(announced=day("2026-02-01"), reviewers=(Named("专家"),))
    unknown = owns("专家", "甲")._replace(share=None, share_min=None, share_max=None)
    answer = asked([*FIRMS, person("专家")], [unknown], bids("甲"), tenders=[tender])
    assert answer.interests == ()
    assert "专家 may control it" in "".join(line.why for line in answer.completeness.missing)


@pytest.mark.parametrize(
    ("kin", "kinds"),
    [("spouse", ["kin"]), ("cousin", ["kin"]), ("in_law", ["kin"]), ("other", [])],
)
def test_kin_of_the_legal_representative(kin: str, kinds: list[str]) -> None:
    ties = [*heads("王", "甲"), tie("RELATIVE_OF", "王", "专家", attributes={"kin": kin})]
    assert _review(ties, person("王")) == kinds


def test_a_reviewer_known_by_name_only_is_nobody_and_it_is_said() -> None:
    tender = Tender(reviewers=(Named("王伟"),))
    answer = asked([*FIRMS, person("王", "王伟")], heads("王", "甲"), bids("甲"), tenders=[tender])
    assert answer.interests == ()
    assert any(line.what == "tender" for line in answer.completeness.missing)


def test_the_tender_tells_the_regime() -> None:
    tender = Tender(regime="government_procurement")
    answer = asked(
        [*FIRMS, person("王")], heads("王", "甲", "乙"), bids("甲", "乙"), tenders=[tender]
    )
    assert (answer.pairs[0].verdict, answer.regime) == ("barred_art18", "government_procurement")


def test_a_party_is_judged_in_each_row_by_the_tender_of_its_lot() -> None:
    young = firm(
        "甲", "", record("甲", "政府采购严重违法失信行为记录名单"), established="2026-01-10"
    )
    tenders = [
        Tender("T", lot="１", regime="bidding_law", announced=day("2026-01-01")),
        Tender("T", lot="二", regime="government_procurement", announced=day("2026-02-01")),
    ]
    rows = [bid(2, "甲", tender="T", lot="1"), bid(3, "甲", tender="T", lot="二")]
    one, other = asked([young], [], rows, tenders=tenders).bidders
    late = "established_after_announcement"
    assert (one.verdict, late in {reason.code for reason in one.reasons}) == ("flagged", True)
    assert (other.verdict, late in {reason.code for reason in other.reasons}) == ("barred", False)


def test_a_row_without_a_lot_may_be_of_any() -> None:
    tender = Tender(lot="一", designers=(Named("甲"),))
    (found,) = asked([firm("甲")], [], bids("甲"), tenders=[tender]).interests
    assert (found.kind, found.role) == ("designer", "designer")


def test_a_listed_beneficial_owner_without_control() -> None:
    boss = person("王", "王伟", record("王"))
    ties = [owns("乙", "甲", Decimal("0.6")), owns("王", "乙", Decimal("0.45"))]
    found = _first(firm("甲"), firm("乙"), boss, ties=ties)
    assert _reasons(found)["beneficial_owner_listed"] == "flagged"
    less = [ties[0], owns("王", "乙", Decimal("0.41"))]
    assert "beneficial_owner_listed" not in _reasons(
        _first(firm("甲"), firm("乙"), boss, ties=less)
    )
