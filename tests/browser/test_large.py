"""Very much at once: a hub, a long list; the page stays quick because little of it is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from graph_service.cli.main import main
from tests.browser.conftest import Service, Watched, serving, watching
from tests.support.proof import times

MANY = times(1_500, 50_000)
LONG = 10_000
SHOWN = 500  # CG_PER_PARTY


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over one person who holds a share in very many companies."""
    folder = tmp_path_factory.mktemp("crowd")
    place = folder / "gs"
    place.mkdir()
    companies = ({"id": f"e{n}", "name": f"示例市第{n:05d}号贸易有限公司"} for n in range(MANY))
    stakes = ({"enterprise": f"e{n}", "holder": "p1", "share": "1%"} for n in range(MANY))
    person = [{"id": "p1", "name": "钱𠮷"}]
    for name, rows in (("enterprises", companies), ("persons", person), ("shareholders", stakes)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (place / f"{name}.jsonl").write_text(text, encoding="utf-8")
    store = folder / "crowd.db"
    assert main(["--store", str(store), "load", str(place), "--source", "gs"]) == 0
    with serving(store) as service:
        yield service


@pytest.fixture
def page(chromium: Browser, crowd: Service) -> Iterator[Watched]:
    with watching(chromium, crowd.url) as found:
        yield found
        assert found.errors == []


def test_a_hub_is_drawn_in_part_and_says_how_many_more(page: Watched, crowd: Service) -> None:
    page.open(f"#/graph/{crowd.key('gs:p1')}?depth=3")
    status = page.page.locator(".status")
    expect(status).to_contain_text("显示 61 个主体")
    expect(page.page.locator(".complete")).to_contain_text(f"只取 60 项，共 {MANY} 项")
    page.page.locator(".canvas").focus()
    page.page.keyboard.press("ArrowDown")
    expect(page.page.locator(".side")).to_contain_text(f"共 {MANY} 条关系")
    page.page.get_by_role("button", name="展开", exact=True).click()
    expect(page.page.locator(".side")).to_contain_text(f"还有 {MANY - 30} 个")


# No clock: what makes a page slow is how much of it there is, and that is counted.
def test_a_list_of_any_length_holds_only_the_rows_in_sight(page: Watched, crowd: Service) -> None:
    page.open(f"#/party/{crowd.key('gs:p1')}?tab=relations")
    window = page.page.locator(".scroll.window")
    expect(window.locator("table")).to_have_attribute("aria-rowcount", str(SHOWN + 1))
    assert window.locator("tbody tr").count() < 80
    window.evaluate("place => { place.scrollTop = place.scrollHeight; }")
    last = window.locator("tbody:not([aria-hidden]) tr").last
    expect(last).to_have_attribute("aria-rowindex", str(SHOWN + 1))
    expect(page.page.locator(".complete")).to_contain_text(f"只取 {SHOWN} 项，共 {MANY} 项")
    assert window.locator("tbody tr").count() < 80
    page.page.get_by_role("button", name="主体", exact=True).click()
    expect(window.locator("tbody:not([aria-hidden]) tr").first).to_contain_text("贸易")


def _answering(body: object) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=json.dumps(body))


def test_ten_thousand_rejected_rows_are_one_list(page: Watched) -> None:
    rows = [
        {"file": "a.csv", "row": n, "column": "share", "rule": "bad_share", "value": "=1+1"}
        for n in range(LONG)
    ]
    source = {"source": "甲局", "loads": 1, "failed": 0, "latest": None, "days_ago": None}
    counts = {"days_between": None, "read": LONG, "rejected": LONG, "reject_rate": 1.0}
    ledger = {"loads": [], "sources": [{**source, **counts, "rejected_by_rule": {}}], "jobs": []}
    answers = {"loads": ledger, "rejects": {"total": LONG, "rejects": rows}}
    for name, body in answers.items():
        page.page.route(f"**/v1/{name}?*", _answering(body))
    page.open("#/loads")
    page.page.get_by_role("button", name="查看拒收行").click()
    window = page.page.locator(".scroll.window")
    expect(window.locator("table")).to_have_attribute("aria-rowcount", str(LONG + 1))
    assert window.locator("tbody tr").count() < 80
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="下载 CSV").click()
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lines) == LONG + 1
    assert '"\'=1+1"' in lines[1]
