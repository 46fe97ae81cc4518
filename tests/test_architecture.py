"""The walls of the house stand, and their checker is shown to see each kind of breach."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

import loaders
import queries
import viz
from tests.house.plan import HOUSE, OURS, ROOT
from tests.house.walls import Module, breaches, modules


def test_no_wall_is_broken() -> None:
    found = breaches(ROOT, HOUSE)
    assert not found, "\n".join(map(str, found))


def test_tests_have_no_relative_imports_and_no_long_files() -> None:
    found = modules(ROOT, ("tests",))
    assert [module.name for module in found if module.relative] == []
    assert [module.name for module in found if module.lines > HOUSE.longest_file] == []


@pytest.mark.parametrize("package", [loaders, queries, viz], ids=lambda p: p.__name__)
def test_packages_with_common_names_are_ours(package: object) -> None:
    file = getattr(package, "__file__", None)
    assert file is not None
    assert Path(file).resolve().is_relative_to(ROOT)


CLEAN = {
    "graph_service/__init__.py": '"""Ours."""\n',
    "graph_service/errors.py": "import re\n",
    "graph_service/model.py": "from graph_service import errors\n",
    "graph_service/store/__init__.py": "",
    "graph_service/store/port.py": "from graph_service.model import Party\n",
    "graph_service/store/open.py": (
        "def open_store():\n    from graph_service.store.sqlite import engine\n"
    ),
    "graph_service/store/sqlite/__init__.py": "",
    "graph_service/store/sqlite/engine.py": "import sqlite3\nimport graph_service.store.port\n",
    "loaders/__init__.py": "",
    "loaders/files.py": "def read():\n    import openpyxl\n",
    "queries/__init__.py": "",
    "queries/walk.py": "from graph_service.store.port import GraphStore\n",
}
PLANTED = {
    "up": ("loaders/bad.py", "import graph_service.store.open\n"),
    "up inside a function": (
        "graph_service/errors.py",
        "def late():\n    import graph_service.model\n",
    ),
    "stranger": ("queries/bad.py", "from loaders import files\n"),
    "stranger of an adapter": (
        "graph_service/store/sqlite/bad.py",
        "from queries.walk import trace\n",
    ),
    "lazy": ("queries/bad.py", "def late():\n    import graph_service.errors\n"),
    "lazy in its own room": ("queries/bad.py", "async def late():\n    from queries import walk\n"),
    "door": ("queries/bad.py", "import sqlite3\n"),
    "door unknown": ("loaders/bad.py", "import pandas\n"),
    "relative": ("queries/bad.py", "from . import walk\n"),
    "cycle": ("graph_service/errors.py", "from graph_service import model\n"),
    "cycle inside functions": (
        "queries/walk.py",
        "def late():\n    import queries.bad\n",
    ),
    "init": ("queries/__init__.py", "from queries.walk import trace\n"),
    "long": ("queries/bad.py", "x = 1\n" * 401),
    "dynamic": ("queries/bad.py", "import importlib\nimportlib.import_module('loaders.files')\n"),
    "homeless": ("graph_service/attic.py", "x = 1\n"),
}


def _build(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_a_clean_tree_has_no_breach(tmp_path: Path) -> None:
    assert breaches(_build(tmp_path, CLEAN), HOUSE) == []


@pytest.mark.parametrize("planted", PLANTED)
def test_each_kind_of_breach_is_seen(planted: str, tmp_path: Path) -> None:
    name, text = PLANTED[planted]
    more = {"queries/bad.py": "import queries.walk\n"} if planted.startswith("cycle ins") else {}
    found = breaches(_build(tmp_path, CLEAN | more | {name: text}), HOUSE)
    assert planted.split()[0] in {breach.kind for breach in found}


def test_a_cycle_names_its_members_and_nobody_else(tmp_path: Path) -> None:
    ring = {
        "queries/a.py": "import queries.b\n",
        "queries/b.py": "import queries.c\n",
        "queries/c.py": "import queries.a\n",
        "queries/d.py": "import queries.a\n",
    }
    found = breaches(_build(tmp_path, CLEAN | ring), HOUSE)
    assert [(breach.kind, breach.place) for breach in found] == [
        ("cycle", "queries.a"),
        ("cycle", "queries.b"),
        ("cycle", "queries.c"),
    ]


def _functions(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(module.tree) if isinstance(node, kinds)]


def test_functions_are_short() -> None:
    lengths = [
        (function.end_lineno or 0) - function.body[0].lineno + 1
        for module in modules(ROOT, OURS)
        for function in _functions(module)
    ]
    assert median(lengths) <= 10
    assert quantiles(lengths, n=20)[-1] <= 50


def test_every_public_name_is_documented() -> None:
    missing = [
        f"{module.name}.{name}"
        for module in modules(ROOT, OURS)
        for name, node in _public(module.tree)
        if not ast.get_docstring(node)
    ]
    assert not missing, "\n".join(missing)


Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _public(tree: ast.Module) -> list[tuple[str, Documented]]:
    """The module, its public classes and functions, and its public classes' public methods."""
    found: list[tuple[str, Documented]] = [("(module)", tree)]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            found.append((node.name, node))
        if isinstance(node, ast.ClassDef) and node.name[0] != "_":
            found.append((node.name, node))
            found += [
                (f"{node.name}.{inner.name}", inner)
                for inner in node.body
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
                and inner.name[0] != "_"
                and not any("override" in ast.unparse(d) for d in inner.decorator_list)
            ]
    return found


def test_nothing_is_left_to_do() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    for module in modules(ROOT, (*OURS, "tests")):
        text = module.path.read_text(encoding="utf-8")
        assert not any(mark in text for mark in marks), module.name
