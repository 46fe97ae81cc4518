"""Answers written as files from the command line: what the ending says, or a clear refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph_service.web.pictures import MEDIA
from tests.cli.conftest import Run
from tests.support.front import AS_OF, BOSS, YINHE
from tests.viz.test_exports import printable
from viz.report.block import read_block
from viz.stamp import answer_hash

COMMANDS = (
    ("trace", BOSS, "--depth", "2"),
    ("exposure", BOSS, "--pack", "control"),
    ("flags", YINHE, "--look-back", "3y"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_file_holds_the_answer_that_is_printed(asked: Run, command: tuple[str, ...]) -> None:
    done = asked(*command, "--as-of", AS_OF, "--json", "--html", "图.html", "--out", "答.json")
    assert (done.status, done.err) == (0, "")
    whole = json.loads(Path("答.json").read_text("utf-8"))
    export = whole.pop("export")
    assert whole == done.json
    block = export["reproducibility"]
    assert block == {**read_block(Path("图.html")), "made": block["made"]}
    assert block["answer_sha256"] == answer_hash(done.json)
    assert block["question"]["command"] == command[0]
    assert block["question"]["as_of"] == AS_OF
    assert "known_only" not in block["question"]


def test_the_question_in_a_file_asks_the_same_again(asked: Run) -> None:
    first = asked("trace", BOSS, "--depth", "1", "--min-share", "50%", "--out", "a.json", "--json")
    question = read_block(Path("a.json"))["question"]
    command, party = question.pop("command"), question.pop("party")
    options = [
        part
        for name, value in question.items()
        for part in ("--" + name.replace("_", "-"), str(value))
    ]
    assert options
    assert asked(command, party, *options, "--json").json == first.json


@pytest.mark.parametrize("ending", MEDIA)
def test_every_ending_is_written(asked: Run, ending: str) -> None:
    if ending in ("pdf", "png", "docx") and not printable():
        pytest.skip("no font with Chinese characters here")
    done = asked("exposure", BOSS, "--as-of", AS_OF, "--out", f"报告.{ending.upper()}")
    assert done.status == 0
    assert f"已写入 报告.{ending.upper()}" in done.err
    assert Path(f"报告.{ending.upper()}").stat().st_size > 1000
    assert sorted(path.name for path in Path().iterdir()) == [f"报告.{ending.upper()}"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_another_ending_is_refused_before_anything_is_asked(
    run: Run, command: tuple[str, ...]
) -> None:
    for name in ("a.exe", "a"):
        done = run(*command, "--out", name, "--json")
        assert (done.status, done.json["code"]) == (2, "bad_request")
        assert ".pdf" in done.json["hint"]


def test_a_folder_that_is_not_there_is_an_error_not_a_traceback(asked: Run) -> None:
    done = asked("trace", BOSS, "--html", "nowhere/a.html", "--json")
    assert (done.status, done.json["code"]) == (2, "file_error")


def test_a_list_has_no_page(asked: Run) -> None:
    Path("名单.csv").write_text(f"uscc\n{YINHE}\n", encoding="utf-8")
    done = asked("flags", "--file", "名单.csv", "--html", "a.html", "--json")
    assert (done.status, done.json["code"]) == (2, "bad_request")
    assert not Path("a.html").exists()
    refused = asked("flags", "--file", "名单.csv", "--out", "a.pdf", "--json")
    assert refused.status == 2
