"""Every grade with its condition and severity, as the default pack states them."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Desk

HIGH, MEDIUM, LOW = "high", "medium", "low"


@pytest.fixture
def city(desk: Desk) -> Desk:
    """p0 is blacklisted, e4 is a listed company; everything else hangs on them."""
    desk.tables(
        "gs",
        persons="id,name " + " ".join(f"p{n},人{n}" for n in range(10)),
        enterprises="id,name,type "
        + " ".join(f"e{n},企{n}公司," for n in range(30))
        + " k1,个体店,个体工商户 k2,独资厂,个人独资企业",
        sanctions="id,subject,list,listed,penalty_kind,fine_amount B,p0,失信被执行人,2020-01-01,,"
        " H,p2,限制高消费,2020-01-01,, X,e0,行政处罚,2020-01-01,警告,"
        " X2,e1,行政处罚,2020-01-01,罚款,9999"
        " X3,e2,行政处罚,2020-01-01,罚款,10000 X4,e3,经营异常名录,2020-01-01,,"
        " U,p3,神秘名单,2020-01-01,,"
        " E,e4,严重违法失信企业名单,2021-01-01,,",
        executives="enterprise,person,role e5,p0,独立董事 e6,p0,职工监事 e7,p0,董事/独立董事"
        " e8,p0,监事"
        " e9,p2,董事长 e10,p3,董事 e4,p4,董事 e11,p5,董事",
        legal_representatives="enterprise,person e7,p0 e4,p5 e12,p5 e0,p6 k1,p0",
        shareholders="enterprise,holder,share,nominee_for e13,p0,25%, e14,p0,24.99%, e15,p0,,"
        " e16,p0,20%-30%, e17,p0,50%, e18,p0,50.0000000001%, e20,e18,60%, e21,e17,100%, e4,p7,60%,"
        " e22,p7,60%, e23,e4,51%, e24,p0,>50%, e25,p0,45%-55%, e27,p8,60%,p0 k2,p0,,",
        controllers="enterprise,controller e26,p0 e28,e26",
        branches="branch,enterprise e29,e4 e11,e29",
    )
    desk.load("gs")
    return desk


def test_every_grade_and_severity(city: Desk) -> None:
    held = ("held", MEDIUM, True)
    controlled = ("controlled", HIGH, True)
    expected = {
        "e0": [("listed", LOW, True)],  # a warning
        "e1": [("listed", LOW, True)],  # a fine below 10,000 yuan
        "e2": [("listed", MEDIUM, True)],
        "e3": [("listed", LOW, True)],
        "e5": [("managed", LOW, True)],
        "e6": [("managed", LOW, True)],
        "e7": [("managed", HIGH, True)],  # several posts, one flag of the gravest severity
        "e8": [("managed", MEDIUM, True)],
        "e9": [],  # a restriction does not propagate
        "e10": [("managed", MEDIUM, True)],  # an unknown list counts as a blacklist
        "e11": [("sibling", MEDIUM, True)],  # a branch's branch is two hops away
        "e12": [("sibling", MEDIUM, True)],
        "e13": [held],
        "e14": [("held", LOW, True)],
        "e15": [("held", MEDIUM, False)],
        "e16": [("held", MEDIUM, False)],
        "e17": [held],  # a half is no control
        "e18": [controlled, held],
        "e20": [controlled],
        "e21": [],
        "e22": [("sibling", MEDIUM, True)],
        "e23": [controlled, held, ("sibling", MEDIUM, True)],
        "e24": [controlled, held],
        "e25": [held],
        "e26": [controlled],
        "e27": [controlled, held],  # the stake of a nominee is the nominator's
        "e28": [controlled],  # a declared control carries on
        "e29": [("branch", MEDIUM, True)],
        "k1": [controlled, ("managed", HIGH, True)],
        "k2": [controlled, ("held", MEDIUM, False)],
        "p4": [],  # an executive is not responsible
        "p5": [("responsible", MEDIUM, True)],
        "p6": [],
        "p7": [("responsible", MEDIUM, True)],
        "p8": [],
    }
    found = {party: city.grades(f"gs:{party}") for party in expected}
    assert found == expected


def test_the_whole_population_is_the_sum_of_its_parties(city: Desk) -> None:
    def names(flags: list[dict[str, object]]) -> set[str]:
        keys = ("party", "listed", "grade", "rule")
        return {repr([flag[key] for key in keys]) for flag in flags}

    everything = city.ask("flag-all")
    parties = [f"gs:e{n}" for n in range(30)] + [f"gs:p{n}" for n in range(10)] + ["gs:k1", "gs:k2"]
    city.file("名单.csv", "id", *parties)
    each = city.ask("flags", "--file", "名单.csv")["answers"]
    assert [answer["row"] for answer in each] == list(range(2, 2 + len(parties)))
    assert names(everything["flags"]) == set().union(*(names(one["flags"]) for one in each))
    assert sum(everything["counts"].values()) == len(everything["flags"])


def test_only_an_upper_bound_over_a_half_is_said_to_be_missing(city: Desk) -> None:
    for party, most in (("gs:e15", "100%"), ("gs:e25", "55%")):
        completeness = city.ask("flags", party)["completeness"]
        assert completeness["status"] == "insufficient_data"
        assert [(line["what"], line["id"]) for line in completeness["missing"]] == [
            ("share", party)
        ]
        assert most in completeness["missing"][0]["why"]
    assert city.ask("flags", "gs:e24")["completeness"]["status"] == "complete"


def test_suspicions_are_never_certain_and_hubs_prove_nothing(desk: Desk) -> None:
    desk.tables(
        "gs",
        enterprises="id,name,status,dissolved d1,老公司,注销,2024-05-01 n1,新公司,, n2,另公司,,"
        + "".join(f" e{n},企{n}公司,," for n in range(24)),
        persons="id,name p1,王一 p2,王二 p3,王三 p4,李四",
        relatives="person,relative,kin p1,p2,父子 p1,p3,朋友",
        legal_representatives="enterprise,person e22,p2 e23,p3",
        same_as="party,same,reviewer,score p1,p4,,0.9",
        successors="predecessor,successor d1,n1 e0,n2",
        contacts="party,kind,value p1,phone,139-0000-0001 n2,phone,13900000001"
        + "".join(f" e{n},phone,13700000000" for n in range(20))
        + " p1,phone,13700000000",
        sanctions="subject,list p1,失信被执行人 d1,严重违法失信企业名单",
    )
    desk.load("gs")
    suspected = [("suspected", LOW, False)]
    assert desk.grades("gs:n1") == suspected  # it succeeds a dissolved listed company
    assert desk.grades("gs:n2") == suspected  # the telephone; e0 is not listed
    assert desk.grades("gs:e22") == suspected
    assert desk.grades("gs:e23") == []  # friends are no close kin
    assert desk.grades("gs:p4") == suspected
    assert desk.grades("gs:e5") == []  # 21 parties use that telephone
    assert len(desk.ask("flags", "gs:e5")["completeness"]["hubs"]) == 0
    assert len(desk.ask("flags", "gs:p1")["completeness"]["hubs"]) == 1
