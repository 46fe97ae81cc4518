"""What changed between two days: told stories, and random worlds against both days' answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.diff import Change
from graph_service.errors import UsageError
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.changes.diff import diff, diff_stream
from queries.control.control import controllers
from queries.flags.population import flag_all
from tests.oracle import naive
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.queries.stories import DAY, NOW, contact, firm, person, record, stake, tie, world
from tests.support.memory import MemoryStore
from tests.support.proof import times

proven = settings(
    max_examples=times(40, 800),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
BEFORE = DAY - 365
ZHANG = person("张", "张三", record("张", listed=DAY - 800))
A, B = firm("甲"), firm("乙䶮")


def changes(
    who: Party | None, *ties: Relation, people: tuple[Party, ...] = (ZHANG, A, B)
) -> list[Change]:
    return list(diff(world(list(people), *ties), NOW, BEFORE, who).changes)


def brief(found: list[Change]) -> list[tuple[str, str, str]]:
    return [(c.what, c.change, c.other.id if c.other else c.subject.id) for c in found]


def test_a_new_stake_makes_owner_controller_and_flags() -> None:
    found = changes(A, stake("张", "甲", "0.6", since=DAY - 10, id="新"))
    assert brief(found) == [
        ("tie", "appeared", "甲"),
        ("owner", "appeared", "张"),
        ("controller", "appeared", "张"),
        ("flag", "appeared", "甲"),
        ("flag", "appeared", "甲"),
    ]
    for change in found:
        assert [c.step.relation.id for c in change.because if c.step] == ["新"]
        assert {c.change for c in change.because} == {"appeared"}


def test_a_stake_that_grows_is_a_change_with_both_figures() -> None:
    found = changes(
        A,
        stake("张", "甲", "0.6", until=DAY - 10, id="旧"),
        stake("张", "甲", "0.7", since=DAY - 10, id="新"),
    )
    (owner,) = [c for c in found if c.what == "owner"]
    assert owner.change == "changed"
    assert (owner.before["direct"], owner.after["direct"]) == (Decimal("0.6"), Decimal("0.7"))
    assert {(c.change, c.step.relation.id) for c in owner.because if c.step} == {
        ("ended", "旧"), ("appeared", "新"),
    }  # fmt: skip
    assert not [c for c in found if c.what == "flag"]


def test_a_change_far_above_is_told_by_its_row() -> None:
    found = changes(
        B,
        stake("甲", "乙䶮", "0.9", id="近"),
        stake("张", "甲", "0.9", until=DAY - 5, id="远"),
    )
    assert ("controller", "ended", "张") in brief(found)
    flag = next(c for c in found if c.what == "flag")
    assert (flag.change, [c.step.relation.id for c in flag.because if c.step]) == ("ended", ["远"])


def because(found: list[Change], what: str) -> set[tuple[str, str]]:
    (change,) = [c for c in found if c.what == what and c.change == "changed"]
    return {(c.change, c.step.relation.id) for c in change.because if c.step}


def test_a_bound_that_another_holder_moved_is_told_by_that_row() -> None:
    ties = (
        stake("张", "甲", id="不详"),
        stake("乙䶮", "甲", "0.7", until=DAY - 5, id="旧"),
        stake("乙䶮", "甲", "0.4", since=DAY - 5, id="新"),
    )
    found = [c for c in changes(A, *ties) if c.other is None or c.other.id == "张"]
    assert because(found, "owner") == {("ended", "旧"), ("appeared", "新")}


def test_a_figure_that_a_circle_moved_is_told_by_the_circles_row() -> None:
    ties = (
        stake("张", "甲", "0.6", id="近"),
        stake("乙䶮", "甲", "0.2", id="回"),
        stake("甲", "乙䶮", "0.5", since=DAY - 5, id="环"),
    )
    found = [c for c in changes(A, *ties) if c.other is None or c.other.id == "张"]
    assert because(found, "owner") == {("appeared", "环")}


def test_a_suspicion_that_a_hub_ended_is_told_by_who_came() -> None:
    room = contact("phone:1")
    ties = [tie("HAS_CONTACT", who, "phone:1") for who in ("张", "甲")]
    store = world(
        [ZHANG, A, B, room], *ties, tie("HAS_CONTACT", "乙䶮", "phone:1", since=DAY - 5, id="来")
    )
    found = diff(store, replace(NOW, hub_contact=2), BEFORE, A).changes
    (flag,) = [c for c in found if c.what == "flag"]
    assert flag.change == "ended"
    assert [(c.change, c.step.relation.id) for c in flag.because if c.step] == [("appeared", "来")]


def test_a_record_that_ends_takes_its_flags_along() -> None:
    done = person("张", "张三", record("张", listed=DAY - 800, valid_until=DAY - 1))
    found = changes(A, stake("张", "甲", "0.3"), people=(done, A))
    assert brief(found) == [("flag", "ended", "甲")]
    assert [c.record.id for c in found[0].because if c.record] == ["名单:张"]
    own = changes(done, stake("张", "甲", "0.3"), people=(done, A))
    assert brief(own) == [("record", "ended", "张"), ("flag", "ended", "张")]


def test_nothing_changed_and_days_out_of_order() -> None:
    assert changes(A, stake("张", "甲", "0.6")) == []
    with pytest.raises(UsageError):
        diff(world([A]), NOW, DAY + 1, A)


def test_a_limit_lists_few_and_counts_all() -> None:
    store = world([ZHANG, A], stake("张", "甲", "0.6", since=DAY - 10))
    answer = diff(store, NOW, BEFORE, None, limit=1)
    assert len(answer.changes) == 1
    assert sum(answer.counts.values()) == 4  # a tie, a controller, two flags
    assert answer.completeness.status == "truncated"
    assert len(list(diff_stream(store, NOW, BEFORE))) == 4


def _at(w: World, day: int) -> World:
    return replace(w, day=day)


@proven
@given(worlds(most=14), st.sampled_from((1, 301, 500, 1000)))
def test_the_population_changed_as_both_days_say(w: World, back: int) -> None:
    store = MemoryStore(w.parties.values(), w.relations)
    ask, start = Ask(as_of=w.day, hub_contact=w.hub), w.day - back
    found = list(diff_stream(store, ask, start))
    early, late = _at(w, start), _at(w, w.day)
    assert all(c.because for c in found)
    ties = {(c.change, c.step.relation.id) for c in found if c.what == "tie" and c.step}
    old, new = ({r.id for r in x.now()} for x in (early, late))
    assert ties == {("appeared", id) for id in new - old} | {("ended", id) for id in old - new}
    records = {(c.change, c.record.id) for c in found if c.what == "record" and c.record}
    assert records == {
        ("appeared" if naive.in_force(r, w.day) else "ended", r.id)
        for p in w.parties.values()
        for r in p.records
        if r.label and naive.in_force(r, w.day) != naive.in_force(r, start)
    }
    control = {
        (c.change, c.other.id, c.subject.id) for c in found if c.what == "controller" and c.other
    }
    below = [{(id, o) for id in w.parties for o in naive.control(x, {id})} for x in (early, late)]
    assert {pair[1:] for pair in control if pair[0] == "appeared"} <= below[1] - below[0]
    assert {pair[1:] for pair in control if pair[0] == "ended"} <= below[0] - below[1]
    assert {o for _, o in below[1] - below[0]} >= {o for how, _, o in control if how == "appeared"}
    flags = {(c.change, _key(c)) for c in found if c.what == "flag"}
    days = [
        {
            (f.party.id, f.listed.id, f.grade, f.rule)
            for f in flag_all(store, replace(ask, as_of=d)).flags
        }
        for d in (start, w.day)
    ]
    assert flags == {("appeared", k) for k in days[1] - days[0]} | {
        ("ended", k) for k in days[0] - days[1]
    }


def _key(change: Change) -> tuple[str, str, str, str]:
    assert change.flag is not None
    f = change.flag
    return f.party.id, f.listed.id, f.grade, f.rule


@proven
@given(worlds(most=12), st.data())
def test_a_partys_controllers_changed_as_both_days_say(w: World, data: st.DataObject) -> None:
    who = w.parties[data.draw(st.sampled_from(sorted(w.parties)))]
    store = MemoryStore(w.parties.values(), w.relations)
    ask, start = Ask(as_of=w.day, hub_contact=w.hub), w.day - 301
    if who.kind != "Enterprise":
        return
    found = diff(store, ask, start, who).changes
    got = {(c.change, c.other.id) for c in found if c.what == "controller" and c.other}
    old, new = (
        {c.party.id: c.share for c in controllers(store, who, replace(ask, as_of=d)).controllers}
        for d in (start, w.day)
    )
    assert got == (
        {("appeared", id) for id in new.keys() - old.keys()}
        | {("ended", id) for id in old.keys() - new.keys()}
        | {("changed", id) for id in old.keys() & new.keys() if old[id] != new[id]}
    )
    assert all(c.because for c in found)
    # What appeared because of a tie rests on one that did not hold before.
    then = {r.id for r in _at(w, start).now()}
    for change in found:
        for cause in change.because:
            if cause.step is not None and cause.change == "appeared":
                assert cause.step.relation.id not in then


def test_tie_types_beyond_holdings_are_seen() -> None:
    found = changes(A, tie("EXECUTIVE_OF", "张", "甲", role="chair", since=DAY - 5))
    assert ("tie", "appeared", "甲") in brief(found)
