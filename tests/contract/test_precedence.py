"""Promises about what is shown where rows, loads or sources disagree, and what is kept besides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph_service.days import iso
from graph_service.store.port import Store
from tests.contract.asking import NOW, one, scan_relations, ties, told, wanted
from tests.contract.conftest import Maker
from tests.support.facts import put
from tests.support.numbers import uscc
from tests.support.rows import Row, Tables, enterprise, legal, person, post, same, stake

STAKE = "SHAREHOLDER_OF"
FIRM = uscc(1)
HOLDER = uscc(2)


def firm(**more: str) -> Tables:
    return {"enterprises": [enterprise("", "星河", uscc=FIRM, **more)]}


def held(share: str, **more: str) -> Tables:
    return {"shareholders": [stake(FIRM, HOLDER, share, **more)]}


def total(store: Store, as_of: str = NOW) -> Decimal | None:
    """What the holder is shown to hold; None when nothing or an unknown share is shown."""
    found = [tie.share for tie in ties(store, f"uscc:{HOLDER}", STAKE, as_of=as_of)]
    return None if not found or None in found else sum((s for s in found if s), Decimal(0))


def region(store: Store) -> str | None:
    return one(store, f"uscc:{FIRM}").attributes.get("region")


LATER = {"gs": {"record_date": "2021-01-01"}, "sw": {"record_date": "2022-01-01"}}


@pytest.mark.parametrize("order", [("gs", "sw"), ("sw", "gs")])
class TestBetweenSources:
    """Whatever was loaded first."""

    def put_both(self, store: Store, order: tuple[str, ...], tables: dict[str, Tables]) -> None:
        for source in order:
            put(store, source, tables[source])

    def test_the_later_record_date_shows(self, store: Store, order: tuple[str, ...]) -> None:
        self.put_both(
            store,
            order,
            {
                "gs": firm(region="北京", **LATER["gs"]),
                "sw": firm(region="上海", **LATER["sw"]),
            },
        )
        assert region(store) == "上海"

    def test_the_stated_order_beats_dates(self, maker: Maker, order: tuple[str, ...]) -> None:
        trusting = maker.new("gs", "sw")
        self.put_both(
            trusting,
            order,
            {
                "gs": firm(region="北京", **LATER["gs"]),
                "sw": firm(region="上海", **LATER["sw"]),
            },
        )
        assert region(trusting) == "北京"

    def test_a_named_source_beats_one_that_is_not(
        self, maker: Maker, order: tuple[str, ...]
    ) -> None:
        trusting = maker.new("sw")
        self.put_both(
            trusting,
            order,
            {
                "gs": firm(region="北京", **LATER["sw"]),
                "sw": firm(region="上海", **LATER["gs"]),
            },
        )
        assert region(trusting) == "上海"

    def test_without_dates_the_sources_name_decides(
        self, store: Store, order: tuple[str, ...]
    ) -> None:
        self.put_both(store, order, {"gs": firm(region="北京"), "sw": firm(region="上海")})
        assert region(store) == "北京"

    def test_what_only_one_says_is_shown_beside(self, store: Store, order: tuple[str, ...]) -> None:
        self.put_both(
            store,
            order,
            {"gs": firm(region="北京"), "sw": firm(industry="C3911", **LATER["sw"])},
        )
        shown = one(store, f"uscc:{FIRM}").attributes
        assert (shown["region"], shown["industry"]) == ("北京", "C3911")

    def test_two_totals_of_one_stake_are_never_added(
        self, store: Store, order: tuple[str, ...]
    ) -> None:
        self.put_both(
            store, order, {"gs": held("60%", **LATER["gs"]), "sw": held("55%", **LATER["sw"])}
        )
        assert total(store) == Decimal("0.55")
        assert len(ties(store, f"uscc:{FIRM}")) == 1

    def test_two_totals_with_different_since_are_never_added(
        self, store: Store, order: tuple[str, ...]
    ) -> None:
        self.put_both(
            store,
            order,
            {
                "gs": held("60%", since="2019-01-01", **LATER["gs"]),
                "sw": held("55%", since="2020-01-01", **LATER["sw"]),
            },
        )
        assert total(store) == Decimal("0.55")
        assert total(store, "2019-06-01") == Decimal("0.6")
        assert len(list(ties(store, f"uscc:{FIRM}"))) == 1

    def test_a_source_with_rows_for_two_original_holders_is_one_total(
        self, store: Store, order: tuple[str, ...]
    ) -> None:
        """gs knows the holder under two ids, 20 % and 15 %; sw says 30 %: never 65 %."""
        people = {"persons": [person("p", "王伟"), person("q", "王伟")]}
        stakes = [stake(FIRM, "p", "0.2"), stake(FIRM, "q", "0.15")]
        tables: dict[str, Tables] = {
            "gs": people | {"shareholders": stakes, "same_as": [same("p", "q")]},
            "sw": {"shareholders": [stake(FIRM, "gs:p", "0.3")]},
        }
        self.put_both(store, order, tables)
        shown = sum((tie.share or 0 for tie in ties(store, "gs:q", STAKE)), Decimal(0))
        assert shown == Decimal("0.35")

    def test_the_title_of_one_post_is_picked(self, store: Store, order: tuple[str, ...]) -> None:
        people = {"persons": [person("p", "王伟")]}
        self.put_both(
            store,
            order,
            {
                "gs": people | {"executives": [post(FIRM, "p", "总经理", **LATER["gs"])]},
                "sw": {"executives": [post(FIRM, "gs:p", "总裁", **LATER["sw"])]},
            },
        )
        [tie] = ties(store, "gs:p")
        assert (tie.role, tie.title) == ("general_manager", "总裁")
        assert [ref.source for ref in tie.sources] in (["gs", "sw"], ["sw", "gs"])

    def test_one_source_ending_a_tie_is_picked_like_any_value(
        self, store: Store, order: tuple[str, ...]
    ) -> None:
        people = {"persons": [person("p", "王伟")]}
        ended = legal(FIRM, "gs:p", until="2020-01-01", **LATER["sw"])
        self.put_both(
            store,
            order,
            {
                "gs": people | {"legal_representatives": [legal(FIRM, "p", **LATER["gs"])]},
                "sw": {"legal_representatives": [ended]},
            },
        )
        assert ties(store, "gs:p") == []
        assert len(ties(store, "gs:p", as_of="2019-01-01")) == 1


def test_different_original_holders_made_one_add_up_within_their_source(store: Store) -> None:
    people = [person("p", "王伟"), person("q", "王伟")]
    stakes = [stake(FIRM, "p", "0.2"), stake(FIRM, "q", "0.15")]
    put(store, "gs", {"persons": people, "shareholders": stakes})
    assert len(ties(store, f"uscc:{FIRM}")) == 2
    put(store, "fh", {"same_as": [same("gs:p", "gs:q")]})
    found = ties(store, f"uscc:{FIRM}")
    assert {tie.from_id for tie in found} == {"gs:p"}
    assert sum((tie.share or 0 for tie in found), Decimal(0)) == Decimal("0.35")
    assert {ref.row for tie in found for ref in tie.sources} == {2, 3}


STEPS = [
    stake(FIRM, HOLDER, "0.3", since="2018-01-01"),
    stake(FIRM, HOLDER, "0.5", since="2021-01-01", until="2023-01-01"),
    stake(FIRM, HOLDER, "0.1"),
]


@pytest.mark.parametrize("rows", [STEPS, STEPS[::-1]])
@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        ("2017-12-31", "0.1"),
        ("2018-01-01", "0.3"),
        ("2020-12-31", "0.3"),
        ("2021-01-01", "0.5"),
        ("2022-12-31", "0.5"),
        ("2023-01-01", "0.3"),
    ],
)
def test_of_one_sources_rows_the_latest_since_counts(
    store: Store, rows: list[Row], as_of: str, share: str
) -> None:
    put(store, "gs", {"shareholders": rows})
    assert total(store, as_of) == Decimal(share)


def test_a_later_since_counts_in_the_filter_too(store: Store) -> None:
    put(store, "gs", {"shareholders": STEPS})
    assert ties(store, f"uscc:{HOLDER}", STAKE, min_share="0.4") == []
    assert len(ties(store, f"uscc:{HOLDER}", STAKE, min_share="0.3")) == 1


TWO_IN_ONE_LOAD = [
    # rows of one natural key, and the end of the one to be shown
    ([post(FIRM, "p"), post(FIRM, "p", until="2020-01-01")], None),
    ([post(FIRM, "p", until="2021-01-01"), post(FIRM, "p", until="2020-01-01")], "2021-01-01"),
]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("rows", "until"), TWO_IN_ONE_LOAD)
def test_of_two_values_in_one_load_the_open_then_the_later_until_shows(
    store: Store, rows: list[Row], until: str | None, turned: bool
) -> None:
    put(
        store,
        "gs",
        {
            "persons": [person("p", "王伟")],
            "executives": rows[::-1] if turned else rows,
        },
    )
    [tie] = scan_relations(store, wanted(back_to="2000-01-01"))
    assert iso(tie.until) == until
    assert len([line for line in store.statements() if line.table == "executives"]) == 2


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_shares_in_one_load_the_larger_shows(store: Store, turned: bool) -> None:
    rows = [stake(FIRM, HOLDER, "0.4"), stake(FIRM, HOLDER, "0.3")]
    put(store, "gs", {"shareholders": rows[::-1] if turned else rows})
    assert total(store) == Decimal("0.4")
    shown = {line.values: line.shown for line in store.statements()}
    assert [is_shown for values, is_shown in shown.items() if '"0.4"' in values] == [True]
    assert [is_shown for values, is_shown in shown.items() if '"0.3"' in values] == [False]


def test_a_later_load_corrects_an_earlier_one(maker: Maker) -> None:
    corrected, plain = maker.new(), maker.new()
    put(corrected, "gs", held("60%"))
    put(corrected, "gs", held("35%"))
    put(plain, "gs", held("35%"))
    assert total(corrected) == Decimal("0.35")
    assert corrected.info().digest == plain.info().digest


@pytest.mark.parametrize("turned", [False, True])
def test_a_later_record_date_corrects_whatever_came_first(store: Store, turned: bool) -> None:
    loads = [
        held("60%", record_date="2020-01-01"),
        held("35%", record_date="2021-01-01"),
    ]
    for tables in loads[::-1] if turned else loads:
        put(store, "gs", tables)
    assert total(store) == Decimal("0.35")


def test_loads_with_record_dates_may_come_in_any_order(maker: Maker) -> None:
    loads = [
        held("60%", record_date="2020-01-01") | firm(region="北京", record_date="2022-01-01"),
        held("35%", record_date="2021-01-01") | firm(region="上海", record_date="2020-01-01"),
        firm(region="天津", record_date="2021-01-01"),
    ]
    first, second = maker.new(), maker.new()
    for n, tables in enumerate(loads):
        put(first, "gs", tables, file=f"{n}.csv")
    for n, tables in reversed(list(enumerate(loads))):
        put(second, "gs", tables, file=f"{n}.csv")
    assert told(first) == told(second)
    assert region(first) == "北京"


def test_a_correction_takes_a_value_away(store: Store) -> None:
    put(store, "gs", firm(region="北京", industry="C39"))
    put(store, "gs", firm(region="北京"))
    assert "industry" not in one(store, f"uscc:{FIRM}").attributes


def test_a_name_follows_the_precedence(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("", "旧名公司", uscc=FIRM)]})
    put(store, "gs", {"enterprises": [enterprise("", "新名公司", uscc=FIRM)]})
    assert one(store, f"uscc:{FIRM}").name == "新名公司"
    assert store.find("旧名公司").hits == ()
    assert [hit.party.name for hit in store.find("新名公司").hits] == ["新名公司"]


def test_the_winning_row_of_a_local_id_decides_its_code(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("1", "星河", uscc=uscc(3))]})
    put(store, "gs", {"enterprises": [enterprise("1", "星河", uscc=uscc(4))]})
    assert one(store, "gs:1").id == f"uscc:{uscc(4)}"


class TestConflicts:
    """What sources disagree about is listed; the first value is the shown one."""

    def values(self, store: Store, about: str) -> list[list[tuple[str, str]]]:
        return [
            [(value, ref.source) for value, ref in conflict.values]
            for conflict in store.conflicts([f"uscc:{FIRM}", f"uscc:{HOLDER}"])
            if about in conflict.about
        ]

    def test_agreement_is_no_conflict(self, store: Store) -> None:
        for source in ("gs", "sw"):
            put(store, source, firm(region="北京") | held("60%"))
        assert store.conflicts([f"uscc:{FIRM}", f"uscc:{HOLDER}"]) == []

    def test_an_attribute(self, store: Store) -> None:
        put(store, "gs", firm(region="北京"))
        put(store, "sw", firm(region="上海"))
        assert self.values(store, "region") == [[("北京", "gs"), ("上海", "sw")]]

    def test_a_stake(self, store: Store) -> None:
        put(store, "gs", held("60%"))
        put(store, "sw", held("55%", record_date="2024-01-01"))
        [conflict] = store.conflicts([f"uscc:{FIRM}"])
        assert [ref.source for _, ref in conflict.values] == ["sw", "gs"]
        assert store.conflicts([f"uscc:{FIRM}"])[0].values == conflict.values
        assert [c.about for c in store.conflicts([f"uscc:{HOLDER}"])] != []

    def test_a_label(self, store: Store) -> None:
        for source, label in (("gs", "yes"), ("sw", "no")):
            row = {"subject": FIRM, "list": "失信被执行人", "label": label}
            put(store, source, {"sanctions": [row]})
        [conflict] = store.conflicts([f"uscc:{FIRM}"])
        assert {(value, ref.source) for value, ref in conflict.values} == {
            ("yes", "gs"),
            ("no", "sw"),
        }
        assert len(one(store, f"uscc:{FIRM}").records) == 2

    def test_two_values_of_one_load(self, store: Store) -> None:
        rows = [stake(FIRM, HOLDER, "0.3"), stake(FIRM, HOLDER, "0.4")]
        written = put(store, "gs", {"shareholders": rows})
        assert dict(written.warnings) == {"share_conflict": 1}
        [conflict] = store.conflicts([f"uscc:{FIRM}"])
        assert [ref.row for _, ref in conflict.values] == [3, 2]

    @pytest.mark.parametrize("turned", [False, True])
    def test_two_ends_of_one_post_in_one_load(self, store: Store, turned: bool) -> None:
        rows = [post(FIRM, "p"), post(FIRM, "p", until="2020-01-01")]
        tables: Tables = {
            "persons": [person("p", "王伟")],
            "executives": rows[::-1] if turned else rows,
        }
        written = put(store, "gs", tables)
        assert sum(written.warnings.values()) == 1
        [conflict] = store.conflicts(["gs:p"])
        assert [ref.row for _, ref in conflict.values] == ([3, 2] if turned else [2, 3])

    def test_two_attributes_in_one_load(self, store: Store) -> None:
        rows = [enterprise("", "星河", uscc=FIRM, region=place) for place in ("上海", "北京")]
        written = put(store, "gs", {"enterprises": rows})
        assert sum(written.warnings.values()) == 1
        [said] = self.values(store, "region")
        assert {value for value, _ in said} == {"上海", "北京"}
        assert said[0][0] == region(store)

    def test_they_come_in_order_and_only_for_whom_they_were_asked(self, store: Store) -> None:
        for source in ("gs", "sw"):
            tables = firm(region=source, industry=source)
            tables["enterprises"].append(enterprise("", source, uscc=uscc(7)))
            put(store, source, tables)
        found = store.conflicts([f"uscc:{uscc(7)}", f"uscc:{FIRM}"])
        order = [(conflict.party, conflict.about) for conflict in found]
        assert order == sorted(order)
        assert len(found) == 3
        assert store.conflicts([]) == []
        assert {c.party for c in store.conflicts([f"uscc:{uscc(7)}"])} == {f"uscc:{uscc(7)}"}

    def test_forgetting_one_side_ends_the_conflict(self, store: Store) -> None:
        put(store, "gs", firm(region="北京"))
        put(store, "sw", firm(region="上海"))
        store.forget("gs")
        assert store.conflicts([f"uscc:{FIRM}"]) == []
        assert region(store) == "上海"
