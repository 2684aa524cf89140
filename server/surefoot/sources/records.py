"""The records of a reading as symbols and chunks.

Invariant: every line of a record is in one chunk of it, or of what it is a detail of, and no chunk holds lines of two
records beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from surefoot.domain import Chunk, IndexedFile, ParsedFile, Span, Symbol, SymbolKind
from surefoot.readings import Code, Reading, Record
from surefoot.syntax.languages import TEXT, language_named
from surefoot.syntax.lines import Lines
from surefoot.syntax.split import Splitter

_CALL = re.compile(r"\s*[%!]")


def parsed_reading(file: IndexedFile, reading: Reading) -> ParsedFile:
    """What the index keeps of a file that is read as something else."""
    lines = Lines(reading.text.split("\n"))
    splitter = Splitter(lines, None)
    chunks = [
        chunk
        for record, first, last in _own_lines(reading.records, len(lines))
        for chunk in _chunks(file, reading, record, (first, last), lines, splitter)
    ]
    return ParsedFile(file, symbols_of_reading(file.path, reading), tuple(chunks), reading.problems)


def symbols_of_reading(path: str, reading: Reading) -> tuple[Symbol, ...]:
    """The records as definitions of the file, and what is defined in the code of a reading, as in cells of a notebook.

    What calls on the notebook itself (`%matplotlib inline`, `!pip install`) is no code.
    """
    records = (record_symbol(path, record) for record in reading.records)
    if not reading.code:
        return tuple(records)
    from surefoot.syntax.parse import parse  # noqa: PLC0415 - most readings hold no code, and need no grammars

    lines = reading.text.split("\n")
    inner: list[Symbol] = []
    for code in reading.code:
        said = ["" if _CALL.match(line) else line for line in lines[code.first - 1 : code.last]]
        parsed = parse(path, "\n".join(said), language_named(code.language) or TEXT)
        inner += [_moved(symbol, code) for symbol in parsed.symbols]
    return (*records, *inner)


def _moved(symbol: Symbol, code: Code) -> Symbol:
    """A definition of some code as one of the reading that the code stands in."""
    down = code.first - 1
    span = Span(symbol.span.path, symbol.span.start + down, symbol.span.end + down)
    container = ".".join(part for part in (code.container, symbol.container) if part)
    return replace(symbol, span=span, name_line=symbol.name_line + down, container=container)


def _own_lines(records: Sequence[Record], count: int) -> Iterator[tuple[Record | None, int, int]]:
    """Runs of lines that belong to one record, the innermost; None for what lies outside of all."""
    owners: list[Record | None] = [None] * count
    for record in (each for each in records if not each.detail):
        owners[record.first - 1 : record.last] = [record] * (record.last - record.first + 1)
    start = 0
    for index in range(1, count + 1):
        if index == count or owners[index] is not owners[start]:
            yield owners[start], start + 1, index
            start = index


def _chunks(
    file: IndexedFile,
    reading: Reading,
    record: Record | None,
    run: tuple[int, int],
    lines: Lines,
    splitter: Splitter,
) -> Iterator[Chunk]:
    trimmed_run = lines.trimmed(*run)
    if trimmed_run is None:
        return
    for first, last in splitter.split(*trimmed_run):
        trimmed = lines.trimmed(first, last)
        if trimmed is not None:
            symbol = record_symbol(file.path, record) if record is not None else None
            yield Chunk(
                Span(file.path, *trimmed),
                reading.source,
                reading.language,
                lines.text(*trimmed),
                symbol.qualified_name if symbol else "",
                symbol.kind if symbol else SymbolKind.FILE,
                symbol.signature if symbol else "",
                file_line=reading.lines[trimmed[0] - 1],
            )


def record_symbol(path: str, record: Record) -> Symbol:
    """A record as a definition of the file that it was read in."""
    span = Span(path, record.first, record.last)
    return Symbol(record.name, record.kind, span, record.name_line, record.container, record.signature)
