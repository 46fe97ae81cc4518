"""Open Contracting's red flags against their published outputs; tenders published as OCDS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from queries.tender.prices import (
    Options,
    close_bids,
    heavy_discounts,
    identical_bids,
    release_ratios,
)
from tests.real.support import ask, shared_data

# The published inputs use these words for "prices are not compared" and "left out".
OPTIONS = Options(not_compared=frozenset({"NPC", "EXC"}))


def _pair(code: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    folder = shared_data() / "ocds_cardinal_flags" / "indicators"
    lines = (folder / f"{code}.jsonl").read_text("utf-8").splitlines()
    expected = json.loads((folder / f"{code}.expected").read_text("utf-8"))
    return [json.loads(line) for line in lines if line.strip()], expected


def test_r024_lowest_close_to_the_second() -> None:
    releases, expected = _pair("R024")
    found, _ = close_bids(release_ratios(releases, OPTIONS))
    assert {id: {"R024": float(r.value)} for id, r in found.items()} == expected["OCID"]
    tenderers = {id for ratio in found.values() for id in (ratio.winner, ratio.runner_up)}
    assert tenderers == expected["Tenderer"].keys()


def test_r058_heavy_discount() -> None:
    releases, expected = _pair("R058")
    found, _ = heavy_discounts(release_ratios(releases, OPTIONS))
    assert {id: {"R058": float(r.value)} for id, r in found.items()} == expected["OCID"]
    assert {ratio.winner for ratio in found.values()} == expected["Tenderer"].keys()


def test_r028_identical_bids() -> None:
    releases, expected = _pair("R028")
    found = identical_bids(releases, OPTIONS)
    assert found.keys() == expected["OCID"].keys()
    assert set().union(*found.values()) == expected["Tenderer"].keys()


@pytest.fixture(scope="module")
def tenders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The published tenders' folder, and a store into which they were loaded."""
    folder = shared_data() / "uk_procurement_bods" / "data"
    store = tmp_path_factory.mktemp("uk") / "uk.db"
    for name, place in (("cf", "contracts_finder/ocds/json_1_1_raw"), ("uk", "prototype/ocds")):
        ask(store, "load", folder / place, "--source", name)
    return folder, store


def test_release_packages_load_whole(tenders: tuple[Path, Path]) -> None:
    folder, store = tenders
    releases = [
        release
        for path in sorted((folder / "contracts_finder/ocds/json_1_1_raw").glob("*.json"))
        for release in json.loads(path.read_text("utf-8"))["releases"]
    ]
    assert len(releases) == 100
    report = ask(store, "load", folder / "contracts_finder/ocds/json_1_1_raw", "--source", "cf")
    assert report["rows"]["tenders"]["accepted"] == 100
    assert report["rejected_by_rule"] == {}
    suppliers = sum(
        len(award.get("suppliers") or ())
        for release in releases
        for award in release.get("awards") or ()
    )
    assert report["rows"]["bids"]["accepted"] == suppliers


def test_a_release_package_is_a_bidder_list(tenders: tuple[Path, Path], tmp_path: Path) -> None:
    folder, store = tenders
    package = folder / "prototype/ocds/ocds_tenderers_package.json"
    flags = tmp_path / "flags.json"
    answer = ask(store, "screen", package, "--ocds", flags)
    assert [row["match"] for row in answer["bidders"]] == ["name"] * 5
    assert answer["pairs_checked"] == 10
    # All five give the procuring body's own contact point: signs, and no more than signs.
    assert {pair["verdict"] for pair in answer["pairs"]} == {"suspicious"}
    assert json.loads(flags.read_text("utf-8"))["OCID"].keys() == {"PROC-20-0001"}
