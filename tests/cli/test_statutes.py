"""Questions about statutes on a terminal."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.support.front import AS_OF, BOSS, CLEAN, TIANYU, YINHE, write_table
from tests.support.rows import enterprise, legal, person, sanction, stake


def test_bars_are_printed_with_article_and_rows(asked: Run) -> None:
    shown = asked("barred", BOSS, "--as-of", AS_OF)
    assert shown.status == 0
    for text in (
        "第一百七十八条第一款第五项",
        "不得任法定代表人",
        "sanctions.csv 第 2 行",
        "现任职务",
    ):
        assert text in shown.out
    english = asked("barred", BOSS, "--as-of", AS_OF, "--lang", "en").out
    assert "Company Law (2023) art. 178(1)(5)" in english
    assert "Not examined" in english


def test_the_dossier_prints_the_bars(asked: Run) -> None:
    assert "第一百七十八条第一款第五项" in asked("show", BOSS, "--as-of", AS_OF).out
    assert "Barred" not in asked("show", CLEAN, "--as-of", AS_OF, "--lang", "en").out


def test_an_enterprises_officers_and_a_clean_party(asked: Run) -> None:
    assert "被禁止任职的人员" in asked("barred", TIANYU, "--as-of", AS_OF).out
    assert "未发现禁止情形" in asked("barred", CLEAN, "--as-of", AS_OF).out


def test_without_a_store_the_status_is_3(run: Run) -> None:
    assert run("barred", "x").status == 3


def test_related_parties_are_printed_with_their_path(asked: Run) -> None:
    shown = asked("related", YINHE, "--pack", "sse", "--as-of", AS_OF)
    assert shown.status == 0
    for text in (
        "截至2025-06-29",
        "† 条文未经再次核对原文",
        "银河贸易有限公司 ←持股70%— 北京星河科技有限公司",
    ):
        assert text in shown.out
    english = asked("related", YINHE, "--as-of", AS_OF, "--lang", "en").out
    assert "Company Law (2023) art. 265" in english


def test_an_unknown_statute_is_named(asked: Run) -> None:
    refused = asked("related", YINHE, "--pack", "nyse", "--json")
    assert refused.status == 2
    assert "company_law_265" in refused.json["hint"]


def test_groups_and_rings_are_printed(asked: Run) -> None:
    shown = asked("groups", "--as-of", AS_OF)
    assert "▲ 王伟" in shown.out
    assert "    └ 银河贸易有限公司" in shown.out
    assert "没有循环持股" in asked("rings").out
    assert "size 3" in asked("groups", "--lang", "en").out


def test_a_ring_is_printed_with_its_rows(run: Run, tmp_path: Path) -> None:
    write_table(tmp_path, "enterprises", [enterprise("a", "甲䶮公司"), enterprise("b", "乙公司")])
    rows = [stake("a", "b", "30%"), stake("b", "a", "20%"), stake("b", "b", "5%")]
    write_table(tmp_path, "shareholders", rows)
    assert run("load", "enterprises.csv", "shareholders.csv", "--source", "gs").status == 0
    shown = run("rings").out
    for text in ("2 家互相持股成环", "自持股", "shareholders.csv 第 3 行（gs）"):
        assert text in shown
    found = run("rings", "--json").json["rings"]
    assert [len(ring["parties"]) for ring in found] == [2, 1]
    assert [len(ring["cycle"]) for ring in found] == [2, 1]


def test_what_if_is_printed_and_goes_into_no_report(asked: Run) -> None:
    shown = asked("flags", YINHE, "--as-of", AS_OF, "--why-minimal").out
    assert "最小的一组，没有更少的 · 共消除 1 项" in shown
    cut = asked("flags", YINHE, "--why-minimal", "--json").json["minimal"]["ties"][0]["id"]
    without = asked("flags", YINHE, "--without", cut, "--lang", "en").out
    assert "As if absent" in without
    assert "Flags that are gone" in without
    assert (
        "No flag of another's making" in asked("flags", CLEAN, "--why-minimal", "--lang", "en").out
    )
    assert asked("flags", YINHE, "--without", cut, "--out", "x.docx").status == 2
    assert asked("flags", YINHE, "--without", "没有").status == 2


def test_what_changed_is_printed_and_written(asked: Run) -> None:
    shown = asked("diff", YINHE, "--from", "2024-02-29", "--to", AS_OF)
    for text in ("－ 王伟", "＋ 银河贸易有限公司 [uscc:", "sanctions.csv 第 2 行（gs）"):
        assert text in shown.out
    assert (
        "Nothing changed"
        in asked("diff", CLEAN, "--from", AS_OF, "--to", AS_OF, "--lang", "en").out
    )
    written = asked("diff", "--from", "2024-02-29", "--to", AS_OF, "--out", "变化.jsonl", "--json")
    lines = [json.loads(text) for text in Path("变化.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == written.json["changes"]
    whole = asked("diff", "--from", "2024-02-29", "--to", AS_OF, "--json").json
    assert whole["changes"] == lines
    assert asked("diff", "--from", "昨天").status == 2
    assert asked("diff", YINHE, "--from", AS_OF, "--out", "x.jsonl").status == 2
    assert asked("diff", "--from", AS_OF, "--to", "2020-01-01").status == 2


def test_a_phoenix_is_printed_from_both_ends(run: Run, tmp_path: Path) -> None:
    old = enterprise("o", "旧䶮公司", status="吊销", status_date="2024-05-01", industry="F51")
    new = enterprise("n", "新䶮公司", established="2024-06-01", industry="F51")
    write_table(tmp_path, "enterprises", [old, new])
    write_table(tmp_path, "persons", [person("p", "王伟")])
    write_table(tmp_path, "legal_representatives", [legal("o", "p"), legal("n", "p")])
    rows = [{"party": id, "kind": "address", "value": "某路1号"} for id in ("o", "n")]
    write_table(tmp_path, "contacts", rows)
    write_table(tmp_path, "sanctions", [sanction("o", id="R", listed="2024-04-01")])
    assert (
        run("load", *sorted(p.name for p in tmp_path.glob("*.csv")), "--source", "gs").status == 0
    )
    for end in ("gs:o", "gs:n"):
        shown = run("phoenix", end, "--as-of", AS_OF).out
        for text in ("疑似换壳", "人员: 王伟", "地址: 某路1号", "行业: F51"):
            assert text in shown
    assert "Nothing suspected" in run("phoenix", "gs:n", "--least", "4", "--lang", "en").out
