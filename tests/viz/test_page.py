"""The single-file page: opens with nothing but itself, runs nothing from a name, hides nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pyvis.network import Network  # type: ignore[import-untyped]

from tests.viz.support import HOSTILE, STAMP, trace
from viz.page import MOST_DRAWN, page, policy, show
from viz.view import view_of

LOADING = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "ping"}


class Parsed(HTMLParser):
    """The elements of a page: tags with attributes, text by element, the text of scripts."""

    def __init__(self, made: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(made)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those inside that have no end."""
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note text with the element it stands in."""
        self.inside.append((self._open[-1] if self._open else "", data))

    def texts(self, tag: str) -> list[str]:
        """The texts inside elements of this name."""
        return [data for name, data in self.inside if name == tag]

    def count(self, tag: str) -> int:
        """How many elements of this name."""
        return sum(name == tag for name, _ in self.tags)

    def data(self, name: str) -> Any:
        """A block of JSON by its id."""
        place = [i for i, (_, attrs) in enumerate(self.tags) if attrs.get("id") == name]
        assert len(place) == 1
        scripts = [attrs.get("id") for tag, attrs in self.tags if tag == "script"]
        return json.loads(self.texts("script")[scripts.index(name)])


@pytest.fixture(scope="module", params=["zh", "en"])
def hostile(request: pytest.FixtureRequest) -> Parsed:
    """The page of a walk among hostile names."""
    return Parsed(page(view_of(trace(HOSTILE, "truncated")), STAMP, request.param))


def test_names_are_text_and_nothing_else(hostile: Parsed) -> None:
    allowed = {
        "main",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "p",
        "ul",
        "li",
    }
    allowed |= {"div", "script", "noscript", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    allowed |= {"svg", "g", "rect", "ellipse", "polygon", "line", "text", "desc"}
    assert {tag for tag, _ in hostile.tags} <= allowed
    names = {name for _, attrs in hostile.tags for name in attrs}
    assert not {name for name in names if name.startswith("on") or name in LOADING}
    cells = "\n".join(hostile.texts("td"))
    for name in HOSTILE[:6]:
        assert name in cells
    assert any("500 of 900" in text for text in hostile.texts("li"))


def test_the_only_scripts_are_those_that_the_policy_names(hostile: Parsed) -> None:
    kinds = [attrs.get("type") for tag, attrs in hostile.tags if tag == "script"]
    scripts = list(zip(kinds, hostile.texts("script"), strict=True))
    running = [text for kind, text in scripts if kind is None]
    assert len(running) == 2
    for text in running:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy()
    assert {kind for kind, _ in scripts} == {None, "application/json"}


def test_the_policy_forbids_every_network(hostile: Parsed) -> None:
    (found,) = [
        attrs["content"]
        for tag, attrs in hostile.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert found == policy()
    rules = dict(part.strip().split(" ", 1) for part in policy().split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in rules["script-src"]
    assert rules["img-src"] == "data:"
    assert not {"connect-src", "font-src", "frame-src"} & set(rules)


def test_styles_load_nothing(hostile: Parsed) -> None:
    for style in hostile.texts("style"):
        assert "@import" not in style
        addresses = re.findall(r"url\(\s*['\"]?([^'\")]{0,12})", style)
        assert all(address.startswith("data:") for address in addresses)


def test_every_party_has_its_place_and_every_line_its_words(answers: dict[str, Any]) -> None:
    view = view_of(answers["trace"])
    made = Parsed(page(view, STAMP, "zh"))
    nodes, edges = made.data("nodes"), made.data("edges")
    assert len(nodes) == len(view.nodes)
    assert len({(node["x"], node["y"]) for node in nodes}) == len(nodes)
    assert len(edges) == len(view.edges)
    assert {edge["label"] for edge in edges} == {edge.label("zh") for edge in view.edges}
    assert made.data("options")["physics"] == {"enabled": False}
    assert made.data("reproducibility")["data_version"] == answers["trace"]["data_version"]


def test_the_tables_beside_the_picture_have_everything(answers: dict[str, Any]) -> None:
    view = view_of(answers["exposure"])
    made = Parsed(page(view, STAMP, "zh"))
    relations = sum(len(edge.steps) for edge in view.edges)
    rows = len(view.nodes) + relations + len(answers["exposure"]["flags"])
    assert made.count("tr") == rows + made.count("table")
    assert "天宇䶮业有限公司" in made.texts("td")


def test_a_crowd_is_cut_in_the_picture_and_whole_in_the_tables() -> None:
    names = [f"企业{number}" for number in range(MOST_DRAWN + 20)]
    made = Parsed(page(view_of(trace(names)), STAMP, "zh"))
    assert len(made.data("nodes")) == MOST_DRAWN
    assert f"图中为最近的 {MOST_DRAWN} 个主体，共 {len(names)} 个；其余见表" in made.texts("li")
    assert made.count("tr") == len(names) + len(names) - 1 + 2


def test_nothing_is_left_where_it_stood(
    answers: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page(view_of(answers["trace"]), STAMP, "zh")
    assert list(tmp_path.iterdir()) == []


def test_the_same_answer_has_the_same_page(answers: dict[str, Any]) -> None:
    first, second = (page(view_of(answers["flags"]), STAMP, "en") for _ in range(2))
    assert first == second


def test_a_notebook_gets_the_page_in_a_frame_that_is_shut_in(answers: dict[str, Any]) -> None:
    view = view_of(answers["flags"])
    ((tag, attrs),) = Parsed(show(view, STAMP, "zh", 300)._repr_html_()).tags
    assert (tag, attrs["sandbox"], attrs["height"]) == ("iframe", "allow-scripts", "300")
    assert attrs["srcdoc"] == page(view, STAMP, "zh")


@pytest.mark.parametrize("mode", ["local", "in_line", "remote"])
def test_what_the_library_would_do_by_itself(mode: str) -> None:
    """Why the page has a template of its own; when this fails, look whether it is still needed."""
    net = Network(cdn_resources=mode, heading="<b>名称</b>")
    net.add_node(1, label="", title='<a href="x">')
    net.add_node(2)
    net.add_edge(1, 2)
    net.add_edge(2, 1)
    made = net.generate_html()
    assert re.search(r'src="https://', made)
    assert "<b>名称</b>" in made
    assert "popup.innerHTML = nodeData[0].title" in made
    assert net.nodes[0]["label"] == 1
    assert len(net.edges) == 1
