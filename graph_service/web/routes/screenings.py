"""Screenings of bidders: a list sent as a file or as JSON, its progress, its result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as PathParam
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from graph_service.again import asked_again
from graph_service.days import SHANGHAI
from graph_service.store.port import Progress
from graph_service.web.access import user_of
from graph_service.web.jobs import safe_name
from graph_service.web.models.screen import ScreeningBody, ScreeningJob, ScreeningOptions
from graph_service.web.params import Strict
from graph_service.web.pictures import MEDIA, Asked, exported
from graph_service.web.problems import Refused, failure
from graph_service.web.questions.common import When
from graph_service.web.reply import answers, problems, reply, service_of
from graph_service.web.screening import Options
from graph_service.web.screening import screen as ask_screen
from graph_service.web.screenings import Screening, Screenings, Sent
from graph_service.web.service import Service
from loaders.bidder_list import bidders_of_document, read_bidders

router = APIRouter(tags=["screenings"])
_EVERY = 0.2  # seconds between looks at a running job
_QUIET = 15.0  # seconds after which a stream says that it is alive
_LONGEST = 3600.0
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    **ScreeningOptions.model_json_schema()["properties"],
                },
            }
        },
        "application/json": {"schema": ScreeningBody.model_json_schema()},
    },
}


class BookQuery(Strict):
    """In which language the file speaks."""

    lang: str | None = None


def screenings_of(request: Request) -> Screenings:
    """The screenings of the application."""
    found = request.app.state.screenings
    if not isinstance(found, Screenings):
        raise TypeError("the application has no screenings")
    return found


def runner(service: Service) -> Any:
    """What runs one screening for this service."""

    def run(path: Path, options: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        listed = read_bidders(path, service.settings, service.key())
        when = When(options.get("as_of"), options.get("look_back"))
        chosen = Options(
            options.get("tender"),
            options.get("regime"),
            bool(options.get("all_pairs")),
            str(options.get("pack") or "default"),
            bool(options.get("label")),
        )
        store = service.door.store()
        return asked_again(
            lambda: ask_screen(store, service.settings, listed, when, chosen, progress)
        )

    return run


@router.post(
    "/v1/screenings",
    **answers(ScreeningJob, "screening", 413, 415, 429, 503, status=202),
    summary="排查投标人 · Screen bidders",
    openapi_extra={"requestBody": _BODY},
)
async def post_screening(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, description="重复发送只执行一次")
    ] = None,
) -> Response:
    """Queue a bidder list, a file or JSON; ask `Location` for progress and the answer."""
    service = service_of(request)
    await run_in_threadpool(service.door.store)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        sent = _from_json(await request.body(), service)
    elif kind == "multipart/form-data":
        sent = await _from_form(request)
    else:
        raise Refused("unsupported_media_type")
    sent.key = idempotency_key or ""
    jobs = screenings_of(request)
    job = await run_in_threadpool(jobs.submit, sent)
    return reply(_document(jobs, job, {}), 202, location=f"/v1/screenings/{job.id}")


async def _from_form(request: Request) -> Sent:
    async with request.form(max_files=1, max_fields=20) as form:
        fields = {name: value for name, value in form.items() if name != "file"}
        upload = form.get("file")
        if not isinstance(upload, UploadFile):
            raise _invalid("file", "missing")
        told = _checked(ScreeningOptions, fields)
        data = await upload.read()
        return Sent(told.model_dump(exclude_none=True), safe_name(upload.filename), data)


def _from_json(data: bytes, service: Service) -> Sent:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("bad_body") from None
    told = _checked(ScreeningBody, found)
    whole = told.model_dump(exclude_none=True)
    options = {name: whole.pop(name, None) for name in ("regime", "as_of", "look_back", "pack")}
    options["all_pairs"] = whole.pop("all_pairs")
    if isinstance(whole.get("tender"), str):
        options |= {"tender": whole.pop("tender"), "label": True}
    try:
        text = json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()
    except UnicodeEncodeError:  # a lone surrogate is no text
        raise Refused("bad_body") from None
    bidders_of_document(whole, service.key())
    return Sent({k: v for k, v in options.items() if v is not None}, "bidders.json", text)


def _checked(model: type[BaseModel], found: Any) -> BaseModel:
    try:
        return model.model_validate(found)
    except ValidationError as error:
        faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(faults) from None


def _invalid(name: str, rule: str) -> RequestValidationError:
    return RequestValidationError([{"type": rule, "loc": ("body", name), "msg": rule, "input": ""}])


ScreeningId = Annotated[str, PathParam(alias="id", max_length=40)]


@router.get(
    "/v1/screenings/{id}",
    **answers(ScreeningJob, "screening_done", 404),
    summary="一次排查 · One screening",
)
def get_screening(request: Request, screening_id: ScreeningId) -> Response:
    """Its status and progress, and once it is done the whole answer."""
    jobs = screenings_of(request)
    job = _found(jobs, screening_id)
    return reply(_document(jobs, job, jobs.result(job)))


@router.get(
    "/v1/screenings/{id}/events",
    responses={
        200: {"content": {"text/event-stream": {}}, "description": "Events `progress`, then `end`"},
        **problems(404),
    },
    summary="排查进度 · Progress of a screening",
    response_class=StreamingResponse,
)
def get_events(request: Request, screening_id: ScreeningId) -> Response:
    """Server-sent events: `progress` as it goes, and one `end` with the last state."""
    jobs = screenings_of(request)
    _found(jobs, screening_id)
    return StreamingResponse(_events(jobs, screening_id), media_type="text/event-stream")


async def _events(jobs: Screenings, id: str) -> AsyncIterator[str]:
    said, quiet, waited = "", 0.0, 0.0
    while waited < _LONGEST:
        job = await run_in_threadpool(jobs.get, id)
        if job is None:
            return
        document = _document(jobs, job, None)
        text = json.dumps(document, ensure_ascii=False)
        if job.finished:
            yield f"event: end\ndata: {text}\n\n"
            return
        if text != said:
            said, quiet = text, 0.0
            yield f"event: progress\ndata: {text}\n\n"
        elif quiet >= _QUIET:
            quiet = 0.0
            yield ": waiting\n\n"
        await asyncio.sleep(_EVERY)
        quiet, waited = quiet + _EVERY, waited + _EVERY


@router.get(
    "/v1/screenings/{id}/result.{ending}",
    responses={
        200: {
            "description": "The file",
            "content": {kind.partition(";")[0]: {} for kind in MEDIA.values()},
        },
        **problems(404, 409),
    },
    response_class=Response,
    summary="排查结果文件 · The result as a file",
)
def get_file(
    request: Request,
    screening_id: ScreeningId,
    ending: Annotated[str, PathParam(max_length=10, description=" / ".join(MEDIA))],
    query: Annotated[BookQuery, Query()],
) -> Response:
    """The answer as a report (`xlsx`, `pdf`, `docx`), a picture (`html`, `svg`, `png`), `graphml`,
    `csv` or `json`, watermarked. PDF, Word and PNG need the extra `report`."""
    if ending not in MEDIA:
        raise Refused("not_found")
    jobs = screenings_of(request)
    job = _found(jobs, screening_id)
    answer = jobs.result(job)
    if answer is None:
        raise Refused("screening_not_done")
    settings = service_of(request).settings
    lang = query.lang if query.lang in ("zh", "en") else settings.lang
    asked = Asked(user_of(request.scope), {"command": "screen", **answer["question"]}, lang)
    content = exported(dict(answer), ending, asked, settings.report_font)
    headers = {"content-disposition": f'attachment; filename="screening-{job.id[:8]}.{ending}"'}
    return Response(content, headers=headers, media_type=MEDIA[ending])


def _found(jobs: Screenings, id: str) -> Screening:
    job = jobs.get(id)
    if job is None:
        raise Refused("unknown_screening")
    return job


def _document(jobs: Screenings, job: Screening, result: Mapping[str, Any] | None) -> dict[str, Any]:
    expires = jobs.expires(job)
    return {
        "id": job.id,
        "status": job.status,
        "progress": {"phase": job.phase, "done": job.done, "total": job.total or None},
        "result": result or None,
        "error": failure(job.code or "", job.detail),
        "created": _time(job.created),
        "expires": None if expires is None else _time(expires),
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, SHANGHAI).isoformat(timespec="seconds")
