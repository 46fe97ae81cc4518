"""Ownership declared as BODS statements: what changed over time, a nominee, a public register's
ranges. The statements become canonical tables here, as a user would make them."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.ownership import baldone, is_withheld, reach
from tests.real.support import Row, ask, shared_data, write
from tests.support.proof import PROOF, times

Statement = dict[str, Any]
FERMCAT, CORAZONES = "ent-93c75c87ab28f889", "104AB1984C"
QUARTER = Fraction(1, 4)
NEVER = "9999-12-31"


@dataclass(slots=True)
class Tables:
    """Rows of canonical tables."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def write(self, folder: Path) -> Path:
        folder.mkdir()
        for name, rows in self.rows.items():
            write(folder / f"{name}.csv", rows)
        return folder


def id_of(statement: Statement) -> str:
    return str(statement.get("recordId") or statement["statementID"])


def end_of(end: Any) -> str:
    """The id of a party that a statement names, in either edition of the standard."""
    return str(end if isinstance(end, str) else next(iter(end.values())))


def share_of(share: dict[str, Any] | None) -> str:
    if not share:
        return ""
    exact = share.get("exact")
    return f"{exact}%" if exact is not None else f"{share['minimum']}-{share['maximum']}%"


def versions(statements: Iterable[Statement]) -> Iterator[tuple[Statement, str]]:
    """Each statement of ownership with the day on which the next of its record replaced it."""
    by_record: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        if "interests" in statement.get("recordDetails", statement):
            by_record[id_of(statement)].append(statement)
    for found in by_record.values():
        found.sort(key=lambda s: s["statementDate"])
        for one, later in zip(found, [*found[1:], None], strict=True):
            yield one, later["statementDate"][:10] if later else NEVER


def tables_of(statements: list[Statement]) -> Tables:
    made = Tables()
    for statement in {id_of(s): s for s in statements}.values():
        details = statement.get("recordDetails", statement)
        kind = statement.get("recordType") or statement["statementType"]
        name = details.get("name") or next(iter(details.get("names") or [{}])).get("fullName")
        if kind.startswith(("entity", "person")):
            table = "persons" if kind.startswith("person") else "enterprises"
            made.rows[table].append({"id": id_of(statement), "name": name or id_of(statement)})
    told: set[tuple[str, ...]] = set()
    for statement, replaced in versions(statements):
        details = statement.get("recordDetails", statement)
        pair = (end_of(details["subject"]), end_of(details["interestedParty"]))
        for interest in details["interests"]:
            add_interest(made, told, pair, interest, statement["statementDate"][:10], replaced)
    return made


def add_interest(
    made: Tables,
    told: set[tuple[str, ...]],
    pair: tuple[str, str],
    interest: dict[str, Any],
    stated: str,
    replaced: str,
) -> None:
    """One interest, from its first statement on, until it ended or another share was stated."""
    share, kind = share_of(interest.get("share")), interest["type"]
    start = interest.get("startDate") or stated
    key = (*pair, kind, share)
    since = start if not any(k[:3] == key[:3] for k in told) else stated
    until = min(interest.get("endDate") or NEVER, NEVER)
    enterprise, party = pair
    days = {"since": since, "until": "" if until == NEVER else until}
    if kind == "shareholding":
        rows = made.rows["shareholders"]
        for row in rows:  # an earlier version of it ends where another share begins
            if (row["enterprise"], row["holder"]) == pair:
                if row["share"] == share:
                    row["until"] = days["until"]
                    return
                row["until"] = row["until"] or since
        rows.append({"enterprise": enterprise, "holder": party, "share": share, **days})
    elif kind == "boardMember" and key not in told:
        made.rows["executives"].append(
            {"enterprise": enterprise, "person": party, "role": "董事", **days}
        )
    elif kind == "otherInfluenceOrControl" and interest["beneficialOwnershipOrControl"]:
        made.rows["controllers"].append({"enterprise": enterprise, "controller": party, **days})
    told.add(key)


def example(name: str) -> list[Statement]:
    path = shared_data() / "bods_examples" / "examples" / f"{name}.json"
    statements: list[Statement] = json.loads(path.read_text("utf-8"))
    return statements


def loaded(tables: Tables, scratch: Path) -> Path:
    store = scratch / "declared.db"
    ask(store, "load", tables.write(scratch / "tables"), "--source", "bods")
    return store


def owners(store: Path, party: str, *more: str) -> dict[str, tuple[str, float | None]]:
    answer = ask(store, "beneficial-owners", f"bods:{party}", *more)
    return {o["party"]["name"]: (o["rule"], o["share"]) for o in answer["owners"]}


def test_owners_change_with_the_days_of_the_statements(tmp_path: Path) -> None:
    store = loaded(tables_of(example("fermcat")), tmp_path)
    half, whole = ("equity", 0.5), ("equity", 1.0)
    told = {
        "2019-09-10": {},
        "2020-01-01": {"Riyadh Byrne-Amin": half, "Patrick O'Donohue": half},
        "2021-04-02": {"Riyadh Byrne-Amin": half, "Patrick O'Donohue": half},
        "2021-04-03": {"Declan Byrne-Amin": half, "Patrick O'Donohue": half},
        "2022-01-20": {"Declan Byrne-Amin": half, "Patrick O'Donohue": half},
        "2022-01-21": {"Patrick O'Donohue": whole},
    }
    for day, expected in told.items():
        found = owners(store, FERMCAT, "--as-of", day)
        equity = {name: owner for name, owner in found.items() if owner[0] == "equity"}
        assert equity == expected, day


def test_behind_a_nominee_on_the_board_stands_the_nominator(tmp_path: Path) -> None:
    """The nominee sits on the board for an arrangement; only the nominator controls."""
    statements = example("nomination")
    tables = tables_of(statements)
    details = [s["recordDetails"] for s in statements if s["recordType"] == "relationship"]
    by = {d["interests"][0]["type"]: d["interestedParty"] for d in details}
    for row in tables.rows["executives"]:
        row["person"] = by["nominee"]  # the arrangement itself cannot sit on a board
    store = loaded(tables, tmp_path)
    assert owners(store, CORAZONES) == {"Silvia Teixeira Perez": ("control", None)}
    assert owners(store, CORAZONES, "--as-of", "2023-04-29") == {}
    stakes = Tables()
    stakes.rows["shareholders"] = [
        {"enterprise": CORAZONES, "holder": by["nominee"], "share": "100%",
         "nominee_for": by["nominator"]}
    ]  # fmt: skip
    ask(store, "load", stakes.write(tmp_path / "stakes"), "--source", "bods")
    assert owners(store, CORAZONES) == {"Silvia Teixeira Perez": ("equity", 1.0)}


def test_a_register_s_ranges_make_certain_owners_only_where_they_reach_a_quarter(
    tmp_path: Path,
) -> None:
    """United Kingdom: "75 to 100" and "25 to 50" per cent; ended interests count no more."""
    folder = shared_data() / "uk_procurement_bods" / "data"
    files = sorted(folder.glob("*/bods/**/*.json"))
    assert len(files) == 228
    statements = [s for path in files for s in json.loads(path.read_text("utf-8"))]
    tables = tables_of(list({id_of(s): s for s in statements}.values()))
    store = loaded(tables, tmp_path)
    people = {row["id"] for row in tables.rows["persons"]}
    least: dict[tuple[str, str], tuple[str, Fraction]] = {}
    for row in tables.rows["shareholders"]:
        if not row["until"]:
            pair = (row["holder"], row["enterprise"])
            stated = (row["since"], Fraction(row["share"].partition("-")[0].rstrip("%") or 0) / 100)
            least[pair] = max(least.get(pair, stated), stated)
    shares = {pair: share for pair, (_, share) in least.items() if share}
    told: Counter[str] = Counter()
    for company in sorted({company for _, company in shares})[:: times(6, 1)]:
        over = {one for one in people if company in reach(shares, one)}
        sound = {one for one in over if not is_withheld(shares, least, one, company)}
        expected = {one for one in sound if (baldone(shares, one, company) or 0) >= QUARTER}
        answer = ask(store, "beneficial-owners", f"bods:{company}")
        equity = {o["party"]["id"] for o in answer["owners"] if o["rule"] == "equity"}
        assert equity == {f"bods:{person}" for person in expected}, company
        told[f"{len(expected)} owners"] += 1
        told["through others"] += sum((one, company) not in shares for one in expected)
        told["held above the whole"] += bool(over - sound)
    assert told["1 owners"] + told["2 owners"] > times(10, 60)
    if PROOF:
        assert told["held above the whole"] == 1
