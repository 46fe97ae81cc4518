"""The single-file picture: a page that opens from a USB stick, with no network and no other file.

Drawn by vis-network through pyvis, with our own template: every template of pyvis loads from other
addresses, puts the heading in unescaped and turns tooltips into HTML. Here everything is inlined;
texts are JSON data or escaped; the page's policy allows its own two scripts by their hashes and
nothing else, so no name can run anything and no request leaves.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from pyvis.network import Network  # type: ignore[import-untyped]

from graph_service.words import either
from viz.layout import Places, places_of
from viz.scene import Line, Shape, scene_of
from viz.stamp import Stamp, notes, reproducibility, watermark
from viz.style import SHAPES, colours, edge_colour, edge_tip, legend, lines_of, tip
from viz.svg import item_svg, svg, text
from viz.tables import Table, printed
from viz.view import View, limited

MOST_DRAWN = 300  # parties; beyond that a page of its own shows nothing, and the tables stand alone
_HEAD = "<!--# the head: language, policy, title, styles #-->"
_ABOVE = "<!--# the texts above the picture #-->"
_BELOW = "<!--# the texts below the picture, and the scripts #-->"
_HINT = "Wheel to zoom, drag to move, hover for details; below it all stands in tables"
_VIS = "templates/lib/vis-9.1.2/vis-network"
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 0},
    "interaction": {"hover": True, "keyboard": False, "tooltipDelay": 150},
    "nodes": {
        "widthConstraint": {"minimum": 120, "maximum": 128},
        "margin": 5,
        "scaling": {"label": {"drawThreshold": 3}},
        "font": {"size": 12, "color": "#1c2733"},
    },
    "edges": {
        "smooth": {"enabled": True, "type": "curvedCW", "roundness": 0.06},
        "font": {"size": 10, "align": "middle", "strokeWidth": 3, "strokeColor": "#ffffff"},
        "arrows": {"to": {"scaleFactor": 0.6}},
        "width": 1.3,
    },
}


def page(view: View, stamp: Stamp, lang: str) -> str:
    """The page of a view in ``zh`` or ``en``: the picture of its nearest ``MOST_DRAWN`` parties,
    what it leaves out, its legend, and the tables of everything."""
    drawn = limited(view, MOST_DRAWN)
    places = places_of(drawn)
    net = _network(drawn, places, lang)
    made = str(net.generate_html())
    head, rest = made.split(_HEAD, 1)
    front, rest = rest.split(_ABOVE, 1)
    data, tail = rest.split(_BELOW, 1)
    still = svg(scene_of(drawn, places, stamp, lang), alone=False)
    return "".join(
        (
            head.replace("<!doctype html>", f'<!doctype html>\n<html lang="{_tag(lang)}">'),
            _head(view, lang),
            front,
            _above(drawn, stamp, lang),
            data,
            _below(view, stamp, still, lang),
            tail,
        )
    )


def show(view: View, stamp: Stamp, lang: str = "zh", high: int = 640) -> Any:
    """The page inside a notebook's cell, ``high`` pixels high: an object that notebooks display."""
    return _Cell(page(view, stamp, lang), high)


class _Cell:
    """A page in a sandboxed frame: its scripts run, and cannot reach the notebook."""

    def __init__(self, made: str, high: int) -> None:
        self._made, self._high = made, high

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts" srcdoc="{escape(self._made)}" width="100%" '
            f'height="{self._high}" style="border:0"></iframe>'
        )


def _network(view: View, places: Places, lang: str) -> Network:
    # directed: an undirected pyvis network silently drops the second line between two nodes.
    net = Network(directed=True, cdn_resources="in_line")
    net.set_template_dir(str(files("viz").joinpath("assets")), "picture.html")
    number = {node.id: place for place, node in enumerate(view.nodes)}
    names = {node.id: node.name for node in view.nodes}
    for node in view.nodes:
        fill, border = colours(node)
        x, y = places[node.id]
        net.add_node(
            number[node.id],
            label="\n".join(lines_of(node, lang)),
            shape=SHAPES.get(node.kind, "box"),
            color={"background": fill, "border": border},
            title=tip(node, lang),
            borderWidth=3 if node.root else 1,
            shadow=node.hub,
            x=x,
            y=y,
            physics=False,
        )
    for edge in view.edges:
        net.add_edge(
            number[edge.start],
            number[edge.end],
            label=edge.label(lang),
            title=edge_tip(edge, names, lang),
            color=edge_colour(edge),
            dashes=edge.former,
            arrows="to" if edge.directed else "",
        )
    net.options = _OPTIONS
    return net


def _tag(lang: str) -> str:
    return "zh-CN" if lang == "zh" else "en"


@cache
def _asset(name: str) -> str:
    return files("viz").joinpath("assets", name).read_text("utf-8")


@cache
def _library(ending: str) -> str:
    return files("pyvis").joinpath(f"{_VIS}.{ending}").read_text("utf-8").strip()


def _hash(script: str) -> str:
    return "'sha256-" + b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def policy() -> str:
    """The page's Content-Security-Policy: its two scripts, its styles, nothing from anywhere."""
    scripts = " ".join(_hash(script) for script in (_library("min.js"), _asset("picture.js")))
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _head(view: View, lang: str) -> str:
    return (
        '<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy()}"><meta name="viewport" content="width=device-width">'
        f'<meta name="referrer" content="no-referrer"><title>{text(view.heading(lang))}</title>'
        f"<style>{_library('css')}</style><style>{_asset('picture.css')}</style></head>"
    )


def _above(drawn: View, stamp: Stamp, lang: str) -> str:
    told = "".join(f"<li>{text(note)}</li>" for note in notes(drawn, lang))
    hint = either(("滚轮缩放，拖动平移，悬停看详情；下方为文字表格", _HINT), lang)
    return (
        f'<h1 id="title">{text(drawn.heading(lang))}</h1>'
        f'<p class="mark">{text(watermark(drawn.answer, stamp, lang))}</p>'
        f'<ul class="notes">{told}</ul><ul class="legend">{_legend(lang)}</ul>'
        f'<p class="hint">{hint}</p>'
    )


def _legend(lang: str) -> str:
    lines = []
    for entry in legend(lang):
        if entry.shape == "line":
            drawn = _icon(Line((1, 9), (31, 9), entry.border, dashed=entry.dashed))
        elif entry.shape == "hub":
            behind = Shape("box", 18, 7, 24, 12, entry.fill, entry.border)
            drawn = _icon(behind, Shape("box", 15, 10, 24, 12, entry.fill, entry.border))
        else:
            one = Shape(entry.shape, 16, 9, 26, 14, entry.fill, entry.border, entry.heavy)
            drawn = _icon(one)
        lines.append(f"<li>{drawn}{text(entry.text)}</li>")
    return "".join(lines)


def _icon(*items: Line | Shape) -> str:
    drawn = "".join(map(item_svg, items))
    return f'<svg width="32" height="18" aria-hidden="true">{drawn}</svg>'


def _below(view: View, stamp: Stamp, still: str, lang: str) -> str:
    block = json.dumps(reproducibility(view.answer, stamp), ensure_ascii=False).replace(
        "<", "\\u003c"
    )
    return (
        f'<div class="still">{still}</div>'
        "<noscript><style>#frame,.hint{display:none}.still{display:block}</style></noscript>"
        f"{''.join(_table(table) for table in printed(view, lang))}"
        f'<script type="application/json" id="reproducibility">{block}</script>'
        f"<script>{_library('min.js')}</script><script>{_asset('picture.js')}</script>"
    )


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in table.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{text(table.title)}">'
        f'<table id="{table.name}"><caption>{text(table.title)} '
        f"({len(table.rows)})</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
        "</table></div>"
    )
