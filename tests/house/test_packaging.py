"""Packaging: what is imported is declared and locked, what must ship does, nothing else stands."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.house.plan import HOUSE, OURS, ROOT
from tests.house.walls import modules

# Measured against or with in the benchmarks, brought by the extra for tests.
PEERS = {"scipy", "playwright"}
LOCKS = ("requirements.lock", "requirements-report.lock", "requirements-dev.lock")
BUILD = "requirements-build.lock"
# Declared for others' sake, never imported by name: what fastapi reads uploads with, what uvicorn
# reads requests with, and bounds on what pyvis brings.
FOR_OTHERS = {"python-multipart", "httptools", "jedi", "wcwidth"}
# The name of a library's distribution where it is not the name that is imported.
DISTRIBUTIONS = {
    "yaml": "pyyaml",
    "starlette": "fastapi",
    "pydantic": "fastapi",
    "pydantic_core": "fastapi",
    "docx": "python-docx",
    "PIL": "pillow",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as source:
        loaded: dict[str, Any] = tomllib.load(source)
    return loaded


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in requirements}


def _locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, flags=re.M))


@pytest.mark.parametrize("name", [*LOCKS, BUILD])
def test_every_locked_package_is_hashed_and_no_address_stands_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"^(?=[a-z0-9._\[\]-]+==)", text, flags=re.M)[1:]
    assert len(blocks) >= (1 if name == BUILD else 10)
    assert all("--hash=sha256:" in block for block in blocks)


def test_what_is_declared_is_locked(project: dict[str, Any]) -> None:
    base = _names(project["project"]["dependencies"])
    extras = project["project"]["optional-dependencies"]
    assert base <= set(_locked("requirements.lock"))
    assert base | _names(extras["report"]) <= set(_locked("requirements-report.lock"))
    everything = base.union(*(_names(extra) for extra in extras.values()))
    assert everything <= set(_locked("requirements-dev.lock"))


def test_the_locks_agree() -> None:
    base, report, everything = (_locked(name) for name in LOCKS)
    assert base.items() <= report.items() <= everything.items()
    assert _locked(BUILD).items() <= everything.items()


def test_the_base_brings_neither_reports_nor_installers(project: dict[str, Any]) -> None:
    report = _names(project["project"]["optional-dependencies"]["report"])
    assert set(_locked("requirements.lock")).isdisjoint({*report, *_locked(BUILD)})


def test_what_is_imported_is_declared_and_what_is_declared_is_imported(
    project: dict[str, Any],
) -> None:
    base = _names(project["project"]["dependencies"])
    extras = project["project"]["optional-dependencies"]
    optional = _names(extras["report"])
    imported = {
        found.target.split(".")[0] for module in modules(ROOT, OURS) for found in module.imports
    }
    used = {
        DISTRIBUTIONS.get(top, top)
        for top in imported & set(HOUSE.doors)
        if top not in sys.stdlib_module_names
    }
    assert _names(extras["test"]) >= PEERS
    assert used <= base | optional | PEERS
    assert base - used == FOR_OTHERS


def test_everything_that_is_not_code_ships(project: dict[str, Any], tmp_path: Path) -> None:
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("setuptools ≥ 77 is needed to build a wheel; `make test` installs it")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, cwd=tmp_path)
    (wheel,) = tmp_path.glob("credit_graph-*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - shipped == set()
    assert any(name.endswith("licenses/LICENSE") for name in shipped)
    assert not any(name.startswith("tests/") for name in shipped)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.splitlines()) >= 200


def test_the_make_targets_that_people_rely_on_are_there() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text, flags=re.M))
    assert {
        "demo",
        "test",
        "check",
        "proof",
        "bench",
        "serve",
        "openapi",
        "clean",
        "help",
    } <= targets
    assert "--require-hashes" in text


def test_continuous_integration_runs_what_the_readme_says() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert re.search(r"^make .*\btest$", script, flags=re.M)
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_no_committed_file_speaks_of_one_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout: committed files cannot be told from others")
    foreign = re.compile(r"/(?:work|root|home/\w+)/|pypi\.|pythonhosted")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        assert not foreign.search(text), name
