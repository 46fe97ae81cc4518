"""Pictures of every page at three sizes, in two themes and languages, none wider than its window.

They are kept where ``SCREENSHOTS`` points to; without it they are only taken in part.
"""

from __future__ import annotations

import io
import os
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.conftest import Service, watching
from tests.browser.story import BOSS, DAY, TARGET, pages

SIZES = ((1366, 768), (1920, 1080), (800, 1180))
SHARP = 1920  # the width that is taken with two dots a pixel
LOOKS = tuple(product(SIZES, ("light", "dark"), ("zh", "en")))
SOME = (LOOKS[0], LOOKS[-1])  # the usual one and the narrowest


def test_every_page_has_its_picture_and_fits_its_window(
    chromium: Browser, service: Service, tmp_path: Path
) -> None:
    kept = os.environ.get("SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    places = pages(service)
    for (wide, high), theme, lang in LOOKS if kept else SOME:
        window = {"viewport": {"width": wide, "height": high}}
        sharp = 2 if wide == SHARP else 1
        with watching(
            chromium, service.url, lang, theme, device_scale_factor=sharp, **window
        ) as seen:
            for number, place in enumerate(places, 1):
                seen.open(place)
                name = f"{number:02d}-{place[2:].split('/')[0].split('?')[0]}"
                file = folder / f"{name}-{lang}-{theme}-{wide}.png"
                seen.page.screenshot(path=file)
                assert file.stat().st_size > 10_000
                assert seen.page.evaluate("document.documentElement.scrollWidth") <= wide, name
            assert seen.errors == []


def test_on_paper_the_whole_graph_and_every_proof_stand_black_on_white(
    chromium: Browser, service: Service
) -> None:
    with watching(chromium, service.url, theme="dark") as seen:
        seen.open(f"#/graph/{service.key(BOSS)}?{DAY}")
        seen.page.locator(".canvas[data-marked]").wait_for()
        graph = PdfReader(io.BytesIO(seen.page.pdf(print_background=True)))
        [picture] = [image for page in graph.pages for image in page.images]
        assert picture.image is not None
        shown = picture.image.convert("RGB")
        assert shown.getpixel((0, 0)) == (255, 255, 255)
        assert "全部关系" not in graph.pages[0].extract_text()  # no tools
        seen.open(f"#/party/{service.key(TARGET)}?{DAY}&tab=risk")
        folded = seen.page.locator("#panel details:not([open])")
        expect(folded.first).to_be_visible()
        before = folded.count()
        paper = "".join(
            page.extract_text() for page in PdfReader(io.BytesIO(seen.page.pdf())).pages
        )
        assert "2014-05-28" in paper.replace(" ", "")  # of a step that is folded on the screen
        expect(folded).to_have_count(before)
        assert seen.errors == []
