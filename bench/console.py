"""The console in a real browser: paint, bytes, suggestions, graphs ready, frames, a hub's keys.

Needs Chromium and playwright, of the extra ``test``. Graphs are of a network made here, with a
person who holds a share in 50,000 companies; suggestions are asked of the benchmark's own store.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.loading import ensure_loaded
from bench.service import PROGRAM, get, plain_environment, serving
from bench.timing import Figure
from bench.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# parties and branches of three trees, how deep a graph of each goes, and its bars: ms, frames/s
TREES: dict[str, tuple[int, int, int, float | None, float | None]] = {
    "s": (200, 14, 2, 1_000.0, None),
    "m": (1_000, 11, 3, 3_000.0, 20.0),
    "l": (2_000, 13, 3, None, 20.0),
}
HUB = 50_000
ROUNDS = 5
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
_WEIGHT = "performance.getEntriesByType('resource').reduce((n, r) => n + r.transferSize, 0)"
_PRESS = """(key) => new Promise((done) => {
  const begun = performance.now();
  const pressed = new KeyboardEvent("keydown", { key, bubbles: true });
  document.querySelector(".canvas").dispatchEvent(pressed);
  requestAnimationFrame(() => done(performance.now() - begun));
})"""
_PAN = """() => new Promise((done) => {
  const place = document.querySelector(".canvas");
  const box = place.getBoundingClientRect();
  const at = (x) => ({
    bubbles: true, clientX: box.x + x, clientY: box.y + 12, button: 0, buttons: 1,
  });
  const send = (kind, x) => place.querySelector("canvas:last-of-type").dispatchEvent(
    new MouseEvent(kind, at(x)));
  let frames = 0;
  const begun = performance.now();
  send("mousedown", 20);
  const step = () => {
    frames += 1;
    const passed = performance.now() - begun;
    window.dispatchEvent(new MouseEvent("mousemove", at(20 + (passed / 5) % 300)));
    if (passed < 2000) requestAnimationFrame(step);
    else { send("mouseup", 20); done(frames / (passed / 1000)); }
  };
  requestAnimationFrame(step);
})"""


def in_a_browser(world: World) -> list[Figure]:
    """All of it; raises RuntimeError where there is no browser."""
    network = World(world.folder / "console", world.scale)
    network.prepare()
    if not network.store.exists():
        _load(network)
    with _chromium() as browser:
        with _service(network) as (url, key):
            figures = _first_use(browser, url)
            for tree, (count, _, depth, ready, smooth) in TREES.items():
                address = f"#/graph/{key(f'gs:{tree}0')}?depth={depth}"
                figures += _graph(browser, url, address, count, ready, smooth)
            figures.append(_hub(browser, url, key("gs:p1")))
        ensure_loaded(world)
        with _service(world) as (url, _):
            figures.append(_type_ahead(browser, url, world.scale.parties))
    return figures


def made(folder: Path) -> Path:
    """The network's files: trees of stakes with cross-ties, and a person with very many."""
    draw = random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)
    firms, rows = [], []
    for tree, (count, branches, *_) in TREES.items():
        firms += [
            {"id": f"{tree}{n}", "name": f"示例市{n:04d}号实业有限公司"} for n in range(count)
        ]
        ties = [((n - 1) // branches, n) for n in range(1, count)]
        ties += [(draw.randrange(count), draw.randrange(count)) for _ in range(count // 4)]
        rows += [(f"{tree}{a}", f"{tree}{b}", "10%") for a, b in ties]
    firms += [{"id": f"h{n}", "name": f"示例市枢纽{n:05d}贸易有限公司"} for n in range(HUB)]
    rows += [("p1", f"h{n}", "1%") for n in range(HUB)]
    stakes = [dict(zip(("holder", "enterprise", "share"), row, strict=True)) for row in rows]
    people = [{"id": "p1", "name": "钱𠮷"}]
    for name, table in (("enterprises", firms), ("persons", people), ("shareholders", stakes)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def _load(network: World) -> None:
    place = made(network.folder / "gs")
    command = [*PROGRAM, "--store", str(network.store), "load", str(place), "--source", "gs"]
    environment = {**plain_environment(), "CG_ID_KEY_FILE": str(network.key)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError("the network could not be loaded")


@contextmanager
def _service(world: World) -> Iterator[tuple[str, Callable[[str], str]]]:
    """The service over a store: its address, and what gives a party's key."""
    with serving(world) as (connection, _):

        def key(party: str) -> str:
            connection.close()  # it has been idle for longer than the service keeps it
            answer = json.loads(get(connection, f"/v1/parties/{party}"))
            return str(answer["party"]["key"])

        yield f"http://127.0.0.1:{connection.port}", key


@contextmanager
def _chromium() -> Iterator[Browser]:
    place = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise RuntimeError("playwright is not installed: pip install '.[test]'") from None
    if place is None:
        raise RuntimeError("there is no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=list(_FLAGS))
        try:
            yield browser
        except Error as error:
            raise RuntimeError(str(error).partition("\n")[0]) from error
        finally:
            browser.close()


@contextmanager
def _page(browser: Browser, url: str) -> Iterator[Page]:
    """The console's first page in a new profile."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    try:
        page = context.new_page()
        page.goto(f"{url}/#/search")
        page.locator("#main[data-at='#/search'] dl.figures").wait_for()
        yield page
    finally:
        context.close()


def _first_use(browser: Browser, url: str) -> list[Figure]:
    paints, weights = [], []
    for _ in range(ROUNDS):
        with _page(browser, url) as page:
            paints.append(float(page.evaluate(_PAINT)))
            weights.append(float(page.evaluate(_WEIGHT)))
    return [
        Figure("console", "first contentful paint", median(paints), "ms", 1_000.0),
        Figure("console", "first use, with the graph's library", median(weights), "B", 400_000.0),
    ]


def _graph(
    browser: Browser, url: str, address: str, count: int, ready: float | None, smooth: float | None
) -> list[Figure]:
    """From the address to the drawn canvas, and frames a second while it is dragged."""
    with _page(browser, url) as page:
        times = []
        for _ in range(ROUNDS):
            page.evaluate("location.hash = '#/about'")
            page.locator("#main[data-at='#/about'] dl.facts").first.wait_for()
            begun = time.perf_counter()
            page.evaluate(f"location.hash = '{address}'")
            page.locator(".canvas[data-drawn]").wait_for()
            times.append((time.perf_counter() - begun) * 1000)
        shown = page.locator(".status").inner_text()
        page.locator(".canvas[data-marked]").wait_for()
        frames = float(page.evaluate(_PAN))
    detail: dict[str, Any] = {"shown": shown}
    return [
        Figure(
            "console", f"graph of {count:,} ready", median(times), "ms", ready, detail=detail
        ),
        Figure("console", f"panning {count:,}", frames, "frames/s", smooth, "at least"),
    ]  # fmt: skip


def _hub(browser: Browser, url: str, key: str) -> Figure:
    """The slowest answer of the page to a key, on a hub, to the next frame."""
    with _page(browser, url) as page:
        page.evaluate(f"location.hash = '#/graph/{key}?depth=2'")
        page.locator(".canvas[data-marked]").wait_for()
        page.locator(".canvas").focus()
        keys = ("ArrowDown", "ArrowRight", "ArrowUp", "p", "h", "+", "0")
        slowest = max(float(page.evaluate(_PRESS, key)) for key in keys)
    return Figure("console", f"slowest key on a hub of {HUB:,}", slowest, "ms", 100.0)


def _type_ahead(browser: Browser, url: str, parties: int) -> Figure:
    """From the last key to the suggestions, the wait for more keys included."""
    times = []
    with _page(browser, url) as page:
        for text in ("示例市", "科技", "建设有限", "医药", "商贸"):
            page.fill("#q", "")
            page.locator("#ahead").wait_for(state="hidden")
            begun = time.perf_counter()
            page.fill("#q", text)
            page.get_by_role("option").first.wait_for()
            times.append((time.perf_counter() - begun) * 1000)
    return Figure("console", f"suggestions, {parties:,} parties", median(times), "ms", 300.0)
