"""Where lines of a chunk stand in another version of their file: an unsaved buffer, or the disk after an edit.

A version of a file that is read as something else comes with its reading, and then the records of that reading are its
definitions: a ticket, a page, a shape of a drawing.

Invariant: what is returned has exactly the text of its span in the version that was given, and still belongs to the
symbol that it is shown under: a twin with the same body in another class is not the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from surefoot.domain import Chunk, Span, Symbol, shown_lines
from surefoot.readings import Reading
from surefoot.sources.records import record_symbol
from surefoot.syntax.parse import parse

MORE_LINES = 20  # that a changed definition may have grown by and still be shown whole
REMEMBERED_FILES = 16  # the citations of one answer come from a few files, and each is parsed once


def chunk_in_text(chunk: Chunk, text: str, reading: Reading | None = None) -> Chunk | None:
    """The chunk as it stands in `text`: at its place, moved, or with a changed body; None where it is gone."""
    start = find_lines(chunk, chunk.text, text, near=chunk.span.start, reading=reading)
    if start is not None:
        span = Span(chunk.span.path, start, start + chunk.span.end - chunk.span.start)
        now = replace(chunk, span=span, file_line=line_of_file(reading, start))
        return chunk if now == chunk else now
    definition = definition_of_chunk(chunk, text, reading)
    return None if definition is None else _shown(chunk, definition, text, reading)


def find_lines(chunk: Chunk, wanted: str, text: str, *, near: int, reading: Reading | None = None) -> int | None:
    """The 1-based line at which `wanted`, lines of the chunk, stands in `text` within the chunk's symbol."""
    places = sorted(_occurrences(wanted, text), key=lambda line: abs(line - near))
    if not places:
        return None
    length, path = wanted.count("\n"), chunk.span.path
    around = _around(chunk, text, reading)
    return next((line for line in places if _belongs(around, Span(path, line, line + length))), None)


def line_of_file(reading: Reading | None, line: int) -> int:
    """The line of the file that a line of its reading was made of; 0 where the file is text as it stands."""
    if reading is None:
        return 0
    return reading.lines[line - 1] if 0 < line <= len(reading.lines) else 1


def _occurrences(wanted: str, text: str) -> list[int]:
    haystack, needle = f"\n{text}\n", f"\n{wanted}\n"
    found, offset = [], haystack.find(needle)
    while offset != -1:
        found.append(haystack.count("\n", 0, offset) + 1)
        offset = haystack.find(needle, offset + 1)
    return found


def _around(chunk: Chunk, text: str, reading: Reading | None) -> list[Span] | None:
    """The definitions that the chunk's lines may be part of; None where it belongs to none."""
    if not chunk.symbol:
        return None
    if reading is not None:
        return [symbol.span for symbol in _records_named(chunk.symbol, chunk.span.path, reading)]
    return [
        symbol.span
        for symbol in _parsed_symbols(chunk.span.path, text, chunk.language)
        # Some scopes are no symbols themselves (an `impl` block, an object literal): then a member of it will do.
        if symbol.qualified_name == chunk.symbol or f"{symbol.container}.".startswith(f"{chunk.symbol}.")
    ]


def _belongs(around: list[Span] | None, span: Span) -> bool:
    return around is None or any(each.start <= span.end and span.start <= each.end for each in around)


def definition_now(symbol: Symbol, text: str, language: str, reading: Reading | None = None) -> Symbol | None:
    """The definition with the symbol's qualified name as it stands in `text`, the nearest of several."""
    same = _definitions_named(symbol.qualified_name, symbol.span.path, text, language, reading)
    return min(same, key=lambda other: abs(other.name_line - symbol.name_line), default=None)


def records_in_file(path: str, reading: Reading) -> list[Symbol]:
    """What a file that is read as something else holds, each on the line of the file that it was made of."""
    return [_in_file(record_symbol(path, record), reading) for record in reading.records]


def record_in_file(symbol: Symbol, reading: Reading) -> Symbol | None:
    """One of its records as it stands now, on the line of the file; None where it is gone."""
    now = definition_now(symbol, "", reading.language, reading)
    return None if now is None else _in_file(now, reading)


def _in_file(record: Symbol, reading: Reading) -> Symbol:
    line = line_of_file(reading, record.name_line)
    return replace(record, span=shown_lines(record.span, line), name_line=line)


def definitions_now(known: Sequence[Symbol], path: str, text: str, language: str) -> list[Symbol]:
    """The definitions of `text` that were known before by qualified name; of several alike, as many as were known."""
    left = Counter(symbol.qualified_name for symbol in known)
    found = []
    for symbol in _parsed_symbols(path, text, language):
        if left[symbol.qualified_name] > 0:
            left[symbol.qualified_name] -= 1
            found.append(symbol)
    return found


def definition_of_chunk(chunk: Chunk, text: str, reading: Reading | None = None) -> Symbol | None:
    """The definition that the chunk is shown under as it stands in `text`, the nearest of several."""
    if not chunk.symbol:
        return None
    same = _definitions_named(chunk.symbol, chunk.span.path, text, chunk.language, reading)
    return min(same, key=lambda symbol: abs(symbol.span.start - chunk.span.start), default=None)


def _shown(chunk: Chunk, definition: Symbol, text: str, reading: Reading | None) -> Chunk:
    """The chunk as the present definition, cut to about the length that it had."""
    lines = text.split("\n")
    last = min(definition.span.end, definition.span.start + max(chunk.span.end - chunk.span.start, MORE_LINES))
    return replace(
        chunk,
        span=Span(chunk.span.path, definition.span.start, last),
        text="\n".join(lines[definition.span.start - 1 : last]),
        signature=definition.signature,
        doc=definition.doc,
        file_line=line_of_file(reading, definition.span.start),
    )


def _definitions_named(name: str, path: str, text: str, language: str, reading: Reading | None) -> list[Symbol]:
    """The definitions of a version of a file with this qualified name: the records of its reading, where it has one."""
    if reading is not None:
        return _records_named(name, path, reading)
    return [symbol for symbol in _parsed_symbols(path, text, language) if symbol.qualified_name == name]


def _records_named(name: str, path: str, reading: Reading) -> list[Symbol]:
    last = name.rpartition(".")[2]  # an export has thousands of records, and all but a few end otherwise
    found = (record_symbol(path, record) for record in reading.records if record.name.endswith(last))
    return [symbol for symbol in found if symbol.qualified_name == name]


@lru_cache(maxsize=REMEMBERED_FILES)
def _parsed_symbols(path: str, text: str, language: str) -> tuple[Symbol, ...]:
    return parse(path, text, language).symbols
