"""How things look, the same in every picture: shapes by kind, colours by severity, words in both.

Shape and text say what colour says, for those who do not see it and for black and white print.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from unicodedata import east_asian_width

from graph_service.model import CONTACT, ENTERPRISE, PERSON, TENDER
from graph_service.schema import KINDS
from graph_service.words import (
    BIDDER_VERDICTS,
    GRADES,
    PAIR_VERDICTS,
    SEVERITIES,
    clean,
    either,
    percent,
    word,
)
from viz.view import Edge, Node

BOX_WIDE, BOX_HIGH = 132, 50  # pixels of a node's shape
FONT = 12  # pixels
INK, PALE, LINE, GUIDE = "#1c2733", "#ffffff", "#66788a", "#8795a3"

# Shape by kind: vis-network's names.
SHAPES = {ENTERPRISE: "box", PERSON: "ellipse", CONTACT: "diamond", TENDER: "hexagon"}
# (fill, border) by severity; text on each fill has a contrast above 7:1.
_COLOURS = {
    "high": ("#fbe3e1", "#a61b13"),
    "medium": ("#fdeccd", "#8f5600"),
    "low": ("#e0ecfa", "#1f5fa8"),
    None: ("#f3f6f9", "#5b7083"),
}
MARKS = GRADES | PAIR_VERDICTS | BIDDER_VERDICTS  # what a node may be marked with
_OWNING = frozenset({"SHAREHOLDER_OF", "CONTROLS", "BRANCH_OF", "SUCCESSOR_OF"})
_KIN = frozenset({"RELATIVE_OF", "CONCERT_WITH", "SAME_AS", "POSSIBLY_SAME_AS"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend: what is drawn, and what it means."""

    shape: str
    fill: str
    border: str
    text: str
    dashed: bool = False
    heavy: bool = False


def colours(node: Node) -> tuple[str, str]:
    """Fill and border."""
    return _COLOURS.get(node.severity, _COLOURS[None])


def edge_colour(edge: Edge) -> str:
    """Ownership and control dark, kinship and concert violet, posts and all else teal."""
    types = set(edge.types)
    if types & _OWNING:
        return "#3c4a58"
    return "#6b3fa0" if types <= _KIN else "#0b6e6e"


def grade_word(node: Node, lang: str) -> str:
    """``受其控制·中``; empty for a party without a flag."""
    if node.grade is None:
        return ""
    return f"{word(MARKS, node.grade, lang)}·{word(SEVERITIES, node.severity, lang)}"


def lines_of(node: Node, lang: str, ems: float = 10.0) -> list[str]:
    """What stands inside the shape: the name on at most two lines, below it the grade."""
    badge = grade_word(node, lang) or percent(node.share)
    return [*wrapped(node.name, ems, 2), *([f"〔{badge}〕"] if badge else [])]


def wrapped(text: str, ems: float, most: int) -> list[str]:
    """The text in at most ``most`` lines of ``ems`` ems, of about equal length where it takes
    several; what does not fit ends in an ellipsis."""
    whole = ems_of(text)
    if ems < whole <= ems * most:
        ems = min(ems, whole / ceil(whole / ems) + 1)
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        count = _fitting(rest, ems)
        lines.append(rest[:count])
        rest = rest[count:]
    if rest:
        last = lines[-1]
        while last and ems_of(last + "…") > ems:
            last = last[:-1]
        lines[-1] = last + "…"
    return lines or [""]


def _fitting(text: str, ems: float) -> int:
    used, count = 0.0, 0
    for char in text:
        used += _em(char)
        if used > ems and count:
            break
        count += 1
    space = text.rfind(" ", 0, count)
    return space + 1 if count < len(text) and space > count // 2 else count


def ems_of(text: str) -> float:
    """About how wide a text is, in ems: a Han character is one."""
    return sum(map(_em, text))


def _em(char: str) -> float:
    return 1.0 if east_asian_width(char) in "WF" else 0.6


def tip(node: Node, lang: str) -> str:
    """All that is known of a node in this answer, line by line, as plain text."""
    kind = word({k.name: (k.zh, k.en) for k in KINDS}, node.kind, lang)
    depth = "" if node.depth is None else either((f"第 {node.depth} 层", f"hop {node.depth}"), lang)
    hub = either(("枢纽：关系未全部展开", "a hub: not all relations are shown"), lang)
    share = either(("合计或穿透比例 ", "share in all "), lang) + percent(node.share)
    grade = grade_word(node, lang) or (share if node.share is not None else "")
    parts = (node.name, node.id, kind, depth, grade, hub if node.hub else "")
    return "\n".join(clean(part) for part in parts if part)


def edge_tip(edge: Edge, names: dict[str, str], lang: str) -> str:
    """``甲 —持股60%→ 乙`` as plain text."""
    head = "→" if edge.directed else "—"
    return f"{names[edge.start]} —{edge.label(lang)}{head} {names[edge.end]}"


def legend(lang: str) -> list[Entry]:
    """What the shapes, colours and lines mean."""
    fill, border = _COLOURS[None]
    kinds = [
        Entry(SHAPES[kind.name], fill, border, either((kind.zh, kind.en), lang)) for kind in KINDS
    ]
    said = ("风险：", "severity: ")
    graded = [
        Entry("box", *_COLOURS[name], either(said, lang) + either(SEVERITIES[name], lang))
        for name in SEVERITIES
    ]
    words = (("起点", "asked about"), ("已终止", "ended"), ("未全部展开", "not all shown"))
    root, ended, hub = (either(pair, lang) for pair in words)
    return [
        *kinds,
        *graded,
        Entry("box", fill, border, root, heavy=True),
        Entry("line", LINE, LINE, ended, dashed=True),
        Entry("hub", fill, border, hub),
    ]
