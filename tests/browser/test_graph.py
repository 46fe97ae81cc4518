"""The graph: its state in the address, days, filters, one picture for one question, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Service, Watched, watching
from tests.browser.story import BOSS, DAY, TARGET


def test_the_graph_keeps_its_state_in_the_address(seen: Watched, service: Service) -> None:
    boss = service.key(BOSS)
    page = seen.page
    seen.open(f"#/graph/{boss}?{DAY}&depth=1")
    status = page.locator(".status")
    expect(status).to_contain_text("显示 5 个主体")
    canvas = page.locator(".canvas")
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(status).not_to_contain_text("显示 5 个主体")
    grown = status.inner_text()
    page.keyboard.press("h")
    expect(status).to_contain_text("隐藏 1 个")
    page.keyboard.press("Control+z")
    expect(status).to_have_text(grown)
    page.keyboard.press("Control+y")
    expect(status).to_contain_text("隐藏 1 个")
    page.keyboard.press("p")
    state, address = status.inner_text(), page.url
    assert not re.search(r"[^\x00-\x7f]|%", address)
    page.reload()
    seen.settle()
    expect(status).to_have_text(state)
    page.goto(f"{seen.url}/#/about")
    seen.settle()
    page.go_back()
    expect(status).to_have_text(state)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("关于本系统的数据")


def test_the_days_slider_shows_what_held_on_that_day(seen: Watched, service: Service) -> None:
    left = service.key("uscc:91159999100019753L")  # its chair left in November 2025
    page = seen.page
    counted = {}
    for day in ("2025-06-01", "2026-06-01"):
        seen.open(f"#/graph/{left}?{DAY}&depth=1&past=1&view=table&day={day}")
        counted[day] = "甲䶮" in page.get_by_role("region", name="主体").first.inner_text()
    assert counted == {"2025-06-01": True, "2026-06-01": False}
    slider = page.locator("input[type=range][aria-valuetext]")
    slider.focus()
    for key, day in (("ArrowLeft", "2026-05-31"), ("ArrowLeft", "2026-05-30")):  # stays in the hand
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", day)
    page.keyboard.press("Home")
    expect(slider).not_to_have_attribute("aria-valuetext", "2026-05-30")
    assert re.search(r"day=\d{4}-\d{2}-\d{2}", page.url)


def test_a_loop_drawn_by_hand_chooses_what_is_in_it(seen: Watched, service: Service) -> None:
    page = seen.page
    seen.open(f"#/graph/{service.key(BOSS)}?{DAY}")
    page.locator(".canvas[data-marked]").wait_for()
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    button = page.get_by_role("button", name="圈选")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    corners = ((4, 4), (box["width"] - 4, 4), (box["width"] - 4, box["height"] - 4))
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] - 4)
    page.mouse.down()
    for x, y in corners:
        page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.up()
    expect(page.locator(".side")).to_contain_text("已选 12 个")
    page.get_by_role("button", name="隐藏", exact=True).click()
    expect(page.locator(".status")).to_contain_text("隐藏 11 个")  # the root stays


def test_fifty_steps_are_taken_back_and_again(seen: Watched, service: Service) -> None:
    page = seen.page
    seen.open(f"#/graph/{service.key(BOSS)}?{DAY}&depth=1")
    canvas, status = page.locator(".canvas"), page.locator(".status")
    page.locator(".canvas[data-marked]").wait_for()
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("h")
    expect(status).to_contain_text("隐藏 1 个")
    page.keyboard.press("ArrowRight")
    for _ in range(49):  # pinned and loosened
        page.keyboard.press("p")
    for _ in range(49):
        page.keyboard.press("Control+z")
    expect(status).to_contain_text("隐藏 1 个")
    page.keyboard.press("Control+z")
    expect(status).to_contain_text("隐藏 0 个")
    for _ in range(50):
        page.keyboard.press("Control+y")
    expect(status).to_contain_text("隐藏 1 个")


def test_what_comes_late_takes_no_control_out_of_the_hand(seen: Watched, service: Service) -> None:
    page = seen.page
    held: list[Route] = []
    page.route("**/v1/marks", lambda route: held.append(route))
    seen.open(f"#/graph/{service.key(BOSS)}?{DAY}&past=1&view=table")
    slider = page.locator("input[type=range][aria-valuetext]")
    slider.focus()
    while not held:  # asked for once the picture stands
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    page.wait_for_selector(".canvas[data-marked]", state="attached")
    expect(slider).to_be_focused()


def test_filters_hide_and_show(seen: Watched, service: Service) -> None:
    page = seen.page
    seen.open(f"#/graph/{service.key(BOSS)}?{DAY}&view=table")
    relations = page.get_by_role("region", name="关系").first
    expect(relations).to_contain_text("亲属")
    page.get_by_label("亲属").uncheck()
    expect(relations).not_to_contain_text("亲属")
    page.locator("input[type=range]").first.fill("50")
    expect(relations).not_to_contain_text("持股20%")
    expect(relations).to_contain_text("持股80%")
    page.get_by_label("只看").select_option("listed")
    expect(page.get_by_role("region", name="主体").first.locator("tbody tr")).to_have_count(1)
    assert "not=RELATIVE_OF" in page.url
    assert "share=0.5" in page.url


def test_one_question_has_one_picture(chromium: Browser, service: Service) -> None:
    place = f"#/graph/{service.key(BOSS)}?{DAY}"
    pictures = []
    for _ in range(2):
        with watching(chromium, service.url) as seen:
            seen.open(place)
            expect(seen.page.locator(".status")).to_contain_text("显示 12 个主体")
            seen.page.locator(".canvas[data-marked]").wait_for()
            pictures.append(seen.page.locator(".canvas").screenshot())
    assert pictures[0] == pictures[1]


def test_a_hub_is_shown_as_a_hub_and_the_page_stays_quick(seen: Watched, service: Service) -> None:
    seen.open(f"#/graph/{service.key('民政局:R03001')}?depth=1")
    page = seen.page
    expect(page.locator(".complete")).to_contain_text("只取 60 项，共 320 项")
    page.locator(".canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".side")).to_contain_text("还有")


@pytest.mark.parametrize("ending", ["HTML", "SVG", "CSV", "XLSX", "GraphML", "JSON"])
def test_what_is_shown_can_be_taken_away(seen: Watched, service: Service, ending: str) -> None:
    key = service.key(TARGET)
    seen.open(f"#/graph/{key}?{DAY}&show=flags")
    seen.page.locator("summary", has_text="导出").click()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name=f"（{ending}）").click()
    assert download.value.suggested_filename == f"flags-{key}.{ending.lower()}"
    content = Path(download.value.path()).read_bytes()
    if ending not in ("XLSX",):
        assert "玄黄投资" in content.decode("utf-8")
    expect(seen.page.locator(".sheet")).to_contain_text("已下载")
