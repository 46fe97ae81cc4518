"""Promises about ``expand``: order, cut, dates, look-back and every part of the filter."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph_service.store.port import Store
from tests.contract.asking import around, ends, scan_relations, ties, wanted
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import Row, Tables, enterprise, legal, person, post, stake

STAKE = "SHAREHOLDER_OF"
POST = "EXECUTIVE_OF"


def hub(leaves: int, **more: str) -> Tables:
    """A person with posts at several enterprises."""
    firms = [f"e{n}" for n in range(leaves)]
    return {
        "persons": [person("p", "王伟")],
        "enterprises": [enterprise(firm, f"{firm}公司") for firm in firms],
        "executives": [post(firm, "p", **more) for firm in firms],
    }


def post_of(**more: str) -> Tables:
    """One post with dates."""
    return {
        "persons": [person("p", "王伟")],
        "enterprises": [enterprise("e", "星河")],
        "executives": [post("e", "p", **more)],
    }


def shares(*rows: Row) -> Tables:
    """Stakes of p in several enterprises."""
    return {
        "persons": [person("p", "王伟")],
        "enterprises": [enterprise(row["enterprise"], row["enterprise"]) for row in rows],
        "shareholders": list(rows),
    }


def test_relations_come_in_port_order_each_once(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "persons": [person(p, "王伟") for p in ("p2", "p1", "p10", "𠮷")],
            "enterprises": [enterprise(e, e) for e in ("e2", "e1", "e10")],
            "executives": [
                post("e2", "p2", "监事"),
                post("e1", "𠮷"),
                post("e1", "p1", "董事", since="2020-01-01"),
                post("e1", "p1", "监事", since="2019-01-01"),
                post("e1", "p1", "总经理"),
                post("e10", "p10"),
            ],
            "shareholders": [stake("e1", "e2", "0.3"), stake("e1", "p1", "0.1")],
            "legal_representatives": [legal("e1", "p1")],
        },
    )
    frontier = ["gs:e1", "gs:p1", "gs:p2", "gs:e2", "gs:p10", "gs:𠮷"]
    found = ties(store, frontier)
    assert len(found) == 9
    assert [tie.order for tie in found] == sorted(tie.order for tie in found)
    assert len({tie.id for tie in found}) == 9
    assert ties(store, reversed(frontier)) == found
    assert ties(store, [*frontier, *frontier]) == found


def test_order_does_not_depend_on_what_was_loaded_first(maker: Maker) -> None:
    one, other = maker.new(), maker.new()
    tables = hub(5)
    put(one, "gs", tables)
    put(other, "gs", {"executives": list(reversed(tables["executives"]))})
    put(other, "gs", {name: rows[::-1] for name, rows in tables.items()})
    assert [tie.id for tie in ties(one, "gs:p")] == [tie.id for tie in ties(other, "gs:p")]


def test_a_hub_is_cut_and_named_with_its_full_count(store: Store) -> None:
    put(store, "gs", hub(6))
    cut = around(store, "gs:p", per_party=4)
    assert dict(cut.cut) == {"gs:p": 6}
    assert list(cut.relations) == ties(store, "gs:p")[:4]


def test_a_party_with_exactly_so_many_relations_is_not_cut(store: Store) -> None:
    put(store, "gs", hub(4))
    whole = around(store, "gs:p", per_party=4)
    assert (len(whole.relations), dict(whole.cut)) == (4, {})


def test_each_party_of_the_frontier_has_its_own_allowance(store: Store) -> None:
    """A relation that the hub's cut leaves out is given all the same by its other end."""
    put(store, "gs", hub(6))
    found = around(store, ["gs:p", "gs:e5"], per_party=2)
    assert [tie.to_id for tie in found.relations] == ["gs:e0", "gs:e1", "gs:e5"]
    assert dict(found.cut) == {"gs:p": 6}


def test_the_cut_names_the_shown_id_whatever_was_asked(store: Store) -> None:
    code = f"uscc:{uscc(1)}"
    rows = [stake("h", f"e{n}", "0.1") for n in range(3)]
    firms = [enterprise("h", "星河", uscc=uscc(1)), *[enterprise(f"e{n}", "e") for n in range(3)]]
    put(store, "gs", {"enterprises": firms, "shareholders": rows})
    assert dict(around(store, "gs:h", per_party=2).cut) == {code: 3}


def test_the_cut_counts_what_passes_the_dates(store: Store) -> None:
    tables = hub(6)
    for row in tables["executives"][:3]:
        row["until"] = "2020-01-01"
    put(store, "gs", tables)
    assert dict(around(store, "gs:p", per_party=3).cut) == {}
    assert dict(around(store, "gs:p", per_party=3, as_of="2019-01-01").cut) == {"gs:p": 6}
    assert dict(around(store, "gs:p", per_party=3, back_to="2019-06-01").cut) == {"gs:p": 6}


def test_the_cut_counts_what_passes_shares_types_direction_and_sources(store: Store) -> None:
    rows = [stake(f"e{n}", "p", f"0.{n + 1}") for n in range(6)]
    put(store, "gs", shares(*rows))
    assert dict(around(store, "gs:p", per_party=3, min_share="0.4").cut) == {}
    assert dict(around(store, "gs:p", per_party=3, min_share="0.3").cut) == {"gs:p": 4}
    assert dict(around(store, "gs:p", POST, per_party=3).cut) == {}
    assert dict(around(store, "gs:p", per_party=3, direction="in").cut) == {}
    assert dict(around(store, "gs:p", per_party=3, sources=["sw"]).cut) == {}


def test_the_cut_counts_one_stake_where_sources_agree(store: Store) -> None:
    tables = shares(*[stake(f"e{n}", "p", "0.5") for n in range(3)])
    put(store, "gs", tables)
    put(store, "sw", {"shareholders": [stake(f"gs:e{n}", "gs:p", "0.5") for n in range(3)]})
    assert dict(around(store, "gs:p", per_party=3).cut) == {}
    assert len(around(store, "gs:p", per_party=3).relations) == 3


def test_a_self_loop_is_given_once(store: Store) -> None:
    put(
        store,
        "gs",
        {"enterprises": [enterprise("e", "星河")], "shareholders": [stake("e", "e", "0.1")]},
    )
    for direction in ("both", "out", "in"):
        found = around(store, "gs:e", direction=direction, per_party=1)
        assert ends(found.relations) == [(STAKE, "gs:e", "gs:e")]
        assert dict(found.cut) == {}


def test_parallel_relations_are_all_given(store: Store) -> None:
    tables = post_of()
    tables["executives"] += [
        post("e", "p", "总经理"),
        post("e", "p", "董事", since="2020-01-01"),
    ]
    put(
        store,
        "gs",
        tables
        | {
            "legal_representatives": [legal("e", "p")],
            "shareholders": [stake("e", "p", "0.2")],
        },
    )
    found = ties(store, "gs:p")
    assert [(tie.type, tie.role) for tie in found] == [
        (POST, "director"),
        (POST, "general_manager"),
        (POST, "director"),
        ("LEGAL_REPRESENTATIVE_OF", None),
        (STAKE, None),
    ]


@pytest.mark.parametrize(
    ("dates", "as_of", "held"),
    [
        ({"since": "2020-01-01"}, "2019-12-31", False),
        ({"since": "2020-01-01"}, "2020-01-01", True),
        ({"until": "2022-01-01"}, "2021-12-31", True),
        ({"until": "2022-01-01"}, "2022-01-01", False),
        ({"since": "2020-01-01", "until": "2022-01-01"}, "2021-06-01", True),
        ({"since": "2020-01-01", "until": "2022-01-01"}, "2023-06-01", False),
        ({}, "1950-01-01", True),
        ({}, "2100-01-01", True),
        ({"ended": "yes"}, "2000-01-01", False),
        ({"ended": "yes"}, "2026-01-01", False),
        ({"since": "2020-01-01", "ended": "yes"}, "2021-01-01", False),
    ],
)
def test_a_tie_holds_from_since_until_the_day_before_until(
    store: Store, dates: dict[str, str], as_of: str, held: bool
) -> None:
    put(store, "gs", post_of(**dates))
    found = ties(store, "gs:p", as_of=as_of)
    assert len(found) == held
    assert not any(tie.former for tie in found)


@pytest.mark.parametrize(
    ("dates", "given"),
    [
        ({"until": "2023-01-01"}, False),  # the day itself is outside
        ({"until": "2023-01-02"}, True),
        ({"until": "2026-01-01"}, True),  # ended on the as-of day
        ({"ended": "yes"}, True),
        ({"since": "2020-01-01", "ended": "yes"}, True),
        ({"until": "2010-01-01"}, False),
        ({"since": "2026-01-02"}, False),
        ({"since": "2026-01-02", "until": "2027-01-01"}, False),
    ],
)
def test_look_back_gives_former_ties(store: Store, dates: dict[str, str], given: bool) -> None:
    put(store, "gs", post_of(**dates))
    found = ties(store, "gs:p", as_of="2026-01-01", back_to="2023-01-01")
    assert [tie.former for tie in found] == [True] * given


def test_look_back_leaves_current_ties_current(store: Store) -> None:
    put(store, "gs", post_of(since="2020-01-01", until="2026-01-02"))
    [tie] = ties(store, "gs:p", as_of="2026-01-01", back_to="2023-01-01")
    assert not tie.former


def test_types_bind_and_none_means_every_type_between_parties(store: Store) -> None:
    put(
        store,
        "gs",
        post_of()
        | {
            "employments": [post("e", "p", "会计")],
            "contacts": [{"party": "e", "kind": "address", "value": "朝阳区1号"}],
            "sanctions": [{"subject": "e", "list": "行政处罚"}],
        },
    )
    assert {tie.type for tie in ties(store, "gs:e")} == {POST, "EMPLOYED_BY"}
    assert {tie.type for tie in ties(store, "gs:e", "HAS_CONTACT", POST)} == {POST, "HAS_CONTACT"}
    assert ends(ties(store, "address:朝阳区1号", "HAS_CONTACT")) == [
        ("HAS_CONTACT", "gs:e", "address:朝阳区1号")
    ]
    assert list(around(store, "gs:e", "GUARANTEES").relations) == []


def test_no_types_at_all_is_nothing(store: Store) -> None:
    put(store, "gs", post_of())
    only = wanted()
    none = type(only)(as_of=only.as_of, types=frozenset())
    assert store.expand(["gs:p"], none).relations == ()


def test_direction_binds_directed_types(store: Store) -> None:
    put(store, "gs", post_of())
    for asked, out, into in (("gs:p", 1, 0), ("gs:e", 0, 1)):
        assert len(ties(store, asked, direction="out")) == out
        assert len(ties(store, asked, direction="in")) == into
        assert len(ties(store, asked, direction="both")) == 1


@pytest.mark.parametrize("direction", ["both", "out", "in"])
def test_an_undirected_tie_is_met_from_either_end(store: Store, direction: str) -> None:
    people = [person("p", "王伟"), person("q", "王强")]
    kin = [{"person": "q", "relative": "p", "kin": "配偶"}]
    put(store, "gs", {"persons": people, "relatives": kin})
    [tie] = ties(store, "gs:p", direction=direction)
    assert ties(store, "gs:q", direction=direction) == [tie]
    assert tie.type == "RELATIVE_OF"


def test_an_undirected_tie_written_both_ways_is_one(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("a", "甲"), enterprise("b", "乙")],
            "concerts": [{"party": "a", "other": "b"}, {"party": "b", "other": "a"}],
        },
    )
    assert len(ties(store, "gs:a")) == 1


SHARES = [
    stake("exact", "p", "0.25"),
    stake("less", "p", "0.2499"),
    stake("range", "p", "20-30%"),
    stake("unknown", "p"),
    stake("zero", "p", "0"),
]


@pytest.mark.parametrize(
    ("min_share", "known_only", "passing"),
    [
        (None, False, ["exact", "less", "range", "unknown", "zero"]),
        ("0.25", False, ["exact", "range", "unknown"]),
        ("0.25", True, ["exact", "range"]),
        ("0.3", False, ["range", "unknown"]),
        ("0.3001", True, []),
        ("0", True, ["exact", "less", "range", "zero"]),
    ],
)
def test_shares_bind_by_their_upper_bound(
    store: Store, min_share: str | None, known_only: bool, passing: list[str]
) -> None:
    put(store, "gs", shares(*SHARES))
    found = ties(store, "gs:p", STAKE, min_share=min_share, known_only=known_only)
    assert [tie.to_id.removeprefix("gs:") for tie in found] == passing


def test_shares_bind_shareholdings_only(store: Store) -> None:
    put(store, "gs", post_of())
    assert len(ties(store, "gs:p", min_share="0.5", known_only=True)) == 1


def test_an_unknown_share_is_none_and_zero_stays_zero(store: Store) -> None:
    put(store, "gs", shares(*SHARES))
    found = {tie.to_id.removeprefix("gs:"): tie for tie in ties(store, "gs:p")}
    bounds = {name: (tie.share, tie.share_min, tie.share_max) for name, tie in found.items()}
    assert bounds["unknown"] == (None, None, None)
    assert bounds["zero"] == (Decimal(0), Decimal(0), Decimal(0))
    assert bounds["exact"] == (Decimal("0.25"),) * 3
    assert bounds["range"] == (None, Decimal("0.2"), Decimal("0.3"))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("100%", "1", "1"),
        ("1", "1", "1"),
        ("33.333333333333333%", "0.33333333333333333", "0.33333333333333333"),
        ("0.000000000000000001", "0.000000000000000001", "0.000000000000000001"),
    ],
)
def test_shares_are_kept_exactly(store: Store, written: str, low: str, high: str) -> None:
    put(store, "gs", shares(stake("e", "p", written)))
    [tie] = ties(store, "gs:p")
    assert (tie.share_min, tie.share_max) == (Decimal(low), Decimal(high))
    assert tie.share == (Decimal(low) if low == high else None)


def test_an_open_upper_bound_is_not_reached(store: Store) -> None:
    put(store, "gs", shares(stake("e", "p", "<5%")))
    [tie] = ties(store, "gs:p")
    assert (tie.share, tie.share_min) == (None, Decimal(0))
    assert tie.share_max is not None
    assert round(tie.share_max, 15) == Decimal("0.05")
    assert ties(store, "gs:p", min_share="0.05") == []
    assert len(ties(store, "gs:p", min_share="0.0499999")) == 1


def test_sources_bind_what_is_followed(store: Store) -> None:
    put(store, "gs", post_of())
    put(store, "sw", {"legal_representatives": [legal("gs:e", "gs:p")]})
    assert [tie.type for tie in ties(store, "gs:p", sources=["sw"])] == ["LEGAL_REPRESENTATIVE_OF"]
    assert [tie.type for tie in ties(store, "gs:p", sources=["gs"])] == [POST]
    assert len(ties(store, "gs:p", sources=["gs", "sw"])) == 2
    assert ties(store, "gs:p", sources=["fy"]) == []
    assert ties(store, "gs:p", sources=[]) == []


def test_a_tie_carries_its_title_role_and_sources(store: Store) -> None:
    put(store, "gs", post_of(role="董事长"), file="高管.csv")
    [tie] = ties(store, "gs:p")
    assert (tie.role, tie.title) == ("chair", "董事长")
    assert [tuple(ref) for ref in tie.sources] == [("gs", "高管.csv", 2)]


def test_a_wide_frontier_is_one_question(store: Store) -> None:
    put(store, "gs", hub(1500))
    frontier = [f"gs:e{n}" for n in range(1500)] + [f"gs:nobody{n}" for n in range(1500)]
    assert len(ties(store, frontier)) == 1500
    scanned = list(scan_relations(store, wanted()))
    assert ties(store, frontier) == sorted(scanned, key=lambda tie: tie.order)


def test_a_nominee_stake_is_met_from_its_nominator_too(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("e", "星河")],
            "persons": [person("p", "王伟"), person("n", "李强")],
            "shareholders": [stake("e", "n", "0.6", nominee_for="p")],
        },
    )
    [tie] = ties(store, "gs:p")
    assert (tie.type, tie.from_id, tie.to_id) == (STAKE, "gs:n", "gs:e")
    assert tie.attributes["nominee_for"] == "gs:p"
    assert ties(store, "gs:n") == ties(store, "gs:e") == [tie]
    assert ties(store, ["gs:p", "gs:n", "gs:e"]) == [tie]
    assert ties(store, "gs:p", STAKE, as_of="2020-01-01") == [tie]
    assert ties(store, "gs:p", "EXECUTIVE_OF") == []
