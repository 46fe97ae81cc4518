"""Statutes as data: what is refused, editions, and a pack of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_service.days import parse_iso
from graph_service.errors import PackError
from queries.statute.related import related
from queries.statute.statutes import STATUTES, load_statute, parse_statute
from tests.house.plan import ROOT
from tests.queries.stories import NOW, firm, person, stake, tie, world

甲, 乙, 丙 = firm("甲"), firm("乙"), firm("丙䶮")
张, 李 = person("张"), person("李")

HEAD = "pack: x\nrules:\n  - id: a\n    articles: [{zh: 甲, verified: true}]\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("- 1", "must be a mapping"),
        ("pack: x\nrules: []", "must be a list of rules"),
        ("pack: x\nrules:\n  - id: a\n", "rule 1, articles: is missing" ),
        (HEAD, "paths: is missing"),
        (HEAD + "    paths: [[{up: [love]}]]", "must be one of"),
        (HEAD + "    paths: [[{up: [control], down: [control]}]]", "one of up, down, kin, concert"),
        (HEAD + "    paths: [[{kin: [child friend]}]]", "kin: must be one of"),
        (HEAD + "    paths: [[{up: [holds], least: 5}]]", "fraction between 0 and 1"),
        (HEAD + "    paths: [[{up: [control], to: city}]]", "person, enterprise"),
        (HEAD + "    after: [b]\n    then: [[{concert: true}]]", "no earlier rule b"),
        (
            HEAD + "    paths: [[{concert: true}]]\n"
            "  - {id: a, articles: [{zh: 乙, verified: true}], paths: [[{concert: true}]]}",
            "given twice",
        ),
        (HEAD + "    unless: [z]\n    paths: [[{concert: true}]]", "unless"),
    ],
)  # fmt: skip
def test_a_wrong_pack_is_refused_and_named(text: str, what: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_statute(text.encode(), "法.yaml")
    assert what in refused.value.detail


def test_editions_of_one_rule_may_follow_each_other() -> None:
    for name in STATUTES:
        pack = load_statute(name)
        for day in ("2010-01-01", "2019-12-31", "2020-01-01", "2024-06-30", "2024-07-01"):
            ids = [rule.id for rule in pack.in_effect(parse_iso(day))]
            assert len(ids) == len(set(ids))
    assert load_statute("sse").look_back is not None


def test_the_documented_pack_is_a_pack() -> None:
    page = (ROOT / "docs" / "related.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    own = parse_statute(text.encode(), "ours.yaml")
    ties = (
        tie("EXECUTIVE_OF", "张", "甲", role="chair"),
        tie("RELATIVE_OF", "李", "张", attributes={"kin": "spouse"}),
        stake("李", "乙", "0.1"),
        stake("张", "丙䶮", "0.09"),
    )
    answer = related(world([甲, 乙, 丙, 张, 李], *ties), 甲, NOW, own)
    found = {(r.rule, r.party.id) for r in answer.related}
    assert found == {("manager", "张"), ("enterprise_of_manager", "乙")}


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(PackError):
        load_statute(str(tmp_path / "none.yaml"))
    own = tmp_path / "own.yaml"
    own.write_text(HEAD + "    paths: [[{concert: true}]]", encoding="utf-8")
    assert load_statute(str(own)).name == "x"


def test_the_worked_example_is_what_the_program_says() -> None:
    page = (ROOT / "docs" / "related.md").read_text(encoding="utf-8")
    rows = page.split("```csv\n")[1].split("```")[0].splitlines()[1:]
    ties = [stake(*row.split(",")) for row in rows]
    ties += [
        tie("EXECUTIVE_OF", "王", "甲", role="director"),
        tie("EXECUTIVE_OF", "王", "己", role="independent_director"),
    ]
    firms = [firm(id) for id in "甲乙丙丁戊己庚辛"]
    store = world([*firms, firm("党", "某市国资委"), person("王")], *ties)
    said: dict[tuple[str, str], list[str]] = {}
    for pack in ("company_law_265", "cas_36", "sse"):
        for found in related(store, firms[0], NOW, pack).related:
            if not found.inverse:
                said.setdefault((pack, found.party.id), []).append(found.rule)
    table = page.split("| pack | party | rules |")[1].split("\n\n")[0].splitlines()[2:]
    shown = {}
    for line in table:
        pack, party, rules = (cell.strip() for cell in line.strip("| ").split("|"))
        shown[pack.strip("`"), party] = rules.replace("`", "").split(", ")
    assert shown == said


@pytest.mark.parametrize("name", STATUTES)
def test_articles_are_told_in_their_own_language_and_marked(name: str) -> None:
    """English without a Chinese word; only the Company Law's text stands read in full."""
    for rule in load_statute(name).rules:
        for article in rule.articles:
            assert not re.search("[\u4e00-\u9fff]", article.en), article.en
            assert article.verified == (name == "company_law_265")
