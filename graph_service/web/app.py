"""The application: routes, the doors before them, and every error as a problem."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException

from graph_service.auth import read_keys
from graph_service.errors import AmbiguousName, CreditGraphError, StoreError
from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.access import Gate, Limit, Observe
from graph_service.web.examples import example
from graph_service.web.jobs import LoadQueue
from graph_service.web.logs import Log
from graph_service.web.metrics import Metrics
from graph_service.web.models.common import Problem
from graph_service.web.problems import (
    Refused,
    of_domain,
    of_http,
    of_validation,
    problem,
    trace_id_of,
)
from graph_service.web.reply import EXAMPLE
from graph_service.web.routes import (
    cases,
    console,
    exports,
    groups,
    loads,
    owning,
    pages,
    parties,
    screenings,
    session,
    statutes,
    system,
)
from graph_service.web.screenings import Screenings, root_of
from graph_service.web.service import Service, StoreDoor
from graph_service.web.sessions import Sessions

MEGABYTE = 1_000_000
DESCRIPTION = (
    "信用图谱：从失信主体出发，找出其背后、名下、关联的企业，逐条给出证据。\n\n"
    "Every company tied to a blacklisted party, with the evidence. Answers are those of the "
    "command line; errors are RFC 9457 problems that repeat nothing of the request."
)


def create_app(settings: Settings, store: Store | None = None, log: Log | None = None) -> FastAPI:
    """The service over ``store``, or over the one at ``settings.store``, which may be away for now.

    Raises SettingsError when ``CG_API_KEYS`` names a file that holds no keys.
    """
    keys = None if settings.api_keys is None else read_keys(settings.api_keys)
    sessions = Sessions(idle=settings.session_minutes * 60.0)
    door = StoreDoor(settings, store)
    service = Service(settings, door, log or Log(), Metrics(), keys, sessions)
    queue = LoadQueue(settings.load_root, service.log, service.metrics)
    jobs = Screenings(
        root_of(settings), settings.screening_days, screenings.runner(service), service.log
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        service.door.warm()
        yield
        queue.close()
        jobs.close()
        service.door.close()

    app = FastAPI(
        title="credit-graph",
        version=version("credit-graph"),
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.service, app.state.loads, app.state.screenings = service, queue, jobs
    for routes in (
        system,
        loads,
        screenings,
        statutes,
        groups,
        owning,
        exports,
        parties,
        cases,
        console,
        session,
        pages,
    ):
        app.include_router(routes.router)
    _describe(app)
    _handle_errors(app, service)
    _guard(app, service)
    return app


def _guard(app: FastAPI, service: Service) -> None:
    """Put the doors before the routes; the one added last stands outermost."""
    settings = service.settings
    upload = settings.max_upload_mb * MEGABYTE
    app.add_middleware(Limit, upload_bytes=upload)
    app.add_middleware(
        Gate,
        hosts=settings.allowed_hosts,
        keys=service.keys,
        sessions=service.sessions,
    )
    app.add_middleware(Observe, log=service.log, metrics=service.metrics, lang=settings.lang)


def _handle_errors(app: FastAPI, service: Service) -> None:
    def domain(request: Request, error: Exception) -> Response:
        if not isinstance(error, CreditGraphError):
            raise error
        if isinstance(error, StoreError):
            service.door.failed(error)
        service.log.event("refused", request_id=trace_id_of(request.scope), code=error.code)
        return of_domain(error, request.scope, _candidates(service, error))

    def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, Refused):
            raise error
        return problem(error.code, request.scope, error.headers)

    def framework(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        return of_http(error, request.scope)

    def validation(request: Request, error: Exception) -> Response:
        if not isinstance(error, RequestValidationError):
            raise error
        return of_validation(error, request.scope)

    app.add_exception_handler(CreditGraphError, domain)
    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, validation)


def _candidates(service: Service, error: CreditGraphError) -> list[str]:
    """Keys of an ambiguous name's candidates: an id could repeat the name."""
    if not isinstance(error, AmbiguousName):
        return []
    found = service.door.store().parties(error.candidates)
    return [found[party].key for party in error.candidates if party in found]


def _describe(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 description, with the problem's shape and the key's scheme."""
    schema = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=app.description,
        routes=app.routes,
    )
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    made = Problem.model_json_schema(ref_template="#/components/schemas/{model}", by_alias=True)
    schemas.update(made.pop("$defs", {}))
    schemas["Problem"] = made
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            if path.startswith("/v1"):
                operation["security"] = [{}, {"key": []}]
    _put_examples(schema)
    return schema


def _put_examples(schema: dict[str, Any]) -> None:
    """Put examples where their names stand; the framework would drop every null in them."""
    for methods in schema["paths"].values():
        for operation in methods.values():
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    found = example(content.pop(EXAMPLE, ""))
                    if found is not None:
                        content["example"] = found
