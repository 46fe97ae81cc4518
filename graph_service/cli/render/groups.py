"""Rings and groups for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph_service.cli.render.chains import chain, print_proof
from graph_service.cli.render.screen import closing, line, screen
from graph_service.cli.render.words import Wire, either, party_line, percent

_SHOWN = 20  # members of a ring that are named on a terminal


def print_rings(answer: Wire, lang: str) -> None:
    """Rings, each with its shortest cycle."""
    console = screen()
    if not answer["rings"]:
        line(console, either(("没有循环持股。", "No ring."), lang))
    for ring in answer["rings"]:
        parties = ring["parties"]
        count = len(parties)
        said = (f"{count} 家互相持股成环", f"a ring of {count}")
        if count == 1:
            said = ("自持股", "holds part of itself")
        names = "、".join(party_line(party) for party in parties[:_SHOWN])
        more = either((f" 等 {count} 家", f" and others, {count} in all"), lang)
        line(console, f"○ {either(said, lang)}", "bold")
        line(console, names + (more if count > _SHOWN else ""), indent=2)
        start = ring["cycle"][0]["from"]["id"]
        line(console, chain(ring["cycle"], lang, start), indent=2)
        print_proof(console, ring["cycle"], lang, 4)
    closing(console, answer, lang)


def print_groups(answer: Wire, lang: str) -> None:
    """Control trees, each member below the nearest of its controllers."""
    console = screen()
    if not answer["groups"]:
        line(console, either(("没有控制关系。", "No control."), lang))
    for group in answer["groups"]:
        tops = "、".join(party_line(top) for top in group["tops"])
        line(console, f"▲ {tops}  {either(('规模', 'size'), lang)} {group['size']}", "bold")
        for member in _down(group):
            line(console, _member(member, lang), indent=2 * member["depth"])
    closing(console, answer, lang)


def _down(group: Wire) -> Iterator[Wire]:
    """The members, depth first: each comes below a controller one step nearer to the top."""
    depths = {member["party"]["id"]: member["depth"] for member in group["members"]}
    below: dict[str, list[Wire]] = defaultdict(list)
    for member in group["members"]:
        ids = [nearest["party"]["id"] for nearest in member["controllers"]]
        above = (id for id in ids if depths.get(id, 0) == member["depth"] - 1)
        below[next(above, ids[0])].append(member)
    waiting = [member for top in group["tops"] for member in below.pop(top["id"], [])][::-1]
    while waiting:
        member = waiting.pop()
        yield member
        waiting += below.pop(member["party"]["id"], [])[::-1]
    for rest in below.values():
        yield from rest


def _member(member: Wire, lang: str) -> str:
    said = []
    for nearest in member["controllers"]:
        share = percent(nearest["share"]) or either(("申报控制", "declared"), lang)
        said.append(f"{party_line(nearest['party'])} {share}")
    return f"└ {party_line(member['party'])} ← {'、'.join(said)}"
