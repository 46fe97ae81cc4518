"""What only the console asks for: marks, places, rejected rows, and sessions instead of keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.auth import add_key
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.sessions import COOKIE, LONGEST, MOST, Sessions
from tests.api.client import BASE, TestClient, client_of
from tests.support.front import AS_OF, BOSS, CLEAN, XINGHE, YINHE, settings_in

DAY = {"as_of": AS_OF}
NOBODY = "0123456789abcdef"


def _key(client: TestClient, party: str) -> str:
    return str(client.get(f"/v1/parties/{party}").json()["party"]["key"])


def test_every_party_of_an_answer_carries_the_key_that_addresses_take(client: TestClient) -> None:
    found = client.get(f"/v1/parties/{YINHE}/flags", params=DAY).json()
    for flag in found["flags"]:
        for party in (flag["party"], flag["listed"], *(s["from"] for s in flag["path"])):
            assert client.get(f"/v1/parties/{party['key']}").json()["party"]["id"] == party["id"]


def test_marks_are_what_the_flags_say(client: TestClient) -> None:
    keys = {party: _key(client, party) for party in (BOSS, XINGHE, YINHE, CLEAN)}
    answer = client.post("/v1/marks", json={"parties": [*keys.values(), NOBODY], **DAY}).json()
    assert set(answer["marks"]) == set(keys.values())
    for party, key in keys.items():
        flags = client.get(f"/v1/parties/{party}/flags", params=DAY).json()["flags"]
        ties = [flag for flag in flags if flag["listed"]["id"] != flag["party"]["id"]]
        assert answer["marks"][key] == {
            "listed": any(flag["listed"]["id"] == flag["party"]["id"] for flag in flags),
            "grade": ties[0]["grade"] if ties else None,
            "severity": ties[0]["severity"] if ties else None,
        }
    assert answer["marks"][keys[BOSS]]["listed"]
    assert answer["marks"][keys[XINGHE]]["severity"] == "high"
    assert answer["as_of"] == AS_OF


@pytest.mark.parametrize("parties", [[], ["王伟"], ["uscc:1"], [NOBODY] * 501])
def test_marks_take_keys_alone_and_not_too_many(client: TestClient, parties: list[str]) -> None:
    assert client.post("/v1/marks", json={"parties": parties}).status_code == 422


def test_one_graph_has_one_layout(client: TestClient) -> None:
    body = {"nodes": ["a", "b", "c"], "edges": [[0, 1], [1, 2]], "roots": [1]}
    places = client.post("/v1/layout", json=body).json()["positions"]
    assert places == client.post("/v1/layout", json=body).json()["positions"]
    assert len({tuple(place) for place in places}) == 3
    assert places[1] == [0, 0]


@pytest.mark.parametrize(
    "body",
    [
        {"nodes": []},
        {"nodes": ["a", "a"]},
        {"nodes": ["a"], "edges": [[0, 1]]},
        {"nodes": ["a"], "roots": [1]},
        {"nodes": ["a"], "edges": [[0]]},
        {"nodes": [str(n) for n in range(2001)]},
    ],
)
def test_a_graph_that_is_none_has_no_layout(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/v1/layout", json=body).status_code == 422


def test_rejected_rows_are_told_with_their_count(
    client: TestClient, town: tuple[Settings, Store]
) -> None:
    rows = town[1].rejected()
    answer = client.get("/v1/rejects").json()
    assert answer["total"] == len(rows)
    assert [row["id"] for row in answer["rejects"]] == [row.id for row in rows]
    assert client.get("/v1/rejects", params={"source": "nobody"}).json()["rejects"] == []


@pytest.fixture
def key(tmp_path: Path) -> str:
    return add_key(tmp_path / "keys", "clerk")


@pytest.fixture
def guarded(tmp_path: Path, key: str, town: tuple[Settings, Store]) -> Iterator[TestClient]:
    settings = settings_in(tmp_path, api_keys=tmp_path / "keys", session_minutes=5)
    with client_of(settings, town[1]) as client:
        yield client


def test_without_keys_nobody_has_to_sign_in(client: TestClient) -> None:
    state = {"keys": False, "signed_in": True, "idle_minutes": 30}
    assert client.get("/session").json() == state
    answer = client.post("/session", json={"key": "anything"})
    assert (answer.json(), "set-cookie" in answer.headers) == (state, False)


def test_a_key_becomes_a_cookie_that_opens_the_service(guarded: TestClient, key: str) -> None:
    assert guarded.get("/v1/info").status_code == 401
    assert guarded.get("/").status_code == 200
    assert not guarded.get("/session").json()["signed_in"]
    answer = guarded.post("/session", json={"key": f" {key} "})
    assert answer.json() == {"keys": True, "signed_in": True, "idle_minutes": 5}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie
    assert key not in cookie
    assert guarded.get("/v1/info").status_code == 200


def test_over_tls_the_cookie_is_for_tls_alone(guarded: TestClient, key: str) -> None:
    place = BASE.replace("http:", "https:") + "/session"
    assert "Secure" in guarded.post(place, json={"key": key}).headers["set-cookie"]


def test_a_wrong_key_opens_nothing(guarded: TestClient) -> None:
    answer = guarded.post("/session", json={"key": "cg_wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert "set-cookie" not in answer.headers
    assert "cg_wrong" not in answer.text
    guarded.cookies.set(COOKIE, "made-up")
    assert guarded.get("/v1/info").status_code == 401


def test_signing_out_ends_the_session_also_for_a_copied_cookie(
    guarded: TestClient, key: str
) -> None:
    guarded.post("/session", json={"key": key})
    copied = guarded.cookies[COOKIE]
    assert not guarded.delete("/session").json()["signed_in"]
    guarded.cookies.set(COOKIE, copied)
    assert guarded.get("/v1/info").status_code == 401
    assert guarded.delete("/session").status_code == 200


def test_another_page_can_neither_sign_in_nor_out(guarded: TestClient, key: str) -> None:
    elsewhere = {"origin": "http://evil.example"}
    assert guarded.post("/session", json={"key": key}, headers=elsewhere).status_code == 403
    assert guarded.delete("/session", headers=elsewhere).status_code == 403


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_ends_when_idle_and_lives_while_it_is_used() -> None:
    clock = Clock()
    sessions = Sessions(idle=60, clock=clock)
    used, idle = sessions.begin(), sessions.begin()
    for _ in range(3):
        clock.now += 40
        assert sessions.accepts(used)
    assert not sessions.accepts(idle)
    clock.now += 60
    assert not sessions.accepts(used)


def test_a_session_ends_at_last_however_busy_it_is() -> None:
    clock = Clock()
    sessions = Sessions(idle=3600, clock=clock)
    token = sessions.begin()
    until = clock.now + LONGEST
    while clock.now + 1800 < until:
        clock.now += 1800
        assert sessions.accepts(token)
    clock.now = until
    assert not sessions.accepts(token)


def test_sessions_are_bounded_and_the_one_idle_longest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("graph_service.web.sessions.MOST", 2)
    assert MOST > 2
    clock = Clock()
    sessions = Sessions(idle=60, clock=clock)
    first = sessions.begin()
    clock.now += 1
    second = sessions.begin()
    clock.now += 1
    assert sessions.accepts(first)
    third = sessions.begin()
    assert [sessions.accepts(token) for token in (first, second, third)] == [True, False, True]
