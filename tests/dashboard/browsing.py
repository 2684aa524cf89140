"""The page in a real browser: a server of its own, Chromium without a window, and whatever went wrong on the page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dashboard.serving import PATIENCE, REAL, Running, environment, running

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
# Of the page's own server, whose refusals a test may have asked for.
REFUSED = "Failed to load resource"


def chromium() -> str:
    """The path of the browser. CI has one; elsewhere tests of the page are skipped where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is not installed; CI has to install the package 'chromium'.")
    if found is None:
        pytest.skip("Chromium is not installed; the page is tested in it.")
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium, which doesn't run as root inside its own sandbox."""
    path = chromium()
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


@contextmanager
def serving(cache: Path, *roots: Path) -> Iterator[Running]:
    """The real server of these roots, everything indexed."""
    command = [*REAL[:-1], *(word for root in roots for word in ("--root", str(root)))]
    with running(command, environment(cache)) as server:
        with server.client() as client:
            while client.get("/api/status").json()["indexing"]:
                pass
        yield server


class Visit:
    """One browser window on the page of a server. Whatever the page must never do is kept in `faults`."""

    def __init__(self, browser: Browser, server: Running, **options: Any) -> None:
        self.server = server
        self.context: BrowserContext = browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
        self.faults: list[str] = []
        self.page = self.watched(self.context.new_page())

    def watched(self, page: Page) -> Page:
        page.set_default_timeout(PATIENCE * 1000 / 3)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))
        page.on("popup", lambda _: self.faults.append("popup"))
        return page

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and REFUSED not in text:
            self.faults.append(f"console: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.server.base:
            self.faults.append(f"request: {url}")

    def open(self, fragment: str = "") -> Page:
        """Come with the address that the terminal printed, then go on to a view."""
        self.page.goto(self.server.address)
        self.page.get_by_test_id("question").wait_for()
        if fragment:
            self.go(fragment)
        return self.page

    def go(self, fragment: str) -> None:
        self.page.evaluate("fragment => { location.hash = fragment; }", fragment)

    def api(self, path: str, **body: Any) -> Any:
        """Ask the server without the page."""
        with self.server.client() as client:
            reply = client.post(path, json=body) if body else client.get(path)
            assert reply.is_success, reply.text
            return reply.json() if "json" in reply.headers["content-type"] else reply.text

    def settled(self) -> None:
        """Wait until nothing is being fetched for the view. (The page's policy forbids to wait for a function.)"""
        expect(self.page.get_by_test_id("loading")).to_have_count(0)

    def width(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def close(self) -> None:
        self.context.close()


def fragment(view: str, **params: str) -> str:
    """`#/view?name=value`."""
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
    return f"#/{view}?{query}" if query else f"#/{view}"


def with_git(root: Path) -> Path:
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


def asked(visit: Visit, question: str, **scope: Any) -> str:
    """Ask without the page; returns the trace."""
    text = visit.api("/api/ask", question=question, **scope)
    answer = text.rpartition("event: answer\ndata: ")[2].partition("\n")[0]
    return str(json.loads(answer)["trace_id"])
