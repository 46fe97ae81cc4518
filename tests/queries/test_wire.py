"""Answers as JSON: the names that scripts rely on."""

from __future__ import annotations

import json

import pytest

from graph_service.answers.common import Answer
from graph_service.wire.common import to_json
from queries.control.control import controlled, controllers
from queries.dossier import show
from queries.flags.exposure import exposure
from queries.flags.flags import flags, flags_list
from queries.flags.population import flag_all
from queries.info import info
from queries.ownership.holdings import holdings, owners
from queries.search import search
from queries.walk.paths import paths
from queries.walk.trace import trace
from tests.queries.stories import (
    DAY,
    LAST_THREE_YEARS,
    NOW,
    firm,
    person,
    record,
    stake,
    tie,
    world,
)

ZHANG = person("张", "张三", record("张"), record("张", id="旧", status="repaired"))
STORE = world(
    [ZHANG, firm("甲", "甲公司"), firm("乙"), firm("丙")],
    stake("张", "甲", "0.6"),
    stake("甲", "乙", "0.3"),
    stake("张", "乙", "0.25", "0.3"),
    tie("EXECUTIVE_OF", "张", "丙", role="chair", until=DAY - 5),
)
STEP = {
    "id", "type", "from", "to", "role", "share", "share_min", "share_max", "since", "until",
    "former", "parallel", "sources",
}  # fmt: skip
FLAG = {
    "party", "grade", "severity", "rule", "pack", "article", "listed", "record", "records", "path",
    "evidence", "share", "statement", "certain",
}  # fmt: skip
RECORD = {"id", "list", "document_no", "authority", "listed", "valid_until", "status"}
ANSWERS: dict[str, tuple[Answer, set[str]]] = {
    "trace": (trace(STORE, ZHANG, NOW), {"root", "parties", "relations"}),
    "paths": (paths(STORE, ZHANG, firm("乙"), NOW), {"paths"}),
    "exposure": (exposure(STORE, ZHANG, LAST_THREE_YEARS), {"subject", "records", "flags"}),
    "flags": (flags(STORE, firm("丙"), NOW), {"party", "flags", "ended", "looked_at"}),
    "flags_list": (flags_list(STORE, [(2, "甲")], NOW), {"answers"}),
    "flag_all": (flag_all(STORE, NOW), {"flags", "counts"}),
    "controlled": (controlled(STORE, ZHANG, NOW), {"party", "controlled"}),
    "controllers": (controllers(STORE, firm("甲"), NOW), {"party", "controllers"}),
    "holdings": (holdings(STORE, ZHANG, NOW), {"party", "holdings", "warnings"}),
    "owners": (owners(STORE, firm("甲"), NOW), {"party", "owners", "warnings"}),
    "show": (
        show(STORE, ZHANG, NOW),
        {
            "party", "attributes", "records", "upcoming_records", "ended_records", "honours",
            "relations", "flags", "conflicts", "sources",
        },
    ),
    "search": (search(STORE, "张三"), {"parties"}),
    "info": (info(STORE), {"parties", "relations", "records", "sources", "data_version", "digest"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_json_with_its_head_and_its_fields(name: str) -> None:
    answer, fields = ANSWERS[name]
    shown = to_json(answer)
    assert json.loads(json.dumps(shown, ensure_ascii=False, allow_nan=False)) == shown
    assert {"as_of", "data_version", "completeness", *fields} <= shown.keys()
    assert shown["completeness"].keys() == {
        "status", "depth", "explored", "budget", "hubs", "missing",
    }  # fmt: skip


def test_a_flag_has_the_fields_of_the_contract() -> None:
    flagged = to_json(ANSWERS["exposure"][0])["flags"]
    assert [f["grade"] for f in flagged] == [
        "listed",
        "controlled",
        "controlled",
        "held",
        "held",
        "former",
    ]
    for flag in flagged:
        assert flag.keys() - {"former_of"} == FLAG
        assert flag["record"].keys() >= RECORD
        assert flag["statement"].keys() == {"zh", "en"}
        for step in (*flag["path"], *flag["evidence"]):
            assert step.keys() >= STEP
            assert step["from"].keys() >= {"id", "name", "kind"}
            assert step["sources"] == [{"source": "市场监管", "file": "关系.csv", "row": 3}]
    assert flagged[-1]["former_of"] == "managed"
    assert flagged[-1]["path"][0]["former"] is True


def test_shares_are_numbers_and_days_are_texts() -> None:
    (first, second, third) = to_json(ANSWERS["trace"][0])["relations"]
    by_pair = {(r["from"]["id"], r["to"]["id"]): r for r in (first, second, third)}
    ranged = by_pair["张", "乙"]
    assert (ranged["share"], ranged["share_min"], ranged["share_max"]) == (None, 0.25, 0.3)
    assert by_pair["张", "甲"]["share"] == 0.6
    assert to_json(ANSWERS["exposure"][0])["flags"][0]["record"]["listed"] == "2024-01-01"
    assert to_json(ANSWERS["exposure"][0])["as_of"] == "2026-03-01"


def test_a_row_that_names_nobody_says_so() -> None:
    (row,) = to_json(flags_list(STORE, [(4, "无")], NOW))["answers"]
    assert (row["row"], row["party"], row["flags"], row["error"]) == (4, None, [], "unknown_party")


def test_within_stands_only_where_something_was_left_unexplored() -> None:
    assert "within" not in to_json(ANSWERS["paths"][0])
    assert to_json(paths(STORE, firm("丙"), firm("乙"), LAST_THREE_YEARS, k=1))["within"] == 1
