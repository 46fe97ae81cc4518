"""What errors say, in Chinese: a catalogue from English templates, as gettext has it.

Errors are raised in English all over the program; the command line speaks the user's language. A
text that no template fits stays as it is. ``{}`` stands for what a message names; what is named may
be a phrase itself, and a text may begin with its place: ``mapping.yaml: tables[1]: no columns``.
"""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache

from graph_service.cli.chinese import asking, loading, storing, using
from graph_service.settings import Settings

PHRASES = (*asking.PHRASES, *loading.PHRASES, *storing.PHRASES, *using.PHRASES)
_NAMED = "(.+?)"
_NAMED_FIRST = "((?:(?!: ).)+?)"  # not the place before it


def in_chinese(text: str) -> str:
    """The text in Chinese where the catalogue has it."""
    if text in _settings():
        return _settings()[text]
    for pattern, said in _catalogue():
        if found := pattern.fullmatch(text):
            return said.format(*map(in_chinese, found.groups()))
    place, colon, rest = text.partition(": ")
    told = in_chinese(rest) if colon else rest
    return text if told == rest else f"{in_chinese(place)}：{told}"


@cache
def _settings() -> dict[str, str]:
    """What a setting means stands in both languages where it is declared."""
    return {str(one.metadata["en"]): str(one.metadata["zh"]) for one in fields(Settings)}


@cache
def _catalogue() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates as patterns; those that say the most come first."""
    phrases = sorted(PHRASES, key=lambda phrase: -len(phrase[0].replace("{}", "")))
    return tuple((_pattern(english), chinese) for english, chinese in phrases)


def _pattern(template: str) -> re.Pattern[str]:
    first, *others = map(re.escape, template.split("{}"))
    parts = [first]
    for part in others:
        parts += [_NAMED if any(parts) else _NAMED_FIRST, part]
    return re.compile("".join(parts), re.DOTALL)
