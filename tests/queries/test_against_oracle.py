"""Random worlds: every question against the naive oracle, with no difference allowed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.common import Flag, Step
from graph_service.days import Span
from graph_service.model import Budget, Direction, Record, Relation
from queries.ask import Ask, asking
from queries.flags.exposure import as_pack, exposure
from queries.flags.flags import flags, flags_list
from queries.flags.population import flag_all, flag_stream, flags_of_many
from queries.records import in_force
from queries.walk.paths import paths
from queries.walk.trace import trace
from tests.oracle import flags as oracle
from tests.oracle import naive
from tests.oracle.naive import World
from tests.oracle.worlds import TODAY, records, worlds
from tests.support.memory import MemoryStore
from tests.support.proof import times

proven = settings(
    max_examples=times(60, 1500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def store_of(world: World) -> MemoryStore:
    return MemoryStore(world.parties.values(), world.relations)


def ask_of(world: World, **budget: int) -> Ask:
    back = None if world.back_to is None else Span(world.day - world.back_to, "d")
    return Ask(as_of=world.day, look_back=back, hub_contact=world.hub, budget=Budget(**budget))


@proven
@given(records(), st.integers(TODAY - 600, TODAY + 20))
def test_a_record_is_in_force_as_the_oracle_says(record: Record, day: int) -> None:
    assert in_force(record, day) == naive.in_force(record, day)


@proven
@given(worlds(most=18), st.data())
def test_trace(world: World, data: st.DataObject) -> None:
    root = data.draw(st.sampled_from(sorted(world.parties)))
    depth = data.draw(st.integers(0, 4))
    per_party = data.draw(st.sampled_from((1, 2, 3, 500)))
    most = data.draw(st.sampled_from((3, 5, 500)))
    ways: tuple[Direction, ...] = ("both", "out", "in")
    direction = data.draw(st.sampled_from(ways))
    types = data.draw(st.sampled_from((None, {"SHAREHOLDER_OF", "HAS_CONTACT"})))
    min_share = data.draw(st.sampled_from((None, Decimal("0.3"))))
    known_only = data.draw(st.booleans())

    def passes(r: Relation) -> bool:
        walked = types or {t for t in set(naive_walked()) if t != "HAS_CONTACT"}
        if r.type not in walked:
            return False
        if r.type == "SHAREHOLDER_OF" and min_share is not None:
            if r.share_max is None and known_only:
                return False
            if r.share_max is not None and r.share_max < min_share:
                return False
        return naive.current(r, world.day) or naive.past(r, world.day, world.back_to)

    expected = naive.walk(world.relations, root, depth, passes, direction, per_party, most)
    depths, kept, hubs, cut, full = expected
    answer = trace(
        store_of(world),
        world.parties[root],
        ask_of(world, parties=most, per_party=per_party),
        depth=depth,
        types=types,
        min_share=min_share,
        known_only=known_only,
        direction=direction,
    )
    assert answer.depths == depths
    assert {r.id for r in answer.relations} == kept
    assert answer.completeness.hubs == tuple(sorted(hubs))
    assert answer.completeness.depth == full
    assert (answer.completeness.status == "truncated") == bool(hubs or cut)
    assert [p.id for p in answer.parties] == sorted(depths, key=lambda id: (depths[id], id))
    assert list(answer.relations) == sorted(answer.relations, key=naive.port_order)
    said = {line.id: line.why for line in answer.completeness.missing if line.what == "hub"}
    assert said == {id: f"{per_party} of {count}" for id, count in hubs.items()}
    uncertain = {
        r.id
        for r in answer.relations
        if min_share is not None
        and r.type == "SHAREHOLDER_OF"
        and (r.share_min is None or r.share_min < min_share)
    }
    assert {m.id for m in answer.completeness.missing if m.what == "share"} == uncertain


def naive_walked() -> list[str]:
    return [
        "LEGAL_REPRESENTATIVE_OF", "SHAREHOLDER_OF", "EXECUTIVE_OF", "CONTROLS", "BRANCH_OF",
        "SUCCESSOR_OF", "RELATIVE_OF", "CONCERT_WITH", "GUARANTEES",
    ]  # fmt: skip


@proven
@given(worlds(most=14), st.data())
def test_paths(world: World, data: st.DataObject) -> None:
    ids = sorted(world.parties)
    a, b = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from(ids))
    k = data.draw(st.integers(1, 5))
    avoid = data.draw(st.sets(st.sampled_from(ids), max_size=1))
    require = data.draw(st.sets(st.sampled_from(ids), max_size=1))
    banned = data.draw(st.sampled_from(((), ("SHAREHOLDER_OF",))))
    needed = data.draw(st.sampled_from(((), ("CONTROLS",))))
    all_simple = data.draw(st.booleans())
    live = [
        r
        for r in world.relations
        if (naive.current(r, world.day) or naive.past(r, world.day, world.back_to))
        and r.type in naive_walked()
        and r.type not in banned
    ]
    pairs = {pair for pair in naive.pairs_of(live) if not pair & avoid}
    every = [] if {a, b} & avoid else naive.simple_paths(pairs, a, b, k)
    fitting = [
        chain for chain in every if require <= set(chain) and set(needed) <= types_on(live, chain)
    ]
    if not all_simple:
        fitting = [chain for chain in fitting if len(chain) == len(fitting[0])]
    answer = paths(
        store_of(world),
        world.parties[a],
        world.parties[b],
        ask_of(world),
        k=k,
        all_simple=all_simple,
        avoid=avoid,
        require=require,
        avoid_types=banned,
        require_types=needed,
    )
    assert [chain_of(a, path.steps) for path in answer.paths] == fitting
    assert answer.completeness.status == "complete"
    for path in answer.paths:
        for step in path.steps:
            ends = {step.start.id, step.end.id}
            found = {step.relation.id, *(other.relation.id for other in step.parallel)}
            assert found == {r.id for r in live if ends in naive_ends(r)}
    beyond = naive.simple_paths(pairs, a, b, 99)
    if answer.within is None and not answer.paths and not require and not needed and a != b:
        assert not beyond or {a, b} & avoid
    if answer.within is not None:
        assert answer.within == k


def naive_ends(r: Relation) -> list[set[str]]:
    return [{r.from_id, r.to_id}, {naive.owner_of(r), r.to_id}]


def types_on(live: list[Relation], chain: tuple[str, ...]) -> set[str]:
    return {r.type for one, other in pairwise(chain) for r in live if {one, other} in naive_ends(r)}


def chain_of(start: str, steps: tuple[Step, ...]) -> tuple[str, ...]:
    """The parties of a path, each step joined to the one before."""
    chain = [start]
    for step in steps:
        ends = [step.start.id, step.end.id]
        ends.remove(chain[-1])
        chain.extend(ends)
    return tuple(chain)


def as_expected(flag: Flag) -> oracle.Expected:
    return oracle.Expected(
        flag.severity,
        flag.certain,
        # Other grades show the share of the way they take, which the oracle does not know.
        None if flag.share is None or not is_stake(flag) else Fraction(flag.share),
        flag.record.id,
        flag.records,
        chain_of(flag.listed.id, flag.path),
    )


def is_stake(flag: Flag) -> bool:
    return "held" in (flag.grade, flag.former_of) or flag.grade == "controlled"


def keyed(found: tuple[Flag, ...]) -> dict[oracle.Key, oracle.Expected]:
    keys = [(f.party.id, f.listed.id, f.grade, f.former_of or "", f.rule) for f in found]
    assert len(keys) == len(set(keys)), "one flag per party, listed party, grade and rule"
    best: dict[oracle.Key, oracle.Expected] = {}
    for flag in found:
        key = (flag.party.id, flag.listed.id, flag.grade, flag.former_of or "")
        made = as_expected(flag)
        # Several rules can suspect one party: the oracle knows the grade only, by its first path.
        if key not in best or (len(made.path), made.path) < (len(best[key].path), best[key].path):
            best[key] = made
    return best


@proven
@given(worlds(most=16))
def test_flags_of_the_whole_population(world: World) -> None:
    store = store_of(world)
    ask = ask_of(world)
    expected = oracle.all_flags(world)
    answer = flag_all(store, ask)
    assert keyed(answer.flags) == expected
    assert list(answer.flags) == sorted(answer.flags, key=lambda flag: flag.order)
    assert sum(answer.counts.values()) == len(answer.flags)
    streamed = sorted(flag_stream(store, ask), key=lambda flag: flag.order)
    assert tuple(streamed) == answer.flags


@proven
@given(
    worlds(most=16),
    st.sampled_from(("default", "linked", "control", "aggregate_50", "close_links")),
)
def test_flags_of_one_are_its_part_of_every_exposure(world: World, pack: str) -> None:
    store = store_of(world)
    ask = ask_of(world)
    whole = flag_all(store, ask, pack).flags
    parties = sorted(world.parties)
    for id in parties:
        party = world.parties[id]
        outward = exposure(store, party, ask, pack).flags
        assert outward == tuple(flag for flag in whole if flag.listed.id == id)
        inward = flags(store, party, ask, pack)
        assert inward.flags == tuple(flag for flag in whole if flag.party.id == id)
        true = {(f.flag.party.id, f.flag.listed.id, f.flag.rule) for f in inward.ended}
        assert true.isdisjoint({(f.party.id, f.listed.id, f.rule) for f in inward.flags})
    listed = flags_list(store, list(enumerate(parties, 2)), ask, pack)
    assert [row.party.id for row in listed.answers if row.party] == parties
    for row in listed.answers:
        assert row.flags == tuple(f for f in whole if row.party and f.party.id == row.party.id)


@proven
@given(
    worlds(most=16),
    st.sampled_from(("default", "linked", "aggregate_50", "close_links")),
    st.data(),
)
def test_many_are_asked_from_either_side_with_one_answer(
    world: World, pack: str, data: st.DataObject
) -> None:
    store, rules = store_of(world), as_pack(pack)
    chosen = data.draw(st.sets(st.sampled_from(sorted(world.parties)), min_size=1))
    parties = {id: world.parties[id] for id in sorted(chosen)}
    whole = flag_all(store, ask_of(world), pack).flags
    for side in ("from_listed", "from_parties"):
        with asking(store, ask_of(world)) as question:
            found = flags_of_many(question, rules, parties, side=side)
        assert found.flags == {
            id: tuple(flag for flag in whole if flag.party.id == id) for id in parties
        }
        singly = [flags(store, party, ask_of(world), pack) for party in parties.values()]
        lines = {line for one in singly for line in one.completeness.missing}
        said = {line for line in lines if line.what in ("share", "link")}
        assert found.missing == said


@proven
@given(worlds(most=16))
def test_every_flag_proves_itself(world: World) -> None:
    current = {r.id for r in world.relations if naive.current(r, world.day)}
    for flag in flag_all(store_of(world), ask_of(world)).flags:
        chain = chain_of(flag.listed.id, flag.path)
        assert chain[-1] == flag.party.id, flag
        assert flag.record.id in flag.records
        assert flag.statement_zh
        assert flag.statement_en
        ids = {s.relation.id for s in (*flag.path, *flag.evidence)}
        if flag.grade not in ("former", "suspected"):
            assert ids <= current
        if flag.grade == "controlled" and not flag.evidence:
            assert all(is_majority(world, s.start.id, s.end.id) for s in flag.path)
        if flag.grade == "controlled" and flag.evidence:
            ties = [(s.start.id, s.relation) for s in flag.evidence]
            assert derives(world, flag.listed.id, ties) >= {flag.party.id}


def is_majority(world: World, holder: str, issuer: str) -> bool:
    return naive.declared(world, holder, issuer) or naive.stake(world, holder, issuer)[
        0
    ] > Fraction(1, 2)


def derives(world: World, listed: str, ties: list[tuple[str, Relation]]) -> set[str]:
    """Read in order, the evidence makes each issuer a majority of what came before it."""
    members = {listed}
    held: dict[str, dict[str, Fraction]] = {}
    for holder, r in ties:
        assert holder in members, "evidence stands in order of derivation"
        amount = naive.stake(world, holder, r.to_id)[0]
        held.setdefault(r.to_id, {})[holder] = amount
        joint = sum(held[r.to_id].values(), Fraction(0))
        if r.type == "CONTROLS" or joint > Fraction(1, 2):
            members.add(r.to_id)
    return members


@proven
@given(worlds(most=16))
def test_packs_of_other_conventions(world: World) -> None:
    store, ask = store_of(world), ask_of(world)
    listed = {
        party.id
        for party in world.parties.values()
        if any(
            r.label and not r.honour and naive.in_force(r, world.day)
            and r.list in oracle.BLACK | oracle.BARS
            for r in party.records
        )
    }  # fmt: skip
    owned = {
        (f.party.id, f.listed.id)
        for f in flag_all(store, ask, "control").flags
        if f.grade != "listed"
    }
    assert owned == {(id, x) for x in listed for id in oracle.downward(world, x)}
    linked = {
        (f.party.id, f.listed.id)
        for f in flag_all(store, ask, "linked").flags
        if f.grade != "listed"
    }
    tied = {
        "SHAREHOLDER_OF", "CONTROLS", "LEGAL_REPRESENTATIVE_OF", "EXECUTIVE_OF", "RELATIVE_OF",
    }  # fmt: skip
    direct = {
        (other, x)
        for x in listed
        for r in world.now(*tied)
        if r.type != "SHAREHOLDER_OF" or r.share_max != 0
        for one in naive_ends(r)
        if x in one
        for other in one - {x}
    }
    assert linked == direct | owned
