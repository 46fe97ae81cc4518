"""Loads as departments do them: in any order, again, in full, with rows to mend."""

from __future__ import annotations

import random
from pathlib import Path

from tests.acceptance.conftest import Desk
from tests.support.numbers import citizen, uscc

CODE, NUMBER = uscc(1), citizen(1)
# Every table, with the values that are hard to keep: formulas, rare characters, ids that break
# addresses, ranges, unknown shares, days unknown, two sources' words for one thing.
TABLES = {
    "enterprises": [
        "id,uscc,name,former_names,type,status,dissolved,capital,address",
        f"e 1/2#%,{CODE},甲䶮公司,老甲；旧甲,有限责任公司,存续,,100万,北京",
        "e2,,=乙公司,,个体工商户,存续,,5亿美元,",
        "001,,丙公司,,,注销,2025-01-01,,",
    ],
    "persons": [
        "id,name,id_number,birth_date",
        f"p1,王伟,{NUMBER},1980-03-15",
        "p2,李𠮷,110***********1234,",
        "p3,@赵六,,",
    ],
    "legal_representatives": [
        "enterprise,person_name,person_kind,title,since,ended",
        "e2,王五,,投资人,2020-01-01,",
        "001,丁投资有限公司,enterprise,执行事务合伙人,,是",
    ],
    "shareholders": [
        "enterprise,holder,holder_name,share,votes,amount,nominee_for,record_date",
        "e2,p1,,30%,40%,100万,p3,2024-01-01",
        "e2,,外部公司,25-50%,,,,",
        "001,e2,,<5%,,,,",
        "001,p2,,,,,,",
        "001,p3,,0,,,,",
    ],
    "executives": ["enterprise,person,person_name,role", "e2,p1,,董事长/总经理", "e2,,钱七,书记"],
    "employments": ["enterprise,person,role", "001,p3,会计"],
    "controllers": ["enterprise,controller,basis", "e2,p1,VIE"],
    "branches": ["branch,enterprise", "001,e2"],
    "successors": ["predecessor,successor", "e2,001"],
    "guarantees": ["guarantor,debtor,amount", "e2,001,5"],
    "relatives": ["person,relative,kin", "p1,p3,父子"],
    "concerts": ["party,other,agreement", "p1,p3,协议"],
    "same_as": ["party,same,reviewer,score", "p1,p3,,0.7", "p2,p3,张三,"],
    "contacts": ["party,kind,value", "p1,phone,13800000000", "e2,address,北京市１号 101"],
    "sanctions": [
        "id,subject,subject_name,list,label,document_no,fine_amount,listed,valid_until,status",
        "R1,p1,,失信被执行人,yes,（2020）1号,,2020-01-02,2030-01-01,异议处理中",
        ",e2,,新名单,,文书2号,2万元,,,",
        ",,路人甲,行政处罚,,文3,,,,已修复",
        "R4,001,,失信被执行人,no,,,,,",
    ],
    "honours": ["id,subject,list,listed", "H1,001,纳税信用A级,2024-01-01"],
    "tenders": ["id,name,lot,buyer,regime,announced", "T1,项目,1,e2,bidding_law,2026-01-01"],
    "bids": ["tender,lot,bidder,price,agent", "T1,1,001,100万,张三", "T1,1,未知公司,90万,"],
    "reviewers": ["tender,person_name", "T1,专家"],
}


def write(desk: Desk, place: str = "gs/{}.csv") -> None:
    for name, lines in TABLES.items():
        desk.file(place.format(name), *lines)


def test_every_table_exports_and_loads_into_an_equal_store(desk: Desk) -> None:
    write(desk)
    desk.load("gs")
    told = desk.ask("export", "出")
    assert sorted(told["files"]) == sorted(f"{name}.csv" for name in TABLES)
    desk.load("出", "--store", "two.db")
    first, second = desk.ask("info"), desk.ask("info", "--store", "two.db")
    assert first == second
    for party in ("gs:e 1/2#%", "gs:e2", "gs:001", "gs:p1", "gs:p3"):
        assert desk.ask("show", party) == desk.ask("show", party, "--store", "two.db")
    again = desk.load("出")
    assert all(one["unchanged"] == one["accepted"] for one in again["rows"].values())
    assert desk.digest() == first["digest"]
    assert desk.ask("copy", "two.db", "sqlite:///three.db")["equal"]
    clear = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert len(clear) > 2 * len(TABLES)
    kept = [path.name for path in clear if NUMBER.encode() in path.read_bytes()]
    assert kept == ["persons.csv"]  # the department's own file


def test_the_order_of_files_rows_and_loads_changes_nothing(desk: Desk) -> None:
    write(desk)
    desk.load("gs")
    digest, rnd = desk.digest(), random.Random(7)
    names = list(TABLES)
    rnd.shuffle(names)
    for place, name in enumerate(names):
        header, *rows = TABLES[name]
        rnd.shuffle(rows)
        desk.file(f"way/{place:02}/{name}.csv", header, *rows)
    desk.load("way", "--source", "gs", "--store", "way.db")
    assert desk.ask("info", "--store", "way.db")["digest"] == digest
    for start in range(0, len(names), 5):  # what dangles waits for the table that declares it
        paths = [f"gs/{name}.csv" for name in names[start : start + 5]]
        desk.ask("load", *paths, "--source", "gs", "--store", "one.db", status=None)
    assert desk.ask("info", "--store", "one.db")["digest"] == digest
    assert desk.ask("rejects", "list", "--store", "one.db")["rows"] == []


def test_what_a_full_load_ends_another_brings_back(desk: Desk) -> None:
    tables = {
        "enterprises": "id,name e1,甲公司 e2,乙公司",
        "persons": "id,name p1,王一 p2,王二",
        "legal_representatives": "enterprise,person e1,p1 e2,p2",
        "sanctions": "id,subject,list R1,p1,失信被执行人 R2,p2,失信被执行人",
    }
    desk.tables("all/gs", **tables)
    desk.tables(
        "less/gs",
        enterprises="id,name e1,甲公司",
        persons="id,name p1,王一",
        legal_representatives="enterprise,person e1,p1",
        sanctions="id,subject,list R1,p1,失信被执行人",
    )
    desk.load("all/gs")
    digest = desk.digest()
    assert desk.grades("gs:e2") == [("managed", "high", True)]
    less = desk.load("less/gs", "--full", "--data-date", "2026-06-01")
    assert less["ended"] == {"legal_representatives": 1, "sanctions": 1}
    assert desk.grades("gs:e2") == []
    assert desk.ask("show", "gs:p2")["ended_records"][0]["status"] == "removed"
    again = desk.load("all/gs", "--full")
    assert again["ended"] == {}
    assert desk.grades("gs:e2") == [("managed", "high", True)]
    assert desk.digest() == digest


def test_an_answer_names_the_quarantined_rows_that_name_its_party(desk: Desk) -> None:
    desk.file("gs/enterprises.csv", "id,uscc,name", f"e1,{CODE},甲公司")
    desk.file("gs/persons.csv", "id,name,id_number", f"p1,王伟,{NUMBER}")
    desk.file("gs/shareholders.csv", "enterprise,holder,share", "e1,p1,三成", "e9,p1,10%")
    desk.load("gs", "--rejects", "拒收.csv", status=1)
    for party, rows in ((f"uscc:{CODE}", [2]), ("gs:p1", [2, 3])):
        answer = desk.ask("flags", party)
        missing = [line["id"] for line in answer["completeness"]["missing"]]
        assert missing == [f"shareholders.csv#{row}" for row in rows]
        assert answer["completeness"]["status"] == "insufficient_data"
        assert answer["looked_at"]["quarantined"] == len(rows)
    assert desk.ask("rejects", "drop", "--rule", "dangling_reference") == {"dropped": 1}
    mended = Path("拒收.csv").read_text("utf-8-sig").replace("三成", "30%").splitlines()
    kept = [line for line in mended if "dangling_reference" not in line]
    desk.file("已改.csv", *kept)
    assert desk.load("已改.csv", "--source", "gs")["rows"]["shareholders"]["accepted"] == 1
    desk.file("more/enterprises.csv", "id,name", "e9,无关公司")
    assert desk.load("more", "--source", "gs")["rows"].keys() == {"enterprises"}
    assert [tie["share"] for tie in desk.ask("show", "gs:p1")["relations"]] == [0.3]
    assert desk.ask("flags", "gs:p1")["completeness"]["status"] == "complete"


def test_a_row_that_names_a_party_in_another_spelling_is_named_too(desk: Desk) -> None:
    desk.file("a/enterprises.csv", "id,name", "e1,甲（北京）公司")
    desk.file("b/enterprises.csv", "id,name", "x1,甲(北京)公司", "x2,甲(北京)公司")
    desk.file("c/sanctions.csv", "subject_name,list", "甲（北京） 公司,失信被执行人")
    desk.load("a")
    desk.load("c")
    assert desk.grades("a:e1") == [("listed", "high", True)]
    desk.load("b")  # from now on the name fits several: the record waits, and everybody is told
    for _ in range(2):
        answer = desk.ask("flags", "a:e1")
        assert answer["flags"] == []
        assert [line["what"] for line in answer["completeness"]["missing"]] == ["quarantined"]
        desk.load("c", status=1)


def test_a_mapping_that_does_not_fit_leaves_no_store(desk: Desk) -> None:
    desk.file("企业.csv", "编号,名称", "1,甲䶮公司")
    desk.file("m.yaml", "source: 市监", "tables:", "  - file: 企业.csv", "    kind: enterprises",
              "    columns: {id: 编码, name: 名称}")  # fmt: skip
    files = sorted(path.name for path in desk.folder.iterdir())
    error = desk.ask("load", "企业.csv", "--mapping", "m.yaml", status=2)
    assert error["code"] == "bad_mapping"
    assert sorted(path.name for path in desk.folder.iterdir()) == files
    desk.ask("info", status=3)
    desk.file("m.yaml", "source: 市监", "tables:", "  - file: 企业.csv", "    kind: enterprises",
              "    columns: {id: 编号, name: 名称}")  # fmt: skip
    desk.load("企业.csv", "--mapping", "m.yaml")
    desk.file("m.yaml", "tables: [{file: 企业.csv, kind: 企业们}]")
    desk.ask("load", "企业.csv", "--mapping", "m.yaml", status=2)
    assert desk.ask("info")["parties"] == {"Enterprise": 1}
