"""A question that a write crosses is asked again, a few times; then it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.again import MOST
from graph_service.cli.commands import comparing
from graph_service.cli.main import ENTRIES, QUESTIONS
from graph_service.errors import StoreChanged
from graph_service.store.sqlite.engine import SqliteStore
from tests.cli.conftest import Run
from tests.support.front import XINGHE


@pytest.mark.parametrize(
    ("command", "times", "status"),
    [
        ("trace", 0, 0),
        ("trace", 1, 0),
        ("trace", MOST + 1, 3),
        ("flags", MOST, 0),
        ("export", 1, 0),
        ("export", MOST + 1, 3),
    ],
)
def test_a_crossed_question_is_asked_again(
    asked: Run, monkeypatch: pytest.MonkeyPatch, command: str, times: int, status: int
) -> None:
    info, left = SqliteStore.info, [times]

    def crossed(store: SqliteStore) -> object:
        if left[0]:
            left[0] -= 1
            raise StoreChanged("a load ended")
        return info(store)

    monkeypatch.setattr(SqliteStore, "info", crossed)
    ended = asked("--json", command, "folder" if command == "export" else XINGHE)
    assert ended.status == status
    assert left == [0]
    if status:
        assert ended.json["code"] == "store_changed"
    else:
        assert ended.json["digest" if command == "export" else "data_version"]


def test_an_export_that_is_given_up_leaves_nothing(
    asked: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crossed(_: SqliteStore) -> object:
        raise StoreChanged("a load ended")

    monkeypatch.setattr(SqliteStore, "info", crossed)
    there = tmp_path / "there"
    there.mkdir()
    for folder in (there, tmp_path / "new"):
        assert asked("export", str(folder)).status == 3
    assert list(there.iterdir()) == []
    assert not (tmp_path / "new").exists()


def test_changes_that_are_given_up_leave_the_file_as_it_was(
    asked: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crossed(*_: object) -> Iterator[object]:
        yield {"what": "tie"}
        raise StoreChanged("a load ended")

    monkeypatch.setattr(comparing, "diff_lines", crossed)
    out = tmp_path / "变化.jsonl"
    out.write_text("before", "utf-8")
    assert asked("diff", "--from", "2024-01-01", "--out", str(out)).status == 3
    assert [path.read_text("utf-8") for path in tmp_path.glob("*变化*")] == ["before"]


def test_questions_are_commands() -> None:
    assert ENTRIES.keys() >= QUESTIONS
    assert not QUESTIONS & {"load", "forget", "rejects", "cases", "copy", "restore", "export"}
