"""The pages ask no other origin for anything, run no inline script, and speak both languages."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from graph_service.answers.common import Status, Verdict
from graph_service.answers.ownership import Test
from graph_service.answers.screen import BidderVerdict, PairVerdict
from graph_service.codes import SEVERITIES
from graph_service.web import problem_kinds
from graph_service.web.assets import names
from queries.flags.packs import NAMES, load_pack
from tests.api.client import TestClient, client_of
from tests.house.plan import ROOT
from tests.support.front import settings_in

WEB = Path(str(files("graph_service.web")))
CONSOLE = WEB / "console"
VENDOR = CONSOLE / "vendor"
OURS = sorted(path for kind in ("js", "css") for path in (CONSOLE / kind).rglob(f"*.{kind}"))
FIRST_USE = ("index.html", "text/zh.json", "css/*.css", "js/**/*.js")
_LINK = re.compile(r'(?:src|href)="([^"]*)"')
_KEY = re.compile(r"\b(?:t|has|maybe)\(\s*(?:\"([^\"]+)\"|`([^`]+)`)")
_CHOICE = re.compile(r'\? "([a-z_]+\.[a-z_]+)" : "([a-z_]+\.[a-z_]+)"')
_QUOTED = re.compile(r'"([a-z_]+\.[a-z_.]+)"')
_LATIN = re.compile(r"[A-Za-z]{2,}")
# Latin words that Chinese texts use as they are: codes, names of formats and of settings.
_AS_THEY_ARE = re.compile(
    r"Ctrl|Shift|Esc|CSV|XLSX|DOCX|PDF|PNG|SVG|HTML|JSON|GraphML|CG_[A-Z_]+|credit-graph doctor|"
    r"\{\w+\}"
)


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
    static = [WEB / "static" / name for name in ("docs.html", "docs.js", "page.css")]
    for path in [*static, CONSOLE / "index.html", *OURS]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$|\s// .*$|\"//\"", "", text, flags=re.M), path.name
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser"):
            assert word not in text, (path.name, word)
        assert not re.search(r"\beval\(|new Function|setAttribute\(\"style\"", text), path.name


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/docs.js", "text/javascript"),
        ("/static/page.css", "text/css"),
        ("/static/console/js/main.js", "text/javascript"),
        ("/static/console/text/zh.json", "application/json"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_files_have_their_types(pages: TestClient, path: str, kind: str) -> None:
    answer = pages.get(path)
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "examples.json",
        "../app.py",
        "%2e%2e%2fapp.py",
        "x",
        "console/../app.py",
        "console/%2e%2e/%2e%2e/app.py",
        "console/js",
        "console/",
    ],
)
def test_nothing_else_is_given_away(pages: TestClient, name: str) -> None:
    assert pages.get(f"/static/{name}").status_code == 404


def test_a_file_is_sent_once_and_compressed(pages: TestClient) -> None:
    path = "/static/console/js/main.js"
    plain = pages.get(path, headers={"accept-encoding": "identity"})
    packed = pages.get(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == (CONSOLE / "js/main.js").read_bytes()
    again = pages.get(path, headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_first_use_stays_below_its_weight() -> None:
    used = {path for pattern in FIRST_USE for path in CONSOLE.glob(pattern)}
    assert len(used) > 20
    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in used)
    library = len(gzip.compress((VENDOR / "cytoscape.esm.min.js").read_bytes(), 9))
    assert weight + library < 400_000
    assert "cytoscape" not in (CONSOLE / "js/main.js").read_text("utf-8")


def test_the_description_is_the_documents_source(pages: TestClient) -> None:
    body = pages.get("/openapi.json").json()
    assert body["openapi"] == "3.1.0"
    assert "/v1/parties/{id}/exposure" in body["paths"]
    assert 'fetch("/openapi.json")' in (WEB / "static/docs.js").read_text("utf-8")


def test_vendored_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    there = {path.name for path in VENDOR.iterdir()} - {"manifest.json"}
    assert there == set(manifest["files"])
    for name, said in manifest["files"].items():
        content = (VENDOR / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == said["sha256"], name
        assert len(content) == said["bytes"]
    for library in manifest["libraries"]:
        assert library["license"] in ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC")
        assert {library["file"], library["license_file"]} <= there
        assert f'"{library["version"]}"' in (VENDOR / library["file"]).read_text("utf-8")


def test_every_source_file_is_served_and_short() -> None:
    for path in OURS:
        assert f"console/{path.relative_to(CONSOLE).as_posix()}" in names()
        assert len(path.read_text("utf-8").splitlines()) <= 400, path.name


def _texts(lang: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((CONSOLE / f"text/{lang}.json").read_text("utf-8"))
    return loaded


def _holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text)) - {"s"}  # the plural's s


def test_both_catalogues_say_the_same_things() -> None:
    zh, en = _texts("zh"), _texts("en")
    assert list(zh) == list(en)
    for key, text in zh.items():
        assert text.strip() or key == "paren", key
        assert en[key].strip(), key
        assert _holes(text) == _holes(en[key]), key


def test_no_english_is_left_in_chinese_texts_and_no_chinese_in_english_ones() -> None:
    for key, text in _texts("zh").items():
        assert not _LATIN.search(_AS_THEY_ARE.sub("", text)), (key, text)
    for key, text in _texts("en").items():
        assert not re.search(r"[\u4e00-\u9fff]", text), (key, text)


def _asked() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys that the sources ask for by name, and patterns of those made with a variable part."""
    exact: set[str] = set()
    made: list[re.Pattern[str]] = []
    for path in (CONSOLE / "js").rglob("*.js"):
        text = path.read_text("utf-8")
        for plain, template in _KEY.findall(text):
            if plain:
                exact.add(plain)
            else:
                parts = re.split(r"\$\{[^}]*\}", template)
                made.append(re.compile(".+".join(map(re.escape, parts))))
        for pair in _CHOICE.findall(text):
            exact.update(pair)
        exact.update(key for key in _QUOTED.findall(text) if key in _texts("zh"))
    return exact, made


def test_every_text_that_is_asked_for_is_there_and_every_text_is_asked_for() -> None:
    zh = set(_texts("zh"))
    exact, made = _asked()
    assert exact - zh == set()
    unused = {key for key in zh - exact if not any(pattern.fullmatch(key) for pattern in made)}
    assert unused == set()


def test_the_page_has_no_words_of_its_own_for_what_the_service_says() -> None:
    told = {"missing", "rule", "grade", "kind"}
    assert {key for key in _texts("zh") if key.split(".")[0] in told} == set()
    advice = {f"problem.{code}" for code in problem_kinds.KINDS} & set(_texts("zh"))
    assert advice == {"problem.unauthorized"}  # a page asks for a sign-in, not for a header


def test_every_rule_verdict_and_phase_has_its_word() -> None:
    zh = set(_texts("zh"))
    wanted = {f"ruleid.{rule.id}" for name in NAMES for rule in load_pack(name).rules}
    wanted |= {f"severity.{level}" for level in SEVERITIES}
    wanted |= {f"complete.{status}" for status in get_args(Status)}
    wanted |= {f"control.{verdict}" for verdict in get_args(Verdict)}
    wanted |= {f"beneficial.{test}" for test in get_args(Test)}
    wanted |= {f"bidder.{verdict}" for verdict in get_args(BidderVerdict)}
    wanted |= {f"pair.{verdict}" for verdict in get_args(PairVerdict)}
    phases = "".join(path.read_text("utf-8") for path in (ROOT / "queries").rglob("*.py"))
    wanted |= {f"phase.{phase}" for phase in re.findall(r'progress\("(\w+)"', phases)}
    assert wanted - zh == set()
