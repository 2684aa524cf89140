"""Leaving a view and coming back to it, and what the page says when its server has gone or is another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.browsing import Visit, asked, fragment
from dashboard.serving import REAL, TOKEN, environment, running

QUESTION = "Where is the tax rate of a country looked up?"
LOW = {"width": 1000, "height": 240}  # so that everything is longer than the window


@pytest.fixture
def low(browser, server):
    visit = Visit(browser, server, viewport=LOW)
    yield visit
    visit.close()
    assert visit.faults == []


def depth(page) -> int:
    return round(page.evaluate("scrollY"))


def finished(page):
    turn = page.get_by_test_id("turn").first
    expect(turn).to_have_attribute("data-status", "done")
    return turn


def start(cache: Path, root: Path, token: str, port: int = 0):
    """A server that another one can follow on the same port."""
    env = environment(cache, SUREFOOT_DASHBOARD_TOKEN=token)
    return running([*REAL, str(root), "--port", str(port)], env)


# --- back ------------------------------------------------------------------------------------------------------


def test_back_leads_to_where_the_reader_was(low):
    page = low.open(fragment("search", q=QUESTION, ask="1"))
    link = finished(page).locator(".hit-link").last
    link.scroll_into_view_if_needed()
    left = depth(page)
    assert left > 0
    link.click()
    page.get_by_test_id("source").wait_for()
    assert depth(page) == 0
    page.go_back()
    finished(page)
    expect(link).to_be_in_viewport()
    assert depth(page) == left


def test_the_search_tab_leads_back_to_the_answer_and_from_there_to_an_empty_box(visit):
    page = visit.open(fragment("search", q=QUESTION, ask="1"))
    finished(page).get_by_test_id("why").click()
    page.get_by_test_id("trace-facts").wait_for()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_test_id("tab-search").click()
    finished(page)
    assert not [url for url in sent if url.endswith("/api/ask")]  # which could take minutes
    page.get_by_test_id("tab-search").click()
    expect(page.get_by_test_id("turn")).to_have_count(0)
    assert page.url.endswith("#/search")


def test_the_next_page_of_traces_begins_at_its_top(low):
    for index in range(51):
        asked(low, f"qqzzyx{index} wwvvkk")
    page = low.open("#/traces")
    older = page.get_by_test_id("older")
    older.scroll_into_view_if_needed()
    left = depth(page)
    older.click()
    expect(page.get_by_role("link", name="Newest")).to_be_attached()
    assert depth(page) == 0
    page.go_back()
    expect(older).to_be_in_viewport()
    assert depth(page) == left


def test_a_trace_that_is_not_there_leads_to_those_there_are(visit):
    page = visit.open("#/trace/ffffffffffff0000")
    expect(page.get_by_test_id("error")).to_contain_text("No trace has the id")
    page.get_by_role("main").get_by_role("link", name="Traces").click()
    expect(page.get_by_role("heading", name="Traces")).to_be_visible()


# --- the server ------------------------------------------------------------------------------------------------


def seen(page, is_hidden: bool) -> None:
    page.evaluate(
        """isHidden => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_a_tab_that_nobody_sees_keeps_no_connection(visit):
    """A browser has six for one server: with more tabs than that, none would get an answer."""
    page = visit.page
    with page.expect_request("**/api/events"):
        visit.open()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/api/events")):
        seen(page, True)
    with page.expect_request("**/api/events"), page.expect_request("**/api/status"):
        seen(page, False)
    expect(page.get_by_test_id("index-state")).to_contain_text("files")


def test_a_server_that_stops_is_told_and_one_that_comes_again_is_used(browser, project, tmp_path):
    cache = tmp_path / "cache"
    with start(cache, project, TOKEN) as server:
        visit = Visit(browser, server)
        page = visit.open()
        state = page.get_by_test_id("index-state")
        expect(state).to_contain_text("files")
        server.interrupt()
        server.ended()
        expect(state).to_contain_text("No answer")
        page.get_by_test_id("question").fill("rate_for")
        expect(page.get_by_test_id("error")).to_contain_text("The dashboard does not answer.")
    with start(cache, project, TOKEN, server.port):
        expect(page.get_by_test_id("hit").first).to_contain_text("rate_for", timeout=20_000)
        expect(page.get_by_test_id("error")).to_have_count(0)
        expect(state).to_contain_text("files")
    visit.close()
    assert visit.faults == []


def test_the_token_of_another_start_is_refused_aloud_and_the_right_one_reaches_every_tab(browser, project, tmp_path):
    later = "a-token-of-a-later-start-0123456789"
    with start(tmp_path / "cache", project, TOKEN) as server:
        visit = Visit(browser, server)
        page = visit.open()
        other = visit.watched(visit.context.new_page())
        other.goto(f"{server.base}/{fragment('search', q='rate_for')}")
        other.get_by_test_id("hit").first.wait_for()
    with start(tmp_path / "cache", project, later, server.port):
        for tab in (page, other):
            expect(tab.get_by_test_id("locked")).to_be_visible(timeout=20_000)
            expect(tab.get_by_test_id("refused")).to_have_count(0)
        box = page.get_by_label("Address or token")
        expect(box).to_be_focused()
        box.fill("not-the-token-of-this-start")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("refused")).to_be_visible()
        box.fill(later)
        page.keyboard.press("Enter")
        page.get_by_test_id("question").wait_for()
        expect(other.get_by_test_id("hit").first).to_contain_text("rate_for")
    visit.close()
    assert visit.faults == []
