"""The made part of ``docs/api.md``: every route with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_service.settings import Settings
from graph_service.web.app import create_app


def api_page() -> str:
    """The reference of all routes."""
    rows = ["| route | about | parameters |", "| --- | --- | --- |"]
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method, operation in methods.items():
            about = f"{operation['summary']}: {operation['description']}".replace("\n", " ")
            rows.append(f"| `{method.upper()} {path}` | {about} | {_parameters(operation)} |")
    return "\n".join(rows)


def _parameters(operation: Mapping[str, Any]) -> str:
    names = [f"`{p['name']}`" for p in operation.get("parameters", ()) if p["in"] == "query"]
    body = operation.get("requestBody", {}).get("content", {})
    return ", ".join([*names, *(f"body `{media}`" for media in body)])
