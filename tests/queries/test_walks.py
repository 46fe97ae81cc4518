"""Traces, paths, resolving, searching and dossiers, one promise at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from graph_service.errors import AmbiguousName, OverBudget, UnknownParty
from graph_service.model import Budget, Conflict, Party, SourceRef
from queries.ask import Ask
from queries.dossier import show
from queries.info import info
from queries.resolve import resolve
from queries.search import search
from queries.walk.paths import paths
from queries.walk.trace import trace
from tests.queries.stories import DAY, NOW, contact, day, firm, person, record, stake, tie, world
from tests.support.memory import MemoryStore
from tests.support.numbers import uscc

CODE = uscc(7)
ZHANG = person("登记:张", "张三", record("登记:张"))
COMPANY = firm(f"uscc:{CODE}", "䶮𠮷（北京）科技有限公司")._replace(aliases=("登记:甲",))


@pytest.mark.parametrize(
    "text",
    [
        f"uscc:{CODE}",
        CODE,
        CODE.lower(),
        f" {CODE} ",
        f"USCC:{CODE.lower()}",
        "登记:甲",
        pytest.param(COMPANY.key, id="key"),  # workers must collect equal names
        "name:䶮𠮷(北京)科技有限公司",
        "name:䶮𠮷（北京） 科技有限公司",
    ],
)
def test_a_party_is_found_by_everything_that_names_it(text: str) -> None:
    assert resolve(world([COMPANY, ZHANG]), text).id == COMPANY.id


def test_a_local_id_with_breaking_characters_is_found_as_written() -> None:
    odd = firm("登记:甲%2F1")
    assert resolve(world([odd]), "登记:甲/1").id == odd.id


@pytest.mark.parametrize("text", ["", "张三", "name:张", "uscc:123", "登记:无", "name:"])
def test_what_names_nobody_is_unknown(text: str) -> None:
    with pytest.raises(UnknownParty):
        resolve(world([COMPANY, ZHANG]), text)


@pytest.mark.parametrize("text", ["登记:无", "name:李某"])
def test_what_a_load_may_yet_bring_is_not_simply_unknown(text: str) -> None:
    with pytest.raises(UnknownParty) as caught:
        resolve(MemoryStore([COMPANY, ZHANG], (), unfinished=(7,)), text)
    assert caught.value.unfinished == (7,)
    assert "not finished" in caught.value.detail


def test_a_name_of_several_lists_the_candidates() -> None:
    with pytest.raises(AmbiguousName) as caught:
        resolve(world([ZHANG, person("登记:张2", "张 三")]), "name:张三")
    assert caught.value.candidates == ("登记:张", "登记:张2")


def test_an_exact_id_comes_first_in_a_search() -> None:
    store = world([COMPANY, firm("登记:乙", f"{CODE}有限公司")])
    assert [hit.party.id for hit in search(store, CODE).hits] == [COMPANY.id, "登记:乙"]
    assert search(store, CODE, ["Person"]).hits == ()
    homonyms = world([person(f"p{n}", "王伟") for n in range(9)])
    short = search(homonyms, "王伟", limit=3)
    assert len(short.hits) == 3
    assert short.completeness.status == "truncated"
    assert search(homonyms, "王伟", limit=9).completeness.status == "complete"


def star(count: int) -> MemoryStore:
    firms = [firm(f"企{n:03d}") for n in range(count)]
    return world([ZHANG, *firms], *(stake(ZHANG.id, f.id, "0.1") for f in firms))


def test_a_hub_is_cut_named_and_counted_even_at_the_root() -> None:
    ask = Ask(as_of=DAY, budget=Budget(per_party=5))
    answer = trace(star(6), ZHANG, ask)
    assert len(answer.relations) == 5
    assert answer.completeness.status == "truncated"
    assert answer.completeness.budget == "per_party"
    assert answer.completeness.hubs == (ZHANG.id,)
    assert answer.completeness.depth is None
    assert [(m.what, m.id, m.why) for m in answer.completeness.missing] == [
        ("hub", ZHANG.id, "5 of 6")
    ]
    assert trace(star(5), ZHANG, ask).completeness.status == "complete"
    assert trace(star(6), ZHANG, ask, per_party=6).completeness.status == "complete"


def test_the_budget_of_parties_is_said() -> None:
    ask = Ask(as_of=DAY, budget=Budget(parties=4))
    answer = trace(star(6), ZHANG, ask)
    assert [p.id for p in answer.parties] == [ZHANG.id, "企000", "企001", "企002"]
    assert {r.to_id for r in answer.relations} == {"企000", "企001", "企002"}
    assert answer.completeness.budget == "parties"
    assert answer.completeness.missing[0].why == "4 of at least 7 parties, at depth 1"


def test_contacts_and_possible_namesakes_are_walked_only_when_named() -> None:
    store = world(
        [ZHANG, contact("phone:1"), person("登记:张2")],
        tie("HAS_CONTACT", ZHANG.id, "phone:1"),
        tie("POSSIBLY_SAME_AS", ZHANG.id, "登记:张2"),
    )
    assert trace(store, ZHANG, NOW).relations == ()
    assert len(trace(store, ZHANG, NOW, types=["HAS_CONTACT"]).relations) == 1


def test_ties_between_parties_of_the_last_level_are_left_out() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙")],
        stake(ZHANG.id, "甲", "0.1"),
        stake(ZHANG.id, "乙", "0.1"),
        stake("甲", "乙", "0.1"),
    )
    assert len(trace(store, ZHANG, NOW, depth=1).relations) == 2
    assert len(trace(store, ZHANG, NOW, depth=2).relations) == 3
    assert trace(store, ZHANG, NOW, depth=2).completeness.depth == 1
    assert trace(store, ZHANG, NOW, depth=0).completeness.depth is None


def test_whom_a_stake_is_held_for_is_met_from_every_side() -> None:
    held = stake("李", "甲", "0.6", attributes={"nominee_for": ZHANG.id})
    store = world([ZHANG, person("李", "李四"), firm("甲")], held)
    for root in (ZHANG, person("李", "李四"), firm("甲")):
        assert set(trace(store, root, NOW, depth=1).depths) == {ZHANG.id, "李", "甲"}
    (path,) = paths(store, ZHANG, firm("甲"), NOW).paths
    assert path.steps[0].start.id == ZHANG.id
    assert path.steps[0].nominee is not None


def test_an_unknown_share_passes_a_threshold_and_is_said() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙")], stake(ZHANG.id, "甲"), stake(ZHANG.id, "乙", "0.2")
    )
    answer = trace(store, ZHANG, NOW, min_share=Decimal("0.25"))
    assert [r.to_id for r in answer.relations] == ["甲"]
    assert answer.completeness.status == "insufficient_data"
    known = trace(store, ZHANG, NOW, min_share=Decimal("0.25"), known_only=True)
    assert known.relations == ()
    assert known.completeness.status == "complete"


def test_a_party_known_only_by_its_code_and_an_unfinished_load_are_said() -> None:
    bare = Party(f"uscc:{CODE}", "Enterprise", "", "", known=False)
    store = MemoryStore([ZHANG, bare], [stake(ZHANG.id, bare.id, "0.2")], unfinished=(9,))
    answer = trace(store, ZHANG, NOW)
    assert answer.completeness.status == "insufficient_data"
    assert [(m.what, m.id) for m in answer.completeness.missing] == [
        ("party", bare.id),
        ("load", "9"),
    ]


def test_a_question_out_of_time_fails() -> None:
    with pytest.raises(OverBudget):
        trace(star(3), ZHANG, Ask(as_of=DAY, budget=Budget(seconds=0.0)))


def chain(length: int) -> tuple[MemoryStore, list[Party]]:
    firms = [firm(f"企{n:02d}") for n in range(length + 1)]
    ties = [stake(f"企{n:02d}", f"企{n + 1:02d}", "0.5") for n in range(length)]
    return world(firms, *ties), firms


def test_none_within_k_is_not_none() -> None:
    store, firms = chain(8)
    assert paths(store, firms[0], firms[8], NOW, k=8).paths[0].length == 8
    short = paths(store, firms[0], firms[8], NOW, k=7)
    assert short.paths == ()
    assert short.within == 7
    apart = world([*firms, firm("孤")])
    assert paths(apart, firms[0], firm("孤"), NOW).within is None


def test_a_party_to_itself_is_one_path_without_steps() -> None:
    store, firms = chain(2)
    (path,) = paths(store, firms[0], firms[0], NOW).paths
    assert path.length == 0


def test_parallel_relations_are_one_step() -> None:
    store = world(
        [ZHANG, firm("甲")],
        stake(ZHANG.id, "甲", "0.1"),
        tie("CONTROLS", ZHANG.id, "甲"),
        tie("GUARANTEES", "甲", ZHANG.id),
    )
    (path,) = paths(store, ZHANG, firm("甲"), NOW).paths
    assert path.steps[0].relation.type == "CONTROLS"
    assert [s.relation.type for s in path.steps[0].parallel] == ["GUARANTEES", "SHAREHOLDER_OF"]


def test_types_may_stand_among_what_is_avoided_or_required() -> None:
    store = world(
        [ZHANG, firm("甲"), firm("乙")],
        tie("GUARANTEES", ZHANG.id, "甲"),
        stake(ZHANG.id, "乙", "0.1"),
        stake("乙", "甲", "0.1"),
    )
    avoided = paths(store, ZHANG, firm("甲"), NOW, avoid=["GUARANTEES"])
    assert [p.length for p in avoided.paths] == [2]
    required = paths(store, ZHANG, firm("甲"), NOW, require=["SHAREHOLDER_OF"])
    assert [p.length for p in required.paths] == [2]


def test_too_many_paths_are_cut_and_said() -> None:
    middle = [firm(f"企{n:04d}") for n in range(1001)]
    store = world(
        [ZHANG, firm("甲"), *middle],
        *(stake(ZHANG.id, f.id, "0.1") for f in middle),
        *(stake(f.id, "甲", "0.1") for f in middle),
    )
    answer = paths(store, ZHANG, firm("甲"), Ask(as_of=DAY, budget=Budget(per_party=5000)))
    assert len(answer.paths) == 1000
    assert answer.completeness.budget == "paths"
    cut = paths(store, ZHANG, firm("甲"), NOW)
    assert cut.completeness.status == "truncated"
    assert cut.completeness.hubs


def test_the_dossier_holds_what_is_in_force_and_what_has_ended() -> None:
    over = record("甲", id="旧", valid_until=day("2025-01-01"))
    red = record("甲", "守信激励对象", id="红", honour=True)
    coming = record("甲", id="将", listed=NOW.as_of + 1)
    never = record("甲", id="移", listed=NOW.as_of + 1, status="removed")  # in force on no day
    company = firm("甲", "甲公司", record("甲"), over, red, coming, never, status="存续")
    conflict = Conflict("甲", "name", (("甲公司", SourceRef("市监", "企业.csv", 2)),))
    store = MemoryStore(
        [company, ZHANG],
        [
            stake(ZHANG.id, "甲", "0.6"),
            tie("EXECUTIVE_OF", ZHANG.id, "甲", until=day("2020-01-01")),
        ],
        disagreements=[conflict],
    )
    dossier = show(store, store.parties(["甲"])["甲"], NOW)
    assert [r.id for r in dossier.records] == ["名单:甲"]
    assert [r.id for r in dossier.upcoming_records] == ["将"]
    assert {r.id for r in dossier.ended_records} == {"旧", "移"}
    tomorrow = show(store, store.parties(["甲"])["甲"], replace(NOW, as_of=NOW.as_of + 1))
    assert {r.id for r in tomorrow.records} == {"名单:甲", "将"}
    assert tomorrow.upcoming_records == ()
    assert [r.id for r in dossier.honours] == ["红"]
    assert [(s.relation.type, s.relation.former) for s in dossier.relations] == [
        ("EXECUTIVE_OF", True),
        ("SHAREHOLDER_OF", False),
    ]
    assert {f.grade for f in dossier.flags} == {"listed", "controlled", "held"}
    assert dossier.conflicts == (conflict,)


def test_info_tells_what_the_store_holds() -> None:
    answer = info(world([ZHANG, COMPANY], stake(ZHANG.id, COMPANY.id, "0.1")), DAY)
    assert answer.parties == {"Person": 1, "Enterprise": 1}
    assert answer.relations == {"SHAREHOLDER_OF": 1}
    assert len(answer.digest) == 64
    assert answer.data_version == answer.digest[:16]
