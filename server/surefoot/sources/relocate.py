"""Where lines of a chunk stand in another version of their file: an unsaved buffer, or the disk after an edit.

Invariant: what is returned has exactly the text of its span in the version that was given, and still belongs to the
symbol that it is shown under: a twin with the same body in another class is not the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from surefoot.domain import Chunk, Span, Symbol
from surefoot.syntax.parse import parse

MORE_LINES = 20  # that a changed definition may have grown by and still be shown whole
REMEMBERED_FILES = 16  # the citations of one answer come from a few files, and each is parsed once


def chunk_in_text(chunk: Chunk, text: str) -> Chunk | None:
    """The chunk as it stands in `text`: at its place, moved, or with a changed body; None where it is gone."""
    start = find_lines(chunk, chunk.text, text, near=chunk.span.start)
    if start is not None:
        span = Span(chunk.span.path, start, start + chunk.span.end - chunk.span.start)
        return chunk if span == chunk.span else replace(chunk, span=span)
    definition = _definition(chunk, text)
    return None if definition is None else _shown(chunk, definition, text)


def find_lines(chunk: Chunk, wanted: str, text: str, *, near: int) -> int | None:
    """The 1-based line at which `wanted`, lines of the chunk, stands in `text` within the chunk's symbol."""
    places = sorted(_occurrences(wanted, text), key=lambda line: abs(line - near))
    length = wanted.count("\n")
    return next((line for line in places if _belongs(chunk, text, Span(chunk.span.path, line, line + length))), None)


def _occurrences(wanted: str, text: str) -> list[int]:
    haystack, needle = f"\n{text}\n", f"\n{wanted}\n"
    found, offset = [], haystack.find(needle)
    while offset != -1:
        found.append(haystack.count("\n", 0, offset) + 1)
        offset = haystack.find(needle, offset + 1)
    return found


def _belongs(chunk: Chunk, text: str, span: Span) -> bool:
    """Whether the lines are part of a definition with the chunk's qualified name, where it has one."""
    return (
        not chunk.symbol
        or chunk.file_line > 0
        or any(
            symbol.span.start <= span.end and span.start <= symbol.span.end
            for symbol in _symbols(chunk.span.path, text, chunk.language)
            # Some scopes are no symbols themselves (an `impl` block, an object literal): then a member of it will do.
            if symbol.qualified_name == chunk.symbol or f"{symbol.container}.".startswith(f"{chunk.symbol}.")
        )
    )


def definition_now(symbol: Symbol, text: str, language: str) -> Symbol | None:
    """The definition with the symbol's qualified name as it stands in `text`, the nearest of several."""
    same = [s for s in _symbols(symbol.span.path, text, language) if s.qualified_name == symbol.qualified_name]
    return min(same, key=lambda other: abs(other.name_line - symbol.name_line), default=None)


def definitions_now(known: Sequence[Symbol], path: str, text: str, language: str) -> list[Symbol]:
    """The definitions of `text` that were known before by qualified name; of several alike, as many as were known."""
    left = Counter(symbol.qualified_name for symbol in known)
    found = []
    for symbol in _symbols(path, text, language):
        if left[symbol.qualified_name] > 0:
            left[symbol.qualified_name] -= 1
            found.append(symbol)
    return found


def _definition(chunk: Chunk, text: str) -> Symbol | None:
    same = [s for s in _symbols(chunk.span.path, text, chunk.language) if s.qualified_name == chunk.symbol]
    return min(same, key=lambda symbol: abs(symbol.span.start - chunk.span.start), default=None)


def _shown(chunk: Chunk, definition: Symbol, text: str) -> Chunk:
    """The chunk as the present definition, cut to about the length that it had."""
    lines = text.split("\n")
    last = min(definition.span.end, definition.span.start + max(chunk.span.end - chunk.span.start, MORE_LINES))
    return replace(
        chunk,
        span=Span(chunk.span.path, definition.span.start, last),
        text="\n".join(lines[definition.span.start - 1 : last]),
        signature=definition.signature,
        doc=definition.doc,
    )


@lru_cache(maxsize=REMEMBERED_FILES)
def _symbols(path: str, text: str, language: str) -> tuple[Symbol, ...]:
    return parse(path, text, language).symbols
