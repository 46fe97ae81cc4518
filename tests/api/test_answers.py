"""The service and the command line give the same answers, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_service.answers.common import GRADES
from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.api.client import TestClient
from tests.support.front import AS_OF, BOSS, BOSS_NUMBER, CLEAN, XINGHE, YINHE

PAIRS = (
    (["search", "星河"], "/v1/parties?q=星河"),
    (
        ["search", "张敏", "--kind", "Person", "--limit", "1"],
        "/v1/parties?q=张敏&kind=Person&limit=1",
    ),
    (["show", XINGHE, "--as-of", AS_OF], f"/v1/parties/{XINGHE}?as_of={AS_OF}"),
    (["trace", BOSS, "--depth", "2"], f"/v1/parties/{BOSS}/trace?depth=2"),
    (
        ["trace", BOSS, "--types", "SHAREHOLDER_OF", "--min-share", "65%", "--known-only"],
        f"/v1/parties/{BOSS}/trace?types=SHAREHOLDER_OF&min_share=65%25&known_only=true",
    ),
    (["trace", YINHE, "--per-party", "1"], f"/v1/parties/{YINHE}/trace?per_party=1"),
    (["exposure", BOSS, "--as-of", AS_OF], f"/v1/parties/{BOSS}/exposure?as_of={AS_OF}"),
    (["exposure", BOSS, "--pack", "linked"], f"/v1/parties/{BOSS}/exposure?pack=linked"),
    (["exposure", BOSS, "--look-back", "3y"], f"/v1/parties/{BOSS}/exposure?look_back=3y"),
    (["flags", YINHE], f"/v1/parties/{YINHE}/flags"),
    (["flags", CLEAN, "--as-of", "2021-01-01"], f"/v1/parties/{CLEAN}/flags?as_of=2021-01-01"),
    (["owners", XINGHE], f"/v1/parties/{XINGHE}/owners"),
    (["holdings", BOSS], f"/v1/parties/{BOSS}/holdings"),
    (["controllers", YINHE], f"/v1/parties/{YINHE}/controllers"),
    (["controlled", BOSS], f"/v1/parties/{BOSS}/controlled"),
    (["owners", YINHE, "--method", "simple"], f"/v1/parties/{YINHE}/owners?method=simple"),
    (["owners", YINHE, "--all-inside"], f"/v1/parties/{YINHE}/owners?all_inside=true"),
    (
        ["controllers", YINHE, "--threshold", "70%", "--at-least", "--votes", "--group", BOSS],
        f"/v1/parties/{YINHE}/controllers?threshold=70%25&at_least=true&votes=true&group={BOSS}",
    ),
    (
        ["controlled", BOSS, "--exclude-treasury", "--threshold", "0.6"],
        f"/v1/parties/{BOSS}/controlled?exclude_treasury=true&threshold=0.6",
    ),
    (["beneficial-owners", YINHE], f"/v1/parties/{YINHE}/beneficial-owners"),
    (
        ["beneficial-owners", YINHE, "--rule", "50%"],
        f"/v1/parties/{YINHE}/beneficial-owners?rule=50%25",
    ),
    (["close-links", XINGHE], f"/v1/parties/{XINGHE}/close-links"),
    (
        ["close-links", BOSS, "--threshold", "50%"],
        f"/v1/parties/{BOSS}/close-links?threshold=0.5",
    ),
    (["paths", BOSS, YINHE, "--k", "3", "--all"], f"/v1/paths?from={BOSS}&to={YINHE}&k=3&all=true"),
    (
        ["paths", BOSS, YINHE, "--avoid", XINGHE, "--avoid", "EXECUTIVE_OF"],
        f"/v1/paths?from={BOSS}&to={YINHE}&avoid={XINGHE}&avoid=EXECUTIVE_OF",
    ),
    (
        ["paths", BOSS, XINGHE, "--close-links", "20%", "--aggregate", "0.5"],
        f"/v1/paths?from={BOSS}&to={XINGHE}&close_links=0.2&aggregate=0.5",
    ),
    (["exposure", BOSS, "--pack", "close_links"], f"/v1/parties/{BOSS}/exposure?pack=close_links"),
    (["info"], "/v1/info"),
)


@pytest.mark.parametrize(("arguments", "path"), PAIRS, ids=lambda value: str(value)[:60])
def test_the_same_question_has_the_same_answer(
    client: TestClient, ask: Any, arguments: list[str], path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json() == ask(arguments)


def test_every_answer_says_of_when_and_how_complete_it_is(client: TestClient) -> None:
    for _, path in PAIRS:
        body = client.get(path).json()
        assert {"as_of", "data_version", "completeness"} <= set(body)
        assert body["completeness"]["status"] in ("complete", "truncated", "insufficient_data")


def test_the_main_question(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{BOSS}/exposure?as_of={AS_OF}").json()
    found = {(flag["party"]["name"], flag["grade"]) for flag in body["flags"]}
    assert found == {
        ("王伟", "listed"),
        ("北京星河科技有限公司", "controlled"),
        ("北京星河科技有限公司", "held"),
        ("银河贸易有限公司", "controlled"),
        ("天宇䶮业有限公司", "managed"),
    }
    (far,) = [flag for flag in body["flags"] if flag["party"]["name"] == "银河贸易有限公司"]
    rows = [step["sources"][0] for step in far["path"]]
    assert rows == [
        {"source": "gs", "file": "shareholders.csv", "row": 2},
        {"source": "gs", "file": "shareholders.csv", "row": 3},
    ]


@pytest.mark.parametrize(
    "party", [XINGHE, f"uscc:{XINGHE}", "gs:e1", "gs%3Ae1", "name:北京星河科技有限公司"]
)
def test_a_party_is_found_under_each_of_its_names(client: TestClient, party: str) -> None:
    assert client.get(f"/v1/parties/{party}").json()["party"]["id"] == f"uscc:{XINGHE}"


def test_a_key_stands_for_its_party(client: TestClient) -> None:
    party = client.get(f"/v1/parties/{XINGHE}").json()["party"]
    assert client.get(f"/v1/parties/{party['key']}/trace").json()["root"]["id"] == party["id"]


def test_search_in_a_body_by_text_and_by_id_number(client: TestClient) -> None:
    by_text = client.post("/v1/search", json={"text": "星河", "limit": 5})
    assert by_text.json() == client.get("/v1/parties?q=星河&limit=5").json()
    by_number = client.post("/v1/search", json={"id_number": BOSS_NUMBER})
    assert [party["name"] for party in by_number.json()["parties"]] == ["王伟"]
    assert BOSS_NUMBER not in by_number.text


def test_records_come_page_by_page(client: TestClient) -> None:
    first = client.get("/v1/records?limit=1").json()
    assert first["completeness"]["status"] == "complete"
    second = client.get(f"/v1/records?limit=1&cursor={first['next']}").json()
    assert second["next"] is None
    assert {first["records"][0]["id"], second["records"][0]["id"]} == {"gs:R1", "gs:R2"}
    now = client.get(f"/v1/records?in_force=true&as_of={AS_OF}").json()
    assert [record["id"] for record in now["records"]] == ["gs:R1"]
    assert client.get("/v1/records?list=限制高消费").json()["records"] == []


@pytest.mark.parametrize("cursor", ["eA", "OjE", "YTox", "_"])
def test_a_cursor_of_other_data_is_refused(client: TestClient, cursor: str) -> None:
    assert client.get(f"/v1/records?cursor={cursor}").status_code == 422


def test_the_catalogue_names_everything(client: TestClient) -> None:
    body = client.get("/v1/catalogue").json()
    assert "SHAREHOLDER_OF" in [relation["name"] for relation in body["relations"]]
    assert "失信被执行人" in [entry["code"] for entry in body["lists"]]
    shareholders = next(t for t in body["tables"] if t["name"] == "shareholders")
    assert "持股比例" in next(c for c in shareholders["columns"] if c["name"] == "share")["headers"]
    told = {name: {w["code"]: w for w in words} for name, words in body["words"].items()}
    assert told["missing"]["share"] == {"code": "share", "zh": "持股比例", "en": "share"}
    assert told["rules"]["bad_share"]["zh"] == "比例有误"
    assert told["grades"].keys() == set(GRADES)


def test_the_clear_id_number_is_in_no_answer(
    client: TestClient, town: tuple[Settings, Store]
) -> None:
    for _, path in PAIRS:
        assert BOSS_NUMBER not in client.get(path).text
    assert BOSS_NUMBER.encode() not in Path(town[0].store).read_bytes()
