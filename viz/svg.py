"""A scene as SVG, written by hand: every text escaped, no script, nothing loaded from anywhere."""

from __future__ import annotations

from html import escape

from graph_service.words import legal
from viz.scene import Item, Line, Scene, Shape, Words

FAMILY = (
    "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei',"
    "'Droid Sans Fallback',HanaMinA,HanaMinB,sans-serif"
)
_ARROW, _HALF = 9, 4


def svg(scene: Scene, *, alone: bool = True) -> str:
    """The document; ``alone`` False: without its XML heading, for a page."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n' if alone else ""
    body = "".join(map(item_svg, scene.items))
    return (
        f'{head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(scene.wide)} '
        f'{_n(scene.high)}" width="{_n(scene.wide)}" height="{_n(scene.high)}" role="img" '
        f'font-family="{FAMILY}"><title>{text(scene.title)}</title><desc>{text(scene.mark)}</desc>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{_tiles(scene)}{body}</svg>\n'
    )


def text(value: str) -> str:
    """A value as XML text: escaped, without the characters that XML has no place for."""
    return escape(legal(value))


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _tiles(scene: Scene) -> str:
    """The watermark, faint and aslant over the whole."""
    marks = []
    for row in range(int(scene.high // 320) + 1):
        for column in range(int(scene.wide // 640) + 1):
            x, y = 40 + column * 640, 260 + row * 320
            marks.append(f'<text x="{x}" y="{y}" transform="rotate(-18 {x} {y})">{{}}</text>')
    said = text(scene.mark)
    return f'<g fill="#eef1f4" font-size="17">{"".join(marks).replace("{}", said)}</g>'


def item_svg(item: Item) -> str:
    """One item as an SVG element."""
    if isinstance(item, Words):
        return _words(item)
    if isinstance(item, Line):
        return _line(item)
    return _shape(item)


def _words(item: Words) -> str:
    halo = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"' if item.halo else ""
    middle = ' text-anchor="middle"' if item.middle else ""
    bold = ' font-weight="bold"' if item.bold else ""
    return (
        f'<text x="{_n(item.x)}" y="{_n(item.y + item.size * 0.36)}" font-size="{_n(item.size)}" '
        f'fill="{item.colour}"{middle}{bold}{halo}>{text(item.text)}</text>'
    )


def _line(item: Line) -> str:
    (x1, y1), (x2, y2) = item.start, item.end
    dash = ' stroke-dasharray="6 4"' if item.dashed else ""
    head = f'<polygon fill="{item.colour}" points="{_points(arrow(item))}"/>' if item.arrow else ""
    return (
        f'<g><line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
        f'stroke="{item.colour}" stroke-width="1.3"{dash}/>{head}{_title(item.title)}</g>'
    )


def arrow(item: Line) -> list[tuple[float, float]]:
    """The three corners of a line's head."""
    (x1, y1), (x2, y2) = item.start, item.end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    bx, by = x2 - ux * _ARROW, y2 - uy * _ARROW
    return [(x2, y2), (bx - uy * _HALF, by + ux * _HALF), (bx + uy * _HALF, by - ux * _HALF)]


def corners(item: Shape) -> list[tuple[float, float]]:
    """The corners of a diamond or hexagon."""
    w, h = item.wide / 2, item.high / 2
    if item.form == "diamond":
        turns = [(-w, 0.0), (0.0, -h), (w, 0.0), (0.0, h)]
    else:
        turns = [(-w, 0.0), (-w * 0.8, -h), (w * 0.8, -h), (w, 0.0), (w * 0.8, h), (-w * 0.8, h)]
    return [(item.x + dx, item.y + dy) for dx, dy in turns]


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _shape(item: Shape) -> str:
    look = f'fill="{item.fill}" stroke="{item.border}" stroke-width="{3 if item.heavy else 1.2}"'
    if item.form == "ellipse":
        drawn = (
            f'<ellipse cx="{_n(item.x)}" cy="{_n(item.y)}" rx="{_n(item.wide / 2)}" '
            f'ry="{_n(item.high / 2)}" {look}/>'
        )
    elif item.form == "box":
        drawn = (
            f'<rect x="{_n(item.x - item.wide / 2)}" y="{_n(item.y - item.high / 2)}" '
            f'width="{_n(item.wide)}" height="{_n(item.high)}" rx="5" {look}/>'
        )
    else:
        drawn = f'<polygon points="{_points(corners(item))}" {look}/>'
    return f"<g>{drawn}{_title(item.title)}</g>" if item.title else drawn


def _title(said: str) -> str:
    return f"<title>{text(said)}</title>" if said else ""
