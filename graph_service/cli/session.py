"""What one run of the program knows: where the store is, which language, how to print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graph_service.cli.phrases import in_chinese
from graph_service.errors import UsageError
from graph_service.settings import Settings, load_settings
from graph_service.store.open import discard_store, open_store, store_stamp
from graph_service.store.port import Store

LANGUAGES = ("zh", "en")
Document = Mapping[str, Any]


@dataclass(slots=True)
class Session:
    """The global options of one run; ``lang`` is ``zh`` or ``en``. ``command``: what is run;
    ``shown``: whether something has been printed."""

    store: str | None = None
    json: bool = False
    lang: str = "zh"
    command: str = ""
    shown: bool = False

    def say(self, zh: str, en: str) -> str:
        """The text in the run's language."""
        return zh if self.lang == "zh" else en

    def told(self, text: str) -> str:
        """What an error says in English, in the run's language."""
        return in_chinese(text) if self.lang == "zh" else text

    def settings(self) -> Settings:
        """The settings, with what the command line overrides; raises SettingsError."""
        return load_settings(store=self.store, lang=self.lang)

    @contextmanager
    def opened(self, *, create: bool = False) -> Iterator[Store]:
        """The store, closed afterwards; raises StoreError.

        An embedded store that was made here for a command that is then refused for wrong use does
        not stay: nothing was written, and an empty store would answer where there is none.
        """
        settings = self.settings()
        is_new = create and store_stamp(settings) is None
        store = open_store(settings, create=create)
        stays = True
        try:
            yield store
        except UsageError:
            stays = not is_new
            raise
        finally:
            store.close()
            if not stays:
                discard_store(settings)

    def show(self, document: Document, render: Callable[[Document, str], None]) -> None:
        """Print an answer: the document with ``--json``, else what ``render`` makes of it."""
        self.shown = True
        if self.json:
            print_json(document)
        else:
            render(document, self.lang)

    def note(self, zh: str, en: str) -> None:
        """A line for people on stderr; nothing with ``--json``."""
        if not self.json:
            print(self.say(zh, en), file=sys.stderr)


def print_json(document: Document) -> None:
    """One JSON document on stdout; indented for a terminal, else on one line."""
    indent = 2 if sys.stdout.isatty() else None
    print(json.dumps(document, ensure_ascii=False, indent=indent))


def session_of(arguments: Sequence[str], environ: Mapping[str, str]) -> Session:
    """The session that the raw arguments ask for, so that even a usage error speaks as asked."""
    session = Session(lang=environ.get("CG_LANG", "zh"))
    before = list(arguments)
    if "--" in before:
        before = before[: before.index("--")]
    for index, argument in enumerate(before):
        if argument == "--json":
            session.json = True
        elif argument.startswith("--lang="):
            session.lang = argument.removeprefix("--lang=")
        elif argument == "--lang" and index + 1 < len(before):
            session.lang = before[index + 1]
    if session.lang not in LANGUAGES:
        session.lang = "zh"
    return session


def prepare_streams(as_json: bool) -> None:
    """Make stdout take every character: UTF-8 for JSON, replacement where a terminal lacks one."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if as_json and stream is sys.stdout:
            reconfigure(encoding="utf-8", errors="replace")
        else:
            reconfigure(errors="replace")


def silence_stdout() -> None:
    """Send what is still buffered nowhere, after the reader of a pipe went away."""
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(sink)
