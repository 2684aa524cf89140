"""What is told of tickets, commits and drawings without a model, and that each of it passes the check of claims."""

from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.answer.extract import Known, extract
from surefoot.answer.records import told_of
from surefoot.answer.verify import problem
from surefoot.domain import Chunk, Context, ContextItem, Query, Resolved, Root, Source, Span, SymbolKind
from surefoot.readings.commits import Commit, TouchedFile, read_commit

ROOT = Root(Path("/work"), "work")
NOTHING_ASKED = Resolved(Query(""), (), ())
DIGITS = "3f2a91c0de" + "a" * 30
TICKET = """\
#123: Retry limit is too low
State: closed | Created: 2024-01-02 | Updated: 2024-03-01 | Labels: bug, retry | URL: https://git.example/123

The client gives up after two attempts. That is too early for slow networks.

Comment, 2024-02-01:
Three attempts worked on staging."""
SIGNATURE = "#123: Retry limit is too low (closed, 2024-03-01)"
DRAWING = "Frame: Checkout > Payment\n- Pay button\n- Total\nCart -> Payment service: pays\nPayment service -> Ledger"


def item(
    text: str, source: Source, language: str, symbol: str, signature: str = "", path: str = "a", number: int = 1
) -> ContextItem:
    span = Span(path, 1, 1 + text.count("\n"))
    chunk = Chunk(span, source, language, text, symbol, SymbolKind.EVENT, signature, file_line=1)
    return ContextItem(number, ROOT, span, symbol, text, chunk)


def ticket(text: str = TICKET, signature: str = SIGNATURE) -> ContextItem:
    return item(text, Source.TICKETS, "tickets", "#123", signature, ".surefoot/tickets/github.json")


def commit(message: str, *files: TouchedFile, number: int = 1) -> ContextItem:
    made = Commit(DIGITS, "2024-03-01", 0, message, files, len(files))
    reading = read_commit(made)
    signature = reading.records[0].signature
    return item(reading.text, Source.COMMITS, "commit", made.name, signature, f"commit:{DIGITS}", number)


TOUCHED = (
    TouchedFile("M", "docs/retries.md"),
    TouchedFile("M", "server/client.py", functions=("Client.retry", "backoff")),
    TouchedFile("R", "server/new.py", "server/old.py"),
    TouchedFile("A", "server/added.py"),
)


def told(of: ContextItem, **weights: float) -> list[str]:
    claims = list(told_of(of, weights))
    assert [problem(claim, [of], NOTHING_ASKED) for claim in claims] == [""] * len(claims), claims
    return claims


def test_a_ticket_is_told_by_its_state_its_day_and_its_title() -> None:
    assert told(ticket()) == ["#123 (closed, 2024-03-01): Retry limit is too low"]


def test_a_ticket_says_what_it_has_of_the_question_beyond_its_title() -> None:
    first, second = told(ticket(), networks=2.0, limit=1.0)
    assert first == "#123 (closed, 2024-03-01): Retry limit is too low. That is too early for slow networks."
    assert second == "#123 (closed, 2024-03-01): Retry limit is too low"


def test_neither_facts_nor_heads_of_comments_are_told_as_sentences() -> None:
    claims = told(ticket(), labels=1.0, comment=1.0, bug=1.0, url=1.0)
    assert claims == ["#123 (closed, 2024-03-01): Retry limit is too low"]


@pytest.mark.parametrize(
    ("signature", "claim"),
    [
        ("#123: Retry limit (again) is low (open)", "#123 (open): Retry limit (again) is low"),
        ("#123: Retry limit", "#123: Retry limit"),
        ("PROJ-214: a: b (done, 2024-01-01)", "PROJ-214 (done, 2024-01-01): a: b"),
    ],
)
def test_titles_with_brackets_and_colons_stay_whole(signature: str, claim: str) -> None:
    assert told(ticket(f"{signature}\n", signature)) == [claim]


def test_a_commit_says_what_it_changed_with_what_is_asked_about_first() -> None:
    (first, *rest) = told(commit("Lower the retry limit\n\nFixes #123", *TOUCHED), client=1.0)
    assert first == (
        "3f2a91c0de (2024-03-01) changed Client.retry, backoff in server/client.py; changed docs/retries.md and others"
        ": Lower the retry limit"
    )
    assert rest == ["3f2a91c0de (2024-03-01): Lower the retry limit"]


def test_files_that_came_went_or_were_renamed_are_told_so() -> None:
    assert told(commit("Clean up", TouchedFile("R", "server/new.py", "server/old.py")))[0] == (
        "3f2a91c0de (2024-03-01) renamed server/old.py to server/new.py: Clean up"
    )
    assert told(commit("Clean up", TouchedFile("D", "server/old.py")))[0].startswith(
        "3f2a91c0de (2024-03-01) deleted server/old.py:"
    )


def test_a_line_of_the_message_that_looks_like_one_of_a_file_is_none() -> None:
    claims = told(commit("Subject\n\nM server/client.py: Client.retry\nFiles:"), client=1.0)
    assert not any("changed" in claim for claim in claims)


def test_a_drawing_tells_its_connections_with_the_frame_they_are_in() -> None:
    of = item(DRAWING, Source.DESIGNS, "drawing", "Checkout.Payment", "Checkout > Payment", "docs/shop.drawio")
    assert told(of, ledger=1.0)[0] == (
        "Payment service -> Ledger; Cart -> Payment service: pays in frame Checkout > Payment"
    )


def test_a_diagram_is_told_as_it_is_written() -> None:
    of = item("flowchart TD\n  Cart --> Checkout\n", Source.DESIGNS, "mermaid", "flowchart", "", "docs/shop.mmd")
    assert told(of) == ["Cart --> Checkout in docs/shop.mmd"]


def test_what_a_ticket_leads_to_is_claimed_too_and_nothing_else_is() -> None:
    code = Chunk(Span("server/client.py", 1, 2), Source.CODE, "python", "def retry(self):\n    send()", "Client.retry",
                 SymbolKind.METHOD, "def retry(self)")  # fmt: skip
    linked = ContextItem(2, ROOT, code.span, code.symbol, code.text, code)
    other = ContextItem(3, ROOT, Span("b.py", 1, 1), "unrelated", "def unrelated(): pass", code)
    weights = {"123": 1.0}
    both = extract(Context((ticket(), linked, other), (), 0), weights, Known(linked=[2]))
    assert [claim.sources for claim in both] == [(1,), (2,)]
    without = extract(Context((ticket(), linked, other), (), 0), weights)
    assert [claim.sources for claim in without] == [(1,)]


def test_links_of_code_alone_bring_nothing_into_an_answer() -> None:
    def made(number: int, name: str) -> ContextItem:
        chunk = Chunk(Span(f"{name}.py", 1, 1), Source.CODE, "python", f"def {name}(): pass", name, SymbolKind.FUNCTION)
        return ContextItem(number, ROOT, chunk.span, name, chunk.text, chunk)

    context = Context((made(1, "asked"), made(2, "linked")), (), 0)
    assert [claim.sources for claim in extract(context, {"asked": 1.0}, Known(linked=[2]))] == [(1,)]


DECISION = (
    "# ADR 7: Retries are limited\n\nStatus: accepted\n\n## Decision\n\nThe client gives up after three attempts."
)


@pytest.mark.parametrize("part", ["", " > Decision"])
def test_a_decision_is_told_with_its_state_and_its_day(part: str) -> None:
    signature = f"ADR 7: Retries are limited (accepted, 2024-02-20){part}"
    of = replace_line(item(DECISION, Source.DESIGNS, "markdown", "ADR-7", signature, "docs/adr/7.md"))
    assert told(of, attempts=1.0)[0] == (
        "ADR 7 (accepted, 2024-02-20): Retries are limited. The client gives up after three attempts."
    )
    assert told(of) == ["ADR 7 (accepted, 2024-02-20): Retries are limited"]
    assert problem("ADR 7 is superseded, so retries are limited.", [of], NOTHING_ASKED)


def replace_line(of: ContextItem) -> ContextItem:
    """A file that is text as it stands."""
    return replace(of, chunk=replace(of.chunk, file_line=0))
