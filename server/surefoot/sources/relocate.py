"""Where a chunk stands in another version of its file: an unsaved buffer, or the disk after an edit.

Invariant: a chunk that is returned has exactly the text of its span in the version that was given.
"""

from __future__ import annotations

from dataclasses import replace

from surefoot.domain import Chunk, Span
from surefoot.syntax.parse import parse


def chunk_in_text(chunk: Chunk, text: str) -> Chunk | None:
    """The chunk as it stands in `text`: at its place, moved, or with a changed body; None where it is gone."""
    lines = text.split("\n")
    at_place = "\n".join(lines[chunk.span.start - 1 : chunk.span.end])
    if at_place == chunk.text:
        return chunk
    moved = find_lines(chunk.text, text, near=chunk.span.start)
    if moved is not None:
        span = Span(chunk.span.path, moved, moved + chunk.span.end - chunk.span.start)
        return replace(chunk, span=span)
    if not chunk.symbol:
        return None
    parsed = parse(chunk.span.path, text, chunk.language)
    same = [other for other in parsed.chunks if other.symbol == chunk.symbol]
    return min(same, key=lambda other: abs(other.span.start - chunk.span.start), default=None)


def find_lines(wanted: str, text: str, *, near: int) -> int | None:
    """The 1-based line at which `wanted` starts in `text` as whole lines, the occurrence nearest to `near`."""
    haystack, needle = f"\n{text}\n", f"\n{wanted}\n"
    found, offset = [], haystack.find(needle)
    while offset != -1:
        found.append(haystack.count("\n", 0, offset) + 1)
        offset = haystack.find(needle, offset + 1)
    return min(found, key=lambda line: abs(line - near), default=None)
