"""Random companies that end and begin: suspected phoenixes against the features read out again."""

from __future__ import annotations

from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.model import Party, Relation
from queries.ask import Ask
from queries.phoenix import phoenix
from tests.oracle.naive import World
from tests.queries.stories import contact, firm, person, record, stake, tie
from tests.support.memory import MemoryStore
from tests.support.proof import times

DAY, END = date(2026, 3, 1).toordinal(), date(2024, 5, 1).toordinal()
FOUNDED = (
    "2023-04-30", "2023-05-01", "2024-05-02", "2024-06-01", "2026-03-01", "2026-03-02", "",
    "2020-01-01",
)  # fmt: skip
KINDS, HUB = ("address", "phone"), 2


@st.composite
def cities(draw: st.DrawFn) -> World:
    """Two companies that ended, three that go on, two people, an address and a phone."""
    random = Random(draw(st.integers(0, 2**64)))
    parties: dict[str, Party] = {}
    for id in ("旧1", "旧2", "新1", "新2", "新3"):
        more = {
            "industry": random.choice(("F51", "F51", "F51", "F52")),
            "established": random.choice(FOUNDED),
        }
        if random.random() < 0.4:
            more["address"] = "某路1号"
        if id.startswith("旧"):
            more |= {"status": random.choice(("注销", "吊销")), "status_date": "2024-05-01"}
        lists = [record(id, random.choice(("失信被执行人", "行政处罚")))]
        listed = lists if id.startswith("旧") and random.random() < 0.8 else []
        parties[id] = firm(id, id, *listed, **{k: v for k, v in more.items() if v})
    parties |= {p.id: p for p in (person("王"), person("李"))}
    parties |= {p.id: p for p in (contact("address:甲"), contact("phone:1"))}
    return World(parties, [_tie(random, n) for n in range(draw(st.integers(8, 20)))], DAY)


def _tie(random: Random, number: int) -> Relation:
    who, where = random.choice("王李"), random.choice(("旧1", "旧2", "新1", "新2", "新3"))
    until = random.choice((None, None, END))
    id = f"r{number}"
    kind = random.choice(("LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "stake", "c", "c", "c"))
    if kind == "c":
        return tie(
            "HAS_CONTACT", where, random.choice(("address:甲", "phone:1")), id=id, until=until
        )
    if kind == "stake":
        return stake(who, where, "0.3", id=id, until=until)
    return tie(kind, who, where, id=id, until=until)


def expected(w: World) -> set[tuple[str, str, frozenset[str]]]:
    """Every pair with at least three features, from plain lists."""
    now = [r for r in w.relations if r.until is None]
    users = {c: {r.from_id for r in now if r.to_id == c} for c in ("address:甲", "phone:1")}
    found = set()
    for a in ("旧1", "旧2"):
        if not any(r.list == "失信被执行人" for r in w.parties[a].records):
            continue
        for b in ("新1", "新2", "新3"):
            begun = w.parties[b].attributes.get("established", "")
            if not "2023-05-01" <= begun <= "2026-03-01":
                continue
            features = _shared(w, now, users, a, b)
            if len(features) >= 3:
                found.add((a, b, frozenset(features)))
    return found


def _shared(w: World, now: list[Relation], users: dict[str, set[str]], a: str, b: str) -> set[str]:
    posts = {"LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF"}
    once = {r.from_id for r in w.relations if r.to_id == a and r.type in posts}
    here = {r.from_id for r in now if r.to_id == b}
    features = {"officers"} if once & here else set()
    for kind in ("address", "phone", "industry"):
        both = {r.to_id for r in w.relations if r.from_id == a and r.type == "HAS_CONTACT"} & {
            r.to_id for r in now if r.from_id == b and r.type == "HAS_CONTACT"
        }
        shared = [c for c in both if c.startswith(f"{kind}:")]
        text = w.parties[a].attributes.get(kind)
        equal = bool(text) and text == w.parties[b].attributes.get(kind)
        if any(len(users[c]) <= HUB for c in shared) or (equal and not shared):
            features.add(kind)
    return features


@settings(
    max_examples=times(60, 10_000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(cities())
def test_phoenixes_as_the_features_say_from_both_ends(w: World) -> None:
    store = MemoryStore(w.parties.values(), w.relations)
    wanted = expected(w)
    for id in ("旧1", "旧2", "新1", "新2", "新3"):
        answer = phoenix(store, w.parties[id], Ask(as_of=DAY, hub_contact=HUB))
        got = {
            (p.old.id, p.new.id, frozenset(f.kind for f in p.features)) for p in answer.phoenixes
        }
        assert got == {pair for pair in wanted if id in pair[:2]}
