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


def test_ultimate_parents_are_those_stated_or_lie_beyond_the_sample(loaded: Loaded) -> None:
    assert loaded.status == 0, loaded.report
    direct = stated(loaded.folder, "DIRECTLY")
    ultimate = stated(loaded.folder, "ULTIMATELY")
    assert sum(map(len, direct.values())) == 185
    told: Counter[str] = Counter()
    for entity in sorted(direct.keys() & ultimate.keys())[::4]:
        answer = loaded.ask("controllers", f"gleif:{entity}")
        above = {item["party"]["id"].removeprefix("gleif:") for item in answer["controllers"]}
        assert direct[entity] <= above
        tops = {parent for parent in above if not direct.get(parent)}
        if tops == ultimate[entity]:
            told["as stated"] += 1
        else:  # the sample ends below: nobody states a direct parent of what was reached
            assert tops, entity
            assert not any(direct.get(top) for top in tops)
            told["beyond the sample"] += 1
    assert told["as stated"] > told["beyond the sample"] > 0
