"""Fields of a statement, parsed when somebody looks: most walks never do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, KeysView, Mapping
from typing import Any

# What json.loads does of a text that begins and ends with its object, without looking for blanks.
_parse = json.JSONDecoder().raw_decode
Made = Callable[[dict[str, str]], dict[str, str]]
_MADE = frozenset({"id_number", "uscc"})  # fields that ``shown`` makes of others


class Fields(Mapping[str, str]):
    """A mapping over a statement's ``values``; ``shown`` picks and renames what it holds."""

    __slots__ = ("_held", "_shown", "_text")

    def __init__(self, text: str, shown: Made) -> None:
        self._text = text
        self._shown = shown
        self._held: dict[str, str] | None = None

    def _fields(self) -> dict[str, str]:
        if self._held is None:
            self._held = self._shown(_parse(self._text, 0)[0] if self._text else {})
        return self._held

    def __getitem__(self, field: str) -> str:
        return self._fields()[field]

    def get(self, field: str, default: Any = None) -> Any:
        """The field, or ``default``; a field that the text does not name is not parsed for."""
        if self._held is None and field not in _MADE and f'"{field}"' not in self._text:
            return default
        return self._fields().get(field, default)

    def __contains__(self, field: object) -> bool:
        """As ``get``, without making an exception of what is not there."""
        if self._held is None and field not in _MADE and f'"{field}"' not in self._text:
            return False
        return field in self._fields()

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def keys(self) -> KeysView[str]:
        """The fields' names: ``dict()`` asks for them, and the inherited view takes its time."""
        return self._fields().keys()

    def __len__(self) -> int:
        return len(self._fields())

    def __repr__(self) -> str:
        return repr(self._fields())


def field_of(text: str, field: str) -> str | None:
    """One field of a statement's ``values`` (compact JSON) without parsing the others."""
    start = text.find(f'"{field}":"')
    if start < 0:
        return None
    if "\\" in text:  # an escape somewhere: let the parser find the end
        found: str | None = json.loads(text).get(field)
        return found
    start += len(field) + 4
    return text[start : text.index('"', start)]
