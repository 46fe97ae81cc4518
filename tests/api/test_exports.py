"""Files over HTTP: the answer of the same question, as an attachment that no browser runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graph_service.auth import add_key
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.pictures import MEDIA
from tests.api.client import TestClient, client_of
from tests.support.front import AS_OF, BOSS, YINHE
from tests.viz.test_exports import printable
from viz.report.block import read_block

QUERY = f"as_of={AS_OF}&look_back=3y"


@pytest.mark.parametrize("ending", MEDIA)
def test_every_kind_of_file(client: TestClient, ending: str) -> None:
    if ending in ("pdf", "png", "docx") and not printable():
        pytest.skip("no font with Chinese characters here")
    answer = client.get(f"/v1/parties/{BOSS}/exports/exposure.{ending}?{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA[ending]
    assert answer.headers["content-disposition"] == f'attachment; filename="exposure.{ending}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.content) > 1000


@pytest.mark.parametrize(
    ("of", "party", "more"),
    [("trace", BOSS, "&depth=1&min_share=0.5"), ("exposure", BOSS, ""), ("flags", YINHE, "")],
)
def test_the_file_holds_the_answer(
    client: TestClient, of: str, party: str, more: str, tmp_path: Path
) -> None:
    plain = client.get(f"/v1/parties/{party}/{of}?{QUERY}{more}").json()
    path = tmp_path / "a.json"
    path.write_bytes(
        client.get(f"/v1/parties/{party}/exports/{of}.json?{QUERY}{more}&lang=en").content
    )
    whole = json.loads(path.read_text("utf-8"))
    assert "for human review" in whole.pop("export")["watermark"]
    assert whole == plain
    question = read_block(path)["question"]
    assert question["look_back"] == "3y"
    assert ("pack" in question) == (of != "trace")


@pytest.mark.parametrize(
    "of",
    ["owners", "holdings", "controllers", "controlled", "beneficial-owners", "close-links"],
)
def test_ownership_and_control_are_files_and_pictures(client: TestClient, of: str) -> None:
    plain = client.get(f"/v1/parties/{YINHE}/{of}?as_of={AS_OF}").json()
    whole = client.get(f"/v1/parties/{YINHE}/exports/{of}.json?as_of={AS_OF}").json()
    assert whole.pop("export")["reproducibility"]["question"]["command"] == of
    assert whole == plain
    drawn = client.get(f"/v1/parties/{YINHE}/picture?of={of}&as_of={AS_OF}").json()
    assert drawn["roots"] == [plain["party"]["id"]]


def test_paths_are_files_and_pictures(client: TestClient) -> None:
    query = f"from={BOSS}&to={YINHE}&k=3&all=true&as_of={AS_OF}"
    plain = client.get(f"/v1/paths?{query}").json()
    answer = client.get(f"/v1/paths/exports/paths.json?{query}&lang=en")
    whole = answer.json()
    question = whole.pop("export")["reproducibility"]["question"]
    assert whole == plain
    assert (question["command"], question["k"], question["all"]) == ("paths", 3, True)
    assert (question["party"], question["to"]) == (plain["from"]["id"], plain["to"]["id"])
    drawn = client.get(f"/v1/paths/picture?{query}").json()
    assert drawn["roots"] == [plain["from"]["id"], plain["to"]["id"]]
    assert {r["id"] for r in drawn["relations"]} == {
        step["id"] for path in plain["paths"] for step in path["steps"]
    }
    assert client.get(f"/v1/paths/exports/trace.json?{query}").status_code == 404
    assert client.get("/v1/paths/exports/paths.json").status_code == 422


@pytest.mark.parametrize("name", ["trace.exe", "trace", "paths.pdf", ".pdf", "trace.PDF"])
def test_a_file_that_is_not_made(client: TestClient, name: str) -> None:
    assert client.get(f"/v1/parties/{BOSS}/exports/{name}").status_code == 404


def test_bad_questions_are_refused_as_ever(client: TestClient) -> None:
    assert client.get("/v1/parties/unknown/exports/trace.csv").status_code == 404
    assert client.get(f"/v1/parties/{BOSS}/exports/trace.csv?depth=99").status_code == 422
    assert client.get(f"/v1/parties/{BOSS}/exports/trace.csv?most=1").status_code == 422


def test_the_watermark_names_who_asked(town: tuple[Settings, Store], tmp_path: Path) -> None:
    settings, store = town
    keys = tmp_path / "keys"
    key, other = add_key(keys, "监管处"), add_key(keys, "采购办")
    address = f"/v1/parties/{BOSS}/exports/flags.json"

    def mark(client: TestClient, **headers: str) -> str:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        return str(answer.json()["export"]["watermark"])

    with client_of(replace(settings, api_keys=keys), store) as client:
        assert client.get(address).status_code == 401
        assert "· 采购办 ·" in mark(client, authorization=f"Bearer {other}")
        assert client.post("/session", json={"key": key}).status_code == 200
        assert "· 监管处 ·" in mark(client)
        assert "· 采购办 ·" in mark(client, authorization=f"Bearer {other}")
