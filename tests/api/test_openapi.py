"""The description is committed, true, and nothing that fits it brings the service down."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.app import create_app
from graph_service.web.logs import Log
from graph_service.web.openapi import text
from tests.api.examples import FILE, real_examples, unworded
from tests.support.front import settings_in
from tests.support.proof import times

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


def test_the_committed_description_is_the_services_own() -> None:
    assert (ROOT / "openapi.json").read_text("utf-8") == text(), "run: make openapi"


def test_examples_are_what_the_service_answers() -> None:
    real = real_examples()
    shown = json.loads(FILE.read_text("utf-8"))
    assert unworded(shown) == unworded(real), "run: python -m tests.api.examples"
    paths = create_app(Settings()).openapi()["paths"]
    exposure = paths["/v1/parties/{id}/exposure"]["get"]["responses"]["200"]
    assert exposure["content"]["application/json"]["example"] == shown["exposure"]


@pytest.fixture(scope="module")
def described(
    town: tuple[Settings, Store], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The description of a service over a copy of the town, so that loads may change it."""
    folder = tmp_path_factory.mktemp("described")
    settings = settings_in(folder, allowed_hosts=("testserver", "localhost"), load_root=folder)
    town[1].backup(settings.store)
    app = create_app(settings, log=Log(io.StringIO()))
    yield schemathesis.openapi.from_asgi("/openapi.json", app)
    app.state.loads.close()
    app.state.screenings.close()
    app.state.service.door.close()


# An address without parameters or body can be asked in no wrong way.
OPERATIONS = [
    (path, method.upper(), mode)
    for path, methods in create_app(Settings()).openapi()["paths"].items()
    for method, operation in methods.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or {"parameters", "requestBody"} & set(operation)
]


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS, ids=str)
def test_nothing_brings_the_service_down(
    described: Any, path: str, method: str, mode: GenerationMode
) -> None:
    load_all_checks()
    beyond_the_description: Any = CHECKS.get_by_names(["positive_data_acceptance"])
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @limits(
        max_examples=times(6, 300),
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        # Some rules (a real day, exactly one of two) cannot be said in the description.
        case.call_and_validate(excluded_checks=beyond_the_description)

    ask()
