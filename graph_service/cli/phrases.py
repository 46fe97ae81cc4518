"""What errors say, in Chinese.

Errors are raised in English all over the program; the command line speaks the user's language.
"""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from graph_service.cli.chinese import asking, loading, storing, using
from graph_service.phrasebook import Phrasebook
from graph_service.settings import Settings

PHRASES = (*asking.PHRASES, *loading.PHRASES, *storing.PHRASES, *using.PHRASES)


@cache
def _settings() -> dict[str, str]:
    """What a setting means stands in both languages where it is declared."""
    return {str(one.metadata["en"]): str(one.metadata["zh"]) for one in fields(Settings)}


_BOOK = Phrasebook(PHRASES, lambda text: _settings().get(text))


def in_chinese(text: str) -> str:
    """The text in Chinese where the catalogue has it."""
    return _BOOK.chinese(text)
