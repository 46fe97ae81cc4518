"""Chinese for what is written in English: a catalogue from templates, as gettext has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property

_NAMED = "(.+?)"
_NAMED_FIRST = "((?:(?!: ).)+?)"  # not the place before it


class Phrasebook:
    """Pairs of an English template and its Chinese; ``{}`` stands for what a text names.

    What is named may be a phrase itself, and a text may begin with its place:
    ``mapping.yaml: tables[1]: no columns``. A text that no template fits stays as it is.
    """

    def __init__(
        self, phrases: Sequence[tuple[str, str]], named: Callable[[str], str | None] | None = None
    ) -> None:
        """``named``: the Chinese of whole texts that stand elsewhere, or None."""
        self._phrases = phrases
        self._elsewhere = named or (lambda _text: None)

    def chinese(self, text: str) -> str:
        """The text in Chinese where the catalogue has it."""
        if (known := self._elsewhere(text)) is not None:
            return known
        for pattern, said in self._patterns:
            if found := pattern.fullmatch(text):
                return said.format(*map(self.chinese, found.groups()))
        place, colon, rest = text.partition(": ")
        told = self.chinese(rest) if colon else rest
        return text if told == rest else f"{self.chinese(place)}：{told}"

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """The templates as patterns; those that say the most come first."""
        phrases = sorted(self._phrases, key=lambda phrase: -len(phrase[0].replace("{}", "")))
        return tuple((_pattern(english), chinese) for english, chinese in phrases)


def _pattern(template: str) -> re.Pattern[str]:
    first, *others = map(re.escape, template.split("{}"))
    parts = [first]
    for part in others:
        parts += [_NAMED if any(parts) else _NAMED_FIRST, part]
    return re.compile("".join(parts), re.DOTALL)
