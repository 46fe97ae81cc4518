"""Loads over HTTP: a job with progress and a result, from a folder that is removed."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import InputRefused, StoreBusy
from graph_service.settings import Settings
from graph_service.store.port import Progress
from graph_service.web.jobs import WAITING, LoadQueue, keep_upload, sweep
from graph_service.web.logs import Log
from graph_service.web.metrics import Metrics
from graph_service.web.problem_kinds import KINDS
from graph_service.web.problems import Refused
from tests.api.client import TestClient, client_of
from tests.support.front import BROKEN, TABLES, settings_in, write_table, write_town

Upload = tuple[str, tuple[str, bytes]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, load_root=tmp_path / "uploads")


@pytest.fixture
def service(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


def uploads(folder: Path) -> list[Upload]:
    """Every file of a folder as a form field."""
    return [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]


def finished(client: TestClient, answer: Any) -> dict[str, Any]:
    """The job that an answer promised, once it has ended."""
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    job = client.app.state.loads.get(place.rpartition("/")[2])  # type: ignore[attr-defined]
    assert job.finished.wait(60)
    document: dict[str, Any] = client.get(place).json()
    assert place == f"/v1/loads/{document['id']}"
    return document


def test_a_load_makes_the_store_and_is_then_in_the_ledger(
    service: TestClient, settings: Settings, tmp_path: Path
) -> None:
    assert service.get("/v1/info").status_code == 503
    files = uploads(write_town(tmp_path))
    done = finished(service, service.post("/v1/loads", files=files, data={"source": "gs"}))
    assert (done["status"], done["error"]) == ("done", None)
    assert done["result"]["rows"]["persons"]["accepted"] == len(TABLES["persons"])
    assert service.get("/v1/info").json()["sources"] == ["gs"]
    ledger = service.get("/v1/loads").json()
    assert (ledger["loads"][0]["id"], ledger["jobs"]) == (done["result"]["load_id"], [])
    kept = service.get(f"/v1/loads/{done['result']['load_id']}").json()
    assert (kept["status"], kept["result"]["rows"]) == ("done", done["result"]["rows"])
    assert settings.load_root is not None
    assert list(settings.load_root.iterdir()) == []
    assert 'credit_graph_loads_total{status="done"} 1' in service.get("/metrics").text


def test_refused_rows_are_reported(service: TestClient, tmp_path: Path) -> None:
    files = uploads(write_town(tmp_path))
    finished(service, service.post("/v1/loads", files=files, data={"source": "gs"}))
    broken = write_table(tmp_path, "shareholders", BROKEN)
    field = ("files", (broken.name, broken.read_bytes()))
    done = finished(service, service.post("/v1/loads", files=[field], data={"source": "gs"}))
    assert done["result"]["rejected_by_rule"] == {"dangling_reference": 1}


def test_a_full_load_with_a_mapping(service: TestClient) -> None:
    mapping = b"source: m\ntables:\n  - file: a.csv\n    kind: enterprises\n" + (
        "    columns: {id: 号, name: 名}\n".encode()
    )
    files = [("files", ("a.csv", "号,名\n1,甲公司\n".encode())), ("mapping", ("m.yaml", mapping))]
    form = {"full": "true", "data_date": "2026-01-01"}
    done = finished(service, service.post("/v1/loads", files=files, data=form))
    assert done["result"]["source"] == "m"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("enterprises.csv", b"id,name\n1,\x00\n", "input_refused"),
        ("enterprises.xlsx", b"PK\x03\x04 broken", "input_refused"),
        ("what.csv", b"a,b\n1,2\n", "bad_mapping"),
    ],
)
def test_a_file_that_cannot_be_read_fails_its_job_and_not_the_service(
    service: TestClient, name: str, content: bytes, code: str
) -> None:
    done = finished(service, service.post("/v1/loads", files=[("files", (name, content))]))
    assert (done["status"], done["error"]["code"], done["result"]) == ("failed", code, None)
    assert service.get("/healthz").status_code == 200


def test_names_of_uploads_are_harmless(tmp_path: Path) -> None:
    names = ("../../etc/passwd", "..", "", None, "a/b\\c.csv", "x\x00\n.csv", "长" * 200 + ".csv")
    taken: set[str] = set()
    kept = [keep_upload(tmp_path, name, io.BytesIO(b"x"), taken) for name in names]
    again = keep_upload(tmp_path, "C.CSV", io.BytesIO(b"y"), taken)
    assert all(path.parent == tmp_path for path in kept)
    assert [path.name for path in kept[:5]] == [
        "passwd",
        "upload.csv",
        "upload-2.csv",
        "upload-3.csv",
        "c.csv",
    ]
    assert kept[-1].name.endswith(".csv")
    assert again.name.lower() != "c.csv"


def test_a_store_that_no_load_could_write_to_is_503_at_once(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    Path(settings.store).write_bytes(b"not a store" * 100)
    with client_of(settings) as client:
        answer = client.post("/v1/loads", files=[("files", ("enterprises.csv", b"id,name\n"))])
    assert (answer.status_code, answer.json()["code"]) == (503, "store_damaged")


def test_an_upload_above_the_limit_is_413(tmp_path: Path) -> None:
    with client_of(settings_in(tmp_path, max_upload_mb=1)) as client:
        big = ("files", ("enterprises.csv", b"x" * 1_100_000))
        answer = client.post("/v1/loads", files=[big])
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        small = ("file", ("enterprises.csv", b"id,name\n1,a\n"))
        assert client.post("/v1/loads", files=[small]).status_code == 202


@pytest.mark.parametrize(
    ("form", "with_file"),
    [
        ({}, False),
        ({"data_date": "2026-01-01"}, True),
        ({"data_date": "gestern", "full": "true"}, True),
        ({"data_date": "9026-01-01", "full": "true"}, True),
        ({"source": "x" * 201}, True),
        ({"sourc": "gs"}, True),
    ],
)
def test_a_bad_form_is_422_and_leaves_nothing(
    service: TestClient, settings: Settings, form: dict[str, str], with_file: bool
) -> None:
    files = [("files", ("enterprises.csv", b"id,name\n"))] if with_file else None
    answer = service.post("/v1/loads", files=files, data=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert settings.load_root is not None
    assert not settings.load_root.exists() or list(settings.load_root.iterdir()) == []


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "９"])
def test_an_unknown_load_is_404(town: object, client: TestClient, number: str) -> None:
    answer = client.get(f"/v1/loads/{number}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_load")


def _queue(root: Path) -> LoadQueue:
    return LoadQueue(root, Log(io.StringIO()), Metrics())


def test_loads_run_one_at_a_time_and_the_waiting_are_bounded(tmp_path: Path) -> None:
    queue, gate = _queue(tmp_path), threading.Event()
    running: list[int] = []
    seen: list[int] = []

    def run(_folder: Path, progress: Progress) -> dict[str, object]:
        running.append(1)
        seen.append(len(running))
        progress("rows", 5, 10)
        gate.wait(30)
        running.pop()
        return {}

    jobs = [queue.submit(queue.folder(), run)]
    while not seen:
        gate.wait(0.01)
    jobs += [queue.submit(queue.folder(), run) for _ in range(WAITING)]
    with pytest.raises(Refused, match="too_many_loads"):
        queue.submit(queue.folder(), run)
    assert len(list(tmp_path.iterdir())) == len(jobs)
    gate.set()
    assert all(job.finished.wait(30) for job in jobs)
    assert max(seen) == 1
    assert jobs[0].document()["progress"] == {"phase": "rows", "done": 5, "total": 10}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "code", "detail"),
    [
        (InputRefused("a.csv: damaged"), "input_refused", "a.csv: damaged"),
        (StoreBusy("/secret/path"), "store_busy", ""),
        (ValueError("王伟"), "internal_error", ""),
    ],
)
def test_a_failed_job_tells_what_the_sender_can_mend(
    tmp_path: Path, error: Exception, code: str, detail: str
) -> None:
    queue = _queue(tmp_path)

    def run(_folder: Path, _progress: Progress) -> dict[str, object]:
        raise error

    job = queue.submit(queue.folder(), run)
    assert job.finished.wait(30)
    document = job.document()
    assert document["status"] == "failed"
    said = document["error"]
    assert (said["code"], said["detail"]) == (code, detail)
    assert said["title"] == {"zh": KINDS[code].zh, "en": KINDS[code].en}
    assert said["hint"] == {"zh": KINDS[code].detail_zh, "en": KINDS[code].detail_en}


def test_what_waits_is_dropped_with_its_files_when_the_service_stops(tmp_path: Path) -> None:
    queue, gate, started = _queue(tmp_path), threading.Event(), threading.Event()

    def run(_folder: Path, _progress: Progress) -> dict[str, object]:
        started.set()
        gate.wait(30)
        return {}

    first = queue.submit(queue.folder(), run)
    assert started.wait(30)
    second = queue.submit(queue.folder(), run)
    queue.close()
    assert not second.folder.exists()
    gate.set()
    assert first.finished.wait(30)
    assert second.status == "queued"


def test_folders_of_dead_processes_are_swept(tmp_path: Path) -> None:
    dead, own = (tmp_path / f"credit-graph-upload-{pid}-x" for pid in (2**22 + 1, os.getpid()))
    for folder in (dead, own, tmp_path / "other"):
        folder.mkdir()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([own.name, "other"])
    assert _queue(tmp_path).folder().stat().st_mode & 0o077 == 0
