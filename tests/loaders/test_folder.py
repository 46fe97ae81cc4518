"""A folder is loaded whole: what of it cannot be read is said, never left out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from loaders.folder import files_below
from tests.loaders.support import write_csv

FIRMS = [["id", "name"], ["E1", "䶮公司"]]


def _names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in files_below(folder)]


def test_every_file_in_the_order_of_paths_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("乙局/企业.csv", "a.csv", "甲局/b/c.csv", ".git/d.csv", "甲局/.隐.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_csv(path, FIRMS)
    assert _names(tmp_path) == ["a.csv", "乙局/企业.csv", "甲局/b/c.csv"]


def test_a_folder_that_may_not_be_read_stops_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "企业.csv", FIRMS)
    closed = tmp_path / "法院"
    closed.mkdir()
    whole = os.scandir

    def guarded(path: Any) -> Any:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path)

    monkeypatch.setattr(os, "scandir", guarded)
    with pytest.raises(PermissionError, match="法院"):
        files_below(tmp_path)


def test_a_linked_folder_is_read_once_and_a_loop_ends(tmp_path: Path) -> None:
    inbox, real = tmp_path / "收件", tmp_path / "共享"
    inbox.mkdir()
    real.mkdir()
    write_csv(real / "企业.csv", FIRMS)
    (inbox / "法院").symlink_to(real)
    (real / "回环").symlink_to(inbox)
    assert _names(inbox) == ["法院/企业.csv"]
