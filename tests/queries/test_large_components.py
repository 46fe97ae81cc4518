"""Components too large for fractions: other ways of solving against exact ones, and limits."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from graph_service.model import Relation
from queries.control.control import controlled, controllers
from queries.ownership import linear, lookthrough, verdicts
from queries.ownership.beneficial import beneficial_owners
from queries.ownership.book import book_of, by_issuer
from queries.ownership.holdings import holdings, owners
from queries.ownership.lattice import Lattice, lattice_of
from queries.ownership.linear import Number, solve
from queries.ownership.lookthrough import Effort, figures
from queries.stakes import Tie, bounds
from tests.queries.stories import NOW, firm, person, stake, world
from tests.support.memory import MemoryStore


def mesh(size: int, seed: int) -> list[Relation]:
    """Companies in a ring with random stakes besides, each with a person outside."""
    dice = random.Random(seed)
    found = []
    for number in range(size):
        others = {dice.randrange(size) for _ in range(2)} - {number, number - 1}
        found.append(stake(f"企{number:04d}", f"企{(number + 1) % size:04d}", "0.31"))
        found += [stake(f"企{o:04d}", f"企{number:04d}", "0.0625") for o in sorted(others)]
        found.append(stake(f"人{number:04d}", f"企{number:04d}", "0.17"))
    return found


def lattice(size: int, seed: int, start: str, down: bool) -> Lattice:
    ties = [Tie(r.from_id, r.to_id, r, *bounds(r)) for r in mesh(size, seed)]
    book = book_of(by_issuer(ties))
    return lattice_of(book, start, {id for t in ties for id in t[:2]}, down=down)


@pytest.mark.parametrize("down", [False, True])
def test_every_way_of_solving_gives_the_same(down: bool) -> None:
    made = lattice(20, 3, "企0000", down)
    exact = figures(made, ())
    dense = figures(made, (), effort=Effort(exact=0))
    walked = figures(made, (), effort=Effort(exact=0, most=0, at_once=99))
    assert len(exact) > 18
    for id, figure in exact.items():
        assert isinstance(figure.low, Fraction)
        for other in (dense[id], walked[id]):
            assert isinstance(other.low, float)
            assert abs(other.low - float(figure.low)) <= max(other.error, 1e-15), id
            assert other.error < 1e-9


def test_of_a_large_component_some_inside_owners_have_bounds_only() -> None:
    made = lattice(60, 4, "企0000", False)
    whole = figures(made, (), effort=Effort(exact=0, most=0, at_once=99))
    some = figures(made, (), effort=Effort(exact=0, most=0, at_once=7))
    inside = [id for id, figure in some.items() if figure.why == "inside"]
    assert len(inside) >= 50
    assert all(id.startswith("企") for id in inside)
    for id, figure in some.items():
        assert float(figure.low) - 1e-12 <= float(whole[id].low) <= float(figure.high) + 1e-12
        assert figure.known is (id not in inside)


def test_what_was_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted({id for r in mesh(60, 5) for id in (r.from_id, r.to_id)})
    parties = [firm(id) if id.startswith("企") else person(id, id) for id in ids]
    store = world(parties, *mesh(60, 5))
    monkeypatch.setattr(linear, "DENSE", 30)
    monkeypatch.setattr("queries.ownership.holdings.AT_ONCE", 10)
    answer = owners(store, firm("企0000"), NOW)
    assert answer.completeness.status == "truncated"
    assert {m.what for m in answer.completeness.missing} == {"inside"}
    asked = owners(store, firm("企0000"), NOW, all_inside=True)
    assert asked.completeness.status == "complete"
    assert all(line.integrated is not None for line in asked.holdings)
    below = holdings(store, person("人0000"), NOW)
    assert below.completeness.status == "complete"
    assert lookthrough.AT_ONCE == 50


def test_walks_without_end_are_found_by_every_way_of_solving() -> None:
    ring: list[tuple[int, int, Number]] = [(n, (n + 1) % 40, Fraction(1)) for n in range(40)]
    assert solve(40, ring, [Fraction(0)] * 40, exact=99) is None
    assert solve(40, ring, [Fraction(0)] * 40, exact=0) is None
    assert solve(40, ring, [Fraction(0)] * 40, exact=0, most=0) is None
    over: list[tuple[int, int, Number]] = [*ring, (0, 2, Fraction(1, 2))]
    for most in (None, 0):
        assert solve(40, over, [Fraction(1)] * 40, exact=0, most=most) is None


@pytest.mark.parametrize(("share", "other"), [("0.6", "0.4"), ("1", "")])
def test_a_ring_of_a_thousand_companies_is_answered(share: str, other: str) -> None:
    names = [f"企{n:04d}" for n in range(1_000)]
    ties = [stake(a, b, share) for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    if other:
        ties += [stake(f"人{name}", name, other) for name in names]
    people = [person(f"人{name}") for name in names] if other else []
    answer = owners(world([*map(firm, names), *people], *ties), firm(names[0]), NOW)
    verdicts = {line.verdict for line in answer.holdings if line.party.id in names}
    assert (len(answer.holdings), verdicts) == (999 + len(people), {"certain"})
    if not other:
        assert [w.what for w in answer.warnings] == ["self_owned"]
        assert all(line.integrated is None for line in answer.holdings)


def vague_ring(size: int) -> MemoryStore:
    """A ring of unknown shares, each company with a person outside who holds an unknown part."""
    ring = [stake(f"企{n:04d}", f"企{(n + 1) % size:04d}") for n in range(size)]
    people = [stake(f"人{n:04d}", f"企{n:04d}") for n in range(size)]
    parties = [
        f(f"{kind}{n:04d}") for n in range(size) for f, kind in ((firm, "企"), (person, "人"))
    ]
    return world(parties, *ring, *people)


def test_verdicts_over_many_unknown_shares_end_and_say_what_is_not_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = vague_ring(60)
    whole = beneficial_owners(store, firm("企0000"), NOW)
    assert "undecided" not in {line.what for line in whole.completeness.missing}
    assert all(miss.possible for miss in whole.misses if miss.rule == "votes_or_income")
    monkeypatch.setattr(verdicts, "STEPS", 300)
    cut = beneficial_owners(store, firm("企0000"), NOW)
    assert "undecided" in {line.what for line in cut.completeness.missing}
    assert [(m.party, m.rule, m.possible) for m in cut.misses] == [
        (m.party, m.rule, m.possible) for m in whole.misses
    ]
    monkeypatch.setattr(verdicts, "STEPS", 2)
    said = owners(store, firm("企0000"), NOW)
    assert {line.verdict for line in said.holdings} == {"possible"}
    assert "undecided" in {line.what for line in said.completeness.missing}


def test_a_very_long_ring_of_unknown_shares_is_answered() -> None:
    answer = beneficial_owners(vague_ring(2_000), firm("企0000"), NOW)
    assert (answer.owners, len(answer.misses)) == ((), 300)
    assert "undecided" in {line.what for line in answer.completeness.missing}


def test_chains_of_a_long_ring_are_shown_while_there_is_room() -> None:
    """All shares, but not a chain of a thousand steps for each of a thousand companies."""
    ring = [stake(f"企{n:04d}", f"企{(n + 1) % 1_000:04d}", "0.6") for n in range(1_000)]
    store = world([firm(f"企{n:04d}") for n in range(1_000)], *ring)
    above = controllers(store, firm("企0000"), NOW)
    below = controlled(store, firm("企0000"), NOW)
    for found, answer in ((above.controllers, above), (below.controlled, below)):
        assert {item.share for item in found} == {Decimal("0.6")}
        assert len(found) == 999
        bare = sum(not item.path for item in found)
        assert 0 < bare < 999
        said = [line for line in answer.completeness.missing if line.what == "paths"]
        assert [line.why for line in said] == [f"the chains of {bare} parties are not shown"]
        assert answer.completeness.status == "truncated"
