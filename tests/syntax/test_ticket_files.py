"""Tickets as Markdown: the ticket is a symbol over the whole file, its headings lie in it."""

import json

import pytest

from surefoot.domain import LinkKind, Source, SymbolKind
from surefoot.links import links_in
from surefoot.readings.trackers.ticket import Comment, Ticket
from surefoot.sync.markdown import markdown_of
from surefoot.sync.pages import Item
from surefoot.sync.targets import target_of
from surefoot.syntax.front_matter import FENCE, LONGEST, front_matter
from surefoot.syntax.languages import TICKET
from surefoot.syntax.parse import Parsed, parse


def parsed(text: str) -> Parsed:
    return parse("tickets/1.md", text, TICKET)


def named(text: str) -> str:
    """The ticket's signature; empty where the file is none."""
    events = [symbol for symbol in parsed(text).symbols if symbol.kind is SymbolKind.EVENT]
    assert len(events) <= 1
    return events[0].signature if events else ""


def test_what_a_sync_writes_is_read_back() -> None:
    """Whatever stands in the title, the ticket has its name, state and day, and comments are headings in it."""
    ticket = Ticket(
        "#123",
        'A "quoted": title, with #hash and \\ [brackets]',
        "closed",
        "bug",
        created="2024-01-02",
        updated="2024-03-01",
        closed="2024-02-29",
        labels=("a, b", "c"),
        body="---\nThe limit is too low.\n\n## Steps\n\nTry.",
        comments=(Comment("2024-02-01", "Seen."), Comment("2024-02-02", "Why 3?", "shop/retry.py:12")),
    )
    item = Item("123", "2024-03-01T10:00:00Z", {}, "2024-02-28T10:00:00Z")
    text = markdown_of(ticket, target_of("github:acme/shop"), item, "2024-03-02T10:00:00Z")
    found = parsed(text)
    assert named(text) == f"#123: {ticket.title} (closed, 2024-02-29)"
    assert [symbol.qualified_name for symbol in found.symbols] == [
        "#123",
        "#123.Steps",
        "#123.Comment, 2024-02-01",
        "#123.Comment on shop/retry.py:12, 2024-02-02",
    ]
    assert (found.symbols[0].span.start, found.symbols[0].span.end) == (1, text.count("\n") + 1)
    assert '"#123"' in text.split("\n")[found.symbols[0].name_line - 1]
    assert {chunk.source for chunk in found.chunks} == {Source.TICKETS}
    assert "\n".join(chunk.text for chunk in found.chunks).replace("\n", "") == text.replace("\n", "")
    assert (LinkKind.PATH, "shop/retry.py") in {
        (link.kind, link.target) for chunk in found.chunks for link in links_in(chunk)
    }


@pytest.mark.parametrize(
    ("front", "signature"),
    [
        ("id: 123\nstatus: open", "#123: Title (open)"),
        ("number: 7\nstate: closed\nclosed_at: 2024-03-01", "#7: Title (closed, 2024-03-01)"),
        ("ticket: proj-214\ntitle: 'It''s \"odd\"'", 'PROJ-214: It\'s "odd"'),
        ("key: '!45'\nstate: merged", "!45: Title (merged)"),
        ("key: #99", "#99: Title"),
        ("ID: GH-12\nState: Open  # for now", "#12: Title (Open)"),
        ("key: PROJ-1\nsummary: >\n  Over\n  two lines\nstatus: Done", "PROJ-1: Over two lines (Done)"),
        ("id: 123", ""),
        ("title: no key", ""),
        ("id: [1, 2]\nstatus: x", ""),
        ("id: 123 and more\nstatus: x", ""),
        ("key:\nstatus: open", ""),
    ],
)
def test_people_write_front_matter_in_many_ways(front: str, signature: str) -> None:
    """A key or a number with a state makes a ticket; without a title the first heading is one."""
    assert named(f"---\n{front}\n---\n\n# Title\n\nText.\n") == signature


@pytest.mark.parametrize(
    "text", ["", "---", "---\n---\n", "# Heading\n\ntext\n", "---\nkey: PROJ-1\n", "\ufeff---\nid: 1"]
)
def test_a_file_without_a_key_is_a_document_among_tickets(text: str) -> None:
    """No ticket is made up, and what it says is still indexed as belonging to the tickets."""
    assert named(text) == ""
    assert {chunk.source for chunk in parsed(text).chunks} <= {Source.TICKETS}


def test_front_matter_has_texts_and_lists() -> None:
    """In both forms, with quotes, comments and nothing."""
    found = front_matter(
        """---
labels: [bug, "a, b", 'c']
related:
  - "#1"
  - PROJ-2
empty: null
Due Date: x
labels: later
---
""".split("\n")
    )
    assert found.values["labels"].texts == ("bug", "a, b", "c")
    assert found.values["related"].texts == ("#1", "PROJ-2")
    assert (found.text("empty", "due_date"), found.line("due_date"), found.end) == ("x", 7, 9)


@pytest.mark.parametrize(
    "value", ['"unclosed', "'", '"\\ud800"', "[", "[,,]", "{a: b}", "&anchor x", "!!python/object:os.system []", "|"]
)
def test_odd_values_never_raise(value: str) -> None:
    """What YAML could make of them is nobody's business here."""
    assert front_matter(["---", f"a: {value}", "b: c", "---"]).text("b") == "c"


@pytest.mark.parametrize(
    "value",
    [
        f"[a{' ' * 100_000}[b]]",
        f"[{' ' * 100_000}[]]",
        f"[{'a ' * 100_000}[]]",
        f"[{chr(34)}{chr(92)}{chr(34)}{'a, ' * 50_000}]",
        f"[{chr(39) * 99_999}[]",
        f"a{' ' * 300_000}b",
    ],
)
def test_a_long_line_of_front_matter_is_read_in_time(value: str) -> None:
    """Time with the square of its length would be minutes."""
    assert front_matter([FENCE, f"labels: {value}", "b: c", FENCE]).text("b") == "c"


def test_a_list_has_what_stands_between_its_commas() -> None:
    written = "[bug, \"a, b\", 'it''s', two  words , \"x\" y, [z], [ nested, ], last]"
    found = front_matter([FENCE, f"labels: {written}", FENCE])
    assert found.values["labels"].texts == ("bug", "a, b", "it's", "two  words", "x", "last")


def test_front_matter_without_an_end_is_none() -> None:
    """A document may begin with a ruler, however long it is."""
    assert front_matter([FENCE, *("a: b" for _ in range(3 * LONGEST)), FENCE]).values == {}
    assert front_matter([FENCE, "a: b"]).end == 0


def test_a_long_ticket_is_cut_at_its_headings() -> None:
    """A comment of some length is found for itself, and named as what it is in which ticket."""
    text = "---\nkey: PROJ-1\nstatus: Done\n---\n\n" + "word " * 300 + "\n\n"
    text += "".join(f"## Comment, 2024-02-0{day}\n\n{'said ' * 300}\n\n" for day in range(1, 5))
    symbols = {chunk.symbol for chunk in parsed(text).chunks}
    assert symbols == {"PROJ-1", *(f"PROJ-1.Comment, 2024-02-0{day}" for day in range(1, 5))}
    assert json.dumps([chunk.text for chunk in parsed(text).chunks]).count("said") == 4 * 300
