"""A client that speaks to the application in this process, as a browser on this machine would."""

from __future__ import annotations

import io
import json
import warnings
from typing import Any

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.app import create_app
from graph_service.web.logs import Log

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the client library announces its successor
    from fastapi.testclient import TestClient

BASE = "http://127.0.0.1:8000"
__all__ = ["BASE", "TestClient", "client_of", "lines_of"]


def client_of(
    settings: Settings, store: Store | None = None, log: io.StringIO | None = None
) -> TestClient:
    """A client of a new application."""
    app = create_app(settings, store, Log(log or io.StringIO()))
    return TestClient(app, base_url=BASE, raise_server_exceptions=True)


def lines_of(log: io.StringIO) -> list[dict[str, Any]]:
    """The events that were logged."""
    return [json.loads(line) for line in log.getvalue().splitlines()]
