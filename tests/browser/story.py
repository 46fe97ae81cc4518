"""The demo city's story, and the address of every page of the console."""

from __future__ import annotations

from tests.browser.conftest import TODAY, Service

TARGET = "uscc:9115999910000317X2"
TARGET_NAME = "示例市宇宙建设有限公司"
BOSS = "民政局:R00001"
CONFLICT = "uscc:9115999910003825X1"
DAY = f"as_of={TODAY}"


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
        "#/cases",
        "#/loads",
        "#/about",
    ]
