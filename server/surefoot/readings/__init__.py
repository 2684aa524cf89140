"""Files whose bytes are not what people read in them: a PDF, a notebook, a drawing, an export of tickets.

Such a file is read as its reading: lines of text that are made of it, always the same of the same bytes. Everything
else, chunks, citations and their checks, goes by these lines as it goes by those of a text file; what people are shown
is the line of the file that a line was made of, and the name of the record (a ticket, a page, a frame of a drawing).

Invariant: never raises, whatever the bytes are; what cannot be read is told in `problems`, and the rest is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import cast

from surefoot.domain import Source, SymbolKind

MOST_BYTES = 64 * 1024 * 1024  # of such a file: an export of ten thousand tickets takes some thirty million


@dataclass(frozen=True, slots=True)
class Record:
    """A part of a reading with a name of its own: a ticket, a page, a cell, a frame or a shape of a drawing.

    `first` and `last` are lines of the reading, 1-based and inclusive, `name_line` the one that the name stands on.
    `signature` is one line that says what it is ("#123: Title (closed, 2024-03-01)"). A record that lies within another
    one comes after it, and has the path of names to it in `container`.
    """

    name: str
    kind: SymbolKind
    first: int
    last: int
    name_line: int
    container: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `lines` has for each line of `text` the line of the file that it was made of, 1-based.

    `problems` are sentences about parts that could not be read ("Record 7 has no number."); without any record, and
    with problems, the file counts as one that could not be indexed.
    """

    language: str
    source: Source
    text: str
    lines: tuple[int, ...]
    records: tuple[Record, ...]
    problems: tuple[str, ...] = ()


Reader = Callable[[str, bytes], Reading | None]

# The module of this package that reads files with this ending; each has a function `read(path, content)`.
_BY_ENDING = MappingProxyType[str, str]({})
_EXPORT_ENDINGS = frozenset({".json", ".jsonl", ".csv"})


def reading_of(path: str, content: bytes, *, is_export: bool = False) -> Reading | None:
    """What is read in the file; None where it is text as it stands. `is_export` says that it may hold tickets."""
    reader = _reader_of(path, is_export=is_export)
    if reader is None:
        return None
    module = import_module(f"surefoot.readings.{reader}")
    return cast("Reader", module.read)(path, content)


def has_reading(path: str, *, is_export: bool = False) -> bool:
    """Whether files of this name are not text as they stand, or may not be."""
    return _reader_of(path, is_export=is_export) is not None


def _reader_of(path: str, *, is_export: bool) -> str | None:
    name = path.rpartition("/")[2].lower()
    dot = name.rfind(".")
    ending = name[dot:] if dot > 0 else ""
    if is_export and ending in _EXPORT_ENDINGS:
        return "tickets"
    return _BY_ENDING.get(ending)
