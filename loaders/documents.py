"""JSON documents read whole: bounded in depth, every number as the text that stands there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from loaders.safety import refuse
from loaders.textfile import encoding_of, open_text

_DEEPEST = 60


def read_document(path: Path, name: str) -> Any:
    """A JSON document, or the list of a JSON Lines file's objects; numbers as text.

    Raises InputRefused for what cannot be read, or is nested too deep.
    """
    with open_text(path, encoding_of(path, name)) as text:
        whole = text.read()
    try:
        try:
            found = json.loads(whole, parse_float=str, parse_int=str)
        except ValueError:
            lines = [line for line in whole.splitlines() if line.strip()]
            found = [json.loads(line, parse_float=str, parse_int=str) for line in lines]
        json.dumps(found, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        raise refuse(name, f"no readable JSON ({type(error).__name__})") from None
    if _depth(found) > _DEEPEST:
        raise refuse(name, f"nested deeper than {_DEEPEST} levels")
    return found


def _depth(found: Any) -> int:
    deepest, open_ = 0, [(found, 1)]
    while open_:
        one, level = open_.pop()
        deepest = max(deepest, level)
        if isinstance(one, dict):
            open_ += [(value, level + 1) for value in one.values()]
        elif isinstance(one, list):
            open_ += [(value, level + 1) for value in one]
    return deepest
