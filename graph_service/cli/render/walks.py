"""Walks and paths for people."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from graph_service.cli.render.chains import chain, print_steps
from graph_service.cli.render.screen import closing, heading, line, screen
from graph_service.cli.render.words import (
    Wire,
    clean,
    either,
    missing_line,
    party_line,
    percent,
    tie,
)


def print_trace(answer: Wire, lang: str) -> None:
    """The walk as a tree: each party under the one that first reached it."""
    console = screen()
    depths = {party["id"]: party["depth"] for party in answer["parties"]}
    ties = _ties(answer, depths)
    tree = Tree(Text(party_line(answer["root"]), style="bold"))
    branches = {answer["root"]["id"]: tree}
    for party in answer["parties"]:
        if party["id"] in branches:
            continue
        above, step, more = ties.get(party["id"], (answer["root"]["id"], None, 0))
        branch = branches.get(above, tree)
        branches[party["id"]] = branch.add(_node(party, step, more, lang))
    console.print(tree, soft_wrap=True)
    parties, relations = len(answer["parties"]), len(answer["relations"])
    said = (f"{parties} 个主体，{relations} 条关系", f"{parties} parties, {relations} relations")
    heading(console, either(said, lang))
    closing(console, answer, lang)


def _ties(answer: Wire, depths: dict[str, int]) -> dict[str, tuple[str, Wire, int]]:
    """For each party the party above it, the first relation to it, and how many more there are."""
    found: dict[str, tuple[str, Wire, int]] = {}
    for step in answer["relations"]:
        start, end = step["from"]["id"], step["to"]["id"]
        for above, below in ((start, end), (end, start)):
            if depths.get(above, 0) + 1 != depths.get(below, 0):
                continue
            known = found.get(below)
            found[below] = (known[0], known[1], known[2] + 1) if known else (above, step, 0)
    return found


def _node(party: Wire, step: Wire | None, more: int, lang: str) -> Text:
    text = Text()
    if step is not None:
        arrow = (
            f"—{tie(step, lang)}→ " if step["to"]["id"] == party["id"] else f"←{tie(step, lang)}— "
        )
        text.append(arrow, "cyan")
    text.append(party_line(party))
    if more:
        text.append(either((f"（另有 {more} 条关系）", f" (+{more})"), lang), "dim")
    return text


def print_paths(answer: Wire, lang: str) -> None:
    """Each path as a chain with its rows."""
    console = screen()
    if not answer["paths"]:
        line(console, either(("没有找到路径。", "No path found."), lang))
    for number, path in enumerate(answer["paths"], 1):
        said = either(
            (f"路径 {number}（{path['length']} 步）", f"Path {number}, steps: {path['length']}"),
            lang,
        )
        line(console, said, "bold")
        line(
            console,
            chain(path["steps"], lang, answer["from"]["id"]) or clean(answer["from"]["name"]),
            indent=2,
        )
        print_steps(console, path["steps"], lang)
    _print_held(console, answer, lang)
    within = answer.get("within")
    if within is not None:
        said = either((f"仅查至 {within} 步以内", f"only within {within} steps"), lang)
        line(console, said, "yellow")
    closing(console, answer, lang)


def _print_held(console: Console, answer: Wire, lang: str) -> None:
    """Close links between the two, and who holds whom together with what it so holds."""
    for link in answer.get("close_links", {}).get("links", ()):
        via = link["via"]
        way = via if isinstance(via, str) else via["name"]
        said = either(("紧密关联", "close link"), lang)
        line(
            console, f"{said} {_WAYS.get(way, (way, way))[lang == 'en']}: {percent(link['share'])}"
        )
    for item in answer.get("aggregate", {}).get("held", ()):
        said = either(("合计持有", "holds together with what it so holds"), lang)
        names = clean(item["holder"]["name"]), clean(item["party"]["name"])
        line(console, f"{names[0]} {said} {names[1]}: {percent(item['share'])}")
    for part in ("close_links", "aggregate"):
        missing = answer.get(part, {}).get("completeness", {}).get("missing", ())
        for item in missing:
            line(console, missing_line(item, lang), "dim")


_WAYS = {"owns": ("持有", "owns"), "owned": ("被持有", "is owned")}
