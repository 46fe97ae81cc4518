"""Positions: the same for the same question, apart from one another, and none forgotten."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.plan import ROOT
from viz.layout import HIGH, WIDE, Places, places

NAMES = [f"主体{number}" for number in range(12)] + ["䶮", "𠮷"]
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=30)


def overlapping(found: Places) -> list[tuple[str, str]]:
    """Pairs whose boxes overlap by more than rounding, by looking at every pair."""
    items = sorted(found.items())
    return [
        (a, b)
        for place, (a, (x, y)) in enumerate(items)
        for b, (x2, y2) in items[place + 1 :]
        if abs(x - x2) < WIDE - 1 and abs(y - y2) < HIGH - 1
    ]


def planted(count: int) -> list[tuple[str, str]]:
    """A tree with a hub and some more ties."""
    chance = random.Random(count)
    tree = [(f"n{i}", f"n{chance.randrange(i) if i % 3 else 0}") for i in range(1, count)]
    return tree + [(f"n{chance.randrange(count)}", f"n{i}") for i in range(0, count, 4)]


@settings(max_examples=40, deadline=None)
@given(PAIRS, st.lists(st.sampled_from(NAMES), max_size=3), st.randoms(use_true_random=False))
def test_everybody_has_one_place_whatever_the_order(
    pairs: list[tuple[str, str]], roots: list[str], chance: random.Random
) -> None:
    found = places(NAMES, pairs, roots)
    assert set(found) == set(NAMES)
    assert overlapping(found) == []
    if roots:
        assert found[roots[0]] == (0, 0)
    names, shuffled = list(NAMES), [pair[::-1] if chance.random() < 0.5 else pair for pair in pairs]
    chance.shuffle(names)
    chance.shuffle(shuffled)
    assert places(names, shuffled + shuffled, roots) == found


@pytest.mark.parametrize("count", [2, 40, 400, 2000])
def test_labels_never_overlap(count: int) -> None:
    found = places([f"n{i}" for i in range(count)], planted(count), ["n0"])
    assert len(found) == count
    assert overlapping(found) == []


def test_a_hub_is_not_an_empty_ring() -> None:
    names = [f"n{i}" for i in range(501)]
    found = places(names, [("n0", name) for name in names[1:]], ["n0"])
    wide = max(x for x, _ in found.values()) - min(x for x, _ in found.values())
    high = max(y for _, y in found.values()) - min(y for _, y in found.values())
    assert wide * high < 12 * len(names) * WIDE * HIGH


def test_a_small_picture_can_be_read_whole() -> None:
    """Twelve parties fit a window of 970 by 530 pixels at two thirds or more."""
    for width in (2, 3, 4):
        ties = [(f"n{(n - 1) // width}", f"n{n}") for n in range(1, 12)]
        spots = places([f"n{n}" for n in range(12)], ties, ["n0"]).values()
        wide, high = (max(side) - min(side) for side in zip(*spots, strict=True))
        assert min(970 / (wide + WIDE), 530 / (high + HIGH)) >= 2 / 3, width


def test_tied_parties_stand_nearer_than_others() -> None:
    pairs = planted(120)
    found = places([f"n{i}" for i in range(120)], pairs, ["n0"])

    def far(a: str, b: str) -> float:
        (x, y), (x2, y2) = found[a], found[b]
        return float(((x - x2) ** 2 + (y - y2) ** 2) ** 0.5)

    tied = [far(a, b) for a, b in pairs if a != b]
    names = sorted(found)
    everybody = [far(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    assert sum(tied) / len(tied) < 0.6 * sum(everybody) / len(everybody)


def test_nothing_and_one_and_strangers() -> None:
    assert places([], [], []) == {}
    assert places(["甲"], [("甲", "甲")], []) == {"甲": (0, 0)}
    assert places(["甲"], [("甲", "不在")], ["不在"]) == {"甲": (0, 0)}
    assert len(set(places(["甲", "乙", "丙"], [], ["乙"]).values())) == 3


def test_another_process_draws_the_same() -> None:
    code = (
        "import json; from tests.viz.test_layout import planted; from viz.layout import places;"
        "print(json.dumps(places({f'n{i}' for i in range(150)}, planted(150), ['n0'])))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = {
        k: list(v) for k, v in places([f"n{i}" for i in range(150)], planted(150), ["n0"]).items()
    }
    assert [json.loads(text) for text in seen] == [here]
