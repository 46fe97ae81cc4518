"""What cannot be reached is named for what it is: a folder, a port, a store; misspelt words too."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("word", "meant"), [("shwo", "show"), ("flag-al", "flag-all"), ("sreach", "search")]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_misspelt_command_is_told_what_comes_near(
    run: Run, word: str, meant: str, lang: str
) -> None:
    ended = run("--lang", lang, "--json", word)
    assert ended.status == 2
    assert meant in ended.json["hint"]
    assert meant not in ended.json["detail"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_port_in_use_is_told_before_anything_is_served(run: Run, lang: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        ended = run("--lang", lang, "--json", "serve", "--port", str(port))
    assert ended.status == 2
    assert ended.json["code"] == "bad_request"
    assert str(port) in ended.json["detail"]
    assert "--port" in ended.json["hint"]


def test_a_backup_into_no_folder_blames_the_file(asked: Run, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("x")
    ended = asked("--json", "backup", str(tmp_path / "文件" / "备份.db"))
    assert (ended.status, ended.json["code"]) == (2, "file_error")


def test_a_file_that_is_no_backup_is_blamed_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "名单.csv").write_text("id,name\nE1,䶮公司\n" * 20)
    ended = run("--json", "restore", "名单.csv")
    assert (ended.status, ended.json["code"]) == (3, "store_damaged")
    assert "名单.csv" in ended.json["detail"]
    assert "backup" in ended.json["hint"]
    assert "--store" not in ended.json["hint"]


def test_a_mapping_that_is_no_yaml_is_told_by_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n")
    (tmp_path / "m.yaml").write_text("source: [\n")
    ended = run("load", "a.csv", "--mapping", "m.yaml")
    assert ended.status == 2
    assert "m.yaml 第 2 行：不是可读的 YAML" in ended.err


def test_an_export_that_may_not_write_blames_the_folder(
    asked: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "导出"
    whole = Path.mkdir

    def guarded(path: Path, *args: Any, **named: Any) -> None:
        if path == target:
            raise PermissionError(13, "Permission denied", str(path))
        whole(path, *args, **named)

    monkeypatch.setattr(Path, "mkdir", guarded)
    ended = asked("--json", "export", str(target))
    assert (ended.status, ended.json["code"]) == (2, "file_error")


def test_a_store_in_a_closed_folder_cannot_be_reached(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed.db"
    whole = Path.is_dir

    def guarded(path: Path) -> bool:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path)

    monkeypatch.setattr(Path, "is_dir", guarded)
    ended = run("--json", "--store", str(closed), "info")
    assert (ended.status, ended.json["code"]) == (3, "store_unavailable")
