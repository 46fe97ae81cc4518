"""Rule packs: those shipped, a user's own, and what is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from graph_service.errors import PackError
from queries.ask import Ask
from queries.flags.exposure import exposure
from queries.flags.packs import NAMES, load_pack, parse_pack
from tests.queries.stories import DAY, NOW, day, firm, person, record, stake, tie, world

OWN = """
pack: 自定
classes: [blacklist]
look_back: 12m
rules:
  - id: 大股东
    grade: held
    title: {zh: 持股百分之五以上, en: At least 5 per cent}
    severity: medium
    from: 2025-01-01
    articles: [{zh: 上市规则}]
    paths:
      - [{tie: [SHAREHOLDER_OF], go: out, min_share: 0.05}]
  - id: 曾任
    grade: former
    former_of: managed
    severity: low
    paths:
      - [{tie: [EXECUTIVE_OF], go: out, former: true, roles: [director]}]
"""
ZHANG = person("张", "张三", record("张"))


@pytest.mark.parametrize("name", NAMES)
def test_shipped_packs_are_sound_dated_and_hashed(name: str) -> None:
    pack = load_pack(name)
    assert pack.name == name
    assert day(pack.edition) > 0
    assert len(pack.hash) == 64
    for rule in pack.rules:
        assert rule.zh
        assert rule.en
        assert rule.article(DAY).zh


def test_the_hash_is_that_of_the_file() -> None:
    assert parse_pack(OWN.encode(), "own.yaml").hash == hashlib.sha256(OWN.encode()).hexdigest()


def test_a_users_pack_comes_from_a_path(tmp_path: Path) -> None:
    file = tmp_path / "自定.yaml"
    file.write_text(OWN, encoding="utf-8")
    store = world(
        [ZHANG, firm("甲"), firm("乙"), firm("丙"), firm("丁")],
        stake("张", "甲", "0.05"),
        stake("张", "乙", "0.049"),
        stake("张", "丙", "0.01", "0.06"),
        tie("EXECUTIVE_OF", "张", "丁", role="director", until=DAY - 100),
    )
    answer = exposure(store, ZHANG, NOW, str(file))
    assert {(f.party.id, f.grade, f.certain) for f in answer.flags} == {
        ("甲", "held", True),
        ("丙", "held", False),
        ("丁", "former", True),
    }
    assert {f.pack for f in answer.flags} == {"自定"}
    before = exposure(store, ZHANG, Ask(as_of=day("2024-12-31")), str(file))
    assert "held" not in {f.grade for f in before.flags}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"grade": "风险"}, ("own.yaml", "大股东", "grade")),
        ({"severity": "huge"}, ("own.yaml", "大股东", "severity")),
        ({"severity": {"by": "share"}}, ("大股东", "at_least")),
        ({"paths": []}, ("大股东", "paths")),
        ({"paths": [[{"tie": ["OWNS"], "go": "out"}]]}, ("大股东", "paths")),
        ({"paths": [[{"tie": ["CONTROLS"]}]]}, ("大股东", "go", "missing")),
        ({"paths": [[{"jump": 3}]]}, ("大股东",)),
        ({"paths": [[{"aggregate": 1.5}]]}, ("大股东", "between 0 and 1")),
        ({"paths": [[{"aggregate": 0.5}, {"control": "down"}]]}, ("大股东", "alone")),
        ({"classes": ["grey"]}, ("大股东", "classes")),
        ({"look_back": "soon"}, ("大股东", "look_back")),
        ({"from": "soon"}, ("大股东", "from")),
        ({"certain": "maybe"}, ("大股东", "certain")),
        ({"colour": "red"}, ("大股东", "colour") if False else ("colour",)),
        ({"former_of": None, "grade": "former"}, ("大股东", "former_of")),
    ],
)
def test_a_bad_pack_is_refused_naming_file_rule_and_field(
    change: dict[str, object], words: tuple[str, ...]
) -> None:
    raw = yaml.safe_load(OWN)
    raw["rules"][0].update(change)
    with pytest.raises(PackError) as caught:
        parse_pack(yaml.safe_dump(raw, allow_unicode=True).encode(), "own.yaml")
    for word in ("own.yaml", *words):
        assert word in caught.value.detail


@pytest.mark.parametrize(
    "data", [b"", b"- 1", b"pack: x", b"pack: x\nrules: 3", b"\xff\xfe\x00", b"{[", b"a: &a [*a]"]
)
def test_what_is_no_pack_is_refused(data: bytes) -> None:
    with pytest.raises(PackError, match=r"own\.yaml"):
        parse_pack(data, "own.yaml")


def test_a_rule_given_twice_is_refused() -> None:
    raw = yaml.safe_load(OWN)
    raw["rules"].append(raw["rules"][0])
    with pytest.raises(PackError, match="twice"):
        parse_pack(yaml.safe_dump(raw, allow_unicode=True).encode(), "own.yaml")


def test_an_unknown_pack_names_those_there_are() -> None:
    with pytest.raises(PackError) as caught:
        load_pack("没有这个")
    assert "default" in caught.value.hint
