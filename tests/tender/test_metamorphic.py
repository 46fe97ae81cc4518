"""What must change nothing: the order of rows and of relations, strangers, and other rows."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.screen import Screening
from graph_service.bids import Bid
from graph_service.model import Relation
from queries.ask import Ask
from queries.tender.screen import Wanted, screen
from tests.oracle.naive import World
from tests.oracle.worlds import worlds
from tests.queries.stories import firm
from tests.support.memory import MemoryStore
from tests.support.proof import times
from tests.tender.planted import bid, bids, codes

proven = settings(
    max_examples=times(15, 500),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _asked(world: World, rows: list[Bid], relations: list[Relation], more: bool) -> Screening:
    parties = [*world.parties.values(), *([firm("登记:无关")] if more else [])]
    ask = Ask(as_of=world.day, hub_contact=world.hub)
    return screen(MemoryStore(parties, relations), rows, [], ask, Wanted(all_pairs=True))


def _said(answer: Screening) -> dict[frozenset[str], tuple[str, frozenset[str], int | None]]:
    said: dict[frozenset[str], tuple[str, frozenset[str], int | None]] = {}
    for pair in answer.pairs:
        assert pair.a.party is not None
        assert pair.b.party is not None
        key = frozenset((pair.a.party.id, pair.b.party.id))
        said[key] = (pair.verdict, frozenset(codes(pair)), pair.hops)
    return said


@proven
@given(worlds(most=20), st.integers(0, 2**32))
def test_order_and_strangers_change_nothing(world: World, seed: int) -> None:
    rng = Random(seed)
    ids = sorted(id for id, party in world.parties.items() if party.kind != "Contact")
    relations = list(world.relations)
    plain = _asked(world, bids(*ids), relations, more=False)
    rng.shuffle(relations)
    again = _asked(world, bids(*ids), relations, more=True)
    assert _said(again) == _said(plain)
    assert again.pairs == plain.pairs
    assert [one.verdict for one in again.bidders] == [one.verdict for one in plain.bidders]
    rng.shuffle(ids)
    shuffled = _asked(world, bids(*ids), relations, more=False)
    assert _said(shuffled) == _said(plain)
    assert {c.by: {p.id for p in c.parties} for c in shuffled.clusters} == {
        c.by: {p.id for p in c.parties} for c in plain.clusters
    }


@proven
@given(worlds(most=16))
def test_many_rows_are_answered_as_each_would_be_alone(world: World) -> None:
    ids = sorted(id for id, party in world.parties.items() if party.kind != "Contact")
    store = MemoryStore(world.parties.values(), world.relations)
    ask = Ask(as_of=world.day, hub_contact=world.hub)
    rows = [bid(row, id, lot=str(row)) for row, id in enumerate(ids, 2)]
    together = screen(store, rows, [], ask)
    missing = set()
    for row, found in zip(rows, together.bidders, strict=True):
        alone = screen(store, [row], [], ask)
        assert alone.bidders == (found,)
        missing |= set(alone.completeness.missing)
    assert set(together.completeness.missing) == missing
