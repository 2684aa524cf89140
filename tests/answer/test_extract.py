"""What an answer without a model says of a place: something that its own lines say, and nothing twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.answer.extract import Known, describe, extract, place, sayings
from surefoot.answer.verify import problem
from surefoot.domain import Chunk, Context, ContextItem, Query, Resolved, Root, Source, Span, SymbolKind

ASKED = {"retry": 2.0, "limit": 2.0}
ROOT = Root(Path("/shop"), "shop")
FUNCTION = SymbolKind.FUNCTION


def code(symbol: str, text: str, *, number: int = 1, path: str = "shop/net.py", start: int = 1, **more: str):
    span = Span(path, start, start + text.count("\n"))
    kind = SymbolKind(more.pop("kind", "function" if symbol else "file"))
    chunk = Chunk(span, Source.CODE, "python", text, symbol, kind, **more)
    return ContextItem(number, ROOT, span, symbol, text, chunk)


def document(heading: str, text: str, *, language: str = "rst", number: int = 1) -> ContextItem:
    span = Span("docs/net.txt", 10, 10 + text.count("\n"))
    kind = SymbolKind.STRING if heading else SymbolKind.FILE
    chunk = Chunk(span, Source.DOCS, language, text, heading, kind, heading.rpartition(".")[2])
    return ContextItem(number, ROOT, span, heading, text, chunk)


def said(*items: ContextItem) -> list[str]:
    """The claims about items that hold all of the question."""
    return [claim.text for claim in extract(Context(items, (), 0), {})]


def best(item: ContextItem) -> str:
    return next(sayings(item, ASKED), "")


def test_code_is_told_by_its_documentation_else_its_signature_else_its_line() -> None:
    documented = code(
        "Net.send",
        'def send(self, url):\n    """Post a letter. Then wait."""',
        signature="def send(self, url)",
        doc="Post a letter.",
    )
    bare = code("Net.send", "def send(self, url): ...", signature="def send(self, url)")
    lone = code("Net.reset", "def reset(self):\n    a = 1\n    self.retry_limit = 3", signature="def reset(self)")
    assert [best(each) for each in (documented, bare, lone)] == [
        "Post a letter.",
        "def send(self, url)",
        "self.retry_limit = 3",
    ]


@pytest.mark.parametrize(
    ("symbol", "signature", "worth"),
    [
        ("test_redirect_loop", "def test_redirect_loop()", False),
        ("Net.scheme", "def scheme(self)", False),
        ("Net.close", "public static void close()", False),
        ("NetTest.sends", "@Test public void sends() throws Exception", False),
        ("Retry", "class Retry", False),
        ("Net.Reset", "func (n *Net) Reset()", False),
        ("Net.scheme", "def scheme(self) -> str", True),
        ("Retry", "class Retry(Policy)", True),
        ("LIMIT", "LIMIT = 508", True),
        ("Net._logger", "_logger: logging.Logger", True),
    ],
)
def test_a_signature_that_only_repeats_the_name_is_not_told(symbol: str, signature: str, *, worth: bool) -> None:
    assert (best(code(symbol, signature, signature=signature)) == signature) is worth


def test_of_a_test_its_most_telling_line_comes_before_what_it_is_given() -> None:
    text = "def test_loop(client):\n    setup()\n    client.get('/retry', limit=3)"
    assert best(code("test_loop", text, signature="def test_loop(client)")) == "client.get('/retry', limit=3)"


def test_a_documentation_that_repeats_the_name_is_not_told() -> None:
    item = code("Net.retries", 'def retries(self, limit):\n    """Retries."""', signature="def retries(self, limit)")
    assert best(replace(item, chunk=replace(item.chunk, doc="Retries."))) == "def retries(self, limit)"


def test_a_place_with_nothing_to_quote_is_told_by_its_kind_in_words_that_verification_lets_pass() -> None:
    nothing = code("test_redirect_loop", "def test_redirect_loop():\n    pass", signature="def test_redirect_loop()")
    assert said(nothing) == ["`test_redirect_loop`: a function of shop/net.py"]
    heading = document("Net.Retrying", "Retrying\n========\n")
    assert said(heading) == ["`Net.Retrying`: a section of docs/net.txt"]
    asked = Resolved(Query("where"), (), ())
    for kind in SymbolKind:
        item = replace(nothing, chunk=replace(nothing.chunk, kind=kind))
        assert problem(place(item), [item], asked) == ""
    loose = code("", ")\n")
    assert problem(place(loose), [loose], asked) == ""


@pytest.mark.parametrize(
    ("heading", "text", "language", "sentence"),
    [
        ("concurrency", "concurrency\n-----------\n\nConcurrency limit. More.", "rst", "Concurrency limit."),
        ("Cookies", "# Cookies\n\n```py\nx = 1\n```\n\nThey are\nkept. Then.", "markdown", "They are kept."),
        ("Use", "Use\n===\n\n.. code-block:: python\n\n   run the thing\n\nIt runs. Yes.", "rst", "It runs."),
        ("Use", "Use\n~~~\n\n.. class:: Net(x)\n\n   One network. Or two.", "rst", "One network."),
        ("Use", "Use\n---\n\nSay this::\n\n   run the thing now\n\nDone so.", "rst", "Say this::"),
        ("Added", "## Added\n\n* New option `x`. (#12)\n* Other.", "markdown", "New option `x`."),
        ("Note", "## Note\n\n> **Note**\n> The rest, e.g. `this`,\n> is quoted.", "markdown",
         "**Note** The rest, e.g. `this`, is quoted."),
        ("", "==========\nRaw queries\n==========\n\nTwo ways of a retry. More.", "text", "Two ways of a retry."),
    ],
)  # fmt: skip
def test_a_document_is_told_by_a_sentence_of_its_text(heading: str, text: str, language: str, sentence: str) -> None:
    assert best(document(heading, text, language=language)) == sentence


def test_of_lines_in_the_middle_of_a_document_the_sentence_about_the_question_is_told() -> None:
    text = "and so on. The jar is large.\n\nA retry has a limit. It is 3."
    assert best(document("", text)) == "A retry has a limit."


def test_a_line_that_says_no_more_than_the_name_of_its_file_is_not_told() -> None:
    item = document("", ".. code-block::\n\n    NET = {\n")
    assert said(item) == ["docs/net.txt: a part of this file"]


def test_imports_below_each_other_are_no_sentence() -> None:
    lines = ["from .signals import Retry as Retry", "from .signals import Give as Give", "import retry as again"]
    item = code("", "\n".join(lines))
    assert best(item) in lines


BODY = "    for one in many:\n        self.retry(limit=one)\n        wait()"


def test_a_later_part_of_a_long_body_is_told_by_its_own_lines() -> None:
    """Such a part carries its definition's signature, and may carry the documentation."""
    part = code("Net.serve", BODY, start=60, signature="def serve(self, many)", doc="Serve static content.")
    assert said(part) != []
    assert best(part) == "self.retry(limit=one)"
    assert problem("`Net.serve`: Serve static content.", [part], Resolved(Query("serve"), (), ())) != ""


def test_of_a_signature_that_the_lines_break_off_only_what_stands_there_is_told() -> None:
    item = code("send", "def send(\n    url: str,\n    retry,", signature="def send(url: str, retry, limit=3) -> None")
    assert best(item) == "def send(url: str, retry, …"


def test_a_comment_above_and_a_paragraph_inside_are_told_in_whole_sentences() -> None:
    above = code(
        "LIMIT", "# How often a thing\n# is tried. Or more.\nLIMIT = 3", doc="How often a thing\nis tried. Or more."
    )
    assert best(above) == "How often a thing is tried."
    inside = code(
        "add", "    - the sink, which has the retry and the limit\n      of all that was written. Others follow."
    )
    assert best(inside).endswith("of all that was written.")


def test_lines_that_a_question_points_at_are_described_whatever_its_words_are() -> None:
    documented = code("Net.serve", 'def serve(self):\n    """Send every file."""', doc="Send every file.")
    assert describe(documented) == "`Net.serve`: Send every file."
    part = code("Net.serve", BODY, start=60, signature="def serve(self, many)", kind="method")
    assert describe(part) == "`Net.serve`: a method of shop/net.py"
    assert describe(part, ASKED) == "`Net.serve`: self.retry(limit=one)"


def test_no_two_claims_have_the_same_text() -> None:
    first = code(
        "Net.serve", 'def serve(self):\n    """Send every file."""', doc="Send every file.", signature="def serve(self)"
    )
    again = code(
        "Net.serve", 'def serve(self):\n    """Send every file."""', doc="Send every file.", number=2, start=90
    )
    other = code(
        "Net.serve", 'def serve(self):\n    """Send every file."""', doc="Send every file.", number=3, path="shop/x.py"
    )
    assert said(first, again, other) == ["`Net.serve`: Send every file.", "`Net.serve` of shop/x.py: Send every file."]


def test_what_could_not_be_verified_is_not_claimed() -> None:
    """A quotation mark inside a line of code opens a quotation that the lines need not have."""
    item = code("net", "x = parse('2010-10-10T10:10:10') # retry\ny = 1 # limit of x", kind="module")
    asked = Resolved(Query("q"), (), ())
    assert all(problem(text, [item], asked) == "" for text in said(item))


def test_only_places_that_hold_about_as_much_as_the_best_are_claimed() -> None:
    items = (code("retry_limit", "def retry_limit(): return 3"), code("other", "def other(): ...", number=2))
    assert [claim.sources for claim in extract(Context(items, (), 0), ASKED)] == [(1,)]


def test_what_ranks_about_as_high_as_the_best_is_claimed_whatever_words_it_has() -> None:
    items = (
        code("answers", "def answers(): return 3"),
        code("retry_limit", "def retry_limit(): return 3", number=2),
        code("limit_of_retry", "def limit_of_retry(): return 4", number=3),
        code("other", "def other(): ...", number=4),
    )
    scores = {1: 10.0, 2: 5.0, 3: 1.4, 4: 4.9}
    context = Context(items, (), 0)
    assert [claim.sources for claim in extract(context, ASKED)] == [(2,), (3,)]
    assert [claim.sources for claim in extract(context, ASKED, Known(scores=scores))] == [(1,), (2,)]
    near = Known(scores=scores | {3: 1.6})
    assert [claim.sources for claim in extract(context, ASKED, near)] == [(1,), (2,), (3,)]
    in_turn = Known(scores=scores, in_turn=[ASKED, {"answers": 1.0}])
    assert [claim.sources for claim in extract(context, ASKED, in_turn)] == [(1,), (2,), (3,)]


def test_a_line_that_defines_does_not_break_off_at_its_colon() -> None:
    text = "def skipped: retry(3; now);\ndef retry($limit; exp):\n  label $out;"
    assert best(code("", text)) == "def retry($limit; exp):"


def test_of_questions_that_were_asked_in_turn_each_has_its_own_best_place() -> None:
    items = (
        code("retry_limit", "def retry_limit(): return 3"),
        code("mail", "def send(): mail = 1", number=2),
        code("other", "def other(): ...", number=3),
    )
    heavy, light = {"retry": 9.0, "limit": 9.0}, {"mail": 1.0}
    context = Context(items, (), 0)
    assert [claim.sources for claim in extract(context, heavy | light)] == [(1,)]
    assert [claim.sources for claim in extract(context, heavy | light, Known(in_turn=[heavy, light]))] == [(1,), (2,)]


def test_a_long_description_is_not_cut_inside_a_name() -> None:
    signature = "def f(" + ", ".join(f"parameter_number_{number}" for number in range(40)) + ")"
    text = best(code("f", signature, signature=signature))
    words = set(text.removesuffix(" …").rstrip(",").split(", "))
    assert len(text) <= 242
    assert words - {"def f(parameter_number_0"} <= set(signature.removeprefix("def f(").split(", "))


def test_a_function_of_one_line_is_told_by_what_it_does() -> None:
    item = code("Net.call", "def call(self, x):\n    return self.func(x)", signature="def call(self, x)", kind="method")
    assert best(item) == "return self.func(x)"


def test_an_undocumented_function_is_told_by_its_line_about_the_question_before_its_signature() -> None:
    text = "def push(self, job):\n    self.log(job)\n    self.retry(job)\n    return job"
    item = code("Net.push", text, signature="def push(self, job)", kind="method")
    assert best(item) == "self.retry(job)"
    assert next(sayings(item, {"colour": 1.0})) == "def push(self, job)"


def test_what_only_begins_a_block_tells_less_than_what_is_done() -> None:
    text = "def push(self, job):\n    if retry:\n        x = retry\n    return job"
    assert best(code("Net.push", text, signature="def push(self, job)")) == "x = retry"


def test_a_statement_over_several_lines_is_told_whole() -> None:
    text = "def push(self, job):\n    raise TypeError('no retry of '\n        'this job')\n    return 1"
    assert best(code("Net.push", text, signature="def push(self, job)")) == "raise TypeError('no retry of ' 'this job')"


def test_a_comment_behind_the_head_is_no_part_of_the_signature() -> None:
    text = "def push(self, job):\n    # Wait first.\n    a = 1\n    return job"
    item = code("Net.push", text, signature="def push(self, job): # Wait first.")
    assert next(sayings(item, {"colour": 1.0})) == "def push(self, job)"


def test_a_sentence_with_far_more_of_the_question_comes_before_the_first_one() -> None:
    section = document("Use", "Use\n===\n\nThis is a net. It has a retry with a limit.")
    assert best(section) == "It has a retry with a limit."
    about_both = document("Use", "Use\n===\n\nA net with a retry. It has a limit for each retry.")
    assert best(about_both) == "It has a limit for each retry."
    named_so = code("Net.retry_limit", 'x = """A letter box.\n\nThe retry limit of it."""', doc="A letter box.")
    assert best(named_so) == "A letter box."


def test_a_sentence_that_leads_up_to_a_list_goes_on_with_it() -> None:
    text = "# Use\n\nThe order is:\n\n1. the flag;\n2. the\n   variable.\n\nMore."
    told = best(document("Use", text, language="markdown"))
    assert told == "The order is: the flag; the variable"


def test_a_sentence_that_leads_up_to_code_is_told_only_where_there_is_no_other() -> None:
    code_below = "\n\n```\nretry(1)\n```\n\n"
    alone = document("Use", f"# Use\n\nA retry looks like this:{code_below}", language="markdown")
    beside = document("Use", f"# Use\n\nA retry looks like this:{code_below}It waits.", language="markdown")
    assert [best(alone), best(beside)] == ["A retry looks like this:", "It waits."]


def test_what_many_like_classes_say_is_told_of_one() -> None:
    def method(name: str, number: int) -> ContextItem:
        doc = "Whether the retry was set by hand."
        return code(f"{name}.is_set", f'def is_set(self):\n    """{doc}"""', doc=doc, number=number, path=f"{name}.py")

    assert said(method("Int", 1), method("Text", 2)) == ["`Int.is_set`: Whether the retry was set by hand."]


def test_what_was_ranked_first_is_told_with_fewer_words_of_the_question() -> None:
    few, many = code("first", "retry = 1"), code("last", "retry = limit = mail = 1", number=4)
    others = [code(f"other_{number}", "retry = 1", number=number) for number in (2, 3)]
    asked = {"retry": 2.0, "limit": 2.0, "mail": 1.0}
    found = extract(Context((few, *others, many), (), 0), asked)
    assert [claim.sources for claim in found] == [(1,), (2,), (4,)]


def test_a_value_that_only_shares_words_is_told_after_what_does_the_thing() -> None:
    shared = code("RetryLimit.number", "    number: int", kind="property")
    asked_for = code("Counts.limit", "    limit = 3  # to retry", kind="property", number=2, start=5)
    function = code("retry", "def retry(limit):\n    return limit", number=3, start=9, signature="def retry(limit)")
    claims = extract(Context((shared, asked_for, function), (), 0), ASKED)
    assert [claim.sources for claim in claims] == [(2,), (3,), (1,)]


def test_so_is_one_of_json_on_several_lines_and_it_takes_nobodys_place() -> None:
    words = code("keywords", '"keywords": [\n    "retry",\n    "limit"\n]', kind="key")
    listed = replace(words, chunk=replace(words.chunk, language="json"))
    functions = [
        code(f"retry_{n}", f"def retry_{n}(limit):\n    return limit + {n}", number=n, start=9 * n) for n in range(2, 6)
    ]
    claims = extract(Context((listed, *functions), (), 0), ASKED)
    assert [claim.sources for claim in claims] == [(2,), (3,), (4,), (5,)]
    assert [claim.sources for claim in extract(Context((listed, functions[0]), (), 0), ASKED)] == [(2,), (1,)]
