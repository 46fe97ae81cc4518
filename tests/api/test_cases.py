"""Cases over HTTP: kept, changed by version, taken elsewhere; who comes second loses nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph_service.auth import add_key
from graph_service.settings import Settings
from graph_service.store.open import open_store
from graph_service.store.port import Store
from tests.api.client import TestClient, client_of
from tests.support.front import BOSS, XINGHE, YINHE, settings_in

NAME = "𠮷䶮一案<img onerror=alert(1)>"


@pytest.fixture
def place(town: tuple[Settings, Store], tmp_path: Path) -> Settings:
    """A copy of the town, so that cases may be kept in it."""
    settings = settings_in(tmp_path, id_key_file=town[0].id_key_file)
    town[1].backup(settings.store)
    return settings


@pytest.fixture
def client(place: Settings) -> Iterator[TestClient]:
    """A client of a service over the copy."""
    with client_of(place) as found:
        yield found


def opened(client: TestClient, **more: object) -> dict[str, Any]:
    """A new case."""
    answer = client.post("/v1/cases", json={"name": NAME, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/cases/{answer.json()['id']}"
    return dict(answer.json())


def test_a_case_is_opened_listed_read_changed_and_deleted(client: TestClient) -> None:
    version = client.get("/v1/info").json()["data_version"]
    made = opened(client, note="一\n二", parties=[XINGHE, BOSS, f"uscc:{XINGHE}"])
    assert [one["name"] for one in made["parties"]] == ["北京星河科技有限公司", "王伟"]
    place = f"/v1/cases/{made['id']}"
    read = client.get(place)
    assert (read.headers["etag"], read.json()) == ('"1"', made)
    [line] = client.get("/v1/cases").json()["cases"]
    assert (line["name"], line["status"], line["parties"], line["comments"]) == (NAME, "open", 2, 0)
    changed = client.patch(place, json={"status": "closed"}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["status"], changed.json()["note"]) == ("closed", "一\n二")
    assert client.get("/v1/cases?status=open").json() == {"cases": []}
    assert client.delete(place, headers={"if-match": '"2"'}).status_code == 204
    assert client.get(place).json()["code"] == "unknown_case"
    assert client.get("/v1/info").json()["data_version"] == version


def test_whoever_comes_second_is_told_and_overwrites_nothing(client: TestClient) -> None:
    place = f"/v1/cases/{opened(client)['id']}"
    first = client.patch(place, json={"note": "甲写的"}, headers={"if-match": '"1"'})
    assert first.status_code == 200
    for method, body in (("PATCH", {"note": "乙写的"}), ("DELETE", None)):
        late = client.request(method, place, json=body, headers={"if-match": '"1"'})
        assert (late.status_code, late.json()["code"]) == (412, "case_changed")
        bare = client.request(method, place, json=body)
        assert (bare.status_code, bare.json()["code"]) == (428, "version_needed")
        odd = client.request(method, place, json=body, headers={"if-match": "*"})
        assert odd.json()["code"] == "case_changed"
    assert client.get(place).json()["note"] == "甲写的"


def test_remarks_and_parties_of_two_people_are_all_kept(client: TestClient) -> None:
    made = opened(client)
    place = f"/v1/cases/{made['id']}"
    key = client.get(f"/v1/parties/{YINHE}").json()["party"]["key"]
    client.post(f"{place}/comments", json={"text": " 第一条 "})
    client.post(f"{place}/parties", json={"parties": [key, XINGHE]})
    again = client.post(f"{place}/parties", json={"parties": [YINHE]})
    assert again.headers["etag"] == '"3"'  # it was there already
    gone = client.post(f"{place}/parties", json={"parties": [key], "pinned": False}).json()
    assert [one["id"] for one in gone["parties"]] == [f"uscc:{XINGHE}"]
    assert [one["text"] for one in gone["comments"]] == ["第一条"]
    unknown = client.post(f"{place}/parties", json={"parties": [key], "pinned": False})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "bad_request")
    nobody = client.post(f"{place}/parties", json={"parties": ["gs:none"]})
    assert nobody.json()["code"] == "unknown_party"


def test_a_case_outlives_its_parties_and_says_who_is_gone(
    client: TestClient, place: Settings
) -> None:
    made = opened(client, parties=[XINGHE])
    client.app.state.service.door.store().forget("gs")  # type: ignore[attr-defined]
    [one] = client.get(f"/v1/cases/{made['id']}").json()["parties"]
    assert (one["known"], one["key"], one["name"]) == (False, None, "北京星河科技有限公司")
    pins = {"parties": [f"uscc:{XINGHE}"], "pinned": False}
    left = client.post(f"/v1/cases/{made['id']}/parties", json=pins).json()
    assert left["parties"] == []


def test_a_case_travels_as_a_folder(client: TestClient, tmp_path: Path) -> None:
    made = opened(client, note="=1+1", parties=[XINGHE, BOSS])
    place = f"/v1/cases/{made['id']}"
    client.post(f"{place}/comments", json={"text": "一"})
    file = client.get(f"{place}/export.zip")
    assert file.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        names = book.namelist()
        page = book.read(names[1]).decode()
        inner = book.read(names[0])
    folder = f"case-{made['id']}"
    assert names == [f"{folder}/{name}" for name in ("case.json", "case.md", "parties.csv")]
    assert f"数据版本 data version {client.get('/v1/info').json()['data_version']}" in page

    (tmp_path / "elsewhere").mkdir()
    elsewhere = settings_in(tmp_path / "elsewhere")
    open_store(elsewhere, create=True).close()
    with client_of(elsewhere) as other:
        kind = {"content-type": "application/zip"}
        taken = other.post("/v1/cases/imports", content=file.content, headers=kind)
        assert taken.status_code == 201, taken.text
        case = taken.json()["case"]
        assert [one["name"] for one in taken.json()["not_found"]] == [
            "北京星河科技有限公司", "王伟",
        ]  # fmt: skip
        kept = ("id", "name", "note", "created", "created_by")
        assert [case[name] for name in kept] == [made[name] for name in kept]
        assert [one["text"] for one in case["comments"]] == ["一"]
        assert case["imported"]["exported_by"] == made["created_by"]
        plain = {"content-type": "application/json"}
        second = other.post("/v1/cases/imports", content=inner, headers=plain).json()["case"]
        assert second["id"] != case["id"]
    again = client.post("/v1/cases/imports", content=file.content, headers=kind).json()
    assert (again["not_found"], again["renamed"]) == ([], [])
    assert again["case"]["id"] != made["id"]


def test_a_party_of_another_name_here_is_told(client: TestClient) -> None:
    made = opened(client, parties=[XINGHE])
    with zipfile.ZipFile(io.BytesIO(client.get(f"/v1/cases/{made['id']}/export.zip").content)) as z:
        document = json.loads(z.read(z.namelist()[0]))
    document["case"]["parties"][0]["name"] = "另一家公司"
    answer = client.post("/v1/cases/imports", json=document).json()
    [one] = answer["renamed"]
    assert (one["name"], one["name_here"]) == ("另一家公司", "北京星河科技有限公司")
    [shown] = answer["case"]["parties"]
    assert (shown["name"], shown["name_then"]) == ("北京星河科技有限公司", "另一家公司")


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(name, data)
    return out.getvalue()


GOOD = {"format": "credit-graph case 1", "exported": "", "exported_by": "", "data_version": ""}
NOT_CASES = {
    "no text": (b"\xff\xfe", "input_refused"),
    "no case": (b"{}", "input_refused"),
    "a list": (b"[1]", "input_refused"),
    "deep": (b"[" * 100_000, "input_refused"),
    "half": (json.dumps({**GOOD, "case": {"id": "0" * 16}}).encode(), "input_refused"),
    "broken zip": (b"PK\x03\x04" + b"\x00" * 200, "input_refused"),
    "zip of others": (_zip("other.json", b"{}"), "input_refused"),
    "bomb": (_zip("a/case.json", b"0" * 30_000_000), "too_large"),
}


@pytest.mark.parametrize("name", NOT_CASES)
def test_what_is_no_case_is_refused(client: TestClient, name: str) -> None:
    data, code = NOT_CASES[name]
    kind = {"content-type": "application/zip"}
    answer = client.post("/v1/cases/imports", content=data, headers=kind)
    assert answer.json()["code"] == code
    assert client.get("/v1/cases").json() == {"cases": []}


def test_too_much_is_refused(client: TestClient) -> None:
    for body in (
        {"name": "一" * 201},
        {"name": " "},
        {"name": "一", "note": "一" * 20_001},
        {"name": "一", "status": "later"},
        {"name": "一", "parties": [XINGHE] * 501},
        {"name": "一", "who": "me"},
    ):
        answer = client.post("/v1/cases", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    place = f"/v1/cases/{opened(client)['id']}"
    assert client.post(f"{place}/comments", json={"text": "一" * 4001}).status_code == 422
    assert client.post(f"{place}/comments", json={"text": " "}).status_code == 422
    assert client.patch(place, json={}, headers={"if-match": '"1"'}).status_code == 422


def test_who_is_the_name_of_the_key(place: Settings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    tokens = {name: add_key(keys, name) for name in ("张审", "李审")}
    with client_of(replace(place, api_keys=keys)) as client:
        heads = {name: {"authorization": f"Bearer {key}"} for name, key in tokens.items()}
        assert client.get("/v1/cases").status_code == 401
        made = client.post("/v1/cases", json={"name": "一"}, headers=heads["张审"]).json()
        remarked = client.post(
            f"/v1/cases/{made['id']}/comments", json={"text": "二"}, headers=heads["李审"]
        ).json()
    assert (made["created_by"], remarked["changed_by"]) == ("张审", "李审")
    assert [one["who"] for one in remarked["comments"]] == ["李审"]
