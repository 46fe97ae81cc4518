"""The offline page of a walk: drawn without scripts, every text escaped."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from tests.cli.test_render import party, step
from tests.support.front import AS_OF
from viz.page import MOST_DRAWN, trace_page

HOSTILE = '<script>alert("x")</script>&\'"甲'


class Tags(HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes' names."""
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data + "\n"


def answer(*names: str, status: str = "complete") -> dict[str, Any]:
    """A walk from the first name to all others."""
    missing = [{"what": "hub", "id": HOSTILE, "why": "5 of 6"}] if status != "complete" else []
    return {
        "as_of": AS_OF,
        "completeness": {"status": status, "missing": missing},
        "root": party(names[0]),
        "parties": [{**party(name), "depth": int(i > 0)} for i, name in enumerate(names)],
        "relations": [
            step(names[0], name, share_min=0.5, share_max=0.5, since=AS_OF) for name in names[1:]
        ],
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_are_text_and_nothing_else(lang: str) -> None:
    page = Tags(trace_page(answer(HOSTILE, "乙", status="truncated"), lang))
    assert "script" not in page.tags
    assert not {name for name in page.names if name.startswith("on") or name in ("href", "src")}
    assert page.text.count(HOSTILE) >= 3
    assert "5 of 6" in page.text
    assert "50.0000%" in page.text


def test_every_party_is_drawn_once_and_every_relation_is_a_line() -> None:
    page = Tags(trace_page(answer("甲", "乙", "丙"), "zh"))
    assert (page.tags.count("circle"), page.tags.count("line")) == (3, 2)
    assert page.tags.count("tr") == 3


def test_a_crowd_is_listed_and_not_drawn() -> None:
    names = [str(number) for number in range(MOST_DRAWN + 1)]
    page = Tags(trace_page(answer(*names), "en"))
    assert "svg" not in page.tags
    assert page.tags.count("tr") == len(names)
