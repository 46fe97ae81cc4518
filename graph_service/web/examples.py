"""Real answers for the API's description; a test checks that the service still gives them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _all() -> dict[str, Any]:
    found = files("graph_service.web").joinpath("static/examples.json")
    return dict(json.loads(found.read_text("utf-8")))


def example(name: str) -> Any | None:
    """The example of that name, or None."""
    return _all().get(name)
