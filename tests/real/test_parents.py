"""Legal entities with stated direct and ultimate parents: the ultimate ones are found anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from tests.real.support import Loaded, table

FOLDER, MAPPING = "gleif_level2", "gleif_level2.yaml"
START, END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"


def stated(folder: Path, kind: str) -> dict[str, set[str]]:
    """Active relations of one kind as the file has them."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in table(folder / "test-gleif-relationships.csv"):
        if row["Relationship.RelationshipType"] != f"IS_{kind}_CONSOLIDATED_BY":
            continue
        if row["Relationship.RelationshipStatus"] == "ACTIVE":
            found[row[START]].add(row[END])
    return found


def above(direct: dict[str, set[str]], entity: str) -> set[str]:
    """Everybody above an entity by the stated direct parents, followed to the end."""
    found: set[str] = set()
    todo = [entity]
    while todo:
        new = direct.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


def kind_of(tops: set[str], over: set[str], stated_tops: set[str]) -> str:
    """Computed and stated ultimate parents: the same, or why they differ."""
    if tops == stated_tops:
        return "as stated"
    if not over:
        return "no direct parent is stated"
    if stated_tops <= over:
        return "the stated one has a direct parent of its own"
    return "the chain leaves the sample below it"


def test_ultimate_parents_are_those_stated_or_each_difference_is_explained(loaded: Loaded) -> None:
    """All 200 entities that state one. The sample is cut: of most companies on the way up it has no
    statement, so a chain ends with who states no direct parent; and three statements contradict the
    file itself, naming as ultimate who states a direct parent."""
    assert loaded.status == 0, loaded.report
    direct = stated(loaded.folder, "DIRECTLY")
    ultimate = stated(loaded.folder, "ULTIMATELY")
    assert (sum(map(len, direct.values())), len(ultimate)) == (185, 200)
    told: Counter[str] = Counter()
    for entity, stated_tops in sorted(ultimate.items()):
        answer = loaded.ask("controllers", f"gleif:{entity}")
        found = {item["party"]["id"].removeprefix("gleif:") for item in answer["controllers"]}
        assert found == above(direct, entity), entity
        tops = {parent for parent in found if not direct.get(parent)}
        kind = kind_of(tops, found, stated_tops)
        if kind == "the chain leaves the sample below it":
            assert tops
            assert not any(ultimate.get(top) for top in tops), entity
        told[kind] += 1
    assert told == {
        "as stated": 99,
        "the chain leaves the sample below it": 60,
        "no direct parent is stated": 38,
        "the stated one has a direct parent of its own": 3,
    }
