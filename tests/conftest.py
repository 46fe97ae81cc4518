"""What every test run does: skipped tests are named aloud in the last lines, with reasons."""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from _pytest.terminal import TerminalReporter


def pytest_sessionfinish() -> None:
    """End the Neo4j servers that this process started."""
    pool = sys.modules.get("tests.support.neo4j_pool")
    if pool is not None:
        pool.stop()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say how many tests were skipped and why; a silent skip reads like a pass."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(_reason(report) for report in skipped)
    if not any("Neo4j" in reason for reason in reasons):
        reasons["for want of a Neo4j server"] = 0
    terminalreporter.section("skipped, and why")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count:5d} {'test' if count == 1 else 'tests'}: {reason}")


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)
