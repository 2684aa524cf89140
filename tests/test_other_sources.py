"""Tickets, commits and notebooks through the engine: what is shown of them, and on which lines of which file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot import wire
from surefoot.domain import Citation, MentionKind, Query, Scope, Source, Span, Verdict
from surefoot.engine import Engine

EXPORT = ".surefoot/tickets/github.json"
NOTEBOOK = "notes/load.ipynb"
CLIENT = '''
    """Talks to the payment service."""

    RETRY_LIMIT = 3


    class PaymentClient:
        """A client that tries again."""

        def retry(self, request):
            """Send the request again until the limit is met."""
            return any(self.send(request) for _ in range(RETRY_LIMIT))

        def send(self, request):
            """Send once."""
            return request.ok
'''
TICKETS = [
    {
        "number": 123,
        "title": "Retry limit is too high",
        "state": "CLOSED",
        "createdAt": "2024-02-01T10:00:00Z",
        "closedAt": "2024-03-01T10:00:00Z",
        "url": "https://github.com/acme/shop/issues/123",
        "labels": [],
        "body": "The payment service falls over when PaymentClient.retry tries five times.\n\nLower it to three.",
        "comments": [],
    },
    {
        "number": 130,
        "title": "Checkout button is grey",
        "state": "OPEN",
        "createdAt": "2024-04-01T10:00:00Z",
        "url": "https://github.com/acme/shop/issues/130",
        "labels": [],
        "body": "On small screens only.",
        "comments": [],
    },
]
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Loading\n", "\n", "How the ledger is loaded."]},
    {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
     "source": ["def load_ledger(path):\n", "    return open(path)\n"]},
]  # fmt: skip


def git(folder: Path, *args: str, day: str = "2024-03-01") -> None:
    when = f"{day}T10:00:00Z"
    who = {"GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@e.example", "GIT_AUTHOR_DATE": when}
    who |= {"GIT_COMMITTER_NAME": "n", "GIT_COMMITTER_EMAIL": "n@e.example", "GIT_COMMITTER_DATE": when}
    subprocess.run(["git", "-C", folder, *args], check=True, env=who | {"PATH": "/usr/bin:/bin"}, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A client, its commits, an export of tickets that git ignores, a notebook."""
    folder = (tmp_path / "payments").resolve()
    write_tree(folder, {"server/client.py": CLIENT.replace("= 3", "= 5"), ".gitignore": ".surefoot/\n"})
    git(folder, "init", "-q", ".")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Add the client", day="2024-01-05")
    write_tree(folder, {"server/client.py": CLIENT})
    git(folder, "commit", "-qam", "Lower the retry limit\n\nFive attempts were too many.\n\nFixes #123")
    for path, content in ((EXPORT, TICKETS), (NOTEBOOK, {"cells": CELLS, "metadata": {}, "nbformat": 4})):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(content, indent=1), encoding="utf-8")
    return folder


@pytest.fixture
def payments(project: Path, open_engine: Callable[..., Engine]) -> Engine:
    engine = open_engine(project)
    engine.refresh()
    return engine


def line_with(project: Path, path: str, words: str) -> int:
    lines = (project / path).read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def by_source(citations: tuple[Citation, ...]) -> dict[Source, Citation]:
    return {citation.source: citation for citation in reversed(citations)}


# --- answers ---------------------------------------------------------------------------------------------------------


def test_what_a_ticket_touches_is_its_commits_their_files_and_symbols_all_verified(
    payments: Engine, project: Path
) -> None:
    answer = payments.ask(Query("what does #123 touch?"), model="none")
    cited = by_source(answer.citations)
    assert {citation.verdict for citation in answer.citations} == {Verdict.VALID}
    assert cited[Source.TICKETS].label == "#123: Retry limit is too high (closed, 2024-03-01)"
    line = line_with(project, EXPORT, "Retry limit is too high")
    assert cited[Source.TICKETS].shown == Span(EXPORT, line, line)
    assert cited[Source.COMMITS].label.endswith(", 2024-03-01: Lower the retry limit")
    assert cited[Source.CODE].span.path == "server/client.py"
    assert any("server/client.py" in claim.text and "retry" in claim.text for claim in answer.claims)
    assert not any("touch" in part for part in answer.missing)


def test_a_commit_that_only_shares_a_file_with_the_ticket_is_no_answer_to_what_it_touches(payments: Engine) -> None:
    """What added the client is in the same file: it is among the hits, and nothing is claimed of it."""
    answer = payments.ask(Query("what does #123 touch?"), model="none")
    told = "\n".join(claim.text for claim in answer.claims)
    assert "Lower the retry limit" in told
    assert "Add the client" not in told


def test_an_answer_says_what_it_was_drawn_from_and_how_old_that_is(payments: Engine) -> None:
    answer = payments.ask(Query("what does #123 touch?"), model="none")
    indexed = {use.source: use.indexed for use in answer.sources}
    assert (indexed[Source.TICKETS], indexed[Source.COMMITS], indexed[Source.DESIGNS]) == (2, 2, 0)
    assert list(indexed) == list(Source)
    assert [use.is_used for use in answer.sources if use.source is Source.TICKETS] == [True]
    assert any(notice.startswith("Tickets as of 20") for notice in answer.notices)


def test_a_ticket_that_is_not_there_is_missing_and_a_source_that_is_not_there_is_told(
    payments: Engine, engine: Engine
) -> None:
    assert "#999: no ticket with this number is indexed" in payments.ask(Query("what does #999 touch?")).missing
    lacking = engine.ask(Query("what does #123 touch?"))
    assert any(notice.startswith("No tickets are indexed here; ") for notice in lacking.notices)
    assert not any("indexed here" in notice for notice in engine.ask(Query("where is rate_for")).notices)


# --- one source only -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [Source.TICKETS, Source.COMMITS, Source.CODE, Source.DOCS])
def test_a_search_keeps_to_one_source(payments: Engine, source: Source) -> None:
    hits = payments.search(Query("retry limit ledger", Scope(sources=(source,)))).hits
    assert hits
    assert {hit.chunk.source for hit in hits} == {source}


def test_a_hit_in_an_export_is_shown_on_its_line_of_the_file(payments: Engine, project: Path) -> None:
    for number, words in ((123, "Retry limit is too high"), (130, "Checkout button is grey")):
        query = Query(words, Scope(sources=(Source.TICKETS,)))
        hit = next(hit for hit in payments.search(query).hits if hit.chunk.symbol == f"#{number}")
        reply = wire.hit_reply(hit)
        assert (reply.path, reply.start_line, reply.end_line) == (EXPORT, *[line_with(project, EXPORT, words)] * 2)
        assert reply.label.startswith(f"#{number}: {words} (")
        assert reply.url == f"https://github.com/acme/shop/issues/{number}"


# --- what was shown earlier ------------------------------------------------------------------------------------------


def rechecked(engine: Engine, citation: Citation) -> tuple[Verdict, Span]:
    reply = wire.citation_reply(citation)
    span = Span(reply.path, reply.start_line, reply.end_line)
    standing = engine.recheck(citation.root.path, span, reply.text, reply.symbol)
    return standing.verdict, standing.span


def test_every_citation_is_found_again_by_what_was_on_the_wire(payments: Engine) -> None:
    for citation in payments.ask(Query("what does #123 touch?"), model="none").citations:
        assert rechecked(payments, citation) == (Verdict.VALID, citation.shown)


def test_a_ticket_that_went_and_a_commit_that_went_are_missing(payments: Engine, project: Path) -> None:
    cited = by_source(payments.ask(Query("what does #123 touch?"), model="none").citations)
    (project / EXPORT).write_text(json.dumps(TICKETS[1:]), encoding="utf-8")
    assert rechecked(payments, cited[Source.TICKETS])[0] is Verdict.MISSING
    git(project, "reset", "-q", "--hard", "HEAD~1")
    git(project, "reflog", "expire", "--expire=now", "--all")
    git(project, "gc", "-q", "--prune=now")
    assert rechecked(payments, cited[Source.COMMITS])[0] is Verdict.MISSING


def test_the_source_of_a_commit_is_its_text_though_it_is_no_file(payments: Engine, project: Path) -> None:
    commit = by_source(payments.ask(Query("what does #123 touch?"), model="none").citations)[Source.COMMITS]
    source = payments.source(project / commit.span.path)
    assert source.text.startswith(f"commit {commit.symbol}: Lower the retry limit\nDate: 2024-03-01\n")
    assert (source.language, source.is_indexed) == ("commit", True)
    assert len(source.lines) == len(source.text.split("\n"))


def test_the_source_of_an_export_is_what_is_read_there_with_its_lines(payments: Engine, project: Path) -> None:
    source = payments.source(project / EXPORT)
    lines = source.text.split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("#130:"))
    assert source.lines[at] == line_with(project, EXPORT, "Checkout button is grey")
    assert payments.source(project / "server/client.py").lines == ()


# --- lines in an editor ----------------------------------------------------------------------------------------------


def test_workspace_symbols_point_at_the_line_of_the_file_and_leave_commits_out(payments: Engine, project: Path) -> None:
    (found,) = [symbol for _, symbol in payments.symbols("#130") if symbol.name == "#130"]
    assert (found.span.path, found.name_line) == (EXPORT, line_with(project, EXPORT, "Checkout button is grey"))
    commit = by_source(payments.ask(Query("what does #123 touch?"), model="none").citations)[Source.COMMITS]
    assert not [symbol for _, symbol in payments.symbols(commit.symbol) if symbol.name == commit.symbol]
    (project / EXPORT).write_text(json.dumps(TICKETS[:1]), encoding="utf-8")
    assert not [symbol for _, symbol in payments.symbols("#130") if symbol.name == "#130"]


def test_the_outline_of_an_export_is_on_its_own_lines(payments: Engine, project: Path) -> None:
    (root,) = payments.roots
    lines = {symbol.name: symbol.name_line for symbol in payments.symbols_in(root, EXPORT)}
    assert lines == {
        "#123": line_with(project, EXPORT, "Retry limit is too high"),
        "#130": line_with(project, EXPORT, "Checkout button is grey"),
    }


@pytest.mark.parametrize("path", [EXPORT, NOTEBOOK])
def test_no_definition_stands_on_a_line_of_a_file_that_is_read_otherwise(
    payments: Engine, project: Path, path: str
) -> None:
    assert payments.definitions_in(project / path) == []


def test_hover_in_a_notebook_goes_by_the_lines_of_the_file(payments: Engine, project: Path) -> None:
    (project / NOTEBOOK).write_text(
        (project / NOTEBOOK).read_text(encoding="utf-8").replace("open(path)", "PaymentClient(path)"), encoding="utf-8"
    )
    line = line_with(project, NOTEBOOK, "PaymentClient")
    text = (project / NOTEBOOK).read_text(encoding="utf-8").split("\n")[line - 1]
    info = payments.hover(project / NOTEBOOK, line, text.index("PaymentClient"))
    assert info is not None
    assert info.symbol.span.path == "server/client.py"


def test_usages_of_code_are_never_told_on_lines_of_a_reading(payments: Engine, project: Path) -> None:
    line = line_with(project, "server/client.py", "def retry")
    info = payments.hover(project / "server/client.py", line, 10)
    assert info is not None
    for usage in info.usages:
        assert "retry" in (project / usage.path).read_text(encoding="utf-8").split("\n")[usage.line - 1]


def test_references_in_a_notebook_are_on_lines_of_the_file_and_none_are_in_exports(
    payments: Engine, project: Path
) -> None:
    found = payments.references("load_ledger").references
    assert {(each.path, each.line) for each in found} == {(NOTEBOOK, line_with(project, NOTEBOOK, "def load_ledger"))}
    assert {each.path for each in payments.references("PaymentClient").references} == {"server/client.py"}


def test_lines_of_an_export_that_are_pointed_at_are_those_of_the_file(payments: Engine, project: Path) -> None:
    line = line_with(project, EXPORT, "On small screens only")
    answer = payments.ask(Query(f"what does {EXPORT}:{line} say?"), model="none")
    assert answer.citations[0].symbol == "#130"
    assert answer.claims[0].text.startswith("#130 (open, 2024-04-01): Checkout button is grey")
    first = payments.search(Query(f"{EXPORT}:{line_with(project, EXPORT, 'Retry limit is too high')}")).hits[0]
    assert first.chunk.symbol == "#123"


def test_a_text_that_names_lines_of_an_export_is_checked_against_the_file(payments: Engine, project: Path) -> None:
    count = len((project / EXPORT).read_text(encoding="utf-8").split("\n"))
    check = payments.check_text(f"See `{EXPORT}:{count}` and `{EXPORT}:{count + 500}`.")
    assert [mention.verdict for mention in check.mentions] == [Verdict.VALID, Verdict.CHANGED]


def test_status_counts_tickets_and_commits_themselves(payments: Engine) -> None:
    (root,) = payments.status().roots
    assert root.sources[Source.TICKETS] == root.sources[Source.COMMITS] == 2
    reply = wire.status_reply(payments.status())
    assert reply.sources["tickets"] == 2


def test_a_ticket_is_a_mention_by_its_number(payments: Engine) -> None:
    trace = payments.trace(payments.search(Query("what does #123 touch?")).trace_id)
    resolved = next(stage for stage in trace.stages if stage.name == "resolve")
    assert {"#123"} <= {
        target
        for mention in resolved.details["mentions"]
        if mention["kind"] == MentionKind.SYMBOL.value
        for target in mention["targets"]
    }


def test_another_ticket_is_no_part_of_what_a_ticket_touches_unless_one_names_the_other(
    payments: Engine, project: Path
) -> None:
    alone = payments.ask(Query("what does #123 touch?"), model="none")
    assert "#130" not in [citation.symbol for citation in alone.citations]
    (project / EXPORT).write_text(json.dumps([TICKETS[0], {**TICKETS[1], "body": "As in #123."}]), encoding="utf-8")
    payments.refresh()
    together = payments.ask(Query("what does #123 touch?"), model="none")
    assert "#130" in [citation.symbol for citation in together.citations]
