"""Tickets and commits in a browser: chips that say what they are, where they lead, and one source at a time."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import SHOP, write_tree
from dashboard.browsing import Visit, fragment, with_git

EXPORT = ".surefoot/tickets/github.json"
ASKED = fragment("search", q="what does #123 touch?", ask="1")


def issue(number: int, title: str, body: str, url: str) -> dict[str, object]:
    fields = {"number": number, "title": title, "state": "CLOSED", "closedAt": "2024-03-01T10:00:00Z"}
    return {**fields, "createdAt": "2024-02-01T10:00:00Z", "body": body, "url": url, "labels": [], "comments": []}


TICKETS = [
    issue(123, "The tax rate of a country is wrong", "See `rate_for` in shop/tax.py.", "https://git.example/shop/123"),
    issue(130, "<img src=x onerror=alert(1)> freight", "javascript:alert(1)", "javascript:alert(1)"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop with an export of tickets on one line, so that every ticket of it stands on line 1."""
    root = tmp_path_factory.mktemp("sources") / "shop"
    write_tree(root, SHOP)
    (root / EXPORT).parent.mkdir(parents=True)
    (root / EXPORT).write_text(json.dumps(TICKETS), encoding="utf-8")
    with_git(root)
    who = ["-c", "user.name=n", "-c", "user.email=n@e.example"]
    subprocess.run(["git", *who, "add", "-A"], cwd=root, check=True)
    subprocess.run(["git", *who, "commit", "-qm", "Sell things with the right tax"], cwd=root, check=True)
    return root


def answered(visit: Visit) -> Page:
    page = visit.open(ASKED)
    expect(page.get_by_test_id("turn").first).to_have_attribute("data-status", "done")
    return page


def chip(page: Page, source: str):
    return page.locator(f".chip[data-source={source}]").first


def test_a_ticket_is_called_by_its_number_and_opens_in_its_tracker_too(visit: Visit) -> None:
    page = answered(visit)
    ticket = chip(page, "tickets")
    expect(ticket.get_by_test_id("citation")).to_contain_text("#123")
    expect(ticket.get_by_test_id("citation")).to_have_attribute("title", re.compile(r"^#123: The tax rate.*\(closed"))
    link = ticket.get_by_test_id("open-ticket")
    expect(link).to_have_attribute("href", "https://git.example/shop/123")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(page.get_by_test_id("origin")).to_contain_text("drawn from")


def test_a_ticket_leads_to_what_is_read_in_its_export_though_all_stand_on_one_line(visit: Visit) -> None:
    page = answered(visit)
    chip(page, "tickets").get_by_test_id("citation").click()
    lit = page.get_by_test_id("lit")
    expect(lit).to_contain_text("#123: The tax rate of a country is wrong")
    expect(lit).not_to_contain_text("#130")
    expect(page.get_by_test_id("source")).to_contain_text("#130")


def test_a_commit_is_no_path_and_leads_to_its_message(visit: Visit) -> None:
    page = visit.open(fragment("search", q="which commit sells things with the right tax?", source="commits", ask="1"))
    expect(page.get_by_test_id("turn").first).to_have_attribute("data-status", "done")
    hit = page.get_by_test_id("hit").first
    expect(hit.locator(".hit-link")).to_contain_text(re.compile(r"commit [0-9a-f]{10}, \d{4}-\d\d-\d\d: "))
    expect(hit.locator(".hit-link")).not_to_contain_text("commit:")
    expect(hit.get_by_test_id("open-editor")).to_have_count(0)
    expect(hit.locator(".line-number").first).to_have_text("")
    hit.locator(".hit-link").click()
    expect(page.locator("h1").last).to_have_text(re.compile(r"^commit [0-9a-f]{10}$"))
    expect(page.get_by_test_id("source")).to_contain_text("Files:")


def test_what_somebody_wrote_into_a_ticket_is_text_and_no_address(visit: Visit) -> None:
    page = visit.open(fragment("search", q="freight", source="tickets", ask="1"))
    expect(page.get_by_test_id("turn").first).to_have_attribute("data-status", "done")
    first = page.get_by_test_id("hit").first
    expect(first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(first.get_by_test_id("open-ticket")).to_have_count(0)
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_a_filter_keeps_to_one_source(visit: Visit) -> None:
    page = visit.open()
    page.get_by_test_id("filters").click()
    page.get_by_test_id("filter-source").select_option("tickets")
    page.get_by_test_id("question").fill("tax rate of a country")
    hits = page.get_by_label("Hits", exact=True).get_by_test_id("hit")
    hits.first.wait_for()
    sources = {hit.get_attribute("data-source") for hit in hits.locator(".hit-head").all()}
    assert sources == {"tickets"}


def test_the_index_says_how_much_there_is_of_each_source(visit: Visit) -> None:
    page = visit.open(fragment("index"))
    sources = page.get_by_test_id("sources").first
    expect(sources.get_by_role("row", name=re.compile("tickets"))).to_contain_text("2")
    expect(sources.get_by_role("row", name=re.compile("designs"))).to_contain_text("0")
