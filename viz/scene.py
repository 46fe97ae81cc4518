"""A picture as shapes, lines and texts with their places: SVG, PNG and PDF are drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
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
    items += _lines(view.edges, spots, {n.id: n.name for n in view.nodes}, lang)
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
        items.append(Words(text, x, middle, size, bold=node.root and number == 0))
    return items


def _lines(
    edges: Sequence[Edge], spots: dict[str, Point], names: dict[str, str], lang: str
) -> list[Item]:
    both = {(edge.start, edge.end) for edge in edges}
    lines: list[Item] = []
    texts: list[Item] = []
    for edge in edges:
        if edge.start == edge.end:
            items = _loop(edge, spots[edge.start], lang)
        else:
            aside = 7.0 if (edge.end, edge.start) in both else 0.0
            items = _straight(edge, spots[edge.start], spots[edge.end], aside, names, lang)
        lines += items[:-1]
        texts.append(items[-1])
    return lines + (texts if len(edges) <= MOST_LABELS else [])


def _straight(
    edge: Edge, start: Point, end: Point, aside: float, names: dict[str, str], lang: str
) -> list[Item]:
    """The line between two borders, ``aside`` to its right where another runs the other way."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    over = (-(end[1] - start[1]) / length * aside, (end[0] - start[0]) / length * aside)
    a, b = ((p[0] + over[0], p[1] + over[1]) for p in (start, end))
    first, last = _border(a, b), _border(b, a)
    line = Line(
        first, last, edge_colour(edge), edge.directed, edge.former, edge_tip(edge, names, lang)
    )
    shift = 0.5 if not aside else 0.38
    middle = tuple(p + (q - p) * shift for p, q in zip(first, last, strict=True))
    return [line, _label(edge, (middle[0], middle[1]), lang)]


def _loop(edge: Edge, at: Point, lang: str) -> list[Item]:
    """A party's tie to itself: three sides of a box above it."""
    x, y = at[0], at[1] - BOX_HIGH / 2
    corners = ((x - 20, y), (x - 20, y - 14), (x + 20, y - 14), (x + 20, y))
    colour = edge_colour(edge)
    sides: list[Item] = [
        Line(a, b, colour, b == corners[-1], edge.former) for a, b in pairwise(corners)
    ]
    return [*sides, _label(edge, (x, y - 14), lang)]


def _label(edge: Edge, at: Point, lang: str) -> Words:
    (text,) = wrapped(edge.label(lang), 14, 1)
    return Words(text, at[0], at[1], FONT - 2, edge_colour(edge), halo=True)


def _border(at: Point, towards: Point) -> Point:
    """Where the line leaves the box around ``at``."""
    dx, dy = towards[0] - at[0], towards[1] - at[1]
    part = min(
        BOX_WIDE / 2 / abs(dx) if dx else float("inf"),
        BOX_HIGH / 2 / abs(dy) if dy else float("inf"),
        1.0,
    )
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
