"""The city's files, and a store in which they are loaded as ``make demo`` loads them; once each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph_service.cli.main import main
from graph_service.demo.city import Story, write_city

Answer = dict[str, Any]
Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The city of the default seed."""
    return write_city(tmp_path_factory.mktemp("city"))


@dataclass(frozen=True, slots=True)
class Demo:
    """A loaded demo: its folder, its store, and what the ``demo`` command printed as JSON."""

    folder: Path
    store: Path
    printed: Answer

    def run(self, *words: str) -> tuple[int, Answer]:
        """The exit status and document of one command."""
        return run("--store", str(self.store), *words)


def run(*words: str) -> tuple[int, Answer]:
    """Run the program in this process with ``--json``."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main([*words, "--json"])
    assert err.getvalue() == ""
    document: Answer = json.loads(out.getvalue())
    return status, document


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, loaded."""
    folder = tmp_path_factory.mktemp("demo")
    store = folder / "demo.db"
    status, printed = run("--store", str(store), "demo", "--dir", str(folder / "files"))
    assert status == 0
    return Demo(folder, store, printed)


@pytest.fixture
def ask(demo: Demo, story: Story) -> Ask:
    """Ask a question as of the story's day; the answer of a question that succeeds."""

    def asked(*words: str, as_of: str = story.today) -> Answer:
        status, document = demo.run(*words, "--as-of", as_of)
        assert status == 0, document
        return document

    return asked
