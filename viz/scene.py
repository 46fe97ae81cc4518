"""A picture as shapes, lines and texts with their places: SVG, PNG and PDF are drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from viz.layout import HIGH, WIDE, Places
from viz.stamp import Stamp, notes, watermark
from viz.style import (
    BOX_HIGH,
    BOX_WIDE,
    FONT,
    GUIDE,
    INK,
    PALE,
    SHAPES,
    colours,
    edge_colour,
    edge_tip,
    ems_of,
    legend,
    lines_of,
    tip,
    wrapped,
)
from viz.view import Edge, Node, View

Point = tuple[float, float]
MOST_LABELS = 250  # lines with words on them; beyond that words cover each other
_MARGIN, _HEAD, _LEGEND, _LINE_STEP = 40, 46, 30, 18


@dataclass(frozen=True, slots=True)
class Shape:
    """A ``box``, ``ellipse``, ``diamond``, ``hexagon`` or ``dot`` around a middle."""

    form: str
    x: float
    y: float
    wide: float
    high: float
    fill: str
    border: str
    heavy: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a point to a point; ``arrow``: with a head at its end."""

    start: Point
    end: Point
    colour: str
    arrow: bool = False
    dashed: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A text on one line around (x, y) or from it on; ``halo``: legible over lines."""

    text: str
    x: float
    y: float
    size: float = FONT
    colour: str = INK
    middle: bool = True
    bold: bool = False
    halo: bool = False


Item = Shape | Line | Words


@dataclass(frozen=True, slots=True)
class Scene:
    """A drawing of ``wide`` × ``high`` pixels. Items lie one over another in their order."""

    wide: float
    high: float
    title: str
    items: tuple[Item, ...]
    mark: str


def scene_of(view: View, places: Places, stamp: Stamp, lang: str) -> Scene:
    """The whole picture: heading, notes, ties, parties, legend, watermark."""
    told = [part for note in notes(view, lang) for part in wrapped(note, 90, 3)]
    left = min(x for x, _ in places.values()) - WIDE / 2
    top = min(y for _, y in places.values()) - HIGH / 2
    head = _MARGIN + _HEAD + _LINE_STEP * len(told)
    spots = {i: (x - left + _MARGIN, y - top + head) for i, (x, y) in places.items()}
    mark = watermark(view.answer, stamp, lang)
    texts = max(ems_of(text) for text in (*told, mark, view.heading(lang) * 2)) * FONT
    wide = max(max(x for x, _ in spots.values()) + WIDE / 2, texts + _MARGIN, 560.0) + _MARGIN
    low = max(y for _, y in spots.values()) + HIGH / 2 + _MARGIN
    key, low = _legend(lang, wide, low)
    items: list[Item] = [Words(view.heading(lang), _MARGIN, _MARGIN + 8, 20, INK, False, True)]
    for number, text in enumerate(told):
        items.append(Words(text, _MARGIN, _MARGIN + 34 + number * _LINE_STEP, FONT, INK, False))
    items += _lines(view, spots, lang)
    for node in view.nodes:
        items += _party(node, spots[node.id], lang)
    items += [*key, Words(mark, _MARGIN, low + _MARGIN / 2, FONT, INK, False, True)]
    return Scene(wide, low + _MARGIN + 10, view.heading(lang), tuple(items), mark)


def _party(node: Node, at: Point, lang: str) -> list[Item]:
    fill, border = colours(node)
    form = SHAPES.get(node.kind, "box")
    x, y = at
    items: list[Item] = []
    if node.hub:
        items.append(Shape(form, x + 5, y - 5, BOX_WIDE, BOX_HIGH, PALE, border))
    items.append(Shape(form, x, y, BOX_WIDE, BOX_HIGH, fill, border, node.root, tip(node, lang)))
    lines = lines_of(node, lang, 8.5 if form == "ellipse" else 10.2)
    size = FONT if len(lines) < 3 else FONT - 1
    for number, text in enumerate(lines):
        middle = y + (number - (len(lines) - 1) / 2) * (size + 2)
        items.append(Words(text, x, middle, size, bold=node.root and not text.startswith("〔")))
    return items


def _lines(view: View, spots: dict[str, Point], lang: str) -> list[Item]:
    """Every line, then what they say, unless there are too many words to be read."""
    both = {(edge.start, edge.end) for edge in view.edges}
    names = {node.id: node.name for node in view.nodes}
    round_ = {node.id for node in view.nodes if SHAPES.get(node.kind) == "ellipse"}
    lines: list[Item] = []
    texts: list[Item] = []
    for edge in view.edges:
        start, end = spots[edge.start], spots[edge.end]
        if edge.start == edge.end:
            lines += _loop(edge, start)
            texts.append(_label(edge, (start[0], start[1] - BOX_HIGH / 2 - 14), lang))
            continue
        # Where another line runs the other way, each keeps to its right.
        aside = 7.0 if (edge.end, edge.start) in both else 0.0
        first, last = _ends(start, end, aside, edge.start in round_, edge.end in round_)
        told = edge_tip(edge, names, lang)
        lines.append(Line(first, last, edge_colour(edge), edge.directed, edge.former, told))
        texts.append(_label(edge, _between(first, last, 0.38 if aside else 0.5), lang))
    return lines + (texts if len(view.edges) <= MOST_LABELS else [])


def _ends(start: Point, end: Point, aside: float, *rounds: bool) -> tuple[Point, Point]:
    """Where a line leaves the one shape and meets the other."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    over = (-(end[1] - start[1]) / length * aside, (end[0] - start[0]) / length * aside)
    a, b = ((p[0] + over[0], p[1] + over[1]) for p in (start, end))
    return _border(a, b, rounds[0]), _border(b, a, rounds[1])


def _between(start: Point, end: Point, part: float) -> Point:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def _loop(edge: Edge, at: Point) -> list[Item]:
    """A party's tie to itself: three sides of a box above it."""
    x, y = at[0], at[1] - BOX_HIGH / 2
    corners = ((x - 20, y), (x - 20, y - 14), (x + 20, y - 14), (x + 20, y))
    colour = edge_colour(edge)
    return [
        Line(a, b, colour, b == corners[-1], edge.former, edge.id if a == corners[0] else "")
        for a, b in pairwise(corners)
    ]


def _label(edge: Edge, at: Point, lang: str) -> Words:
    (text,) = wrapped(edge.label(lang), 14, 1)
    return Words(text, at[0], at[1], FONT - 2, edge_colour(edge), halo=True)


def _border(at: Point, towards: Point, rounded: bool) -> Point:
    """Where the line leaves the box, or the ellipse, around ``at``."""
    dx, dy = towards[0] - at[0], towards[1] - at[1]
    across, along = abs(dx) / (BOX_WIDE / 2), abs(dy) / (BOX_HIGH / 2)
    far = hypot(across, along) if rounded else max(across, along)
    part = min(1.0, 1 / far) if far else 0.0
    return at[0] + dx * part, at[1] + dy * part


def _legend(lang: str, wide: float, low: float) -> tuple[list[Item], float]:
    """The legend's items from ``low`` on, and where it ends."""
    items: list[Item] = []
    x = float(_MARGIN)
    for entry in legend(lang):
        need = 44 + ems_of(entry.text) * FONT
        if x + need > wide - _MARGIN and x > _MARGIN:
            x, low = float(_MARGIN), low + _LEGEND
        if entry.shape == "line":
            items.append(Line((x, low), (x + 28, low), GUIDE, dashed=entry.dashed))
        else:
            form = "box" if entry.shape == "hub" else entry.shape
            if entry.shape == "hub":
                items.append(Shape(form, x + 17, low - 3, 26, 14, PALE, entry.border))
            items.append(Shape(form, x + 14, low, 26, 14, entry.fill, entry.border, entry.heavy))
        items.append(Words(entry.text, x + 34, low, FONT, INK, False))
        x += need + 14
    return items, low + _LEGEND
