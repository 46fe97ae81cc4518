"""Loads: uploads as jobs, their progress and result, the ledger."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile
from fastapi import Path as PathParam

from graph_service.errors import StoreMissing
from graph_service.store.port import Progress
from graph_service.web.jobs import LoadQueue, Run, keep_upload
from graph_service.web.ledger import ledger, load_json, reject_json
from graph_service.web.models.common import LoadAnswer, LoadsAnswer, RejectsAnswer
from graph_service.web.params import LoadForm, LoadsQuery, RejectsQuery
from graph_service.web.problems import Refused, failure
from graph_service.web.questions.common import data_day_of
from graph_service.web.reply import answers, reply, service_of, store_of
from graph_service.web.service import Service
from loaders.load import load

router = APIRouter(tags=["loads"])


def _queue(request: Request) -> LoadQueue:
    found = request.app.state.loads
    if not isinstance(found, LoadQueue):
        raise TypeError("the application has no queue of loads")
    return found


@router.post(
    "/v1/loads",
    **answers(LoadAnswer, "load", 413, 429, 503, status=202),
    summary="加载 · Load files",
)
def post_load(
    request: Request, form: Annotated[LoadForm, Form(media_type="multipart/form-data")]
) -> Response:
    """Queue a load; ask `Location` for its progress and, once done, its report."""
    service, queue = service_of(request), _queue(request)
    _refuse_now(service)
    day = data_day_of(form.data_date)
    folder = queue.folder()
    try:
        paths = _keep(folder, [*form.files, *form.file])
        mapped = _keep(folder / "mapping", [form.mapping])[0] if form.mapping is not None else None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    options = {
        "mapping": mapped,
        "source": form.source,
        "full": form.full,
        "data_date": day,
    }
    job = queue.submit(folder, _runner(service, paths, options))
    return reply(job.document(), 202, location=f"/v1/loads/{job.id}")


def _refuse_now(service: Service) -> None:
    """Raise StoreError at once for a store that no load could write to; a missing one is made."""
    try:
        service.door.store()
    except StoreMissing:
        return


def _keep(folder: Path, uploads: Sequence[UploadFile]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    taken: set[str] = set()
    return [keep_upload(folder, upload.filename, upload.file, taken) for upload in uploads]


def _runner(service: Service, paths: list[Path], options: Mapping[str, Any]) -> Run:
    def run(_folder: Path, progress: Progress) -> Mapping[str, Any]:
        report: Mapping[str, Any] = load(
            service.door.store(create=True),
            service.settings,
            paths,
            key=service.key(),
            progress=progress,
            who="http",
            **options,
        )
        return report

    return run


@router.get("/v1/loads", **answers(LoadsAnswer, "loads", 503), summary="台账 · The ledger")
def get_loads(request: Request, query: Annotated[LoadsQuery, Query()]) -> Response:
    """The ledger, newest first, each source's record, and the loads that wait or run."""
    jobs = [job.document() for job in _queue(request).jobs() if not job.finished.is_set()]
    return reply({**ledger(store_of(request), query.source, query.limit), "jobs": jobs})


@router.get(
    "/v1/rejects", **answers(RejectsAnswer, "rejects", 503), summary="隔离行 · Rejected rows"
)
def get_rejects(request: Request, query: Annotated[RejectsQuery, Query()]) -> Response:
    """The quarantine: rows that were not loaded, why, and how to correct them; values masked."""
    rows = store_of(request).rejected(query.source, rule=query.rule)
    return reply({"total": len(rows), "rejects": [reject_json(r) for r in rows[: query.limit]]})


@router.get(
    "/v1/loads/{id}", **answers(LoadAnswer, "load_done", 404, 503), summary="一次加载 · One load"
)
def get_load(
    request: Request, load_id: Annotated[str, PathParam(alias="id", max_length=40)]
) -> Response:
    """By the id that POST gave, or by its number in the ledger."""
    job = _queue(request).get(load_id)
    if job is not None:
        return reply(job.document())
    number = int(load_id) if load_id.isascii() and load_id.isdigit() else None
    for entry in store_of(request).loads() if number is not None else ():
        if entry.id == number:
            return reply(_from_ledger(load_json(entry)))
    raise Refused("unknown_load")


def _from_ledger(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(entry["id"]),
        "status": entry["status"],
        "progress": {"phase": entry["status"], "done": 0, "total": None},
        "result": entry["report"] if entry["status"] == "done" else None,
        "error": failure("failed" if entry["status"] == "failed" else "", ""),
    }
