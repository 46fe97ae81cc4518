"""The benchmarks measure what they say: valid files, equal answers, figures as a table and JSON."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from bench import asking, peers
from bench.bolt import phases_of
from bench.codes import CreditCodes
from bench.generate import STAR_TIES, Scale, generate, star_id
from bench.loading import ensure_loaded
from bench.main import main
from bench.memory import Watch
from bench.timing import Figure, percentile, table
from bench.world import World
from graph_service.identity import node_of_key
from graph_service.store.sqlite.tables import TYPE_NUMBERS
from graph_service.text import uscc

SMALL = Scale(parties=1_000, relations=4_000, seed=7)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("bench"), SMALL)
    made.prepare()
    generate(made.folder, SMALL)
    ensure_loaded(made)
    return made


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    tiny = Scale(parties=300, relations=1_200, seed=1)
    generate(tmp_path / "a", tiny)
    generate(tmp_path / "b", tiny)
    generate(tmp_path / "c", Scale(parties=300, relations=1_200, seed=2))
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")
    assert _bytes(tmp_path / "a") != _bytes(tmp_path / "c")


def test_files_made_before_are_taken_and_those_of_another_scale_are_not(tmp_path: Path) -> None:
    counts = generate(tmp_path, Scale(parties=300, relations=1_200))
    (tmp_path / "first" / "persons.csv").write_text("kept", encoding="utf-8")
    assert generate(tmp_path, Scale(parties=300, relations=1_200)) == counts
    assert (tmp_path / "first" / "persons.csv").read_text(encoding="utf-8") == "kept"
    generate(tmp_path, Scale(parties=400, relations=1_600))
    assert len(_rows(tmp_path / "first" / "persons.csv")) == 220


def test_every_credit_code_is_valid_and_none_is_given_twice() -> None:
    codes = CreditCodes()
    made = [codes(serial) for serial in (*range(3_000), 999_999, 1_000_000, 19_999_999)]
    assert [uscc(code) for code in made] == made
    assert len(set(made)) == len(made)


def test_a_star_is_listed_and_has_its_ties(world: World) -> None:
    first, star = world.folder / "first", star_id(SMALL, 0)
    ends = {"legal_representatives": "person", "executives": "person", "shareholders": "holder"}
    planted = sum(
        row[column] == star and row["since"] == "2010-01-01" and not row["until"]
        for table_, column in ends.items()
        for row in _rows(first / f"{table_}.csv")
    )
    assert planted == STAR_TIES
    assert star in {row["subject"] for row in _rows(first / "sanctions.csv")}


def test_the_population_loads_without_a_rejected_row(world: World) -> None:
    with world.opened() as store:
        assert store.rejected() == []
        assert sum(store.info().parties.values()) == SMALL.parties
        assert len(store.info().relations) == 6


@pytest.mark.parametrize("per_party", [3, 1_000])
def test_the_walk_in_raw_sql_gives_what_the_program_gives(
    world: World, per_party: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PER_PARTY", per_party)
    numbers = [TYPE_NUMBERS[name] for name in asking.TYPES]
    c = peers.connect(world.store)
    hubs = relations = 0
    with world.opened() as store:
        for root in asking.some_parties(store, world, 12):
            node = node_of_key(root.key)
            assert node is not None
            answer = asking.walk(store, root)
            raw = peers.walk(c, node, asking.DAY, numbers, asking.DEPTH, per_party)
            assert asking.rows_of(answer) == asking.comparable(raw)
            relations += len(answer.relations)
            hubs += len(answer.completeness.hubs)
    c.close()
    assert relations > 100
    assert (hubs > 0) == (per_party == 3)


def test_bare_inserts_take_every_row(world: World, tmp_path: Path) -> None:
    files = sorted((world.folder / "more").glob("*.csv"))
    assert peers.raw_load(files, tmp_path / "bare.db") == sum(len(_rows(file)) for file in files)


def test_one_command_prints_a_table_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "figures.json"
    more = ["--parties", "1000", "--seed", "7", "--dir", str(tmp_path), "--out", str(target)]
    assert main(["exposure", "increment", *more]) == 0
    shown = capsys.readouterr()
    document = json.loads(shown.out)
    assert document["failed"] == {}
    assert {figure["case"] for figure in document["figures"]} == {"exposure", "increment"}
    assert json.loads(target.read_text(encoding="utf-8")) == document
    assert f"listed person with {STAR_TIES} ties" in shown.err


def test_an_unknown_case_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trance", "--parties", "100", "--dir", str(tmp_path)]) == 2
    assert "trace" in capsys.readouterr().err


def test_a_bar_is_kept_from_its_own_side() -> None:
    fast = Figure("load", "rate", 50.0, "rows/s", 40.0, "at least")
    slow = Figure("trace", "ratio", 3.1, "×", 3.0)
    assert (fast.kept, slow.kept, Figure("a", "b", 1.0, "ms").kept) == (True, False, None)
    lines = table([fast, slow]).splitlines()
    assert lines[1].endswith("kept")
    assert lines[2].endswith("MISSED")


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100)]
    assert percentile(values, 0.95) == 95.0
    assert percentile([4.0], 0.95) == 4.0


def test_memory_of_a_process_is_seen() -> None:
    with Watch(os.getpid()) as watch:
        kept = bytearray(60 << 20)
        for at in range(0, len(kept), 4096):
            kept[at] = 1
        assert not watch.stopped_within(0.3)
    if Path("/proc/self/status").exists():
        assert watch.peaks.together > 60
    else:
        assert watch.peaks.together == 0


def test_the_phases_of_an_import_are_told_by_the_tool_in_any_unit() -> None:
    said = (
        "(1/4) Node import 2026-06-30 09:00:00.000+0000\n"
        "Node import COMPLETED in 1h 2m 3s 4ms\nRelationship import COMPLETED in 950ms\n"
        "Relationship linking COMPLETED in 2m\nIMPORT DONE in 1h 5m.\n"
    )
    assert phases_of(said) == {
        "Node import": pytest.approx(3723.004),
        "Relationship import": pytest.approx(0.95),
        "Relationship linking": 120.0,
    }
