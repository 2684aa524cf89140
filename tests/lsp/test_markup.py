"""Text from repositories is shown as text, whatever it contains."""

from __future__ import annotations

import pytest

from surefoot.lsp import markup


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text.", "plain text."),
        ("a\tb\n c", "a b c"),
        ("e\u202etxt.exe", "e\\u202etxt.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("\x1b[31mred\x07", "\\u001b[31mred\\u0007"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("grüße 🦶 日本", "grüße 🦶 日本"),
    ],
)
def test_invisible_characters_are_shown_as_escapes(text, shown):
    assert markup.visible(text) == shown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("[x](command:run)", "\\[x\\](command:run)"),
        ("![x](http://e/i.png)", "\\!\\[x\\](http\\://e/i.png)"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("https://evil.example", "https\\://evil.example"),
        ("www.evil.example", "www\\.evil.example"),
        ("a@evil.example", "a\\@evil.example"),
        ("mailto:a", "mailto\\:a"),
        ("`code` *bold* __init__", "\\`code\\` \\*bold\\* \\_\\_init\\_\\_"),
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("--- rule", "\\--- rule"),
        ("&lt;b&gt;", "\\&lt;b\\&gt;"),
        ("$x$ | y ~~z~~", "\\$x\\$ \\| y \\~\\~z\\~\\~"),
    ],
)
def test_markdown_renders_as_the_text_itself(text, markdown):
    assert markup.markdown_text(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("`f` reads  `RATES` of\nit.", "`f` reads `RATES` of it."),
        ("It is *all*; `a_b` is not.", "It is \\*all\\*; `a_b` is not."),
        ("[x](y) `[x](y)` <b>", "\\[x\\](y) `[x](y)` \\<b\\>"),
        ("one ` is text", "one \\` is text"),
        ("\u202e`\u202e`", "\\\\u202e`\\u202e`"),
        ("", ""),
    ],
)
def test_names_in_a_sentence_are_code_and_the_rest_is_the_text_itself(text, markdown):
    assert markup.markdown_sentence(text) == markdown


@pytest.mark.parametrize(
    ("text", "span"), [("x", "`x`"), ("a`b", "``a`b``"), ("`x`", "`` `x` ``"), ("``", "``` `` ```"), ("", "`  `")]
)
def test_code_spans_cannot_be_closed_from_inside(text, span):
    assert markup.code_span(text) == span


def test_code_fences_cannot_be_closed_from_inside():
    assert markup.code_fence("def f():\n```\n[x](y)", "python") == "````python\ndef f(): ``` [x](y)\n````"


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ("Runs it. Then stops.", "Runs it."),
        ("Runs, e.g. twice, v1. 2 times. Done", "Runs, e.g. twice, v1. 2 times."),
        ("Title without a stop\n\nMore.", "Title without a stop"),
        ("Over two\nlines. More.", "Over two lines."),
        ("", ""),
        ("x" * 50, "x" * 19 + "…"),
    ],
)
def test_the_first_sentence(doc, sentence):
    assert markup.first_sentence(doc, 20 if doc.startswith("xx") else 300) == sentence
