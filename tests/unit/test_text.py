"""Codes and names: GB 32100 against python-stdnum, GB 11643 against our own maker, folding."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle
from stdnum.exceptions import ValidationError

from graph_service.text import (
    citizen_id,
    fold,
    is_masked,
    mask_id_number,
    uscc,
)
from tests.support.numbers import USCC_CHARACTERS, citizen_check, uscc_check

TODAY = date(2026, 11, 23)
digits = st.text("0123456789", min_size=1)


@st.composite
def uscc_codes(draw: st.DrawFn) -> str:
    body = (
        draw(st.sampled_from("159Y"))
        + draw(st.sampled_from("123"))
        + draw(st.text("0123456789", min_size=6, max_size=6))
        + draw(st.text(USCC_CHARACTERS, min_size=9, max_size=9))
    )
    return body + uscc_check(body)


@st.composite
def citizens(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "310101", "440300", "810000", "830000", "954000"]))
    born = draw(st.dates(date(1900, 1, 1), TODAY))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + citizen_check(body)


@st.composite
def one_changed(draw: st.DrawFn, codes: st.SearchStrategy[str], characters: str) -> str:
    code = draw(codes)
    place = draw(st.integers(0, len(code) - 1))
    other = draw(st.sampled_from([c for c in characters if c != code[place]]))
    return code[:place] + other + code[place + 1 :]


def stdnum_says(code: str) -> bool:
    try:
        oracle.validate(code)
    except ValidationError:
        return False
    return True


@given(uscc_codes())
def test_every_made_uscc_passes_here_and_in_stdnum(code: str) -> None:
    assert uscc(code) == code
    assert stdnum_says(code) or code[0] == "Y"  # stdnum knows no registrar but those with digits


@given(one_changed(uscc_codes(), USCC_CHARACTERS))
def test_one_changed_character_of_a_uscc_is_caught(code: str) -> None:
    assert uscc(code) is None


@given(st.one_of(uscc_codes(), st.text(USCC_CHARACTERS + "IOZSV", min_size=17, max_size=19)))
def test_uscc_agrees_with_stdnum(code: str) -> None:
    if code[:1].isdigit() and code[:2] >= "11" and code[1:2] != "0":
        assert (uscc(code) == code) == stdnum_says(code)


@pytest.mark.parametrize(
    "written",
    ["9135 0100-M0001 00Y43", "91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３"],
)
def test_uscc_is_read_through_spaces_case_and_width(written: str) -> None:
    assert uscc(written) == "91350100M000100Y43"


@given(st.text(max_size=20))
def test_uscc_and_citizen_id_take_any_text(text: str) -> None:
    assert uscc(text) is None or len(uscc(text) or "") == 18
    assert citizen_id(text, TODAY) is None or text.strip()


@given(citizens())
def test_every_made_citizen_id_passes(number: str) -> None:
    assert citizen_id(number, TODAY) == (number, False)


@given(one_changed(citizens(), "0123456789"))
def test_one_changed_digit_of_a_citizen_id_is_caught(number: str) -> None:
    assert citizen_id(number, TODAY) is None


@given(citizens())
def test_old_fifteen_digit_numbers_are_upgraded(number: str) -> None:
    old = number[:6] + number[8:17]
    if number[6:8] != "19":
        return
    assert citizen_id(old, TODAY) == (number, True)


def made(body: str) -> str:
    return body + citizen_check(body)


@pytest.mark.parametrize(
    "number",
    [
        made("11010520270101001"),  # the future
        made("11010520230229001"),  # no such day
        made("11010518491231001"),  # nobody is that old
        made("01010519800315001"),
        "11010519800315001x1",
        "110105800315001X",
        "11010519800315００1",
        "",
    ],
)
def test_impossible_citizen_ids_are_refused(number: str) -> None:
    assert citizen_id(number, TODAY) is None


def test_a_lower_case_x_and_full_width_digits_are_read() -> None:
    number = next(
        n for n in (made(f"11010519800315{i:03d}") for i in range(1000)) if n.endswith("X")
    )
    assert citizen_id(number.lower(), TODAY) == (number, False)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert citizen_id(f" {wide} ", TODAY) == (number, False)


def test_born_today_is_not_in_the_future() -> None:
    assert citizen_id(made("11010520261123001"), TODAY) is not None
    assert citizen_id(made("11010520261124001"), TODAY) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("张 三", "张三"),
        ("北京星河科技（集团）有限公司", "北京星河科技(集团)有限公司"),
        ("ＡＢＣ科技", "abc科技"),
        ("阿不都•热依木", "阿不都·热依木"),
        ("〔北京〕星河", "(北京)星河"),
        ("Li\t Lei ", "li lei"),
        ("中国 ABC 公司", "中国ABC公司"),
        ("北京\u3000星河", "北京星河"),
    ],
)
def test_fold_joins_spellings_of_one_name(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"), [("Li Lei", "LiLei"), ("𠮷野", "吉野"), ("䶮", "龑"), ("王伟", "王玮")]
)
def test_fold_keeps_different_names_apart(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_fold_keeps_rare_characters() -> None:
    assert fold("𠮷田䶮") == "𠮷田䶮"


@given(st.text(" \t\u3000AbＣ张䶮𠮷（【•・é·", max_size=12))
def test_folding_a_name_twice_is_folding_it_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(citizens())
def test_a_mask_shows_the_first_and_last_character_only(number: str) -> None:
    mask = mask_id_number(number)
    assert mask == number[0] + "*" * 16 + number[-1]
    assert is_masked(mask)
    assert not is_masked(number)


@pytest.mark.parametrize("short", ["", "1", "12"])
def test_a_short_number_is_masked_whole(short: str) -> None:
    assert mask_id_number(short) == "*" * len(short)


def test_full_width_stars_are_a_mask() -> None:
    assert is_masked("110＊＊＊")
