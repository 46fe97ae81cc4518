"""Listed companies: codes that lost their zeros, cells with several titles, many namesakes."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.real.promises import Promises
from tests.real.support import Loaded, ask, raised, table, write

FOLDER, MAPPING = "cn_stock_exec", "cn_stock_exec.yaml"
INDEPENDENT = {"独立董事", "独立非执行董事"}
HONORARY = {"名誉董事长", "荣誉董事长", "名誉主席", "终身名誉董事长"}  # titles, not posts


class Files:
    """The folder's files as plain rows; ``posts`` are (person, company, the cell's titles)."""

    def __init__(self, folder: Path) -> None:
        data = folder / "data"
        self.companies = table(data / "import" / "stock.csv")
        self.persons = table(data / "import" / "executive.csv")
        self.posts = [
            (row[":START_ID(Executive)"], row[":END_ID(Stock)"], set(row["jobs"].split("/")))
            for row in table(data / "import" / "executive_stock.csv")
        ]
        self.prepared = table(data / "executive_prep.csv")
        self.full_codes = {
            row["code"]: row["name"]
            for name in ("stock_concept_prep.csv", "stock_industry_prep.csv")
            for row in table(data / name)
        }


@pytest.fixture(scope="module")
def files(loaded: Loaded) -> Files:
    return Files(loaded.folder)


class TestPromises(Promises):
    """The promises of every load."""


def test_the_counts_are_those_of_the_files(loaded: Loaded, files: Files) -> None:
    assert (len(files.companies), len(files.persons), len(files.posts)) == (3_188, 20_872, 24_775)
    rows = loaded.report["rows"]
    assert {name: one["accepted"] for name, one in rows.items()} == {
        "enterprises": 3_188,
        "persons": 20_872,
        "executives": 24_775,
    }
    assert loaded.report["rejected_by_rule"] == {}
    assert loaded.ask("info")["parties"] == {"Enterprise": 3_188, "Person": 20_872}
    honorary = sum(len(titles & HONORARY) for _, _, titles in files.posts)
    assert loaded.report["warnings_by_rule"] == {"unknown_code": honorary}


def test_every_title_of_a_cell_stands_for_itself(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    loaded.ask("export", tmp_path)
    titles: dict[tuple[str, str], set[str]] = defaultdict(set)
    exported = table(tmp_path / "executives.csv")
    for row in exported:
        titles[row["person"], row["enterprise"]] |= set(row["title"].split("/"))
    assert titles == {(person, company): said for person, company, said in files.posts}
    assert loaded.ask("info")["relations"] == {"EXECUTIVE_OF": len(exported)}
    roles = Counter(row["role"] for row in exported)
    assert roles["independent_director"] == sum(
        bool(said & INDEPENDENT) for _, _, said in files.posts
    )


def test_shortened_codes_join_and_are_not_shown_as_codes(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    ids = [row["stock_id:ID(Stock)"] for row in files.companies]
    assert {company for _, company, _ in files.posts} <= set(ids)  # shortened alike everywhere
    assert {code.lstrip("0") for code in files.full_codes} == set(ids)
    assert sum(len(one) < 6 for one in ids) == 1_304
    assert [row["code"].lstrip("0") for row in files.prepared] == [at for _, at, _ in files.posts]
    loaded.ask("export", tmp_path)
    shown = {row["id"]: row["securities_code"] for row in table(tmp_path / "enterprises.csv")}
    assert shown == {one: one if len(one) == 6 else "" for one in ids}
    assert set(filter(None, shown.values())) <= set(files.full_codes)


def test_full_codes_of_another_file_join_by_name(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    """The prepared files kept the zeros but know no ids: unique names join, namesakes do not."""
    store = tmp_path / "store.db"
    loaded.ask("backup", tmp_path / "copy")
    (tmp_path / "copy").rename(store)
    rows = [{"name": name, "securities_code": code} for code, name in files.full_codes.items()]
    ask(store, "load", write(tmp_path / "enterprises.csv", rows), "--source", "codes")
    own = Counter(_folded(row["name"]) for row in files.companies)
    given = Counter(_folded(name) for name in files.full_codes.values())
    assert sorted(count for count in own.values() if count > 1) == [2, 2]
    joined = [
        code
        for code, name in sorted(files.full_codes.items())
        if own[_folded(name)] == 1 == given[_folded(name)]
    ]
    for code in (joined[0], joined[len(joined) // 2]):
        shown = ask(store, "show", f"cn-stock-exec:{code.lstrip('0')}")
        assert shown["attributes"]["securities_code"] == code
    apart = {name for name in given if own[name] != 1}  # *ST金宇 stands as 金宇 beside the ids
    assert ask(store, "info")["parties"]["Enterprise"] == 3_188 + len(apart)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def test_namesakes_are_not_joined(loaded: Loaded, files: Files) -> None:
    named = Counter(row["name"] for row in files.persons)
    assert sum(count > 1 for count in named.values()) == 1_072
    name, count = max(named.items(), key=lambda one: (one[1], one[0]))
    found = loaded.ask("search", name, "--kind", "Person", "--limit", "100")["parties"]
    assert sum(party["name"] == name for party in found) == count


def test_unknown_genders_stay_unknown(loaded: Loaded, files: Files, tmp_path: Path) -> None:
    loaded.ask("export", tmp_path)
    said = {row["id"]: row["gender"] for row in table(tmp_path / "persons.csv")}
    null = {"null": ""}
    assert said == {
        row["person_id:ID(Executive)"]: null.get(row["gender"], row["gender"])
        for row in files.persons
    }


@pytest.mark.parametrize("which", ["busiest", "only independent"])
def test_a_listed_executive_flags_his_boards(
    loaded: Loaded, files: Files, tmp_path: Path, which: str
) -> None:
    boards: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for person, company, said in files.posts:
        boards[person][company] = said
    people = [
        person
        for person, seats in sorted(boards.items())
        if which == "busiest" or all(said <= INDEPENDENT for said in seats.values())
    ]
    boss = max(people, key=lambda person: len(boards[person]))
    assert len(boards[boss]) > 3
    store = tmp_path / "store.db"
    loaded.ask("backup", tmp_path / "copy")
    (tmp_path / "copy").rename(store)
    me = f"cn-stock-exec:{boss}"
    row = {"subject": me, "list": "失信被执行人", "subject_kind": "person"}
    ask(store, "load", write(tmp_path / "sanctions.csv", [row]), "--source", "court")
    answer = ask(store, "exposure", me)
    assert raised(answer["flags"]) == {
        (me, "listed", me, "high"),
        *(
            (f"cn-stock-exec:{at}", "managed", me, "low" if said <= INDEPENDENT else "medium")
            for at, said in boards[boss].items()
        ),
    }
    everything = ask(store, "flag-all")
    assert raised(everything["flags"]) == raised(answer["flags"])
