"""Where lines stand in another version of a file that is read as something else: by its records, never by a parser."""

from dataclasses import replace

import pytest

from surefoot.domain import Chunk, IndexedFile, Source, Span, SymbolKind
from surefoot.readings import Reading, Record
from surefoot.sources.records import parsed_reading
from surefoot.sources.relocate import chunk_in_text, find_lines, line_of_file, record_in_file, records_in_file

PATH = ".surefoot/tickets/export.json"
FILE = IndexedFile(PATH, Source.TICKETS, "tickets", 1, 1, "hash")


def reading(*tickets: tuple[str, str]) -> Reading:
    """An export: each ticket has its name and its body, and stands on three lines of the file."""
    lines: list[str] = []
    of_file: list[int] = []
    records = []
    for position, (name, body) in enumerate(tickets):
        first = len(lines) + 1
        own = [f"{name}: Title of {name}", "State: open", "", *body.split("\n")]
        lines += [*own, ""]
        of_file += [10 * position + 2] * (len(own) + 1)
        records.append(Record(name, SymbolKind.EVENT, first, first + len(own) - 1, first, "", f"{name}: Title (open)"))
    return Reading("tickets", Source.TICKETS, "\n".join(lines), tuple(of_file), tuple(records))


def chunk_of(of: Reading, name: str) -> Chunk:
    return next(chunk for chunk in parsed_reading(FILE, of).chunks if chunk.symbol == name)


BEFORE = reading(("#1", "The same body."), ("#2", "The same body."), ("#3", "Another one."))


def test_a_ticket_that_stands_where_it_stood_is_the_same_chunk() -> None:
    for name in ("#1", "#2", "#3"):
        chunk = chunk_of(BEFORE, name)
        assert chunk_in_text(chunk, BEFORE.text, BEFORE) is chunk


def test_a_ticket_that_moved_is_found_with_the_line_of_the_file_that_it_is_on_now() -> None:
    now = reading(("#0", "A new one.\nWith two lines."), ("#1", "The same body."), ("#3", "Another one."))
    moved = chunk_in_text(chunk_of(BEFORE, "#3"), now.text, now)
    assert moved is not None
    assert moved.text == chunk_of(BEFORE, "#3").text
    assert moved.span == Span(PATH, 12, 15)
    assert moved.file_line == 22
    assert moved.shown == Span(PATH, 22, 22)


def test_a_ticket_that_was_edited_is_found_by_its_name() -> None:
    now = reading(("#1", "The same body."), ("#2", "It was edited."))
    changed = chunk_in_text(chunk_of(BEFORE, "#2"), now.text, now)
    assert changed is not None
    assert changed.symbol == "#2"
    assert changed.text == "#2: Title of #2\nState: open\n\nIt was edited."
    assert changed.file_line == 12


def test_a_ticket_that_went_is_gone_even_where_another_one_has_its_text() -> None:
    body = replace(chunk_of(BEFORE, "#2"), text="The same body.", span=Span(PATH, 9, 9))
    now = reading(("#1", "The same body."))
    assert find_lines(body, body.text, now.text, near=9, reading=now) is None
    assert chunk_in_text(body, now.text, now) is None


def test_of_two_tickets_with_one_text_each_keeps_its_own() -> None:
    for name, line in (("#1", 4), ("#2", 9)):
        body = replace(chunk_of(BEFORE, name), text="The same body.", span=Span(PATH, line, line))
        assert find_lines(body, body.text, BEFORE.text, near=1, reading=BEFORE) == line


def test_a_record_with_dots_in_its_name_is_told_from_its_namesakes() -> None:
    records = (
        Record("v1.2", SymbolKind.STRING, 1, 2, 1, "Page", "Page > v1.2"),
        Record("2", SymbolKind.STRING, 3, 4, 3, "Page.v1", "Page > v1 > 2"),
        Record("2", SymbolKind.STRING, 5, 6, 5, "Other", "Other > 2"),
    )
    of = Reading("drawing", Source.DESIGNS, "a\nx\nb\nx\nc\nx", (1, 1, 1, 1, 1, 1), records)
    chunk = Chunk(Span("d.drawio", 6, 6), Source.DESIGNS, "drawing", "x", "Other.2", SymbolKind.STRING, file_line=1)
    assert find_lines(chunk, "x", of.text, near=1, reading=of) == 6


def test_what_lies_outside_of_all_records_is_found_by_its_text_alone() -> None:
    of = Reading("pdf", Source.DOCS, "one\ntwo\nthree", (1, 1, 1), ())
    loose = Chunk(Span("a.pdf", 1, 1), Source.DOCS, "pdf", "three", file_line=1)
    found = chunk_in_text(loose, of.text, of)
    assert found is not None
    assert found.span == Span("a.pdf", 3, 3)
    assert chunk_in_text(replace(loose, text="four"), of.text, of) is None


def test_a_file_that_is_no_export_any_more_holds_none_of_its_tickets() -> None:
    assert chunk_in_text(chunk_of(BEFORE, "#1"), '[{"number": 1, "title": "Title of #1"}]') is None


@pytest.mark.parametrize(("line", "of_file"), [(1, 2), (4, 2), (6, 12), (15, 22), (0, 1), (99, 1)])
def test_a_line_of_a_reading_is_told_as_one_of_the_file(line: int, of_file: int) -> None:
    assert line_of_file(BEFORE, line) == of_file
    assert line_of_file(None, line) == 0


def test_records_are_listed_on_the_lines_of_the_file_and_followed_there() -> None:
    listed = records_in_file(PATH, BEFORE)
    assert [(symbol.name, symbol.name_line, symbol.span) for symbol in listed] == [
        ("#1", 2, Span(PATH, 2, 2)),
        ("#2", 12, Span(PATH, 12, 12)),
        ("#3", 22, Span(PATH, 22, 22)),
    ]
    (known,) = [symbol for symbol in parsed_reading(FILE, BEFORE).symbols if symbol.name == "#3"]
    now = reading(("#3", "Another one."))
    found = record_in_file(known, now)
    assert found is not None
    assert found.name_line == 2
    assert record_in_file(known, reading(("#1", "x"))) is None
