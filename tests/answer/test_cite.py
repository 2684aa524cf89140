"""Citations of every source are checked against the file as it is now: tickets, drawings, notebooks and plain text."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surefoot.answer.cite import Ground, as_it_stands, cite, cited_chunk, recheck
from surefoot.config import Settings
from surefoot.domain import Chunk, Context, ContextItem, Root, Source, Span, Verdict
from surefoot.sources import parse_file
from surefoot.workspace.documents import Documents

EXPORT = ".surefoot/tickets/github.json"
MARKDOWN = ".surefoot/tickets/github/acme/7.md"


def issue(number: int, title: str, body: str, state: str = "OPEN", **more: Any) -> dict[str, Any]:
    fields = {"number": number, "title": title, "state": state, "body": body, "createdAt": "2024-02-01T10:00:00Z"}
    return {**fields, "url": f"https://github.com/acme/shop/issues/{number}", "labels": [], "comments": [], **more}


LOW = issue(123, "Retry limit is too low", "It gives up after two attempts.\n\nThree would do.")
GREY = issue(130, "The button is grey", "On small screens only.")


@pytest.fixture
def root(tmp_path: Path) -> Root:
    export(tmp_path, LOW, GREY)
    return Root(tmp_path.resolve(), "shop")


def export(folder: Path, *issues: dict[str, Any], indent: int | None = 2) -> None:
    file = folder / EXPORT
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(issues, indent=indent), encoding="utf-8")
    os.utime(file, (1_709_300_000, 1_709_300_000))  # on 2024-03-01


def ground(documents: Documents | None = None, is_ignored: Callable[[Root, str], bool] = lambda _, __: False) -> Ground:
    return Ground(documents or Documents(), is_ignored, 1_000_000)


def chunk_of(root: Root, symbol: str, path: str = EXPORT) -> Chunk:
    parsed = parse_file(root, path, Settings())
    assert not isinstance(parsed, tuple)
    return next(chunk for chunk in parsed.chunks if chunk.symbol == symbol)  # type: ignore[union-attr]


def item_of(root: Root, chunk: Chunk) -> ContextItem:
    return ContextItem(1, root, chunk.span, chunk.symbol, chunk.text, chunk)


def cited(root: Root, chunk: Chunk, by: Ground | None = None) -> Any:
    return cite(1, Context((item_of(root, chunk),), (), 0), by or ground())


def line_with(root: Root, words: str) -> int:
    lines = (root.path / EXPORT).read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_a_ticket_is_cited_with_its_label_its_line_its_address_and_its_day(root: Root) -> None:
    citation = cited(root, chunk_of(root, "#123"))
    assert citation.verdict is Verdict.VALID
    assert citation.source is Source.TICKETS
    assert citation.label.startswith("#123: Retry limit is too low (open")
    assert citation.shown == Span(EXPORT, line_with(root, "Retry limit"), line_with(root, "Retry limit"))
    assert citation.url == "https://github.com/acme/shop/issues/123"
    assert citation.as_of == "2024-03-01"
    assert "It gives up after two attempts." in citation.text


def test_an_export_on_one_line_is_cited_all_the_same(root: Root) -> None:
    export(root.path, LOW, GREY, indent=None)
    citation = cited(root, chunk_of(root, "#130"))
    assert (citation.verdict, citation.shown) == (Verdict.VALID, Span(EXPORT, 1, 1))


def test_a_ticket_that_moved_in_its_export_is_moved(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    export(root.path, issue(99, "New", "Body\n\nof four\n\nlines."), LOW, GREY)
    citation = cited(root, chunk)
    assert citation.verdict is Verdict.MOVED
    assert citation.file_line == line_with(root, "The button is grey") != chunk.file_line
    assert citation.text == chunk.text


def test_a_ticket_that_was_edited_is_changed_and_shown_as_it_is_now(root: Root) -> None:
    chunk = chunk_of(root, "#123")
    closed = issue(123, "Retry limit was too low", "Done.", "CLOSED", closedAt="2024-03-01T10:00:00Z")
    export(root.path, closed, GREY)
    citation = cited(root, chunk)
    assert citation.verdict is Verdict.CHANGED
    assert citation.label == "#123: Retry limit was too low (closed, 2024-03-01)"
    assert "Done." in citation.text
    assert "gives up" not in citation.text
    now = as_it_stands(item_of(root, chunk), citation)
    assert (now.chunk.signature, now.text) == (citation.label, citation.text)


def test_a_ticket_that_went_from_its_export_is_missing_though_another_one_says_the_same(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    export(root.path, LOW, issue(131, "The button is grey", "On small screens only."))
    citation = cited(root, chunk)
    assert citation.verdict is Verdict.MISSING
    assert citation.text == ""
    assert citation.label.startswith("#130")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"number": 123}', "\0\0", "[" * 5000])
def test_an_export_that_was_broken_leaves_nothing_to_cite(root: Root, content: str) -> None:
    chunk = chunk_of(root, "#130")
    (root.path / EXPORT).write_text(content, encoding="utf-8")
    assert cited(root, chunk).verdict is Verdict.MISSING
    (root.path / EXPORT).unlink()
    assert cited(root, chunk).verdict is Verdict.MISSING


def test_a_part_of_a_ticket_is_cited_with_the_state_that_the_ticket_has_now(root: Root) -> None:
    chunk = chunk_of(root, "#123")
    last = chunk.text.split("\n")[-1]
    part = replace(chunk, span=Span(EXPORT, chunk.span.end, chunk.span.end), text=last)
    export(root.path, {**LOW, "state": "CLOSED", "closedAt": "2024-05-05T10:00:00Z"}, GREY)
    citation = cited(root, part)
    assert citation.verdict is Verdict.VALID
    assert citation.text == last == "Three would do."
    assert citation.label == "#123: Retry limit is too low (closed, 2024-05-05)"
    assert as_it_stands(item_of(root, part), citation).chunk.signature == citation.label


def test_an_open_buffer_of_an_export_counts_as_what_is_read_in_it(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    documents = Documents()
    documents.open(root.path / EXPORT, json.dumps([LOW], indent=2))
    assert cited(root, chunk, ground(documents)).verdict is Verdict.MISSING
    documents.change(root.path / EXPORT, json.dumps([GREY, LOW], indent=2))
    assert cited(root, chunk, ground(documents)).verdict is Verdict.MOVED


def test_what_is_ignored_is_not_cited(root: Root) -> None:
    assert cited(root, chunk_of(root, "#130"), ground(is_ignored=lambda _, __: True)).verdict is Verdict.MISSING


# --- rechecking what was shown earlier, by the line of the file ------------------------------------------------------


def rechecked(root: Root, chunk: Chunk) -> tuple[Verdict, Span]:
    standing = recheck(root, cited_chunk(chunk.shown, chunk.symbol, chunk.text), ground())
    return standing.verdict, standing.span


def test_a_ticket_that_was_shown_is_checked_again_by_the_line_of_the_file(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    assert rechecked(root, chunk) == (Verdict.VALID, chunk.shown)
    export(root.path, issue(99, "New", "Body"), LOW, GREY)
    line = line_with(root, "The button is grey")
    assert rechecked(root, chunk) == (Verdict.MOVED, Span(EXPORT, line, line))
    export(root.path, LOW, issue(130, "The button is red", "Everywhere."))
    line = line_with(root, "The button is red")
    assert rechecked(root, chunk) == (Verdict.CHANGED, Span(EXPORT, line, line))
    export(root.path, LOW)
    assert rechecked(root, chunk) == (Verdict.MISSING, chunk.shown)


def test_on_one_line_a_ticket_that_moved_is_still_where_it_was_shown(root: Root) -> None:
    export(root.path, LOW, GREY, indent=None)
    chunk = chunk_of(root, "#130")
    export(root.path, issue(99, "New", "Body"), GREY, indent=None)
    assert rechecked(root, chunk) == (Verdict.VALID, Span(EXPORT, 1, 1))


def test_a_line_that_the_file_never_had_does_no_harm(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    far = Span(EXPORT, 999_999, 999_999)
    standing = recheck(root, cited_chunk(far, chunk.symbol, chunk.text), ground())
    assert (standing.verdict, standing.span) == (Verdict.MOVED, chunk.shown)


def test_a_symbol_of_another_ticket_is_not_where_the_text_stands(root: Root) -> None:
    chunk = chunk_of(root, "#130")
    standing = recheck(root, cited_chunk(chunk.shown, "#123", chunk.text), ground())
    assert standing.verdict is Verdict.CHANGED  # as #123 is now, which is what was asked about
    assert standing.span.start == line_with(root, "Retry limit")


# --- text files are as they were -------------------------------------------------------------------------------------


def test_code_has_no_label_and_its_own_lines(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n\n\ndef f():\n    return x\n", encoding="utf-8")
    root = Root(tmp_path.resolve(), "code")
    parsed: Any = parse_file(root, "a.py", Settings())
    chunk = parsed.chunks[-1]
    citation = cited(root, chunk)
    assert (citation.verdict, citation.source, citation.label) == (Verdict.VALID, Source.CODE, "")
    assert citation.shown == citation.span == chunk.span
    assert (citation.file_line, citation.url, citation.as_of) == (0, "", "")


def test_a_ticket_in_markdown_is_as_old_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / MARKDOWN
    file.parent.mkdir(parents=True)
    file.write_text(
        "---\nid: 7\ntitle: Slow search\nstate: closed\nurl: https://git.example/acme/7\nsynced: 2024-06-01T00:00:00Z\n"
        "---\n\nSearching takes a second.\n",
        encoding="utf-8",
    )
    root = Root(tmp_path.resolve(), "shop")
    parsed: Any = parse_file(root, MARKDOWN, Settings())
    assert parsed.file.source is Source.TICKETS
    citation = cited(root, parsed.chunks[-1])
    assert citation.verdict is Verdict.VALID
    assert citation.as_of == "2024-06-01"
    assert citation.label.startswith("#7: Slow search (closed")
    assert citation.url == "https://git.example/acme/7"
