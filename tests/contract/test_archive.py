"""Promises of the ``Archive``: ledger, quarantine, statements, backup."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from graph_service.errors import NotOverwritten, StoreChanged
from graph_service.model import LoadFile, RejectedRow, Written
from graph_service.store.port import Store
from tests.contract.asking import ties, told
from tests.contract.conftest import Maker
from tests.support.facts import STARTED, Fact, put, put_facts
from tests.support.numbers import citizen, uscc
from tests.support.rows import Tables, enterprise, person, post, sanction, stake

FIRM = uscc(1)


def files(*paths: str) -> list[LoadFile]:
    return [LoadFile(path, "ab" * 32, 10**12) for path in paths]


def test_the_ledger_keeps_each_load_newest_first(store: Store) -> None:
    first = store.begin_load("工商局", files("一.csv", "二.csv"), "张录入", STARTED)
    report = {"rows": {"企业": {"read": 3}}, "seconds": 1.5, "none": None, "list": [1, "二"]}
    store.end_load(first, "done", 1.5, report)
    second = store.begin_load("税务局", files("三.csv"), "李录入", "2026-01-02T08:00:00+08:00")
    ledger = store.loads()
    assert [line.id for line in ledger] == [second, first]
    done = ledger[1]
    assert (done.source, done.status, done.seconds, done.who) == ("工商局", "done", 1.5, "张录入")
    assert done.started == STARTED
    assert list(done.files) == files("一.csv", "二.csv")
    assert done.report == report
    assert (ledger[0].status, dict(ledger[0].report)) == ("running", {})


def test_the_ledger_of_one_source(store: Store) -> None:
    for source in ("gs", "sw", "gs"):
        store.end_load(store.begin_load(source, [], "", STARTED), "failed", 0, {})
    assert [line.source for line in store.loads("gs")] == ["gs", "gs"]
    assert [line.status for line in store.loads("gs")] == ["failed", "failed"]
    assert store.loads("nobody") == []


def test_load_ids_differ_and_outlive_a_forgotten_source(store: Store) -> None:
    put(store, "gs", {"enterprises": [enterprise("1", "星河")]})
    put(store, "gs", {"enterprises": [enterprise("1", "星河")]})
    store.forget("gs")
    ids = [line.id for line in store.loads()]
    assert len(ids) == len(set(ids)) == 2


def test_the_ledger_does_not_touch_the_digest(store: Store) -> None:
    store.begin_load("gs", files("a.csv"), "", STARTED)
    assert store.info().digest == "0" * 64


def rejected(no: int, **more: object) -> RejectedRow:
    """A quarantined row."""
    fields: dict[str, object] = {
        "id": 0,
        "load": 1,
        "source": "gs",
        "table": "executives",
        "file": "高管.csv",
        "sheet": "Sheet1",
        "row": no,
        "column": "person",
        "rule": "dangling_reference",
        "value": "p9",
        "hint_zh": "补录该人员",
        "hint_en": "declare the person",
        "columns": {"企业": "𠮷", "姓名": "=1+1"},
        "names": (),
    }
    return RejectedRow(**(fields | more))  # type: ignore[arg-type]


def test_a_quarantined_row_is_kept_whole_and_gets_an_id(store: Store) -> None:
    store.reject([rejected(2, names=("gs:p9", "王伟")), rejected(3)])
    store.reject([rejected(4)])
    rows = store.rejected()
    assert [row.row for row in rows] == [2, 3, 4]
    assert [row.id for row in rows] == sorted({row.id for row in rows})
    first = rows[0]
    assert first == rejected(2, id=first.id, names=first.names)
    assert set(first.names) == {"gs:p9", "王伟"}


def test_quarantined_rows_are_found_by_source_load_and_rule(store: Store) -> None:
    store.reject(
        [
            rejected(2),
            rejected(3, source="sw", load=2),
            rejected(4, rule="bad_date", load=2),
        ]
    )
    assert [row.row for row in store.rejected(source="gs")] == [2, 4]
    assert [row.row for row in store.rejected(load=2)] == [3, 4]
    assert store.rejected(load=10**30) == []
    assert [row.row for row in store.rejected(rule="bad_date")] == [4]
    assert [row.row for row in store.rejected(source="sw", load=2)] == [3]
    assert store.rejected(source="gs", load=1, rule="bad_date") == []


def test_quarantined_rows_are_found_by_whom_they_name(store: Store) -> None:
    assert not store.quarantined()
    assert store.rejected(naming=["gs:p9"]) == []
    store.reject(
        [
            rejected(2, names=("gs:p9", "王伟")),
            rejected(3, names=("gs:p8",)),
            rejected(4, names=("gs:p9", "gs:p8")),
        ]
    )
    assert [row.row for row in store.rejected(naming=["gs:p9"])] == [2, 4]
    assert [row.row for row in store.rejected(naming=["王伟", "gs:p8"])] == [2, 3, 4]
    assert store.rejected(naming=["王"]) == []
    assert store.quarantined()
    many = [f"gs:x{n}" for n in range(2000)]
    assert [row.row for row in store.rejected(naming=[*many, "王伟"])] == [2]


def test_whether_a_row_is_quarantined_is_of_one_state(store: Store) -> None:
    told: list[bool] = []
    with ThreadPoolExecutor(1) as other, suppress(StoreChanged):
        with store.reading():
            told.append(store.quarantined())
            other.submit(store.reject, [rejected(2)]).result(timeout=60)
            told.append(store.quarantined())
        assert told == [False, False]  # else the scope says that the state changed
    assert store.quarantined()


def test_quarantined_rows_are_found_by_every_id_of_a_party(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("e1", "星河", uscc=uscc(1))],
            "persons": [person("p1", "王伟", id_number=citizen(1)), person("p2", "王炜")],
            "same_as": [{"party": "p1", "same": "p2", "reviewer": "张三"}],
        },
    )
    store.reject([rejected(2, names=("gs:e1", "甲")), rejected(3, names=("gs:p1",))])
    store.reject([rejected(4, names=("gs:p2",)), rejected(5, names=("sw:p1",))])
    assert [row.row for row in store.rejected(naming=[f"uscc:{uscc(1)}"])] == [2]
    boss = next(iter(store.parties(["gs:p1"]).values()))
    assert [row.row for row in store.rejected(naming=[boss.id])] == [3, 4]


def test_dropped_rows_are_gone_for_good(store: Store) -> None:
    store.reject([rejected(no, names=("王伟",)) for no in (2, 3, 4)])
    ids = [row.id for row in store.rejected()]
    assert store.drop_rejected([ids[0], ids[2], 10**9]) == 2
    assert [row.row for row in store.rejected()] == [3]
    assert [row.row for row in store.rejected(naming=["王伟"])] == [3]
    assert store.drop_rejected([]) == 0
    assert store.drop_rejected(ids) == 1
    assert not store.quarantined()


def test_statements_come_in_order_of_source_table_file_and_row(store: Store) -> None:
    put(store, "sw", {"persons": [person("q", "李强"), person("p", "王伟")]})
    put(store, "gs", {"persons": [person("p", "王伟")]}, file="b.csv")
    put(store, "gs", {"enterprises": [enterprise("1", "星河")]}, file="z.csv")
    put(store, "gs", {"persons": [person("q", "李强")]}, file="a.csv")
    order = [(line.source, line.table, line.file, line.row) for line in store.statements()]
    assert order == [
        ("gs", "enterprises", "z.csv", 2),
        ("gs", "persons", "a.csv", 2),
        ("gs", "persons", "b.csv", 2),
        ("sw", "persons", "persons.csv", 2),
        ("sw", "persons", "persons.csv", 3),
    ]


def test_statements_of_a_party_are_those_that_speak_of_it(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("1", "星河", uscc=FIRM), enterprise("2", "银河")],
            "persons": [person("p", "王伟")],
            "executives": [post("1", "p"), post("2", "p")],
            "sanctions": [sanction("1", id="R1")],
        },
    )
    put(store, "sw", {"shareholders": [stake(FIRM, uscc(5), "0.5")]})
    of_firm = [(line.source, line.table, line.row) for line in store.statements([f"uscc:{FIRM}"])]
    assert of_firm == [
        ("gs", "enterprises", 2),
        ("gs", "executives", 2),
        ("gs", "sanctions", 2),
        ("sw", "shareholders", 2),
    ]
    both = list(store.statements([f"uscc:{FIRM}", "gs:p"]))
    assert len(both) == len(set(both)) == 6
    assert [line.source for line in store.statements([f"uscc:{FIRM}"], "sw")] == ["sw"]
    assert len(list(store.statements(source="gs"))) == 6
    assert list(store.statements([])) == []
    assert list(store.statements(["nobody:1"])) == []


def test_a_statement_has_its_parties_and_its_row(store: Store) -> None:
    put(
        store,
        "gs",
        {
            "enterprises": [enterprise("1", "星河", uscc=FIRM)],
            "persons": [person("p", "王伟")],
            "executives": [post("1", "p", "董事长", since="2020/1/1", record_date="2024-05-06")],
        },
    )
    [line] = [line for line in store.statements() if line.table == "executives"]
    assert (line.a, line.b, line.type) == ("gs:p", f"uscc:{FIRM}", "EXECUTIVE_OF")
    assert (line.live, line.shown) == (True, True)
    values = json.loads(line.values)
    assert values["since"] == "2020-01-01"
    assert (values["role"], values["enterprise"], values["person"]) == ("chair", "1", "p")
    assert line.record_date > 0


def test_withheld_and_corrected_statements_say_so(store: Store) -> None:
    put(store, "gs", {"executives": [post(FIRM, "p9")]})
    [line] = store.statements()
    assert (line.live, line.shown) == (False, False)


def test_a_backup_is_an_equal_store(maker: Maker) -> None:
    store, target = maker.new(), maker.place("backup")
    put(store, "gs", {"enterprises": [enterprise("1", "星河")], "executives": [post("1", "p9")]})
    store.reject([rejected(2)])
    store.backup(str(target))
    copy = maker.open(target)
    assert told(copy, "星河") == told(store, "星河")
    assert copy.loads() == store.loads()
    assert copy.rejected() == store.rejected()
    put(copy, "gs", {"persons": [person("p9", "王伟")]})
    assert copy.info().digest != store.info().digest


def test_a_backup_while_a_load_runs_is_the_state_before(maker: Maker) -> None:
    store, target = maker.new(), maker.place("backup")
    put(store, "gs", {"enterprises": [enterprise("1", "星河")]})
    before = told(store, "星河")

    def backup(number: int) -> None:
        if number == 2:
            pool.submit(store.backup, str(target)).result(timeout=60)

    rows = [enterprise(f"n{n}", f"新{n}") for n in range(6)]
    with ThreadPoolExecutor(max_workers=1) as pool:
        put(store, "gs", {"enterprises": rows}, size=2, between=backup)
    copy = maker.open(target)
    assert told(copy, "星河") == before
    assert told(store, "星河") != before
    assert copy.info().unfinished == ()  # nothing is still to come there: it says so for good
    assert [load.status for load in copy.loads()] == ["failed", "done"]
    assert [load.status for load in store.loads()] == ["done", "done"]


def test_a_backup_replaces_nothing_silently(maker: Maker) -> None:
    store, target = maker.new(), maker.place("backup")
    target.write_text("重要文件")
    with pytest.raises(NotOverwritten):
        store.backup(str(target))
    assert target.read_text() == "重要文件"


def kept(store: Store, written: Written, load: int) -> None:
    """Put the withheld rows of a load into the quarantine, as the loader does."""
    store.reject(
        RejectedRow(
            0, load, row.source, row.table, row.file, "", row.row, row.column, row.rule,
            row.value, "中文", "English", {}, (row.value,),
        )
        for row in written.withheld
    )  # fmt: skip


def test_a_withheld_row_sent_again_elsewhere_stands_in_the_quarantine_once(store: Store) -> None:
    tables: Tables = {"enterprises": [enterprise("e1", "星河")], "executives": [post("e1", "p9")]}
    for load, month in enumerate(("一月.csv", "二月.csv"), 1):
        written = put(store, "gs", tables, file=month)
        assert [row.file for row in written.withheld] == [month]
        kept(store, written, load)
        assert [row.file for row in store.rejected()] == [month]
    written = put(store, "gs", {"persons": [person("p9", "王伟")]})
    assert (dict(written.recovered), store.rejected()) == ({"executives": 1}, [])


def test_a_dropped_row_does_not_come_true_later(store: Store) -> None:
    posts = [post("e1", "p9"), post("e1", "p8")]
    written = put(store, "gs", {"enterprises": [enterprise("e1", "星河")], "executives": posts})
    kept(store, written, 1)
    first, second = store.rejected()
    digest = store.info().digest
    assert store.drop_rejected([first.id]) == 1
    assert store.info().digest == digest
    later = put(store, "gs", {"persons": [person("p9", "王伟"), person("p8", "李䶮")]})
    assert dict(later.recovered) == {"executives": 1}
    assert [tie.from_id for tie in ties(store, "gs:e1")] == [f"gs:{second.value}"]


def test_two_withheld_rows_of_one_file_row_are_two(store: Store) -> None:
    """A mapping may read one row of a file into two rows of one table."""
    facts = [
        Fact("gs", "executives", post("e1", person_id), "名册.csv", 2) for person_id in ("p8", "p9")
    ]
    written = put_facts(
        store, [Fact("gs", "enterprises", enterprise("e1", "星河"), "名册.csv", 1), *facts]
    )
    assert [row.value for row in written.withheld] in (["p8", "p9"], ["p9", "p8"])
    kept(store, written, 1)
    assert len(store.rejected()) == 2


def test_conflicts_that_stood_before_are_not_a_later_load_s(store: Store) -> None:
    firm = [sanction(FIRM, id="R1"), sanction(FIRM, id="R2", label="no")]
    assert put(store, "gs", {"sanctions": firm}).conflicts == 1
    later = put(store, "sw", {"executives": [post(FIRM, "", person_name="王伟")]})
    assert (later.conflicts, dict(later.warnings)) == (0, {})
