"""Records of decisions: which one a document is, whether it holds, and that all its chunks say so."""

import pytest

from surefoot.domain import Source, SymbolKind
from surefoot.syntax.parse import parse

NYGARD = """# 7. Keep the ledger in SQLite

Date: 2024-03-01

## Status

{}

## Context

The ledger has a single writer.
"""
MADR = """---
status: {}
date: 2024-05-01
decision-makers: the payments team
---
# Move the ledger to Postgres

## Context and Problem Statement

Two data centres write to the ledger.
"""


def signature(path: str, text: str, language: str = "markdown") -> str:
    return parse(path, text, language).symbols[0].signature


def test_a_numbered_record_is_a_symbol_around_its_headings() -> None:
    parsed = parse("docs/adr/0007-ledger.md", NYGARD.format("Accepted"), "markdown")
    top = parsed.symbols[0]
    assert (top.name, top.kind, top.span.start, top.span.end) == ("ADR-7", SymbolKind.EVENT, 1, 12)
    assert top.signature == "ADR 7: Keep the ledger in SQLite (accepted, 2024-03-01)"
    assert [s.qualified_name for s in parsed.symbols[1:]] == [
        "ADR-7.7. Keep the ledger in SQLite",
        "ADR-7.7. Keep the ledger in SQLite.Status",
        "ADR-7.7. Keep the ledger in SQLite.Context",
    ]
    assert {chunk.source for chunk in parsed.chunks} == {Source.DESIGNS}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Accepted", "accepted"),
        ("Superseded by [12. Move the ledger](0012-postgres.md)", "superseded by ADR 12"),
        ("Accepted\n\nSuperceded by ADR-0012", "superseded by ADR 12"),
        ("~~Accepted~~ Deprecated in 2.0", "deprecated"),
        ("Accepted\n\nSupersedes [3. No ledger](0003-none.md)", "accepted, supersedes ADR 3"),
        ("Rejected", "rejected"),
        ("Proposed, see the list of 4 open points", "proposed"),
    ],
)
def test_the_state_is_that_of_the_section(status: str, expected: str) -> None:
    text = NYGARD.format(status)
    assert signature("adr/0007-x.md", text) == f"ADR 7: Keep the ledger in SQLite ({expected}, 2024-03-01)"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("accepted", "accepted, "),
        ('"superseded by [ADR-0019](0019-x.md)"', "superseded by ADR 19, "),
        ("{proposed | accepted | rejected}", ""),
        ("draft", "draft, "),
    ],
)
def test_the_state_is_that_of_the_front_matter(status: str, expected: str) -> None:
    found = signature("docs/decisions/0012-x.md", MADR.format(status))
    assert found == f"ADR 12: Move the ledger to Postgres ({expected}2024-05-01)"


@pytest.mark.parametrize(
    "line",
    [
        "* Status: accepted", "- **Status**: Accepted", "**Status:** Accepted", "Status: accepted",
        "| Status | Accepted |",
        "*Status*: `accepted`", "> Status: accepted",
    ],
)  # fmt: skip
def test_the_state_may_stand_on_a_line_of_its_own(line: str) -> None:
    text = f"# Cache the answers\n\n{line}\n\n## Why\n\nSlow.\n"
    assert signature("docs/adr/0003-cache.md", text) == "ADR 3: Cache the answers (accepted)"


def test_other_markups() -> None:
    rst = "RFC 42: Events\n==============\n\n:Status: Draft\n:Date: 2023-11-05\n\nWhy\n---\n\nBecause.\n"
    assert signature("rfcs/0042-events.rst", rst, "rst") == "RFC 42: Events (draft, 2023-11-05)"
    adoc = "= 3. Cache answers\n\n*Status:* Rejected (2022-01-01)\n\n== Context\n\nSlow.\n"
    assert signature("doc/adr/0003-cache.adoc", adoc, "asciidoc") == "ADR 3: Cache answers (rejected, 2022-01-01)"


def test_every_part_of_a_long_record_says_that_it_is_superseded() -> None:
    text = NYGARD.format("Superseded by ADR 12") + "".join(
        f"\n## Part {n}\n\n{'Words on it. ' * 60}\n" for n in range(9)
    )
    chunks = parse("adr/0007-ledger.md", text, "markdown").chunks
    assert len(chunks) > 3
    assert all("(superseded by ADR 12, 2024-03-01)" in chunk.signature for chunk in chunks)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docs/adr/README.md", Source.DESIGNS), ("docs/design/retries.md", Source.DESIGNS),
        ("rfc/a.md", Source.DESIGNS),
        ("design/a.md", Source.DESIGNS), ("docs/guide.md", Source.DOCS), ("src/design/a.md", Source.DOCS),
        ("lib/proposals/a.md", Source.DOCS), ("packages/shop/docs/adr/1.md", Source.DESIGNS),
        ("adr.md", Source.DOCS),
    ],
)  # fmt: skip
def test_designs_are_told_by_their_folder(path: str, expected: Source) -> None:
    assert {chunk.source for chunk in parse(path, "# Words\n\nAnd more.\n", "markdown").chunks} == {expected}


@pytest.mark.parametrize("path", ["adr/0000-template.md", "adr/README.md", "docs/adr/index.md", "docs/guide/0007-x.md"])
def test_what_is_no_record_keeps_its_headings(path: str) -> None:
    parsed = parse(path, NYGARD.format("Accepted"), "markdown")
    assert (parsed.symbols[0].name, parsed.symbols[0].signature) == ("7. Keep the ledger in SQLite",) * 2


def test_a_day_in_a_name_is_no_number() -> None:
    found = parse("adr/2024-03-01-use-x.md", "# Use X\n\n## Status\n\nSuperseded by ADR-0009\n", "markdown").symbols[0]
    assert (found.name, found.signature) == ("Use X", "ADR: Use X (superseded by ADR 9, 2024-03-01)")


@pytest.mark.parametrize(
    "text", ["", "\n", "---\n", "Status: accepted", "---\nstatus: [\n---\n", "# \n" * 50, "Status: " * 9000]
)
def test_odd_records_are_read(text: str) -> None:
    for language in ("markdown", "rst", "asciidoc", "text"):
        parsed = parse("adr/0001-a.md", text, language)
        assert all(len(symbol.signature) <= 300 for symbol in parsed.symbols)
