"""Answers for people: chains that read right, widths, completeness, and texts that cannot act."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.cli.progress import Meter
from graph_service.cli.render.chains import chain, nodes_of
from graph_service.cli.render.flags import print_exposure, print_flags
from graph_service.cli.render.groups import print_groups
from graph_service.cli.render.screen import closing, screen
from graph_service.cli.render.walks import print_paths, print_trace
from graph_service.cli.render.words import bounds, clean, percent
from tests.cli.conftest import Run
from tests.support.front import AS_OF, BOSS, CLEAN, XINGHE

HOSTILE = "\x1b[31m红\x07[bold]公司[/bold]:smile:\u202e\n第二行"


def party(name: str) -> dict[str, str]:
    """A party whose id is its name."""
    return {"id": name, "name": name, "kind": "Enterprise"}


def step(start: str, end: str, kind: str = "SHAREHOLDER_OF", **more: Any) -> dict[str, Any]:
    """A step between two parties."""
    blank: dict[str, Any] = dict.fromkeys(("role", "share", "share_min", "share_max"))
    ends = {"from": party(start), "to": party(end), "since": None, "until": None}
    rest = {"id": f"{start}{kind}{end}", "type": kind, "former": False, "parallel": []}
    return {**blank, **ends, **rest, "sources": [], **more}


@pytest.mark.parametrize(
    ("steps", "start", "zh"),
    [
        ([], None, ""),
        (
            [
                step("甲", "乙", "LEGAL_REPRESENTATIVE_OF"),
                step("乙", "丙", share_min=0.6, share_max=0.6),
            ],
            "甲",
            "甲 —法定代表人→ 乙 —持股60%→ 丙",
        ),
        (
            [step("乙", "甲", share_min=0.25, share_max=0.5), step("乙", "丙", "CONTROLS")],
            None,
            "甲 ←持股25%–50%— 乙 —实际控制→ 丙",
        ),
        ([step("甲", "甲")], "甲", "甲 —持股比例不详→ 甲"),
        (
            [step("甲", "乙", "EXECUTIVE_OF", role="chair", former=True)],
            "乙",
            "乙 ←任职 董事长（已终止）— 甲",
        ),
        ([step("甲", "乙", "RELATIVE_OF", role="spouse")], "甲", "甲 —亲属 配偶→ 乙"),
    ],
)
def test_a_chain_follows_each_relations_own_direction(
    steps: list[dict[str, Any]], start: str | None, zh: str
) -> None:
    assert chain(steps, "zh", start) == zh


def test_a_chain_of_two_parallel_ways_between_two_parties_has_three_nodes() -> None:
    there_and_back = [step("甲", "乙"), step("乙", "甲", "CONTROLS")]
    assert [node["id"] for node in nodes_of(there_and_back)] == ["甲", "乙", "甲"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.6, "60%"), (1, "100%"), (0.333333, "33.3333%"), (None, ""), (0.1 + 0.2, "30%")],
)
def test_shares_read_as_per_cents(share: object, text: str) -> None:
    assert percent(share) == text


def test_bounds_say_what_is_unknown() -> None:
    assert bounds(None, None, "zh") == "比例不详"
    assert bounds(0.25, 0.5, "en") == "25%–50%"
    assert bounds(0, 0.05, "zh") == "0%–5%"


def test_texts_cannot_act_on_a_terminal() -> None:
    assert clean(HOSTILE) == " [31m红 [bold]公司[/bold]:smile:  第二行"


def _answer(**more: Any) -> dict[str, Any]:
    completeness = {
        "status": "truncated",
        "hubs": [HOSTILE],
        "missing": [{"what": "hub", "id": HOSTILE, "why": "500 of 600"}],
    }
    return {"as_of": AS_OF, "data_version": "0" * 16, "completeness": completeness, **more}


def test_hostile_names_are_printed_harmless_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [step(HOSTILE, "乙", sources=[{"source": HOSTILE, "file": HOSTILE, "row": 1}])]
    flag = {
        "party": party("乙"),
        "listed": party(HOSTILE),
        "grade": "held",
        "severity": "low",
        "rule": "held",
        "pack": "default",
        "article": HOSTILE,
        "record": {"list": HOSTILE, "document_no": HOSTILE, "status": HOSTILE},
        "path": steps,
        "evidence": steps,
        "share": None,
        "statement": {"zh": HOSTILE, "en": HOSTILE},
        "certain": False,
    }
    looked = {"records": 1, "relations": {HOSTILE: 1}, "rules": [HOSTILE], "quarantined": 2}
    parties = [{**party(HOSTILE), "depth": 0}, {**party("乙"), "depth": 1}]
    for lang in ("zh", "en"):
        print_exposure(_answer(subject=party(HOSTILE), records=[], flags=[flag]), lang)
        print_flags(_answer(party=party(HOSTILE), flags=[flag], ended=[], looked_at=looked), lang)
        print_trace(_answer(root=party(HOSTILE), parties=parties, relations=steps), lang)
        paths = [{"length": 1, "steps": steps}]
        print_paths(
            _answer(**{"from": party(HOSTILE), "to": party("乙")}, paths=paths, within=6), lang
        )
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out
    assert "[bold]公司[/bold]:smile:" in out


def test_a_cut_answer_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    closing(screen(), _answer(), "zh")
    assert "已截断" in (out := capsys.readouterr().out)
    assert "500 of 600" in out


def test_the_same_answer_in_both_languages(asked: Run) -> None:
    chinese = asked("exposure", BOSS, "--as-of", AS_OF).out
    english = asked("exposure", BOSS, "--as-of", AS_OF, "--lang", "en").out
    assert "王伟 —持股60%→ 北京星河科技有限公司 —持股70%→ 银河贸易有限公司" in chinese
    assert "王伟 —shareholder of 60%→ 北京星河科技有限公司" in english
    assert "shareholders.csv 第 3 行（gs）" in chinese
    assert "shareholders.csv row 3 (gs)" in english
    for text in ("失信被执行人", "某法院", "2024-03-01", "完整性：完整"):
        assert text in chinese


def test_a_clean_party_prints_what_was_looked_at(asked: Run) -> None:
    out = asked("flags", CLEAN, "--as-of", AS_OF).out
    assert "未发现关联风险标记" in out
    assert "记录已到期" in out
    assert "法定代表人 1、持股 1" in out
    assert "No flag found" in asked("flags", CLEAN, "--as-of", AS_OF, "--lang", "en").out


def test_every_view_prints_its_party(asked: Run) -> None:
    views = ("show", "trace", "owners", "holdings", "controllers", "controlled")
    for command in (*views, "beneficial-owners", "close-links"):
        for lang in ("zh", "en"):
            shown = asked(command, XINGHE, "--lang", lang)
            assert shown.status == 0
            assert "北京星河科技有限公司" in shown.out
    assert "没有找到路径" in asked("paths", CLEAN, XINGHE, "--k", "1").out


def test_columns_stay_in_line_with_wide_characters(asked: Run) -> None:
    from rich.cells import cell_len

    lines = [line for line in asked("search", "公司").out.splitlines() if "[" not in line][:5]
    places = {cell_len(line[: line.index("企业")]) for line in lines[1:] if "企业" in line}
    assert len(places) == 1


def test_progress_tells_rows_rate_and_time_left() -> None:
    meter = Meter("zh")
    meter("write", 0, 100)
    assert meter.text(50, 100, 2.0) == "写入 50/100 行 · 25 行/秒 · 余 2 秒"
    assert Meter("en").text(50, 0, 2.0) == " 50 rows · 25 rows/s"


def member(name: str, depth: int, *controllers: str) -> dict[str, Any]:
    """A member of a group under its nearest controllers."""
    above = [{"party": party(other), "share": 0.6} for other in controllers]
    return {"party": party(name), "depth": depth, "controllers": above}


def test_a_group_is_told_branch_by_branch(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where two control one another, or one together with another branch."""
    members = [
        member("乙", 1, "甲"),
        member("丙", 1, "甲"),
        member("丁", 2, "乙", "丙"),
        member("䶮", 3, "丁"),
        member("戊", 2, "䶮", "丙"),
    ]
    group = {"tops": [party("甲")], "size": 6, "members": members}
    print_groups(_answer(groups=[group]), "zh")
    lines = [text for text in capsys.readouterr().out.splitlines() if "└" in text]
    told = [(len(text) - len(text.lstrip()), text.split()[1]) for text in lines]
    assert told == [(2, "乙"), (4, "丁"), (6, "䶮"), (2, "丙"), (4, "戊")]
