"""The description is committed, true, and nothing that fits it brings the service down."""

from __future__ import annotations

from pathlib import Path

from graph_service.web.openapi import text

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_description_is_the_services_own() -> None:
    assert (ROOT / "openapi.json").read_text("utf-8") == text(), "run: make openapi"
