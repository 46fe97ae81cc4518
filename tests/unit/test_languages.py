"""Which of the two languages a header asks for."""

from __future__ import annotations

import pytest

from graph_service.web.languages import language_of, preferred

ASKED = [
    ("zh", "zh"),
    ("en", "en"),
    ("ZH-Hant-TW", "zh"),
    ("en-GB", "en"),
    ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en"),
    ("zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh"),
    ("zh;q=0.1,en;q=0.2", "en"),
    ("zh;q=0.123,en;q=0.122", "zh"),
    ("en,zh", "en"),
    ("zh,en", "zh"),
    ("zh;q=0.2,en;q=0.1,zh-TW;q=0.05", "zh"),
    ("en ; q=0.3,\tzh ;Q=0.4", "zh"),
    ("en;q=0.3,*;q=0.8", "zh"),
    ("*,en", "en"),
    ("*,zh", "zh"),
    ("en;q=0,*", "zh"),
    ("zh;q=0.000,*;q=0.1", "en"),
    ("en, *;q=0", "en"),
]
NEITHER = [
    "",
    ",",
    "fr",
    "*",
    "*;q=0",
    "fr,*;q=0.5",
    "zh;q=0,en;q=0",
    "english",
    "zhuang",
    "zh_CN",
    "en;q=2",
    "en;q=1.001",
    "en;q=0.1234",
    "en;q=",
    "en;level=1",
    "中文",
    "zh-😀",
    "ｅｎ",
    "en;q=０.５",
]


@pytest.mark.parametrize("default", ["zh", "en"])
@pytest.mark.parametrize(("accepted", "told"), ASKED)
def test_what_the_header_likes_best_is_spoken(accepted: str, told: str, default: str) -> None:
    assert preferred(accepted, default) == told


@pytest.mark.parametrize("default", ["zh", "en"])
@pytest.mark.parametrize("accepted", NEITHER)
def test_a_header_that_names_neither_leaves_the_language_of_the_service(
    accepted: str, default: str
) -> None:
    assert preferred(accepted, default) == default


@pytest.mark.parametrize(("refused", "left"), [("en", "zh"), ("zh", "en")])
def test_a_language_that_is_refused_is_not_spoken(refused: str, left: str) -> None:
    assert preferred(f"{refused};q=0", refused) == left


def test_several_lines_of_the_header_are_one() -> None:
    lines = [(b"accept-language", b"fr"), (b"accept-language", b"en;q=0.5, zh;q=0.4")]
    assert language_of({"type": "http", "headers": lines}, "zh") == "en"
    assert language_of({"type": "http", "headers": []}, "zh") == "zh"
