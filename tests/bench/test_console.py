"""The network that the console is measured on is as large as its figures say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import console


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_network_has_its_trees_and_its_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "HUB", 40)
    folder = console.made(tmp_path / "gs")
    firms, stakes = (_rows(folder / f"{name}.jsonl") for name in ("enterprises", "shareholders"))
    sizes = {tree: count for tree, (count, *_) in console.TREES.items()}
    assert len(firms) == sum(sizes.values()) + 40
    for tree, (count, branches, depth, *_) in console.TREES.items():
        assert sum(firm["id"].startswith(tree) for firm in firms) == count
        reached = {f"{tree}0"}
        for _ in range(depth):
            reached |= {row["enterprise"] for row in stakes if row["holder"] in reached}
        assert len(reached) == count, branches
    assert sum(row["holder"] == "p1" for row in stakes) == 40
