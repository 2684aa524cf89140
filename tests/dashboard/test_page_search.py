"""The search view in a browser: hits while one types, an answer with its places, and everything by keyboard."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from dashboard.browsing import Visit, fragment
from dashboard.serving import TOKEN

QUESTION = "Where is the tax rate of a country looked up?"
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def hits(page):
    return page.get_by_label("Hits", exact=True).get_by_test_id("hit")


def finished(page):
    turn = page.get_by_test_id("turn").first
    expect(turn).to_have_attribute("data-status", "done")
    return turn


def test_the_token_leaves_the_address_at_once_and_stays_with_the_tab(visit):
    page = visit.open()
    assert TOKEN not in page.url
    assert page.evaluate("sessionStorage.getItem('surefoot.token')") == TOKEN
    assert TOKEN not in page.evaluate("JSON.stringify(localStorage)")
    assert TOKEN not in page.content()
    page.reload()
    expect(page.get_by_test_id("question")).to_be_focused()


def test_hits_come_while_one_types_with_the_words_marked(visit):
    page = visit.open()
    page.keyboard.type("rate_for country", delay=5)
    first = hits(page).first
    expect(first).to_contain_text("rate_for")
    expect(first).to_contain_text("shop/tax.py:")
    assert {mark.lower() for mark in first.locator("mark").all_inner_texts()} >= {"rate", "country"}


def test_searching_as_one_types_leaves_no_trace(visit):
    before = len(visit.api("/api/traces?limit=1000")["traces"])
    page = visit.open()
    page.get_by_test_id("question").fill("cart limit items")
    hits(page).first.wait_for()
    assert len(visit.api("/api/traces?limit=1000")["traces"]) == before


def test_of_two_searches_only_the_later_one_is_shown(visit):
    page = visit.open()
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        held.append(route) if "session" in str(route.request.post_data) else route.continue_()

    page.route("**/api/search", hold_the_first)
    with page.expect_request(lambda request: "session" in str(request.post_data)):
        page.get_by_test_id("question").fill("open session")
    with page.expect_event("requestfailed"):
        page.get_by_test_id("question").fill("parcels freight")
    expect(hits(page).first).to_contain_text("docs/shipping.md")
    [route] = held
    assert "aborted" in str(route.request.failure).lower()


def test_a_search_can_be_shared_with_a_tab_that_has_no_token(visit):
    page = visit.open()
    page.get_by_test_id("question").fill("open_session timeout")
    expect(hits(page).first).to_contain_text("open_session")
    shared = page.url
    assert TOKEN not in shared
    other = visit.watched(visit.context.new_page())
    other.goto(shared)
    expect(other.get_by_test_id("question")).to_have_value("open_session timeout")
    expect(hits(other).first).to_contain_text("open_session")


def test_without_the_token_the_page_says_where_it_is_printed(visit):
    page = visit.page
    page.goto(f"{visit.server.base}/{fragment('search', q='tax')}")
    locked = page.get_by_test_id("locked")
    expect(locked).to_contain_text("the address that the terminal printed")
    page.get_by_label("Address or token").fill("wrong-token-of-another-start")
    page.keyboard.press("Enter")
    expect(locked).to_be_visible()
    page.get_by_label("Address or token").fill(visit.server.address)
    page.keyboard.press("Enter")
    expect(hits(page).first).to_be_visible()
    expect(page.get_by_test_id("question")).to_have_value("tax")


def test_enter_asks_and_each_sentence_has_its_checked_places(visit):
    page = visit.open()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    turn = finished(page)
    assert turn.get_by_test_id("claim").count() > 0
    for claim in turn.get_by_test_id("claim").all():
        assert claim.get_by_test_id("citation").count() > 0
    assert "Checked: these lines stand there" in turn.get_by_test_id("citation").first.inner_text()
    expect(turn.get_by_test_id("origin")).to_contain_text("without a model")
    assert "ask=1" in page.url
    assert TOKEN not in page.url


def test_the_page_says_what_the_server_answered(visit):
    page = visit.open()
    bodies: list[str] = []

    def passed_on(route):
        """The body of a stream is gone from the browser once the page has read it."""
        response = route.fetch()
        bodies.append(response.text())
        route.fulfill(response=response)

    page.route("**/api/ask", passed_on)
    visit.go(fragment("search", q="How is the total price of a cart computed, and where is the Redis cache?", ask="1"))
    turn = finished(page)
    (body,) = bodies
    answer = json.loads(body.rpartition("event: answer\ndata: ")[2].partition("\n")[0])
    shown = [claim.locator("p").first.inner_text() for claim in turn.get_by_test_id("claim").all()]
    assert shown == [claim["text"].replace("`", "") for claim in answer["claims"]]
    missing = turn.get_by_test_id("missing")
    assert answer["missing"]
    for part in answer["missing"]:
        expect(missing).to_contain_text(part.replace("`", ""))


def test_a_citation_opens_the_file_with_exactly_its_lines_lit(visit, project):
    page = visit.open(fragment("search", q=QUESTION, ask="1"))
    link = finished(page).get_by_test_id("citation").first
    path, start, end = re.search(r"path=([^&]+)&line=(\d+)(?:-(\d+))?", link.get_attribute("href")).groups()
    link.click()
    lines = (project / path.replace("%2F", "/")).read_text().splitlines()
    lit = page.get_by_test_id("lit")
    expect(lit).to_be_in_viewport()
    assert lit.locator(".code").inner_text() == "\n".join(lines[int(start) - 1 : int(end or start)])
    assert lit.locator(".gutter").text_content().split("\n")[0] == start
    page.go_back()
    finished(page)


def test_a_citation_opens_in_the_editor_that_the_reader_chose(visit, project):
    page = visit.open(fragment("search", q=QUESTION, ask="1"))
    link = finished(page).get_by_test_id("open-editor").first
    assert re.fullmatch(rf"vscode://file{re.escape(project.as_posix())}/shop/\w+\.py:\d+", link.get_attribute("href"))
    for template, is_taken in [
        ("javascript:alert('{path}')", False),
        ("data:text/html,{path}", False),
        ("idea://open", False),
        ("idea://open?file={path}&line={line}", True),
    ]:
        page.get_by_test_id("open-settings").click()
        page.get_by_test_id("editor-template").fill(template)
        page.get_by_test_id("settings-save").click()
        assert (page.get_by_test_id("settings").count() == 0) == is_taken, template
        page.keyboard.press("Escape")
    page.reload()
    assert re.match(
        r"idea://open\?file=/.*/shop/\w+\.py&line=\d+$",
        finished(page).get_by_test_id("open-editor").first.get_attribute("href"),
    )


def test_a_template_that_was_slipped_into_the_store_makes_no_script(visit):
    page = visit.open()
    page.evaluate("localStorage.setItem('surefoot.editor', 'javascript:alert(\"{path}\")')")
    visit.go(fragment("search", q="tax rate"))
    hits(page).first.wait_for()
    assert page.get_by_test_id("open-editor").first.get_attribute("href").startswith("vscode://file/")


def test_what_is_not_there_is_said_with_the_nearest_names(visit):
    page = visit.open(fragment("search", q="RateFour zzqqy"))
    near = page.get_by_test_id("no-match").or_(hits(page).first)
    expect(near.first).to_be_visible()
    page.get_by_test_id("question").fill("qqzzyx wwvvkk")
    expect(page.get_by_test_id("no-match")).to_contain_text("Nothing here is about that")
    page.keyboard.press("Enter")
    expect(finished(page).get_by_test_id("abstained")).to_contain_text("Nothing here answers this.")


def test_a_follow_up_says_what_it_follows_and_back_leads_to_the_first(visit):
    page = visit.open(fragment("search", q="What does rate_for do?", ask="1"))
    finished(page)
    bodies = []
    page.on(
        "request", lambda request: bodies.append(request.post_data_json) if request.url.endswith("/api/ask") else None
    )
    page.get_by_test_id("question").fill("Who calls it?")
    expect(page.get_by_test_id("follow-up")).to_contain_text("What does rate_for do?")
    page.keyboard.press("Enter")
    finished(page)
    expect(page.get_by_test_id("turn")).to_have_count(2)
    [body] = bodies
    assert body["after"]
    assert f"after={body['after']}" in page.url
    page.go_back()
    expect(page.get_by_test_id("turn")).to_have_count(1)
    expect(page.get_by_test_id("turn")).to_contain_text("What does rate_for do?")
    page.get_by_label("Start a new question").click()
    expect(page.get_by_test_id("follow-up")).to_have_count(0)


def test_an_answer_can_be_stopped_and_the_server_is_told(visit):
    page = visit.open()
    page.route("**/api/ask", lambda route: None)  # never answered
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    with page.expect_event("requestfailed") as given_up:
        page.get_by_test_id("stop").click()
    assert given_up.value.url.endswith("/api/ask")
    expect(page.get_by_test_id("state")).to_have_text("Stopped.")
    page.unroute("**/api/ask")
    page.get_by_role("button", name="Ask again").click()
    finished(page)


def test_a_new_question_stops_the_one_that_is_still_being_answered(visit):
    page, held = visit.open(), []
    # The first is never answered; a route that is taken away again would let it through.
    page.route("**/api/ask", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/api/ask"):
        visit.go(fragment("search", q="What does rate_for do?", ask="1"))
    with page.expect_event("requestfailed") as given_up:
        visit.go(fragment("search", q=QUESTION, ask="1"))
    assert given_up.value.url.endswith("/api/ask")
    finished(page)


def test_a_question_that_waits_for_the_model_says_so(visit):
    hit = {
        **dict.fromkeys(("symbol", "label", "url", "text", "language"), ""),
        "path": "shop/tax.py",
        "start_line": 1,
        "end_line": 2,
        "kind": "function",
        "source": "code",
        "root": "/",
        "score": 1,
        "retrievers": {},
        "rules": {},
        "why": [],
    }
    pieces = (("evidence", {"hits": [hit]}), ("waiting", {"notice": "The model is <b>busy</b>."}))
    page = visit.open()
    page.evaluate(
        """body => {
            const asked = window.fetch;
            const held = new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode(body)) });
            window.fetch = (url, more) => String(url).endsWith("/api/ask")
                ? Promise.resolve(new Response(held, { headers: { "content-type": "text/event-stream" } }))
                : asked(url, more);
        }""",
        "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in pieces),
    )
    visit.go(fragment("search", q="anything", ask="1"))
    expect(page.get_by_test_id("state")).to_have_text("The model is <b>busy</b>.")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('event: error\ndata: {"error": "The model <b>fell</b> over."}\n\n', "The model <b>fell</b> over."),
        ('event: evidence\ndata: {"hits": []}\n\n', "The answer broke off."),
        ("", "The answer broke off."),
    ],
)
def test_an_answer_that_fails_is_a_sentence_with_a_way_on(visit, body, said):
    page = visit.open()
    page.route("**/api/ask", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=body))
    visit.go(fragment("search", q="anything", ask="1"))
    expect(page.get_by_test_id("error")).to_contain_text(said)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_server_that_is_gone_is_a_sentence(visit):
    page = visit.open()
    page.route("**/api/search", lambda route: route.abort())
    page.get_by_test_id("question").fill("tax")
    expect(page.get_by_test_id("error")).to_contain_text("Start `surefoot dashboard` again".replace("`", ""))


def test_claims_stream_in_and_withheld_sentences_stay_folded(visit):
    citation = {
        "id": 1,
        "path": "shop/tax.py",
        "start_line": 6,
        "end_line": 8,
        "symbol": "rate_for",
        "verdict": "moved",
        "root": "/r",
        "text": "",
    }
    claim = {"text": "It is `rate_for` [1], not <i>another</i> [7].", "citations": [1]}
    withheld = {"text": "It asks the bank.", "reason": "`bank` does not stand in what it cites."}
    answer = {
        "question": "q", "trace_id": "", "mode": "llm", "model": "tiny", "abstained": False, "claims": [claim],
        "withheld": [withheld], "citations": [citation], "missing": [], "near_misses": [], "notices": ["A notice."],
        "index": {"files": 1, "chunks": 1, "indexing": True}, "stages": {"generate": 1500.0},
    }  # fmt: skip
    events = [
        ("claim", {"claim": claim, "citations": [citation]}),
        ("withheld", {"withheld": withheld}),
        ("answer", answer),
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    page = visit.open()
    page.route("**/api/ask", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=body))
    visit.go(fragment("search", q="q", ask="1"))
    turn = finished(page)
    expect(turn.get_by_test_id("claim").locator("p").first).to_have_text("It is rate_for [1], not <i>another</i> [7].")
    expect(turn.get_by_test_id("claim").locator("p a")).to_have_text("[1]")
    expect(turn.get_by_test_id("claim").locator("code")).to_have_text("rate_for")
    expect(turn.locator("[data-verdict=moved]")).to_contain_text("moved")
    expect(turn.get_by_test_id("origin")).to_contain_text("written by tiny · from 1 file indexed so far · 1.50 s")
    expect(turn.get_by_test_id("notice")).to_contain_text("A notice.")
    expect(turn.get_by_test_id("withheld")).to_have_count(0)
    turn.get_by_text("1 sentence withheld").click()
    expect(turn.get_by_test_id("withheld")).to_contain_text("bank does not stand")
    expect(turn.get_by_test_id("why")).to_have_count(0)


def test_what_was_struck_out_of_a_claim_is_said_in_words(visit):
    struck = [
        {"text": "and asks <i>the</i> `Bank`\u202e.", "reason": "`Bank` is not in what it cites"},
        {"text": "", "reason": "has an address"},
    ]
    claim = {"text": "It is `rate_for`.", "citations": [], "struck": struck}
    answer = {
        "question": "q", "trace_id": "", "mode": "llm", "model": "tiny", "abstained": False, "claims": [claim],
        "withheld": [], "citations": [], "missing": [], "near_misses": [], "notices": [],
        "index": {"files": 1, "chunks": 1, "indexing": False}, "stages": {},
    }  # fmt: skip
    events = [("claim", {"claim": claim, "citations": []}), ("answer", answer)]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    page = visit.open()
    page.route("**/api/ask", lambda route: route.fulfill(status=200, content_type="text/event-stream", body=body))
    visit.go(fragment("search", q="q", ask="1"))
    shown = finished(page).get_by_test_id("claim")
    expect(shown.locator("p").first).to_have_text("It is rate_for.")
    ends = shown.get_by_test_id("struck")
    expect(ends.nth(0)).to_have_text(
        "Left out: and asks <i>the</i> Bank\\u{202e}. (Bank is not in what it cites)", use_inner_text=True
    )
    expect(ends.nth(0).locator("del")).to_have_css("text-decoration-line", "line-through")
    expect(ends.nth(0).locator("del")).to_have_attribute("title", "Left out: `Bank` is not in what it cites")
    expect(ends.nth(1)).to_have_text("Left out: a part that has an address")
    expect(ends.nth(1).locator("del")).to_have_count(0)
    expect(shown.locator("i")).to_have_count(0)


def test_a_wrong_answer_becomes_a_case_with_the_place_that_was_picked(visit, project):
    page = visit.open(fragment("search", q="Who may log in?", ask="1"))
    finished(page).get_by_test_id("wrong").click()
    send = page.get_by_test_id("report-send")
    expect(send).to_be_disabled()
    page.get_by_test_id("report-text").fill("open_session")
    page.get_by_test_id("report").get_by_label("open_session shop/session.py").first.check()
    page.get_by_test_id("report-note").fill("It named the <cart>.")
    send.click()
    said = page.get_by_test_id("reported")
    expect(said).to_contain_text("of the golden set")
    file = Path(said.inner_text().rpartition(" in ")[2].strip())
    assert file.is_relative_to(project)
    [case] = [json.loads(line) for line in file.read_text().splitlines() if "log in" in line]
    assert case["question"] == "Who may log in?"
    assert "shop/session.py" in json.dumps(case)
    assert "It named the <cart>." in json.dumps(case)


def test_a_case_without_a_place_says_that_nothing_answers_it(visit):
    page = visit.open(fragment("search", q="Where are parcels insured?", ask="1"))
    finished(page).get_by_test_id("wrong").click()
    page.get_by_label("Nothing here answers it").check()
    with page.expect_request("**/api/report") as sent:
        page.get_by_test_id("report-send").click()
    assert sent.value.post_data_json["places"] == []
    expect(page.get_by_test_id("reported")).to_be_visible()


def test_a_report_that_is_given_up_while_one_types_leaves_nothing_behind(visit):
    page = visit.open(fragment("search", q="Who may log in?", ask="1"))
    finished(page).get_by_test_id("wrong").click()
    page.get_by_test_id("report-text").fill("open")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("report")).to_have_count(0)
    page.wait_for_timeout(300)  # longer than the page waits for another key
    page.get_by_test_id("wrong").click()
    expect(page.get_by_test_id("report-text")).to_have_value("")


def test_an_answer_is_copied_as_markdown_in_which_code_of_a_repository_is_no_markup(visit):
    visit.context.grant_permissions(CLIPBOARD)
    page = visit.open(fragment("search", q="What does *rate_for* do?", ask="1"))
    finished(page).get_by_test_id("copy-markdown").click()
    expect(page.get_by_test_id("copy-markdown")).to_contain_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("**What does \\*rate\\_for\\* do?**\n\n")
    assert re.search(r"^- \[\d+\] `shop/tax\.py:\d+(-\d+)?`", text, re.MULTILINE)
    assert "checked against the working tree" in text


def test_filters_hold_for_the_search_are_in_the_address_and_can_be_cleared(visit):
    page = visit.open(fragment("search", q="parcels cart tax"))
    hits(page).first.wait_for()
    page.get_by_test_id("filters").click()
    page.get_by_test_id("filter-source").select_option("docs")
    expect(hits(page)).to_have_count(1)
    expect(hits(page).first).to_contain_text("docs/shipping.md")
    assert "source=docs" in page.url
    page.reload()
    expect(page.get_by_test_id("filter-source")).to_have_value("docs")
    expect(hits(page)).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    page.get_by_test_id("question").fill("cart")
    expect(hits(page).first).to_contain_text("Cart")
    page.get_by_test_id("filters").click()
    page.get_by_test_id("filter-path").fill("tests/*")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("path=tests"))
    expect(hits(page)).to_have_count(1)
    expect(hits(page).first).to_contain_text("tests/test_cart.py")


def test_everything_of_a_search_is_reached_by_keyboard(visit):
    page = visit.open("#/traces")
    expect(page.get_by_role("heading", name="Traces")).to_be_focused()
    visit.go("#/quality")
    page.keyboard.press("/")
    box = page.get_by_test_id("question")
    expect(box).to_be_focused()
    page.keyboard.type("cart")
    hits(page).nth(1).wait_for()
    page.keyboard.press("ArrowDown")
    expect(hits(page).nth(0).locator(".hit-link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(hits(page).nth(1).locator(".hit-link")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("source")).to_be_visible()
    page.go_back()
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.get_by_role("heading", name="Ask about this codebase").click()
    page.keyboard.press("?")
    expect(page.get_by_test_id("settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("settings")).to_have_count(0)


def test_the_theme_is_the_systems_until_another_is_chosen(browser, server):
    visit = Visit(browser, server, color_scheme="dark")
    page = visit.open()
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_test_id("theme").click()
    light = page.evaluate(background)
    assert light != dark
    page.reload()
    page.get_by_test_id("question").wait_for()
    assert page.evaluate(background) == light
    visit.close()
    assert visit.faults == []


def test_data_on_one_line_does_not_fill_the_page_and_no_reason_is_cut(visit):
    page = visit.page
    place = {"root": str(visit), "path": "deep/" * 40 + "data.js", "start_line": 1, "end_line": 1, "symbol": "data"}
    reasons = ["named in the question", "most words match", "file name matches", "similar meaning"]
    hit = {**place, "why": reasons, "text": "data = [" + "1, 2, " * 20_000 + "]"}
    reply = {"hits": [hit], "no_match": False, "near_misses": [], "notices": []}
    page.route("**/api/search", lambda route: route.fulfill(json=reply))
    visit.open(fragment("search", q="data"))
    shown = hits(page).first
    expect(shown).to_contain_text("data = [1, 2, ")
    assert shown.bounding_box()["height"] < 500
    why = shown.locator(".why")
    expect(why).to_have_text(", ".join(reasons))
    assert why.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize(("line", "lit"), [("2", "· line 2 lit"), ("2-3", "· lines 2-3 lit"), ("2-99999", "lit")])
def test_the_lines_that_are_lit_are_told(visit, project, line, lit):
    page = visit.open(fragment("source", root=str(project), path="shop/tax.py", line=line))
    head = page.locator(".source-head")
    expect(head).to_contain_text(lit)
    expect(head).not_to_contain_text("99999")


def test_lines_that_are_not_there_are_not_called_lit(visit, project):
    page = visit.open(fragment("source", root=str(project), path="shop/tax.py", line="99998-99999"))
    expect(page.get_by_text("line 99,998 is not there any more")).to_be_visible()
    expect(page.locator(".source-head")).not_to_contain_text("lit")
