"""Cases: what reviewers write down, kept in the store; nobody overwrites what another wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from graph_service.web import casefile
from graph_service.web.access import user_of
from graph_service.web.models.cases import (
    CaseAnswer,
    CaseBody,
    CaseEdit,
    CaseParties,
    CaseRemark,
    CasesAnswer,
    CasesQuery,
    ImportAnswer,
)
from graph_service.web.problems import Refused
from graph_service.web.questions import cases as questions
from graph_service.web.questions.cases import Edit
from graph_service.web.reply import answers, problems, reply, store_of

router = APIRouter(tags=["cases"])
ZIP = "application/zip"
CaseId = Annotated[str, Path(alias="id", min_length=1, max_length=40)]
Match = Annotated[
    str | None,
    Header(max_length=40, description="读到的 ETag · The ETag that was read"),
]
_IMPORT = {
    "required": True,
    "content": {
        ZIP: {"schema": {"type": "string", "contentMediaType": ZIP}},
        "application/json": {"schema": {"type": "object"}},
    },
}


def _case(document: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    return reply(document, status, etag=f'"{document["version"]}"', **headers)


def _version(match: str | None) -> int:
    """The version of an ETag; raises Refused without one, and 0, which none has, for another."""
    if match is None:
        raise Refused("version_needed")
    number = match.removeprefix("W/").strip('"')
    return int(number) if number.isascii() and number.isdigit() else 0


@router.get("/v1/cases", **answers(CasesAnswer, "cases", 503), summary="案件 · Cases")
def get_cases(request: Request, query: Annotated[CasesQuery, Query()]) -> Response:
    """All cases, or those of one status, the one changed last first."""
    return reply(questions.cases(store_of(request), query.status))


@router.post(
    "/v1/cases",
    **answers(CaseAnswer, "case", 404, 413, 503, status=201),
    summary="新建案件 · Open a case",
)
def post_case(request: Request, body: CaseBody) -> Response:
    """Open a case, with parties pinned to it if any are given."""
    edit = Edit(body.name, body.status, body.note)
    user = user_of(request.scope)
    made = questions.new_case(store_of(request), user, edit, body.parties)
    return _case(made, 201, location=f"/v1/cases/{made['id']}")


@router.post(
    "/v1/cases/imports",
    **answers(ImportAnswer, "case_import", 413, 415, 503, status=201),
    summary="导入案件 · Import a case",
    openapi_extra={"requestBody": _IMPORT},
)
async def post_import(request: Request) -> Response:
    """Take in an exported case: the zip file, or the folder's `case.json`. Parties are matched by
    their ids; those that are not here are named in `not_found` and stay in the case."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (ZIP, "application/json"):
        raise Refused("unsupported_media_type")
    data = await request.body()
    made = await run_in_threadpool(_imported, request, data)
    return reply(made, 201, location=f"/v1/cases/{made['case']['id']}")


def _imported(request: Request, data: bytes) -> dict[str, Any]:
    return casefile.import_case(store_of(request), user_of(request.scope), data)


@router.get(
    "/v1/cases/{id}", **answers(CaseAnswer, "case", 404, 503), summary="一个案件 · One case"
)
def get_case(request: Request, case_id: CaseId) -> Response:
    """A case, its parties as the store knows them now; its `ETag` is needed to change it."""
    return _case(questions.case(store_of(request), case_id))


@router.patch(
    "/v1/cases/{id}",
    **answers(CaseAnswer, "case", 404, 412, 413, 428, 503),
    summary="修改案件 · Change a case",
)
def patch_case(
    request: Request, case_id: CaseId, body: CaseEdit, if_match: Match = None
) -> Response:
    """Change name, status or note of what was read: `If-Match` holds its `ETag`, and when somebody
    else was quicker the answer is 412 and nothing is overwritten."""
    edit = Edit(body.name, body.status, body.note)
    user, version = user_of(request.scope), _version(if_match)
    return _case(questions.edit_case(store_of(request), user, case_id, edit, version))


@router.delete(
    "/v1/cases/{id}",
    responses={204: {"description": "It is gone"}, **problems(404, 412, 428, 503)},
    status_code=204,
    response_class=Response,
    summary="删除案件 · Delete a case",
)
def delete_case(request: Request, case_id: CaseId, if_match: Match = None) -> Response:
    """Delete what was read; `If-Match` as for changing."""
    questions.drop_case(store_of(request), case_id, _version(if_match))
    return Response(status_code=204)


@router.post(
    "/v1/cases/{id}/parties",
    **answers(CaseAnswer, "case", 404, 412, 413, 503),
    summary="固定或移出主体 · Pin parties, or take them out",
)
def post_parties(request: Request, case_id: CaseId, body: CaseParties) -> Response:
    """Pin parties to a case, or take them out; what others change meanwhile stays."""
    change = questions.pin_parties if body.pinned else questions.unpin_parties
    return _case(change(store_of(request), user_of(request.scope), case_id, body.parties))


@router.post(
    "/v1/cases/{id}/comments",
    **answers(CaseAnswer, "case", 404, 412, 413, 503, status=201),
    summary="评注 · Comment",
)
def post_comment(request: Request, case_id: CaseId, body: CaseRemark) -> Response:
    """Add a remark under the caller's name; what others change meanwhile stays."""
    made = questions.comment_case(store_of(request), user_of(request.scope), case_id, body.text)
    return _case(made, 201)


@router.get(
    "/v1/cases/{id}/export.zip",
    responses={200: {"description": "The folder", "content": {ZIP: {}}}, **problems(404, 503)},
    response_class=Response,
    summary="导出案件 · Export a case",
)
def get_export(request: Request, case_id: CaseId) -> Response:
    """The case as a folder in a zip file: `case.json` to import elsewhere, `case.md` to read,
    `parties.csv` to screen; with user, time and data version."""
    files = casefile.case_files(store_of(request), case_id, user_of(request.scope))
    name = f"case-{case_id[:16]}"
    shown = {"content-disposition": f'attachment; filename="{name}.zip"'}
    return Response(casefile.zipped(files, name), 200, shown, media_type=ZIP)
