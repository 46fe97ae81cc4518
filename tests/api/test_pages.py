"""The pages ask no other origin for anything and run no inline script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.api.client import TestClient, client_of
from tests.support.front import settings_in

STATIC = files("graph_service.web").joinpath("static")
_LINK = re.compile(r'(?:src|href)="([^"]*)"')


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(settings_in(tmp_path)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_every_link_of_a_page_is_this_origins_own_and_leads_somewhere(
    pages: TestClient, path: str
) -> None:
    text = pages.get(path).text
    links = _LINK.findall(text)
    assert len(links) >= 3
    for link in links:
        assert link.startswith("/")
        assert pages.get(link).status_code in (200, 503)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_has_nothing_that_its_policy_would_block(pages: TestClient, path: str) -> None:
    text = pages.get(path).text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)


def test_no_file_of_the_pages_names_another_origin() -> None:
    for name in ("index.html", "docs.html", "docs.js", "page.css"):
        text = STATIC.joinpath(name).read_text("utf-8")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.M), name
        assert "innerHTML" not in text
        assert "eval" not in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/docs.js", "text/javascript"),
        ("/static/page.css", "text/css"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_files_have_their_types(pages: TestClient, path: str, kind: str) -> None:
    assert pages.get(path).headers["content-type"].startswith(kind)


@pytest.mark.parametrize("name", ["examples.json", "../app.py", "%2e%2e%2fapp.py", "x"])
def test_nothing_else_is_given_away(pages: TestClient, name: str) -> None:
    assert pages.get(f"/static/{name}").status_code == 404


def test_the_description_is_the_documents_source(pages: TestClient) -> None:
    body = pages.get("/openapi.json").json()
    assert body["openapi"] == "3.1.0"
    assert "/v1/parties/{id}/exposure" in body["paths"]
    assert 'fetch("/openapi.json")' in STATIC.joinpath("docs.js").read_text("utf-8")
