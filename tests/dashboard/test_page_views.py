"""Traces, the index and the figures in a browser: what they show is what the server says, and they stay up to date."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import expect

from conftest import SHOP, write_tree
from dashboard.browsing import Visit, asked, fragment, serving, with_git
from dashboard.test_quality import LOST, keep, row

TIMES = "\N{MULTIPLICATION SIGN}"
QUESTION = "How does a cart compute its total price?"


@pytest.fixture
def own(browser, tmp_path):
    """A window on a server of this test's own, whose files it may change."""
    root = tmp_path / "own"
    write_tree(root, SHOP)
    with serving(tmp_path / "cache", with_git(root)) as server:
        visit = Visit(browser, server)
        yield visit, root
        visit.close()
        assert visit.faults == []


def stage_of(trace, name):
    return next(stage for stage in trace["stages"] if stage["name"] == name)


def rows(page):
    return page.get_by_test_id("trace-row")


# --- traces ----------------------------------------------------------------------------------------------------


def test_traces_are_filtered_by_words_kind_client_and_outcome(visit):
    asked(visit, QUESTION)
    asked(visit, "qqzzyx wwvvkk")
    visit.api("/api/search", query="tax rate")
    page = visit.open("#/traces")
    rows(page).nth(2).wait_for()
    page.get_by_test_id("trace-text").fill("TOTAL PRICE")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text(QUESTION)
    assert "text=TOTAL" in page.url
    page.reload()
    expect(page.get_by_test_id("trace-text")).to_have_value("TOTAL PRICE")
    expect(rows(page)).to_have_count(1)
    visit.go("#/traces")
    page.get_by_test_id("trace-kind").select_option("search")
    expect(page.locator("[data-testid=trace-row]:not([data-kind=search])")).to_have_count(0)
    visit.go("#/traces")
    page.get_by_test_id("trace-outcome").select_option("abstained")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("qqzzyx")
    visit.go(fragment("traces", client="mcp"))
    expect(page.get_by_test_id("empty")).to_contain_text("No trace is like that.")
    page.get_by_role("button", name="Clear filters").click()
    rows(page).first.wait_for()


def test_older_traces_are_on_the_next_page(own):
    visit, _ = own
    with visit.server.client() as client:
        for index in range(53):
            client.post("/api/search", json={"query": f"cart {index}"})
    page = visit.open("#/traces")
    expect(rows(page)).to_have_count(50)
    page.get_by_test_id("older").click()
    expect(rows(page)).to_have_count(3)
    expect(rows(page).last).to_contain_text("cart 0")
    page.get_by_role("link", name="Newest").click()
    expect(rows(page)).to_have_count(50)


def test_a_trace_shows_each_stage_as_the_server_has_it(visit):
    trace = visit.api(f"/api/traces/{asked(visit, QUESTION)}")
    page = visit.open(f"#/trace/{trace['trace_id']}")
    stages = page.get_by_test_id("trace-stage")
    names = list(dict.fromkeys(stage["name"] for stage in trace["stages"]))
    expect(stages).to_have_count(len(names))
    for index, name in enumerate(names):
        expect(stages.nth(index).locator(".name")).to_have_text(re.compile(rf"^{name}( \S \d+)?$"))
    page.locator("[data-testid=trace-stage] > summary", has_text="lexical").click()
    lexical = stage_of(trace, "lexical")
    table = page.get_by_role("table", name="Ranking of lexical")
    expect(table.locator("tbody tr")).to_have_count(len(lexical["details"]["ranking"]))
    expect(table.locator("tbody tr").first).to_contain_text(lexical["details"]["ranking"][0]["place"])
    page.locator("[data-testid=trace-stage] > summary", has_text="rerank").click()
    rerank = stage_of(trace, "rerank")
    candidates = page.get_by_test_id("trace-candidate")
    expect(candidates).to_have_count(len(rerank["details"]["ranking"]))
    for rule, factor in rerank["details"]["ranking"][0]["rules"].items():
        expect(page.get_by_role("table", name="Candidates")).to_contain_text(rule.replace("_", " "))
        expect(candidates.first).to_contain_text(f"{TIMES} {float(f'{factor:.4g}'):g}")
    expect(page.locator("[data-testid=trace-candidate][data-fate=cited]").first).to_be_visible()
    page.locator("[data-testid=trace-stage] > summary", has_text="budget").click()
    budget = stage_of(trace, "budget")
    expect(page.get_by_test_id("trace-dropped")).to_have_count(len(budget["details"]["dropped"]))
    verified = [stage for stage in trace["stages"] if stage["name"] == "verify"]
    expect(page.locator("#claims ~ * [data-testid=trace-claim]")).to_have_count(len(verified))


def test_a_trace_that_is_not_there_is_a_sentence(visit):
    page = visit.open("#/trace/no-such-trace")
    expect(page.get_by_test_id("error")).to_contain_text("no-such-trace")


def test_a_replay_with_a_stage_left_out_names_that_stage(visit):
    trace_id = asked(visit, "where is a session stored?")  # without the rules the prose is among the first
    page = visit.open(f"#/trace/{trace_id}")
    page.get_by_test_id("replay").click()
    expect(page.get_by_test_id("differences")).to_contain_text("Nothing differs.")
    page.get_by_test_id("replay-options").fill("rerank.off=true")
    page.get_by_test_id("replay").click()
    expect(page.get_by_test_id("first-difference")).to_have_text("rerank")
    expect(page.get_by_test_id("stage-difference").first).to_contain_text("cause")
    page.get_by_test_id("compare-replay").click()
    expect(page.get_by_test_id("compared")).to_have_count(2)
    expect(page.get_by_test_id("compared").first).to_contain_text("ask")
    expect(page.get_by_test_id("compared").last).to_contain_text("replay")
    expect(page.get_by_test_id("moves").filter(has_text="lexical")).to_contain_text("the same")
    expect(page.get_by_test_id("moves").filter(has_text="rerank")).to_contain_text("moved")


def test_a_replay_option_that_there_is_none_of_is_a_sentence(visit):
    page = visit.open(f"#/trace/{asked(visit, QUESTION)}")
    page.get_by_test_id("replay-options").fill("rerunk.off=true")
    page.get_by_test_id("replay").click()
    expect(page.get_by_test_id("error")).to_contain_text("did you mean rerank.off?")


def test_two_traces_are_compared_by_place_and_rank(visit):
    ids = [asked(visit, "tax rate of a country"), asked(visit, "country of a cart")]
    traces = [visit.api(f"/api/traces/{each}") for each in ids]
    page = visit.open("#/traces")
    rows(page).first.wait_for()
    for question in ("tax rate of a country", "country of a cart"):
        rows(page).filter(has_text=question).first.get_by_role("checkbox").check()
    page.get_by_test_id("compare").click()
    expect(page.get_by_test_id("compared").first).to_contain_text("tax rate of a country")
    rankings = [stage_of(trace, "lexical")["details"]["ranking"] for trace in traces]
    ranked = [{entry["place"]: rank for rank, entry in enumerate(ranking, 1)} for ranking in rankings]
    moved = {place for place in ranked[0] | ranked[1] if ranked[0].get(place) != ranked[1].get(place)}
    if page.get_by_role("table", name="Places that moved in lexical").count() == 0:
        page.get_by_test_id("moves").filter(has_text="lexical").locator("summary").click()
    shown = page.get_by_role("table", name="Places that moved in lexical").locator("tbody tr")
    expect(shown).to_have_count(len(moved))
    for line in shown.all():
        place, before, after = line.locator("a").inner_text(), *line.locator("td.number").all_inner_texts()[:2]
        assert before == str(ranked[0].get(place, "none"))
        assert after == str(ranked[1].get(place, "none"))
    page.get_by_test_id("swap").click()
    expect(page.get_by_test_id("compared").first).to_contain_text("country of a cart")


# --- index -----------------------------------------------------------------------------------------------------


def test_the_index_view_counts_what_the_server_counts_and_follows_the_disk(own):
    visit, root = own
    status = visit.api("/api/status")
    page = visit.open("#/index")
    figures = page.get_by_test_id("root").locator(".tiles")
    expect(figures).to_contain_text(re.compile(rf"Files\s*{status['files']}\s*Symbols\s*{status['symbols']}"))
    expect(page.get_by_test_id("coverage")).to_contain_text("100 % covered")
    (root / "shop" / "voucher.py").write_text("def redeem_voucher(code):\n    return code\n")
    expect(figures).to_contain_text(re.compile(rf"Files\s*{status['files'] + 1}"), timeout=30_000)
    visit.go("#/search?q=redeem_voucher")
    expect(page.get_by_label("Hits", exact=True).get_by_test_id("hit").first).to_contain_text("shop/voucher.py")
    page.get_by_test_id("hit").first.locator(".hit-link").click()
    expect(page.get_by_test_id("lit")).to_contain_text("return code")
    (root / "shop" / "voucher.py").write_text("def redeem_voucher(code):\n    return code.upper()\n")
    expect(page.get_by_test_id("lit")).to_contain_text("code.upper()", timeout=30_000)


def test_what_is_skipped_or_failed_is_listed_with_its_reason(own):
    visit, root = own
    (root / "empty.py").write_text("")
    (root / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    page = visit.open("#/index")
    page.get_by_test_id("reindex").click()
    expect(page.get_by_test_id("reindexed")).to_contain_text(re.compile(r"\d+ read anew, \d+ unchanged, 0 removed"))
    skipped = page.get_by_test_id("skipped")
    expect(skipped.locator("summary")).to_have_count(2)  # both are counted; what is drawn stays as it is now
    skipped.locator("summary", has_text="empty").click()
    expect(skipped).to_contain_text("empty.py")
    assert is_root or page.get_by_test_id("failed").is_visible()


def test_the_map_is_walked_by_keyboard_and_a_table_says_the_same(visit):
    page = visit.open("#/index")
    tiles = page.get_by_test_id("treemap").get_by_role("button")
    tiles.first.wait_for()
    names = [tile.get_attribute("aria-label").split(",")[0] for tile in tiles.all()]
    assert {"Folder shop", "Folder tests", "Folder docs"} <= set(names)
    tiles.first.focus()
    for _ in range(names.index("Folder shop")):
        page.keyboard.press("ArrowRight")
    expect(tiles.nth(names.index("Folder shop"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Folder", exact=True)).to_contain_text("all/shop")
    assert "folder=shop" in page.url
    page.get_by_test_id("map-table").click()
    table = page.get_by_role("table", name="Files of shop")
    files = [file["path"] for file in visit.api("/api/coverage")["roots"][0]["files"]]
    expect(table.locator("tbody tr")).to_have_count(sum(path.startswith("shop/") for path in files))
    table.get_by_role("link", name="cart.py").click()
    expect(page.get_by_test_id("source")).to_contain_text("class CartFullError")


def test_the_graph_around_a_symbol_shows_who_names_it_and_leads_on(visit):
    page = visit.open("#/index")
    page.get_by_test_id("graph-text").fill("rate_for")
    page.get_by_test_id("graph-symbol").first.click()
    graph = page.get_by_test_id("graph")
    reply = visit.api("/api/neighbours?name=rate_for")
    for node in reply["nodes"]:
        expect(graph).to_contain_text(node["name"])
    graph.get_by_role("button", name=re.compile(r"^\w+ Cart\.total_price$")).press("Enter")
    expect(page.get_by_test_id("graph-text")).to_have_value("Cart.total_price")
    assert "symbol=Cart.total_price" in page.url
    page.go_back()
    expect(page.get_by_test_id("graph-text")).to_have_value("rate_for")


def test_progress_is_live(own):
    visit, root = own
    page = visit.open("#/index")
    page.get_by_test_id("treemap").wait_for()
    for index in range(400):
        (root / f"module_{index}.py").write_text(f"def function_{index}():\n    return {index}\n" * 20)
    expect(page.locator("[data-testid=index-state][data-indexing=true]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-testid=index-state][data-indexing=false]")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("root").locator(".tiles")).to_contain_text(re.compile(r"Files\s*4\d\d"), timeout=30_000)


def test_a_model_that_cannot_be_used_is_a_sentence_and_none_can_be_chosen(visit):
    page = visit.open("#/index")
    page.get_by_label(re.compile("No model")).check()
    page.get_by_test_id("choose-model").click()
    expect(page.get_by_text("Answers are drawn from the code.")).to_be_visible()
    page.route("**/api/model", lambda route: route.fulfill(status=400, body=json.dumps({"error": "It is damaged."})))
    page.get_by_test_id("choose-model").click()
    expect(page.get_by_test_id("error")).to_contain_text("It is damaged.")


# --- quality ---------------------------------------------------------------------------------------------------


def test_figures_over_runs_the_gate_and_the_misses_are_shown(own):
    visit, root = own
    trace = asked(visit, QUESTION)
    keep(root, "aaaa111", [row(1), row(2)])
    keep(root, "bbbb222", [row(1), {**LOST, "trace_id": trace}], date="2026-02-01")
    (root / ".surefoot" / "thresholds.toml").write_text("[dev]\nfile_hit5 = 0.9\n")
    page = visit.open("#/quality")
    chart = page.get_by_test_id("chart").filter(has_text="right file among the first 5")
    expect(chart.locator(".figure")).to_have_text("0.500")
    expect(chart).to_contain_text("0.500")
    words = chart.get_by_role("img").get_attribute("aria-label")
    assert "aaaa111 1.000, bbbb222 0.500" in words
    expect(chart).to_contain_text("floor 0.900")
    expect(page.get_by_test_id("gate")).to_contain_text("1 floor of 1 not reached.")
    expect(page.get_by_role("table", name="Where right places are lost")).to_contain_text("rerank")
    page.get_by_test_id("miss").get_by_role("link").click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()


def test_without_evaluations_the_view_says_how_to_get_one_and_counts_the_questions(own):
    visit, _ = own
    page = visit.open("#/quality")
    expect(page.get_by_test_id("empty").first).to_contain_text("No question was asked in this time.")
    expect(page.get_by_test_id("empty").last).to_contain_text("surefoot eval run")
    asked(visit, QUESTION)
    asked(visit, "qqzzyx wwvvkk")
    page.get_by_test_id("quality-days").select_option("7")
    metrics = visit.api("/api/metrics?days=7")
    tiles = page.locator("#live ~ .tiles")
    expect(tiles).to_contain_text(re.compile(rf"Questions\s*{metrics['all']['questions']}"))
    expect(tiles).to_contain_text(f"{metrics['abstention_rate'] * 100:g} %")
    stages = page.get_by_role("table", name="Time per stage")
    expect(stages.locator("tbody tr")).to_have_count(len(metrics["stages"]))
    expect(page.get_by_role("table", name="By client")).to_contain_text("dashboard")
