"""A real browser before a real service over the demo city; nothing here knows the inside."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TODAY = "2026-06-30"
Serve = Callable[..., "Service"]


@dataclass(slots=True)
class Service:
    """A running service: its address, its process, its folder."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path

    def key(self, party: str) -> str:
        """The key of a party by any of its names."""
        answer = httpx.get(f"{self.url}/v1/parties/{party}", timeout=30)
        return str(answer.json()["party"]["key"])


@dataclass(slots=True)
class Watched:
    """A page, and everything that it should not have done."""

    page: Page
    url: str
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Go to an address of the console and wait until its page stands."""
        self.page.goto(f"{self.url}/{address}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page of the present address stands, not the one before it, and nothing
        is being asked any more."""
        for _ in range(1200):  # asked from outside: the page's policy forbids a waiting script
            if self.page.evaluate("document.getElementById('main')?.dataset.at === location.hash"):
                break
            self.page.wait_for_timeout(50)
        expect(self.page.locator(".wait")).to_have_count(0, timeout=30_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CG_")}
    return {**kept, **more}


@contextmanager
def serving(store: Path, **more: str) -> Iterator[Service]:
    """A service over a store on a free port, ended at the end."""
    port = _free_port()
    command = [sys.executable, "-m", "graph_service.cli", "serve", "--port", str(port)]
    environment = _environment(CG_STORE=str(store), **more)
    with (store.parent / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stderr=log)
        try:
            service = Service(f"http://127.0.0.1:{port}", process, store.parent)
            _wait(service)
            yield service
        finally:
            process.kill()
            process.wait(30)


def _wait(service: Service) -> None:
    for _ in range(600):
        assert service.process.poll() is None
        try:
            httpx.get(f"{service.url}/healthz", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service does not answer")


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the demo city."""
    folder = tmp_path_factory.mktemp("city")
    store = folder / "demo.db"
    command = [sys.executable, "-m", "graph_service.cli", "--store", str(store)]
    command += ["demo", "--dir", str(folder)]
    subprocess.run(command, check=True, env=_environment(), stdout=subprocess.DEVNULL)
    return store


@pytest.fixture(scope="session")
def service(city: Path) -> Iterator[Service]:
    """A service over the demo city."""
    with serving(city) as found:
        yield found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser of the machine, with a profile of its own."""
    if CHROMIUM is None:
        pytest.skip("Chromium: none on this machine (apt-get install chromium)")
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    # What is left of its greenlets is cleared here: collected in the middle of something else, they
    # leave that interpreter thread with a wrong depth of recursion (seen with CPython 3.11.7).
    gc.collect()


@contextmanager
def watching(
    browser: Browser, url: str, lang: str = "zh", theme: str = "light", **more: object
) -> Iterator[Watched]:
    """A new page in a new profile that notes errors and requests to anybody else."""
    options = {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", **more}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.add_init_script(
        f"localStorage.getItem('lang') ?? localStorage.setItem('lang', '{lang}');"
        f"localStorage.getItem('theme') ?? localStorage.setItem('theme', '{theme}')"
    )
    page = context.new_page()
    watched = Watched(page, url)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("console", lambda said: _note(watched, said.type, said.text))
    page.on("request", lambda asked: _abroad(watched, asked.url))
    page.on("dialog", lambda dialog: watched.errors.append(f"dialog: {dialog.message}"))
    try:
        yield watched
    finally:
        context.close()


def _note(watched: Watched, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        watched.errors.append(text)


def _abroad(watched: Watched, url: str) -> None:
    if not url.startswith((f"{watched.url}/", "data:", f"blob:{watched.url}/")):
        watched.elsewhere.append(url)


@pytest.fixture
def seen(chromium: Browser, service: Service) -> Iterator[Watched]:
    """A Chinese page before the demo city; at the end it has asked nobody else and had no error."""
    with watching(chromium, service.url) as found:
        yield found
        assert found.errors == []
        assert found.elsewhere == []
