"""The examples in the API's description: what the service really answers about the town.

``python -m tests.api.examples`` writes them; a test compares.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from tests.api.client import TestClient, client_of
from tests.support.front import AS_OF, BOSS, XINGHE, YINHE, opened_town, settings_in, write_town

FILE = Path(__file__).resolve().parents[2] / "graph_service/web/static/examples.json"
_DAY = f"as_of={AS_OF}"
REQUESTS = {
    "search": f"/v1/parties?q=星河&{_DAY}",
    "show": f"/v1/parties/{XINGHE}?{_DAY}",
    "trace": f"/v1/parties/{YINHE}/trace?depth=1&{_DAY}",
    "picture": f"/v1/parties/{YINHE}/picture?depth=1&{_DAY}",
    "exposure": f"/v1/parties/{BOSS}/exposure?{_DAY}",
    "flags": f"/v1/parties/{YINHE}/flags?{_DAY}",
    "owners": f"/v1/parties/{XINGHE}/owners?{_DAY}",
    "holdings": f"/v1/parties/{XINGHE}/holdings?{_DAY}",
    "controllers": f"/v1/parties/{YINHE}/controllers?{_DAY}",
    "controlled": f"/v1/parties/{XINGHE}/controlled?{_DAY}",
    "rings": f"/v1/rings?{_DAY}",
    "groups": f"/v1/groups?{_DAY}",
    "diff": f"/v1/parties/{YINHE}/diff?from=2025-01-01&to={AS_OF}",
    "phoenix": f"/v1/parties/{XINGHE}/phoenix?{_DAY}",
    "related": f"/v1/parties/{XINGHE}/related?{_DAY}",
    "barred": f"/v1/parties/{BOSS}/barred?{_DAY}",
    "beneficial": f"/v1/parties/{YINHE}/beneficial-owners?{_DAY}",
    "close_links": f"/v1/parties/{XINGHE}/close-links?{_DAY}",
    "paths": f"/v1/paths?from={BOSS}&to={YINHE}&{_DAY}",
    "paths_picture": f"/v1/paths/picture?from={BOSS}&to={YINHE}&{_DAY}",
    "info": f"/v1/info?{_DAY}",
    "records": f"/v1/records?limit=1&{_DAY}",
    "healthz": "/healthz",
    "session": "/session",
}
_STEADY = (
    (re.compile(r'"seconds": [0-9.]+'), '"seconds": 0.4'),
    (re.compile(r'"started": "[^"]+"'), f'"started": "{AS_OF}T09:00:00+08:00"'),
    (re.compile(r'"created": "[^"]+"'), f'"created": "{AS_OF}T09:00:00+08:00"'),
    (re.compile(r'"expires": "[^"]+"'), '"expires": "2026-01-08T09:00:00+08:00"'),
    (re.compile(r'"(at|changed|exported)": "[^"]+"'), rf'"\1": "{AS_OF}T09:00:00+08:00"'),
    (re.compile(r'"(who|(?:created|changed|exported)_by)": "[^"]+"'), r'"\1": "张审"'),
    (re.compile(r'"latest": "[^"]+"'), f'"latest": "{AS_OF}"'),
)
_WORDED = ("statement", "article", "reason", "why", "pack_hash")
_JOB = "3f2a91c07d5be846"


def real_examples() -> dict[str, Any]:
    """Every example by name; what differs from run to run is made steady."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with opened_town(folder) as (settings, store), client_of(settings, store) as client:
            found = {name: client.get(path).json() for name, path in REQUESTS.items()}
            found |= {
                name: client.post(path, json=body).json() for name, (path, body) in _posts(found)
            }
            found |= _screenings(client) | _cases(client)
        found |= _loads(folder / "again")
    text = json.dumps(found, ensure_ascii=False, indent=1)
    for pattern, steady in _STEADY:
        text = pattern.sub(steady, text)
    return dict(json.loads(text))


def _posts(found: dict[str, Any]) -> list[tuple[str, tuple[str, Any]]]:
    """What is asked with a body: the example's name, address and body."""
    boss, yinhe = found["exposure"]["subject"]["key"], found["flags"]["party"]["key"]
    marks = {"parties": [boss, yinhe], "as_of": AS_OF}
    layout = {"nodes": [boss, yinhe], "edges": [[0, 1]], "roots": [0]}
    return [("marks", ("/v1/marks", marks)), ("layout", ("/v1/layout", layout))]


def _loads(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    files = [("files", (p.name, p.read_bytes())) for p in sorted(write_town(folder).iterdir())]
    with client_of(settings_in(folder, load_root=folder)) as client:
        answer = client.post("/v1/loads", files=files, data={"source": "gs"})
        done = _done(client, answer.headers["location"])
        ledger = client.get("/v1/loads").json()
        rejects = client.get("/v1/rejects").json()
    queued = {
        "id": _JOB,
        "status": "queued",
        "progress": {"phase": "", "done": 0, "total": None},
        "result": None,
        "error": None,
    }
    ended = {**done, "id": _JOB, "progress": {"phase": "rows", "done": 16, "total": 16}}
    return {"load": queued, "load_done": ended, "loads": ledger, "rejects": rejects}


def _screenings(client: TestClient) -> dict[str, Any]:
    rows = [
        {"bidder": XINGHE, "lot": "1", "price": 100, "agent": "李强"},
        {"bidder": YINHE, "lot": "1", "price": 110},
        {"bidder": "某外国公司", "lot": "1", "price": 125, "agent": "李强"},
    ]
    answer = client.post("/v1/screenings", json={"bidders": rows, "as_of": AS_OF})
    place = answer.headers["location"]
    client.app.state.screenings.wait(place.rpartition("/")[2], 60)  # type: ignore[attr-defined]
    done = {**client.get(place).json(), "id": _JOB * 2}
    done["progress"] = {"phase": "pairs", "done": 0, "total": 1}
    queued = {**done, "status": "queued", "result": None, "expires": None}
    queued["progress"] = {"phase": "", "done": 0, "total": None}
    return {"screening": queued, "screening_done": done}


def _cases(client: TestClient) -> dict[str, Any]:
    body = {"name": "某标段投标人核查", "note": "举报转来", "parties": [XINGHE, BOSS]}
    id = client.post("/v1/cases", json=body).json()["id"]
    made = client.post(f"/v1/cases/{id}/comments", json={"text": "已约谈法定代表人"}).json()
    file = client.get(f"/v1/cases/{id}/export.zip").content
    kind = {"content-type": "application/zip"}
    taken = client.post("/v1/cases/imports", content=file, headers=kind).json()
    listed = client.get("/v1/cases").json()["cases"]
    shown = {"cases": [{**one, "id": _JOB} for one in listed if one["id"] == id]}
    return {
        "cases": shown,
        "case": {**made, "id": _JOB},
        "case_import": {**taken, "case": {**taken["case"], "id": _JOB}},
    }


def _done(client: TestClient, place: str) -> dict[str, Any]:
    job = client.app.state.loads.get(place.rpartition("/")[2])  # type: ignore[attr-defined]
    job.finished.wait(60)
    return {**client.get(place).json()}


def unworded(value: Any) -> Any:
    """An example without its sentences, whose wording may change while the answer stays."""
    if isinstance(value, dict):
        return {k: None if k in _WORDED else unworded(inner) for k, inner in value.items()}
    return [unworded(inner) for inner in value] if isinstance(value, list) else value


def main() -> None:
    """Write the file."""
    text = json.dumps(real_examples(), ensure_ascii=False, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
