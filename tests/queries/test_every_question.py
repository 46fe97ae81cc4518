"""Every question alike: strangers, and the order of the rows, change nothing of its answer.

The whole answer is compared as its JSON: figures, steps, rows, completeness and what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.answers.common import Answer
from graph_service.cli.main import ENTRIES
from graph_service.days import Span
from graph_service.model import Party
from graph_service.store.port import Scan, Store
from graph_service.store.sqlite.engine import SqliteStore
from graph_service.wire.common import to_json
from graph_service.wire.diff import diff_json
from graph_service.wire.groups import groups_json, rings_json
from graph_service.wire.ownership import beneficial_json, close_links_json
from graph_service.wire.phoenix import phoenix_json
from graph_service.wire.statute import barred_json, related_json
from graph_service.wire.whatif import whatif_json
from queries.ask import Ask
from queries.changes.diff import diff
from queries.control.control import controlled, controllers
from queries.control.groups import groups
from queries.control.rings import rings
from queries.dossier import show
from queries.flags.exposure import exposure
from queries.flags.flags import flags
from queries.flags.population import flag_all
from queries.flags.whatif import what_if
from queries.ownership.beneficial import beneficial_owners
from queries.ownership.close_links import close_links
from queries.ownership.holdings import holdings, owners
from queries.phoenix import phoenix
from queries.statute.barred import barred
from queries.statute.related import related
from queries.walk.paths import paths
from queries.walk.trace import trace
from tests.oracle.naive import World
from tests.oracle.worlds import TODAY, worlds
from tests.queries.stories import contact, firm, person, stake, tie
from tests.support.facts import KEY, Fact, put_facts
from tests.support.memory import MemoryStore
from tests.support.proof import times
from tests.support.worlds import SOURCES, towns

Question = Callable[[Store, Party, Party, Ask], Any]


def one(question: Callable[..., Any], wire: Callable[[Any], Any] = to_json) -> Question:
    """A question about one party."""
    return lambda store, party, _other, ask: wire(question(store, party, ask))


def two(question: Callable[..., Answer]) -> Question:
    """A question about two parties."""
    return lambda store, party, other, ask: to_json(question(store, party, other, ask))


def everybody(question: Callable[..., Answer], wire: Callable[[Any], Any] = to_json) -> Question:
    """A question about the population."""
    return lambda store, _party, _other, ask: wire(question(store, ask))


def statute(name: str) -> Question:
    return one(partial(related, statute=name), related_json)


def changed(about: bool) -> Question:
    """What changed within 500 days, of one party or of all."""
    return lambda store, party, _other, ask: diff_json(
        diff(store, ask, ask.as_of - 500, party if about else None)
    )


# By command. ``search`` ranks names, the rest of the program's commands ask nothing of the graph.
QUESTIONS: dict[str, list[Question]] = {
    "show": [one(show)],
    "trace": [one(trace), one(partial(trace, depth=2, per_party=3))],
    "paths": [two(paths), two(partial(paths, all_simple=True, k=4))],
    "exposure": [one(exposure)],
    "flags": [one(flags), one(partial(what_if, minimal=True), whatif_json)],
    "flag-all": [
        everybody(partial(flag_all, pack=p)) for p in ("default", "linked", "close_links")
    ],
    "owners": [one(owners)],
    "holdings": [one(holdings)],
    "controllers": [one(controllers)],
    "controlled": [one(controlled)],
    "beneficial-owners": [one(beneficial_owners, beneficial_json)],
    "close-links": [one(close_links, close_links_json)],
    "related": [statute(name) for name in ("company_law_265", "cas_36", "sse", "szse")],
    "phoenix": [one(partial(phoenix, least=1), phoenix_json)],
    "rings": [everybody(rings, rings_json)],
    "groups": [everybody(groups, groups_json)],
    "diff": [changed(True), changed(False)],
    "barred": [one(barred, barred_json)],
}
# Screening has tests of its own, with tenders (``tests/tender/test_metamorphic.py``).
OTHERS = {
    "screen", "load", "loads", "rejects", "forget", "search", "verify", "cases", "export", "copy",
    "backup", "restore", "info", "doctor", "health", "serve", "demo", "bench", "key", "completion",
}  # fmt: skip
STRANGERS = (
    firm("外企", "䶮科技"), firm("外企2"), person("外人", "王伟"), contact("phone:外"),
)  # fmt: skip
APART = (
    stake("外人", "外企", "0.3"),
    stake("外企", "外企2", "0.2"),
    tie("HAS_CONTACT", "外人", "phone:外"),
    tie("GUARANTEES", "外企2", "外企"),
)
few = settings(
    max_examples=times(6, 1_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def asked(name: str, store: Store, world: World, at: int) -> str:
    """Every answer of a question about one party (and another), as text."""
    ids = sorted(world.parties)
    party, other = (world.parties[ids[n % len(ids)]] for n in (at, at + 1))
    ask = Ask(as_of=world.day, hub_contact=world.hub, look_back=Span(500, "d"))
    if name in ("related", "diff"):
        ask = Ask(as_of=world.day, hub_contact=world.hub)
    answers = [question(store, party, other, ask) for question in QUESTIONS[name]]
    for answer in answers:
        answer.pop("data_version")  # the store is another, with strangers in it
    return json.dumps(answers, ensure_ascii=False, default=str)


def test_every_command_that_asks_is_here() -> None:
    assert QUESTIONS.keys() | OTHERS == ENTRIES.keys()
    assert not QUESTIONS.keys() & OTHERS


@pytest.mark.parametrize("name", QUESTIONS)
@few
@given(worlds(), st.integers(0, 50))
def test_strangers_change_nothing(name: str, world: World, at: int) -> None:
    parties, ties = list(world.parties.values()), world.relations
    before = asked(name, MemoryStore(parties, ties), world, at)
    with_them = MemoryStore([*STRANGERS, *parties], [*APART, *ties])
    assert asked(name, with_them, world, at) == before


@few
@given(towns(), st.permutations(SOURCES), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_sources_changes_nothing(
    facts: list[Fact], order: list[str], chance: Random
) -> None:
    """In a real store: everybody asked every question, after loads in two orders."""
    turned = [*facts]
    chance.shuffle(turned)
    with TemporaryDirectory() as folder:
        given_ = [
            _all_asked(Path(folder) / f"{n}.db", rows, sources)
            for n, (rows, sources) in enumerate(((facts, SOURCES), (turned, order)))
        ]
    assert given_[0] == given_[1]


def _all_asked(place: Path, facts: list[Fact], sources: Sequence[str]) -> dict[str, str]:
    with closing(SqliteStore.open(place, KEY, create=True)) as store:
        # Twice: a row that dangles until another source is there is tried at its next load.
        for source in (*sources, *sources):
            put_facts(store, [fact for fact in facts if fact.source == source])
        found = {p.id: p for p in store.scan(Scan("parties")) if isinstance(p, Party)}
        asked_of = {id: p for id, p in found.items() if p.kind in ("Person", "Enterprise")}
        world = World(asked_of, [], TODAY)
        at = len(facts)
        return {name: asked(name, store, world, at) for name in QUESTIONS} if asked_of else {}
