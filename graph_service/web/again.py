"""Routes that ask again when a write crosses their question."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from graph_service.again import Patience
from graph_service.errors import StoreChanged


class Question(APIRoute):
    """A route that changes nothing: it is asked again when a write ended meanwhile."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, tried again."""
        handler = super().get_route_handler()

        async def asked(request: Request) -> Response:
            patience = Patience()
            while True:
                try:
                    return await handler(request)
                except StoreChanged:
                    if patience.is_out():
                        raise

        return asked
