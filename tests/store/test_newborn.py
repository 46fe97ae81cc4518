"""New parties of a later load are written without a look at what stands: as if all came at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from graph_service.store.sqlite import newborn
from graph_service.store.sqlite.engine import SqliteStore
from tests.contract.asking import told
from tests.support.facts import KEY, facts_of, put_facts
from tests.support.numbers import uscc
from tests.support.rows import Tables, enterprise, person, post, same, sanction, stake

STANDING: Tables = {
    "enterprises": [enterprise("1", "星河有限公司", uscc=uscc(1)), enterprise("2", "银河有限公司")],
    "persons": [person("p", "王伟"), person("q", "䶮𠮷")],
    "executives": [
        post("1", "p"),
        post("", "p", enterprise_name="新星有限公司"),
        post("1", "", person_name="李强"),
    ],
    "shareholders": [stake("1", "n1", "0.6"), stake("2", "1", "0.4")],
}
NEW = enterprise("n1", "新星有限公司", uscc=uscc(9))
# what comes later, and how many parties of it are written in bulk
LATER: dict[str, tuple[int, Tables]] = {
    "a firm, and a person known by name there": (
        1,
        {"enterprises": [enterprise("n2", "北辰有限公司", uscc=uscc(8))],
         "persons": [person("x", "李强")], "executives": [post("1", "x"), post("n2", "x")]},
    ),
    "one that was referred to before": (0, {"enterprises": [NEW]}),
    "one that is declared twice": (
        0,
        {"enterprises": [enterprise("n2", "北辰有限公司"), enterprise("n2", "北辰集团有限公司")],
         "shareholders": [stake("1", "n2", "0.1")]},
    ),
    "two of one code": (
        0,
        {"enterprises": [enterprise("n2", "北辰有限公司", uscc=uscc(8)),
                         enterprise("n3", "北辰", uscc=uscc(8))]},
    ),
    "a code that is known": (0, {"enterprises": [enterprise("n2", "星河公司", uscc=uscc(1))]}),
    "one that a review joins": (
        1,
        {"persons": [person("x", "王伟"), person("y", "王伟")], "same_as": [same("x", "p")]},
    ),
    "a firm, and a person by ids of their own": (
        2,
        {"enterprises": [enterprise("n2", "北辰有限公司", uscc=uscc(8))],
         "persons": [person("x", "李强")], "executives": [post("2", "x"), post("n2", "x")]},
    ),
    "a firm and a person of one id": (
        0, {"enterprises": [enterprise("n2", "北辰有限公司")], "persons": [person("n2", "李强")]}
    ),
    "deregistered, with ties and a record": (
        1,
        {"enterprises": [enterprise("n2", "北辰有限公司", status="注销", dissolved="2020-01-01")],
         "shareholders": [stake("n2", "p", "1"), stake("1", "n2", "0.2", since="2010-01-01")],
         "sanctions": [sanction("n2", id="R1")]},
    ),
    "the name that others are known by": (
        1,
        {"enterprises": [enterprise("n2", "银河有限公司")],
         "executives": [post("", "q", enterprise_name="银河有限公司")]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LATER)
def test_new_parties_are_as_if_all_had_come_at_once(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, later = LATER[case]
    first, then = facts_of("gs", STANDING), facts_of("gs", later, "later.csv")
    written: list[int] = []
    write = newborn.write_plain

    def counted(c: sqlite3.Connection) -> dict[int, int]:
        made = write(c)
        written.append(sum(made.values()))
        return made

    monkeypatch.setattr("graph_service.store.sqlite.parties.write_plain", counted)
    searches = ("新星", "北辰", "银河", "王伟", "lq")
    with closing(SqliteStore.open(tmp_path / "at-once.db", KEY, create=True)) as store:
        put_facts(store, [*first, *then])
        at_once = told(store, *searches)
    with closing(SqliteStore.open(tmp_path / "later.db", KEY, create=True)) as store:
        put_facts(store, first)
        put_facts(store, then)
        assert told(store, *searches) == at_once
    assert written == [expected]
