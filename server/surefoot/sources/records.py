"""The records of a reading as symbols and chunks.

Invariant: every line of a record is in one chunk of it, and no chunk holds lines of two records beside each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surefoot.domain import Chunk, IndexedFile, ParsedFile, Span, Symbol, SymbolKind
from surefoot.readings import Reading, Record
from surefoot.syntax.lines import Lines
from surefoot.syntax.split import Splitter


def parsed_reading(file: IndexedFile, reading: Reading) -> ParsedFile:
    """What the index keeps of a file that is read as something else."""
    lines = Lines(reading.text.split("\n"))
    splitter = Splitter(lines, None)
    chunks = [
        chunk
        for record, first, last in _own_lines(reading.records, len(lines))
        for chunk in _chunks(file, reading, record, (first, last), lines, splitter)
    ]
    return ParsedFile(
        file, tuple(_symbol(file.path, record) for record in reading.records), tuple(chunks), reading.problems
    )


def _own_lines(records: Sequence[Record], count: int) -> Iterator[tuple[Record | None, int, int]]:
    """Runs of lines that belong to one record, the innermost; None for what lies outside of all."""
    owners: list[Record | None] = [None] * count
    for record in records:
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
            symbol = _symbol(file.path, record) if record is not None else None
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


def _symbol(path: str, record: Record) -> Symbol:
    span = Span(path, record.first, record.last)
    return Symbol(record.name, record.kind, span, record.name_line, record.container, record.signature)
