"""A question that a load crosses is asked once more; a second time it says so."""

from __future__ import annotations

import pytest

from graph_service.cli.main import ENTRIES, QUESTIONS
from graph_service.errors import StoreChanged
from graph_service.store.sqlite.engine import SqliteStore
from tests.cli.conftest import Run
from tests.support.front import XINGHE


@pytest.mark.parametrize(
    ("command", "times", "status"),
    [("trace", 0, 0), ("trace", 1, 0), ("trace", 2, 3), ("flags", 1, 0), ("export", 1, 3)],
)
def test_a_crossed_question_is_asked_once_more(
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
        assert ended.json["data_version"]


def test_questions_are_commands() -> None:
    assert ENTRIES.keys() >= QUESTIONS
    assert not QUESTIONS & {"load", "forget", "rejects", "cases", "copy", "restore", "export"}
