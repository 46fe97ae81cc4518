"""A skipped test is named aloud, with its count and reason, in the last lines of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.plan import ROOT

SKIPPING = """
import pytest

@pytest.mark.skip(reason="Neo4j: no server, container or URI")
@pytest.mark.parametrize("number", range(3))
def test_of_neo4j(number): ...

def test_that_skips_itself():
    pytest.skip("no such folder")
"""


def _last_lines(folder: Path, text: str) -> list[str]:
    file = folder / "test_planted.py"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [line.strip() for line in done.stdout.splitlines()][-6:]


def test_each_reason_is_told_with_its_count(tmp_path: Path) -> None:
    lines = _last_lines(tmp_path, SKIPPING)
    assert "3 tests: Neo4j: no server, container or URI" in lines
    assert "1 test: no such folder" in lines
    assert "4 skipped" in lines[-1]


def test_a_run_that_lacked_no_neo4j_says_so(tmp_path: Path) -> None:
    lines = _last_lines(tmp_path, "def test_nothing(): ...\n")
    assert "0 tests: for want of a Neo4j server" in lines
    assert "1 passed" in lines[-1]
