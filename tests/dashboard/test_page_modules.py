"""Parts of the page that hold by themselves, run in the browser that the page runs in."""

from __future__ import annotations

import random

import pytest

from dashboard.browsing import Visit

CALL = "async ([module, name, values]) => (await import(`/static/${module}`))[name](...values)"
CLOSE = 0.01  # of a pixel


@pytest.fixture(scope="module")
def page(browser, server):
    visit = Visit(browser, server)
    yield visit.open()
    visit.close()
    assert visit.faults == []


@pytest.fixture
def run(page):
    """Call a function of a module with values."""

    def call(module, name, *values):
        return page.evaluate(CALL, [module, name, values])

    return call


def test_a_treemap_tiles_its_rectangle_with_areas_as_the_weights(run):
    chance = random.Random(7)
    for count in (1, 2, 3, 17, 200):
        weights = sorted((chance.choice([64, 900, 10 ** chance.uniform(1, 7)]) for _ in range(count)), reverse=True)
        frame = {"x": 5, "y": 7, "width": chance.uniform(10, 1200), "height": chance.uniform(10, 400)}
        placed = run("coverage/treemap.js", "squarified", weights, frame)
        whole = frame["width"] * frame["height"]
        for weight, box in zip(weights, placed, strict=True):
            assert box["width"] * box["height"] == pytest.approx(whole * weight / sum(weights), rel=1e-6)
            assert frame["x"] - CLOSE <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"] + CLOSE
            assert frame["y"] - CLOSE <= box["y"] <= box["y"] + box["height"] <= frame["y"] + frame["height"] + CLOSE
        for index, one in enumerate(placed):
            for other in placed[index + 1 : index + 40]:
                assert not overlapping(one, other)


def test_what_was_struck_out_of_a_claim_is_read_off_its_trace(run):
    struck = [{"text": "and sends it", "reason": "not there"}]
    details = {"claim": "It.", "verdict": "supported", "citations": []}
    stages = [
        {"name": "verify", "details": {**details, "struck": struck}},
        {"name": "verify", "details": {**details, "struck": "nonsense"}},
        {"name": "verify", "details": {**details, "struck": [7, {"text": 7}]}},
        {"name": "verify", "details": details},
    ]
    found = [claim["struck"] for claim in run("traces/claims.js", "claimsOf", {"stages": stages})]
    empty = {"text": "", "reason": ""}
    assert found == [struck, [], [empty, empty], []]


def overlapping(one, other):
    def apart(low, size):
        return one[low] + one[size] <= other[low] + CLOSE or other[low] + other[size] <= one[low] + CLOSE

    return not (apart("x", "width") or apart("y", "height"))


def test_equal_weights_become_near_squares(run):
    placed = run("coverage/treemap.js", "squarified", [1] * 12, {"x": 0, "y": 0, "width": 400, "height": 300})
    assert all(0.5 <= box["width"] / box["height"] <= 2 for box in placed)


def test_a_treemap_of_nothing_or_in_no_room_is_empty(run):
    frame = {"x": 0, "y": 0, "width": 10, "height": 10}
    assert run("coverage/treemap.js", "squarified", [], frame) == []
    [box] = run("coverage/treemap.js", "squarified", [0], frame)
    assert box["width"] == box["height"] == 0
    [box] = run("coverage/treemap.js", "squarified", [3], {**frame, "width": 0})
    assert box["width"] * box["height"] == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a\\u{202e}b"),
        ("a\x00\x1b[31m", "a\\u{0}\\u{1b}[31m"),
        ("zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("line\u2028separator", "line\\u{2028}separator"),
        ("🦶 ü ש", "🦶 ü ש"),
        ("tag\U000e0041", "tag\\u{e0041}"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(run, text, shown):
    assert run("base/visible.js", "visible", text) == shown


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("How are redirects followed?", ["redirect", "followed"]),
        ("Client.sendRequest _send_it", ["client", "send", "request"]),
        ("the of and to", []),
        ("HTTPServer a.b (x)", ["httpserver"]),
        ("naïve Größe", ["naïve", "größe"]),
    ],
)
def test_the_words_of_a_question_are_those_that_tell_something(run, query, words):
    assert run("search/marked.js", "wordsOf", query) == words


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("log_in(Log) catalog blogLog", ["log", "Log", "Log"]),
        ("LOGIN relogin", ["LOG"]),
        ("no word of it", []),
        ("*log+ $log", ["log", "log"]),
    ],
)
def test_words_are_marked_where_one_begins(run, text, marked):
    assert [text[start:end] for start, end in run("search/marked.js", "matchesOf", text, ["log", "a+b"])] == marked


def test_of_a_long_hit_the_lines_with_the_words_are_shown(run):
    lines = ["def f():", *["    pass"] * 20, "    redirect(limit)", "    return limit", *["    pass"] * 5]
    start = run("search/marked.js", "bestStart", lines, ["redirect", "limit"], 6)
    assert start <= 21 <= 22 < start + 6
    assert run("search/marked.js", "bestStart", lines, ["absent"], 6) == 0


@pytest.mark.parametrize(
    ("address", "view", "params"),
    [
        ("#/search?q=a%20b&root=x&root=y", "search", {"q": "a b"}),
        ("#/trace/a%2Fb", "trace", {}),
        ("#/", "search", {}),
        ("", "search", {}),
        ("#/%E0%A4%A", "%E0%A4%A", {}),
    ],
)
def test_an_address_is_read_whatever_it_is(page, address, view, params):
    found = page.evaluate(
        """async address => {
          const { routeOf } = await import('/static/base/route.js');
          const { view, params } = routeOf(address);
          return { view, params: Object.fromEntries(params) };
        }""",
        address,
    )
    assert found["view"] == view
    assert params.items() <= found["params"].items()


def test_an_address_that_was_written_is_read_as_the_same(page):
    odd = ["a b", "ü/ö", "#?&=", "%41", "a+b", "line\nbreak", "<b>"]
    back = page.evaluate(
        """async odd => {
          const { hashFor, routeOf } = await import('/static/base/route.js');
          const routes = odd.map(text => routeOf(hashFor('x', [text], { y: text })));
          return routes.map(({ parts, params }) => [parts[0], params.get('y')]);
        }""",
        odd,
    )
    assert back == [[text, text] for text in odd]


@pytest.mark.parametrize(
    ("part", "of", "shown"),
    [
        (1, 6, "16.7 %"),
        (9, 112, "8 %"),
        (1, 3515, "< 0.1 %"),
        (3514, 3515, "99.9 %"),
        (0, 5, "0 %"),
        (5, 5, "100 %"),
        (0, 0, "100 %"),
    ],
)
def test_a_share_is_all_or_nothing_only_where_it_is(run, part, of, shown):
    assert run("base/numbers.js", "share", part, of) == shown
