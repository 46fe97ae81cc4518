"""Published files: where they lie, how the program is run over them, and the counts of a file."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graph_service.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = REPOSITORY / "docs" / "examples"
Row = dict[str, str]


def shared_data() -> Path:
    """The folder of the published files; without it the test is skipped, and says so."""
    told = os.environ.get("CG_TEST_SHARED")
    data = (Path(told) if told else REPOSITORY.parent / "shared") / "data"
    if not data.is_dir():
        pytest.skip("published files are absent (../shared/data, or below CG_TEST_SHARED)")
    return data


def run(store: Path, *arguments: str | Path) -> tuple[int, Any]:
    """The program over a store: its exit status and the one document it printed."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        status = main(["--store", str(store), "--json", *map(str, arguments)])
    return status, json.loads(out.getvalue())


def ask(store: Path, *arguments: str | Path) -> Any:
    """The answer of a command that must succeed."""
    status, document = run(store, *arguments)
    assert status == 0, document
    return document


@dataclass(frozen=True, slots=True)
class Loaded:
    """One folder, loaded once by the program through its mapping file of ``docs/examples``."""

    folder: Path
    mapping: Path
    store: Path
    status: int
    report: Mapping[str, Any]
    rejects: Path
    scratch: Path

    def ask(self, *arguments: str | Path) -> Any:
        """The answer of a command over the loaded store."""
        return ask(self.store, *arguments)

    @property
    def rejected(self) -> list[Row]:
        """The lines of the rejects file."""
        return table(self.rejects)


def load(folder: Path, mapping: Path, scratch: Path) -> Loaded:
    """Load a folder into a new store below ``scratch``."""
    store, rejects = scratch / "store.db", scratch / "rejects.csv"
    status, report = run(store, "load", folder, "--mapping", mapping, "--rejects", rejects)
    return Loaded(folder, mapping, store, status, report, rejects, scratch)


def table(path: Path, delimiter: str = ",") -> list[Row]:
    """The rows of a text table, read with nothing but the standard library."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def write(path: Path, rows: Iterable[Row]) -> Path:
    """A table as CSV."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def raised(flags: Sequence[Mapping[str, Any]]) -> set[tuple[str, str, str, str]]:
    """Flags as (party, grade, listed party, severity)."""
    return {
        (flag["party"]["id"], flag["grade"], flag["listed"]["id"], flag["severity"])
        for flag in flags
    }


def places(steps: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """The file and row behind every step of a path."""
    for step in steps:
        for source in step["sources"]:
            yield source["file"], source["row"]
