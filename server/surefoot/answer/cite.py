"""Cite stage: the numbers in a draft claim as citations of context items, and each one checked on disk.

A citation that was shown earlier is checked again by `recheck`, when somebody wants to go there.

Invariant: a verdict is about the working tree (or the open buffer) at the moment of the check, never about the index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from surefoot.domain import (
    Chunk,
    Citation,
    Context,
    ContextItem,
    Root,
    Source,
    Span,
    Standing,
    Symbol,
    Verdict,
    shown_lines,
)
from surefoot.readings import Reading
from surefoot.sources.labels import FRONT_MATTER_LINES, label_of, synced_on, url_of
from surefoot.sources.relocate import chunk_in_text, definition_of_chunk, find_lines, line_of_file
from surefoot.syntax.languages import language_of
from surefoot.workspace.documents import Documents, FileContent, read_file

NANOSECONDS = 1_000_000_000  # of a second


@dataclass(frozen=True, slots=True)
class Ground:
    """The working tree as citations are checked against it."""

    documents: Documents
    is_ignored: Callable[[Root, str], bool]
    max_bytes: int


def cite(number: int, context: Context, ground: Ground) -> Citation:
    """The citation of one source number with its verdict; a number that no item has cites nothing."""
    item = next((item for item in context.items if item.number == number), None)
    if item is None:
        nowhere = Root(Path(), "")
        return Citation(number, nowhere, Span("", 0, 0), "", Verdict.NOT_IN_CONTEXT)
    content = current_content(item.root, item.span.path, ground)
    standing = _standing(item.chunk, item.span, item.text, content)
    found = Citation(number, item.root, standing.span, item.symbol, standing.verdict, source=item.chunk.source)
    if content is None or standing.verdict is Verdict.MISSING:
        return replace(found, label=label_of(item.chunk), file_line=item.chunk.file_line)
    return _shown(found, item.chunk, content)


def _shown(found: Citation, chunk: Chunk, content: FileContent) -> Citation:
    """A citation with what is shown of it, all as the file is now."""
    lines, first = content.text.split("\n"), found.span.start
    now = definition_of_chunk(replace(chunk, span=found.span), content.text, content.reading)
    chunk = chunk if now is None else replace(chunk, signature=now.signature)
    is_ticket = chunk.source is Source.TICKETS
    return replace(
        found,
        text="\n".join(lines[first - 1 : found.span.end]),
        label=label_of(chunk),
        file_line=line_of_file(content.reading, first),
        url=url_of(_head(lines, now)) if is_ticket else "",
        as_of=_day_of(content) if is_ticket else "",
    )


def _head(lines: Sequence[str], ticket: Symbol | None) -> str:
    start = ticket.span.start - 1 if ticket is not None else 0
    return "\n".join(lines[start : start + FRONT_MATTER_LINES])


def _day_of(content: FileContent) -> str:
    """The day that an export of tickets tells of: the one it was fetched on, else that of the file."""
    if content.mtime_ns <= 0:
        return synced_on(content.text)
    written = datetime.fromtimestamp(content.mtime_ns // NANOSECONDS, tz=UTC)
    return synced_on(content.text) or written.date().isoformat()


def recheck(root: Root, cited: Chunk, ground: Ground) -> Standing:
    """Where lines that were cited earlier stand at this moment, under the symbol that they were cited with.

    Of a file that is read as something else, the lines are those of the file, both ways.
    """
    content = current_content(root, cited.span.path, ground)
    if content is not None and content.reading is not None:
        return _in_reading(cited, content, content.reading)
    text = content.text if content is not None else ""
    known = replace(cited, language=language_of(cited.span.path, text.partition("\n")[0], text=text))
    return _standing(known, cited.span, cited.text, content)


def _in_reading(cited: Chunk, content: FileContent, reading: Reading) -> Standing:
    line = cited.span.start
    near = min(range(len(reading.lines)), key=lambda index: abs(reading.lines[index] - line), default=0) + 1
    span = Span(cited.span.path, near, near + cited.span.end - line)
    known = replace(cited, span=span, language=reading.language)
    standing = _standing(known, span, cited.text, content)
    if standing.verdict is Verdict.MISSING:
        return Standing(shown_lines(cited.span, line), Verdict.MISSING)
    now = shown_lines(standing.span, line_of_file(reading, standing.span.start))
    if standing.verdict is Verdict.CHANGED:
        return Standing(now, Verdict.CHANGED)
    return Standing(now, Verdict.VALID if now.start == line else Verdict.MOVED)


def cited_chunk(span: Span, symbol: str, text: str) -> Chunk:
    """What `recheck` looks for: `text` decides how many lines it has, whatever `span` says of its end."""
    lines = Span(span.path, span.start, span.start + text.count("\n"))
    return Chunk(lines, Source.CODE, "", text, symbol=symbol)


def _standing(chunk: Chunk, span: Span, wanted: str, content: FileContent | None) -> Standing:
    """Where `wanted`, the lines `span` of the chunk, stands in the file now, and whether it is the same."""
    if content is None:
        return Standing(span, Verdict.MISSING)
    text, reading = content.text, content.reading
    start = find_lines(chunk, wanted, text, near=span.start, reading=reading) if wanted else None
    if start is not None:
        now = Span(span.path, start, start + span.end - span.start)
        return Standing(now, Verdict.VALID if now == span else Verdict.MOVED)
    changed = chunk_in_text(chunk, text, reading) if chunk.text else None
    return Standing(changed.span, Verdict.CHANGED) if changed is not None else Standing(span, Verdict.MISSING)


def current_content(root: Root, path: str, ground: Ground) -> FileContent | None:
    """A file as the user sees it now, or None where it must not or cannot be cited."""
    if ground.is_ignored(root, path):
        return None
    try:
        content = read_file(root, path, documents=ground.documents, max_bytes=ground.max_bytes)
    except OSError:
        return None
    return content if isinstance(content, FileContent) else None


def as_it_stands(item: ContextItem, citation: Citation) -> ContextItem:
    """The item with what the citation shows, which differs from what the model saw where the file has changed."""
    chunk = item.chunk
    if citation.label and chunk.source is not Source.COMMITS:  # a ticket may have been closed since
        chunk = replace(chunk, signature=citation.label)
    if citation.verdict is Verdict.CHANGED:
        chunk = replace(chunk, span=citation.span, text=citation.text, signature=citation.label, doc="")
    return replace(item, span=citation.span, text=citation.text, chunk=chunk) if chunk is not item.chunk else item


def citable(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations that may be shown: their place exists now."""
    return tuple(c for c in citations if c.verdict in {Verdict.VALID, Verdict.MOVED, Verdict.CHANGED})
