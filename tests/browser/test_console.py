"""The console in a real browser: every page, by mouse and by keyboard, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import TODAY, Service, Watched, watching
from tests.browser.story import DAY, TARGET, TARGET_NAME, pages

TABS = [
    "基本信息",
    "行政管理",
    "守信",
    "严重失信",
    "经营异常",
    "司法",
    "关联关系",
    "关联风险",
    "股权",
    "变更与历史",
    "来源与冲突",
]


def test_the_main_task_by_mouse(seen: Watched) -> None:
    page = seen.page
    seen.open("#/search")
    page.fill("#q", "宇宙建设")
    page.get_by_role("option", name=TARGET_NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TARGET_NAME)
    page.get_by_label("截止日").fill(TODAY)
    expect(page.locator(".verdict")).to_contain_text("因 甲䶮 被标记 1 条")
    expect(page.get_by_role("tab")).to_have_text([re.compile(f"^{tab}") for tab in TABS])
    page.get_by_role("tab", name="关联风险").click()
    card = page.locator(".flag").first
    chain = "甲䶮 —持股80%→ 示例市玄黄投资有限公司 —持股60%→ 示例市宇宙建设有限公司"
    expect(card.locator(".chain")).to_have_text(chain)
    expect(card).to_contain_text("(2025)例0190执00001号")
    expect(card).to_contain_text("第二百六十五条第二、三项")
    card.locator("summary").click()
    expect(card).to_contain_text("市场监管局《股东.csv》第 2 行")
    expect(card).to_contain_text("2014-05-28 至 …")
    card.get_by_role("link", name="在图谱中查看").click()
    expect(page.locator(".status")).to_contain_text("显示 4 个主体")


def test_the_main_task_by_keyboard_alone(seen: Watched) -> None:
    page, keys = seen.page, seen.page.keyboard
    seen.open(f"#/search?{DAY}")
    expect(page.locator("#q")).to_be_focused()
    keys.type("宇宙建设")
    page.get_by_role("option", name=TARGET_NAME).wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(TARGET_NAME)
    seen.settle()
    _tab_to(seen, "看图谱")
    keys.press("Enter")
    expect(page.locator(".canvas canvas").first).to_be_visible()
    seen.settle()
    _tab_to(seen, "表格")
    keys.press("Enter")
    expect(page.get_by_role("region", name="主体").first).to_contain_text("甲𠮷")
    _tab_to(seen, f"隐藏 {'甲𠮷'}")
    keys.press("Enter")
    expect(page.get_by_role("region", name="主体").first).not_to_contain_text("甲𠮷")
    expect(page.locator(".status")).to_contain_text("隐藏 1 个")


def _tab_to(seen: Watched, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(90):
        seen.page.keyboard.press("Tab")
        here = seen.page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.textContent"
        )
        if here == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_every_page_in_both_languages_says_all_and_asks_nobody_else(
    chromium: Browser, service: Service
) -> None:
    places = pages(service)
    for lang, theme in (("zh", "light"), ("en", "dark")):
        with watching(chromium, service.url, lang, theme) as seen:
            for place in places:
                seen.open(place)
                _speaks(seen, lang, place)
            assert seen.errors == []
            assert seen.elsewhere == []


# Codes, names of files and formats, and words that stand for themselves in both languages.
_CODES = re.compile(
    r"English|CSV|OpenAPI|Ctrl|Shift|Esc|root|\b[0-9a-f]{6,}\b|[0-9A-Z]{18}|\S+\.(csv|xlsx)|"
    r"default/\w+|default [0-9a-f]+|\bH\b|\bP\b|\bZ\b"
)


def _speaks(seen: Watched, lang: str, place: str) -> None:
    """No raw key and no English in a Chinese page; no Chinese besides names in an English one."""
    text = seen.page.inner_text("body")
    assert not re.search(r"\b(undefined|null|NaN)\b|\[object|\{\w+\}", text), place
    if lang == "zh":
        left = re.findall(r"[A-Za-z]{3,}", _CODES.sub("", text))
        assert left == [], place
    else:
        chrome = " ".join(
            seen.page.locator(
                "header.top, .toolbar, h2:not(:has(.party)), th, .tabs"
            ).all_inner_texts()
        )
        assert not re.search(r"[\u4e00-\u9fff]", chrome.replace("中文", "")), place


def test_no_page_has_a_serious_fault_for_people_who_see_or_move_less(
    chromium: Browser, service: Service
) -> None:
    axe = Axe()
    places = pages(service)
    looks = (("light", None, places), ("dark", {"runOnly": ["color-contrast"]}, places[::3]))
    for theme, options, shown in looks:
        with watching(chromium, service.url, "zh", theme) as seen:
            for place in shown:
                seen.open(place)
                found = axe.run(seen.page, options=options).response["violations"]
                grave = [
                    (fault["id"], fault["nodes"][0]["html"][:200])
                    for fault in found
                    if fault["impact"] in ("serious", "critical")
                ]
                assert grave == [], (theme, place)


def test_bidders_are_screened_from_the_file_to_the_pair(seen: Watched, tmp_path: Path) -> None:
    names = [TARGET_NAME, "示例市玄黄投资有限公司", "示例市辰宿化工有限公司", "没有这家公司"]
    rows = "".join(f"{name},1\n" for name in names) + f"{TARGET_NAME},2\n"
    (tmp_path / "list.csv").write_text(f"投标人,标段\n{rows}", encoding="utf-8")
    page = seen.page
    seen.open(f"#/screening?{DAY}")
    page.get_by_label("投标人名单").set_input_files(tmp_path / "list.csv")
    page.get_by_role("button", name="开始核查").click()
    expect(page.locator(".verdict")).to_contain_text("投标无效或不得同时参加 1 对")
    cells = page.locator("table.matrix tbody tr").first.locator("td")
    expect(cells).to_have_text(["", "■", "·", "○", "—"])
    page.get_by_role("button", name=f"{TARGET_NAME} — {names[1]}").first.click()
    expect(page.locator("article.flag .chain").last).to_have_text(
        f"{TARGET_NAME} ←持股60%— {names[1]}"
    )
    expect(page.locator("main")).to_contain_text("第三十四条第二款")
    expect(page.locator("main")).to_contain_text("《受益所有人信息管理办法》")
    assert not re.search("Regulation|Rules", page.locator("main").inner_text())
    address = page.url
    assert not re.search(r"[^\x00-\x7f]|%", address)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载结果").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    page.reload()
    expect(page.locator(".verdict")).to_contain_text("5 家投标人")


def test_why_a_party_is_not_flagged_is_told(seen: Watched, service: Service) -> None:
    seen.open(f"#/party/{service.key('uscc:91159999100011815J')}?{DAY}&tab=risk")
    panel = seen.page.locator("#panel")
    expect(panel).to_contain_text("没有风险标记")
    expect(panel).to_contain_text("为何不标记：记录已修复（2026-03-15）")
    expect(panel).to_contain_text("为何没有标记：查看了什么")


def test_a_flag_can_be_copied_as_text(chromium: Browser, service: Service) -> None:
    rights = ["clipboard-read", "clipboard-write"]
    with watching(chromium, service.url, permissions=rights) as seen:
        seen.open(f"#/party/{service.key(TARGET)}?{DAY}&tab=risk")
        seen.page.get_by_role("button", name="复制为文字").first.click()
        text = seen.page.evaluate("navigator.clipboard.readText()")
        assert text.startswith("截至2026年6月30日，示例市宇宙建设有限公司受列入名单主体控制")
        assert "甲䶮 —持股80%→ 示例市玄黄投资有限公司" in text
        assert "市场监管局《股东.csv》第 2 行" in text


def test_an_id_number_stands_in_no_address(seen: Watched) -> None:
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    seen.open("#/search")
    seen.page.fill("#q", "11010519491231002X")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#results")).to_contain_text("没有找到")
    assert not any("11010519491231002" in url for url in [*asked, seen.page.url])
    kept = seen.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert "11010519491231002" not in kept
