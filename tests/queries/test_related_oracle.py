"""Random worlds: related parties against rules written out by hand, no difference allowed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.days import Span
from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.statute.related import related
from tests.oracle import related as oracle
from tests.oracle.naive import World
from tests.oracle.worlds import TODAY
from tests.support.memory import MemoryStore
from tests.support.proof import times

proven = settings(
    max_examples=times(60, 10_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
KINS = ("spouse", "parent", "child", "sibling", "grandparent", "in_law", "nephew_niece", "other")
OTHERS = ("LEGAL_REPRESENTATIVE_OF", "CONTROLS", "CONCERT_WITH", "RELATIVE_OF", "RELATIVE_OF")
ROLES = ("chair", "director", "supervisor", "independent_director", "independent_director", None)


SHARES = ("0.05", "0.2", "0.3", "0.3", "0.5", "0.5", "0.6", "0.6", "0.9", "1", None)


@st.composite
def states(draw: st.DrawFn) -> World:
    """A dense world: state bodies, listed companies, kin of all sorts, independent directors."""
    random = Random(draw(st.integers(0, 2**64)))
    people = [f"人{n}" for n in range(random.randint(1, 3))]
    firms = [f"企{n}" for n in range(random.randint(2, 5))]
    parties = {id: Party(id, "Person", "王伟", f"{n:016x}") for n, id in enumerate(people)}
    for number, id in enumerate(firms, 10):
        more = {"securities_code": "600000"} if random.random() < 0.5 else {}
        if kind := random.choice((None, None, None, "机关", "个体工商户")):
            more["type"] = kind
        parties[id] = Party(id, "Enterprise", "䶮科技", f"{number:016x}", (), more)
    ties = [_tie(random, people, firms, n) for n in range(draw(st.integers(1, 18)))]
    return World(parties, ties, TODAY)


def _tie(random: Random, people: list[str], firms: list[str], number: int) -> Relation:
    type_ = random.choice((*["SHAREHOLDER_OF"] * 6, *["EXECUTIVE_OF"] * 3, *OTHERS))
    start, end = random.choice(people + firms), random.choice(firms)
    more: dict[str, object] = {}
    if type_ == "SHAREHOLDER_OF":
        share = random.choice(SHARES)
        exact = None if share is None else Decimal(share)
        more = {"share": exact, "share_min": exact, "share_max": exact}
    elif type_ == "EXECUTIVE_OF":
        start, more = random.choice(people), {"role": random.choice(ROLES)}
    elif type_ == "RELATIVE_OF":
        start, end = random.choice(people), random.choice(people)
        more = {"attributes": {"kin": random.choice(KINS)}}
    elif type_ == "CONCERT_WITH":
        end = random.choice(people + firms)
    since = random.choice((None, None, None, TODAY - 200, TODAY - 400))
    until = random.choice((None, None, None, None, TODAY - 100, TODAY - 300, TODAY))
    if since is not None and until is not None and until <= since:
        until = None
    made = Relation(f"r{number:02d}", type_, start, end, since=since, until=until)
    return made._replace(**more)  # type: ignore[arg-type]


def said(world: World, who: str, pack: str, back: int | None = None) -> oracle.Said:
    store = MemoryStore(world.parties.values(), world.relations)
    span = None if back is None else Span(back, "d")
    answer = related(store, world.parties[who], Ask(as_of=world.day, look_back=span), pack)
    return {(r.rule, r.inverse, r.party.id) for r in answer.related}


@proven
@given(states(), st.data())
def test_company_law(world: World, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(sorted(world.parties)))
    assert said(world, who, "company_law_265") == oracle.company_law(world, who)


@proven
@given(states(), st.data())
def test_accounting_standard(world: World, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(sorted(world.parties)))
    assert said(world, who, "cas_36") == oracle.cas_36(world, who, old=False)


@proven
@given(states(), st.data())
def test_accounting_standard_before_2020(world: World, data: st.DataObject) -> None:
    who, shift = data.draw(st.sampled_from(sorted(world.parties))), 3000

    def earlier(day: int | None) -> int | None:
        return None if day is None else day - shift

    ties = [r._replace(since=earlier(r.since), until=earlier(r.until)) for r in world.relations]
    old = replace(world, relations=ties, day=world.day - shift)
    assert said(old, who, "cas_36") == oracle.cas_36(old, who, old=True)


@proven
@given(states(), st.data())
def test_exchange_rules_with_a_look_back(world: World, data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(sorted(world.parties)))
    back = data.draw(st.sampled_from((1, 250, 900)))
    expected = oracle.exchange(world, who, world.day - back)
    assert said(world, who, "sse", back) == expected
