"""A repository that wants to run something, or to break the layout: it does neither, and what it hides is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dashboard.browsing import PHONE, WIDE, Visit, asked, fragment, serving, with_git
from surefoot.evals.result import write_result

LONG = "Verylongname" * 42  # 504 letters without a place to break
BIDI = "access\u202eresu\u202c level\u2066 \u200b\u2069"
ZALGO = "z" + "".join(chr(code) for code in range(0x300, 0x350)) * 3
CODE = f'''
def greet_visitor(name):
    """</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">"""
    return "<svg/onload=window.hacked=3>" + name  # {BIDI}


def {LONG}(visitor):
    """Visitor of a very long name. \\x1b[31m \x07 {ZALGO} {LONG}"""
    return `visitor` if "${{visitor}}" else "{{{{constructor.constructor('window.hacked=4')()}}}}"


class \u202eresreV:
    """Visitor who is written from right to left. שלום visitor مرحبا"""
'''.replace("`visitor`", "visitor")
NOTES = f"""
# Visitor <img src=x onerror=window.hacked=5> `<b>bold</b>`

Visitors [click](javascript:window.hacked=6) <iframe srcdoc="<script>parent.hacked=7</script>"></iframe> {BIDI}.
<a href="javascript:window.hacked=8">visitor</a> <style>* {{ display: none }}</style> {LONG}
"""
NAMES = [
    "<img src=x onerror=window.hacked=10>.py", '"onmouseover="window.hacked=11" x=".py', "'-alert(1)-'.py",
    "<script>window.hacked=12<", "rtl\u202eyp.exe.py", "zero\u200bwidth.py", "tab\tname.py",
    "line\nbreak.py", "bell\x07.py",
    f"{'a' * 240}.py", "${7*7}{{7*7}}.py", "%3Cscript%3E.py", "#hash?query&line=1.py", "a:12-30.py", "back\\slash.py",
    "<!--.py", " space .py", "שלום.py", f"{ZALGO[:60]}.py",
]  # fmt: skip
FOLDER = "<b>deep<"
OURS = re.compile(r'<script (type="module" )?src="/static/\w+\.js"></script>')
RAW = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\x07\x1b]")
ODD_PLACES = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const attributes = all("*").flatMap(one => [...one.attributes].map(each => each.name));
  const hrefs = all("[href]").map(one => one.getAttribute("href"));
  return {
    hacked: window.hacked ?? null,
    scripts: all("script, iframe, object, embed, base, style, img").map(one => one.outerHTML),
    handlers: attributes.filter(name => name.startsWith("on")),
    links: hrefs.filter(href => /^\\s*(javascript|data):/i.test(href)),
    text: document.body.innerText,
    titles: all("[title], [aria-label]").map(one => `${one.title} ${one.ariaLabel}`).join(" "),
  };
}"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile") / "<svg onload=window.hacked=9>\u202e"
    (root / FOLDER).mkdir(parents=True)
    for index, name in enumerate(NAMES):
        (root / name).write_text(CODE.replace("greet_visitor", f"greet_visitor_{index}"), encoding="utf-8")
    (root / FOLDER / "b>.md").write_text(NOTES, encoding="utf-8")
    hostile_result(root)
    return with_git(root)


def hostile_result(root: Path) -> None:
    """An evaluation whose every word is markup."""
    evil = "<img src=x onerror=window.hacked=20>"
    row = {
        "id": evil, "corpus": evil, "split": evil, "language": evil, "bucket": LONG, "answerable": True,
        "figures": {"file_hit5": 0.0, evil: 0.5}, "no_match": False, "ms": 3.0, "lost_in": evil, "trace_id": "../../x",
        "hits": [f"{BIDI}:1-2"],
    }  # fmt: skip
    write = {"commit": f"{evil}{BIDI}", "date": LONG, "rows": [row]}
    write_result(root / ".surefoot" / "results" / "evil.json", write)


@pytest.fixture(scope="module")
def server(project, browser):
    with serving(project.parent / "cache", project) as server:
        yield server


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def visit(request, browser, server):
    visit = Visit(browser, server, viewport=request.param)
    yield visit
    visit.close()
    assert visit.faults == []


@pytest.fixture(scope="module")
def window(browser, server):
    """One for many addresses."""
    visit = Visit(browser, server)
    visit.open()
    yield visit
    visit.close()


def check(visit: Visit, page: Page) -> None:
    """Nothing ran, nothing is hidden, nothing is wider than the window."""
    found = page.evaluate(ODD_PLACES)
    assert found["hacked"] is None
    assert [tag for tag in found["scripts"] if not OURS.fullmatch(tag)] == []
    assert found["handlers"] == []
    assert found["links"] == []
    assert RAW.findall(found["text"] + found["titles"]) == []
    assert visit.width() <= page.viewport_size["width"]


def test_hits_of_hostile_files_are_text(visit):
    page = visit.open()
    for query in [
        "greet_visitor",
        LONG[:200],
        "visitor name",
        "<img src=x onerror=window.hacked=30>",
        f"visitor {BIDI}",
    ]:
        with page.expect_response(lambda reply: reply.url.endswith("/api/search")):
            page.get_by_test_id("question").fill(query)
        page.get_by_test_id("hit").or_(page.get_by_test_id("no-match")).first.wait_for()
        check(visit, page)
    page.get_by_test_id("question").fill("greet_visitor")
    expect(page.get_by_label("Hits", exact=True)).to_contain_text("</script><script>window.hacked = 1</script>")
    for more in page.get_by_label("Hits", exact=True).locator(".more").all():
        more.click()
    expect(page.get_by_label("Hits", exact=True)).to_contain_text("access\\u{202e}resu\\u{202c}")
    check(visit, page)


def test_an_answer_about_them_is_text_and_so_is_its_trace(visit):
    question = f"What does greet_visitor do <script>window.hacked=31</script> with {LONG} and {BIDI}?"
    page = visit.open(fragment("search", q=question, ask="1"))
    turn = page.get_by_test_id("turn").first
    expect(turn).to_have_attribute("data-status", "done")
    expect(turn.get_by_role("heading", level=2)).to_contain_text("<script>window.hacked=31</script>")
    check(visit, page)
    turn.get_by_test_id("wrong").click()
    page.get_by_test_id("report-text").fill("visitor")
    page.get_by_test_id("report").get_by_role("radio").nth(2).wait_for()
    check(visit, page)
    page.keyboard.press("Escape")
    turn.get_by_test_id("why").click()
    page.get_by_test_id("trace-stage").first.wait_for()
    for summary in page.locator("[data-testid=trace-stage] > summary").all():
        summary.click()
    visit.settled()
    check(visit, page)


def test_every_file_opens_as_its_text_whatever_its_name(visit, project):
    page = visit.open()
    files = visit.api("/api/coverage")["roots"][0]["files"]
    indexed = [file["path"] for file in files if file["state"] == "indexed"]
    assert len(indexed) >= len(NAMES) - 2
    for path in indexed:
        visit.go(fragment("source", path=path, line="3-5"))
        expect(page.get_by_test_id("source")).to_be_visible()
        visit.settled()
        check(visit, page)
        if path.endswith(".py"):
            expect(page.get_by_test_id("lit")).to_contain_text("</script><script>window.hacked = 1</script>")


def test_links_to_hostile_places_lead_to_exactly_these(visit):
    page = visit.open(fragment("search", q="greet_visitor"))
    links = page.locator(".hit-link")
    links.first.wait_for()
    for index in range(links.count()):
        href = links.nth(index).get_attribute("href")
        links.nth(index).click()
        expect(page.get_by_test_id("source")).to_be_visible()
        assert page.evaluate("location.hash") == href
        page.go_back()
        links.first.wait_for()


def test_the_index_and_the_graph_of_them_are_text(visit):
    page = visit.open("#/index")
    page.get_by_test_id("treemap").wait_for()
    visit.settled()
    check(visit, page)
    page.get_by_test_id("map-table").click()
    check(visit, page)
    page.get_by_test_id("graph-text").fill("visitor")
    page.get_by_test_id("graph-symbol").first.wait_for()
    check(visit, page)
    page.get_by_test_id("graph-symbol").first.click()
    page.get_by_test_id("graph").or_(page.get_by_test_id("error")).first.wait_for()
    check(visit, page)


def test_traces_and_evaluations_of_hostile_words_are_text(visit):
    evil = f"<img src=x onerror=window.hacked=32> {LONG} {BIDI}"
    ids = [asked(visit, evil), asked(visit, f"{evil} visitor")]
    page = visit.open("#/traces")
    page.get_by_test_id("trace-row").nth(1).wait_for()
    check(visit, page)
    visit.go(f"#/compare/{ids[0]}/{ids[1]}")
    page.get_by_test_id("compared").nth(1).wait_for()
    check(visit, page)
    visit.go("#/quality")
    page.get_by_test_id("chart").first.wait_for()
    visit.settled()
    check(visit, page)
    assert page.get_by_role("link", name="Trace of").get_attribute("href") == "#/trace/..%2F..%2Fx"


@pytest.mark.parametrize(
    "address",
    [
        "#/trace/<img src=x onerror=window.hacked=40>", "#/__proto__", "#/constructor/x", "#", "#/", "#//",
        "#/%E0%A4%A",
        "#/search?q=%3Cscript%3E&ask=1&after=%00", "#/source?root=/etc&path=passwd", "#/compare/../..",
        "#/source?path=../../etc/passwd&line=99999999999-1", "#/index?folder=__proto__&symbol=<b>",
        "#javascript:window.hacked=41", "#/quality?days=__proto__", f"#/search?q={quote(LONG)}&path=**&lang=x",
        "#/search?q=x&source=<b>", "#/traces?before=nothing&kind=<b>&outcome=<i>",
    ],
)  # fmt: skip
def test_an_address_that_somebody_made_up_is_a_sentence_at_worst(window, address):
    page = window.page
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_timeout(50)
    window.settled()
    expect(page.locator("main")).to_be_visible()
    check(window, page)
    assert "root:" not in page.inner_text("body")
    assert window.faults == []


def test_a_server_that_lies_runs_nothing_either(browser, server):
    """Whatever a reply holds in place of what it should: text, and never a page that stays empty."""
    visit = Visit(browser, server)
    page = visit.open()
    evil = "<img src=x onerror=window.hacked=50>"
    place = {"path": evil, "start_line": evil, "end_line": 3, "symbol": evil, "root": "javascript:x"}
    hit = {**place, "why": [evil], "text": evil}
    reply = {"hits": [hit], "no_match": False, "near_misses": [], "notices": [evil]}
    page.route("**/api/search", lambda route: route.fulfill(json=reply))
    page.get_by_test_id("question").fill("anything")
    expect(page.get_by_test_id("hit")).to_contain_text(evil)
    check(visit, page)
    page.route("**/api/traces*", lambda route: route.fulfill(status=500, body=json.dumps({"error": evil})))
    visit.go("#/traces")
    expect(page.get_by_test_id("error")).to_contain_text(evil)
    check(visit, page)
    visit.close()
    assert visit.faults == []
