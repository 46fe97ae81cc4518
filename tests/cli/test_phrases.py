"""Errors speak Chinese to those who read Chinese, and the catalogue of phrases follows the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import graph_service
from graph_service.cli.chinese import asking, loading, storing, using
from graph_service.cli.phrases import PHRASES, in_chinese
from graph_service.store.neo4j import faults
from loaders.extract import check_pattern
from loaders.stream import ended
from tests.cli.conftest import Run
from tests.support.told import told

ROOT = Path(graph_service.__file__).parents[1]
HAN = re.compile("[\u4e00-\u9fff]")
COMMAND = re.compile("(credit-graph|apt-get|pip|head)( [a-zA-Z0-9./'>\\[\\]-]+)+")
SENTENCE = re.compile(r"\b[a-zA-Z]{2,} [a-z]{2,} [a-z]{2,}")
FOREIGN = {english for english, _ in using.PHRASES}  # click's and the system's are among them


def assert_chinese(text: str) -> None:
    """The text is a Chinese one: nothing of an English sentence is left."""
    assert HAN.search(text), text
    assert not SENTENCE.search(COMMAND.sub("", text)), text


@pytest.mark.parametrize("text", sorted(told()))
def test_every_error_of_the_program_is_told_in_chinese(text: str) -> None:
    assert_chinese(in_chinese(text.replace("{}", "X")))


def test_what_a_server_does_wrong_is_told_in_chinese() -> None:
    for _, _, detail, hint in faults._BY_CODE:
        assert_chinese(in_chinese(detail))
        assert_chinese(in_chinese(hint))


@pytest.mark.parametrize(
    "pattern", ["(a" * 251, "(", "a", r"(a)\1", "(a+)+", "(?=a)(b)", "(a*)(a*)b"]
)
def test_why_a_pattern_is_refused_is_told_in_chinese(pattern: str) -> None:
    why = check_pattern(pattern)
    assert why
    assert_chinese(in_chinese(f"m.yaml: tables[1].extract.share: the pattern {why}"))


def test_how_a_parser_ended_is_told_in_chinese() -> None:
    for status in (-24, -9, 1):
        why = f"大表.csv: the process that parses it was stopped ({ended(status)})"
        assert not re.search("[a-z]{2}", in_chinese(why).removeprefix("大表.csv")), why


def test_every_phrase_is_one_that_the_program_says() -> None:
    packages = (ROOT / name for name in ("graph_service", "loaders", "queries", "viz"))
    sources = [path for package in packages for path in package.rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources if path.parent.name != "chinese")
    for english, chinese in PHRASES:
        piece = max(english.split("{}"), key=len).strip(" :.")[:28].rstrip()
        assert piece in code or english in FOREIGN, english
        assert HAN.search(chinese) or not english.replace("{}", "").strip(" ,.:"), english
        assert english.count("{}") == chinese.count("{}"), english


def test_a_phrase_stands_once() -> None:
    rooms = (asking, loading, storing, using)
    assert len(PHRASES) == len({english for room in rooms for english, _ in room.PHRASES})


def test_what_a_message_names_stays_as_it_is() -> None:
    assert in_chinese("no store at {甲}.db") == "{甲}.db 处没有存储"
    assert in_chinese("a.csv: no column 'b{}' for name") == "a.csv：没有列 'b{}'（用于 name）"
    assert in_chinese("something else") == "something else"
    assert in_chinese("a: b: c") == "a: b: c"


def test_a_place_before_a_phrase_stays_and_what_is_named_is_told_too() -> None:
    assert in_chinese("m.yaml: tables[1]: no columns") == "m.yaml：tables[1]：没有列"
    assert in_chinese("m.yaml: kind: 'x' is not known") == "m.yaml：kind：不认识 'x'"
    assert in_chinese("p.yaml: rule 2, id: is missing") == "p.yaml：规则 2，id：缺少该字段"
    assert (
        in_chinese("CG_ID_KEY_FILE cannot be read: Permission denied")
        == "无法读取 CG_ID_KEY_FILE：没有权限"
    )


WRONG = [
    ["info", "--store", "没有.db"],
    ["show", "nobody"],
    ["show", "name:没有这个名称"],
    ["show", "name:张敏"],
    ["flags", "nobody", "--as-of", "昨天"],
    ["flags", "nobody", "--look-back", "很久"],
    ["flags", "nobody", "--pack", "没有"],
    ["flags", "nobody", "--as-of"],
    ["flags"],
    ["flags", "a", "b"],
    ["flags", "--file", "没有.csv"],
    ["trace", "nobody", "--types", "SHAREHOLDER"],
    ["trace", "nobody", "--min-share", "2"],
    ["trace", "nobody", "--depth", "x"],
    ["trace", "nobody", "--depth", "99"],
    ["trace"],
    ["diff"],
    ["diff", "--from", "2025-02-01", "--to", "2025-01-01"],
    ["search", "x", "--kind", "x"],
    ["flag-all", "--out", "x.doc"],
    ["beneficial-owners", "nobody", "--rule", "x"],
    ["close-links", "nobody", "--threshold", "0"],
    ["serve", "--host", "0.0.0.0"],  # noqa: S104 - refused
    ["key", "new"],
    ["completion", "x"],
    ["forget", "没有"],
    ["load", "没有.csv"],
    ["load"],
    ["rejects"],
    ["rejects", "drop"],
    ["cases", "show", "x"],
    ["copy", "没有.db", "x.db"],
    ["restore", "没有.db", "--store", "new.db"],
    ["没有的命令"],
    ["--没有的选项"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_use_is_told_in_the_language_of_the_user(asked: Run, arguments: list[str]) -> None:
    found = asked(*arguments, "--json").json
    assert_chinese(found["detail"])
    assert_chinese(found["hint"])
    english = asked(*arguments, "--json", "--lang", "en").json
    assert english["code"] == found["code"]
    assert re.match("[A-Za-z0-9`-]", english["detail"]), english


@pytest.mark.parametrize("arguments", [[], ["rejects"], ["cases"], ["key"]], ids=" ".join)
def test_a_command_without_its_command_shows_its_help(asked: Run, arguments: list[str]) -> None:
    found = asked(*arguments)
    assert found.status == 2
    assert not found.out
    assert found.err.startswith("用法：credit-graph")
    assert "\n命令:\n" in found.err
    assert "[OPTIONS]" not in found.err


def test_doctor_says_in_the_users_language_what_is_wrong_and_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CG_STORE", "没有.db")
    found = run("doctor")
    assert found.status == 3
    assert "    存储不存在：没有.db 处没有存储\n    → 用 credit-graph load 建立" in found.out
    assert "No store there: no store at 没有.db\n    → `credit" in run("doctor", "--lang", "en").out


def test_a_row_of_a_list_without_an_answer_says_why(asked: Run) -> None:
    Path("名单.csv").write_text("企业名称\n张敏\n没有这家公司\n", "gb18030")
    told = asked("flags", "--file", "名单.csv", "--out", "结果.csv").out
    for said in (told, Path("结果.csv").read_text("utf-8-sig")):
        assert "名称不唯一：" in said
        assert "查无此主体" in said
    assert "Ambiguous name: " in asked("flags", "--file", "名单.csv", "--lang", "en").out


def test_a_report_of_a_load_names_tables_and_rules_in_chinese(run: Run) -> None:
    Path("企业.csv").write_text("企业名称,统一社会信用代码,别的\n甲公司,91110000MA00000000,x\n")
    told = run("load", "企业.csv").out
    assert "拒收原因：信用代码有误 bad_uscc 1" in told
    assert "未识别的列 企业.csv：别的" in told
    assert "企业" in run("rejects", "list").out
    assert "完成" in run("loads").out
    assert "bad_uscc 1" in run("load", "企业.csv", "--lang", "en").out


def test_a_file_of_many_unknown_columns_names_the_first_and_counts_the_rest(run: Run) -> None:
    many = [f"列{n}" for n in range(11)]
    Path("企业.csv").write_text(f"企业名称,{','.join(many)}\n甲公司{',x' * 11}\n")
    told = run("load", "企业.csv").out
    assert f"企业.csv：{', '.join(many[:8])} 等，另有 3 项\n" in told
    assert "列7 and 3 more" in run("load", "企业.csv", "--lang", "en").out
    assert run("load", "企业.csv", "--json").out.count("列") == 11


def test_files_that_nothing_knows_are_named_in_the_terminal(run: Run) -> None:
    Path("一批").mkdir()
    Path("一批/企业.csv").write_text("企业名称\n甲公司\n")
    Path("一批/杂项.csv").write_text("随便\n1\n")
    told = run("load", "一批").out
    assert "未加载的文件（表头不属于任何已知的表，可写映射文件）：杂项.csv\n" in told
    assert (
        "not loaded (a mapping file can name them): 杂项.csv"
        in run("load", "一批", "--lang", "en").out
    )
