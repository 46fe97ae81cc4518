"""Facts hold on [since, until), records on [listed, valid_until]; look-back is by the calendar."""

from __future__ import annotations

from tests.acceptance.conftest import Desk

RECORDS = {
    "r1": ("2020-01-01,2024-02-29,,", ("2020-01-01", "2024-02-29"), ("2019-12-31", "2024-03-01")),
    "r2": (",,,", ("1900-01-01", "2030-01-01"), ()),
    "r3": ("2020-01-01,,已修复,", (), ("2020-01-01", "2026-01-01")),
    "r4": ("2020-01-01,,移出,2023-05-01", ("2020-01-01", "2023-04-30"), ("2023-05-01",)),
    "r5": ("2020-01-01,,异议处理中,", ("2020-01-01", "2026-01-01"), ("2019-12-31",)),
    "r6": ("2020-01-01,2099-12-31,撤销,2023-05-01", ("2023-04-30",), ("2023-05-01",)),
    "r7": ("2020-01-01,2022-01-01,有效,", ("2022-01-01",), ("2022-01-02",)),
    "r8": ("2027-01-01,长期,,", ("2027-01-01",), ("2026-12-31",)),
}


def test_records_live_and_die(desk: Desk) -> None:
    rows = [
        f"{id},e{n},失信被执行人,{said}" for n, (id, (said, _, _)) in enumerate(RECORDS.items())
    ]
    desk.file("gs/sanctions.csv", "id,subject,list,listed,valid_until,status,until", *rows)
    desk.file("gs/enterprises.csv", "id,name", *(f"e{n},企{n}公司" for n in range(len(RECORDS))))
    desk.load("gs")
    for n, (id, (_, alive, dead)) in enumerate(RECORDS.items()):
        for day in alive:
            flags = desk.ask("flags", f"gs:e{n}", "--as-of", day)["flags"]
            assert [flag["record"]["id"] for flag in flags] == [f"gs:{id}"], (id, day)
        for day in dead:
            assert desk.ask("flags", f"gs:e{n}", "--as-of", day)["flags"] == [], (id, day)
    objected = desk.ask("show", "gs:e4", "--as-of", "2026-01-01")
    assert [record["status"] for record in objected["records"]] == ["under_objection"]
    repaired = desk.ask("show", "gs:e2", "--as-of", "2026-01-01")
    assert [record["status"] for record in repaired["ended_records"]] == ["repaired"]


def test_ties_hold_from_the_first_day_to_the_day_before_the_last(desk: Desk) -> None:
    desk.tables(
        "gs",
        enterprises="id,name e1,甲公司 e2,乙公司 e3,丙公司",
        persons="id,name p1,王䶮",
        legal_representatives="enterprise,person,since,until,ended e1,p1,2020-01-01,2024-02-29,"
        " e2,p1,,,是 e3,p1,2024-02-29,,",
        sanctions="subject,list p1,失信被执行人",
    )
    desk.load("gs")
    managed, former = ("managed", "high", True), ("former", "low", True)
    for party, day, back, expected in (
        ("gs:e1", "2019-12-31", "", []),
        ("gs:e1", "2020-01-01", "", [managed]),
        ("gs:e1", "2024-02-28", "", [managed]),
        ("gs:e1", "2024-02-29", "", []),
        ("gs:e1", "2025-02-28", "1y", [former]),
        ("gs:e1", "2025-03-01", "1y", []),
        ("gs:e1", "2027-02-28", "3y", [former]),
        ("gs:e1", "2027-03-01", "36m", []),
        ("gs:e2", "2026-01-01", "", []),
        ("gs:e2", "2026-01-01", "1d", [("former", "low", False)]),
        ("gs:e3", "2024-02-28", "", []),
        ("gs:e3", "2024-02-29", "", [managed]),
    ):
        options = ["--as-of", day, *(["--look-back", back] if back else [])]
        assert desk.grades(party, *options) == expected, (party, day, back)
    ended = desk.ask("flags", "gs:e1", "--as-of", "2024-02-29")["ended"]
    assert [(one["grade"], "2024-02-29" in one["reason"]["en"]) for one in ended] == [
        ("former", True)
    ]
