"""The console in a real browser: every page, by mouse and by keyboard, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.conftest import TODAY, Service, Watched, serving, watching

TARGET = "uscc:9115999910000317X2"
TARGET_NAME = "示例市宇宙建设有限公司"
BOSS = "民政局:R00001"
CONFLICT = "uscc:9115999910003825X1"
DAY = f"as_of={TODAY}"
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


def pages(service: Service) -> list[str]:
    """The address of every page, with the parties of the story."""
    target, boss = service.key(TARGET), service.key(BOSS)
    tabs = ("risk", "relations", "ownership", "history", "sources")
    return [
        "#/search",
        *(f"#/party/{target}?{DAY}&tab={tab}" for tab in tabs),
        f"#/party/{service.key(CONFLICT)}?{DAY}&tab=sources",
        f"#/party/{boss}?{DAY}&tab=judicial",
        f"#/graph/{boss}?{DAY}",
        f"#/graph/{boss}?{DAY}&view=table&past=1",
        f"#/ownership/{target}?{DAY}",
        f"#/paths?p={target}~{boss}&{DAY}",
        "#/screening",
        "#/loads",
        "#/about",
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
    r"English|CSV|OpenAPI|Ctrl|Shift|root|\b[0-9a-f]{6,}\b|[0-9A-Z]{18}|\S+\.(csv|xlsx)|"
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
    for theme in ("light", "dark"):
        with watching(chromium, service.url, "zh", theme) as seen:
            for place in pages(service):
                seen.open(place)
                found = axe.run(seen.page).response["violations"]
                grave = [
                    (fault["id"], fault["nodes"][0]["html"][:200])
                    for fault in found
                    if fault["impact"] in ("serious", "critical")
                ]
                assert grave == [], (theme, place)


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
    page.keyboard.press("Home")
    expect(slider).not_to_have_attribute("aria-valuetext", "2026-06-01")
    assert re.search(r"day=\d{4}-\d{2}-\d{2}", page.url)


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
            pictures.append(seen.page.locator(".canvas").screenshot())
    assert pictures[0] == pictures[1]


def test_a_hub_is_shown_as_a_hub_and_the_page_stays_quick(seen: Watched, service: Service) -> None:
    seen.open(f"#/graph/{service.key('民政局:R03001')}?depth=1")
    page = seen.page
    expect(page.locator(".complete")).to_contain_text("共 320 条")
    page.locator(".canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".side")).to_contain_text("还有")


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


HOSTILE = [
    "<img src=x onerror=alert(1)>有限公司",
    "</script><script>alert(2)</script>有限公司",
    "javascript:alert(3)//有限公司",
    '"><svg onload=alert(4)>有限公司',
    "\u202e司公限有\u202c有限公司",
]


def test_names_run_nothing(chromium: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "gs"
    folder.mkdir()
    enterprises = [{"id": f"e{n}", "name": name, "address": name} for n, name in enumerate(HOSTILE)]
    stakes = [
        {"enterprise": f"e{n + 1}", "holder": f"e{n}", "share": "60%"}
        for n in range(len(HOSTILE) - 1)
    ]
    sanctions = [{"id": "s1", "subject": "e0", "list": "失信被执行人", "listed": "2024-01-01",
                  "reason": HOSTILE[0], "document_no": HOSTILE[1]}]  # fmt: skip
    for name, rows in (
        ("enterprises", enterprises),
        ("shareholders", stakes),
        ("sanctions", sanctions),
    ):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    store = tmp_path / "hostile.db"
    _load(store, folder)
    with serving(store) as service, watching(chromium, service.url) as seen:
        keys = [service.key(f"gs:e{n}") for n in range(len(HOSTILE))]
        seen.open("#/search")
        seen.page.fill("#q", "有限公司")
        seen.page.get_by_role("option").first.wait_for()
        seen.page.keyboard.press("Enter")
        places = [f"#/party/{key}?tab={tab}" for key in keys[:2] for tab in ("risk", "relations")]
        places += [f"#/graph/{keys[1]}", f"#/graph/{keys[1]}?view=table", f"#/ownership/{keys[1]}"]
        places += [f"#/paths?p={keys[0]}~{keys[2]}", "#/loads"]
        for place in places:
            seen.open(place)
            assert (
                seen.page.locator("main img, main script, main [onerror], main [onload]").count()
                == 0
            )
            assert "\u202e" not in seen.page.inner_text("main")
            read = "all => all.map((a) => a.getAttribute('href'))"
            links = seen.page.eval_on_selector_all("a[href]", read)
            assert all(re.match(r"#(/|main$)", link) for link in links)
        assert seen.errors == []
        assert seen.elsewhere == []


def _load(store: Path, folder: Path) -> None:
    from graph_service.cli.main import main

    assert main(["--store", str(store), "load", str(folder), "--source", "gs"]) == 0


def test_a_store_that_dies_says_so_and_comes_back(
    chromium: Browser, city: Path, tmp_path: Path
) -> None:
    store = tmp_path / "dies.db"
    store.write_bytes(city.read_bytes())
    with serving(store) as service, watching(chromium, service.url) as seen:
        target = service.key(TARGET)
        seen.open(f"#/party/{target}?{DAY}")
        away = tmp_path / "away.db"
        store.rename(away)
        seen.page.get_by_role("tab", name="关联风险").click()
        expect(seen.page.locator("#panel")).to_contain_text("还没有数据")
        expect(seen.page.locator("#banner")).to_contain_text("数据存储暂时无法访问")
        expect(seen.page.locator(".verdict")).to_contain_text("被标记")
        seen.page.goto(f"{service.url}/#/graph/{target}")
        expect(seen.page.get_by_role("alert")).to_contain_text("还没有数据")
        seen.page.get_by_role("main").get_by_role("button", name="重试").click()
        expect(seen.page.get_by_role("alert")).to_contain_text("还没有数据")
        away.rename(store)  # from here on the page goes on by itself
        expect(seen.page.locator(".status")).to_contain_text("个主体", timeout=20_000)
        expect(seen.page.locator("#banner")).to_be_hidden()
        assert seen.elsewhere == []


def test_with_keys_one_signs_in_and_out(chromium: Browser, city: Path, tmp_path: Path) -> None:
    from graph_service.auth import add_key

    key = add_key(tmp_path / "keys", "clerk")
    store = tmp_path / "kept.db"
    store.write_bytes(city.read_bytes())
    with serving(store, CG_API_KEYS=str(tmp_path / "keys")) as service:
        with watching(chromium, service.url) as seen:
            page = seen.page
            page.goto(f"{service.url}/#/loads")
            expect(page.get_by_role("heading", level=1)).to_have_text("登录")
            page.get_by_label("访问密钥").fill("cg_wrong")
            page.get_by_role("button", name="登录").click()
            expect(page.get_by_role("alert")).to_contain_text("密钥不正确")
            page.get_by_label("访问密钥").fill(key)
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("数据加载")
            kept = page.evaluate("JSON.stringify(localStorage) + document.cookie + location.href")
            assert key not in kept
            assert "cg_session" not in kept
            page.get_by_role("button", name="退出").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("登录")
            page.goto(f"{service.url}/#/about")
            expect(page.get_by_role("heading", level=1)).to_have_text("登录")
            assert seen.elsewhere == []
