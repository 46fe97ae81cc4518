"""The description is committed, true, and nothing that fits it brings the service down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings as limits
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup

from graph_service.settings import Settings
from graph_service.web.openapi import text
from tests.api.client import TestClient

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_description_is_the_services_own() -> None:
    assert (ROOT / "openapi.json").read_text("utf-8") == text(), "run: make openapi"
