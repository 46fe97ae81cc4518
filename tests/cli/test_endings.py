"""How the program ends: statuses, errors as documents, interruptions, pipes, languages, help."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from graph_service.cli import main as program
from graph_service.cli.main import ENTRIES, describe, main
from graph_service.cli.session import Session
from graph_service.errors import CreditGraphError, OverBudget
from graph_service.settings import Settings
from graph_service.store.port import Store
from tests.cli.conftest import Run
from tests.cli.reference import commands
from tests.support.front import BOSS, XINGHE

EVERYWHERE = "0.0.0.0"  # noqa: S104
RUN = (sys.executable, "-m", "graph_service.cli")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["trace"],
        ["trace", BOSS, "--depth", "99"],
        ["trace", BOSS, "--dept", "1"],
        ["trace", BOSS, "--as-of", "2024-02-30"],
        ["trace", BOSS, "--as-of", "yesterday"],
        ["trace", BOSS, "--look-back", "3w"],
        ["loads", "--source", "没有"],
        *(["rejects", what, "--source", "没有"] for what in ("list", "retry", "drop")),
        ["rejects", "export", "没有.csv", "--source", "没有"],
        ["trace", BOSS, "--min-share", "150%"],
        ["trace", BOSS, "--types", "SHAREHOLDER"],
        ["paths", BOSS, XINGHE, "--k", "21"],
        ["paths", BOSS, XINGHE, "--avoid", "nobody"],
        ["show", "nobody"],
        ["show", "name:张敏"],
        ["load", "nowhere.csv"],
        ["--lang", "fr", "info"],
        ["info", "\udcff"],
    ],
    ids=str,
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_wrong_use_ends_with_status_2_and_a_document(
    asked: Run, arguments: list[str], lang: str
) -> None:
    ended = asked("--lang", lang, "--json", *arguments)
    assert ended.status == 2
    assert set(ended.json) >= {"code", "title", "detail", "hint"}
    assert all(isinstance(ended.json[key], str) for key in ("code", "title", "detail", "hint"))
    assert ended.json["title"].isascii() == (lang == "en" and "fr" not in arguments)
    plain = asked("--lang", lang, *arguments)
    assert (plain.status, plain.out) == (2, "")
    assert plain.err
    assert "Traceback" not in plain.err


def test_an_ambiguous_name_lists_its_candidates(asked: Run) -> None:
    ended = asked("show", "name:张敏", "--json")
    assert ended.json["candidates"] == ["gs:p2", "gs:p3"]
    assert "gs:p3" in asked("show", "name:张敏").err


@pytest.mark.parametrize("order", ["before", "after", "mixed"])
def test_global_options_stand_anywhere(run: Run, town: tuple[Settings, Store], order: str) -> None:
    store = ["--store", town[0].store]
    words = {
        "before": [*store, "--json", "--lang", "en", "show", XINGHE],
        "after": ["show", XINGHE, *store, "--json", "--lang=en"],
        "mixed": [*store, "show", "--json", XINGHE, "--lang", "en"],
    }[order]
    assert run(*words).json["party"]["id"] == f"uscc:{XINGHE}"


def test_a_sqlite_address_and_a_path_are_one_store(run: Run, town: tuple[Settings, Store]) -> None:
    answers = [
        run("info", "--store", f"{how}{town[0].store}", "--json").json for how in ("", "sqlite:///")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("store", "status", "code"),
    [
        ("bolt://127.0.0.1:1", 3, "store_unavailable"),
        ("neo4j+s://graph.example", 3, "store_unavailable"),
        ("postgres://x", 2, "bad_request"),
        ("sqlite:x", 2, "bad_request"),
        (".", 2, "bad_request"),
        ("no/such/folder.db", 3, "store_missing"),
    ],
)
def test_addresses_that_lead_nowhere(run: Run, store: str, status: int, code: str) -> None:
    ended = run("info", "--store", store, "--json")
    assert (ended.status, ended.json["code"]) == (status, code)


def test_an_unknown_setting_stops_the_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CG_STORRE", "x")
    ended = run("info", "--json")
    assert (ended.status, ended.json["code"]) == (2, "bad_setting")
    assert "CG_STORE" in ended.json["hint"]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OverBudget("30 s"), 1, "over_budget"),
        (click.exceptions.Abort(), 1, "interrupted"),
        (PermissionError(13, "Permission denied", "x.csv"), 2, "file_error"),
        (ZeroDivisionError("secret"), 1, "internal_error"),
    ],
)
def test_every_ending_has_its_status_and_document(error: Exception, status: int, code: str) -> None:
    for lang in ("zh", "en"):
        document, ended = describe(Session(lang=lang), error)
        assert (ended, document["code"]) == (status, code)
        assert "secret" not in json.dumps(document)


def test_an_unexpected_error_shows_no_traceback(
    asked: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("秘密")

    monkeypatch.setattr(program.cli, "main", fail)
    ended = asked("info", "--json")
    assert (ended.status, ended.json["code"]) == (1, "internal_error")
    assert "RuntimeError" in ended.json["detail"]
    assert "秘密" not in ended.out + ended.err


def _environment(town: tuple[Settings, Store], **more: str) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CG_")}
    return {
        **kept,
        "CG_ID_KEY_FILE": str(town[0].id_key_file),
        "CG_STORE": town[0].store,
        **more,
    }


def _process(town: tuple[Settings, Store], *arguments: str, **more: str) -> Any:
    return subprocess.run(
        [*RUN, *arguments], env=_environment(town, **more), capture_output=True, check=False
    )


def test_a_reader_that_goes_away_is_no_traceback(town: tuple[Settings, Store]) -> None:
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [*RUN, "flag-all", "--json"],
        env=_environment(town),
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_chinese_text_survives_every_locale(town: tuple[Settings, Store], locale: str) -> None:
    ended = _process(town, "show", XINGHE, "--json", LC_ALL=locale, PYTHONUTF8="0")
    assert ended.returncode == 0
    assert json.loads(ended.stdout.decode("utf-8"))["party"]["name"] == "北京星河科技有限公司"
    assert _process(town, "show", XINGHE, LC_ALL=locale, PYTHONIOENCODING="latin-1").returncode == 0


def test_progress_goes_to_a_terminal_only(town: tuple[Settings, Store], tmp_path: Path) -> None:
    (tmp_path / "enterprises.csv").write_text("id,name\n1,甲公司\n", "utf-8")
    arguments = [
        *RUN,
        "load",
        str(tmp_path / "enterprises.csv"),
        "--source",
        "x",
        "--store",
        "p.db",
    ]
    environment = _environment(town)
    quiet = subprocess.run(
        arguments, env=environment, cwd=tmp_path, capture_output=True, check=True
    )
    assert quiet.stderr == b""
    leader, follower = pty.openpty()
    subprocess.run(
        [*arguments[:-1], "q.db"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        check=True,
    )
    os.close(follower)
    assert b"\r\x1b[K" in os.read(leader, 65_536)
    os.close(leader)


def test_help_names_every_command_in_both_languages(run: Run) -> None:
    for lang, texts in (("zh", 0), ("en", 1)):
        shown = run("--lang", lang, "--help")
        assert shown.status == 0
        for name, entry in ENTRIES.items():
            assert name in shown.out
            assert entry.texts[texts] in shown.out
    assert main(["-h"]) == 0


@pytest.mark.parametrize("name", [name for name, _ in commands()])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_helps_with_an_example(run: Run, name: str, lang: str) -> None:
    shown = run("--lang", lang, *name.split(), "--help")
    assert shown.status == 0
    assert ("示例" if lang == "zh" else "Examples") in shown.out
    assert "credit-graph" in shown.out.partition("示例" if lang == "zh" else "Examples")[2]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from graph_service.cli.main import main; main(['--help']);"
        "heavy = {'fastapi', 'rich', 'yaml', 'openpyxl', 'sqlite3', 'uvicorn', 'pydantic'};"
        "found = heavy & set(sys.modules); sys.exit(str(found) if found else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.startswith("credit-graph 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_program(run: Run, shell: str) -> None:
    assert "_CREDIT_GRAPH_COMPLETE" in run("completion", shell).out


def test_bench_takes_its_own_arguments(town: tuple[Settings, Store]) -> None:
    shown = _process(town, "bench", "--", "--help")
    assert (shown.returncode, b"--parties" in shown.stdout) == (0, True)
    assert _process(town, "bench", "--parties", "few").returncode == 2


def test_completion_knows_the_commands(town: tuple[Settings, Store]) -> None:
    ended = _process(
        town,
        _CREDIT_GRAPH_COMPLETE="bash_complete",
        COMP_WORDS="credit-graph flag",
        COMP_CWORD="1",
    )
    assert ended.stdout.decode().split() == ["plain,flags", "plain,flag-all"]


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.7", "graph.example"])
def test_serve_refuses_to_be_open_by_accident(run: Run, host: str) -> None:
    ended = run("serve", "--host", host, "--json")
    assert (ended.status, ended.json["code"]) == (2, "bad_request")
    assert "CG_API_KEYS" in ended.json["detail"]


def test_serve_refuses_a_file_without_keys(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("keys").write_text("# none yet\n")
    monkeypatch.setenv("CG_API_KEYS", "keys")
    assert run("serve", "--host", EVERYWHERE, "--json").json["code"] == "bad_setting"


def test_errors_of_the_domain_keep_their_statuses() -> None:
    for cls in CreditGraphError.__subclasses__():
        if cls.__name__ != "AmbiguousName":
            assert describe(Session(), cls("x"))[1] == cls.exit_status
