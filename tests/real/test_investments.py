"""967 companies and 1,957 persons that invest and guarantee; one id may be of both kinds."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from graph_service.settings import load_settings
from graph_service.store.open import open_store
from queries.ask import Ask, asking
from queries.control.forest import arrays_of
from queries.control.growing import control_forest
from queries.control.projection import holdings as projected
from queries.ownership.holdings import owners as ask_owners
from tests.real.promises import Promises
from tests.real.support import Loaded, ask, raised, table, write
from tests.support.proof import times

FOLDER, MAPPING = "ldbc_finbench_sample", "ldbc_finbench.yaml"
PARTS = times(1, 4)
HALF, QUARTER = Decimal("0.5"), Decimal("0.25")


class Files:
    """The folder's files as plain rows; parties are named by their stored ids."""

    def __init__(self, folder: Path) -> None:
        def rows(name: str) -> list[dict[str, str]]:
            return table(folder / "snapshot" / f"{name}.csv", "|")

        self.companies = {row["companyId"] for row in rows("Company")}
        self.persons = {row["personId"] for row in rows("Person")}
        self.investments = [
            (f"finbench:{kind}:{row['investorId']}", _company(row["companyId"]), row)
            for name, kind in (("CompanyInvest", "enterprise"), ("PersonInvest", "person"))
            for row in rows(f"{name}Company")
        ]
        self.guarantees = [
            (f"finbench:{kind.lower()}:{row['fromId']}", f"finbench:{kind.lower()}:{row['toId']}")
            for kind, name in (("enterprise", "Company"), ("person", "Person"))
            for row in rows(f"{name}Guarantee{name}")
        ]
        latest: dict[tuple[str, str], tuple[str, Decimal]] = {}
        for holder, issuer, row in self.investments:
            stake = (row["createTime"][:10], Decimal(row["ratio"]))
            latest[holder, issuer] = max(latest.get((holder, issuer), stake), stake)
        self.stakes = {ends: ratio for ends, (_, ratio) in latest.items()}

    def controlled(self, holder: str) -> set[str]:
        """What a holder, together with what it controls, holds more than half of."""
        held: set[str] = set()
        while True:
            group = {holder, *held}
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for (owner, issuer), ratio in self.stakes.items():
                if owner in group:
                    sums[issuer] += ratio
            found = {issuer for issuer, total in sums.items() if total > HALF} - {holder}
            if found <= held:
                return held
            held |= found


def _company(number: str) -> str:
    return f"finbench:enterprise:{number}"


@pytest.fixture(scope="module")
def files(loaded: Loaded) -> Files:
    return Files(loaded.folder)


class TestPromises(Promises):
    """The promises of every load."""


def test_the_counts_are_those_of_the_files(loaded: Loaded, files: Files) -> None:
    assert (len(files.companies), len(files.persons)) == (967, 1_957)
    assert len(files.investments) == 5_034
    rows = loaded.report["rows"]
    assert {name: one["accepted"] for name, one in rows.items()} == {
        "enterprises": 967,
        "persons": 1_957,
        "shareholders": 5_034,
        "guarantees": len(files.guarantees),
    }
    assert loaded.report["rejected_by_rule"] == {}
    info = loaded.ask("info")
    assert info["parties"] == {"Enterprise": 967, "Person": 1_957}
    assert info["relations"]["SHAREHOLDER_OF"] == len(
        {(holder, issuer, row["createTime"][:10]) for holder, issuer, row in files.investments}
    )
    assert info["relations"]["GUARANTEES"] >= len(set(files.guarantees))


def test_an_id_of_two_kinds_names_two_parties(loaded: Loaded, files: Files) -> None:
    both = sorted(files.companies & files.persons)
    assert len(both) == 37
    for number in both[:5]:
        company = loaded.ask("show", _company(number))["party"]
        person = loaded.ask("show", f"finbench:person:{number}")["party"]
        assert (company["kind"], person["kind"]) == ("Enterprise", "Person")
        assert company["name"] != person["name"]


def test_the_one_self_investment_is_named(loaded: Loaded, files: Files) -> None:
    own = [issuer for holder, issuer, _ in files.investments if holder == issuer]
    assert len(own) == 1
    assert loaded.report["warnings_by_rule"]["self_holding"] == 1
    answer = loaded.ask("trace", own[0], "--depth", "1")
    loops = [step for step in answer["relations"] if step["from"]["id"] == step["to"]["id"]]
    assert len(loops) == 1


def test_ratios_and_days_are_kept_to_the_digit(loaded: Loaded, files: Files) -> None:
    holder, issuer, row = files.investments[0]
    answer = loaded.ask("trace", holder, "--depth", "1")
    (step,) = [one for one in answer["relations"] if one["to"]["id"] == issuer]
    assert (step["type"], step["since"]) == ("SHAREHOLDER_OF", row["createTime"][:10])
    assert abs(Decimal(str(step["share"])) - Decimal(row["ratio"])) < Decimal("1e-9")
    assert step["sources"][0]["file"] == "snapshot/CompanyInvestCompany.csv"
    assert step["sources"][0]["row"] == 2


def test_guarantees_join_parties_of_their_own_kind(loaded: Loaded, files: Files) -> None:
    for guarantor, debtor in (files.guarantees[0], files.guarantees[-1]):
        answer = loaded.ask("trace", guarantor, "--depth", "1", "--types", "GUARANTEES")
        assert debtor in {one["to"]["id"] for one in answer["relations"]}


def test_control_is_what_the_stakes_add_up_to(loaded: Loaded, files: Files) -> None:
    holders = sorted({holder for holder, _ in files.stakes})
    found = {holder: files.controlled(holder) for holder in holders}
    most = sorted(holders, key=lambda one: (-len(found[one]), one))[:6]
    assert found[most[0]], "somebody controls something"
    for holder in (*most, holders[0], holders[-1]):
        answer = loaded.ask("controlled", holder)
        assert {one["party"]["id"] for one in answer["controlled"]} == found[holder]


def test_every_flag_of_planted_records_is_the_expected_one(
    loaded: Loaded, files: Files, tmp_path: Path
) -> None:
    """Companies and persons are listed; held, controlled and responsible follow from the stakes."""
    holders = sorted({holder for holder, _ in files.stakes})
    control = {holder: files.controlled(holder) for holder in holders}
    listed = {
        *sorted(holders, key=lambda one: (-len(control[one]), one))[:10],
        *holders[::60],
        *sorted({issuer for found in control.values() for issuer in found})[::10],
    }
    expected: set[tuple[str, str, str, str]] = {(one, "listed", one, "high") for one in listed}
    for one in listed:
        expected |= {(issuer, "controlled", one, "high") for issuer in control.get(one, ())}
    for (holder, issuer), ratio in files.stakes.items():
        if holder in listed:
            severity = "medium" if ratio >= QUARTER else "low"
            expected.add((issuer, "held", holder, severity))
    for holder, found in control.items():
        for issuer in found & listed:
            expected.add((holder, "responsible", issuer, "medium"))
            expected |= {(other, "sibling", issuer, "medium") for other in found - {issuer}}
    store = tmp_path / "store.db"
    loaded.ask("backup", tmp_path / "copy")
    (tmp_path / "copy").rename(store)
    rows = [{"subject": one, "list": "严重违法失信企业名单"} for one in sorted(listed)]
    ask(store, "load", write(tmp_path / "sanctions.csv", rows), "--source", "court")
    answer = ask(store, "flag-all")
    found_flags = raised(answer["flags"])
    assert {grade for _, grade, _, _ in expected} == set(answer["counts"])
    assert found_flags - expected == set()
    assert expected - found_flags == set()


def test_the_ring_of_hundreds_of_companies(loaded: Loaded, files: Files) -> None:
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for (holder, issuer), ratio in files.stakes.items():
        if ratio > 0:
            after[holder].add(issuer)
            before[issuer].add(holder)
    rings = loaded.ask("rings")["rings"]
    largest = {party["id"] for party in rings[0]["parties"]}
    one = min(largest)
    assert largest == _reached(after, one) & _reached(before, one)
    assert len(largest) == 457
    selves = {holder for holder, issuer in files.stakes if holder == issuer}
    assert {r["parties"][0]["id"] for r in rings if len(r["parties"]) == 1} == selves
    assert len(selves) == 1
    for ring in rings:
        starts = [step["from"]["id"] for step in ring["cycle"]]
        assert [step["to"]["id"] for step in ring["cycle"]] == [*starts[1:], starts[0]]
        assert len(set(starts)) == len(starts)
    assert loaded.ask("rings", "--of", one)["rings"][0] == rings[0]


def _reached(next_: dict[str, set[str]], start: str) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        new = next_[todo.pop()] - found
        found |= new
        todo += new
    return found


def test_groups_are_the_closures_of_their_tops(loaded: Loaded, files: Files) -> None:
    groups = loaded.ask("groups")["groups"]
    for group in groups:
        members = {member["party"]["id"] for member in group["members"]}
        for top in group["tops"]:
            assert files.controlled(top["id"]) | {t["id"] for t in group["tops"]} == members | {
                t["id"] for t in group["tops"]
            }
    tops = {top["id"] for group in groups for top in group["tops"]}
    holders = {holder for holder, _ in files.stakes}
    below = {holder: files.controlled(holder) for holder in holders}
    controlled = set().union(*below.values())
    assert {h for h in holders if below[h] and h not in controlled} <= tops


def test_everybody_s_control_is_what_the_stakes_add_up_to(loaded: Loaded, files: Files) -> None:
    """All pairs, from the control forest of the whole store."""
    store = open_store(load_settings(store=str(loaded.store)))
    try:
        with asking(store, Ask()) as question:
            found = projected(question)
    finally:
        store.close()
    forest = control_forest(arrays_of(found))
    number = {id: place for place, id in enumerate(found.ids)}
    pairs = 0
    for holder in sorted({holder for holder, _ in files.stakes}):
        below = {found.ids[place] for place in forest.controlled(number[holder])}
        assert below == files.controlled(holder), holder
        pairs += len(below)
    assert pairs == 69


def whole_matrix(files: Files) -> tuple[list[str], npt.NDArray[np.float64]]:
    """All parties, and what each holds of each by Baldone's formula: one inverse over everybody."""
    names = sorted({name for pair in files.stakes for name in pair})
    at = {name: place for place, name in enumerate(names)}
    shares = np.zeros((len(names), len(names)))
    for (holder, issuer), ratio in files.stakes.items():
        shares[at[holder], at[issuer]] = float(ratio)
    inverse = np.linalg.inv(np.eye(len(names)) - shares)
    return names, (shares @ inverse) / inverse.diagonal()[:, None]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pair_from_a_quarter_on_is_the_whole_matrix_s(
    loaded: Loaded, files: Files, part: int
) -> None:
    """All companies in a proof run, in parts that run side by side; some in an ordinary one."""
    names, figures = whole_matrix(files)
    at = {name: place for place, name in enumerate(names)}
    issuers = sorted({issuer for _, issuer in files.stakes})
    store = open_store(load_settings(store=str(loaded.store)))
    pairs = 0
    try:
        for issuer in issuers[part :: times(241, PARTS)]:
            party = store.parties([issuer])[issuer]
            lines = ask_owners(store, party, Ask(), all_inside=True).holdings
            column = figures[:, at[issuer]]
            found = {
                line.party.id for line in lines if line.integrated and line.integrated >= QUARTER
            }
            assert found == {n for n in names if column[at[n]] >= 0.25 and n != issuer}, issuer
            pairs += len(found)
    finally:
        store.close()
    assert pairs >= times(1, 300 // PARTS)


def test_look_through_shares_are_those_of_the_whole_matrix(loaded: Loaded, files: Files) -> None:
    """A company of the cycle of 457: every owner, against the inverse over all parties."""
    names, figures = whole_matrix(files)
    at = {name: place for place, name in enumerate(names)}
    company = max(
        files.companies,
        key=lambda c: ((figures[:, at[_company(c)]] > 0).sum(), c) if _company(c) in at else (0, c),
    )
    issuer = _company(company)
    answer = loaded.ask("owners", issuer)
    assert answer["completeness"]["status"] == "complete"
    assert len(answer["owners"]) > 1_000
    for line in answer["owners"]:
        holder = line["party"]["id"]
        assert abs(line["integrated"] - figures[at[holder], at[issuer]]) < 1e-9, holder
    found = {line["party"]["id"] for line in answer["owners"] if line["integrated"] >= 0.25}
    column = figures[:, at[issuer]]
    assert found == {n for n in names if column[at[n]] >= 0.25 and n != issuer}
    people = [line for line in answer["owners"] if ":person:" in line["party"]["id"]]
    assert len(people) > 500
