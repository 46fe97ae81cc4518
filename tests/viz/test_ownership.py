"""Ownership and control as pictures and files: owners above, holdings below, shares on each."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.settings import Settings
from graph_service.store.port import Store
from graph_service.web.pictures import MEDIA, Asked, exported
from graph_service.web.questions import owning as asking
from graph_service.web.questions.common import When
from tests.support.front import AS_OF, BOSS, YINHE, opened_town
from tests.viz.test_exports import printable
from tests.viz.test_layout import overlapping
from viz.layers import layered
from viz.layout import places_of
from viz.ownership import entries, ownership_subject
from viz.style import lines_of
from viz.view import view_of

WHEN = When(AS_OF)
NAMES = ("owners", "holdings", "controllers", "controlled", "beneficial_owners", "close_links")


@pytest.fixture(scope="module")
def owning(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each answer about ownership and control that has somebody in it."""

    def made(settings: Settings, store: Store) -> dict[str, Any]:
        options = asking.ControlOptions()
        return {
            "owners": asking.owners(store, settings, YINHE, WHEN),
            "holdings": asking.holdings(store, settings, BOSS, WHEN),
            "controllers": asking.controllers(store, settings, YINHE, WHEN, options),
            "controlled": asking.controlled(store, settings, BOSS, WHEN, options),
            "beneficial_owners": asking.beneficial(store, settings, YINHE, WHEN, "cn_25"),
            "close_links": asking.close_links(store, settings, YINHE, WHEN, None),
        }

    with opened_town(tmp_path_factory.mktemp("town")) as (found, store):
        return made(found, store)


@pytest.mark.parametrize("name", NAMES)
def test_everybody_named_is_drawn_with_the_share(owning: dict[str, Any], name: Any) -> None:
    answer = owning[name]
    assert ownership_subject(answer) == name
    view = view_of(answer)
    assert (view.subject, view.roots) == (name, (answer["party"]["id"],))
    listed = entries(answer, name)
    assert listed
    shown = {node.id: node for node in view.nodes}
    for party in {entry["party"]["id"] for entry in listed}:
        own = [entry for entry in listed if entry["party"]["id"] == party]
        assert shown[party].share == max(e.get("integrated", e.get("share")) for e in own)


def test_the_look_through_share_stands_in_the_shape(owning: dict[str, Any]) -> None:
    nodes = {node.name: node for node in view_of(owning["owners"]).nodes}
    assert lines_of(nodes["王伟"], "zh") == ["王伟", "〔42%〕"]
    assert lines_of(nodes["银河贸易有限公司"], "zh") == ["银河贸易有限公司"]


def test_owners_stand_above_and_holdings_below(owning: dict[str, Any]) -> None:
    for name, sign in (("owners", -1), ("controllers", -1), ("holdings", 1), ("controlled", 1)):
        view = view_of(owning[name])
        places = places_of(view)
        for node in view.nodes:
            if not node.root:
                assert sign * places[node.id][1] > 0
        assert places[view.roots[0]] == (0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_each_becomes_every_kind_of_file(owning: dict[str, Any], name: str) -> None:
    answer = owning[name]
    for ending in MEDIA:
        if printable() or ending not in ("pdf", "docx", "png"):
            assert exported(answer, ending, Asked("审计员"))
    text = exported(answer, "csv", Asked("审计员")).decode("utf-8-sig")
    first, *rows = csv.reader(io.StringIO(text))
    assert first[0] == "主体"
    assert [row[1] for row in rows] == [e["party"]["id"] for e in entries(answer, name)]  # type: ignore[arg-type]


def test_the_chain_of_an_owner_begins_with_the_owner(owning: dict[str, Any]) -> None:
    text = exported(owning["owners"], "csv", Asked("审计员")).decode("utf-8-sig")
    proofs = {row["主体"]: row["证据链"] for row in csv.DictReader(io.StringIO(text))}
    assert proofs["王伟"] == "王伟 —持股60%→ 北京星河科技有限公司 —持股70%→ 银河贸易有限公司"


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.text("甲乙丙丁戊", min_size=1, max_size=3), st.integers(1, 4), max_size=40),
    st.randoms(use_true_random=False),
    st.booleans(),
)
def test_rows_never_overlap_and_do_not_depend_on_the_order(
    depths: dict[str, int], chance: Any, upward: bool
) -> None:
    whole = {"root": 0, **depths}
    names = sorted(whole)
    edges = [(chance.choice(names), name) for name in names]
    found = layered(whole, edges, upward=upward)
    assert set(found) == set(whole)
    assert overlapping(found) == []
    items = list(whole.items())
    chance.shuffle(items)
    chance.shuffle(edges)
    assert layered(dict(items), edges, upward=upward) == found
