"""``python -m graph_service.web.openapi``: the API's description, for the committed file."""

from __future__ import annotations

import json

from graph_service.settings import Settings
from graph_service.web.app import create_app


def text() -> str:
    """The description as the committed file holds it: indented, one trailing newline."""
    return json.dumps(create_app(Settings()).openapi(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    print(text(), end="")
