"""Both READMEs are run: their commands, their requests, and what they say is printed."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_service.cli.main import ENTRIES, main
from graph_service.settings import load_settings
from tests.api.client import BASE, TestClient, client_of
from tests.house.plan import ROOT

READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
PAGES = (*READMES, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
# What differs from user to user: keyed hashes, and the version of data that holds them.
_OURS = re.compile(r"pid:[0-9a-f]{32}|(?<=data )[0-9a-f]{16}|(?<=数据版本 )[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its lines."""

    language: str
    lines: tuple[str, ...]


def blocks(name: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [Block(language, tuple(body.splitlines())) for language, body in _BLOCK.findall(text)]


def call(line: str) -> tuple[int, str]:
    """Exit status and output of one ``credit-graph`` line, run in this process."""
    program, *words = shlex.split(line, comments=True)
    assert program == "credit-graph"
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        status = main(words)
    return status, out.getvalue()


def missing(wanted: tuple[str, ...], printed: str) -> list[str]:
    """The lines of ``wanted`` that do not stand in ``printed`` in their order."""
    lines = iter(_OURS.sub(lambda m: "pid:…" if m[0][:4] == "pid:" else "…", printed).splitlines())
    return [line for line in wanted if line.rstrip() not in (found.rstrip() for found in lines)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which ``make demo`` has run."""
    made = tmp_path_factory.mktemp("readme")
    store = made / "demo-data" / "demo.db"
    store.parent.mkdir()
    status, _ = call(f"credit-graph --store {store} demo --dir {store.parent}")
    assert status == 0
    return made


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def there(folder: Path, readme: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's folder as the current one, with the settings that the README exports."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CG_STORE", "demo-data/demo.db")
    monkeypatch.setenv("CG_LANG", READMES[readme])
    return folder


def test_every_command_runs_and_prints_what_is_shown(readme: str, there: Path) -> None:
    found = blocks(readme)
    ran = 0
    for block, after in zip(found, [*found[1:], Block("", ())], strict=True):
        if block.language != "sh":
            continue
        printed = ""
        for line in block.lines:
            status, printed = call(line)
            assert status == 0, line
            ran += 1
        if after.language == "text":
            assert missing(after.lines, printed) == [], block.lines
    assert ran >= 10


def test_output_that_is_not_printed_is_noticed() -> None:
    assert missing(("a", "b"), "a\nx\nb\n") == []
    assert missing(("b", "a"), "a\nb\n") == ["a"]
    assert missing(("[pid:…]",), f"[pid:{'0' * 32}]") == []


def _requests(readme: str) -> list[tuple[str, dict[str, str]]]:
    found = []
    for block in blocks(readme):
        if block.language == "curl":
            for line in block.lines:
                words = shlex.split(line)
                params = dict(w.split("=", 1) for w in words if re.match(r"\w+=", w))
                found.append((words[-1], params))
    return found


def test_every_request_is_answered(readme: str, there: Path) -> None:
    settings = load_settings({"CG_STORE": str(there / "demo-data" / "demo.db")})
    sent = _requests(readme)
    assert len(sent) >= 5
    with client_of(settings) as client:
        assert isinstance(client, TestClient)
        for url, params in sent:
            assert url.startswith(BASE)
            answer = client.get(url.removeprefix(BASE), params=params or None)
            assert answer.status_code == 200, url


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_is_only_shown_exists_with_its_options(name: str) -> None:
    for block in blocks(name):
        for line in block.lines if block.language in ("", "sh") else ():
            words = shlex.split(line, comments=True)
            if words[:1] == ["make"] and len(words) > 1:
                assert f"\n{words[1]}: " in (ROOT / "Makefile").read_text(encoding="utf-8"), line
            if words[:1] == ["credit-graph"] and "COMMAND" not in words:
                _known(words[1:], line)


def _known(words: list[str], line: str) -> None:
    names = [index for index, word in enumerate(words) if word in ENTRIES]
    assert names, line
    command = words[names[0]]
    inner = words[names[0] + 1 : names[0] + 2] if command in ("rejects", "key", "cases") else []
    status, told = call(f"credit-graph {command} {' '.join(inner)} --help")
    assert status == 0
    for word in words:
        if word.startswith("--"):
            assert word in told, line


def test_both_readmes_show_the_same_commands() -> None:
    english, chinese = (
        [line for block in blocks(name) for line in block.lines if block.language in ("sh", "curl")]
        for name in READMES
    )
    assert english == chinese
