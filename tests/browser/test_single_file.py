"""The single-file page in a real browser, from a file: drawn, asking nothing, running no name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.viz.support import HOSTILE, STAMP, trace
from viz.exports import svg_file
from viz.page import MOST_DRAWN, page, show
from viz.view import view_of

RUNNING = "() => [window.ran, document.querySelectorAll('img, iframe, object, embed').length]"


class Opened:
    """A page from a file, what it asked for, and what it complained of."""

    def __init__(self, context: BrowserContext, path: Path) -> None:
        self.asked: list[str] = []
        self.stopped: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.stopped.append(str(request.failure)))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.goto(path.as_uri())


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    made = chromium.new_context(viewport={"width": 1366, "height": 768})
    yield made
    made.close()


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    return path


def test_hostile_names_are_drawn_and_run_nothing(context: BrowserContext, tmp_path: Path) -> None:
    made = page(view_of(trace(HOSTILE, "truncated")), STAMP, "zh")
    opened = Opened(context, _file(tmp_path, "图.html", made))
    opened.page.wait_for_selector("html[data-drawn=yes]")
    opened.page.locator("canvas").hover(position={"x": 600, "y": 270})
    opened.page.wait_for_timeout(400)
    assert opened.page.evaluate(RUNNING) == [None, 0]
    assert opened.complaints == []
    assert len(opened.asked) == 1
    assert opened.page.locator("td", has_text="onerror").first.is_visible()
    assert list(tmp_path.iterdir()) == [tmp_path / "图.html"]


def test_what_a_name_would_run_is_stopped_even_if_it_came_through(
    context: BrowserContext, tmp_path: Path
) -> None:
    """The policy holds where an escape would fail: planted behind the page's own body."""
    planted = (
        '<img src="http://example.invalid/x" onerror="window.ran=1"><script>window.ran=2</script>'
    )
    made = page(view_of(trace(["甲", "乙"])), STAMP, "zh").replace("<h1", planted + "<h1")
    opened = Opened(context, _file(tmp_path, "图.html", made))
    opened.page.wait_for_selector("html[data-drawn=yes]")
    assert opened.page.evaluate("() => window.ran") is None
    assert (len(opened.asked), opened.stopped) == (2, ["csp"])
    assert any("Content Security Policy" in text for text in opened.complaints)


def test_the_tooltip_is_text(context: BrowserContext, tmp_path: Path) -> None:
    name = '<a href="javascript:1" id="planted">甲</a>'
    opened = Opened(context, _file(tmp_path, "图.html", page(view_of(trace([name])), STAMP, "zh")))
    opened.page.wait_for_selector("html[data-drawn=yes]")
    box = opened.page.locator("canvas").bounding_box()
    assert box is not None
    opened.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.page.wait_for_selector(".vis-tooltip", state="visible")
    assert name in opened.page.locator(".vis-tooltip").inner_text()
    assert opened.page.locator("#planted").count() == 0


def test_the_largest_picture_is_drawn(context: BrowserContext, tmp_path: Path) -> None:
    names = [f"示例{number}有限公司" for number in range(MOST_DRAWN + 1)]
    made = page(view_of(trace(names)), STAMP, "zh")
    opened = Opened(context, _file(tmp_path, "图.html", made))
    opened.page.wait_for_selector("html[data-drawn=yes]")
    assert opened.complaints == []
    assert opened.page.locator("#parties tbody tr").count() == len(names)


def test_on_paper_the_picture_is_vectors(context: BrowserContext, tmp_path: Path) -> None:
    opened = Opened(
        context, _file(tmp_path, "图.html", page(view_of(trace(["甲", "乙"])), STAMP, "zh"))
    )
    assert not opened.page.locator(".still svg").is_visible()
    opened.page.emulate_media(media="print")
    assert opened.page.locator(".still svg").is_visible()
    assert not opened.page.locator("#frame").is_visible()


def test_a_notebook_frame_draws_and_cannot_reach_out(
    context: BrowserContext, tmp_path: Path
) -> None:
    frame = show(view_of(trace(HOSTILE)), STAMP, "zh")._repr_html_()
    opened = Opened(context, _file(tmp_path, "本.html", f"<!doctype html><body>{frame}</body>"))
    inner = opened.page.frame_locator("iframe")
    inner.locator("html[data-drawn=yes]").wait_for()
    assert opened.page.evaluate("() => window.ran") is None
    assert opened.complaints == []


def test_an_image_runs_nothing(context: BrowserContext, tmp_path: Path) -> None:
    content = svg_file(view_of(trace(HOSTILE)), STAMP, "zh")
    opened = Opened(context, _file(tmp_path, "图.svg", content))
    assert opened.page.evaluate("() => window.ran") is None
    assert opened.page.evaluate("() => document.querySelectorAll('script, image, a').length") == 0
    assert (opened.complaints, len(opened.asked)) == ([], 1)


def test_nothing_grave_keeps_anybody_out(context: BrowserContext, tmp_path: Path) -> None:
    made = page(view_of(trace(["甲", "乙"], "truncated")), STAMP, "zh")
    opened = Opened(context, _file(tmp_path, "图.html", made))
    opened.page.wait_for_selector("html[data-drawn=yes]")
    found = Axe().run(opened.page).response["violations"]
    assert [(f["id"], f["nodes"][0]["html"][:200]) for f in found] == []
