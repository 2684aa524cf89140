"""What people call a place that is no lines of a text file, and what an export tells about a ticket."""

import pytest

from surefoot.domain import Chunk, Source, Span, SymbolKind
from surefoot.sources.labels import LONGEST, label_of, synced_on, url_of

DIGITS = "3f2a91c0de" + "0" * 30


def chunk(source: Source, symbol: str = "", signature: str = "", file_line: int = 0, path: str = "a") -> Chunk:
    return Chunk(
        Span(path, 1, 1), source, "", "text", symbol, SymbolKind.EVENT, signature=signature, file_line=file_line
    )


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (chunk(Source.CODE, "Cart.add", "def add(self)"), ""),
        (chunk(Source.DOCS, "Install.From source"), ""),
        (chunk(Source.DESIGNS, "orders", "CREATE TABLE orders"), ""),
        (chunk(Source.TICKETS, "#123", "#123: Too low (closed, 2024-03-01)", 4), "#123: Too low (closed, 2024-03-01)"),
        (chunk(Source.TICKETS, "#123", "#123: Too low (open)"), "#123: Too low (open)"),
        (chunk(Source.TICKETS, "#123"), "#123"),
        (chunk(Source.DESIGNS, "Checkout.Pay button", "Checkout > Pay button", 7), "Checkout > Pay button"),
        (chunk(Source.DESIGNS, "Checkout.Pay button", "", 7), "Checkout > Pay button"),
        (chunk(Source.DOCS, "page 3", "page 3", 1), "page 3"),
        (chunk(Source.DOCS, "", "", 1), ""),
    ],
)
def test_a_label_says_what_people_say(given: Chunk, label: str) -> None:
    assert label_of(given) == label


def test_a_commit_is_called_by_its_digits_its_day_and_its_subject() -> None:
    path = f"commit:{DIGITS}"
    whole = chunk(Source.COMMITS, "3f2a91c0de", "3f2a91c0de Lower the limit (again) (2024-03-01)", 1, path)
    assert label_of(whole) == "commit 3f2a91c0de, 2024-03-01: Lower the limit (again)"
    assert label_of(chunk(Source.COMMITS, "", "", 1, path)) == "commit 3f2a91c0de"


def test_a_label_is_one_short_line_whatever_somebody_wrote_as_a_title() -> None:
    hostile = chunk(Source.TICKETS, "#1", "#1: a\r\nb\x1b[31m\u2028c " + "x" * 5000, 1)
    label = label_of(hostile)
    assert label.isprintable()
    assert len(label) <= LONGEST + 2
    assert label.startswith("#1: a b [31m c ")


TICKET = "#123: Too low\nState: closed | Labels: bug | URL: {}\n\nURL: https://evil.example/\n"
FRONT = "---\nid: 123\nurl: {}\nsynced: 2024-03-02T10:00:00Z\n---\nurl: https://evil.example/\n"


@pytest.mark.parametrize("head", [TICKET, FRONT])
@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://github.com/acme/shop/issues/123", "https://github.com/acme/shop/issues/123"),
        ("http://localhost:8080/browse/PROJ-1", "http://localhost:8080/browse/PROJ-1"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("command:workbench.action.quit", ""),
        ("https://a.example/" + "x" * 5000, ""),
        ("", ""),
    ],
)
def test_only_the_address_of_the_ticket_itself_counts_and_only_one_of_the_web(
    head: str, written: str, url: str
) -> None:
    assert url_of(head.format(written)) == url


def test_no_address_is_taken_from_what_somebody_wrote_into_the_ticket() -> None:
    assert url_of("#1: Title\n\nURL: https://evil.example/") == ""
    assert url_of("Some text\nwith lines\nURL: https://evil.example/") == ""
    assert url_of("---\nno end\nurl: https://evil.example/") == ""
    assert url_of("") == ""


def test_the_day_of_fetching_is_that_of_the_front_matter() -> None:
    assert synced_on(FRONT.format("")) == "2024-03-02"
    assert synced_on("---\nid: 1\n---\nsynced: 2024-03-02\n") == ""
    assert synced_on("synced: 2024-03-02\n") == ""
