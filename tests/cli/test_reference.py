"""Every command, option and setting, and every route and parameter, stands in the documents."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.settings import Settings, setting_docs
from graph_service.web.app import create_app
from graph_service.web.problem_kinds import KINDS
from tests.cli.reference import commands

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def test_every_command_and_option_is_documented() -> None:
    page = _page("cli.md")
    for name, command in commands():
        section = page.partition(f"\n### `{name}`\n")[2].partition("\n### ")[0]
        assert section, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(f"`{opt}`" in section for opt in parameter.opts), (name, parameter.name)
    for option in ("--store", "--json", "--lang"):
        assert f"`{option}`" in page


def test_every_route_and_parameter_is_documented() -> None:
    page = _page("api.md")
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method, operation in methods.items():
            (row,) = [
                line for line in page.splitlines() if f"| `{method.upper()} {path}` |" in line
            ]
            for parameter in operation.get("parameters", ()):
                assert parameter["in"] != "query" or f"`{parameter['name']}`" in row


def test_every_problem_is_documented() -> None:
    both = _page("api.md") + _page("operations.md")
    for code, kind in KINDS.items():
        assert f"| `{code}` | {kind.status} |" in both, code


def test_every_setting_is_documented() -> None:
    page = _page("settings.md")
    for name, _, english, chinese in setting_docs():
        assert f"`{name}`" in page
        assert english.replace("|", "\\|") in page
        assert chinese in page
