"""Tickets that are written as a team's own patterns say, and what only looks like that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.domain import Chunk, Link, LinkKind, Source, Span, SymbolKind, TicketPattern
from surefoot.links import links_in
from surefoot.links.written import tickets_written

ADDRESS = "rt.example.com/Ticket/Display.html?id={number}"


def chunk(
    text: str, source: Source = Source.DOCS, path: str = "docs/notes.md", symbol: str = "", doc: str = ""
) -> Chunk:
    language = "python" if source is Source.CODE else "markdown"
    span = Span(path, 1, text.count("\n") + 1)
    return Chunk(span, source, language, text, symbol, SymbolKind.FILE, doc=doc)


def targets(found: tuple[Link, ...], kind: LinkKind = LinkKind.TICKET) -> list[str]:
    return sorted(link.target for link in found if link.kind is kind)


def keys(text: str, *templates: str, name: str = "#{number}") -> list[str]:
    return [each.key for each in tickets_written(text, [TicketPattern(each, name) for each in templates])]


@pytest.mark.parametrize(
    ("template", "text", "wanted"),
    [
        ("Bug {number}", "Bug 402, bug 403; BUG\t404 and bug\n405.", ["#402", "#403", "#404", "#405"]),
        ("Bug {number}", "Debug 402, Bug 402a, bug_402, Bug402, bug 1.5, bug 1,000, bug 0, bugs 402", []),
        ("Bug {number}", "bug 00402 (bug 402)", ["#402", "#402"]),
        ("Bug {number}", "Bug 12345678901", []),
        ("T{number}", "T402 and t403, but neither IT404 nor T405x", ["#402", "#403"]),
        ("rt#{number}", "See rt#402.", ["#402"]),
        ("[{number}]", "[402] Lower it; a[403]", ["#402", "#403"]),
        ("{number}番", "402番 と 1.403番", ["#402"]),
        ("задача {number}", "Задача 402", ["#402"]),
        ("{{bug|{number}}}", "as {{Bug|402}} has it", ["#402"]),
        ("a.b {number}", "axb 402 a.b 403", ["#403"]),
        (ADDRESS, "https://rt.example.com/Ticket/Display.html?id=402#txn-1", ["#402"]),
        (ADDRESS, "<RT.example.com/ticket/display.html?id=403&x=1>", ["#403"]),
        (ADDRESS, "https://other-rt.example.com/Ticket/Display.html?id=402", []),
        (ADDRESS, "dev.rt.example.com/Ticket/Display.html?id=402", []),
    ],
)  # fmt: skip
def test_a_pattern_is_found_as_whole_words_in_any_case(template: str, text: str, wanted: list[str]) -> None:
    assert keys(text, template) == wanted


def test_a_pattern_means_the_name_that_it_was_given() -> None:
    assert keys("proj_0214", "proj_{number}", name="PROJ-{number}") == ["PROJ-214"]
    assert keys("change 7", "change {number}", name="!{number}") == ["!7"]
    assert keys("gh 7", "gh {number}", name="GH-{number}") == ["#7"]


def test_the_place_and_the_words_are_told() -> None:
    (found,) = tickets_written("see\nBug  402", [TicketPattern("bug {number}")])
    assert (found.begin, found.text) == (4, "Bug  402")


@given(st.text(max_size=200), st.text(min_size=1, max_size=30))
def test_no_text_and_no_pattern_is_too_odd(text: str, beside: str) -> None:
    """What is found is a key, and stands where it is said to stand."""
    for template in (f"{beside}{{number}}", f"{{number}}{beside}", f"{beside} {{number}}{beside}"):
        if template.count("{number}") == 1 and template.replace("{number}", "").strip():
            shown = " ".join(template.split())
            for each in tickets_written(f"{text}{shown.replace('{number}', '402')}{text}", [TicketPattern(shown)]):
                assert re.fullmatch(r"#[1-9]\d{0,8}", each.key)


def test_the_time_is_bounded_whatever_the_text() -> None:
    """A thousand beginnings of a pattern of blanks, of which none ends: no step is tried again and again."""
    template = " ".join("a" * 90) + " {number}"
    text = ("a" + " " * 9) * 100_000
    assert keys(text, template) == []


# --- links ---


PATTERNS = (TicketPattern("Bug {number}"), TicketPattern("BUG-{number}"), TicketPattern("rt:{number}", "RT-{number}"))


@pytest.mark.parametrize("source", [Source.DOCS, Source.COMMITS, Source.TICKETS, Source.DESIGNS])
def test_texts_of_people_are_linked_by_patterns_too(source: Source) -> None:
    found = links_in(chunk("One line.\nFor bug 402, rt:7 and PROJ-1.", source), PATTERNS)
    assert targets(found) == ["#402", "PROJ-1", "RT-7"]
    assert {link.line for link in found if link.kind is LinkKind.TICKET} == {1}
    assert targets(links_in(chunk("For bug 402, rt:7.", source))) == []


def test_what_a_pattern_explains_is_not_read_otherwise() -> None:
    """`BUG-402` would be a ticket of a project BUG; UTF-8 and SHA-256 stay what they are."""
    assert targets(links_in(chunk("BUG-402, not UTF-8"))) == ["BUG-402"]
    assert targets(links_in(chunk("BUG-402, not UTF-8"), PATTERNS)) == ["#402"]


def test_a_ticket_is_not_linked_with_itself_by_a_pattern() -> None:
    own = chunk("#402: Bug 402 is like bug 403", Source.TICKETS, symbol="#402")
    assert targets(links_in(own, PATTERNS)) == ["#403"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x = 1  # for bug 402", ["#402"]),
        ('raise Error("see Bug 402")', ["#402"]),
        ("rt:402", []),
        ("limits[rt:7]", []),
    ],
)
def test_in_code_a_pattern_counts_in_comments_and_strings(line: str, wanted: list[str]) -> None:
    found = links_in(chunk(f"def f():\n    {line}", Source.CODE, "a.py"), PATTERNS)
    assert targets(found) == wanted


def test_documentation_of_code_counts() -> None:
    text = 'def f():\n    """Does it.\n\n    As bug 402 wants.\n    """'
    found = links_in(chunk(text, Source.CODE, "a.py", doc="Does it.\n\nAs bug 402 wants."), PATTERNS)
    assert targets(found) == ["#402"]
