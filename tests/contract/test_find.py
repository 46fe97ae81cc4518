"""Promises about search: Chinese names of any length and width, codes, initials, hostile text."""

from __future__ import annotations

import pytest

from graph_service.model import ENTERPRISE, PERSON
from graph_service.store.port import Store
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import enterprise, person, post

XINGHE = f"uscc:{uscc(1)}"


@pytest.fixture
def names(store: Store) -> Store:
    """A store with some names that are hard to find."""
    put(
        store,
        "gs",
        {
            "enterprises": [
                enterprise(
                    "1", "北京星河科技有限公司", uscc=uscc(1), former_names="京星厂；老京星"
                ),
                enterprise("2", "上海星河湾物业管理有限公司"),
                enterprise("3", "星河"),
                enterprise("4", "ＡＢＣ（中国）投资有限公司"),
                enterprise("5", "Acme Trading Co., Ltd."),
                enterprise("6", "䶮字号文化传播中心"),
                enterprise("7", '引号"与*星号 AND 公司'),
            ],
            "persons": [
                person("w", "王伟"),
                person("x", "王伟国"),
                person("k", "𠮷田䶮"),
                person("a", "阿不都·热依木"),
            ],
            "executives": [post("3", "", person_name="赵钱孙")],
        },
    )
    return store


def found(store: Store, text: str, *kinds: str, limit: int = 20) -> list[str]:
    return [hit.party.id for hit in store.find(text, kinds, limit).hits]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("王伟", "gs:w"),
        ("北京星河科技有限公司", XINGHE),
        ("星河科技", XINGHE),
        ("北京星河", XINGHE),
        ("京星厂", XINGHE),
        ("老京星", XINGHE),
        (uscc(1), XINGHE),
        (uscc(1).lower(), XINGHE),
        (XINGHE, XINGHE),
        ("bjxh", XINGHE),
        ("BJXH", XINGHE),
        ("星河湾", "gs:2"),
        ("ABC", "gs:4"),
        ("ａｂｃ", "gs:4"),
        ("ABC(中国)", "gs:4"),
        ("ABC（中国）投资", "gs:4"),
        ("acme", "gs:5"),
        ("ACME trading", "gs:5"),
        ("䶮", "gs:6"),
        ("𠮷", "gs:k"),
        ("𠮷田", "gs:k"),
        ("阿不都•热依木", "gs:a"),
        ("热依木", "gs:a"),
        ("王 伟", "gs:w"),
        ("赵钱孙", "gs:gs:3:name:赵钱孙"),
    ],
)
def test_a_party_is_found_by(names: Store, text: str, id_: str) -> None:
    assert id_ in found(names, text)


def test_a_part_of_a_name_finds_all_that_have_it(names: Store) -> None:
    assert set(found(names, "星河")) == {XINGHE, "gs:2", "gs:3"}
    assert set(found(names, "王伟")) == {"gs:w", "gs:x"}
    assert set(found(names, "䶮")) == {"gs:6", "gs:k"}


def test_an_exact_name_comes_first(names: Store) -> None:
    assert found(names, "星河")[0] == "gs:3"
    assert found(names, "王伟")[0] == "gs:w"


def test_an_exact_name_comes_first_among_very_many(store: Store) -> None:
    rows = [enterprise(f"{n}", f"星河{n}号公司") for n in range(700)]
    put(store, "gs", {"enterprises": [*rows, enterprise("z", "星河")]})
    answer = store.find("星河", limit=5)
    assert answer.hits[0].party.id == "gs:z"
    assert len(answer.hits) == 5
    assert answer.truncated


def test_scores_fall_and_lie_between_nought_and_one(names: Store) -> None:
    for text in ("星河", "王伟", "bjxh"):
        scores = [hit.score for hit in names.find(text).hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_kinds_bind(names: Store) -> None:
    assert found(names, "䶮", PERSON) == ["gs:k"]
    assert found(names, "䶮", ENTERPRISE) == ["gs:6"]
    assert set(found(names, "䶮", PERSON, ENTERPRISE)) == {"gs:k", "gs:6"}
    assert found(names, "星河", PERSON) == []


def test_the_limit_binds_and_takes_the_best(names: Store) -> None:
    assert found(names, "星河", limit=1) == found(names, "星河")[:1]
    assert found(names, "星河", limit=2) == found(names, "星河")[:2]


def test_what_nobody_is_called_is_not_found(names: Store) -> None:
    answer = names.find("火星")
    assert (answer.hits, answer.truncated) == ((), False)


def test_the_order_of_characters_matters(names: Store) -> None:
    assert found(names, "河星") == []
    assert found(names, "伟王") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        '"',
        '""',
        "'",
        "*",
        "星*",
        "^星河",
        "AND",
        "OR NOT",
        "星河 AND 科技",
        "NEAR(星 河, 2)",
        "t:星河",
        "{t i}: 星",
        "-",
        "-星河",
        "+",
        "(",
        ")(",
        "\\",
        ";",
        "%",
        "_",
        "星河' OR '1'='1",
        "\x00",
        "a\x00b",
        "\ud800",
        "𠮷" * 500,
        "a" * 5000,
        "。，、",
        "🀄",
        "\n\t",
    ],
)
def test_hostile_text_is_never_an_error(names: Store, text: str) -> None:
    assert len(names.find(text).hits) <= 20


@pytest.mark.parametrize("text", ["", " ", "*", "%", "_", "-", "AND OR"])
def test_an_empty_or_wild_text_does_not_find_everything(names: Store, text: str) -> None:
    assert len(found(names, text)) < 3


def test_query_words_are_plain_text(names: Store) -> None:
    assert found(names, '引号"与*星号') == ["gs:7"]
    assert found(names, "星号 AND 公司") == ["gs:7"]


def test_a_hit_says_what_matched(names: Store) -> None:
    [hit] = names.find("京星厂").hits
    assert "京星厂" in hit.matched


def test_search_follows_what_is_stated(names: Store) -> None:
    put(names, "gs", {"persons": [person("w", "王改名")]})
    assert "gs:w" not in found(names, "王伟")
    assert found(names, "王改名") == ["gs:w"]
    names.forget("gs")
    assert found(names, "王改名") == []
    assert found(names, "星河") == []
