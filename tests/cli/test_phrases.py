"""Errors speak Chinese to those who read Chinese, and the catalogue of phrases follows the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import graph_service
from graph_service.cli.phrases import _PHRASES, in_chinese
from tests.cli.conftest import Run

ROOT = Path(graph_service.__file__).parents[1]
HAN = re.compile("[\u4e00-\u9fff]")


def test_every_phrase_is_one_that_the_program_says() -> None:
    packages = (ROOT / name for name in ("graph_service", "loaders", "queries"))
    sources = [path for package in packages for path in package.rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources if path.name != "phrases.py")
    for english, chinese in _PHRASES:
        piece = max(english.split("{}"), key=len).strip(" :.")[:28].rstrip()
        assert piece in code, english
        assert HAN.search(chinese)
        assert english.count("{}") == chinese.count("{}"), english


def test_what_a_message_names_stays_as_it_is() -> None:
    assert in_chinese("no store at {甲}.db") == "{甲}.db 处没有存储"
    assert in_chinese("a.csv: no column 'b{}' for name") == "a.csv：没有列 'b{}'（用于 name）"
    assert in_chinese("something else") == "something else"


@pytest.mark.parametrize(
    "arguments",
    [
        ["info", "--store", "没有.db"],
        ["show", "nobody"],
        ["show", "name:没有这个名称"],
        ["show", "name:张敏"],
        ["flags", "nobody", "--as-of", "昨天"],
        ["flags", "nobody", "--look-back", "很久"],
        ["flags", "nobody", "--pack", "没有"],
        ["trace", "nobody", "--types", "SHAREHOLDER"],
        ["trace", "nobody", "--min-share", "2"],
        ["forget", "没有"],
        ["rejects", "drop"],
        ["restore", "没有.db", "--store", "new.db"],
        ["没有的命令"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_in_the_language_of_the_user(asked: Run, arguments: list[str]) -> None:
    told = asked(*arguments, "--json").json
    assert HAN.search(told["detail"]), told
    assert HAN.search(told["hint"]), told
    english = asked(*arguments, "--json", "--lang", "en").json
    assert english["code"] == told["code"]
    assert re.match("[A-Za-z0-9`-]", english["detail"]), english
