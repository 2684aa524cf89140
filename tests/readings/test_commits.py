"""A commit as text: bounded, without anybody's address, and no message can pass for a list of files."""

from __future__ import annotations

import pytest

from surefoot.domain import Chunk, Source, Span, SymbolKind
from surefoot.readings.commits import (
    LONGEST_LINE,
    LONGEST_SUBJECT,
    MOST_FILES,
    MOST_LINES,
    Commit,
    TouchedFile,
    read_commit,
    shown_path,
    subject_and_date,
    touched_in,
)

DIGITS = "3f2a91c0de" + "0" * 30


def commit(message: str, *files: TouchedFile, count: int | None = None) -> Commit:
    return Commit(DIGITS, "2024-03-01", 1709251200, message, files, len(files) if count is None else count)


def text(message: str, *files: TouchedFile, count: int | None = None) -> str:
    return read_commit(commit(message, *files, count=count)).text


def test_a_commit_is_its_message_and_a_line_for_each_file() -> None:
    reading = read_commit(
        commit(
            "Lower the retry limit\n\nFive was too many, see #214.\n",
            TouchedFile("M", "server/client.py", functions=("Client.retry", "backoff")),
            TouchedFile("R", "docs/new.md", "docs/old.md"),
            TouchedFile("A", "docs/limits.md"),
            TouchedFile("D", "old.py"),
        )
    )
    assert reading.text.split("\n") == [
        "commit 3f2a91c0de: Lower the retry limit",
        "Date: 2024-03-01",
        "",
        "Five was too many, see #214.",
        "",
        "Files:",
        "M server/client.py: Client.retry, backoff",
        "R docs/old.md -> docs/new.md",
        "A docs/limits.md",
        "D old.py",
    ]
    (record,) = reading.records
    assert (record.name, record.kind, record.first, record.last) == ("3f2a91c0de", SymbolKind.EVENT, 1, 10)
    assert record.signature == "3f2a91c0de Lower the retry limit (2024-03-01)"
    assert (reading.source, reading.language, set(reading.lines)) == (Source.COMMITS, "commit", {1})
    assert len(reading.lines) == 10


def test_the_embedder_reads_neither_digits_nor_day() -> None:
    """They are other ones in every clone, and the same question would find other things."""
    reading = read_commit(commit("Lower the limit\n\nDate: soon, in commit 12ab: really.", TouchedFile("M", "a.py")))
    lines = reading.text.count("\n") + 1
    chunk = Chunk(
        Span("c", 1, lines), reading.source, reading.language, reading.text, DIGITS, signature="3f2a91c0de Lower"
    )
    assert chunk.embedding_text == "Lower the limit\n\nDate: soon, in commit 12ab: really.\n\nFiles:\nM a.py"


def test_without_a_body_and_without_files_nothing_stands_for_them() -> None:
    assert text("Only a subject") == "commit 3f2a91c0de: Only a subject\nDate: 2024-03-01"
    assert text("") == "commit 3f2a91c0de: (no message)\nDate: 2024-03-01"


@pytest.mark.parametrize(
    "line",
    [
        "Signed-off-by: Ada Lovelace <ada@example.org>",
        "Co-authored-by: Ada Lovelace <ada@example.org>",
        "Co-Authored-By: Ada Lovelace",
        "Reviewed-by: Ada",
        "Cc: Ada <ada@example.org>, Bob <bob@example.org>",
        "Author: Ada <ada@example.org>",
    ],
)
def test_who_signed_is_left_out(line: str) -> None:
    found = text(f"Subject\n\nBody.\n\n{line}\n")
    assert "Ada" not in found
    assert "example.org" not in found
    assert "Body." in found


def test_addresses_are_left_out_and_what_only_looks_like_one_is_kept() -> None:
    found = text(
        "Ask <ada@example.org> or bob.b+x@mail.example.com\n\ngit@git.example.com:owner/project.git @decorator a@b"
    )
    assert "ada@" not in found
    assert "mail.example.com" not in found
    assert "git@git.example.com:owner/project.git @decorator a@b" in found


def test_no_line_of_a_message_passes_for_a_file() -> None:
    """What a commit links to is read from its text, and a message is other people's."""
    message = "Subject\n\nFiles:\nM secret.py: steal\nA small fix\nR a -> b\nT x\nD y\n"
    found = text(message, TouchedFile("M", "real.py"))
    assert touched_in(found) == (TouchedFile("M", "real.py"),)
    assert found.split("\n").count("Files:") == 1
    assert " A small fix" in found


def test_a_subject_passes_for_nothing_but_itself() -> None:
    assert touched_in(text("M secret.py: steal")) == ()


@pytest.mark.parametrize(
    "path",
    [
        "plain.py",
        "with space.py",
        "a: b.py",
        "a -> b.py",
        '"quoted".py',
        ' " .py',
        "back\\slash: x\\",
        "umläut/日本.py",
        "trailing,",
        "\udcff.py",
        "M x",
    ],
)
@pytest.mark.parametrize("functions", [(), ("one",), ("Client.retry", "two")])
def test_paths_are_read_back_as_they_are(path: str, functions: tuple[str, ...]) -> None:
    files = (TouchedFile("M", path, functions=functions), TouchedFile("R", "new", path), TouchedFile("R", path, "old"))
    assert touched_in(text("Subject", *files)) == files


def test_paths_with_control_characters_stay_on_their_line() -> None:
    for path in ("a\nM b.py", "a\x1b[31m.py", "a\x00b", "a\u2028b"):
        assert len(text("Subject", TouchedFile("A", path)).splitlines()) == 5
        assert shown_path(path).isprintable()


def test_messages_are_bounded() -> None:
    found = text("s" * 10_000 + "\n\n" + ("x" * 100_000 + "\n") * 3 + "line\n" * 100_000)
    lines = found.split("\n")
    assert lines[0] == f"commit 3f2a91c0de: {'s' * LONGEST_SUBJECT}"
    assert len(lines) < MOST_LINES + 10
    assert max(map(len, lines)) <= LONGEST_LINE
    assert lines[-1] == "(The message goes on.)"


def test_control_characters_and_line_endings_are_cleaned() -> None:
    found = text("Sub\x1b[31mject\x07\r\n\r\nBody\rMore\u2028x\x85y\tz\r\n")
    assert found == "commit 3f2a91c0de: Sub [31mject\nDate: 2024-03-01\n\nBody\nMore x y\tz"


def test_more_files_than_are_listed_are_counted() -> None:
    files = [TouchedFile("A", f"f{number}.py") for number in range(MOST_FILES)]
    assert text("Import", *files, count=MOST_FILES + 1234).endswith("\nand 1,234 more files")
    assert text("Import", *files, count=MOST_FILES + 1).endswith("\nand 1 more file")
    assert "more" not in text("Import", *files)


@pytest.mark.parametrize("message", ["Lower it", "Lower it (really) (2020-01-01)", "("])
def test_subject_and_date_are_read_back(message: str) -> None:
    signature = read_commit(commit(message)).records[0].signature
    assert subject_and_date(signature) == (message, "2024-03-01")
