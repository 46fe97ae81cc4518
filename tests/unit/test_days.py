"""Days and calendar spans."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.days import SHANGHAI, Span, iso, parse_iso, parse_span, today


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("from_day", "span", "expected"),
    [
        ("2024-02-29", "1y", "2023-02-28"),
        ("2024-02-29", "4y", "2020-02-29"),
        ("2024-02-29", "12m", "2023-02-28"),
        ("2024-03-31", "1m", "2024-02-29"),
        ("2023-03-31", "1m", "2023-02-28"),
        ("2024-01-15", "1m", "2023-12-15"),
        ("2024-01-31", "13m", "2022-12-31"),
        ("2024-03-01", "1d", "2024-02-29"),
        ("2026-11-23", "3y", "2023-11-23"),
        ("2026-11-23", "0d", "2026-11-23"),
    ],
)
def test_a_span_goes_back_by_the_calendar(from_day: str, span: str, expected: str) -> None:
    assert iso(parse_span(span).before(day(from_day))) == expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_years_are_twelve_months(start: date, years: int) -> None:
    ordinal = start.toordinal()
    assert Span(years, "y").before(ordinal) == Span(years * 12, "m").before(ordinal)


@given(st.dates(), st.integers(0, 9999), st.sampled_from("dmy"))
def test_a_span_never_leaves_the_calendar(start: date, count: int, unit: str) -> None:
    before = parse_span(f"{count}{unit}").before(start.toordinal())
    assert 1 <= before <= start.toordinal()


@pytest.mark.parametrize("text", ["3Y", " 12 m ", "90d"])
def test_spans_are_read_through_case_and_blanks(text: str) -> None:
    assert str(parse_span(text)) == text.lower().replace(" ", "")


@pytest.mark.parametrize("text", ["", "3", "y", "3w", "-3y", "3.5y", "３y", "3y2m", "99999d"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        parse_span(text)


@given(st.dates())
def test_iso_and_parse_iso_are_inverse(start: date) -> None:
    assert parse_iso(iso(start.toordinal()) or "") == start.toordinal()


def test_an_unknown_day_has_no_text() -> None:
    assert iso(None) is None


def test_today_is_the_day_in_shanghai() -> None:
    before = datetime.now(SHANGHAI).date().toordinal()
    assert before <= today() <= before + 1
    assert SHANGHAI.utcoffset(datetime(2026, 1, 1)) == timedelta(hours=8)
