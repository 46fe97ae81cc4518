"""The pictures that are timed are whole, and the figures say of what size they speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import drawing
from bench.generate import Scale
from bench.world import World
from viz.view import view_of


def test_the_picture_that_is_timed_has_every_tie() -> None:
    answer = drawing.walked(90)
    view = view_of(answer)
    assert len(view.nodes) == 90
    assert sum(len(edge.steps) for edge in view.edges) == 89 + 30
    assert drawing.planted(90) == drawing.planted(90)


def test_each_size_has_its_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "BARS", {20: 300.0})
    monkeypatch.setattr(drawing, "ROWS", 30)
    figures = drawing.pictures(World(tmp_path, Scale(parties=10, relations=40)))
    assert [figure.what for figure in figures if not figure.what.endswith(": CPU")] == [
        "places of 20",
        "page of 300",
        "workbook of 30",
    ]
    assert all(figure.value > 0 for figure in figures)
