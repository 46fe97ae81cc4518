"""Cases in a real browser: by mouse and by keyboard, two reviewers at once, from store to store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from graph_service.cli.main import main
from tests.browser.conftest import Service, Watched, serving, watching
from tests.browser.story import BOSS, DAY, TARGET, TARGET_NAME

NAME = "某标段<b>围标</b>𠮷"


@pytest.fixture
def own(city: Path, tmp_path: Path) -> Iterator[Service]:
    """A service over a copy of the city, so that cases may be kept in it."""
    store = tmp_path / "own.db"
    store.write_bytes(city.read_bytes())
    with serving(store) as found:
        yield found


def _made(service: Service, **more: object) -> str:
    body = {"name": NAME, "parties": [TARGET], **more}
    return str(httpx.post(f"{service.url}/v1/cases", json=body, timeout=30).json()["id"])


def test_a_case_is_kept_by_mouse(chromium: Browser, own: Service, tmp_path: Path) -> None:
    with watching(chromium, own.url) as seen:
        page = seen.page
        seen.open(f"#/party/{own.key(TARGET)}?{DAY}")
        page.get_by_text("加入案件").click()
        page.get_by_placeholder("新案件的名称").fill(NAME)
        page.get_by_role("button", name="新建案件").click()
        page.get_by_role("link", name=NAME).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
        rows = page.get_by_role("region", name="主体").locator("tbody tr")
        expect(rows).to_contain_text([TARGET_NAME])
        expect(rows.first).to_contain_text("控制")  # marked because of whom it is tied to
        page.get_by_role("combobox", name="添加主体").fill("甲䶮")
        page.get_by_role("option", name="甲䶮").first.click()
        expect(rows).to_have_count(2)
        page.get_by_label("说明").fill("举报转来\n第二行")
        page.get_by_label("状态").select_option("review")
        page.get_by_role("button", name="保存").click()
        expect(page.locator(".ids")).to_contain_text("待复核")
        page.get_by_label("评注内容").fill("已约谈")
        page.get_by_role("button", name="添加评注").click()
        expect(page.locator(".comments li")).to_contain_text(["已约谈"])
        page.reload()
        expect(page.get_by_label("说明")).to_have_value("举报转来\n第二行")
        with page.expect_download() as download:
            page.get_by_role("button", name="导出案件").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        page.get_by_role("button", name=f"移出 {TARGET_NAME}").click()
        expect(rows).to_have_count(1)
        page.get_by_role("button", name="删除").click()
        page.get_by_role("button", name="确认删除").click()
        expect(page.get_by_text("还没有案件")).to_be_visible()
        page.get_by_label("选择导出的案件").set_input_files(file)
        page.get_by_role("button", name="导入案件").click()
        page.get_by_role("link", name=NAME).click()
        expect(rows).to_have_count(2)
        expect(page.locator("header.page")).to_contain_text("导入前的内容以其文件所述为准")
        assert page.locator("main b").count() == 0
        assert (seen.errors, seen.elsewhere) == ([], [])


def test_a_case_is_kept_by_keyboard_alone(chromium: Browser, own: Service) -> None:
    with watching(chromium, own.url) as seen:
        page, keys = seen.page, seen.page.keyboard
        seen.open("#/cases")
        _tab_to(seen, "案件名称")
        keys.type(NAME)
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
        seen.settle()
        _tab_to(seen, "说明")
        keys.type("备注")
        _tab_to(seen, "保存")
        keys.press("Enter")
        expect(page.locator("#live")).to_have_text("已保存")
        expect(page.get_by_role("button", name="保存")).to_be_focused()
        _tab_to(seen, "评注内容")
        keys.type("一条")
        _tab_to(seen, "添加评注")
        keys.press("Enter")
        expect(page.locator(".comments li")).to_have_count(1)
        _tab_to(seen, "添加主体")
        keys.type("宇宙建设")
        page.get_by_role("option", name=TARGET_NAME).wait_for()
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(page.get_by_role("region", name="主体")).to_contain_text(TARGET_NAME)
        assert (seen.errors, seen.elsewhere) == ([], [])


def _tab_to(seen: Watched, name: str) -> None:
    """Press Tab until the control of that name or label has the focus."""
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        here = seen.page.evaluate(
            "(() => { const e = document.activeElement; return e.ariaLabel || e.placeholder"
            " || e.labels?.[0]?.textContent || e.textContent; })()"
        )
        if here.startswith(name):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_two_reviewers_do_not_overwrite_each_other(chromium: Browser, own: Service) -> None:
    id = _made(own, note="起初")
    with watching(chromium, own.url) as first, watching(chromium, own.url) as second:
        for seen in (first, second):
            seen.open(f"#/cases/{id}")
        first.page.get_by_label("说明").fill("甲写的")
        first.page.get_by_role("button", name="保存").click()
        expect(first.page.locator("#live")).to_have_text("已保存")
        second.page.get_by_label("说明").fill("乙写的")
        second.page.get_by_label("评注内容").fill("乙的评注")
        second.page.get_by_role("button", name="添加评注").click()
        expect(second.page.locator(".comments li")).to_have_count(1)
        expect(second.page.locator("#case-note")).to_have_value("乙写的")
        first.page.get_by_label("说明").fill("甲又写")
        first.page.get_by_role("button", name="保存").click()
        alert = first.page.get_by_role("alert")
        expect(alert).to_contain_text("已于")
        expect(alert).to_contain_text("甲写的")
        expect(first.page.locator("#case-note")).to_have_value("甲又写")
        first.page.get_by_role("button", name="用我的替换").click()
        expect(alert).to_have_count(0)
        kept = httpx.get(f"{own.url}/v1/cases/{id}", timeout=30).json()
        assert (kept["note"], len(kept["comments"])) == ("甲又写", 1)
        assert second.errors == []
        conflicts = [text for text in first.errors if "412" not in text]
        assert conflicts == []


def test_a_party_that_is_gone_is_said(chromium: Browser, own: Service) -> None:
    id = _made(own, parties=[TARGET, BOSS])
    with watching(chromium, own.url, "en", "dark") as seen:
        seen.open(f"#/cases/{id}")
        expect(seen.page.get_by_role("link", name="Ties between them")).to_be_visible()
        sources = httpx.get(f"{own.url}/v1/info", timeout=30).json()["sources"]
        _forget(own.folder / "own.db", sources)
        seen.page.reload()
        rows = seen.page.get_by_role("region", name="Parties").locator("tbody tr")
        expect(rows.first).to_contain_text("No longer in the data")
        expect(rows.first).to_contain_text(TARGET_NAME)
        assert (seen.errors, seen.elsewhere) == ([], [])


def _forget(store: Path, sources: list[str]) -> None:
    for source in sources:
        assert main(["--store", str(store), "forget", source]) == 0
