"""``cases`` on the command line: the same as over HTTP, and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.cli.conftest import Run
from tests.support.front import XINGHE, YINHE


@pytest.fixture
def case(run: Run, town: tuple[Settings, Store], tmp_path: Path) -> str:
    """The id of a case in a copy of the town."""
    town[1].backup(str(tmp_path / "credit-graph.db"))
    made = run("cases", "new", "𠮷䶮一案", "--party", XINGHE, "--note", "备注", "--json")
    assert made.status == 0
    return str(made.json["id"])


def test_a_case_is_kept_and_changed(run: Run, case: str) -> None:
    assert run("cases", "pin", case, YINHE, "--json").json["version"] == 2
    assert run("cases", "unpin", case, XINGHE, "--json").json["version"] == 3
    run("cases", "comment", case, "已约谈")
    done = run("cases", "edit", case, "--status", "review", "--json").json
    assert ([one["name"] for one in done["parties"]], done["status"]) == (
        ["银河贸易有限公司"], "review",
    )  # fmt: skip
    shown = run("cases", "show", case).out
    assert "待复核 · 版本 5" in shown
    assert "已约谈" in shown
    assert case in run("cases", "list").out
    assert "没有案件" in run("cases", "list", "--status", "closed").out
    late = run("cases", "edit", case, "--name", "乙", "--version", "4", "--json")
    assert (late.status, late.json["code"]) == (1, "case_changed")
    assert run("cases", "delete", case).status == 0
    assert run("cases", "show", case, "--json").json["code"] == "unknown_case"
    assert run("cases", "show", case).status == 2


def test_a_case_goes_into_a_folder_and_comes_elsewhere(run: Run, case: str, tmp_path: Path) -> None:
    assert run("cases", "export", case, "案件").status == 0
    assert sorted(path.name for path in (tmp_path / "案件").iterdir()) == [
        "case.json", "case.md", "parties.csv",
    ]  # fmt: skip
    assert run("cases", "export", case, "案件").status == 2
    listed = run("flags", "--file", str(tmp_path / "案件" / "parties.csv"), "--json").json
    assert [row["party"]["id"] for row in listed["answers"]] == [f"uscc:{XINGHE}"]
    assert run("cases", "import", "案件").status == 0
    (tmp_path / "空").mkdir()
    (tmp_path / "空" / "enterprises.csv").write_text("id,name\n1,甲\n", encoding="utf-8")
    other = ("--store", str(tmp_path / "other.db"))
    run(*other, "load", "空")
    taken = run(*other, "cases", "import", "案件")
    assert taken.status == 1
    assert "此处没有：北京星河科技有限公司" in taken.out


def test_a_copy_carries_cases_and_the_later_version_stays(
    run: Run, case: str, tmp_path: Path
) -> None:
    there = str(tmp_path / "copy.db")
    assert run("copy", "credit-graph.db", there).status == 0
    run("--store", there, "cases", "comment", case, "彼处")
    assert run("copy", "credit-graph.db", there).status == 0
    kept = run("--store", there, "cases", "show", case, "--json").json
    assert (kept["version"], [one["text"] for one in kept["comments"]]) == (2, ["彼处"])
    run("cases", "edit", case, "--name", "乙")
    run("cases", "edit", case, "--name", "丙")
    assert run("copy", "credit-graph.db", there).status == 0
    assert run("--store", there, "cases", "show", case, "--json").json["name"] == "丙"
