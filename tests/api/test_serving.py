"""The real process: starts without a store, answers on loopback, and ends when told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.support.front import XINGHE


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def process(
    town: tuple[Settings, Store], tmp_path: Path
) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """A service in an empty folder, and a client of it."""
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CG_")}
    log = (tmp_path / "log").open("wb")
    running = subprocess.Popen(
        [sys.executable, "-m", "graph_service.cli", "serve", "--port", str(port)],
        cwd=tmp_path,
        env={**kept, "CG_ID_KEY_FILE": str(town[0].id_key_file)},
        stderr=log,
    )
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        _wait(client, running)
        yield running, client
    running.kill()
    running.wait(30)
    log.close()


def _wait(client: httpx.Client, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert running.poll() is None
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service does not answer")


def test_it_starts_without_a_store_and_answers_when_one_comes(
    process: tuple[subprocess.Popen[bytes], httpx.Client],
    town: tuple[Settings, Store],
    tmp_path: Path,
) -> None:
    running, client = process
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get(f"/v1/parties/{XINGHE}").status_code == 503
    town[1].backup(str(tmp_path / "credit-graph.db"))
    answer = client.get(f"/v1/parties/{XINGHE}/trace")
    assert answer.json()["root"]["name"] == "北京星河科技有限公司"
    assert "server" not in answer.headers
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 0
    log = (tmp_path / "log").read_text("utf-8")
    assert "http://127.0.0.1:" in log
    assert "Traceback" not in log
    assert XINGHE not in log


def test_an_address_with_chinese_as_it_stands_is_told_how_to_be_written(
    process: tuple[subprocess.Popen[bytes], httpx.Client],
) -> None:
    _, client = process
    address = ("127.0.0.1", client.base_url.port or 0)
    with socket.create_connection(address, timeout=30) as raw:
        raw.sendall("GET /v1/search?q=星河 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        said = b"".join(iter(lambda: raw.recv(65_536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    answer = json.loads(body)
    assert (answer["code"], answer["status"]) == ("not_http", 400)
    assert "--data-urlencode" in answer["detail"]
    assert client.get("/v1/info").status_code == 503


def test_two_questions_at_once_are_both_answered(
    process: tuple[subprocess.Popen[bytes], httpx.Client],
    town: tuple[Settings, Store],
    tmp_path: Path,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    _, client = process
    town[1].backup(str(tmp_path / "credit-graph.db"))
    with ThreadPoolExecutor(16) as pool:
        paths = [f"/v1/parties/{XINGHE}/{about}" for about in ("trace", "flags", "owners")] * 20
        answers = list(pool.map(lambda path: client.get(path), paths))
    assert {answer.status_code for answer in answers} == {200}
    by_path = {path: answer.json() for path, answer in zip(paths, answers, strict=True)}
    assert all(by_path[path] == answer.json() for path, answer in zip(paths, answers, strict=True))
