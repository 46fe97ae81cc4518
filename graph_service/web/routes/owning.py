"""Parties: who owns, controls and benefits from them, and what they own and control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.again import Question
from graph_service.web.models.owning import (
    BeneficialAnswer,
    CloseLinksAnswer,
    ControlledAnswer,
    ControllersAnswer,
    HoldingsAnswer,
    OwnersAnswer,
)
from graph_service.web.params_owning import (
    BeneficialQuery,
    CloseLinksQuery,
    ControlQuery,
    HoldingsQuery,
    OwnersQuery,
)
from graph_service.web.questions import owning as questions
from graph_service.web.questions.common import Json, When
from graph_service.web.questions.owning import ControlOptions
from graph_service.web.reply import answers, reply, service_of, store_of
from graph_service.web.routes.parties import ABOUT, PartyId

router = APIRouter(tags=["parties"], route_class=Question)


@router.get(
    "/v1/parties/{id:path}/owners",
    **answers(OwnersAnswer, "owners", *ABOUT),
    summary="股东 · Owners",
)
def owners(request: Request, party: PartyId, query: Annotated[OwnersQuery, Query()]) -> Response:
    """Who holds this party, directly or through others."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    found = questions.owners(
        store, settings, party, when, method=query.method, all_inside=query.all_inside
    )
    return reply(found)


@router.get(
    "/v1/parties/{id:path}/holdings",
    **answers(HoldingsAnswer, "holdings", *ABOUT),
    summary="持股 · Holdings",
)
def holdings(
    request: Request, party: PartyId, query: Annotated[HoldingsQuery, Query()]
) -> Response:
    """What this party holds, directly or through others."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    return reply(questions.holdings(store, settings, party, when, method=query.method))


def _options(query: ControlQuery) -> ControlOptions:
    return ControlOptions(
        threshold=None if query.threshold is None else str(query.threshold),
        at_least=query.at_least,
        votes=query.votes,
        exclude_treasury=query.exclude_treasury,
        group=query.group,
    )


def _about_control(
    request: Request,
    party: str,
    query: ControlQuery,
    question: Callable[[Store, Settings, str, When, ControlOptions], Json],
) -> Response:
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    return reply(question(store, settings, party, when, _options(query)))


@router.get(
    "/v1/parties/{id:path}/controllers",
    **answers(ControllersAnswer, "controllers", *ABOUT),
    summary="控制人 · Controllers",
)
def controllers(
    request: Request, party: PartyId, query: Annotated[ControlQuery, Query()]
) -> Response:
    """Who controls this party."""
    return _about_control(request, party, query, questions.controllers)


@router.get(
    "/v1/parties/{id:path}/controlled",
    **answers(ControlledAnswer, "controlled", *ABOUT),
    summary="受控 · Controlled",
)
def controlled(
    request: Request, party: PartyId, query: Annotated[ControlQuery, Query()]
) -> Response:
    """What this party controls."""
    return _about_control(request, party, query, questions.controlled)


@router.get(
    "/v1/parties/{id:path}/beneficial-owners",
    **answers(BeneficialAnswer, "beneficial", *ABOUT),
    summary="受益所有人 · Beneficial owners",
)
def beneficial(
    request: Request, party: PartyId, query: Annotated[BeneficialQuery, Query()]
) -> Response:
    """The natural persons who finally own, control or benefit, and why others do not."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    return reply(questions.beneficial(store, settings, party, when, query.rule))


@router.get(
    "/v1/parties/{id:path}/close-links",
    **answers(CloseLinksAnswer, "close_links", *ABOUT),
    summary="紧密关联 · Close links",
)
def close_links(
    request: Request, party: PartyId, query: Annotated[CloseLinksQuery, Query()]
) -> Response:
    """Who holds a fifth of this party, of whom it does, and with whom it has such a holder."""
    settings, store = service_of(request).settings, store_of(request)
    when = When(query.as_of, query.look_back)
    threshold = None if query.threshold is None else str(query.threshold)
    return reply(questions.close_links(store, settings, party, when, threshold))
