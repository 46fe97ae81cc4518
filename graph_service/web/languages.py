"""In which language the service speaks to a request: ``Accept-Language`` by RFC 9110, 12.5.4."""

from __future__ import annotations

import re
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import Scope

LANGUAGES = ("zh", "en")
_RANGE = re.compile(
    r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:;q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.I | re.A
)
_UNNAMED, _REFUSED = (0.0, 0), (-1.0, 0)


def language_of(scope: Scope, default: str) -> str:
    """``zh`` or ``en``: what the request likes best, and ``default`` where it names neither."""
    return preferred(",".join(Headers(scope=scope).getlist("accept-language")), default)


@lru_cache(256)
def preferred(accepted: str, default: str) -> str:
    """The language that a header's text likes best.

    ``zh-TW`` asks for ``zh``. Of two that are liked equally, the one named first; what only ``*``
    stands for comes after it. A range that is none by the grammar is passed over.
    """
    liked: dict[str, tuple[float, int]] = {}
    for place, part in enumerate(accepted.split(",")):
        if found := _RANGE.fullmatch(re.sub(r"[ \t]", "", part)):
            name = found[1].partition("-")[0].lower()
            weight = float(found[2] or 1)
            rank = (weight, -len(accepted) if name == "*" else -place) if weight else _REFUSED
            liked[name] = max(liked.get(name, _REFUSED), rank)
    other = liked.get("*", _UNNAMED)
    return max(LANGUAGES, key=lambda lang: (*liked.get(lang, other), lang == default))
