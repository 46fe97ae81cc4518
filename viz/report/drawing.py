"""A scene on a reportlab canvas (vector) and as PNG (Pillow), with the same chain of fonts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from math import sqrt
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfbase.pdfmetrics import stringWidth  # type: ignore[import-untyped]

from viz.report.fonts import Face, Fonts, loaded
from viz.scene import Item, Line, Scene, Shape, Words
from viz.svg import arrow, corners

_MOST_PIXELS = 36_000_000
Points = Iterable[tuple[float, float]]


def draw_scene(
    canvas: Any, scene: Scene, fonts: Fonts, left: float, low: float, scale: float
) -> None:
    """The scene on a canvas whose y runs upwards, its lower left corner at (left, low)."""
    canvas.saveState()
    canvas.translate(left, low + scene.high * scale)
    canvas.scale(scale, -scale)
    for item in scene.items:
        _on_canvas(canvas, item, fonts)
    canvas.restoreState()


def _on_canvas(canvas: Any, item: Item, fonts: Fonts) -> None:
    if isinstance(item, Words):
        _write(canvas, item, fonts)
    elif isinstance(item, Line):
        canvas.setStrokeColor(item.colour)
        canvas.setFillColor(item.colour)
        canvas.setLineWidth(1.3)
        canvas.setDash(*((6, 4) if item.dashed else ()))
        canvas.line(*item.start, *item.end)
        canvas.setDash()
        if item.arrow:
            _polygon(canvas, arrow(item), 0)
    else:
        _fill(canvas, item)


def _fill(canvas: Any, item: Shape) -> None:
    canvas.setStrokeColor(item.border)
    canvas.setFillColor(item.fill)
    canvas.setLineWidth(3 if item.heavy else 1.2)
    left, top = item.x - item.wide / 2, item.y - item.high / 2
    if item.form == "ellipse":
        canvas.ellipse(left, top, left + item.wide, top + item.high, fill=1)
    elif item.form == "box":
        canvas.roundRect(left, top, item.wide, item.high, 5, fill=1)
    else:
        _polygon(canvas, corners(item), 1)


def _polygon(canvas: Any, points: Points, stroke: int) -> None:
    path = canvas.beginPath()
    for number, point in enumerate(points):
        (path.lineTo if number else path.moveTo)(*point)
    path.close()
    canvas.drawPath(path, stroke=stroke, fill=1)


def _write(canvas: Any, item: Words, fonts: Fonts) -> None:
    runs = list(fonts.runs(item.text))
    width = sum(run_width(face, piece, item.size) for face, piece in runs)
    x, y = (item.x - width / 2 if item.middle else item.x), item.y + item.size * 0.36
    if item.halo:
        canvas.setFillColor("#ffffff")
        canvas.rect(x - 2, item.y - item.size * 0.6, width + 4, item.size * 1.2, stroke=0, fill=1)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(1, -1)
    canvas.setFillColor(item.colour)
    along = 0.0
    for face, piece in runs:
        canvas.setFont(face.name, item.size)
        canvas.drawString(along, 0, piece)
        along += run_width(face, piece, item.size)
    canvas.restoreState()


def run_width(face: Face, piece: str, size: float) -> float:
    """How wide a piece of text is in points."""
    loaded(face)
    return float(stringWidth(piece, face.name, size))


def png(scene: Scene, fonts: Fonts) -> bytes:
    """The scene as PNG, at twice its size where that has not too many pixels."""
    scale = min(2.0, sqrt(_MOST_PIXELS / (scene.wide * scene.high)))
    image = Image.new("RGB", (round(scene.wide * scale), round(scene.high * scale)), "white")
    pen = ImageDraw.Draw(image)
    for item in scene.items:
        _on_image(pen, item, fonts, scale)
    out = BytesIO()
    image.save(out, "PNG", pnginfo=_said(scene.mark))
    return out.getvalue()


def _said(mark: str) -> PngInfo:
    info = PngInfo()
    info.add_itxt("Comment", mark)
    return info


def _on_image(pen: ImageDraw.ImageDraw, item: Item, fonts: Fonts, scale: float) -> None:
    if isinstance(item, Words):
        _write_image(pen, item, fonts, scale)
    elif isinstance(item, Line):
        for start, end in _dashes(item):
            pen.line(_scaled((start, end), scale), item.colour, max(1, round(1.3 * scale)))
        if item.arrow:
            pen.polygon(_scaled(arrow(item), scale), item.colour)
    else:
        _fill_image(pen, item, scale)


def _fill_image(pen: ImageDraw.ImageDraw, item: Shape, scale: float) -> None:
    width = max(1, round((3 if item.heavy else 1.2) * scale))
    x, y, w, h = item.x, item.y, item.wide / 2, item.high / 2
    box = _scaled([(x - w, y - h), (x + w, y + h)], scale)
    if item.form == "ellipse":
        pen.ellipse(box, item.fill, item.border, width)
    elif item.form == "box":
        pen.rounded_rectangle(box, 5 * scale, item.fill, item.border, width)
    else:
        pen.polygon(_scaled(corners(item), scale), item.fill, item.border, width)


def _scaled(points: Points, scale: float) -> list[tuple[float, float]]:
    return [(x * scale, y * scale) for x, y in points]


def _dashes(item: Line) -> Iterable[tuple[tuple[float, float], tuple[float, float]]]:
    """The line in one piece, or in dashes of 6 with gaps of 4."""
    (x1, y1), (x2, y2) = item.start, item.end
    length = sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2)
    if not item.dashed or not length:
        return [(item.start, item.end)]

    def at(way: float) -> tuple[float, float]:
        part = min(way, length) / length
        return x1 + (x2 - x1) * part, y1 + (y2 - y1) * part

    return [(at(way), at(way + 6)) for way in range(0, int(length) + 1, 10)]


@cache
def _pillow_font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size, face.index)


def _write_image(pen: ImageDraw.ImageDraw, item: Words, fonts: Fonts, scale: float) -> None:
    size = max(4, round(item.size * scale))
    runs = [(_pillow_font(face, size), piece) for face, piece in fonts.runs(item.text)]
    width = sum(font.getlength(piece) for font, piece in runs)
    x = item.x * scale - (width / 2 if item.middle else 0)
    y = (item.y + item.size * 0.36) * scale
    if item.halo:
        high = item.size * 0.6 * scale
        middle = item.y * scale
        pen.rectangle([x - 2, middle - high, x + width + 2, middle + high], "white")
    for font, piece in runs:
        pen.text((x, y), piece, item.colour, font, anchor="ls", stroke_width=0)
        if item.bold:
            pen.text((x + 1, y), piece, item.colour, font, anchor="ls")
        x += font.getlength(piece)
