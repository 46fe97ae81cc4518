"""Every error has one shape, its status, and no word of the request."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service import errors
from graph_service.errors import AmbiguousName, CreditGraphError, OverBudget, StoreUnavailable
from graph_service.settings import Settings
from graph_service.store.open import open_store
from graph_service.store.port import Store
from graph_service.web.problem_kinds import KINDS
from tests.api.client import TestClient, client_of, lines_of
from tests.support.front import XINGHE, settings_in

MEMBERS = {"type", "title", "status", "detail", "code", "trace_id"}
SECRET = "秘密王伟110101"
GETS = (
    "/v1/info",
    "/v1/records",
    "/v1/loads",
    "/v1/loads/1",
    "/v1/parties?q=x",
    "/v1/parties/x",
    *(
        f"/v1/parties/x/{about}"
        for about in (
            "trace",
            "exposure",
            "flags",
            "owners",
            "holdings",
            "controllers",
            "controlled",
            "beneficial-owners",
            "close-links",
        )
    ),
    "/v1/paths?from=a&to=b",
    "/readyz",
)


def check(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem that an answer is, after its pinned shape has been checked."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) >= MEMBERS
    assert set(body) <= MEMBERS | {"errors", "candidates"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["trace_id"] == answer.headers["x-request-id"]
    assert body["type"] == f"urn:credit-graph:problem:{code}"
    said = KINDS[code]
    told = {"zh": (said.zh, said.detail_zh), "en": (said.en, said.detail_en)}
    assert (body["title"], body["detail"]) == told[answer.headers["content-language"]]
    assert answer.headers["vary"] == "accept-language"
    return body


@pytest.fixture
def away(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(settings_in(tmp_path)) as client:
        yield client


@pytest.mark.parametrize("path", GETS)
def test_a_store_that_is_away_is_503_and_never_an_empty_answer(away: TestClient, path: str) -> None:
    answer = away.get(path)
    check(answer, 503, "store_missing")
    assert "retry-after" not in answer.headers  # somebody has to load something first


def test_the_process_lives_and_describes_itself_without_a_store(away: TestClient) -> None:
    for path in ("/healthz", "/metrics", "/docs", "/openapi.json", "/", "/v1/catalogue"):
        assert away.get(path).status_code == 200


def test_the_store_is_opened_when_it_comes_and_missed_when_it_goes(
    town: tuple[Settings, Store], tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    with client_of(settings) as client:
        check(client.get("/readyz"), 503, "store_missing")
        town[1].backup(settings.store)
        assert client.get("/readyz").status_code == 200
        assert client.get(f"/v1/parties/{XINGHE}").status_code == 200
        Path(settings.store).unlink()
        check(client.get(f"/v1/parties/{XINGHE}"), 503, "store_missing")


def test_whom_a_load_may_yet_bring_is_not_simply_unknown(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    store = open_store(settings, create=True)
    load = store.begin_load("sw", [], "测试员", "2026-01-01T08:00:00+08:00")
    with client_of(settings) as client:
        for lang, word in (("zh", "尚未完成"), ("en", "not finished")):
            answer = client.get(f"/v1/parties/{XINGHE}/flags", headers={"accept-language": lang})
            body = answer.json()
            assert (answer.status_code, body["code"]) == (404, "unknown_party")
            assert body["unfinished"] == [load]
            assert word in body["detail"]
        store.end_load(load, "failed", 0.1, {})
        assert "unfinished" not in client.get(f"/v1/parties/{XINGHE}/flags").json()
    store.close()


def test_a_foreign_file_is_503(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    Path(settings.store).write_bytes(b"not a store at all" * 100)
    with client_of(settings) as client:
        check(client.get("/v1/info"), 503, "store_damaged")


def test_another_engine_is_503(tmp_path: Path) -> None:
    with client_of(settings_in(tmp_path, store="bolt://graph.example:7687")) as client:
        answer = client.get("/v1/info")
        check(answer, 503, "store_unavailable")
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/nowhere", f"/{SECRET}", "/v1", "/v1/", "/v2/parties"])
def test_an_unknown_address_is_404(client: TestClient, path: str) -> None:
    assert SECRET not in check_text(client.get(path), 404, "not_found")


def check_text(answer: Any, status: int, code: str) -> str:
    """The checked problem's text."""
    check(answer, status, code)
    return str(answer.text)


@pytest.mark.parametrize("path", [p.partition("?")[0] for p in GETS])
def test_another_method_is_405(client: TestClient, path: str) -> None:
    if path == "/v1/loads":
        path = "/v1/catalogue"
    for method in ("DELETE", "PUT", "PATCH"):
        check(client.request(method, path), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/parties/{SECRET}",
        f"/v1/parties/name:{SECRET}/flags",
        "/v1/parties/gs:e99/trace",
        "/v1/parties/0000000000000000",
        "/v1/parties/%00/trace",
        "/v1/parties/a%2Fb%2Ftrace",
    ],
)
def test_an_unknown_party_is_404(client: TestClient, path: str) -> None:
    assert SECRET not in check_text(client.get(path), 404, "unknown_party")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/parties", "q"),
        ("/v1/parties?q=", "q"),
        (f"/v1/parties?q={'x' * 201}", "q"),
        ("/v1/parties?q=x&limit=0", "limit"),
        ("/v1/parties?q=x&limit=1001", "limit"),
        (f"/v1/parties?q=x&limit={SECRET}", "limit"),
        (f"/v1/parties?q=x&kind={SECRET}", "kind"),
        (f"/v1/parties?q=x&{SECRET}=1", ""),
        ("/v1/parties/gs:e1/trace?depth=21", "depth"),
        ("/v1/parties/gs:e1/trace?depth=-1", "depth"),
        ("/v1/parties/gs:e1/trace?dept=1", ""),
        (f"/v1/parties/gs:e1/trace?types={SECRET}", "types"),
        ("/v1/parties/gs:e1/trace?min_share=2", "min_share"),
        ("/v1/parties/gs:e1/trace?min_share=nan", "min_share"),
        ("/v1/parties/gs:e1/trace?min_share=101%25", "min_share"),
        ("/v1/parties/gs:e1/trace?min_share=nan%25", "min_share"),
        ("/v1/parties/gs:e1/trace?min_share=%25", "min_share"),
        ("/v1/parties/gs:e1/trace?per_party=0", "per_party"),
        ("/v1/parties/gs:e1/flags?as_of=2024-02-30", "as_of"),
        ("/v1/parties/gs:e1/flags?as_of=20240101", "as_of"),
        ("/v1/parties/gs:e1/flags?look_back=3w", "look_back"),
        ("/v1/parties/gs:e1/flags?pack=/etc/passwd", "pack"),
        ("/v1/parties/gs:e1/flags?pack=../default", "pack"),
        ("/v1/paths?from=gs:e1", "to"),
        ("/v1/paths?from=gs:e1&to=gs:e2&k=21", "k"),
        ("/v1/records?limit=0", "limit"),
        ("/v1/records?cursor=~~", "cursor"),
        ("/v1/loads?limit=9999", "limit"),
        ("/v1/catalogue?x=1", ""),
    ],
)
def test_a_bad_parameter_is_422_and_named(client: TestClient, path: str, name: str) -> None:
    body = check(client.get(path), 422, "bad_request")
    assert name in [fault["name"] for fault in body["errors"]]
    assert SECRET not in client.get(path).text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "王", "id_number": "110101199001010010"},
        {"id_number": SECRET},
        {"id_number": "110101199001010019"},
        {"text": SECRET, SECRET: 1},
        {"text": [SECRET]},
        [SECRET],
        SECRET,
    ],
)
def test_a_bad_search_body_is_422(client: TestClient, body: object) -> None:
    answer = client.post("/v1/search", json=body)
    check(answer, 422, "bad_request")
    assert SECRET not in answer.text
    assert "110101" not in answer.text


@pytest.mark.parametrize(
    "content", [f'{{"{SECRET}'.encode(), b'{"text": "\xff"}', b"[" * 100_000], ids=len
)
def test_a_body_that_is_no_json_is_told_so(client: TestClient, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/search", content=content, headers=headers)
    check(answer, 422, "bad_body")
    assert SECRET not in answer.text


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\udfff王"'])
def test_half_a_character_is_refused(client: TestClient, text: str) -> None:
    headers = {"content-type": "application/json"}
    answer = client.post("/v1/search", content=f'{{"text": {text}}}', headers=headers)
    check(answer, 422, "bad_request")


def test_an_ambiguous_name_gives_keys_that_can_be_asked_for(client: TestClient) -> None:
    body = check(client.get("/v1/parties/name:张敏"), 422, "ambiguous_name")
    assert len(body["candidates"]) == 2
    found = {client.get(f"/v1/parties/{key}").json()["party"]["id"] for key in body["candidates"]}
    assert found == {"gs:p2", "gs:p3"}


def _error_classes() -> list[type[CreditGraphError]]:
    found = [e for e in vars(errors).values() if isinstance(e, type)]
    return [e for e in found if issubclass(e, CreditGraphError)]


class Failing:
    """A store whose every question fails with one error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> object:
        if name == "close":
            return lambda: None
        raise self.error


@pytest.mark.parametrize(
    "cls",
    [cls for cls in _error_classes() if cls is not AmbiguousName],
    ids=lambda cls: cls.__name__,
)
def test_every_error_of_the_domain_has_the_status_it_claims(
    tmp_path: Path, cls: type[CreditGraphError]
) -> None:
    store: Any = Failing(cls(SECRET, SECRET))
    with client_of(settings_in(tmp_path), store) as client:
        answer = client.get("/v1/info")
    code = cls.code if cls.code in KINDS else "internal_error"
    assert SECRET not in check_text(answer, cls.status, code)


def test_an_unexpected_error_is_500_and_logged_without_its_message(tmp_path: Path) -> None:
    log = io.StringIO()
    store: Any = Failing(ValueError(SECRET))
    with client_of(settings_in(tmp_path), store, log) as client:
        body = check(client.get("/v1/info"), 500, "internal_error")
    assert SECRET not in log.getvalue()
    (line,) = [line for line in lines_of(log) if line["event"] == "error"]
    assert (line["error"], line["request_id"]) == ("ValueError", body["trace_id"])


def test_a_store_that_stopped_answering_is_opened_anew(
    town: tuple[Settings, Store], tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    town[1].backup(settings.store)
    with client_of(settings) as client:
        door = client.app.state.service.door  # type: ignore[attr-defined]
        first = door.store()
        door.failed(OverBudget())
        assert door.store() is first
        door.failed(StoreUnavailable())
        assert door.store() is not first
        assert client.get("/readyz").status_code == 200


def test_every_code_of_the_domain_has_its_words() -> None:
    codes = {cls.code for cls in _error_classes()} - {"error", "bad_setting"}
    assert codes <= set(KINDS)
    for code, kind in KINDS.items():
        assert all((kind.zh, kind.en, kind.detail_zh, kind.detail_en)), code


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_problems_speak_the_language_of_the_request_else_of_the_service(
    tmp_path: Path, lang: str
) -> None:
    refusals: tuple[tuple[str, str, dict[str, str], int, str], ...] = (
        ("GET", "/nowhere", {}, 404, "not_found"),
        ("GET", "/v1/info", {}, 503, "store_missing"),
        ("GET", "/v1/loads?limit=0", {}, 422, "bad_request"),
        ("GET", "/v1/info", {"host": "elsewhere.example"}, 403, "bad_host"),
        ("POST", "/v1/search", {"content-length": "999999999"}, 413, "too_large"),
    )
    with client_of(settings_in(tmp_path, lang=lang)) as client:
        for method, path, headers, status, code in refusals:
            asked = (("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.5", "en"), ("fr", lang))
            for accepted, told in asked:
                sent = {**headers, "accept-language": accepted}
                answer = client.request(method, path, headers=sent)
                check(answer, status, code)
                assert answer.headers["content-language"] == told, (code, accepted)
            assert client.get("/nowhere").headers["content-language"] == lang


def test_an_answer_is_the_same_in_every_language(client: TestClient) -> None:
    answers = [
        client.get(f"/v1/parties/{XINGHE}/flags", headers={"accept-language": lang})
        for lang in ("zh", "en")
    ]
    assert answers[0].content == answers[1].content
    assert "vary" not in answers[0].headers
