"""A party's answers as pictures and files: for canvases, spreadsheets, letters and archives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from graph_service.web.access import user_of
from graph_service.web.again import Question
from graph_service.web.models.common import PictureAnswer
from graph_service.web.params import (
    ExportQuery,
    PathsExportQuery,
    PathsQuery,
    PictureQuery,
    TraceQuery,
)
from graph_service.web.pictures import MEDIA, Asked, drawn, exported
from graph_service.web.problems import Refused
from graph_service.web.questions import common as questions
from graph_service.web.questions import owning as owning
from graph_service.web.questions.common import Json, When
from graph_service.web.reply import answers, problems, reply, service_of, store_of
from graph_service.web.routes.parties import ABOUT, PartyId, ties

router = APIRouter(tags=["parties"], route_class=Question)
_MOST = 2_000  # parties of a picture
_FILE: dict[str, Any] = {
    "description": "The file",
    "content": {kind.partition(";")[0]: {} for kind in MEDIA.values()},
}
FileName = Annotated[
    str,
    Path(
        alias="name",
        max_length=40,
        description=f"问题.格式 · question.ending, as exposure.pdf; endings: {', '.join(MEDIA)}",
    ),
]


@router.get(
    "/v1/parties/{id:path}/picture",
    **answers(PictureAnswer, "picture", *ABOUT),
    summary="图 · Picture",
)
def picture(request: Request, party: PartyId, query: Annotated[PictureQuery, Query()]) -> Response:
    """A party's answer as nodes, edges and positions made here: the same
    question has the same picture. Takes the parameters of what it draws."""
    answer = _answer(request, party, query.of, query.pack, query)
    return reply(drawn(answer, query.most))


@router.get(
    "/v1/parties/{id:path}/exports/{name}",
    responses={200: _FILE, **problems(*ABOUT)},
    response_class=Response,
    summary="导出 · Export",
)
def export(
    request: Request, party: PartyId, name: FileName, query: Annotated[ExportQuery, Query()]
) -> Response:
    """A party's answer as a file, watermarked: trace, exposure, flags, owners, holdings,
    controllers, controlled, beneficial-owners or close-links. Takes the parameters of what it
    holds; ownership and control take `as_of` alone. PDF, Word and PNG need the extra `report`."""
    of, _, ending = name.partition(".")
    if of not in OF or ending not in MEDIA:
        raise Refused("not_found")
    answer = _answer(request, party, of, query.pack, query)
    root = answer.get("root") or answer.get("subject") or answer["party"]
    return _file(request, answer, _question(of, root, answer, query), name, query.lang)


@router.get(
    "/v1/paths/picture",
    **answers(PictureAnswer, "paths_picture", *ABOUT),
    summary="路径图 · Picture",
)
def paths_picture(request: Request, query: Annotated[PathsQuery, Query()]) -> Response:
    """The ties between two parties as nodes, edges and positions."""
    return reply(drawn(ties(request, query), _MOST))


@router.get(
    "/v1/paths/exports/{name}",
    responses={200: _FILE, **problems(*ABOUT)},
    response_class=Response,
    summary="导出路径 · Export of paths",
)
def export_paths(
    request: Request, name: FileName, query: Annotated[PathsExportQuery, Query()]
) -> Response:
    """The ties between two parties as a file: `paths` with an ending, as for a party."""
    of, _, ending = name.partition(".")
    if of != "paths" or ending not in MEDIA:
        raise Refused("not_found")
    answer = ties(request, query)
    search = query.model_dump(include={"look_back", "k", "all", "types", "avoid", "require"})
    ends = {"party": answer["from"]["id"], "to": answer["to"]["id"], "as_of": answer["as_of"]}
    given = {name: value for name, value in search.items() if value not in (None, False, [])}
    return _file(request, answer, {"command": "paths", **ends, **given}, name, query.lang)


def _file(request: Request, answer: Json, question: Json, name: str, lang: str | None) -> Response:
    settings, ending = service_of(request).settings, name.partition(".")[2]
    asked = Asked(user_of(request.scope), question, lang or settings.lang)
    content = exported(answer, ending, asked, settings.report_font)
    shown = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, 200, shown, media_type=MEDIA[ending])


def _answer(request: Request, party: str, of: str, pack: str, walk: TraceQuery) -> Json:
    settings, store = service_of(request).settings, store_of(request)
    plain = (store, settings, party, When(walk.as_of, walk.look_back))
    if of == "trace":
        return questions.trace(*plain, **_walk(walk))
    if of in ("exposure", "flags"):
        asking = questions.exposure if of == "exposure" else questions.flags
        return asking(*plain, pack)
    return _OWNING[of](*plain)


_OWNING: dict[str, Callable[..., Json]] = {
    "owners": owning.owners,
    "holdings": owning.holdings,
    "controllers": partial(owning.controllers, options=owning.ControlOptions()),
    "controlled": partial(owning.controlled, options=owning.ControlOptions()),
    "beneficial-owners": partial(owning.beneficial, rule="cn_25"),
    "close-links": partial(owning.close_links, threshold=None),
}
OF = ("trace", "exposure", "flags", *_OWNING)


def _walk(query: TraceQuery) -> Json:
    return {
        "depth": query.depth,
        "types": query.types,
        "min_share": None if query.min_share is None else str(query.min_share),
        "known_only": query.known_only,
        "per_party": query.per_party,
    }


def _question(
    of: str, party: Mapping[str, Any], answer: Mapping[str, Any], query: ExportQuery
) -> dict[str, Any]:
    """What asks the same again on the command line or here."""
    packed = {"pack": query.pack} if of in ("exposure", "flags") else {}
    more = _walk(query) if of == "trace" else packed
    given = {"look_back": query.look_back, **more}
    return {"command": of, "party": party["id"], "as_of": answer["as_of"]} | {
        name: value for name, value in given.items() if value not in (None, False)
    }
