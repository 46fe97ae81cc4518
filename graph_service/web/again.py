"""Asking once more: an engine that cannot hold one state for a question says when it changed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from graph_service.errors import StoreChanged


class Question(APIRoute):
    """A route whose GET is asked once more when a load ended meanwhile."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, tried twice."""
        handler = super().get_route_handler()
        if self.methods != {"GET"}:
            return handler

        async def asked(request: Request) -> Response:
            try:
                return await handler(request)
            except StoreChanged:
                return await handler(request)

        return asked
