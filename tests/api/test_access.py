"""Who is let in: keys, hosts, origins, sizes; and what every response carries."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from graph_service.auth import add_key, read_keys
from graph_service.errors import SettingsError, UsageError
from graph_service.settings import Settings
from graph_service.web.access import JSON_LIMIT
from tests.api.client import client_of, lines_of
from tests.support.front import settings_in


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8000", "LOCALHOST:80"])
def test_loopback_names_are_answered_whatever_the_port(settings: Settings, host: str) -> None:
    with client_of(settings) as client:
        assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_other_host_names_are_refused(settings: Settings, host: str) -> None:
    with client_of(settings) as client:
        answer = client.get("/healthz", headers={"host": host})
    assert (answer.status_code, answer.json()["code"]) == (403, "bad_host")


@pytest.mark.parametrize("path", ["/v1/search", "/v1/loads"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://[broken"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_cannot_post(settings: Settings, path: str, headers: dict[str, str]) -> None:
    with client_of(settings) as client:
        answer = client.post(path, json={"text": "王伟"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


def test_the_own_page_can_post(settings: Settings) -> None:
    with client_of(settings) as client:
        own = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
        answer = client.post("/v1/search", json={"text": "王伟"}, headers=own)
    assert answer.json()["code"] == "store_missing"


def test_with_keys_every_v1_address_needs_one(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    key = add_key(keys, "监管处")
    with client_of(settings_in(tmp_path, api_keys=keys)) as client:
        for path in ("/v1/info", "/v1/nothing", "/v1", "/v1/catalogue"):
            for header in ({}, {"authorization": "Bearer nope"}, {"authorization": key}):
                answer = client.get(path, headers=header)
                assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
                assert answer.headers["www-authenticate"] == "Bearer"
        allowed = client.get("/v1/catalogue", headers={"authorization": f"bearer {key}"})
        assert allowed.status_code == 200
        assert client.get("/healthz").status_code == 200
        assert client.post("/v1/search", json={}).status_code == 401


def test_a_key_file_holds_hashes_only_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys"
    first, second = add_key(path, "甲"), add_key(path, "乙")
    text = path.read_text("utf-8")
    assert first not in text
    assert second not in text
    assert path.stat().st_mode & 0o077 == 0
    keys = read_keys(path)
    assert keys.accepts(first)
    assert keys.accepts(second)
    assert not keys.accepts(first[:-1])
    assert not keys.accepts("")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "plain-key\n", "sha256:12 short\n"])
def test_a_key_file_without_keys_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        client_of(settings_in(tmp_path, api_keys=path))


def test_a_missing_key_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        client_of(settings_in(tmp_path, api_keys=tmp_path / "none"))


def test_a_label_cannot_break_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        add_key(tmp_path / "keys", "a\nsha256:00")


@pytest.mark.parametrize("path", ["/", "/docs", "/static/docs.js", "/v1/catalogue", "/nowhere"])
def test_every_response_carries_the_headers(settings: Settings, path: str) -> None:
    with client_of(settings) as client:
        headers = client.get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers["x-request-id"]) == 16


def test_answers_are_not_kept_by_caches(settings: Settings) -> None:
    with client_of(settings) as client:
        assert client.get("/v1/catalogue").headers["cache-control"] == "no-store"
        assert client.get("/nowhere").headers["cache-control"] == "no-store"


def test_a_large_body_is_refused_by_its_stated_and_by_its_real_size(settings: Settings) -> None:
    big = b'{"text": "' + b"x" * JSON_LIMIT + b'"}'

    def chunks() -> object:
        yield from (big[i : i + 4096] for i in range(0, len(big), 4096))

    with client_of(settings) as client:
        for content in (big, chunks()):
            answer = client.post(
                "/v1/search",
                content=content,
                headers={"content-type": "application/json"},
            )
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "９", "999999999999999999999999"])
def test_a_strange_content_length_is_refused(settings: Settings, length: str) -> None:
    with client_of(settings) as client:
        headers = [(b"content-length", length.encode())]
        answer = client.post("/v1/search", content=b"{}", headers=headers)
    assert answer.status_code == 413


def test_logs_hold_the_template_and_nothing_of_the_request(settings: Settings) -> None:
    log = io.StringIO()
    with client_of(settings, log=log) as client:
        client.get("/v1/parties/pid:秘密王伟/trace?as_of=2020-01-01", headers={"x-note": "secret"})
        client.get("/v1/parties?q=秘密王伟")
        client.request("SECRET", "/秘密")
        client.post("/v1/search", json={"text": "秘密王伟"})
    text = log.getvalue()
    assert "秘密" not in text
    assert "\\u79d8" not in text
    assert "2020-01-01" not in text
    assert "secret" not in text.lower()
    requests = [line for line in lines_of(log) if line["event"] == "request"]
    assert [line["route"] for line in requests] == [
        "/v1/parties/{id}/trace",
        "/v1/parties",
        "unmatched",
        "/v1/search",
    ]
    assert all(line["request_id"] and line["ms"] >= 0 for line in requests)


def test_metrics_count_by_template(settings: Settings) -> None:
    with client_of(settings) as client:
        client.get("/v1/parties/秘密")
        text = client.get("/metrics").text
    counted = 'credit_graph_requests_total{route="/v1/parties/{id}",method="GET",status="503"} 1'
    assert counted in text
    assert "秘密" not in text
    assert "credit_graph_store_up 0" in text
