"""Every answer over a server is of one state, whatever is written between any two of its calls."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from graph_service.bids import Bid, BidderList
from graph_service.cases import Case
from graph_service.errors import CreditGraphError, StoreBusy, StoreChanged
from graph_service.settings import Settings
from graph_service.store.neo4j import publish, writer
from graph_service.store.neo4j.engine import Neo4jStore
from graph_service.web import casefile, records, screening, verifying
from graph_service.web.questions import cases, common, diff, groups, owning, statute, whatif
from graph_service.web.questions.common import When
from graph_service.web.questions.owning import ControlOptions
from loaders.export import export
from queries.ask import Ask
from queries.flags.population import flag_stream
from tests.neo4j.conftest import Remote
from tests.neo4j.crossing import STORY, Crossing, begin, crossing
from tests.support import neo4j_pool
from tests.support.facts import KEY
from tests.support.front import (
    AS_OF,
    BOSS,
    BOSS_NUMBER,
    CLEAN,
    XINGHE,
    YINHE,
    settings_in,
)
from tests.support.proof import PROOF

ON = When(AS_OF)
NAMED = "name:清白𠮷食品有限公司"
CASE = "0123456789abcdef"
NOW = "2026-01-01T00:00:00+08:00"
Ask_ = Callable[[Neo4jStore, Settings], Any]


def _bidders() -> BidderList:
    rows = ((XINGHE, "1"), (YINHE, "1"), (CLEAN, "1"), ("只在从前公司", "2"), ("王伟", "2"))
    return BidderList(tuple(Bid(n, bidder, lot=lot) for n, (bidder, lot) in enumerate(rows, 2)))


def _exported(folder: Path, store: Neo4jStore, _: Settings) -> Any:
    for path in folder.glob("*"):
        path.unlink()
    with store.reading():
        export(store, folder)
        digest = store.info().digest
    return [digest, {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}]


def _verified(store: Neo4jStore, settings: Settings) -> Any:
    question = {"command": "flags", "party": YINHE, "as_of": AS_OF}
    return verifying.verify(store, settings, {"question": question})


def _streamed(store: Neo4jStore, _: Settings) -> Any:
    return [str(flag) for flag in flag_stream(store, Ask(as_of=common.day_of(AS_OF)))]


def _of(*words: Any, **more: Any) -> Ask_:
    """A question that takes a store, settings, and then what is given."""
    function, *rest = words
    return lambda store, settings: function(store, settings, *rest, **more)


def _plain(*words: Any) -> Ask_:
    """A question that takes a store, and then what is given."""
    function, *rest = words
    return lambda store, _: function(store, *rest)


QUESTIONS: dict[str, Ask_] = {
    "trace": _of(common.trace, XINGHE, ON, depth=3),
    "trace by name": _of(common.trace, NAMED, ON),
    "trace of one that goes": _of(common.trace, "sw:x3", ON),
    "trace of one that comes": _of(common.trace, "sw:q2", ON),
    "trace of one that is found to be another": _of(common.trace, "sw:x5", ON),
    "paths": _of(common.paths, YINHE, CLEAN, ON, avoid=["sw:q2"]),
    "paths_and_links": _of(
        owning.paths_and_links, XINGHE, CLEAN, ON, close_links="0.1", aggregate="0.5"
    ),
    "exposure": _of(common.exposure, BOSS, ON, "default"),
    "flags": _of(common.flags, CLEAN, ON, "default"),
    "flags_of_list": _of(
        common.flags_of_list, [(2, NAMED), (3, XINGHE), (4, "sw:x3")], ON, "default"
    ),
    "marks": _of(common.marks, [XINGHE, YINHE, CLEAN], ON, "default"),
    "flag_all": _of(common.flag_all, ON, "default"),
    "flag_all_parts": lambda store, settings: [
        *(list(part) for part in common.flag_all_parts(store, settings, ON, "default"))
    ],
    "flag_stream": _streamed,
    "show": _of(common.show, XINGHE, ON, "default"),
    "search": _of(common.search, "星河", ON, None, 20),
    "search by name": _of(common.search, "清白𠮷食品有限公司", ON, None, 20),
    "search_id_number": _of(common.search_id_number, KEY, BOSS_NUMBER),
    "info": _plain(common.info, ON),
    "rings": _of(groups.rings, ON),
    "groups": _of(groups.groups, ON),
    "groups of one": _of(groups.groups, ON, YINHE),
    "owners": _of(owning.owners, XINGHE, ON),
    "holdings": _of(owning.holdings, "sw:x5", ON),
    "controllers": _of(owning.controllers, CLEAN, ON, ControlOptions()),
    "controlled": _of(owning.controlled, BOSS, ON, ControlOptions(group=("sw:q1",))),
    "beneficial": _of(owning.beneficial, CLEAN, ON, "cn_25"),
    "close_links": _of(owning.close_links, XINGHE, ON, "0.1"),
    "barred": _of(statute.barred, YINHE, ON),
    "related": _of(statute.related, XINGHE, ON, "cas_36"),
    "phoenix": _of(statute.phoenix, XINGHE, ON, 1),
    "diff": _of(diff.diff, "2024-06-30", AS_OF),
    "diff of one": _of(diff.diff, "2024-06-30", AS_OF, YINHE),
    "diff_lines": lambda store, settings: list(
        diff.diff_lines(store, settings, "2024-06-30", AS_OF, "default")
    ),
    "flags_what_if": _of(whatif.flags_what_if, CLEAN, ON, "default", why_minimal=True),
    "records_page": _plain(records.records_page, AS_OF, False, None, None, 2),
    "screen": _of(screening.screen, _bidders(), ON),
    "verify": _verified,
    "case": _plain(cases.case, CASE),
    "cases": _plain(cases.cases),
    "case_files": _plain(casefile.case_files, CASE, "张三"),
}
CHANGES = {  # what asks for no more than one call, or writes
    "ask_of", "carry_cases", "checked", "comment_case", "data_day_of", "day_of", "drop_case",
    "edit_case", "found_case", "kept_new", "known_parties", "new_case", "now", "party_of",
    "pin_parties", "share_of", "shown", "types_of", "unpin_parties",
}  # fmt: skip


def _public(module: ModuleType) -> set[str]:
    return {
        name
        for name, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and name[0] != "_"
    }


def test_every_question_is_asked() -> None:
    modules = (cases, common, diff, groups, owning, statute, whatif)
    known = {name.partition(" ")[0] for name in QUESTIONS} | CHANGES
    assert set[str]().union(*map(_public, modules)) <= known


def _told(question: Callable[[], Any]) -> str:
    """An answer as text; an error is one too."""
    try:
        return json.dumps(question(), ensure_ascii=False, sort_keys=True, default=str)
    except StoreChanged:
        raise
    except CreditGraphError as error:
        return f"{type(error).__name__}: {error.detail}"


class World:
    """A reader, what crosses it, and what every question is answered in each state."""

    def __init__(
        self, cross: Crossing, reader: Neo4jStore, settings: Settings, folder: Path
    ) -> None:
        self.cross = cross
        self.seen: Counter[str] = Counter()
        (folder / "export").mkdir()
        given = QUESTIONS | {"export": partial(_exported, folder / "export")}
        self.asked = {name: partial(ask, reader, settings) for name, ask in given.items()}
        self.answers: dict[str, list[str]] = {name: [] for name in self.asked}
        self.calls: dict[str, int] = {}
        cross.whole(len(STORY))  # what a source took back once stays known as ended
        for _ in STORY:
            for name, question in self.asked.items():
                told = cross.read(partial(_told, question), lambda _: None)
                self.answers[name].append(told)
                self.calls[name] = max(self.calls.get(name, 0), cross.calls)
            cross.whole()

    def crossed(self, name: str, plan: Callable[[int], None], *, named: bool = False) -> None:
        """Ask once under a plan: the answer of one state, or that it must be asked again; with
        ``named`` also one that says that it is half of a load."""
        question = partial(_told, self.asked[name])
        try:
            told = self.cross.read(question, plan)
        except StoreChanged:
            self.seen["asked again"] += 1
            return
        finally:
            self.cross.end()
        if told in self.answers[name]:
            self.seen["of one state"] += 1
            return
        told_of = named and _says_so(told)
        assert told_of, (name, self.cross.calls, told, self.answers[name])
        self.seen["named"] += 1


def _says_so(told: str) -> bool:
    return '"what": "load"' in told or told.startswith(StoreBusy.__name__)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A store in the first state of the story."""
    neo4j_pool.require()
    folder = tmp_path_factory.mktemp("crossed")
    link, _ = neo4j_pool.place_of(folder / "store")
    remote = Remote(link, folder / "benches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(casefile, "now", lambda: NOW)
        patch.setattr(common, "today", lambda: common.day_of(AS_OF))
        ours, reader = remote.store("here"), remote.store("elsewhere")
        begin(ours)
        pins = cases._pins(ours, [XINGHE, "sw:x3", "sw:x5"], "李四", NOW)
        made = Case(CASE, 1, "一案", "open", "", NOW, "李四", NOW, "李四", pins)
        assert ours.keep_case(CASE, 0, made)
        with crossing(ours, patch) as cross:
            yield World(cross, reader, settings_in(folder), folder)
    for store in remote.opened:
        store.close()
    neo4j_pool.release(folder)


def _places(world: World, seed: str, few: int) -> Iterator[tuple[str, int]]:
    """A question and after which of its calls something is written: of ``few`` questions one call,
    in a proof every call of all."""
    world.seen.clear()
    chance = Random(seed)
    names = list(world.calls)
    for name in names if PROOF else chance.sample(names, min(few, len(names))):
        calls = range(1, world.calls[name] + 1)
        yield from ((name, call) for call in (calls if PROOF else [chance.choice(calls)]))


def test_a_write_between_any_two_calls_is_seen_by_the_whole_answer_or_not_at_all(
    world: World,
) -> None:
    assert len({told for answers in world.answers.values() for told in answers}) > 60
    assert [name for name, calls in world.calls.items() if not calls] == []
    for name, place in _places(world, "whole", 100):
        world.crossed(name, world.cross.after({place: 1}))
    assert min(world.seen["asked again"], world.seen["of one state"]) > 3


def test_writes_that_lead_back_to_the_same_data_are_seen_too(world: World) -> None:
    """The digest is then the same before and after; what was asked in between is not."""
    for name, place in _places(world, "back", 14):
        world.crossed(name, world.cross.after({place: 1, place + 1: len(STORY) - 1}))
    assert world.seen["asked again"] > 3


def test_a_write_in_the_making_is_waited_for_or_seen(world: World) -> None:
    """The writer makes one call after each of the reader's, from some call on."""
    for name, place in _places(world, "steps", 14):
        world.crossed(name, world.cross.beside(place))
    assert min(world.seen["asked again"], world.seen["of one state"]) > 3


def test_a_large_write_is_named_by_what_it_crosses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load of many transactions takes minutes: who asks meanwhile is told of it."""
    monkeypatch.setattr(publish, "AT_ONCE", 0)
    monkeypatch.setattr(publish, "_BATCH", 3)
    monkeypatch.setattr(writer, "_WORKERS", 1)
    for name, place in _places(world, "parts", 14):
        for _ in range(20):  # so far the write is when the question is asked
            world.cross.step()
        world.crossed(name, world.cross.beside(place), named=True)
    assert world.seen["named"] > 3
