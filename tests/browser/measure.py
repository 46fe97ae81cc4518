"""Figures of the console in this machine's Chromium: ``python -m tests.browser.measure``.

Over a generated network of 1,000 parties: bytes to first use, first paint, type-ahead, graphs of
200 and 1,000 parties ready, frames a second while panning, and the slowest key on a hub. Prints one
JSON document; asserts nothing, since clocks differ from machine to machine.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from graph_service.cli.main import main as command
from tests.browser.conftest import CHROMIUM, FLAGS, Service, serving, watching

PARTIES, BRANCHES, HUB, ROUNDS = 1_000, 11, 50_000, 5
_WEIGHT = """performance.getEntriesByType("resource").reduce((n, r) => n + r.transferSize, 0)"""
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


def network(folder: Path) -> Path:
    """A tree of stakes with cross-ties, and a person with very many companies."""
    draw = random.Random(7)
    place = folder / "gs"
    place.mkdir()
    firms = [{"id": f"e{n}", "name": f"示例市{n:04d}号实业有限公司"} for n in range(PARTIES)]
    stakes = [((n - 1) // BRANCHES, n) for n in range(1, PARTIES)]
    stakes += [(draw.randrange(PARTIES), draw.randrange(PARTIES)) for _ in range(PARTIES // 4)]
    rows = [{"enterprise": f"e{b}", "holder": f"e{a}", "share": "10%"} for a, b in stakes]
    firms += [{"id": f"h{n}", "name": f"示例市枢纽{n:05d}贸易有限公司"} for n in range(HUB)]
    rows += [{"enterprise": f"h{n}", "holder": "p1", "share": "1%"} for n in range(HUB)]
    tables = {"enterprises": firms, "persons": [{"id": "p1", "name": "钱𠮷"}], "shareholders": rows}
    for name, table in tables.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table)
        (place / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return place


def median(values: list[float]) -> float:
    """The median, in whole milliseconds or one digit."""
    return round(statistics.median(values), 1)


def first_use(browser: Browser, service: Service) -> dict[str, Any]:
    """Paint and bytes of the first page in a new profile."""
    paints, weights = [], []
    for _ in range(ROUNDS):
        with watching(browser, service.url) as seen:
            seen.open("#/search")
            paints.append(seen.page.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0].startTime"))  # fmt: skip
            weights.append(seen.page.evaluate(_WEIGHT))
    return {"first_paint_ms": median(paints), "first_use_bytes": round(statistics.median(weights))}


def type_ahead(browser: Browser, service: Service) -> float:
    """From the last key to the suggestions, the wait for more keys included."""
    with watching(browser, service.url) as seen:
        seen.open("#/search")
        times = []
        for number in range(ROUNDS):
            seen.page.fill("#q", "")
            expect(seen.page.locator("#ahead")).to_be_hidden()
            begun = time.perf_counter()
            seen.page.fill("#q", f"{number:04d}号实业")
            seen.page.get_by_role("option").first.wait_for()
            times.append((time.perf_counter() - begun) * 1000)
        return median(times)


def graph(browser: Browser, service: Service, address: str) -> dict[str, Any]:
    """A graph's time from the address to the drawn canvas, and its frames a second."""
    with watching(browser, service.url) as seen:
        seen.open("#/search")
        times = []
        for _ in range(ROUNDS):
            seen.page.evaluate("location.hash = '#/about'")
            seen.page.locator("dl.facts").first.wait_for()
            begun = time.perf_counter()
            seen.page.evaluate(f"location.hash = '{address}'")
            seen.page.locator(".status", has_text="个主体").wait_for()
            times.append((time.perf_counter() - begun) * 1000)
        said = seen.page.locator(".status").inner_text()
        return {"ready_ms": median(times), "said": said, "frames": round(pan(seen.page), 1)}


def pan(page: Page) -> float:
    """Frames a second while the canvas is dragged for two seconds."""
    return float(page.evaluate(_PAN))


def hub(browser: Browser, service: Service) -> float:
    """The slowest answer of the page to a key, on a hub, to the next frame, in milliseconds."""
    with watching(browser, service.url) as seen:
        seen.open(f"#/graph/{service.key('gs:p1')}?depth=2")
        seen.page.locator(".canvas").focus()
        keys = ("ArrowDown", "ArrowRight", "ArrowUp", "p", "h", "+", "0")
        return round(max(float(seen.page.evaluate(_PRESS, key)) for key in keys), 1)


def main() -> int:
    """Measure and print."""
    if CHROMIUM is None:
        print("Chromium: none on this machine (apt-get install chromium)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        store = Path(scratch) / "network.db"
        place = network(Path(scratch))
        command(["--store", str(store), "load", str(place), "--source", "gs"])
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(store) as service:
            root = service.key("gs:e0")
            found = {
                **first_use(browser, service),
                "type_ahead_ms": type_ahead(browser, service),
                "hub_slowest_ms": hub(browser, service),
                "graphs": [graph(browser, service, f"#/graph/{root}?depth={d}") for d in (1, 2, 3)],
            }
        browser.close()
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
