"""Customers, references and a watch list: who is who is a reviewed table, never a name."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.real.promises import Promises
from tests.real.support import Loaded, Row, ask, places, run, table, write

FOLDER, MAPPING = "senzing_truthset", "senzing_truthset.yaml"
COMPANY, OWNER, WATCHED = "REFERENCE:2041", "REFERENCE:2061", "WATCHLIST:2062"
SOURCES = ("CUSTOMERS", "REFERENCE", "WATCHLIST")


class Files:
    """The folder's files as plain rows, and the published key as clusters of record ids."""

    def __init__(self, folder: Path) -> None:
        demo = folder / "demo"
        self.records = {
            f"{row['DATA_SOURCE']}:{row['RECORD_ID']}": row
            for name in ("customers", "reference", "watchlist")
            for row in table(demo / f"{name}.csv")
        }
        self.watched = table(demo / "watchlist.csv")
        self.clusters: dict[str, list[str]] = defaultdict(list)
        for row in table(demo / "actual_truthset_key.csv"):
            self.clusters[row["CLUSTER_ID"]].append(f"{row['DATA_SOURCE']}:{row['RECORD_ID']}")

    def nameless(self) -> set[str]:
        """Records that give no name at all."""
        return {
            id_
            for id_, row in self.records.items()
            if not any(text for column, text in row.items() if "NAME" in column and text)
        }

    def reviewed(self) -> list[Row]:
        """The key as a `same_as` table: each record and the first of its cluster."""
        gone = self.nameless()
        found: list[Row] = []
        for _, ids in sorted(self.clusters.items()):
            named = [id_ for id_ in ids if id_ not in gone]
            found += [
                {"party": named[0], "same": other, "reviewer": "复核员甲"} for other in named[1:]
            ]
        return found


@pytest.fixture(scope="module")
def files(loaded: Loaded) -> Files:
    return Files(loaded.folder)


@pytest.fixture(scope="module")
def reviewed(
    loaded: Loaded, files: Files, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Any]:
    """A copy of the store with the reviewed key loaded, and the report of that load."""
    scratch = tmp_path_factory.mktemp("reviewed")
    loaded.ask("backup", scratch / "store.db")
    path = write(scratch / "same_as.csv", files.reviewed())
    status, report = run(scratch / "store.db", "load", path, "--source", "review")
    assert status == 0, report
    return scratch / "store.db", report


class TestPromises(Promises):
    """The promises of every load."""


def test_the_counts_are_those_of_the_files(loaded: Loaded, files: Files) -> None:
    assert len(files.records) == 159
    assert len(files.clusters) == 85
    assert len(files.watched) == 17
    people = {id_ for id_, row in files.records.items() if row["RECORD_TYPE"] != "ORGANIZATION"}
    gone = files.nameless()
    assert gone == {"WATCHLIST:1021"}
    rows = loaded.report["rows"]
    assert (rows["persons"]["read"], rows["persons"]["rejected"]) == (len(people), len(gone))
    assert (rows["sanctions"]["read"], rows["sanctions"]["rejected"]) == (17, len(gone))
    assert rows["enterprises"]["rejected"] == 0
    assert loaded.report["unmatched"] == 0
    info = loaded.ask("info")
    assert info["parties"] == {
        "Enterprise": len(files.records) - len(people),
        "Person": len(people) - len(gone),
    }
    assert info["sources"] == list(SOURCES)


def test_a_nameless_record_is_refused_and_so_is_what_hangs_on_it(loaded: Loaded) -> None:
    found = {(line["table"], line["column"], line["rule"], line["row"]) for line in loaded.rejected}
    assert found == {
        ("persons", "name", "missing_required", "7"),
        ("sanctions", "subject", "dangling_reference", "7"),
    }


def test_shares_stand_in_free_text(loaded: Loaded) -> None:
    shares = {
        (step["from"]["id"], step["to"]["id"]): step["share"]
        for one in ("REFERENCE:2012", "REFERENCE:2041", "REFERENCE:2074")
        for step in loaded.ask("trace", one, "--depth", "1")["relations"]
        if step["type"] == "SHAREHOLDER_OF"
    }
    hajah = loaded.ask("show", "REFERENCE:2012")["party"]["id"]
    assert shares == {
        ("REFERENCE:2013", hajah): 0.6,
        ("REFERENCE:2014", hajah): 0.4,
        (OWNER, COMPANY): 1.0,
        ("REFERENCE:2081", "REFERENCE:2074"): 0.5,
        ("REFERENCE:2091", "REFERENCE:2074"): 0.5,
    }


def test_nobody_joins_the_watch_list_by_name_alone(loaded: Loaded) -> None:
    answer = loaded.ask("flags", COMPANY)
    assert answer["flags"] == []
    assert loaded.ask("exposure", WATCHED)["flags"] == [
        flag for flag in loaded.ask("flags", WATCHED)["flags"] if flag["grade"] == "listed"
    ]


def test_the_company_is_flagged_once_its_owner_is_reviewed(
    loaded: Loaded, files: Files, reviewed: tuple[Path, Any]
) -> None:
    store, _ = reviewed
    answer = ask(store, "flags", COMPANY)
    flags = {flag["grade"]: flag for flag in answer["flags"]}
    assert {"held", "controlled"} <= set(flags)
    for grade in ("held", "controlled"):
        flag = flags[grade]
        assert _ids(flag["listed"]) == {OWNER, WATCHED, "CUSTOMERS:2063"}
        assert flag["certain"] is True
        (step,) = flag["path"]
        assert (step["type"], step["share"]) == ("SHAREHOLDER_OF", 1.0)
        assert COMPANY in _ids(step["to"])
        lines = (loaded.folder / "demo" / "reference.csv").read_text("utf-8").splitlines()
        for file, row in places(flag["path"]):
            assert file == "demo/reference.csv"
            assert lines[row - 1].startswith("REFERENCE,2061,")
            assert "Owns 100%" in lines[row - 1]
        assert flag["record"]["list"] == "境外制裁名单"
        assert flag["statement"]["zh"]
        assert flag["statement"]["en"]
    assert flags["controlled"]["severity"] == "high"
    # the president, 2051, is WATCHLIST:2052
    assert flags["managed"]["listed"]["id"] in ("REFERENCE:2051", "CUSTOMERS:2053")


def _ids(party: Any) -> set[str]:
    return {party["id"], *party["aliases"]}


@pytest.mark.parametrize("asked", [OWNER, WATCHED, "CUSTOMERS:2063"])
def test_any_id_of_the_owner_exposes_the_company(reviewed: tuple[Path, Any], asked: str) -> None:
    answer = ask(reviewed[0], "exposure", asked)
    owner = ask(reviewed[0], "show", OWNER)["party"]["id"]
    company = ask(reviewed[0], "show", COMPANY)["party"]["id"]
    assert {(flag["party"]["id"], flag["grade"]) for flag in answer["flags"]} == {
        (owner, "listed"),
        (company, "held"),
        (company, "controlled"),
    }


def test_the_key_joins_each_cluster_into_one_party(
    loaded: Loaded, files: Files, reviewed: tuple[Path, Any]
) -> None:
    store, report = reviewed
    assert report["rows"]["same_as"]["accepted"] == len(files.reviewed())
    clusters = [
        {id_ for id_ in ids if id_ not in files.nameless()} for ids in files.clusters.values()
    ]
    parties = ask(store, "info")["parties"]
    assert sum(parties.values()) == len([one for one in clusters if one])
    for ids in clusters:
        if len(ids) > 1:
            assert ids <= _ids(ask(store, "show", min(ids))["party"])


def test_every_flag_follows_from_the_key_and_the_relations(
    files: Files, reviewed: tuple[Path, Any]
) -> None:
    """Independent of the program: clusters by union of the key, ties read off the text."""
    cluster_of = {id_: name for name, ids in files.clusters.items() for id_ in ids}
    cluster_of["REFERENCE:2011"] = cluster_of["REFERENCE:2012"]  # the anchor key of that record
    listed = {
        cluster_of[f"WATCHLIST:{row['RECORD_ID']}"]
        for row in files.watched
        if row["STATUS"] != "Inactive" and f"WATCHLIST:{row['RECORD_ID']}" not in files.nameless()
    }
    expected = {(one, "listed", one) for one in listed}
    for id_, row in files.records.items():
        role, pointer = row.get("REL_POINTER_ROLE", ""), row.get("REL_POINTER_KEY", "")
        who = cluster_of[id_]
        if not pointer or who not in listed:
            continue
        company = cluster_of[f"REFERENCE:{pointer}"]
        if role.startswith("Owns"):
            expected.add((company, "held", who))
            if float(role[5:-1]) > 50:
                expected.add((company, "controlled", who))
        else:
            expected.add((company, "managed", who))
    answer = ask(reviewed[0], "flag-all")
    found = {
        (cluster_of[flag["party"]["id"]], flag["grade"], cluster_of[flag["listed"]["id"]])
        for flag in answer["flags"]
    }
    assert found == expected
    assert {grade for _, grade, _ in found} == {"listed", "held", "controlled", "managed"}


def test_a_withdrawn_review_splits_them_with_nothing_lost(
    loaded: Loaded, reviewed: tuple[Path, Any], tmp_path: Path
) -> None:
    store = tmp_path / "store.db"
    ask(reviewed[0], "backup", store)
    ask(store, "forget", "review")
    assert ask(store, "info")["digest"] == loaded.ask("info")["digest"]
    assert ask(store, "info")["parties"] == loaded.ask("info")["parties"]
    assert ask(store, "flags", COMPANY)["flags"] == []


def test_an_unreviewed_score_only_suspects(loaded: Loaded, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    loaded.ask("backup", store)
    guess: Row = {"party": OWNER, "same": WATCHED, "score": "0.97"}
    ask(store, "load", write(tmp_path / "same_as.csv", [guess]), "--source", "guess")
    flags = ask(store, "flags", OWNER)["flags"]
    assert {(flag["grade"], flag["certain"]) for flag in flags} == {("suspected", False)}
    assert [flag["grade"] for flag in ask(store, "flags", COMPANY)["flags"]] == []
