"""The worked example of docs/ownership.md: its table of figures is what the program computes."""

from __future__ import annotations

import re
from decimal import Decimal

from graph_service.answers.common import HoldingsAnswer
from graph_service.wire.common import to_json
from queries.ownership.holdings import owners
from queries.ownership.lookthrough import Method
from tests.house.plan import ROOT
from tests.queries.stories import NOW, firm, person, stake, world

PAGE = (ROOT / "docs/ownership.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first heading this is."""
    found = re.search(rf"^\| {heading}.*\n\|[ -|]+\n((?:\|.*\n)+)", PAGE, re.M)
    assert found
    return [
        [cell.strip() for cell in row.strip("|\n").split("|")]
        for row in found.group(1).splitlines()
    ]


def test_the_figures_of_the_page_are_computed() -> None:
    stakes = table("holder")
    people = [person(h, h) for h in sorted({h for h, _, _ in stakes}) if len(h) > 1]
    ties = [stake(h, c, str(Decimal(s.rstrip("%")) / 100)) for h, c, s in stakes]
    store = world([firm("甲"), firm("乙"), *people], *ties)

    def asked(method: Method) -> HoldingsAnswer:
        return owners(store, firm("甲"), NOW, method=method)

    shown = {
        method: {line["party"]["id"]: line for line in to_json(asked(method))["owners"]}
        for method in ("baldone", "brioschi", "simple")
    }
    rows = table("owner")
    assert {row[0] for row in rows} == shown["baldone"].keys() == {"张三", "李四", "王䶮", "乙"}
    for name, direct, baldone, brioschi, simple, verdict in rows:
        line = shown["baldone"][name]
        assert (line["direct"], line["verdict"]) == (float(direct), verdict)
        assert line["integrated"] == float(baldone)
        assert shown["brioschi"][name]["integrated"] == float(brioschi)
        assert shown["simple"][name]["integrated"] == float(simple)
    outside = [row for row in rows if row[0] != "乙"]
    assert sum(round(float(row[2]), 12) for row in outside) == 1
    assert round(sum(float(row[4]) for row in outside), 12) == 0.9
