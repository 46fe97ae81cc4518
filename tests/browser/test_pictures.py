"""Pictures of every page at three sizes, in two themes and languages, none wider than its window.

They are kept where ``CG_SCREENSHOTS`` points to; without it they are only taken in part.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.conftest import Service, watching
from tests.browser.story import pages

SIZES = ((1366, 768), (1920, 1080), (800, 1180))
LOOKS = tuple(product(SIZES, ("light", "dark"), ("zh", "en")))
SOME = (LOOKS[0], LOOKS[-1])  # the usual one and the narrowest, dark, in English


def test_every_page_has_its_picture_and_fits_its_window(
    chromium: Browser, service: Service, tmp_path: Path
) -> None:
    kept = os.environ.get("CG_SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    places = pages(service)
    for (wide, high), theme, lang in LOOKS if kept else SOME:
        viewport = {"width": wide, "height": high}
        with watching(chromium, service.url, lang, theme, viewport=viewport) as seen:
            for number, place in enumerate(places, 1):
                seen.open(place)
                name = f"{number:02d}-{place[2:].split('/')[0].split('?')[0]}"
                file = folder / f"{name}-{lang}-{theme}-{wide}.png"
                seen.page.screenshot(path=file)
                assert file.stat().st_size > 10_000
                assert seen.page.evaluate("document.documentElement.scrollWidth") <= wide, name
            assert seen.errors == []
