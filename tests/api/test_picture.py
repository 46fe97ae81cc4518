"""The picture over HTTP: every party and tie of the answer it draws, each with its place."""

from __future__ import annotations

import pytest

from tests.api.client import TestClient
from tests.support.front import AS_OF, BOSS, CLEAN, XINGHE, YINHE

QUERY = f"as_of={AS_OF}&look_back=3y"


def test_a_picture_has_all_that_the_walk_has(client: TestClient) -> None:
    walk = client.get(f"/v1/parties/{BOSS}/trace?{QUERY}").json()
    body = client.get(f"/v1/parties/{BOSS}/picture?{QUERY}").json()
    assert {n["id"]: n["depth"] for n in body["nodes"]} == {
        p["id"]: p["depth"] for p in walk["parties"]
    }
    assert {r["id"] for r in body["relations"]} == {r["id"] for r in walk["relations"]}
    assert sorted(r for edge in body["edges"] for r in edge["relations"]) == sorted(
        r["id"] for r in walk["relations"]
    )
    assert set(body["positions"]) == {n["id"] for n in body["nodes"]}
    assert body["roots"] == [walk["root"]["id"]]
    assert body["positions"][walk["root"]["id"]] == [0, 0]
    assert len({tuple(place) for place in body["positions"].values()}) == len(body["nodes"])
    assert {k: body[k] for k in ("as_of", "data_version", "completeness")} == {
        k: walk[k] for k in ("as_of", "data_version", "completeness")
    }


def test_the_same_question_has_the_same_picture(client: TestClient) -> None:
    first, second = (client.get(f"/v1/parties/{BOSS}/picture?{QUERY}").text for _ in range(2))
    assert first == second


def test_parallel_relations_are_one_line(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{XINGHE}/picture?{QUERY}&depth=1").json()
    (line,) = [edge for edge in body["edges"] if len(edge["relations"]) > 1]
    assert line["types"] == ["EXECUTIVE_OF"]
    assert line["label"] == {
        "zh": "任职 董事长、任职 总经理",
        "en": "executive of chair, executive of general manager",
    }


@pytest.mark.parametrize(("of", "party"), [("exposure", BOSS), ("flags", YINHE)])
def test_flags_are_drawn_with_their_grades(client: TestClient, of: str, party: str) -> None:
    body = client.get(f"/v1/parties/{party}/picture?of={of}&{QUERY}").json()
    grades = {node["name"]: (node["grade"], node["severity"]) for node in body["nodes"]}
    assert grades["王伟"] == ("listed", "high")
    assert grades["银河贸易有限公司"][0] == "controlled"
    flags = client.get(f"/v1/parties/{party}/{of}?{QUERY}").json()["flags"]
    proof = {s["id"] for f in flags for s in [*f["path"], *f["evidence"]]}
    assert proof <= {r["id"] for r in body["relations"]}


def test_who_is_not_flagged_stands_alone(client: TestClient) -> None:
    body = client.get(f"/v1/parties/{CLEAN}/picture?of=flags&as_of={AS_OF}").json()
    assert [(n["name"], n["grade"], n["root"]) for n in body["nodes"]] == [
        ("清白𠮷食品有限公司", None, True)
    ]
    assert body["edges"] == []


def test_what_is_cut_is_counted(client: TestClient) -> None:
    whole = client.get(f"/v1/parties/{BOSS}/picture?{QUERY}").json()
    cut = client.get(f"/v1/parties/{BOSS}/picture?{QUERY}&most=2").json()
    assert whole["total"] == len(whole["nodes"]) == cut["total"]
    assert [n["id"] for n in cut["nodes"]] == [n["id"] for n in whole["nodes"][:2]]
    kept = {n["id"] for n in cut["nodes"]}
    assert all({edge["from"], edge["to"]} <= kept for edge in cut["edges"])


@pytest.mark.parametrize("bad", ["of=paths", "most=0", "most=2001", "depth=21", "lay=1"])
def test_a_bad_parameter_is_refused(client: TestClient, bad: str) -> None:
    assert client.get(f"/v1/parties/{BOSS}/picture?{bad}").status_code == 422
    assert client.get("/v1/parties/unknown/picture").status_code == 404
