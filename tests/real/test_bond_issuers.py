"""608 bond issuers: two blacklists that contradict each other, posts of persons nobody declares."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.real.promises import Promises
from tests.real.support import Loaded, Row, ask, raised, run, table, write

FOLDER, MAPPING = "cn_bond_graph", "cn_bond_graph.yaml"
LIST = "失信被执行人"


class Files:
    """The folder's files as plain rows."""

    def __init__(self, folder: Path) -> None:
        files = folder / "company_data"
        self.companies = table(files / "公司.csv")
        self.persons = table(files / "人物.csv")
        self.posts = table(files / "公司-人物.csv")
        self.second_list = table(files / "公司-失信.csv")
        self.guarantees = table(files / "公司-担保.csv")
        known = {row["personcode"] for row in self.persons}
        self.dangling = [row for row in self.posts if row["pid"] not in known]
        self.standing = [row for row in self.posts if row["pid"] in known]
        self.labels: dict[str, set[bool]] = defaultdict(set)
        for row in self.companies:
            self.labels[row["eid"]].add(row["dishonesty"] == "1")
        for row in self.second_list:
            if row["dishonesty"]:
                self.labels[row["eid"]].add(row["dishonesty"] == "1.0")


@pytest.fixture(scope="module")
def files(loaded: Loaded) -> Files:
    return Files(loaded.folder)


class TestPromises(Promises):
    """The promises of every load."""


def test_the_counts_are_those_of_the_files(loaded: Loaded, files: Files) -> None:
    assert (len(files.companies), len(files.persons), len(files.posts)) == (608, 2_922, 5_064)
    rows = loaded.report["rows"]
    assert rows["enterprises"]["accepted"] == 608
    assert rows["persons"]["accepted"] == 2_922
    assert rows["executives"]["read"] == 5_064
    assert rows["guarantees"]["accepted"] == len(files.guarantees)
    info = loaded.ask("info")
    assert info["parties"] == {"Enterprise": 608, "Person": 2_922}
    posts = {(row["pid"], row["eid"], row["post"]) for row in files.standing}
    ties = {(row["eid1"], row["eid2"]) for row in files.guarantees}
    assert info["relations"] == {"EXECUTIVE_OF": len(posts), "GUARANTEES": len(ties)}


def test_dangling_posts_are_quarantined_one_by_one(loaded: Loaded, files: Files) -> None:
    assert loaded.report["rejected_by_rule"] == {"dangling_reference": 1_652}
    rejected = sorted(
        (line["enterprise"], line["person"], line["role"]) for line in loaded.rejected
    )
    assert rejected == sorted((row["eid"], row["pid"], row["post"]) for row in files.dangling)
    first = next(i for i, row in enumerate(files.posts, 2) if row in files.dangling)
    line = min(loaded.rejected, key=lambda one: int(one["row"]))
    assert (int(line["row"]), line["column"], line["value"]) == (
        first,
        "person",
        files.posts[first - 2]["pid"],
    )


def test_lists_that_contradict_each_other_stay_as_conflicts(loaded: Loaded, files: Files) -> None:
    both = [row["eid"] for row in files.second_list if row["dishonesty"]]
    differing = {eid for eid in both if len(files.labels[eid]) == 2}
    assert (len(both), len(differing)) == (461, 208)
    assert loaded.report["warnings_by_rule"]["label_conflict"] == 208
    assert loaded.report["conflicts"] == 208
    eid = min(differing)
    shown = loaded.ask("show", f"cn-bond-graph:{eid}")
    assert shown["conflicts"]
    (flag,) = [one for one in shown["flags"] if one["grade"] == "listed"]
    assert flag["certain"] is False


def test_only_the_listed_are_flagged(loaded: Loaded, files: Files) -> None:
    """A director who also sits at a listed company taints neither his other companies nor, by
    itself, those who guarantee for it: executives are not responsible."""
    answer = loaded.ask("flag-all")
    listed = {f"cn-bond-graph:{eid}" for eid, said in files.labels.items() if True in said}
    assert raised(answer["flags"]) == {(one, "listed", one, "high") for one in listed}
    assert answer["counts"] == {"listed": len(listed)}
    sure = {flag["party"]["id"] for flag in answer["flags"] if flag["certain"]}
    assert sure == {f"cn-bond-graph:{e}" for e, said in files.labels.items() if said == {True}}
    boards = defaultdict(set)
    for row in files.standing:
        boards[row["pid"]].add(row["eid"])
    beside = {
        eid
        for seats in boards.values()
        if any(True in files.labels[seat] for seat in seats)
        for eid in seats
    } - {eid for eid, said in files.labels.items() if True in said}
    assert beside, "the files have companies that share a director with a listed one"
    eid = min(beside)
    answer = loaded.ask("flags", f"cn-bond-graph:{eid}")
    assert answer["flags"] == []
    assert answer["looked_at"]


def test_the_linked_pack_flags_every_direct_post(loaded: Loaded, files: Files) -> None:
    answer = loaded.ask("flag-all", "--pack", "linked")
    found = {
        (flag["party"]["id"], flag["listed"]["id"])
        for flag in answer["flags"]
        if flag["party"]["kind"] == "Person"
    }
    assert found == {
        (f"cn-bond-graph:{row['pid']}", f"cn-bond-graph:{row['eid']}")
        for row in files.standing
        if True in files.labels[row["eid"]]
    }


def test_a_listed_director_flags_his_boards_and_nothing_beyond(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    boards = defaultdict(set)
    for row in files.standing:
        boards[row["pid"]].add(row["eid"])
    boss = max(sorted(boards), key=lambda pid: len(boards[pid]))
    assert len(boards[boss]) > 1
    store = tmp_path / "store.db"
    store.write_bytes(_backup(loaded, tmp_path).read_bytes())
    person: Row = {"subject": f"cn-bond-graph:{boss}", "list": LIST, "subject_kind": "person"}
    ask(store, "load", write(tmp_path / "sanctions.csv", [person]), "--source", "court")
    answer = ask(store, "exposure", f"cn-bond-graph:{boss}")
    assert raised(answer["flags"]) == {
        (f"cn-bond-graph:{boss}", "listed", f"cn-bond-graph:{boss}", "high"),
        *(
            (f"cn-bond-graph:{eid}", "managed", f"cn-bond-graph:{boss}", "medium")
            for eid in boards[boss]
        ),
    }
    for flag in answer["flags"]:
        for step in flag["path"]:
            for source in step["sources"]:
                row = files.posts[source["row"] - 2]
                assert source["file"] == "company_data/公司-人物.csv"
                assert (row["pid"], f"cn-bond-graph:{row['eid']}") == (boss, flag["party"]["id"])


def test_an_answer_about_a_company_names_its_quarantined_posts(
    loaded: Loaded, files: Files
) -> None:
    eid = files.dangling[0]["eid"]
    known = {row["personcode"] for row in files.persons}
    held = {
        f"company_data/公司-人物.csv#{number}"
        for number, row in enumerate(files.posts, 2)
        if row["eid"] == eid and row["pid"] not in known
    }
    answer = loaded.ask("flags", f"cn-bond-graph:{eid}")
    assert answer["completeness"]["status"] == "insufficient_data"
    missing = answer["completeness"]["missing"]
    assert {one["id"] for one in missing if one["what"] == "quarantined"} == held
    assert answer["looked_at"]["quarantined"] == len(held)


def test_a_dangling_post_is_recovered_once_its_person_is_declared(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    store = tmp_path / "store.db"
    store.write_bytes(_backup(loaded, tmp_path).read_bytes())
    pid = files.dangling[0]["pid"]
    posts = [row for row in files.dangling if row["pid"] == pid]
    late = write(tmp_path / "persons.csv", [{"id": pid, "name": "迟到的䶮"}])
    status, report = run(store, "load", late, "--source", "cn-bond-graph")
    assert status == 0
    assert report["rows"]["executives"]["recovered"] == len(posts)
    counted = ask(store, "info")["relations"]["EXECUTIVE_OF"]
    before = loaded.ask("info")["relations"]["EXECUTIVE_OF"]
    assert counted == before + len({(row["eid"], row["post"]) for row in posts})
    left = ask(store, "rejects", "list", "--limit", "10000")["rows"]
    assert len(left) == 1_652 - len(posts)


def _backup(loaded: Loaded, folder: Path) -> Path:
    copy = folder / "copy.backup"
    loaded.ask("backup", copy)
    return copy
