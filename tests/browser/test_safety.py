"""Hostile names run nothing, a store that dies says so, and with keys one signs in and out."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from graph_service.auth import add_key
from graph_service.cli.main import main
from tests.browser.conftest import serving, watching
from tests.browser.story import DAY, TARGET

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
                seen.page.locator(
                    "main img:not(.sheet-of-graph), main script, main [onerror], main [onload]"
                ).count()
                == 0
            )
            assert "\u202e" not in seen.page.inner_text("main")
            read = "all => all.map((a) => a.getAttribute('href'))"
            links = seen.page.eval_on_selector_all("a[href]", read)
            assert all(re.match(r"#(/|main$)", link) for link in links)
        assert seen.errors == []
        assert seen.elsewhere == []


def _load(store: Path, folder: Path) -> None:
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
        expect(seen.page.locator("#panel")).to_contain_text("存储不存在")
        expect(seen.page.locator("#banner")).to_contain_text("数据存储暂时无法访问")
        expect(seen.page.locator(".verdict")).to_contain_text("被标记")
        seen.page.goto(f"{service.url}/#/graph/{target}")
        expect(seen.page.get_by_role("alert")).to_contain_text("存储不存在")
        seen.page.get_by_role("main").get_by_role("button", name="重试").click()
        expect(seen.page.get_by_role("alert")).to_contain_text("存储不存在")
        away.rename(store)  # from here on the page goes on by itself
        expect(seen.page.locator(".status")).to_contain_text("个主体", timeout=20_000)
        expect(seen.page.locator("#banner")).to_be_hidden()
        assert seen.elsewhere == []


def test_files_are_loaded_in_the_page_and_refused_rows_told(
    chromium: Browser, tmp_path: Path
) -> None:
    table = tmp_path / "股东.csv"
    table.write_text("企业,股东名称,持股比例\n无此企业,钱𠮷,10%\n", encoding="utf-8")
    with serving(tmp_path / "new.db") as service, watching(chromium, service.url) as seen:
        _load(tmp_path / "new.db", _companies(tmp_path / "gs"))
        page = seen.page
        seen.open("#/loads")
        page.get_by_label("选择文件").set_input_files(table)
        page.get_by_placeholder("来源名称").fill("gs")
        page.get_by_role("button", name="开始加载").click()
        report = page.locator("article.card")
        expect(report).to_contain_text("已完成", timeout=20_000)
        expect(report.locator("tbody tr")).to_contain_text("股东")
        expect(report.locator("tbody td.number")).to_have_text(["1", "0", "1", "0"])
        page.reload()
        seen.settle()
        page.get_by_role("button", name="查看拒收行").click()
        expect(page.locator("section.card")).to_contain_text("引用的编号不存在")
        assert seen.errors == []


def _companies(folder: Path) -> Path:
    folder.mkdir()
    rows = '{"id": "e1", "name": "甲公司"}\n'
    (folder / "enterprises.jsonl").write_text(rows, encoding="utf-8")
    return folder


def test_with_keys_one_signs_in_and_out(chromium: Browser, city: Path, tmp_path: Path) -> None:
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
