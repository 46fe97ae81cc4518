"""Evidence paths as chains: 甲 —法定代表人→ 乙 —持股60%→ 丙, and the rows that state each step."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from graph_service.cli.render.screen import line
from graph_service.cli.render.words import Wire, clean, either, source_line, span, tie


def nodes_of(steps: Sequence[Wire], start: str | None = None) -> list[Wire]:
    """The parties of a path in order; ``start``: the id it begins at, when that is known."""
    if not steps:
        return []
    first = steps[0]
    begins = _beginning(steps, start)
    nodes = [first["from"] if first["from"]["id"] == begins else first["to"]]
    for step in steps:
        other = step["to"] if step["from"]["id"] == nodes[-1]["id"] else step["from"]
        nodes.append(other)
    return nodes


def _beginning(steps: Sequence[Wire], start: str | None) -> str:
    ends = [steps[0]["from"]["id"], steps[0]["to"]["id"]]
    if start in ends:
        return str(start)
    if len(steps) > 1:  # the end that the second step does not share
        following = {steps[1]["from"]["id"], steps[1]["to"]["id"]}
        free = [end for end in ends if end not in following]
        return str(free[0] if free else ends[0])
    return str(ends[0])


def chain(steps: Sequence[Wire], lang: str, start: str | None = None) -> str:
    """The path on one line; an arrow points the way the relation does."""
    nodes = nodes_of(steps, start)
    if not nodes:
        return ""
    text = clean(nodes[0]["name"])
    for step, before, after in zip(steps, nodes, nodes[1:], strict=False):
        forward = step["from"]["id"] == before["id"]
        arrow = f" —{tie(step, lang)}→ " if forward else f" ←{tie(step, lang)}— "
        text += arrow + clean(after["name"])
    return text


def print_proof(console: Console, steps: Sequence[Wire], lang: str, indent: int) -> None:
    """Under a chain: its steps with their rows; of a single step the rows alone."""
    if len(steps) == 1 and not steps[0].get("parallel"):
        for source in steps[0].get("sources") or ():
            line(console, source_line(source, lang), "dim", indent)
    else:
        print_steps(console, steps, lang, indent)


def print_steps(console: Console, steps: Sequence[Wire], lang: str, indent: int = 4) -> None:
    """Under a path: each step on a line, under it the rows that state it."""
    for number, step in enumerate(steps, 1):
        period = span(step.get("since"), step.get("until"), lang)
        said = f"{clean(step['from']['name'])} —{tie(step, lang)}→ {clean(step['to']['name'])}"
        line(console, f"{number}. {said}{'  ' + period if period else ''}", indent=indent)
        for source in step.get("sources") or ():
            line(console, source_line(source, lang), "dim", indent + 3)
        for twin in step.get("parallel") or ():
            also = either(("另有 ", "also "), lang) + tie(twin, lang)
            where = "; ".join(source_line(source, lang) for source in twin.get("sources") or ())
            line(console, f"{also}  {where}", "dim", indent + 3)
