"""Every view in light, dark and at a phone's width: accessible, no wider than the window, and pictured on demand.

With SUREFOOT_SCREENSHOTS set to a folder, a picture of each is kept there, to be looked at.
"""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dashboard.browsing import PHONE, WIDE, Visit, asked, fragment
from dashboard.test_quality import LOST, keep, row
from surefoot.dashboard.page_files import FOLDER, page_files

PICTURES = os.environ.get("SUREFOOT_SCREENSHOTS", "")
LOOKS = {
    "light": {"color_scheme": "light", "viewport": WIDE},
    "dark": {"color_scheme": "dark", "viewport": WIDE},
    "phone": {"color_scheme": "light", "viewport": PHONE},
}
QUESTION = "How does the total price of a cart get its tax rate, and where is the Redis cache?"
MOST_BYTES = 300_000
MARKUP = re.compile(r"(inner|outer|insertAdjacent)HTML|unsafe|\beval\(|new Function|document\.write|srcdoc|setHTML")


@pytest.fixture(scope="module")
def windows(server, browser):
    """One per look, which goes from view to view as a reader does."""
    visits = {look: Visit(browser, server, **options) for look, options in LOOKS.items()}
    for visit in visits.values():
        visit.open()
    yield visits
    for visit in visits.values():
        visit.close()


@pytest.fixture(scope="module")
def traces(server, browser, project):
    """Two questions to look at, and an evaluation that lost something."""
    keep(project, "aaaa111", [row(1), row(3)])
    keep(project, "bbbb222", [row(1), LOST, row(3)], date="2026-02-01")
    (project / ".surefoot" / "thresholds.toml").write_text("[dev]\nfile_hit5 = 0.9\n")
    visit = Visit(browser, server)
    ids = [asked(visit, QUESTION), asked(visit, "Who may open a session?")]
    visit.close()
    return ids


def wait(page: Page, *testids: str) -> None:
    for testid in testids:
        page.get_by_test_id(testid).first.wait_for()


def show_hits(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("search", q="tax rate of a country"))
    wait(visit.page, "hit")


def show_filters(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("search", q="cart", source="code", path="shop/*"))
    wait(visit.page, "hit", "filter-source")


def show_no_match(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("search", q="qqzzyx wwvvkk"))
    wait(visit.page, "no-match")


def show_answer(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("search", q=QUESTION, ask="1"))
    expect(visit.page.get_by_test_id("turn")).to_have_attribute("data-status", "done")


def show_report(visit: Visit, traces: list[str]) -> None:
    show_answer(visit, traces)
    visit.page.get_by_test_id("wrong").click()
    visit.page.get_by_test_id("report").get_by_role("radio").nth(1).check()


def show_error(visit: Visit, traces: list[str]) -> None:
    visit.page.route("**/api/search", lambda route: route.abort())
    visit.go(fragment("search", q="tax"))
    wait(visit.page, "error")


def show_source(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("source", path="shop/cart.py", line="17-21"))
    wait(visit.page, "lit")


def show_traces(visit: Visit, traces: list[str]) -> None:
    visit.go("#/traces")
    wait(visit.page, "trace-row")
    for box in visit.page.get_by_role("checkbox").all()[:2]:
        box.check()


def show_no_traces(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("traces", text="never asked"))
    wait(visit.page, "empty")


def show_trace(visit: Visit, traces: list[str]) -> None:
    visit.go(f"#/trace/{traces[0]}")
    wait(visit.page, "trace-stage")


def show_trace_unfolded(visit: Visit, traces: list[str]) -> None:
    show_trace(visit, traces)
    for summary in visit.page.locator("[data-testid=trace-stage] > summary").all():
        summary.click()
    wait(visit.page, "trace-candidate")


def show_replay(visit: Visit, traces: list[str]) -> None:
    show_trace(visit, traces)
    visit.page.get_by_test_id("replay-options").fill("rerank.off=true")
    visit.page.get_by_test_id("replay").click()
    wait(visit.page, "differences")


def show_compare(visit: Visit, traces: list[str]) -> None:
    visit.go(f"#/compare/{traces[0]}/{traces[1]}")
    wait(visit.page, "compared")


def show_index(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("index", symbol="Cart.total_price"))
    visit.page.get_by_test_id("map-map").click()
    wait(visit.page, "treemap", "graph", "choose-model")


def show_index_table(visit: Visit, traces: list[str]) -> None:
    visit.go(fragment("index", folder="shop"))
    visit.page.get_by_test_id("map-table").click()
    wait(visit.page, "map-table", "choose-model")


def show_quality(visit: Visit, traces: list[str]) -> None:
    visit.go("#/quality")
    wait(visit.page, "chart", "gate", "miss")
    expect(visit.page.get_by_text("Time per stage").first).to_be_visible()


def show_settings(visit: Visit, traces: list[str]) -> None:
    visit.page.get_by_test_id("open-settings").click()
    wait(visit.page, "settings")


def show_welcome(visit: Visit, traces: list[str]) -> None:
    visit.go("#/search")
    wait(visit.page, "example")


def show_locked(visit: Visit, traces: list[str]) -> None:
    visit.page.evaluate("location.hash = '#token=not-the-token-of-this-start'")
    wait(visit.page, "locked")


SHOWN = {
    "welcome": show_welcome, "hits": show_hits, "filters": show_filters, "no-match": show_no_match,
    "answer": show_answer, "report": show_report, "error": show_error, "source": show_source, "traces": show_traces,
    "no-traces": show_no_traces, "trace": show_trace, "trace-unfolded": show_trace_unfolded, "replay": show_replay,
    "compare": show_compare, "index": show_index, "index-table": show_index_table, "quality": show_quality,
    "settings": show_settings, "locked": show_locked,
}  # fmt: skip


@pytest.mark.parametrize("view", SHOWN)
@pytest.mark.parametrize("look", LOOKS)
def test_the_view_is_accessible_and_fits_in_the_window(windows, traces, look, view):
    visit = windows[look]
    page = visit.page
    SHOWN[view](visit, traces)
    visit.settled()
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(PICTURES) / f"{view}-{look}.png", full_page=True)
    # The colours of a phone are those of a desk.
    problems = [] if look == "phone" else Axe().run(page).response["violations"]
    assert [(one["id"], one["impact"], [node["html"][:200] for node in one["nodes"]][:3]) for one in problems] == []
    assert visit.width() <= LOOKS[look]["viewport"]["width"]
    page.keyboard.press("Escape")  # whatever window stands open
    page.unroute_all()
    assert visit.faults == []


def test_the_page_is_small_loads_nothing_from_elsewhere_and_makes_no_markup_of_text():
    files = {name: path.read_text(encoding="utf-8") for name, path in page_files().items()}
    assert sum(len(gzip.compress(text.encode())) for text in files.values()) < MOST_BYTES
    ours = {name: text for name, text in files.items() if not name.startswith("vendor/")}
    for name, text in ours.items():
        assert not re.search(r"(?:src|href|url|import)[=(\s\"']+(?:https?:)?//", text), name
        assert not MARKUP.search(text), name
        assert not re.search(r"<[^>]*\sstyle=", text), name
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=", ours["index.html"])
    assert "BSD-3-Clause" in files["vendor/lit.js"][:400]


def test_every_module_and_style_that_is_named_is_there_and_every_one_is_named():
    files = {name: path.read_text(encoding="utf-8") for name, path in page_files().items() if name != "vendor/lit.js"}
    named = {"index.html"}
    for name, text in files.items():
        for target in re.findall(r'(?:from |import )"(\.[^"]+)"', text):
            named.add((FOLDER / name).parent.joinpath(target).resolve().relative_to(FOLDER.resolve()).as_posix())
        named |= set(re.findall(r'"/static/([^"]+)"', text))
    assert named == set(page_files())
