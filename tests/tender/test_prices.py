"""Prices and the past: worked examples, planted lots, exact counts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.answers.screen import Screening
from graph_service.model import Party
from queries.tender.prices import fences, price_series, quantile_r8
from tests.queries.stories import firm, tie
from tests.tender.planted import asked, bid, codes, money, pair
from tests.tender.test_pairs import FIRMS


@pytest.mark.parametrize(
    ("values", "q1", "q3", "lower", "upper"),
    [
        ([0, 100, 100, 100, 100], 200 / 3, 100, 50 / 3, 150),
        ([1, 99, 99, 99, 99], 199 / 3, 99, 52 / 3, 148),
        ([99, 1, 1, 1, 1], 1, 101 / 3, -48, 248 / 3),
    ],
)
def test_quartiles_by_r8(
    values: list[int], q1: float, q3: float, lower: float, upper: float
) -> None:
    found = fences([Fraction(value) for value in values])
    shown = [float(one) for one in (found.q1, found.q3, found.lower, found.upper)]
    assert shown == pytest.approx([q1, q3, lower, upper])


@given(st.lists(st.integers(-50, 50), min_size=1), st.fractions(0, 1))
def test_a_quantile_lies_among_its_values(values: list[int], p: Fraction) -> None:
    found = quantile_r8([Fraction(value) for value in values], p)
    assert min(values) <= found <= max(values)


@pytest.mark.parametrize(
    ("prices", "kind"),
    [
        (["100", "110", "120", "130"], "arithmetic"),  # its ratios pass the geometric test too
        (["100", "110", "121", "133.1"], "geometric"),
        (["100", "104", "119", "131"], "none"),
        (["100", "110"], "none"),
        (["100", "100", "100"], "none"),
    ],
)
def test_series(prices: list[str], kind: str) -> None:
    assert price_series(Fraction(price) for price in prices) == kind


def _priced(*prices: str) -> Screening:
    names = "甲乙丙丁"
    rows = [bid(n + 2, names[n], price=money(price)) for n, price in enumerate(prices)]
    return asked(FIRMS, [], rows)


def test_prices_in_regular_steps_are_deemed_collusion() -> None:
    for prices in (("130", "100", "120", "110"), ("100", "110", "121", "133.1")):
        answer = _priced(*prices)
        assert {one.verdict for one in answer.pairs} == {"deemed_art40"}
        assert {code for one in answer.pairs for code in codes(one)} == {"price_series"}
        assert set(answer.prices[0].rows) == {2, 3, 4, 5}


def test_three_prices_count_only_when_their_steps_are_equal() -> None:
    assert {one.verdict for one in _priced("100", "110", "120").pairs} == {"deemed_art40"}
    nearly = _priced("100", "110", "120.1")
    assert price_series(map(Fraction, ("100", "110", "120.1"))) == "arithmetic"
    assert {one.verdict for one in nearly.pairs} == {"none_within_k"}


def test_prices_that_merely_lie_close_together_are_no_series() -> None:
    close = ("4860000", "4975000", "5055000", "5120000")
    assert price_series(map(Fraction, close)) == "geometric"
    assert {one.verdict for one in _priced(*close).pairs} == {"none_within_k"}


def test_one_price_is_a_sign() -> None:
    answer = _priced("100", "100.00", "131")
    found = pair(answer, "甲", "乙")
    assert (found.verdict, codes(found)) == ("suspicious", {"identical_price"})
    assert [(one.code, one.rows) for one in answer.prices] == [("R028", (2, 3))]


def test_different_currencies_and_thrown_out_bids_are_no_series() -> None:
    rows = [bid(n, id, price=money(str(90 + 10 * n))) for n, id in enumerate("甲乙丙丁", 1)]
    rows[1] = replace(rows[1], currency="USD")
    rows[2] = replace(rows[2], status="废标")
    assert asked(FIRMS, [], rows).prices == ()


def _tender(id: str) -> Party:
    return Party(id, "Tender", id, "0" * 16)


def _bid(who: str, lot: str, price: str, status: str = "") -> Any:
    return tie("BID_IN", who, lot, attributes={"price": price, "status": status})


def _past() -> tuple[list[Party], list[Any]]:
    lots = [_tender(f"采购办:旧{number}:") for number in range(6)]
    ties = []
    for number, lot in enumerate(lots):
        winner, loser = ("甲", "乙") if number % 2 else ("乙", "甲")
        ties.append(_bid(winner, lot.id, "100", "中标"))
        ties.append(_bid(loser, lot.id, "150"))
        ties.append(_bid("丙", lot.id, "170"))
    return lots, ties


def test_history_counts_exactly() -> None:
    lots, ties = _past()
    rows = [bid(2, "甲"), bid(3, "乙"), bid(4, "丙"), bid(5, "丁")]
    past = asked([*FIRMS, *lots], ties, rows).history
    assert past["lots"] == 6
    assert past["bidders"] == [
        {"id": "丙", "bids": 6, "wins": 0},
        {"id": "乙", "bids": 6, "wins": 3},
        {"id": "甲", "bids": 6, "wins": 3},
    ]
    (rotating,) = past["rotating"]
    assert (rotating["a"], rotating["b"], rotating["together"]) == ("乙", "甲", 6)
    assert (rotating["a_wins"], rotating["b_wins"], rotating["others_win"]) == (3, 3, 0)
    assert {(c["winner"], c["companion"], c["winner_wins"]) for c in past["companions"]} == {
        ("甲", "丙", 3),
        ("乙", "丙", 3),
    }
    (partners,) = past["losing_partners"]
    assert partners["shared"] == [{"id": "丙", "to_a": 3, "to_b": 3}]


def test_prices_are_compared_with_the_past() -> None:
    lots, ties = _past()
    for price, code in (("100.5", "R024"), ("250", "R058")):
        rows = [bid(2, "甲", price=money("100")), bid(3, "乙", price=money(price))]
        (found,) = asked([*FIRMS, *lots], ties, rows).prices
        assert (found.code, found.rows) == (code, (2, 3))
    usual = [bid(2, "甲", price=money("100")), bid(3, "丙", price=money("150"))]
    spread = [
        one._replace(attributes={**one.attributes, "price": str(150 + 5 * n)})
        if one.attributes["price"] == "150"
        else one
        for n, one in enumerate(ties)
    ]
    assert asked([*FIRMS, *lots], spread, usual).prices == ()


def test_the_tender_screened_is_no_past_of_itself() -> None:
    lots, ties = _past()
    rows = [bid(2, "甲", tender="旧0"), bid(3, "乙", tender="旧0")]
    assert asked([*FIRMS, *lots, firm("x")], ties, rows).history["lots"] in (5, 6)
