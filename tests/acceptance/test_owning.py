"""Who owns, controls and benefits, told from CSV files to the JSON of the command line and of the
service: a small example for each thing that these answers promise, and every kind of bad input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from graph_service.settings import load_settings
from tests.acceptance.conftest import Desk
from tests.api.client import TestClient, client_of

Ask = Callable[..., Any]
PEOPLE = "PQRSXYZ"  # these are persons, everybody else is an enterprise


class Registry:
    """One source of shareholdings, asked by both doors at once: they must say the same."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._client: TestClient | None = None

    def hold(self, *rows: str, status: int = 0, **tables: str) -> Any:
        """Loads ``holder,company,share`` rows with their parties; gives the report."""
        names = {name for row in rows for name in row.split(",")[:2]}
        firms, people = sorted(n for n in names if n not in PEOPLE), sorted(names & {*PEOPLE})
        tables.setdefault("enterprises", " ".join(["id,name", *(f"{n},{n}公司" for n in firms)]))
        tables.setdefault("persons", " ".join(["id,name", *(f"{n},人{n}" for n in people)]))
        if rows:
            tables.setdefault("shareholders", " ".join(["holder,enterprise,share", *rows]))
        self.desk.tables("s", **tables)
        return self.desk.load("s", status=status)

    def ask(self, command: str, party: str, **options: str | bool) -> Any:
        """An answer about a party, the same from the command line and over HTTP."""
        words = [w for k, v in options.items() for w in _words(k.replace("_", "-"), v)]
        said = self.desk.ask(command, f"s:{party}", *words)
        if self._client is None:
            self._client = client_of(load_settings())
            self._client.__enter__()
        asked = "&".join(f"{k}={quote(_text(v))}" for k, v in options.items())
        response = self._client.get(f"/v1/parties/s:{party}/{command}?{asked}")
        assert response.status_code == 200, response.text
        assert response.json() == said
        return said

    def by_party(self, command: str, party: str, **options: str | bool) -> dict[str, Any]:
        """The lines of an answer by the ids of their parties."""
        answer = self.ask(command, party, **options)
        (key,) = [key for key in KEYS if key in answer]
        return {line["party"]["id"].removeprefix("s:"): line for line in answer[key]}

    def close(self) -> None:
        """Ends the service."""
        if self._client is not None:
            self._client.__exit__(None, None, None)


KEYS = ("owners", "holdings", "controllers", "controlled")


def _words(name: str, value: str | bool) -> list[str]:
    return [f"--{name}"] if value is True else [f"--{name}", str(value)]


def _text(value: str | bool) -> str:
    return "true" if value is True else str(value)


@pytest.fixture
def registry(desk: Desk) -> Iterator[Registry]:
    """A registry of nothing yet."""
    made = Registry(desk)
    yield made
    made.close()


def warned(answer: Any) -> set[tuple[str, str]]:
    return {(line["what"], line["id"].removeprefix("s:")) for line in answer["warnings"]}


def missing(answer: Any) -> set[str]:
    return {line["what"] for line in answer["completeness"]["missing"]}


# --- control --------------------------------------------------------------------------------------


def test_control_sums_whole_stakes_strictly_and_shows_the_set_that_makes_it(
    registry: Registry,
) -> None:
    """X holds 60 % of A and B; both hold 30 % of C; exactly one half is no control."""
    registry.hold("X,A,60%", "X,B,60%", "A,C,30%", "B,C,30%", "X,D,50%", "C,D,0%")
    below = registry.by_party("controlled", "X")
    assert {id: line["share"] for id, line in below.items()} == {"A": 0.6, "B": 0.6, "C": 0.6}
    evidence = [(s["from"]["id"], s["to"]["id"]) for s in below["C"]["evidence"]]
    assert sorted(evidence[:2]) == [("s:X", "s:A"), ("s:X", "s:B")]
    assert sorted(evidence[2:]) == [("s:A", "s:C"), ("s:B", "s:C")]
    assert [(s["from"]["id"], s["to"]["id"]) for s in below["C"]["path"]] == [
        ("s:X", "s:A"),
        ("s:A", "s:C"),
    ]
    assert set(registry.by_party("controllers", "C")) == {"X"}
    assert set(registry.by_party("controlled", "X", at_least=True)) == {"A", "B", "C", "D"}
    assert set(registry.by_party("controlled", "X", threshold="0.6")) == set()
    line = registry.by_party("owners", "C")["X"]
    assert (line["direct"], line["integrated"], line["controls"]) == (0, 0.36, True)
    assert (line["verdict"], line["control_share"], line["explained"]) == ("certain", 0.6, 1)
    assert [path["length"] for path in line["paths"]] == [2, 2]


def test_votes_groups_and_treasury_shares_are_options(registry: Registry) -> None:
    registry.hold(
        persons="id,name X,夫 Y,妻 Z,䶮",
        enterprises="id,name A,甲 B,乙",
        shareholders="holder,enterprise,share,votes X,A,45%, A,A,20%, Y,A,35%,"
        " X,B,40%,60% Y,B,20%,20% Z,B,40%,20%",
    )
    assert set(registry.by_party("controllers", "A")) == set()
    own = registry.by_party("controllers", "A", exclude_treasury=True)
    assert {id: line["share"] for id, line in own.items()} == {"X": 0.5625}
    assert set(registry.by_party("controllers", "B")) == set()
    assert set(registry.by_party("controllers", "B", votes=True)) == {"X"}
    joint = registry.by_party("controllers", "B", group="s:Y")
    assert joint == {}
    both = registry.desk.ask("controllers", "s:B", "--group", "s:X", "--group", "s:Y")
    (found,) = both["controllers"]
    assert [(p["id"], p["name"]) for p in found["group"]] == [("s:X", "夫"), ("s:Y", "妻")]
    assert warned(registry.ask("owners", "A")) == {("treasury", "A")}


# --- look-through figures -------------------------------------------------------------------------


def test_cross_holdings_by_every_method(registry: Registry) -> None:
    """P holds 60 % of A; A 50 % of B; B 20 % of A; outside owners of a covered company sum to 1."""
    registry.hold("P,A,60%", "A,B,50%", "B,A,20%", "Q,A,20%", "R,B,50%")
    figures = {
        method: {id: line["integrated"] for id, line in found.items()}
        for method in ("baldone", "brioschi", "simple")
        for found in [registry.by_party("owners", "A", method=method)]
    }
    assert figures["baldone"] == {
        "P": pytest.approx(2 / 3), "Q": pytest.approx(2 / 9), "R": pytest.approx(1 / 9), "B": 0.2,
    }  # fmt: skip
    assert sum(figures["baldone"][one] for one in "PQR") == pytest.approx(1, abs=1e-15)
    assert figures["brioschi"]["A"] == pytest.approx(1 / 9)
    assert (figures["simple"]["P"], figures["simple"]["R"]) == (0.6, 0.1)


def test_unknown_and_ranged_shares_have_bounds_and_what_settles_them(registry: Registry) -> None:
    """X's part of A is unknown: at most what Y's 30 % leaves; nothing is split."""
    registry.hold("X,A,", "Y,A,30%", "A,T,60%", "Z,T,5-20%", "Q,T,<5%")
    found = registry.by_party("owners", "T")
    x = found["X"]
    assert (x["integrated"], x["integrated_min"], x["integrated_max"]) == (None, 0, 0.42)
    assert (x["verdict"], x["controls"], x["control_share"]) == ("possible", False, None)
    assert [s["from"]["id"] for s in x["settled_by"]] == ["s:X"]
    z = found["Z"]
    assert (z["direct"], z["direct_min"], z["direct_max"], z["verdict"]) == (None, 0.05, 0.2, "no")
    assert 0.0499 < found["Q"]["direct_max"] < 0.05
    assert registry.ask("owners", "T")["completeness"]["status"] == "insufficient_data"
    assert "s:X may control it: up to 60%" in str(registry.ask("controllers", "T"))
    benefit = registry.ask("beneficial-owners", "T")
    assert {line["party"]["id"] for line in benefit["possible"]} == {"s:X"}
    assert [s["from"]["id"] for s in benefit["possible"][0]["settled_by"]] == ["s:X"]
    registry.hold("Y,U,25-50%", "R,U,24.99%-100%")
    (least,) = registry.ask("beneficial-owners", "U")["owners"]
    assert (least["party"]["id"], least["share"]) == ("s:Y", 0.25)
    assert "25%–50%" in least["why"]


def test_amounts_over_the_registered_capital_are_shares(registry: Registry) -> None:
    registry.hold(
        enterprises="id,name,capital T,目标公司,1000万",
        persons="id,name P,张三 Q,李四",
        shareholders="holder,enterprise,amount P,T,250万 Q,T,750万",
    )
    found = registry.ask("owners", "T")
    assert [(o["party"]["id"], o["direct"]) for o in found["owners"]] == [
        ("s:Q", 0.75),
        ("s:P", 0.25),
    ]
    assert warned(found) == {("amount", "T")}
    benefit = registry.ask("beneficial-owners", "T")
    assert {o["party"]["id"] for o in benefit["owners"]} == {"s:P", "s:Q"}
    assert benefit["exempt"] is True


# --- beneficial owners ----------------------------------------------------------------------------


def test_a_quarter_is_exact_over_two_paths_and_votes_go_whole(registry: Registry) -> None:
    """P: 0.1 + 0.15 is a quarter; Q's 24.99 % is none; X has 24.99 %, but 49 % of the votes."""
    registry.hold(
        "P,A,50%", "P,B,50%", "A,T,20%", "B,T,30%", "Q,T,24.99%", "X,C,51%", "C,U,49%", "R,T,0.2501"
    )
    answer = registry.ask("beneficial-owners", "T")
    assert [(o["party"]["id"], o["rule"], o["share"]) for o in answer["owners"]] == [
        ("s:R", "equity", 0.2501),
        ("s:P", "equity", 0.25),
    ]
    assert all(o["paths"] and o["why"] for o in answer["owners"])
    missed = [m for m in answer["not"] if m["party"]["id"] == "s:Q"]
    assert {m["rule"] for m in missed} == {"equity", "votes_or_income", "control"}
    assert all(m["verdict"] == "no" and m["why"] and not m["settled_by"] for m in missed)
    (whole,) = registry.ask("beneficial-owners", "U")["owners"]
    assert (whole["rule"], whole["share"]) == ("votes_or_income", 0.49)
    for rule, expected in (
        ("any", {"s:P", "s:Q", "s:R"}),
        ("25.01%", {"s:R"}),
        ("fatf_25", {"s:P", "s:R"}),
    ):
        found = registry.ask("beneficial-owners", "T", rule=rule)
        assert {o["party"]["id"] for o in found["owners"]} == expected, rule


def test_special_kinds_are_said_and_still_answered(registry: Registry) -> None:
    registry.hold(
        enterprises="id,name,nature,type,securities_code G,国资公司,国有,, T,乙公司,,,"
        " L,上市公司,,,600000 I,个体户,,个体工商户, B,分公司,,分公司, M,丙公司,,, W,丁公司,,,",
        persons="id,name P,张三 R,李四 X,王䶮 Y,𠮷田",
        shareholders="holder,enterprise,share,nominee_for G,T,0.8, L,T,0.2, P,G,1, X,M,0.6,Y"
        " R,M,0.4, P,W,0.1,",
        legal_representatives="enterprise,person T,R I,X W,X",
        executives="enterprise,person,role W,Y,总经理 W,R,监事",
        branches="branch,enterprise B,T",
    )
    state = registry.ask("beneficial-owners", "T")
    assert [(o["party"]["id"], o["rule"]) for o in state["owners"]] == [("s:R", "state")]
    assert [(s["party"]["id"], s["reason"]) for s in state["stops"]] == [
        ("s:G", "state"),
        ("s:L", "listed"),
    ]
    shop = registry.ask("beneficial-owners", "I")
    assert ([o["party"]["id"] for o in shop["owners"]], shop["files"]) == (["s:X"], False)
    branch = registry.ask("beneficial-owners", "B")
    assert ([o["party"]["id"] for o in branch["owners"]], branch["files"]) == (["s:R"], False)
    nominee = registry.ask("beneficial-owners", "M")
    assert {o["party"]["id"] for o in nominee["owners"]} == {"s:Y", "s:R"}
    charge = registry.ask("beneficial-owners", "W")
    assert {(o["party"]["id"], o["rule"]) for o in charge["owners"]} == {
        ("s:X", "management"),
        ("s:Y", "management"),
    }


# --- close links ----------------------------------------------------------------------------------


def test_close_links_are_owns_owned_and_third_parties(registry: Registry) -> None:
    registry.hold("A,B,20%", "C,A,50%", "C,D,19.99%", "C,E,20%")
    links = registry.ask("close-links", "A")["links"]
    told = {
        (
            li["party"]["id"],
            li["via"] if isinstance(li["via"], str) else li["via"]["id"],
            li["share"],
        )
        for li in links
    }
    assert told == {("s:B", "owns", 0.2), ("s:C", "owned", 0.5), ("s:E", "s:C", 0.2)}
    narrow = registry.ask("close-links", "A", threshold="0.3")["links"]
    assert [(li["party"]["id"], li["via"]) for li in narrow] == [("s:C", "owned")]


# --- bad input ------------------------------------------------------------------------------------

QUESTIONS = ("owners", "holdings", "controllers", "controlled", "beneficial-owners", "close-links")


@pytest.mark.parametrize("share", ["250%", "-10%", "2.5", "abc"])
def test_a_share_that_is_none_is_rejected_and_said_in_every_answer(
    registry: Registry, share: str
) -> None:
    report = registry.hold(f"A,C,{share}", "B,C,30%", status=1)
    assert report["rejected_by_rule"] == {"bad_share": 1}
    for question in QUESTIONS:
        answer = registry.ask(question, "C")
        assert missing(answer) >= {"quarantined"}
        assert answer["completeness"]["status"] == "insufficient_data"
    assert set(registry.by_party("owners", "C")) == {"B"}


def test_a_share_of_nothing_stays_nothing(registry: Registry) -> None:
    report = registry.hold("A,C,0", "B,C,30%")
    assert report["rejected_by_rule"] == {}
    assert set(registry.by_party("owners", "C")) == {"B"}
    assert registry.ask("owners", "C")["completeness"]["status"] == "complete"


def test_of_two_sources_one_total_is_picked_and_the_other_is_a_conflict(registry: Registry) -> None:
    registry.hold("A,C,70%", "B,C,30%")
    registry.desk.tables("t", shareholders="holder,enterprise,share s:A,s:C,40%")
    registry.desk.load("t")
    found = registry.by_party("owners", "C")
    assert (found["A"]["direct"], found["A"]["integrated"]) == (0.7, 0.7)
    (conflict,) = registry.desk.ask("show", "s:C")["conflicts"]
    assert {(v["source"]["source"], v["value"]) for v in conflict["values"]} == {
        ("s", "0.7"),
        ("t", "0.4"),
    }


def test_stakes_above_the_whole_are_a_warning_and_no_figure(registry: Registry) -> None:
    """C is held at 130 %: control and close links with the warning, but no figures through it."""
    report = registry.hold("A,C,70%", "B,C,60%", "C,D,60%", "P,A,90%")
    assert report["warnings_by_rule"] == {"share_sum_over_100": 1}
    for party in "CD":
        answer = registry.ask("owners", party)
        assert warned(answer) == {("share_sum", "C")}
        for line in answer["owners"]:
            through = line["party"]["id"] != "s:C"
            assert (line["integrated"] is None) is through
            assert line["controls"] is True
    assert set(registry.by_party("controllers", "D")) == {"A", "B", "C", "P"}
    for question in ("controllers", "close-links", "beneficial-owners"):
        assert warned(registry.ask(question, "D")) == {("share_sum", "C")}
    (owner,) = registry.ask("beneficial-owners", "D")["owners"]
    assert (owner["party"]["id"], owner["rule"]) == ("s:P", "votes_or_income")
    assert "无法可靠计算" in owner["statement"]["zh"]


def test_rounding_to_100_1_per_cent_is_no_error(registry: Registry) -> None:
    registry.hold("A,C,50.05%", "B,C,50.05%")
    answer = registry.ask("owners", "C")
    assert warned(answer) == set()
    assert [line["integrated"] for line in answer["owners"]] == [0.5005, 0.5005]


def test_a_company_that_owns_itself_and_a_ring_of_100_per_cent_have_no_figure(
    registry: Registry,
) -> None:
    report = registry.hold("C,C,100%", "A,B,100%", "B,A,100%", "A,D,80%")
    assert report["warnings_by_rule"] == {"self_holding": 1}
    alone = registry.ask("owners", "C")
    assert (alone["owners"], warned(alone)) == ([], {("self_owned", "C"), ("treasury", "C")})
    for method in ("baldone", "brioschi", "simple"):
        ring = registry.ask("owners", "A", method=method)
        assert warned(ring) == {("self_owned", "A")}
        assert {line["integrated"] for line in ring["owners"]} == {None}
        assert {line["integrated"] for line in registry.ask("owners", "D")["owners"]} == {None}
    assert set(registry.by_party("controllers", "A")) == {"B"}
    assert set(registry.by_party("controlled", "C")) == set()
    for party in "CABD":
        benefit = registry.ask("beneficial-owners", party)
        assert benefit["owners"] == []
        assert "self_owned" in {what for what, _ in warned(benefit)}
