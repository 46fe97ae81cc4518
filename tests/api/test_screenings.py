"""Screenings over HTTP: as the command line answers, and over restarts."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from graph_service.cli.main import main
from graph_service.settings import Settings
from graph_service.store.port import Progress, Store
from graph_service.web.logs import Log
from graph_service.web.pictures import MEDIA
from graph_service.web.problem_kinds import KINDS
from graph_service.web.problems import Refused
from graph_service.web.screenings import ATTEMPTS, Screenings, Sent
from tests.api.client import TestClient, client_of
from tests.support.front import AS_OF, settings_in

ROWS = """投标人,标段,报价,代理人
北京星河科技有限公司,一,100,李强
银河贸易有限公司,一,110,
某外国公司,一,121,李强
"""


@pytest.fixture
def client(town: tuple[Settings, Store], tmp_path: Path) -> Iterator[TestClient]:
    settings = settings_in(tmp_path, id_key_file=town[0].id_key_file, store=town[0].store)
    with client_of(settings_of(settings, tmp_path), town[1]) as found:
        yield found


def settings_of(settings: Settings, folder: Path) -> Settings:
    return replace(settings, screening_root=folder / "screenings")


def _post(client: TestClient, text: str = ROWS, **more: Any) -> Any:
    files = {"file": ("名单.csv", text.encode())}
    return client.post("/v1/screenings", files=files, data={"as_of": AS_OF}, **more)


def _done(client: TestClient, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    client.app.state.screenings.wait(place.rpartition("/")[2], 60)  # type: ignore[attr-defined]
    return {**client.get(place).json()}


def test_a_file_is_answered_as_the_command_line_answers(
    client: TestClient,
    town: tuple[Settings, Store],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    job = _done(client, _post(client))
    assert job["status"] == "done"
    (tmp_path / "名单.csv").write_text(ROWS, "utf-8")
    monkeypatch.setenv("CG_STORE", town[0].store)
    monkeypatch.setenv("CG_ID_KEY_FILE", str(town[0].id_key_file))
    capsys.readouterr()
    assert main(["screen", str(tmp_path / "名单.csv"), "--as-of", AS_OF, "--json"]) == 0
    assert job["result"] == json.loads(capsys.readouterr().out)
    verdicts = [pair["verdict"] for pair in job["result"]["pairs"]]
    assert verdicts == ["void_art34", "deemed_art40"]
    assert [row["row"] for row in job["result"]["bidders"]] == [2, 3, 4]


def test_json_bidders_and_the_workbook(client: TestClient) -> None:
    body = {"bidders": [{"bidder": "gs:e1", "price": 1.5}, "gs:e2"], "as_of": AS_OF}
    answer = client.post("/v1/screenings", json=body)
    job = _done(client, answer)
    assert [one["party"]["id"][:5] for one in job["result"]["bidders"]] == ["uscc:", "uscc:"]
    book = client.get(answer.headers["location"] + "/result.xlsx")
    sheets = load_workbook(io.BytesIO(book.content)).sheetnames
    assert sheets[:4] == ["摘要", "投标人", "两两核查", "证据"]
    assert {"出处", "图例"} <= set(sheets)
    for ending in ("html", "svg", "graphml", "csv", "json"):
        other = client.get(answer.headers["location"] + f"/result.{ending}?lang=en")
        assert (other.status_code, other.headers["content-type"]) == (200, MEDIA[ending])
    assert client.get(answer.headers["location"] + "/result.exe").status_code == 404


def test_a_tender_in_the_body_that_was_not_loaded_is_said_to_be_missing(client: TestClient) -> None:
    body = {"tender": "ZB-1", "bidders": ["gs:e1", "gs:e2"], "as_of": AS_OF}
    job = _done(client, client.post("/v1/screenings", json=body))
    assert (job["status"], job["result"]["tenders"][0]["id"]) == ("done", "ZB-1")
    missing = job["result"]["completeness"]["missing"]
    (said,) = [line for line in missing if line["what"] == "tender"]
    assert (said["id"], said["why"]) == ("ZB-1", "not loaded: its facts are unknown")
    assert said["why_zh"] == "未加载，其情况不详"
    files = {"file": ("名单.csv", ROWS.encode())}
    sent = client.post("/v1/screenings", files=files, data={"tender": "ZB-1"})
    assert _done(client, sent)["error"]["code"] == "bad_request"


def test_events_tell_the_end(client: TestClient) -> None:
    place = _post(client).headers["location"]
    with client.stream("GET", place + "/events") as stream:
        text = "".join(stream.iter_text())
    last = text.strip().split("\n\n")[-1]
    assert last.startswith("event: end\ndata: ")
    assert json.loads(last.partition("data: ")[2])["status"] == "done"


def test_the_same_idempotency_key_runs_once(client: TestClient) -> None:
    key = {"Idempotency-Key": "招标-1"}
    first = _post(client, headers={k: v.encode() for k, v in key.items()})
    again = _post(client, headers={k: v.encode() for k, v in key.items()})
    assert first.headers["location"] == again.headers["location"]
    other = _post(client, ROWS + "乙,一,1,\n", headers={k: v.encode() for k, v in key.items()})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (
            {"content": b"{", "headers": {"content-type": "application/json"}},
            KINDS["bad_body"].status,
            "bad_body",
        ),
        ({"json": {"bidders": []}}, 422, "bad_request"),
        ({"json": {"bidders": [{"x": "y"}]}}, 422, "bad_request"),
        ({"json": {"bidders": ["甲"], "regime": "x"}}, 422, "bad_request"),
        (
            {"content": b"x", "headers": {"content-type": "text/plain"}},
            415,
            "unsupported_media_type",
        ),
        ({"files": {"other": ("a.csv", b"x")}}, 422, "bad_request"),
    ],
)
def test_what_is_no_bidder_list_is_refused_at_once(
    client: TestClient, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post("/v1/screenings", **sent)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_file_that_cannot_be_read_ends_as_failed(client: TestClient) -> None:
    files = {"file": ("x.xlsx", b"no workbook")}
    job = _done(client, client.post("/v1/screenings", files=files))
    assert (job["status"], job["error"]["code"], job["result"]) == ("failed", "input_refused", None)


def test_unknown_and_unfinished_screenings(client: TestClient) -> None:
    for path in ("0" * 32, "0" * 32 + "/events", "0" * 32 + "/result.xlsx", "..%2Fjob"):
        assert client.get(f"/v1/screenings/{path}").status_code == 404
    jobs = client.app.state.screenings  # type: ignore[attr-defined]
    failed = _done(client, client.post("/v1/screenings", files={"file": ("x.csv", b"a,b\n1,2\n")}))
    assert jobs.get(failed["id"]).status == "failed"
    book = client.get(f"/v1/screenings/{failed['id']}/result.xlsx")
    assert (book.status_code, book.json()["code"]) == (409, "screening_not_done")


class _Work:
    """A run that waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.ran = 0

    def __call__(
        self, path: Path, options: Mapping[str, Any], progress: Progress
    ) -> Mapping[str, Any]:
        assert path.read_bytes() == b"x"
        self.ran += 1
        assert self.go.wait(30)
        return {"ran": self.ran}


def _jobs(root: Path, work: _Work, days: int = 7) -> Screenings:
    return Screenings(root, days, work, Log(io.StringIO()))


def _await_running(folder: Path) -> dict[str, Any]:
    while True:
        state: dict[str, Any] = json.loads((folder / "job.json").read_text("utf-8"))
        if state["status"] == "running":
            return state
        threading.Event().wait(0.01)


def test_a_restart_takes_up_what_was_left_and_keeps_what_was_done(tmp_path: Path) -> None:
    stuck, work = _Work(), _Work()
    job = _jobs(tmp_path, stuck).submit(Sent({}, "x.csv", b"x"))
    _await_running(tmp_path / job.id)
    assert not (tmp_path / job.id / "result.json").exists()
    work.go.set()
    after = _jobs(tmp_path, work)
    after.start()
    assert after.wait(job.id, 30)
    found = after.get(job.id)
    assert found is not None
    assert (found.status, after.result(found)) == ("done", {"ran": 1})
    third = _jobs(tmp_path, _Work())
    third.start()
    kept = third.get(job.id)
    assert kept is not None
    assert third.result(kept) == {"ran": 1}
    stuck.go.set()


def test_a_job_that_stops_the_service_again_and_again_is_given_up(tmp_path: Path) -> None:
    stuck = _Work()
    job = _jobs(tmp_path, stuck).submit(Sent({}, "x.csv", b"x"))
    place = tmp_path / job.id / "job.json"
    state = _await_running(tmp_path / job.id)
    place.write_text(json.dumps({**state, "attempts": ATTEMPTS}), "utf-8")
    after = _jobs(tmp_path, _Work())
    after.start()
    found = after.get(job.id)
    assert found is not None
    assert (found.status, found.code) == ("failed", "interrupted")
    stuck.go.set()


def test_a_job_of_a_living_process_is_left_to_it(tmp_path: Path) -> None:
    stuck = _Work()
    job = _jobs(tmp_path, stuck).submit(Sent({}, "x.csv", b"x"))
    place = tmp_path / job.id / "job.json"
    state = _await_running(tmp_path / job.id)
    place.write_text(json.dumps({**state, "owner": os.getppid(), "status": "running"}), "utf-8")
    work = _Work()
    other = _jobs(tmp_path, work)
    other.start()
    found = other.get(job.id)
    assert found is not None
    assert (found.status, work.ran) == ("running", 0)
    stuck.go.set()


def test_results_are_erased_when_their_time_is_over(tmp_path: Path) -> None:
    work = _Work()
    work.go.set()
    jobs = _jobs(tmp_path, work, days=1)
    job = jobs.submit(Sent({}, "x.csv", b"x"))
    assert jobs.wait(job.id, 30)
    place = tmp_path / job.id / "job.json"
    state = json.loads(place.read_text("utf-8"))
    place.write_text(json.dumps({**state, "finished": state["finished"] - 86_401}), "utf-8")
    assert jobs.get(job.id) is None
    jobs.start()
    assert not (tmp_path / job.id).exists()


def test_too_many_waiting_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    work = _Work()
    jobs = _jobs(tmp_path, work)

    def many() -> None:
        for _ in range(60):
            jobs.submit(Sent({}, "x.csv", b"x"))

    with pytest.raises(Refused):
        many()
    assert len(list(tmp_path.iterdir())) <= 21
    work.go.set()
    jobs.close()
