"""A desk: an empty folder, a store that the first load makes, and the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.cli.main import main


class Desk:
    """What a data officer has: a folder for files, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def file(self, name: str, *lines: str) -> Path:
        """A text file below the folder, one line each."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    def tables(self, source: str, **tables: str) -> None:
        """Canonical tables of a source as CSV files; the rows of a text are parted by blanks."""
        for name, text in tables.items():
            self.file(f"{source}/{name}.csv", *text.split())

    def ask(self, *arguments: str, status: int | None = 0) -> Any:
        """The one document that the program prints with ``--json``; any status where None."""
        self._capsys.readouterr()
        got = main([*arguments, "--json"])
        out = self._capsys.readouterr().out
        assert status in (None, got), out
        return json.loads(out)

    def load(self, *arguments: str, status: int = 0) -> Any:
        """A load report; what every report promises is checked here."""
        report = self.ask("load", *arguments, status=status)
        for counts in report["rows"].values():
            assert counts["accepted"] + counts["rejected"] == counts["read"]
            assert counts["unchanged"] <= counts["accepted"]
        rejected = sum(counts["rejected"] for counts in report["rows"].values())
        assert rejected == sum(report["rejected_by_rule"].values())
        assert (rejected > 0) == (status == 1)
        return report

    def grades(self, party: str, *options: str) -> list[tuple[str, str, bool]]:
        """Grade, severity and certainty of each flag of a party, in order."""
        flags = self.ask("flags", party, *options)["flags"]
        return [(flag["grade"], flag["severity"], flag["certain"]) for flag in flags]

    def digest(self) -> str:
        """The digest of the store."""
        return str(self.ask("info")["digest"])


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A desk in an empty folder."""
    key = tmp_path.parent / f"{tmp_path.name}.key"
    key.write_bytes(bytes(range(1, 33)))
    for name in ("CG_STORE", "CG_LANG", "CG_API_KEYS", "CG_SOURCE_ORDER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CG_ID_KEY_FILE", str(key))
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, capsys)
